package org.boinc.dockerwrapper.job;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a {@code docker_policy.toml}, changed line by line: comments, order and blank lines
 * stay as the volunteer wrote them.
 */
public final class PolicyText {
  private static final Pattern HEADER = Pattern.compile("\\s*\\[.*");
  private static final Pattern PROJECT = Pattern.compile("\\s*\\[\\[\\s*project\\s*]].*");
  private static final Pattern URL = Pattern.compile("\\s*url\\s*=\\s*[\"']([^\"']*)[\"'].*");

  /**
   * One thing to agree to, or no longer.
   *
   * @param key of a project's entry, such as {@code caps} or {@code root}
   * @param item of a list; empty for a key that is true or false
   */
  public record Item(String key, String item) {}

  private final List<String> lines;

  private PolicyText(String text) {
    this.lines = new ArrayList<>(text.isEmpty() ? List.of() : text.lines().toList());
  }

  /** The text with consent to more. */
  public static String allow(String text, String project, List<Item> items) {
    PolicyText edited = new PolicyText(text);
    for (Item item : items) {
      edited.allow(project, item);
    }
    return edited.text();
  }

  /** The text with less consent; without items the project's whole entry is taken out. */
  public static String deny(String text, String project, List<Item> items) {
    PolicyText edited = new PolicyText(text);
    if (items.isEmpty()) {
      edited.block(project).ifPresent(block -> edited.lines(block).clear());
    }
    for (Item item : items) {
      edited.block(project).ifPresent(block -> edited.deny(block, item));
    }
    return edited.text();
  }

  private String text() {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  /** The lines from a project's header to the one before the next header. */
  private record Block(int from, int to, int url) {}

  private List<String> lines(Block block) {
    return lines.subList(block.from(), block.to());
  }

  private Optional<Block> block(String project) {
    String wanted = ProjectConsent.directory(project);
    for (int from = 0; from < lines.size(); from++) {
      if (PROJECT.matcher(lines.get(from)).matches()) {
        int to = from + 1;
        int url = -1;
        while (to < lines.size() && !HEADER.matcher(lines.get(to)).matches()) {
          Matcher address = URL.matcher(lines.get(to));
          if (address.matches() && ProjectConsent.directory(address.group(1)).equals(wanted)) {
            url = to;
          }
          to++;
        }
        if (url >= 0) {
          return Optional.of(new Block(from, to, url));
        }
      }
    }
    return Optional.empty();
  }

  private void allow(String project, Item item) {
    if (block(project).isEmpty()) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.addAll(List.of("[[project]]", "url = \"" + project + "\""));
    }
    Block block = block(project).orElseThrow();
    Optional<Value> value = value(block, item.key());
    if (value.isEmpty()) {
      lines.add(
          block.url() + 1,
          item.key() + " = " + (item.item().isEmpty() ? "true" : "[" + quoted(item.item()) + "]"));
    } else if (item.item().isEmpty()) {
      replace(value.get(), "true");
    } else if (!value.get().has(item)) {
      replace(value.get(), value.get().with(item.item()));
    }
  }

  private void deny(Block block, Item item) {
    Optional<Value> value = value(block, item.key());
    if (value.isPresent() && item.item().isEmpty()) {
      replace(value.get(), "false");
    } else if (value.isPresent()) {
      replace(value.get(), value.get().without(item));
    }
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  /** The value of a key: its text from behind the equals sign, over one line or several. */
  private Optional<Value> value(Block block, String key) {
    Pattern assignment = Pattern.compile("\\s*" + key + "\\s*=\\s*");
    for (int at = block.from() + 1; at < block.to(); at++) {
      Matcher start = assignment.matcher(lines.get(at));
      if (start.lookingAt()) {
        String rest = String.join("\n", lines.subList(at, block.to())).substring(start.end());
        return Optional.of(new Value(at, start.end(), rest.substring(0, PolicyValue.end(rest))));
      }
    }
    return Optional.empty();
  }

  private void replace(Value value, String text) {
    int last = value.line() + (int) value.text().chars().filter(c -> c == '\n').count();
    String whole = String.join("\n", lines.subList(value.line(), last + 1));
    String changed =
        whole.substring(0, value.column())
            + text
            + whole.substring(value.column() + value.text().length());
    lines.subList(value.line(), last + 1).clear();
    lines.addAll(value.line(), changed.lines().toList());
  }

  /**
   * A value where it stands.
   *
   * @param line from 0
   * @param column of its first character
   */
  private record Value(int line, int column, String text) {
    boolean has(Item item) {
      return PolicyValue.strings(text).stream()
          .anyMatch(string -> PolicyValue.same(item.key(), string.text(), item.item()));
    }

    /** Behind the last item, on its line, so that comments stay beside what they explain. */
    String with(String item) {
      List<PolicyValue.Token> strings = PolicyValue.strings(text);
      if (strings.isEmpty()) {
        return text.substring(0, text.lastIndexOf(']')) + quoted(item) + "]";
      }
      int end = strings.getLast().end();
      return text.substring(0, end) + ", " + quoted(item) + text.substring(end);
    }

    String without(Item item) {
      String left = text;
      for (PolicyValue.Token string : PolicyValue.strings(text).reversed()) {
        if (PolicyValue.same(item.key(), string.text(), item.item())) {
          left = PolicyValue.cut(left, string);
        }
      }
      return left;
    }
  }

  /** Whether the text says what it should after a change; a layout nobody foresaw might not. */
  public static boolean agrees(String text, String project, Item item) {
    Optional<VolunteerPolicy> policy =
        PolicyReader.read(text.getBytes(StandardCharsets.UTF_8), VolunteerPolicy.FILE).policy();
    return policy
        .map(read -> read.consent(ProjectConsent.directory(project)))
        .map(consent -> PolicyValue.contains(consent, item))
        .orElse(false);
  }
}
