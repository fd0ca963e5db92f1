package org.boinc.dockerwrapper.run;

import java.util.ArrayList;
import java.util.List;

/** What the machine answers: the new state, and what is to be done in it. */
public record Next(JobState state, List<Action> actions) {
  static Next stay(JobState state) {
    return new Next(state, List.of());
  }

  static Next then(JobState state, Action... actions) {
    return new Next(state, List.of(actions));
  }

  Next saying(String line) {
    List<Action> all = new ArrayList<>();
    all.add(new Action.Say(line));
    all.addAll(actions);
    return new Next(state, List.copyOf(all));
  }
}
