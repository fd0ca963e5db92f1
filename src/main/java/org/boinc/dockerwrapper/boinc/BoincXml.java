package org.boinc.dockerwrapper.boinc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The children of one element of what BOINC calls XML: not well-formed where a path or a password
 * holds {@code &} or {@code <}, and escaped by byte, not by character (BOINC lib/parse.cpp).
 *
 * <p>So no parser, but a scanner: an element reaches from its tag to the first end tag of the same
 * name, whatever is in between. Texts are bytes, one per char, until they are asked for.
 */
final class BoincXml {
  private static final Pattern TAG =
      Pattern.compile("<([A-Za-z_][A-Za-z0-9_.-]*)(?:\\s[^<>]*?)?(/?)>");
  private static final Pattern REFERENCE =
      Pattern.compile("&(?:lt|gt|amp|quot|apos|#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6}));");

  private final Map<String, List<String>> children = new HashMap<>();
  private final Set<String> flags = new HashSet<>();

  private BoincXml(String content) {
    Matcher tag = TAG.matcher(content);
    int at = 0;
    while (tag.find(at)) {
      at = tag.end();
      String name = tag.group(1);
      String endTag = "</" + name + ">";
      if (!tag.group(2).isEmpty()) {
        flags.add(name);
        add(name, "");
      } else if (content.indexOf(endTag, at) >= 0) {
        int end = content.indexOf(endTag, at);
        add(name, content.substring(at, end).strip());
        at = end + endTag.length();
      }
      // A tag that nothing ends is skipped alone: what follows it may be sound.
    }
  }

  private void add(String name, String text) {
    children.computeIfAbsent(name, _ -> new ArrayList<>()).add(text);
  }

  /** The children of the root element, if that is there from its tag to its end tag. */
  static Optional<BoincXml> document(byte[] bytes, String root) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int start = text.indexOf("<" + root + ">");
    int end = text.lastIndexOf("</" + root + ">");
    return start >= 0 && end > start
        ? Optional.of(new BoincXml(text.substring(start + root.length() + 2, end)))
        : Optional.empty();
  }

  /** The children of a child; none if there is no such child. */
  BoincXml child(String name) {
    return new BoincXml(raw(name).orElse(""));
  }

  /** The children of each child of that name. */
  List<BoincXml> children(String name) {
    return children.getOrDefault(name, List.of()).stream().map(BoincXml::new).toList();
  }

  /** The child's text, decoded; empty if there is none. */
  String text(String name) {
    return raw(name).map(BoincXml::decode).orElse("");
  }

  /** The texts of all children of that name. */
  List<String> texts(String name) {
    return children.getOrDefault(name, List.of()).stream().map(BoincXml::decode).toList();
  }

  OptionalLong integer(String name) {
    return raw(name).map(MessageText::leadingInteger).orElse(OptionalLong.empty());
  }

  OptionalDouble number(String name) {
    return raw(name).map(MessageText::leadingNumber).orElse(OptionalDouble.empty());
  }

  /** {@code <x/>} and any number but 0 are true. */
  boolean flag(String name) {
    return flags.contains(name) || integer(name).orElse(0) != 0;
  }

  /** The last one counts, as in BOINC's own reader. */
  private Optional<String> raw(String name) {
    List<String> all = children.getOrDefault(name, List.of());
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /**
   * Resolves references and takes the bytes for UTF-8; an {@code &} that starts no reference stands
   * for itself.
   *
   * @param bytes one byte per char
   */
  static String decode(String bytes) {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length());
    Matcher matcher = REFERENCE.matcher(bytes);
    int at = 0;
    while (matcher.find()) {
      decoded.writeBytes(
          bytes.substring(at, matcher.start()).getBytes(StandardCharsets.ISO_8859_1));
      decoded.writeBytes(referenced(matcher));
      at = matcher.end();
    }
    decoded.writeBytes(bytes.substring(at).getBytes(StandardCharsets.ISO_8859_1));
    return decoded.toString(StandardCharsets.UTF_8);
  }

  private static byte[] referenced(Matcher reference) {
    if (reference.group(1) == null && reference.group(2) == null) {
      return switch (reference.group()) {
        case "&lt;" -> new byte[] {'<'};
        case "&gt;" -> new byte[] {'>'};
        case "&quot;" -> new byte[] {'"'};
        case "&apos;" -> new byte[] {'\''};
        default -> new byte[] {'&'};
      };
    }
    int code =
        reference.group(1) != null
            ? Integer.parseInt(reference.group(1))
            : Integer.parseInt(reference.group(2), 16);
    if (code <= 0xff) {
      return new byte[] {(byte) code};
    }
    return Character.isValidCodePoint(code)
        ? Character.toString(code).getBytes(StandardCharsets.UTF_8)
        : reference.group().getBytes(StandardCharsets.US_ASCII);
  }

  /** The escapes that BOINC's readers undo: {@code <}, {@code &} and each byte above 127. */
  static String encode(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      switch (b) {
        case '<' -> encoded.append("&lt;");
        case '&' -> encoded.append("&amp;");
        default -> {
          if (b < 0) {
            encoded.append("&#").append(b & 0xff).append(';');
          } else {
            encoded.append((char) b);
          }
        }
      }
    }
    return encoded.toString();
  }
}
