package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The GPU that the client assigned to this job, in the way in which this engine gives it. */
public sealed interface GpuAssignment {
  /**
   * Says which GPUs a container gets where NVIDIA's runtime starts all containers of Docker: it
   * believes the image and the job, and the latter could have said "all".
   */
  String VISIBLE = "NVIDIA_VISIBLE_DEVICES";

  /** The value of {@link #VISIBLE} for a container with this GPU, or without one. */
  static String visible(Optional<GpuAssignment> gpu) {
    return gpu.isPresent() && gpu.get() instanceof ByToolkit(List<String> ids, List<String> _)
        ? ids.isEmpty() ? "all" : String.join(",", ids)
        : "void";
  }

  /**
   * Through NVIDIA's hook in Docker.
   *
   * @param deviceIds as NVIDIA counts them; empty: every one of the host
   * @param capabilities such as {@code compute}
   */
  record ByToolkit(List<String> deviceIds, List<String> capabilities) implements GpuAssignment {}

  /** By names of the Container Device Interface, such as {@code nvidia.com/gpu=0}. */
  record ByCdi(List<String> names) implements GpuAssignment {}

  /**
   * By device nodes, at the same path in the container.
   *
   * @param groups numbers of groups without which the job could not open them
   */
  record ByNodes(List<Path> nodes, List<Long> groups) implements GpuAssignment {}
}
