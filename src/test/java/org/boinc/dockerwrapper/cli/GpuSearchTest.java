package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.boinc.dockerwrapper.plan.HostDevices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host as the kernel, the drivers and NVIDIA's tools show it. */
class GpuSearchTest {
  @TempDir Path root;

  private Path write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void node(String name, String mode) throws IOException {
    Files.setPosixFilePermissions(write(name, ""), PosixFilePermissions.fromString(mode));
  }

  @Test
  void aHostWithNothingHasNothing() throws IOException {
    assertEquals(HostDevices.NONE, GpuSearch.under(root));
  }

  @Test
  void theNamesOfCdiFilesAreReadAsNvidiasToolWritesThem() throws IOException {
    write(
        "etc/cdi/nvidia.yaml",
        """
        ---
        cdiVersion: 0.5.0
        containerEdits:
          env:
          - NVIDIA_VISIBLE_DEVICES=void
          hooks:
          - args:
            - nvidia-ctk
            hookName: createContainer
            path: /usr/bin/nvidia-ctk
        devices:
        - containerEdits:
            deviceNodes:
            - path: /dev/nvidia0
          name: "0"
        - containerEdits:
            deviceNodes:
            - name: nested
              path: /dev/nvidia0
          name: all
        kind: nvidia.com/gpu
        """);
    write(
        "etc/cdi/other.yml",
        """
        cdiVersion: "0.6.0"
        kind: "vendor.com/device"
        devices:
          - name: 'first'
            containerEdits: {}
          - name: second
        """);
    write(
        "var/run/cdi/x.json",
        "{\"kind\":\"amd.com/gpu\",\"devices\":[{\"name\":\"0\",\"containerEdits\":{}}]}");
    write("etc/cdi/notes.txt", "kind: nobody/reads");
    assertEquals(
        Set.of(
            "nvidia.com/gpu=0",
            "nvidia.com/gpu=all",
            "vendor.com/device=first",
            "vendor.com/device=second",
            "amd.com/gpu=0"),
        GpuSearch.under(root).cdi());
  }

  @Test
  void aCdiFileThatIsNoneIsNamed() throws IOException {
    write("etc/cdi/bad.json", "{\"kind\": ");
    IOException bad = assertThrows(IOException.class, () -> GpuSearch.under(root));
    assertTrue(bad.toString().contains("bad.json is not a CDI file"), bad::toString);
  }

  @Test
  void renderNodesHaveTheirVendorAndAGroupIfTheyNeedOne() throws IOException {
    write("sys/class/drm/renderD129/device/vendor", "0x1002\n");
    write("sys/class/drm/renderD128/device/vendor", "0x8086\n");
    write("sys/class/drm/renderD130/device/other", "not on PCI\n");
    write("sys/class/drm/renderD131/device/vendor", "0x1002\n");
    write("sys/class/drm/card0/device/vendor", "0x8086\n");
    node("dev/dri/renderD128", "rw-rw-rw-");
    node("dev/dri/renderD129", "rw-rw----");
    node("dev/dri/renderD130", "rw-rw----");
    node("dev/kfd", "rw-rw----");
    HostDevices found = GpuSearch.under(root);
    OptionalLong group =
        OptionalLong.of((Integer) Files.getAttribute(root.resolve("dev/kfd"), "unix:gid"));
    assertEquals(2, found.renderNodes().size(), found::toString);
    assertEquals(
        new HostDevices.RenderNode(
            new HostDevices.Node(Path.of("/dev/dri/renderD128"), OptionalLong.empty()), 0x8086),
        found.renderNodes().get(0));
    assertEquals(
        new HostDevices.RenderNode(
            new HostDevices.Node(Path.of("/dev/dri/renderD129"), group), 0x1002),
        found.renderNodes().get(1));
    assertEquals(Optional.of(new HostDevices.Node(Path.of("/dev/kfd"), group)), found.kfd());
    assertEquals(Optional.empty(), found.dxg());
  }
}
