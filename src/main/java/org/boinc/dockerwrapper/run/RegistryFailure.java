package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.engine.EngineException;

/** What it means for the job that an image could not be had. */
final class RegistryFailure {
  /**
   * How engines say that a login is missing or wrong; good for a hint, nothing is decided by it.
   */
  private static final Pattern LOGIN =
      Pattern.compile(
          "unauthorized|authentication required|credentials|docker login",
          Pattern.CASE_INSENSITIVE);

  private RegistryFailure() {}

  /**
   * Of a failed pull. A registry that is down, slow or tired of this host may answer another time;
   * one that does not have the image will not.
   *
   * @throws EngineException as it came, where the engine and not the registry is the trouble
   */
  static StepFailure of(EngineException e) throws EngineException {
    return switch (e.fault()) {
      case NOT_FOUND -> new StepFailure(new Failure.Job(withHint(e.sentence())));
      case NO_COMMAND, REFUSED, DENIED ->
          new StepFailure(new Failure.Host(withHint(e.sentence()), Duration.ZERO));
      case TIMEOUT -> tooSlow(e);
      case UNREACHABLE, CONFLICT, NO_SPACE, CANCELLED -> throw e;
    };
  }

  /** Trying again at once would take as long once more. */
  static StepFailure tooSlow(EngineException e) {
    return new StepFailure(
        new Failure.Host(
            e.sentence() + "; image.timeout says how long it may take", Duration.ZERO));
  }

  private static String withHint(String sentence) {
    return LOGIN.matcher(sentence).find()
        ? sentence + "; image.registry is where the job gives the login that this registry wants"
        : sentence;
  }
}
