package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What this host has for jobs that compute on a GPU.
 *
 * @param cdi names that its CDI files give, such as {@code nvidia.com/gpu=0}
 * @param renderNodes of the kernel's graphics drivers, in the order of their numbers
 * @param kfd how AMD's GPUs are computed on
 * @param dxg how a Linux system inside Windows comes to any GPU
 */
public record HostDevices(
    Set<String> cdi, List<RenderNode> renderNodes, Optional<Node> kfd, Optional<Node> dxg) {
  /** Nothing of all that, or nobody looked. */
  public static final HostDevices NONE =
      new HostDevices(Set.of(), List.of(), Optional.empty(), Optional.empty());

  /**
   * A device node.
   *
   * @param group whose members alone may open it; empty: everybody may
   */
  public record Node(Path path, OptionalLong group) {}

  /**
   * A GPU without its screen.
   *
   * @param vendor as PCI counts them
   */
  public record RenderNode(Node node, int vendor) {}

  /** Who makes GPUs. */
  enum Vendor {
    NVIDIA(0x10de, "NVIDIA"),
    AMD(0x1002, "ATI"),
    INTEL(0x8086, "intel_gpu");

    private final int id;
    private final String type;

    /**
     * @param id as PCI counts them
     * @param type as the client calls its GPUs (BOINC lib/coproc.h)
     */
    Vendor(int id, String type) {
      this.id = id;
      this.type = type;
    }

    static Optional<Vendor> ofType(String type) {
      for (Vendor vendor : values()) {
        if (vendor.type.equals(type)) {
          return Optional.of(vendor);
        }
      }
      return Optional.empty();
    }
  }

  /** The render nodes of one vendor's GPUs. */
  List<Node> renderNodes(Vendor vendor) {
    return renderNodes.stream()
        .filter(render -> render.vendor() == vendor.id)
        .map(RenderNode::node)
        .toList();
  }
}
