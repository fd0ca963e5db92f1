package org.boinc.dockerwrapper.run;

/** Carries a {@link Failure} out of a step. */
final class StepFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Failure failure;

  StepFailure(Failure failure) {
    super(failure.sentence());
    this.failure = failure;
  }

  Failure failure() {
    return failure;
  }
}
