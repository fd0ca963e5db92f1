package org.boinc.dockerwrapper.job;

import java.util.ArrayList;
import java.util.List;

/** The little of TOML's syntax that changing one value of a policy needs. */
final class PolicyValue {
  /**
   * A string inside a value.
   *
   * @param start of its opening quote
   * @param end behind its closing quote
   */
  record Token(int start, int end, String text) {}

  private PolicyValue() {}

  /** Where a value ends that begins the text: behind its last bracket, or with its line. */
  static int end(String text) {
    if (!text.startsWith("[")) {
      int end = 0;
      while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '#') {
        end++;
      }
      return text.substring(0, end).stripTrailing().length();
    }
    for (int at = 1; at < text.length(); at = next(text, at)) {
      if (text.charAt(at) == ']') {
        return at + 1;
      }
    }
    return text.length();
  }

  /** The strings of a list, in its order; what comments say is no item. */
  static List<Token> strings(String text) {
    List<Token> strings = new ArrayList<>();
    for (int at = 0; at < text.length(); at = next(text, at)) {
      if (isQuote(text.charAt(at))) {
        int end = next(text, at);
        strings.add(new Token(at, end, text.substring(at + 1, end - 1)));
      }
    }
    return strings;
  }

  /** The position behind the string, comment or character that begins here. */
  private static int next(String text, int at) {
    char c = text.charAt(at);
    if (c == '#') {
      int end = text.indexOf('\n', at);
      return end < 0 ? text.length() : end;
    }
    if (isQuote(c)) {
      int end = text.indexOf(c, at + 1);
      return end < 0 ? text.length() : end + 1;
    }
    return at + 1;
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  /** The text without one string and the comma that it needed. */
  static String cut(String text, Token string) {
    String before = text.substring(0, string.start());
    String after = text.substring(string.end());
    if (after.stripLeading().startsWith(",")) {
      return before + after.substring(after.indexOf(',') + 1).replaceFirst("^ +", "");
    }
    String head = before.stripTrailing();
    return (head.endsWith(",") ? head.substring(0, head.length() - 1) : before) + after;
  }

  /** Whether two items of a key mean the same. */
  static boolean same(String key, String one, String other) {
    return switch (key) {
      case "caps" -> SecurityRequest.capability(one).equals(SecurityRequest.capability(other));
      case "mounts" -> PolicyReader.mount(one).equals(PolicyReader.mount(other));
      default -> one.equals(other);
    };
  }

  /** Whether a consent has an item. */
  static boolean contains(ProjectConsent consent, PolicyText.Item item) {
    SecurityRequest agreed = consent.agreed();
    return switch (item.key()) {
      case "caps" -> agreed.caps().contains(SecurityRequest.capability(item.item()));
      case "devices" -> agreed.devices().contains(item.item());
      case "mounts" -> agreed.hostMounts().contains(PolicyReader.mount(item.item()));
      case "host_network" -> agreed.hostNetwork();
      case "host_ipc" -> agreed.hostIpc();
      case "public_ports" -> agreed.publicPorts();
      case "all_gpus" -> agreed.allGpus();
      case "root" -> agreed.root();
      case "unsigned" -> consent.unsigned();
      default -> throw new IllegalArgumentException("no such key in a policy: " + item.key());
    };
  }
}
