package org.boinc.dockerwrapper.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the volunteer's {@code docker_policy.toml}. Every key is known or a problem. */
public final class PolicyReader {
  private static final int MOST_PROJECTS = 256;
  private static final int MOST_ITEMS = 64;

  private static final Check REGISTRY =
      Check.matches(
          "[A-Za-z0-9][A-Za-z0-9.-]{0,252}(:[0-9]{1,5})?",
          "is not the name of a registry; write one like docker.io or registry.example.org:5000");

  private static final Check CGROUP =
      Check.matches("/?[A-Za-z0-9_./@-]{1,255}", "is not a control group; write one like /boinc");

  private static final Check URL =
      Check.matches(
          "(https?://)?[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^\\p{Cntrl}\\s]*)?",
          "is not a project's address; write it as the BOINC client shows it");

  private static final Check MOUNT =
      Check.matches(
          "/[^:\\p{Cntrl}]*(:r[ow])?", "is not a directory with :ro or :rw, such as \"/cvmfs:ro\"");

  private static final Check GIFT =
      Check.matches(
          "cap:[A-Za-z_]+|device:[^\\p{Cntrl}]+|mount:/[^:\\p{Cntrl}]*(:r[ow])?",
          "is not a gift; write cap:NAME, device:/dev/NAME or mount:/DIRECTORY:ro");

  private final List<Problem> problems = new ArrayList<>();

  private PolicyReader() {}

  /**
   * Reads a policy. Never throws, whatever the bytes.
   *
   * @param file as it shall stand in messages
   */
  public static PolicyReading read(byte[] text, String file) {
    return new PolicyReader().reading(text, file);
  }

  /** Asks for every key that there is. */
  static void ask(AskedKeys asked) {
    new PolicyReader().policy(asked);
  }

  private PolicyReading reading(byte[] text, String file) {
    TomlDocument document = TomlDocument.read(text, file);
    problems.addAll(document.problems());
    Map<String, Setting> keys = new LinkedHashMap<>();
    document
        .root()
        .forEach(
            (key, value) ->
                keys.put(
                    key,
                    Setting.of(
                        document, Origin.Source.POLICY, file, TomlText.join("", key), value)));
    VolunteerPolicy policy = policy(new Settings(keys, problems::add));
    return new PolicyReading(
        problems.isEmpty() ? Optional.of(policy) : Optional.empty(), List.copyOf(problems));
  }

  private VolunteerPolicy policy(Settings settings) {
    VolunteerPolicy policy =
        new VolunteerPolicy(
            settings.choice("network", "allow", Words.plain("allow", "none")).equals("allow"),
            settings.strings("registries", List.of(), MOST_ITEMS, REGISTRY),
            settings.flag("pin", false),
            settings.sizeIfSet("disk_cap"),
            settings.text("cgroup_parent", "", CGROUP.orEmpty()),
            projects(settings));
    settings.finish(true);
    return policy;
  }

  private List<ProjectConsent> projects(Settings settings) {
    List<ProjectConsent> projects = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Settings row : settings.rows("project", MOST_PROJECTS)) {
      ProjectConsent project = project(row);
      if (!seen.add(project.directory())) {
        row.setting("url")
            .ifPresent(
                at -> row.report(JobProblems.duplicate(at, JobProblems.quoted(project.url()))));
      }
      projects.add(project);
    }
    return List.copyOf(projects);
  }

  private static ProjectConsent project(Settings row) {
    ProjectConsent project =
        new ProjectConsent(
            row.required("url", URL),
            new SecurityRequest(
                capabilities(row.strings("caps", List.of(), MOST_ITEMS, Rules.CAPABILITY)),
                row.strings("devices", List.of(), MOST_ITEMS, Rules.NO_CONTROL),
                row.strings("mounts", List.of(), MOST_ITEMS, MOUNT).stream()
                    .map(PolicyReader::mount)
                    .toList(),
                row.flag("host_network", false),
                row.flag("host_ipc", false),
                row.flag("public_ports", false),
                row.flag("all_gpus", false),
                row.flag("root", false)),
            gifts(row.strings("give", List.of(), MOST_ITEMS, GIFT)),
            row.flag("unsigned", false));
    row.finish(true);
    return project;
  }

  private static List<String> capabilities(List<String> names) {
    return names.stream().map(SecurityRequest::capability).toList();
  }

  /** {@code /path}, {@code /path:ro} or {@code /path:rw}; read-only unless it says otherwise. */
  static SecurityRequest.HostMount mount(String text) {
    int colon = text.lastIndexOf(':');
    String path = colon < 0 ? text : text.substring(0, colon);
    return new SecurityRequest.HostMount(path, path, !text.endsWith(":rw"));
  }

  private static SecurityRequest gifts(List<String> gifts) {
    List<String> caps = new ArrayList<>();
    List<String> devices = new ArrayList<>();
    List<SecurityRequest.HostMount> mounts = new ArrayList<>();
    for (String gift : gifts) {
      String what = gift.substring(gift.indexOf(':') + 1);
      switch (gift.substring(0, gift.indexOf(':'))) {
        case "cap" -> caps.add(SecurityRequest.capability(what));
        case "device" -> devices.add(what);
        default -> mounts.add(mount(what));
      }
    }
    return new SecurityRequest(caps, devices, mounts, false, false, false, false, false);
  }
}
