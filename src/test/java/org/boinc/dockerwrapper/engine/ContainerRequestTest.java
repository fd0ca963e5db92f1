package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.GpuAssignment;
import org.boinc.dockerwrapper.plan.HostFiles;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.boinc.dockerwrapper.plan.Privileges;
import org.boinc.dockerwrapper.plan.ResourceLimits;
import org.junit.jupiter.api.Test;

/** What no engine is needed for, or no engine here could show. */
class ContainerRequestTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode request(
      Optional<GpuAssignment> gpu, List<String> command, List<String> args) throws Exception {
    return request(gpu, command, args, List.of());
  }

  private static JsonNode request(
      Optional<GpuAssignment> gpu, List<String> command, List<String> args, List<String> imageEnv)
      throws Exception {
    ImageFacts image =
        new ImageFacts(
            "sha256:1",
            List.of(),
            "",
            "",
            List.of(),
            List.of("run"),
            "linux",
            "amd64",
            Map.of(),
            imageEnv);
    ContainerPlan plan =
        new ContainerPlan(
            new ContainerPlan.RunAs.OfImage(),
            "",
            List.of(),
            command,
            args,
            "",
            Map.of(),
            List.of(),
            new ResourceLimits(0, 0, 0, 0, 0, Map.of(), 0, 0, Optional.empty()),
            NetworkPlan.NONE,
            Privileges.NONE,
            gpu,
            false,
            true,
            "",
            Duration.ofSeconds(7),
            Duration.ofSeconds(9),
            List.of(),
            Map.of(),
            Optional.empty());
    return JSON.readTree(ContainerRequest.of(plan, image, HostFiles.SAME).toString());
  }

  @Test
  void whatThePlanLeavesOpenIsTheImages() throws Exception {
    JsonNode request = request(Optional.empty(), List.of(), List.of());
    for (String field : List.of("User", "Cmd", "Entrypoint", "WorkingDir", "StopSignal")) {
      assertFalse(request.hasNonNull(field), field + ": " + request.path(field));
    }
    assertEquals("none", request.path("HostConfig").path("NetworkMode").asText());
    assertTrue(request.path("HostConfig").path("ReadonlyRootfs").asBoolean());
    for (String field : List.of("Memory", "MemorySwap", "NanoCpus", "PidsLimit", "ShmSize")) {
      assertFalse(request.path("HostConfig").hasNonNull(field), field);
    }
  }

  @Test
  void argumentsComeBehindTheCommandOrTheImages() throws Exception {
    assertEquals(
        "[\"run\",\"-x\"]",
        request(Optional.empty(), List.of(), List.of("-x")).path("Cmd").toString());
    assertEquals(
        "[\"mine\",\"-x\"]",
        request(Optional.empty(), List.of("mine"), List.of("-x")).path("Cmd").toString());
  }

  private static JsonNode host(GpuAssignment gpu) throws Exception {
    return request(Optional.of(gpu), List.of(), List.of()).path("HostConfig");
  }

  @Test
  void onlyTheAssignedDevicesAreAskedFor() throws Exception {
    JsonNode host = host(new GpuAssignment.ByToolkit(List.of("1", "3"), List.of("compute")));
    assertEquals(
        "[{\"Driver\":\"\",\"DeviceIDs\":[\"1\",\"3\"],\"Capabilities\":[[\"gpu\",\"compute\"]]}]",
        host.path("DeviceRequests").toString());
    JsonNode all = host(new GpuAssignment.ByToolkit(List.of(), List.of("compute")));
    assertEquals(-1, all.path("DeviceRequests").path(0).path("Count").intValue());
    assertTrue(all.path("DeviceRequests").path(0).path("DeviceIDs").isMissingNode());
  }

  @Test
  void aCdiNameIsAskedForByItsDriver() throws Exception {
    JsonNode requests =
        host(new GpuAssignment.ByCdi(List.of("nvidia.com/gpu=1"))).path("DeviceRequests");
    assertEquals(1, requests.size());
    assertEquals("cdi", requests.path(0).path("Driver").asText());
    assertEquals("[\"nvidia.com/gpu=1\"]", requests.path(0).path("DeviceIDs").toString());
  }

  @Test
  void aGpuOfDeviceNodesComesWithTheGroupThatMayOpenThem() throws Exception {
    JsonNode host =
        host(
            new GpuAssignment.ByNodes(
                List.of(Path.of("/dev/kfd"), Path.of("/dev/dri/renderD129")), List.of(44L)));
    assertEquals("[\"44\"]", host.path("GroupAdd").toString());
    assertEquals(2, host.path("Devices").size());
    assertEquals("/dev/dri/renderD129", host.path("Devices").path(1).path("PathOnHost").asText());
    assertEquals("rw", host.path("Devices").path(1).path("CgroupPermissions").asText());
    assertTrue(host.path("DeviceRequests").isMissingNode());
  }

  private static String env(Optional<GpuAssignment> gpu, String... ofImage) throws Exception {
    return request(gpu, List.of(), List.of(), List.of(ofImage)).path("Env").toString();
  }

  /** Where NVIDIA's runtime starts every container, a variable of the image would be a request. */
  @Test
  void anImageThatWouldShowEveryGpuShowsTheAssignedOnes() throws Exception {
    String all = "NVIDIA_VISIBLE_DEVICES=all";
    assertEquals("[\"NVIDIA_VISIBLE_DEVICES=void\"]", env(Optional.empty(), "PATH=/bin", all));
    assertEquals("[\"NVIDIA_VISIBLE_DEVICES=void\"]", env(Optional.empty(), "CUDA_VERSION=9.0"));
    assertEquals("", env(Optional.empty(), "PATH=/bin"), "others are left alone");
    assertEquals(
        "[\"NVIDIA_VISIBLE_DEVICES=1,3\"]",
        env(Optional.of(new GpuAssignment.ByToolkit(List.of("1", "3"), List.of("compute"))), all));
    assertEquals(
        "[\"NVIDIA_VISIBLE_DEVICES=all\"]",
        env(Optional.of(new GpuAssignment.ByToolkit(List.of(), List.of("compute"))), all));
    assertEquals(
        "[\"NVIDIA_VISIBLE_DEVICES=void\"]",
        env(Optional.of(new GpuAssignment.ByCdi(List.of("nvidia.com/gpu=1"))), all));
  }
}
