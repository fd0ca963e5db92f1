package org.boinc.dockerwrapper.simulate;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the client does to a job, and when; each step happens once.
 *
 * @param steps those at a time come first and in the order of time
 */
public record ClientScript(List<Step> steps) {
  private static final Pattern TIME = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|%)");

  /** One step. */
  public record Step(When when, Verb verb) {
    @Override
    public String toString() {
      return "at %s %s".formatted(when, verb.word);
    }
  }

  /** The moment of a step. */
  public sealed interface When {
    /** Time since the first episode began. */
    record After(Duration elapsed) implements When {
      @Override
      public String toString() {
        return elapsed.toMillis() / 1000.0 + " s";
      }
    }

    /** As soon as the wrapper reports this fraction or more, from 0 to 1. */
    record AtFraction(double fractionDone) implements When {
      @Override
      public String toString() {
        return Math.round(fractionDone * 100) + " %";
      }
    }
  }

  /** What a step does. */
  public enum Verb {
    /** Preempt the job, leave it in memory. */
    SUSPEND("suspend"),
    /** Let it go on. */
    RESUME("resume"),
    /** Preempt the job and remove it from memory. */
    QUIT("quit"),
    /** The next episode; quits the present one if it runs. */
    RESTART("restart"),
    /** Give the job up. */
    ABORT("abort"),
    /** Kill the wrapper process. */
    KILL("kill -9"),
    /** Suspend network activity. */
    NETWORK_OFF("network-off"),
    /** Allow network activity. */
    NETWORK_ON("network-on"),
    /** Kill the client's process. */
    CLIENT_DEATH("client-death"),
    /** Rewrite init_data.xml and tell the wrapper. */
    REREAD("reread");

    private final String word;

    Verb(String word) {
      this.word = word;
    }

    /** As people write it. */
    public String word() {
      return word;
    }

    static Verb parse(String text) {
      String wanted = simplified(text.equals("kill") ? KILL.word : text);
      return Arrays.stream(values())
          .filter(verb -> simplified(verb.word).equals(wanted))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "'%s' is nothing that a client does; use one of: %s"
                          .formatted(text, words())));
    }

    /** {@code kill -9}, {@code kill-9} and {@code Kill_9} are the same. */
    private static String simplified(String text) {
      return text.strip().toLowerCase(Locale.ROOT).replaceAll("[ _-]+", "-");
    }

    private static String words() {
      return Arrays.stream(values()).map(Verb::word).collect(Collectors.joining(", "));
    }
  }

  /** Sorts the steps. */
  public ClientScript {
    steps = steps.stream().sorted(Comparator.comparing(ClientScript::order)).toList();
  }

  /**
   * Reads one step.
   *
   * @param when {@code 500ms}, {@code 5s}, {@code 2m} or {@code 30%}
   * @param verb a {@link Verb} as people write it
   * @throws IllegalArgumentException with a sentence for people
   */
  public static Step step(String when, String verb) {
    return new Step(when(when), Verb.parse(verb));
  }

  /** Whether a step of this kind occurs. */
  public boolean contains(Verb verb) {
    return steps.stream().anyMatch(step -> step.verb() == verb);
  }

  private static When when(String text) {
    Matcher matcher = TIME.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a time; write 500ms, 5s, 2m or 30%%".formatted(text));
    }
    double number = Double.parseDouble(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> after(number);
      case "s" -> after(number * 1000);
      case "m" -> after(number * 60_000);
      default -> new When.AtFraction(Math.min(1, number / 100));
    };
  }

  private static When after(double millis) {
    return new When.After(Duration.ofMillis(Math.round(millis)));
  }

  private static Duration order(Step step) {
    return switch (step.when()) {
      case When.After(Duration elapsed) -> elapsed;
      case When.AtFraction _ -> Duration.ofSeconds(Long.MAX_VALUE);
    };
  }
}
