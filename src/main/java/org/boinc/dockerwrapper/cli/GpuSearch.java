package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.boinc.dockerwrapper.plan.HostDevices;
import org.boinc.dockerwrapper.plan.HostDevices.Node;
import org.boinc.dockerwrapper.plan.HostDevices.RenderNode;

/** Looks what this host has for jobs that compute on a GPU. */
final class GpuSearch {
  /** Others may read and write. */
  private static final int OPEN_TO_ALL = 0006;

  private final Path root;

  private GpuSearch(Path root) {
    this.root = root;
  }

  static HostDevices ofHost() throws IOException {
    return under(Path.of("/"));
  }

  /**
   * What is in a tree like that of a host.
   *
   * @throws IOException where a CDI file can't be read or understood
   */
  static HostDevices under(Path root) throws IOException {
    GpuSearch search = new GpuSearch(root);
    return new HostDevices(
        search.cdiNames(),
        search.renderNodes(),
        search.node(Path.of("/dev/kfd")),
        search.node(Path.of("/dev/dxg")));
  }

  /** Where every engine looks for them (CDI specification, section on files). */
  private Set<String> cdiNames() throws IOException {
    Set<String> names = new HashSet<>();
    for (String directory : List.of("etc/cdi", "var/run/cdi")) {
      for (Path file : entries(root.resolve(directory), "*.{json,yaml,yml}")) {
        names.addAll(CdiFile.names(file));
      }
    }
    return names;
  }

  private List<RenderNode> renderNodes() throws IOException {
    List<RenderNode> nodes = new ArrayList<>();
    List<Path> devices = entries(root.resolve("sys/class/drm"), "renderD*");
    devices.sort(Comparator.comparingInt(GpuSearch::number));
    for (Path device : devices) {
      Optional<Node> node = node(Path.of("/dev/dri/" + device.getFileName()));
      OptionalLong vendor = vendor(device.resolve("device/vendor"));
      if (node.isPresent() && vendor.isPresent()) {
        nodes.add(new RenderNode(node.get(), (int) vendor.getAsLong()));
      }
    }
    return nodes;
  }

  private static int number(Path device) {
    String digits = device.getFileName().toString().replaceAll("\\D", "");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  /** Empty for one that is on no PCI bus, as in small machines. */
  private static OptionalLong vendor(Path file) throws IOException {
    try {
      return OptionalLong.of(Long.decode(Files.readString(file).strip()));
    } catch (NoSuchFileException notOnPci) {
      return OptionalLong.empty();
    }
  }

  private Optional<Node> node(Path path) throws IOException {
    Path file = root.resolve(Path.of("/").relativize(path));
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    int mode = (Integer) Files.getAttribute(file, "unix:mode");
    int group = (Integer) Files.getAttribute(file, "unix:gid");
    boolean open = (mode & OPEN_TO_ALL) == OPEN_TO_ALL;
    return Optional.of(new Node(path, open ? OptionalLong.empty() : OptionalLong.of(group)));
  }

  private static List<Path> entries(Path directory, String glob) throws IOException {
    List<Path> entries = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> listed = Files.newDirectoryStream(directory, glob)) {
        listed.forEach(entries::add);
      }
    }
    return entries;
  }
}
