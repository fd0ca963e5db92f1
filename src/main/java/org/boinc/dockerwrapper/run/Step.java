package org.boinc.dockerwrapper.run;

/** Something that is done outside the state machine, one at a time. */
public enum Step {
  /** Find and connect to the container engine. */
  ENGINE,
  /** Plan the job with what the engine says of itself. */
  PLAN,
  /** Look what there is of our container. */
  LOOK,
  /** Come by the image. */
  IMAGE,
  /** Create the container. */
  CREATE,
  /** Copy {@code files.in}. */
  COPY_IN,
  START,
  PAUSE,
  UNPAUSE,
  /** Put the container on the network again. */
  CONNECT,
  /** Take it off the network. */
  DISCONNECT,
  /** Run {@code container.shutdown}, where the job has one. */
  SHUTDOWN,
  /** The same, then {@code stop_signal}, and KILL after {@code stop_timeout}. */
  STOP,
  /** End the container's processes at once. */
  KILL,
  /** Have a checkpoint made, then the same; the container goes on from there another time. */
  PARK,
  /** Collect logs and outputs, decide the outcome. */
  COPY_OUT,
  /** Remove the container, and the image where it goes with the job. */
  REMOVE
}
