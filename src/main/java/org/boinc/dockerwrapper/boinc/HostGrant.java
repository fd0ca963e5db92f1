package org.boinc.dockerwrapper.boinc;

import java.util.Optional;

/**
 * What the client gives the job of this host.
 *
 * @param ncpus CPUs, possibly a fraction
 * @param memoryBound bytes of memory that the workunit may use; 0: not said
 * @param diskBound bytes of disk that the workunit may use; 0: not said
 * @param gpu the GPU, if the job gets one
 * @param cpuUsage the volunteer's limit of CPU time, as a fraction of full use
 */
public record HostGrant(
    double ncpus, long memoryBound, long diskBound, Optional<GpuGrant> gpu, double cpuUsage) {
  /** Checks that there is something to compute on. */
  public HostGrant {
    if (!(ncpus > 0) || memoryBound < 0 || diskBound < 0 || !(cpuUsage > 0 && cpuUsage <= 1)) {
      throw new IllegalArgumentException(
          "not a grant: %s CPUs, %s bytes of memory, %s bytes of disk, %s of the CPU time"
              .formatted(ncpus, memoryBound, diskBound, cpuUsage));
    }
  }

  /**
   * The first GPU instance that the job may use.
   *
   * @param type {@code NVIDIA}, {@code ATI}, {@code intel_gpu}, {@code apple_gpu} or an OpenCL
   *     vendor
   * @param deviceNumber the client's number of the device, from 0; -1: not said
   * @param openclIndex its index for OpenCL, from 0; -1: none
   * @param usage instances, possibly a fraction
   */
  public record GpuGrant(String type, int deviceNumber, int openclIndex, double usage) {}
}
