package org.boinc.dockerwrapper.job;

import java.util.List;

/**
 * The table {@code [gpu]}.
 *
 * @param count the fewest devices the job needs
 * @param capabilities of the NVIDIA toolkit, such as {@code compute}
 */
public record GpuSpec(boolean enabled, Vendor vendor, int count, List<String> capabilities) {
  /** Whose device. AUTO: the type the client assigned. */
  public enum Vendor {
    AUTO,
    NVIDIA,
    AMD,
    INTEL
  }
}
