package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.boinc.dockerwrapper.boinc.FileTrouble;
import org.boinc.dockerwrapper.job.ByteSize;
import org.boinc.dockerwrapper.simulate.SimulatedSlot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What the simulated client grants the job. */
final class GrantOptions {
  private static final int APP_VERSION = 100;

  @Option(names = "--ncpus", defaultValue = "1", description = "CPUs granted (default: 1).")
  private double ncpus = 1;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "rsc_memory_bound, such as 512m (default: the template's, or 500 MB).")
  private @Nullable String memory;

  @Option(
      names = "--gpu",
      paramLabel = "TYPE[:N]",
      description = "GPU granted: nvidia, ati, intel_gpu or apple_gpu, and its number.")
  private @Nullable String gpu;

  @Option(
      names = "--engine",
      defaultValue = "docker",
      description = "What the client says it found: docker, podman or none (default: docker).")
  private EngineName engine = EngineName.DOCKER;

  @Option(
      names = "--plan-class",
      defaultValue = "docker",
      description = "Plan class of the app version (default: docker).")
  private String planClass = "docker";

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "The volunteer's docker_policy.toml (default: none, so nothing is agreed to).")
  private @Nullable Path policy;

  /** What the client found on its host; numbers are BOINC's docker_type (lib/hostinfo.h). */
  enum EngineName {
    NONE(0),
    DOCKER(1),
    PODMAN(2);

    private final int dockerType;

    EngineName(int dockerType) {
      this.dockerType = dockerType;
    }
  }

  /** What the client says it found. */
  EngineName engine() {
    return engine;
  }

  /** Puts the options into the slot's init_data.xml. */
  void apply(SimulatedSlot.Builder slot, CommandLine command) {
    slot.appVersion("simulated", planClass, APP_VERSION);
    slot.ncpus(ncpus);
    slot.dockerType(engine.dockerType);
    if (memory != null) {
      ByteSize size =
          ByteSize.parse(memory)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          command, "--memory: '%s' is not a size like 512m".formatted(memory)));
      slot.initData(initData -> initData.set("rsc_memory_bound", (double) size.bytes()));
    }
    if (policy != null) {
      slot.policy(text(policy, command));
    }
    if (gpu != null) {
      grantGpu(slot, gpu, command);
    }
  }

  private static String text(Path file, CommandLine command) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new ParameterException(command, "--policy: can't read " + FileTrouble.sentence(e), e);
    }
  }

  private static void grantGpu(SimulatedSlot.Builder slot, String text, CommandLine command) {
    String[] parts = text.split(":", 2);
    String type =
        switch (parts[0]) {
          case "nvidia", "NVIDIA" -> "NVIDIA";
          case "ati", "amd", "ATI" -> "ATI";
          case "intel_gpu", "apple_gpu" -> parts[0];
          default ->
              throw new ParameterException(
                  command,
                  "--gpu: '%s' is none of nvidia, ati, intel_gpu, apple_gpu".formatted(parts[0]));
        };
    try {
      slot.gpu(type, parts.length > 1 ? Integer.parseInt(parts[1]) : 0, 1);
    } catch (NumberFormatException notANumber) {
      throw new ParameterException(
          command, "--gpu: '%s' is not the number of a GPU".formatted(parts[1]), notANumber);
    }
  }
}
