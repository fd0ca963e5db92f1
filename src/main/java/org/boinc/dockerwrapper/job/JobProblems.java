package org.boinc.dockerwrapper.job;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Every message about a setting, one method each. */
final class JobProblems {
  private static final int LONGEST_VALUE = 60;

  private JobProblems() {}

  static Problem error(Setting at, String what) {
    return new Problem(Problem.Severity.ERROR, at.file(), at.line(), at.label(), what);
  }

  static Problem warning(Setting at, String what) {
    return new Problem(Problem.Severity.WARNING, at.file(), at.line(), at.label(), what);
  }

  /** A value as people may see it: in quotes, one line, not too long. */
  static String quoted(String text) {
    return '"' + shortened(text).replace("\"", "\\\"") + '"';
  }

  /** No line break, no escape sequence for a terminal, not too long. */
  static String shortened(String text) {
    String start = text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text;
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < start.length(); i++) {
      char c = start.charAt(i);
      boolean plain = c >= ' ' && c != 0x7f && !(c >= 0x80 && c < 0xa0) && !isDirection(c);
      shown.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return shown.toString();
  }

  /** Characters that turn the reading direction would let a message lie. */
  private static boolean isDirection(char c) {
    return (c >= '\u200e' && c <= '\u200f')
        || (c >= '\u2028' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }

  private static String shown(Object value) {
    return switch (value) {
      case String text -> "the string " + quoted(text);
      case Long number -> "the number " + number;
      case Double number -> "the number " + number;
      case Boolean flag -> flag.toString();
      default -> "an " + TomlFaults.kind(value).replace("table", "inline table or [table]");
    };
  }

  static Problem wrongType(Setting at, String expected) {
    return error(at, "is " + shown(at.value()) + ", expected is " + expected);
  }

  static Problem badValue(Setting at, String value, String fault) {
    return error(at, quoted(value) + " " + fault);
  }

  static Problem outOfRange(Setting at, Object value, Object least, Object most) {
    return error(at, value + " is out of range; write " + least + " to " + most);
  }

  static Problem notOneOf(Setting at, String value, Collection<String> words) {
    return error(at, quoted(value) + " is not one of " + String.join(", ", words));
  }

  static Problem notASize(Setting at, String value) {
    return error(
        at,
        quoted(value)
            + " is not a size; write bytes, or a whole number with k, m, g or t such as \"512m\"");
  }

  static Problem notADuration(Setting at, String value) {
    return error(
        at, quoted(value) + " is not a duration; write seconds, or a whole number with s, m or h");
  }

  static Problem tooMany(Setting at, int found, int most) {
    return error(at, "has " + found + " entries, the limit is " + most);
  }

  static Problem tooLong(Setting at, long found, long most) {
    return error(at, "is " + found + " bytes, the limit is " + most);
  }

  static Problem missing(Setting at, String key) {
    return error(at, key + " is missing; add " + key + " = …");
  }

  static Problem unknownKey(Setting at, boolean strict, Optional<String> nearest) {
    String what =
        "is not a known key" + nearest.map(name -> "; did you mean " + name + "?").orElse("");
    return strict ? error(at, what) : warning(at, what + " (ignored)");
  }

  static Problem legacyKey(Setting at, String instead) {
    return error(at, "is a key of the old form; with schema = 1 write " + instead);
  }

  static Problem setTwice(Setting at, Setting other, String key) {
    return error(
        at,
        "sets " + key + ", as " + other.label() + " does on line " + other.line() + "; keep one");
  }

  static Problem otherSchema(Setting at) {
    return error(at, "is " + shown(at.value()) + ", but only schema = 1 exists");
  }

  static Problem schemaMissing(Setting at) {
    return warning(
        at,
        "is a table of schema 1 in a file without schema = 1; it is read with the old defaults"
            + " (network on, soft links left alone)");
  }

  static Problem dialectsMixed(Setting at) {
    return error(
        at,
        "is upstream's key and can't stand beside copy_to_container, copy_from_container or"
            + " slot_dir_mount; write slot_dir_mount for the slot's mount point");
  }

  static Problem templateUnknown(Setting at, String name) {
    return error(
        at,
        "there is no template "
            + quoted(name)
            + "; add "
            + JobProblems.shortened(name)
            + ".toml to the app version, or name one of boinc-docker template list");
  }

  static Problem templateCycle(Setting at, String name) {
    return error(at, "template " + quoted(name) + " names itself as a parent; break the circle");
  }

  static Problem templateDepth(Setting at, int most) {
    return error(at, "is the template of a template too far; " + most + " levels are the limit");
  }

  static Problem templateNotSchema1(String file) {
    return new Problem(
        Problem.Severity.ERROR, file, 0, "schema", "a template must begin with schema = 1");
  }

  static Problem macroUnknown(Setting at, String name, Collection<String> known) {
    return error(
        at,
        "${"
            + shortened(name)
            + "} is not a known macro; there are "
            + String.join(", ", known)
            + " (a shell's own variable is written without braces)");
  }

  static Problem macroNotHere(Setting at, String name, String where) {
    return error(at, "${" + shortened(name) + "} is not expanded here, only in " + where);
  }

  static Problem macroNotClosed(Setting at) {
    return error(at, "${ has no closing }; add it");
  }

  static Problem mountsOverlap(Setting at, String one, String other) {
    return error(
        at, quoted(one) + " and " + quoted(other) + " are one inside the other; mount them apart");
  }

  static Problem mountInsideSlot(Setting at, String project, String slot) {
    return warning(
        at,
        quoted(project)
            + " is inside the slot's mount "
            + quoted(slot)
            + "; a directory of that name appears in the slot");
  }

  static Problem memoryTooSmall(Setting at, ByteSize parts, ByteSize memory) {
    return error(at, "shm and tmp together are " + parts + ", more than the memory of " + memory);
  }

  static Problem notPositive(Setting at) {
    return error(at, "is 0; write a size, or leave it out");
  }

  static Problem portReserved(Setting at, int port, int least) {
    return error(
        at, port + " needs root on the host; write a port from " + least + " on, or 0 for any");
  }

  static Problem notAFlag(Setting at, String word) {
    return error(at, quoted(word) + " is not an option; a command goes into CMD of the Dockerfile");
  }

  static Problem unknownFlag(Setting at, String flag, Optional<String> nearest) {
    return error(
        at,
        quoted(flag)
            + " is not an option that is understood here"
            + nearest.map(name -> "; did you mean " + name + "?").orElse("; leave it out"));
  }

  static Problem badSwap(Setting at) {
    return error(
        at,
        quoted(String.valueOf(at.value()))
            + " must be a size of memory and swap together, and --memory must be there, too");
  }

  static Problem duplicate(Setting at, Object value) {
    return error(at, value + " is there twice; keep one");
  }

  /** For the end of a long list. */
  static Problem more(List<Problem> left) {
    Problem.Severity worst =
        left.stream().map(Problem::severity).min(Comparator.naturalOrder()).orElseThrow();
    String what = "has " + left.size() + " more problems; mend the ones above first";
    return new Problem(worst, left.getFirst().file(), 0, "", what);
  }
}
