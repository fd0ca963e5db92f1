package org.boinc.dockerwrapper.job;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.boinc.dockerwrapper.job.CheckpointSpec.Method;
import org.boinc.dockerwrapper.job.CheckpointSpec.OnQuit;

/** What the keys of {@code [checkpoint]} have to do with each other. */
final class CheckpointRules {
  private static final int LEAST_PERIOD = 60;

  /** After these no job goes on. */
  private static final Set<String> DEADLY = Set.of("KILL", "STOP", "9", "19");

  private final CheckpointSpec spec;
  private final Settings settings;

  private CheckpointRules(CheckpointSpec spec, Settings settings) {
    this.spec = spec;
    this.settings = settings;
  }

  static void check(CheckpointSpec spec, Settings settings) {
    new CheckpointRules(spec, settings).check();
  }

  private void check() {
    if (spec.period().isPositive()) {
      checkPeriod();
    }
    if (spec.method() == Method.APP && !spec.byTheJob()) {
      error(
          "checkpoint.method",
          "is app, but nothing says how; write checkpoint.file, whose change is a checkpoint, or checkpoint.command, which makes one");
    }
    if (spec.method() == Method.NONE || spec.method() == Method.CRIU) {
      refuseJobsOwn();
    }
    if (!spec.signal().isEmpty()) {
      checkSignal();
    }
    if (spec.onQuit() == OnQuit.STOP && !spec.byTheJob()) {
      error(
          "checkpoint.on_quit",
          "a job that makes no checkpoints (checkpoint.file or checkpoint.command) loses its work when it is stopped on quit; write auto or pause");
    }
  }

  private void checkPeriod() {
    if (spec.period().toSeconds() < LEAST_PERIOD) {
      error(
          "checkpoint.period",
          spec.period().toSeconds()
              + " s is too often; write 0 for the client's preference or 60 s up");
    } else if (spec.method() == Method.AUTO && !spec.byTheJob()) {
      settings
          .setting("checkpoint.period")
          .ifPresent(
              at ->
                  settings.report(
                      JobProblems.warning(
                          at,
                          "has no effect on a job that makes no checkpoints itself (checkpoint.file or checkpoint.command); its container is kept over every restart but the computer's")));
    }
  }

  private void refuseJobsOwn() {
    String method = spec.method().name().toLowerCase(Locale.ROOT);
    for (String key : List.of("checkpoint.file", "checkpoint.command", "checkpoint.signal")) {
      error(key, "contradicts checkpoint.method = \"%s\"; leave one of them out".formatted(method));
    }
  }

  private void checkSignal() {
    if (DEADLY.contains(spec.signal().replaceFirst("^SIG", ""))) {
      error("checkpoint.signal", "ends or stops the job; write one that it handles, like SIGUSR1");
    }
    if (!spec.command().isEmpty()) {
      error("checkpoint.signal", "and checkpoint.command are two ways to ask; leave one out");
    }
    if (spec.file().isEmpty()) {
      error(
          "checkpoint.signal",
          "nothing tells when the job has obeyed; write checkpoint.file, which the job then changes");
    }
  }

  /** Where the file sets the key: what it does not say it can't be blamed for. */
  private void error(String key, String what) {
    settings.setting(key).ifPresent(at -> settings.report(JobProblems.error(at, what)));
  }
}
