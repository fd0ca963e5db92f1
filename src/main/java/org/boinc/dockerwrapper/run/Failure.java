package org.boinc.dockerwrapper.run;

import java.time.Duration;

/** Why a step failed, by what is to be done about it. */
public sealed interface Failure {
  /** One sentence for people. */
  String sentence();

  /** The engine can't be reached or doesn't answer: the container may live. */
  record EngineAway(String sentence) implements Failure {}

  /** The world is not as thought: look again. */
  record Surprise(String sentence) implements Failure {}

  /** Stopped because we asked. */
  record Cancelled() implements Failure {
    @Override
    public String sentence() {
      return "cancelled";
    }
  }

  /** The image must be fetched or built and the network is not ours to use. */
  record NetworkNeeded() implements Failure {
    @Override
    public String sentence() {
      return "the image needs the network";
    }
  }

  /** This host can't now; another time it may. */
  record Host(String sentence, Duration delay) implements Failure {}

  /** No host will: the job itself is wrong. */
  record Job(String sentence) implements Failure {}

  /** The volunteer has not agreed to what the job asks for. */
  record Consent(String sentence) implements Failure {}

  /** The device that the job needs is not there. */
  record Device(String sentence) implements Failure {}

  /** The job is beyond a limit before it runs. */
  record Limit(LimitKind limit, String sentence) implements Failure {}

  /** Something nobody thought of; the stack trace is in stderr.txt. */
  record Bug(String sentence) implements Failure {}
}
