package org.boinc.dockerwrapper.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Upstream's {@code create_args}: options of the engines' create command, read into the keys of
 * schema 1 and never passed on.
 */
final class CreateArgs {
  /** Keys without a place in schema 1. */
  static final String LABELS = "container.labels";

  static final String READ_ONLY_ROOT = "container.read_only_root";
  static final String MOUNTS = "files.mounts";

  /** What else runs on the volunteer's computer obeys labels: those with a dot, or in capitals. */
  static final Check LABEL_NAME =
      Check.matches(
          "[a-z0-9][a-z0-9-]{0,62}",
          "is not a label of a job's; write small letters, digits and - (others are the wrapper's, or steer other programs of the host)");

  private static final String NAMESPACES = "a job has its own namespaces; leave it out";
  private static final String RESTART = "BOINC decides when a job starts again; leave it out";
  private static final Flags FLAGS = new Flags();

  static {
    container(FLAGS);
    resources(FLAGS);
    network(FLAGS);
    host(FLAGS);
    nothing(FLAGS);
    refused(FLAGS);
  }

  private CreateArgs() {}

  static void add(Setting at, Layer layer, Consumer<Problem> problems) {
    FLAGS
        .read(at, problems)
        .ifPresent(
            line -> {
              Swap.settle(line);
              line.eachSaid((key, setting) -> place(key, setting, layer, problems));
            });
  }

  /** Mounts and ports go the way of upstream's own keys. */
  private static void place(String key, Setting at, Layer layer, Consumer<Problem> problems) {
    if (at.value() instanceof List<?> list && (key.equals("mount") || key.equals("portmap"))) {
      for (int i = 0; i < list.size(); i++) {
        Setting word = at.element(i, list.get(i));
        if (key.equals("mount")) {
          LegacyForms.mount(word, layer, problems);
        } else {
          LegacyForms.port(word, layer, problems);
        }
      }
    } else {
      layer.putLegacy(key, at);
    }
  }

  private static void container(Flags flags) {
    flags
        .value("-e --env", CreateArgs::env)
        .value("--env-file", (line, value) -> line.add("container.env_files", value))
        .value("-w --workdir", (line, value) -> line.set("container.workdir", value))
        .value("-h --hostname", (line, value) -> line.set("container.hostname", value))
        .value("-u --user", (line, value) -> line.set("container.user", value))
        .value("--entrypoint", (line, value) -> line.set("container.entrypoint", List.of(value)))
        .toggle("--init", (line, value) -> line.set("container.init", true))
        .value("--stop-signal", (line, value) -> line.set("container.stop_signal", value))
        .value("--stop-timeout", (line, value) -> line.set("container.stop_timeout", value))
        .value(
            "-l --label",
            (line, value) ->
                line.pair(
                    value.contains("=") ? value : value + "=",
                    "=",
                    (name, text) -> line.put(LABELS, name, text)))
        .toggle("--read-only", (line, value) -> line.set(READ_ONLY_ROOT, true))
        .value("--platform", (line, value) -> line.set("image.platform", value))
        .value("--pull", (line, value) -> line.set("image.pull", value));
  }

  private static void env(Flags.Line line, String value) {
    if (value.contains("=")) {
      line.pair(value, "=", (name, text) -> line.put("container.env", name, text));
    } else {
      line.fault(
          JobProblems.quoted(value)
              + " has no value, and the client's own environment is not handed on; write NAME=value");
    }
  }

  private static void resources(Flags flags) {
    flags
        .value("--cpus", CreateArgs::cpus)
        .value("-m --memory", (line, value) -> line.set("resources.memory", size(value)))
        .value("--memory-swap", (line, value) -> line.set(Swap.TOTAL, size(value)))
        .value("--shm-size", (line, value) -> line.set("resources.shm", size(value)))
        .value("--pids-limit", (line, value) -> whole(line, "resources.pids", value))
        .value("--ulimit", CreateArgs::ulimit)
        .value("--tmpfs", CreateArgs::tmpfs);
  }

  private static void cpus(Flags.Line line, String value) {
    if (value.matches("[0-9]{1,6}(\\.[0-9]{1,9})?")) {
      line.set("resources.cpus", Double.valueOf(value));
    } else {
      line.fault(JobProblems.quoted(value) + " is not a number of CPUs");
    }
  }

  private static void whole(Flags.Line line, String key, String value) {
    if (value.matches("[0-9]{1,18}")) {
      line.set(key, Long.valueOf(value));
    } else {
      line.fault(JobProblems.quoted(value) + " is not a whole number");
    }
  }

  /** The engines take {@code 2gb} and {@code 2GiB}, too. */
  private static String size(String value) {
    return value.toLowerCase(Locale.ROOT).replaceFirst("(?<=[kmgt])i?b$", "");
  }

  private static void ulimit(Flags.Line line, String value) {
    line.pair(
        value,
        "=",
        (name, limits) -> {
          String[] softAndHard = limits.split(":", -1);
          String last = softAndHard[softAndHard.length - 1];
          if (softAndHard.length > 2 || !softAndHard[0].equals(last)) {
            line.fault(JobProblems.quoted(value) + " has two limits; write one number");
          } else if (last.matches("[0-9]{1,18}")) {
            line.put("resources.ulimits", name, Long.valueOf(last));
          } else {
            line.fault(JobProblems.quoted(value) + " is not name=number");
          }
        });
  }

  private static void tmpfs(Flags.Line line, String value) {
    String[] parts = value.split(":", 2);
    if (!parts[0].equals("/tmp")) {
      line.fault(JobProblems.quoted(value) + " is not /tmp, the only place for a tmpfs");
      return;
    }
    for (String option : parts.length == 2 ? parts[1].split(",", -1) : new String[0]) {
      if (option.startsWith("size=")) {
        line.set("resources.tmp", size(option.substring("size=".length())));
      } else if (!option.matches("rw|noexec|nosuid|nodev|mode=1777")) {
        line.fault(JobProblems.quoted(option) + " is not known for a tmpfs; only size= is");
      }
    }
  }

  private static void network(Flags flags) {
    flags
        .value("--network --net", CreateArgs::networkMode)
        .value("-p --publish", (line, value) -> line.add("portmap", value))
        .value(
            "--add-host",
            (line, value) ->
                line.pair(value, ":=", (name, address) -> line.put("network.hosts", name, address)))
        .value("--dns", (line, value) -> line.add("network.dns", value));
  }

  private static void networkMode(Flags.Line line, String value) {
    switch (value) {
      case "none" -> line.set("network.mode", "none");
      case "bridge", "default" -> line.set("network.mode", "nat");
      case "host" -> line.set("security.host_network", true);
      default ->
          line.fault(JobProblems.quoted(value) + " is not a network here; write none or bridge");
    }
  }

  private static void host(Flags flags) {
    flags
        .value("--gpus", CreateArgs::gpus)
        .value("--device", CreateArgs::device)
        .value(
            "--cap-add", (line, value) -> line.add("security.caps", value.toUpperCase(Locale.ROOT)))
        .value("-v --volume", (line, value) -> line.add("mount", value))
        .value("--mount", LegacyForms::longMount)
        .value("--ipc", CreateArgs::ipc)
        .value("--security-opt", CreateArgs::securityOption);
  }

  private static void gpus(Flags.Line line, String value) {
    line.set("gpu.enabled", true);
    if (value.matches("[0-9]{1,4}")) {
      line.set("gpu.count", Long.valueOf(value));
    } else if (!value.equals("all") && !value.replace("\"", "").startsWith("device=")) {
      line.fault(JobProblems.quoted(value) + " is not a choice of GPUs; write all or a number");
    }
  }

  private static void device(Flags.Line line, String value) {
    if (value.startsWith("nvidia.com/gpu=")) {
      line.set("gpu.enabled", true);
    } else {
      line.add("security.devices", value);
    }
  }

  private static void ipc(Flags.Line line, String value) {
    switch (value) {
      case "host" -> line.set("security.host_ipc", true);
      case "private", "none" -> line.warn("is accepted and changes nothing");
      default -> line.fault("is refused; " + NAMESPACES);
    }
  }

  private static void securityOption(Flags.Line line, String value) {
    if (value.matches("no-new-privileges([:=]true)?")) {
      line.warn("is accepted and changes nothing: every job runs so");
    } else {
      line.fault(
          JobProblems.quoted(value) + " is refused; the engine's own profiles stay; leave it out");
    }
  }

  /** What changes nothing, because a job always runs so or the wrapper does it itself. */
  private static void nothing(Flags flags) {
    Flags.Meaning accept = (line, value) -> line.warn("is accepted and changes nothing");
    flags
        .value("--cap-drop --log-driver --log-opt", accept)
        .toggle("--rm -d --detach -i --interactive -t --tty", accept);
  }

  private static void refused(Flags flags) {
    flags
        .refused("--privileged", false, "name what the job needs under [security]")
        .refused("--pid --uts --userns --cgroupns", true, NAMESPACES)
        .refused("--cgroup-parent", true, "the client's limits hold; leave it out")
        .refused("--runtime", true, "the volunteer's engine decides; leave it out")
        .refused("--volumes-from", true, "a job sees no other container; leave it out")
        .refused("--restart", true, RESTART)
        .refused("--name", true, "the client finds a container by its own name; leave it out")
        .refused("--device-cgroup-rule", true, "name the device with --device")
        .refused("--oom-kill-disable", false, "the memory limit holds; leave it out")
        .refused("--sysctl", true, "the host's kernel is not a job's to set; leave it out");
  }

  /** {@code --memory-swap} is memory and swap together, known only at the end of the line. */
  private static final class Swap {
    static final String TOTAL = "--memory-swap";

    static void settle(Flags.Line line) {
      Optional<Setting> total = line.take(TOTAL);
      if (total.isEmpty() || total.get().value().equals("0")) {
        return;
      }
      Optional<ByteSize> memory =
          line.get("resources.memory").flatMap(at -> ByteSize.parse(at.value().toString()));
      Optional<ByteSize> sum = ByteSize.parse(total.get().value().toString());
      if (memory.isEmpty() || sum.isEmpty() || sum.get().compareTo(memory.get()) < 0) {
        line.problems().accept(JobProblems.badSwap(total.get()));
        return;
      }
      long swap = sum.get().bytes() - memory.get().bytes();
      line.say("resources.swap", total.get().meaning(swap));
    }
  }
}
