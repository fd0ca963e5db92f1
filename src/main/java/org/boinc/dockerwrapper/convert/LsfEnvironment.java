package org.boinc.dockerwrapper.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code LSF_DOCKER_*} variables as the RIS cluster has them, and the {@code bsub} line (or {@code
 * #BSUB} lines) that they are for.
 */
final class LsfEnvironment implements Format {
  private static final Pattern IMAGE = Pattern.compile("docker\\(([^)]+)\\)");
  private static final Pattern BSUB =
      Pattern.compile("(?m)^.*?\\bbsub\\s+((?:\\\\\\r?\\n|[^\\n])*)");
  private static final Pattern DIRECTIVE = Pattern.compile("(?m)^#BSUB\\s+(.*)$");
  private static final List<String> PREFIXES = List.of("LSF_DOCKER_", "LSB_DOCKER_");
  private static final String QUEUE = "BOINC's scheduler places the job; leave it out";
  private static final RunFlags FLAGS = new RunFlags();

  static {
    FLAGS
        .value("-a", LsfEnvironment::application)
        .value("-n", LsfEnvironment::slots)
        .value("-M", LsfEnvironment::memory)
        .value("-R", LsfEnvironment::resources)
        .value("-gpu", LsfEnvironment::gpu)
        .value("-W", LsfEnvironment::limit)
        .value("-o -oo", (draft, value) -> output(draft, "files.stdout", value))
        .value("-e -eo", (draft, value) -> output(draft, "files.stderr", value))
        .value(
            "-env", (draft, value) -> draft.note("-env " + value, "write them into container.env"))
        .no("-q -G -g -P -sp -m -app -u -w -b -t -sla -L -cwd", true, QUEUE)
        .no("-J", true, "the workunit's name comes from create_work")
        .no("-Is -Ip -I -IS", false, "a job has no terminal; a volunteer has boinc-docker exec -t")
        .no("-K -r -x -N -B -H", false, QUEUE)
        .no("-i -E -Ep", true, "start it in the job's script");
  }

  @Override
  public String name() {
    return "lsf";
  }

  @Override
  public String title() {
    return "LSF_DOCKER_* variables";
  }

  @Override
  public boolean recognises(String text) {
    return text.contains("LSF_DOCKER_")
        || (text.matches("(?is).*\\bbsub\\b.*") && IMAGE.matcher(text).find());
  }

  @Override
  public void convert(String text, JobDraft draft) throws NotConvertible {
    List<String> words = new ArrayList<>();
    Matcher directive = DIRECTIVE.matcher(text);
    while (directive.find()) {
      words.addAll(Words.of(directive.group(1)));
    }
    Matcher line = BSUB.matcher(text.replaceAll("(?m)^#BSUB.*$", ""));
    if (line.find()) {
      words.addAll(Words.of(line.group(1)));
    } else if (!words.isEmpty()) {
      draft.note(
          "the script",
          "make it an input file, and run it: container.command = [\"sh\", \"script.sh\"]");
    }
    List<String> command = FLAGS.apply(words, draft);
    if (command.size() == 1) {
      draft.set("container.command", Words.command(command.getFirst()));
    } else if (!command.isEmpty()) {
      draft.set("container.command", command);
    }
    Assignments.of(text, PREFIXES).forEach((name, value) -> variable(name, value, draft));
    if (!draft.has("image.name")) {
      draft.note("no docker(image)", "set image.name, or write a Dockerfile");
    }
    if (!draft.has("network.mode")) {
      draft.set("network.mode", "nat");
    }
  }

  private static void application(JobDraft draft, String value) {
    Matcher image = IMAGE.matcher(value);
    if (image.find()) {
      Common.image(draft, image.group(1));
    } else {
      draft.note("-a " + value, QUEUE);
    }
  }

  private static void slots(JobDraft draft, String value) {
    Common.whole(draft, "resources.cpus", "-n " + value, value.replaceFirst("^.*,", ""));
  }

  /** Without a unit LSF takes kilobytes (LSF_UNIT_FOR_LIMITS). */
  private static void memory(JobDraft draft, String value) {
    draft.set("resources.memory", Common.size(value.matches("\\d+") ? value + "k" : value));
  }

  private static void resources(JobDraft draft, String value) {
    Matcher memory = Pattern.compile("\\bmem\\s*=\\s*(\\d+\\w*)").matcher(value);
    if (memory.find() && !draft.has("resources.memory")) {
      String size = memory.group(1);
      draft.set("resources.memory", Common.size(size.matches("\\d+") ? size + "m" : size));
    } else {
      draft.note("-R " + value, QUEUE);
    }
  }

  private static void gpu(JobDraft draft, String value) {
    draft.set("gpu.enabled", true);
    Matcher count = Pattern.compile("\\bnum=(\\d{1,3})").matcher(value);
    if (count.find()) {
      draft.set("gpu.count", Long.valueOf(count.group(1)));
    }
  }

  /** Minutes, or hours and minutes. */
  private static void limit(JobDraft draft, String value) {
    Matcher time = Pattern.compile("(?:(\\d{1,5}):)?(\\d{1,7})").matcher(value);
    if (time.matches()) {
      long hours = time.group(1) == null ? 0 : Long.parseLong(time.group(1));
      draft.set("resources.time_limit", (hours * 60 + Long.parseLong(time.group(2))) + "m");
    } else {
      draft.note("-W " + value, "is not minutes or hours:minutes");
    }
  }

  private static void output(JobDraft draft, String key, String value) {
    String file = value.replaceFirst("^.*/", "").replaceAll("[.]?%[JI]", "");
    draft.set(key, file);
    draft.note(
        value, "is written to %s of the slot; declare it in the output template".formatted(file));
  }

  private static void variable(String name, String value, JobDraft draft) {
    switch (name) {
      case "LSF_DOCKER_VOLUMES" -> {
        for (String volume : value.split("\\s+", -1)) {
          Common.volume(draft, name + "=" + volume, volume);
        }
      }
      case "LSF_DOCKER_NETWORK" -> Common.network(draft, name + "=" + value, value);
      case "LSF_DOCKER_IPC" -> draft.note(name, "the job has its own; size it by resources.shm");
      case "LSF_DOCKER_SHM_SIZE" -> draft.set("resources.shm", Common.size(value));
      case "LSF_DOCKER_WORKDIR" -> draft.set("container.workdir", value);
      case "LSF_DOCKER_ENTRYPOINT" -> draft.set("container.entrypoint", List.of(value));
      case "LSF_DOCKER_ENV_FILE" ->
          draft.add("container.env_files", value.replaceFirst("^.*/", ""));
      case "LSF_DOCKER_PORTS" -> {
        for (String port : value.split("[\\s,]+", -1)) {
          Common.port(draft, name + "=" + port, port);
        }
      }
      case "LSF_DOCKER_ADD_HOST" -> {
        for (String host : value.split("[\\s,]+", -1)) {
          String[] pair = host.split(":", 2);
          draft.put("network.hosts", pair[0], pair.length > 1 ? pair[1] : "");
        }
      }
      case "LSF_DOCKER_PRESERVE_ENVIRONMENT" ->
          draft.note(name, "the client's environment is never handed on; write container.env");
      case "LSF_DOCKER_CGROUP" -> draft.note(name, "the client's limits hold");
      case "LSF_DOCKER_RUN_LOGLEVEL" ->
          draft.set("verbose", value.equalsIgnoreCase("DEBUG") ? 2L : 1L);
      case "LSB_DOCKER_LOGIN_USERNAME", "LSB_DOCKER_LOGIN_PASSWORD", "LSB_DOCKER_LOGIN_SERVER" ->
          draft.note(name, "see image.registry; every volunteer can read what it names");
      default -> draft.note(name + "=" + value, "has no key here");
    }
  }
}
