package org.boinc.dockerwrapper.boinc;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a message the way client and library do: by looking for the literal tag anywhere in the
 * text, not as XML (BOINC lib/parse.cpp).
 */
final class MessageText {
  private static final Pattern DECIMAL =
      Pattern.compile("\\s*([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)");
  private static final Pattern INTEGER = Pattern.compile("\\s*([+-]?)(0[xX][0-9a-fA-F]+|\\d+)");

  private MessageText() {}

  /** Whether {@code <tag/>} occurs, or {@code <tag>} with a number other than 0. */
  static boolean flag(String text, String tag) {
    return text.contains("<" + tag + "/>") || integer(text, tag).orElse(0) != 0;
  }

  /** The finite number after {@code <tag>}; the end tag is not asked for. */
  static OptionalDouble number(String text, String tag) {
    return after(text, tag).map(MessageText::leadingNumber).orElse(OptionalDouble.empty());
  }

  /** The integer after {@code <tag>}, in C's notations: 12, 0x1F, 017. */
  static OptionalLong integer(String text, String tag) {
    return after(text, tag).map(MessageText::leadingInteger).orElse(OptionalLong.empty());
  }

  /** What C's strtod finds at the start of the text, if that is finite. */
  static OptionalDouble leadingNumber(String text) {
    Matcher matcher = DECIMAL.matcher(text);
    if (!matcher.lookingAt()) {
      return OptionalDouble.empty();
    }
    double value = Double.parseDouble(matcher.group(1));
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /** What C's strtol with base 0 finds at the start of the text, if it fits. */
  static OptionalLong leadingInteger(String text) {
    Matcher matcher = INTEGER.matcher(text);
    if (!matcher.lookingAt()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.decode(matcher.group(1) + matcher.group(2)));
    } catch (NumberFormatException tooLongOrNotOctal) {
      return OptionalLong.empty();
    }
  }

  private static Optional<String> after(String text, String tag) {
    String start = "<" + tag + ">";
    int at = text.indexOf(start);
    return at < 0 ? Optional.empty() : Optional.of(text.substring(at + start.length()));
  }
}
