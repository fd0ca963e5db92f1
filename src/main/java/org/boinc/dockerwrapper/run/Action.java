package org.boinc.dockerwrapper.run;

/** What the machine wants done. */
public sealed interface Action {
  /** Start a step; no other is in progress. */
  record Do(Step step) implements Action {}

  /** Make the step in progress end soon. */
  record Cancel() implements Action {}

  /** Tell people. */
  record Say(String line) implements Action {}
}
