package org.boinc.dockerwrapper.cli;

import java.util.Optional;
import org.boinc.dockerwrapper.plan.CheckpointPlan;
import org.boinc.dockerwrapper.plan.JobPlan;

/** How the job makes checkpoints; nothing where it makes none. */
record CheckpointSection(JobPlan plan, PlanOrigins origins) {

  PlanSection section() {
    PlanSection section = new PlanSection("checkpoint");
    plan.checkpoint().ifPresent(checkpoint -> describe(checkpoint, section));
    return section;
  }

  private void describe(CheckpointPlan checkpoint, PlanSection section) {
    Optional<String> file =
        checkpoint
            .file()
            .map(Object::toString)
            .or(() -> checkpoint.path().map(plan.container()::absolute));
    file.ifPresent(path -> section.add("file", path, origins.of("checkpoint.file")));
    if (!checkpoint.command().isEmpty()) {
      section.add(
          "command",
          checkpoint.command(),
          ShellLine.of(checkpoint.command()),
          origins.of("checkpoint.command"));
    }
    if (!checkpoint.signal().isEmpty()) {
      section.add("signal", checkpoint.signal(), origins.of("checkpoint.signal"));
    }
    if (checkpoint.isAsked()) {
      section.addSeconds("period", checkpoint.period(), origins.of("checkpoint.period"));
    }
    section.add(
        "on_quit",
        switch (checkpoint.onQuit()) {
          case PAUSE -> "pause";
          case STOP -> "stop";
          case AS_PREFERRED -> "auto";
        },
        origins.of("checkpoint.on_quit"));
  }
}
