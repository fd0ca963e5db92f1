package org.boinc.dockerwrapper.engine;

/** Why a call to the engine failed, as far as a caller would act differently. */
public enum Fault {
  /** Nobody answers at the endpoint, or the connection broke. */
  UNREACHABLE,
  /** No answer within the deadline. */
  TIMEOUT,
  /** The endpoint or the engine does not let this user do it. */
  DENIED,
  /** No such container, image, file or manifest. */
  NOT_FOUND,
  /** A name is taken, or the state of the object forbids it. */
  CONFLICT,
  /** The engine's storage is full. */
  NO_SPACE,
  /** The container's command is not there, or may not be run; Podman says so, Docker does not. */
  NO_COMMAND,
  /** The engine understood and said no, for any other reason. */
  REFUSED,
  /** {@link Engine#cancel}, a closed engine or an interrupted thread ended the call. */
  CANCELLED
}
