package org.boinc.dockerwrapper.convert;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code create container_template name=… image=…} of NEC's NQSV. */
final class NqsvTemplate implements Format {
  private static final Pattern PAIR =
      Pattern.compile("\\b([a-z_]+)\\s*=\\s*(\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'|[^\\s\"']+)");

  private static final Pattern SIZE =
      Pattern.compile("(\\d+)\\s*([BKMGTP]?)B?", Pattern.CASE_INSENSITIVE);

  @Override
  public String name() {
    return "nqsv";
  }

  @Override
  public String title() {
    return "an NQSV container template";
  }

  @Override
  public boolean recognises(String text) {
    return text.contains("container_template")
        || text.matches("(?s).*\\bimage\\s*=.*\\bmemsz\\s*=.*");
  }

  @Override
  public void convert(String text, JobDraft draft) throws NotConvertible {
    Matcher pair = PAIR.matcher(text);
    boolean found = false;
    while (pair.find()) {
      String quoted = pair.group(3) == null ? pair.group(4) : pair.group(3);
      String value = quoted == null ? pair.group(2) : quoted.replaceAll("\\\\(.)", "$1");
      found |= pair.group(1).equals("image");
      pair(pair.group(1), value, draft);
    }
    if (!found) {
      throw new NotConvertible("the template has no image=");
    }
  }

  private static void pair(String key, String value, JobDraft draft) {
    String source = key + "=" + value;
    switch (key) {
      case "name" ->
          draft.note(
              source,
              "the file's name is the template's: %s.toml in the app version, and template = \"%s\" in the job"
                  .formatted(value, value));
      case "image" -> Common.image(draft, value);
      case "cpu" -> Common.cpus(draft, source, value);
      case "memsz" -> memory(draft, source, value);
      case "gpu" -> {
        if (!value.equals("0")) {
          draft.set("gpu.enabled", true);
          Common.whole(draft, "gpu.count", source, value);
        }
      }
      case "ve" -> draft.note(source, "a vector engine needs its CDI name in security.devices");
      case "boot_timeout" -> draft.set("container.start_timeout", value + "s");
      case "stop_timeout" -> draft.set("container.stop_timeout", value + "s");
      case "custom" -> custom(draft, value);
      case "comment" -> draft.set("comment", value);
      default -> draft.note(source, "has no key here");
    }
  }

  private static void memory(JobDraft draft, String source, String value) {
    Matcher size = SIZE.matcher(value);
    if (size.matches()) {
      String unit =
          size.group(2).equalsIgnoreCase("b")
              ? ""
              : size.group(2).toLowerCase(java.util.Locale.ROOT);
      draft.set(
          "resources.memory", unit.isEmpty() ? Long.valueOf(size.group(1)) : size.group(1) + unit);
    } else {
      draft.note(source, "is not a size");
    }
  }

  /** One string there, named strings here. */
  private static void custom(JobDraft draft, String value) {
    draft.put("custom", "nqsv", value);
    draft.note("custom", "the job finds it as BOINC_CUSTOM_NQSV; nothing is made of it");
  }
}
