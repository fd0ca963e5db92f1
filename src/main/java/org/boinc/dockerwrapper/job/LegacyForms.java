package org.boinc.dockerwrapper.job;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Mounts and ports in the engines' short forms, from upstream's own keys and create_args. */
final class LegacyForms {
  private static final Pattern PORT =
      Pattern.compile(
          "(?:(?:(?<ip>\\[[^\\]]*]|[0-9.]*):)?(?<host>[0-9]{0,5}):)?(?<container>[0-9]{1,5})"
              + "(?:/(?<proto>tcp|udp))?");
  private static final String PROJECTS = "../../projects/";

  /** Options of a mount that change nothing here; z and Z relabel for SELinux. */
  private static final Set<String> HARMLESS_OPTIONS = Set.of("rw", "z", "Z");

  /** The parts of {@code --mount} under all their names. */
  private static final Map<String, String> MOUNT_PARTS =
      Map.of(
          "type",
          "type",
          "source",
          "source",
          "src",
          "source",
          "target",
          "target",
          "dst",
          "target",
          "destination",
          "target",
          "readonly",
          "ro",
          "ro",
          "ro");

  private LegacyForms() {}

  /** {@code src:dst[:ro]}. */
  static void mount(Setting at, Layer layer, Consumer<Problem> problems) {
    String text = String.valueOf(at.value());
    String[] parts = text.split(":", -1);
    if (parts.length < 2 || parts.length > 3) {
      problems.accept(
          JobProblems.badValue(at, text, "is not a mount; write src:dst or src:dst:ro"));
      return;
    }
    boolean readOnly = false;
    for (String option : parts.length == 3 ? parts[2].split(",", -1) : new String[0]) {
      if (option.equals("ro")) {
        readOnly = true;
      } else if (!HARMLESS_OPTIONS.contains(option)) {
        String fault = "has the mount option " + JobProblems.quoted(option) + "; only ro is known";
        problems.accept(JobProblems.badValue(at, text, fault));
      }
    }
    mount(at, parts[0], parts[1], readOnly, layer, problems);
  }

  static void mount(
      Setting at,
      String source,
      String target,
      boolean readOnly,
      Layer layer,
      Consumer<Problem> problems) {
    if (source.startsWith("/")) {
      hostMount(at, source, target, readOnly, layer, problems);
      return;
    }
    Optional<String> fault =
        source.startsWith(PROJECTS)
            ? Rules.SLOT_PATH.fault(source.substring(PROJECTS.length()))
            : Rules.SLOT_OUTPUT.fault(source);
    if (fault.isPresent()) {
      problems.accept(JobProblems.badValue(at, source, fault.get()));
      return;
    }
    String path =
        source.startsWith(PROJECTS)
            ? PROJECTS + Rules.normal(source.substring(PROJECTS.length()))
            : Rules.normal(source);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("source", path);
    row.put("at", target);
    row.put("read_only", readOnly);
    layer.putLegacy(CreateArgs.MOUNTS, at.meaning(List.of(at.meaning(row))));
  }

  private static void hostMount(
      Setting at,
      String source,
      String target,
      boolean readOnly,
      Layer layer,
      Consumer<Problem> problems) {
    if (Arrays.asList(source.split("/", -1)).stream().anyMatch(part -> part.endsWith(".sock"))) {
      problems.accept(
          JobProblems.badValue(at, source, "is a socket of the host and never given to a job"));
      return;
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("host", source);
    row.put("at", target);
    row.put("access", readOnly ? "ro" : "rw");
    layer.putLegacy("security.host_mounts", at.meaning(List.of(at.meaning(row))));
  }

  /** {@code [ip:]host:container[/proto]}, or the container's port alone. */
  static void port(Setting at, Layer layer, Consumer<Problem> problems) {
    String text = String.valueOf(at.value());
    Matcher form = PORT.matcher(text);
    if (!form.matches()) {
      problems.accept(
          JobProblems.badValue(at, text, "is not a port; write host:container, such as 8080:80"));
      return;
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("container", Long.parseLong(form.group("container")));
    String host = Optional.ofNullable(form.group("host")).orElse("");
    row.put("host", host.isEmpty() ? 0L : Long.parseLong(host));
    row.put("proto", Optional.ofNullable(form.group("proto")).orElse("tcp"));
    layer.putLegacy("network.ports", at.meaning(List.of(at.meaning(row))));
    String ip = Optional.ofNullable(form.group("ip")).orElse("");
    if (!ip.isEmpty() && !ip.equals("127.0.0.1") && !ip.equals("[::1]")) {
      layer.putLegacy("security.public_ports", at.meaning(true));
    }
  }

  /** {@code type=bind,source=…,target=…,readonly}. */
  static void longMount(Flags.Line line, String text) {
    Map<String, String> parts = new java.util.HashMap<>();
    for (String part : text.split(",", -1)) {
      String[] pair = part.split("=", 2);
      Optional<String> name = Optional.ofNullable(MOUNT_PARTS.get(pair[0]));
      if (name.isEmpty()) {
        line.fault(JobProblems.quoted(part) + " is not known; write source=, target=, readonly");
        return;
      }
      parts.put(name.get(), pair.length == 2 ? pair[1] : "true");
    }
    if (!parts.getOrDefault("type", "volume").equals("bind")
        || !parts.containsKey("source")
        || !parts.containsKey("target")) {
      line.fault(
          JobProblems.quoted(text) + " is not a bind mount; write type=bind,source=,target=");
      return;
    }
    boolean readOnly = parts.getOrDefault("ro", "false").equals("true");
    line.add("mount", parts.get("source") + ":" + parts.get("target") + (readOnly ? ":ro" : ""));
  }
}
