package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;

/**
 * What an engine without root can't do for a job: no job fails for it, and the log says it once.
 */
final class Shortcomings {
  private final Journal journal;
  private final Consumer<String> say;

  Shortcomings(Journal journal, Consumer<String> say) {
    this.journal = journal;
    this.say = say;
  }

  /** After a pause. */
  void ofPausing(Containers.Pause how) throws IOException {
    switch (how) {
      case FROZEN -> {}
      case STOPPED -> {
        if (!journal.get(e -> e.stopsBySignals)) {
          say.accept(
              "this engine can't freeze containers; the job is suspended by a stop signal to each of its processes");
          journal.update(e -> e.stopsBySignals = true);
        }
      }
    }
  }

  /** After a start. */
  void ofLimits(Engine engine, String container) throws IOException {
    if (!engine.facts().rootless() || journal.get(e -> e.toldOfNoLimits)) {
      return;
    }
    try {
      if (!engine.containers().isLimited(container)) {
        say.accept(
            "this engine holds the job to no limit of CPUs and processes, and its memory is only looked at once a second: without root that needs version 2 of the kernel's control groups, delegated to this user");
        journal.update(e -> e.toldOfNoLimits = true);
      }
    } catch (EngineException gone) {
      say.accept("whether the job is held to its limits is not known: " + gone.sentence());
    }
  }
}
