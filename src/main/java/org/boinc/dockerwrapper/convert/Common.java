package org.boinc.dockerwrapper.convert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What several systems mean by the same words. */
final class Common {
  static final String NO_HOST_FILES =
      "a job sees no files of a volunteer's computer; make it an input file of the workunit";

  private static final Set<String> NO_NAME = Set.of("", ".");

  private Common() {}

  /** An image's name; {@code :latest} is left for validate to complain of. */
  static void image(JobDraft draft, String name) {
    draft.set("image.name", name.replaceFirst("^docker://", ""));
  }

  /** Docker takes 2gb and 2G; a job.toml 2g. */
  static String size(String text) {
    return text.toLowerCase(Locale.ROOT).replaceFirst("(?<=[kmgt])i?b$", "");
  }

  /** Such as {@code 2} or {@code 1.5}. */
  static void cpus(JobDraft draft, String source, String text) {
    if (text.matches("\\d{1,4}")) {
      draft.set("resources.cpus", Long.valueOf(text));
    } else if (text.matches("\\d{1,4}\\.\\d{1,9}")) {
      draft.set("resources.cpus", Double.valueOf(text));
    } else {
      draft.note(source, "is not a number of CPUs");
    }
  }

  static void whole(JobDraft draft, String key, String source, String text) {
    if (text.matches("\\d{1,18}")) {
      draft.set(key, Long.valueOf(text));
    } else {
      draft.note(source, "is not a whole number");
    }
  }

  /** Such as {@code -v}'s {@code host:container[:ro]}. */
  static void volume(JobDraft draft, String source, String text) {
    String[] parts = text.split(":", -1);
    if (parts.length < 2) {
      draft.note(source, "a job keeps nothing after its end; leave it out");
      return;
    }
    String host = parts[0];
    String at = parts[1];
    if (NO_NAME.contains(host) || host.equals("./")) {
      draft.set("files.slot", at);
    } else if (host.startsWith("/")) {
      Map<String, Object> mount = new LinkedHashMap<>();
      mount.put("host", host);
      mount.put("at", at);
      boolean readOnly = parts.length > 2 && List.of(parts[2].split(",", -1)).contains("ro");
      mount.put("access", readOnly ? "ro" : "rw");
      draft.add("security.host_mounts", mount);
      draft.note(source, "is in [security]: each volunteer must agree to it; " + NO_HOST_FILES);
    } else if (host.startsWith("./") && !host.contains("..")) {
      String file = host.substring(2);
      Map<String, Object> copy = new LinkedHashMap<>();
      copy.put("src", file);
      copy.put("dst", at);
      draft.add("files.in", copy);
      draft.note(
          source,
          "%s is copied in at the start, and nothing back: name results in files.out"
              .formatted(file));
    } else {
      draft.note(source, NO_HOST_FILES);
    }
  }

  /** {@code [ip:][host:]container[/protocol]}. */
  static void port(JobDraft draft, String source, String text) {
    String protocol = text.endsWith("/udp") ? "udp" : "tcp";
    String[] parts = text.replaceFirst("/(tcp|udp)$", "").split(":", -1);
    String container = parts[parts.length - 1];
    String host = parts.length > 1 ? parts[parts.length - 2] : "0";
    if (!container.matches("\\d{1,5}") || !host.matches("\\d{0,5}")) {
      draft.note(source, "is not one port; name each");
      return;
    }
    Map<String, Object> port = new LinkedHashMap<>();
    port.put("container", Long.valueOf(container));
    port.put("host", host.isEmpty() ? 0L : Long.parseLong(host));
    port.put("proto", protocol);
    draft.add("network.ports", port);
    if (!draft.has("network.mode")) {
      draft.set("network.mode", "nat");
    }
    draft.note(source, "is published on the volunteer's 127.0.0.1 only");
  }

  static void network(JobDraft draft, String source, String mode) {
    switch (mode) {
      case "none" -> draft.set("network.mode", "none");
      case "bridge", "default" -> draft.set("network.mode", "nat");
      case "host" ->
          draft
              .set("network.mode", "nat")
              .note(
                  source,
                  "the job gets a network of its own instead (security.host_network needs consent)");
      default ->
          draft
              .set("network.mode", "nat")
              .note(
                  source,
                  "no network of that name is on a volunteer's computer; the job gets one of its own");
    }
  }

  /** NAME=value, or a NAME whose value is the submitting user's. */
  static void variable(JobDraft draft, String source, String text) {
    int equals = text.indexOf('=');
    if (equals > 0) {
      draft.put(
          "container.env", text.substring(0, equals), Words.plain(text.substring(equals + 1)));
    } else {
      draft.note(source, "has no value here; write it into container.env");
    }
  }
}
