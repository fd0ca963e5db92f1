package org.boinc.dockerwrapper.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** {@code docker run …}, {@code podman run …}, and DESY's {@code dockerrun …}, which adds to it. */
final class DockerRunLine implements Format {
  private static final Pattern START =
      Pattern.compile(
          "(?m)^\\s*(sudo\\s+)?((docker|podman)\\s+(container\\s+)?(run|create)|dockerrun)\\b");
  private static final String OWN_NAMESPACE = "a job has its own; leave it out";
  private static final String VOLUNTEERS = "the volunteer's engine decides; leave it out";
  private static final RunFlags FLAGS = new RunFlags();

  static {
    container();
    resources();
    network();
    host();
    nothing();
    desy();
  }

  @Override
  public String name() {
    return "docker-run";
  }

  @Override
  public String title() {
    return "a docker run line";
  }

  @Override
  public boolean recognises(String text) {
    return START.matcher(text).find();
  }

  @Override
  public void convert(String text, JobDraft draft) throws NotConvertible {
    String line = START.matcher(text).find() ? text.substring(start(text)) : text;
    List<String> words = new ArrayList<>(Words.of(line.strip()));
    while (!words.isEmpty()
        && List.of("sudo", "docker", "podman", "container", "run", "create", "dockerrun")
            .contains(words.getFirst())) {
      words.removeFirst();
    }
    List<String> rest = FLAGS.apply(words, draft);
    if (rest.isEmpty()) {
      throw new NotConvertible("the line names no image");
    }
    Common.image(draft, rest.getFirst());
    if (rest.size() > 1) {
      boolean entry = draft.has("container.entrypoint");
      draft.set(
          entry ? "container.args" : "container.command",
          List.copyOf(rest.subList(1, rest.size())));
    }
    if (!draft.has("network.mode")) {
      draft.set("network.mode", "nat");
    }
    if (!draft.has("files.slot")) {
      draft.set("files.slot", "");
      draft.note(
          "no mounted directory",
          "the container shares no files with the job: name inputs in files.in, results in files.out, or set files.slot");
    }
  }

  private static int start(String text) {
    var found = START.matcher(text);
    return found.find() ? found.start() : 0;
  }

  private static void container() {
    FLAGS
        .value("-e --env", (draft, value) -> Common.variable(draft, "--env " + value, value))
        .value("--env-file", (draft, value) -> draft.add("container.env_files", value))
        .value("-w --workdir", (draft, value) -> draft.set("container.workdir", value))
        .value("-h --hostname", (draft, value) -> draft.set("container.hostname", value))
        .value("-u --user", (draft, value) -> user(draft, value))
        .value("--entrypoint", (draft, value) -> draft.set("container.entrypoint", List.of(value)))
        .toggle("--init", (draft, value) -> draft.set("container.init", true))
        .value("--stop-signal", (draft, value) -> draft.set("container.stop_signal", value))
        .value(
            "--stop-timeout",
            (draft, value) ->
                Common.whole(draft, "container.stop_timeout", "--stop-timeout " + value, value))
        .value("--platform", (draft, value) -> draft.set("image.platform", value))
        .value("--pull", (draft, value) -> draft.set("image.pull", value))
        .no(
            "-l --label --label-file",
            true,
            "the wrapper has its own labels; custom strings go into the table custom")
        .no("--name --cidfile", true, "the client finds a container by its own name; leave it out");
  }

  private static void user(JobDraft draft, String value) {
    if (value.matches("\\d{1,9}(:\\d{1,9})?") && !value.matches("0(:.*)?")) {
      draft.set("container.user", value);
    } else {
      draft.note("--user " + value, "the job runs as the BOINC client's user");
    }
  }

  private static void resources() {
    FLAGS
        .value("--cpus", (draft, value) -> Common.cpus(draft, "--cpus " + value, value))
        .value("-m --memory", (draft, value) -> draft.set("resources.memory", Common.size(value)))
        .value("--shm-size", (draft, value) -> draft.set("resources.shm", Common.size(value)))
        .value(
            "--pids-limit",
            (draft, value) -> Common.whole(draft, "resources.pids", "--pids-limit " + value, value))
        .value("--ulimit", DockerRunLine::ulimit)
        .value("--tmpfs", DockerRunLine::tmpfs)
        .no(
            "--memory-swap --memory-reservation --memory-swappiness --kernel-memory",
            true,
            "memory is limited by resources.memory and resources.swap alone")
        .no(
            "-c --cpu-shares --cpuset-cpus --cpuset-mems --cpu-quota --cpu-period --blkio-weight",
            true,
            "the client grants CPUs (resources.cpus), and a job has the lowest weight")
        .no("--storage-opt --device-read-bps --device-write-bps --oom-score-adj", true, VOLUNTEERS);
  }

  private static void ulimit(JobDraft draft, String value) {
    String[] parts = value.split("[=:]", -1);
    String last = parts[parts.length - 1];
    if (parts.length > 1 && last.matches("\\d{1,18}")) {
      draft.put("resources.ulimits", parts[0], Long.valueOf(last));
    } else {
      draft.note("--ulimit " + value, "is not name=number");
    }
  }

  private static void tmpfs(JobDraft draft, String value) {
    String size = value.replaceFirst("^.*\\bsize=([^,]*).*$", "$1");
    if (value.startsWith("/tmp") && !size.equals(value)) {
      draft.set("resources.tmp", Common.size(size));
    } else if (!value.equals("/tmp")) {
      draft.note("--tmpfs " + value, "only /tmp is one, of size resources.tmp");
    }
  }

  private static void network() {
    FLAGS
        .value(
            "--network --net", (draft, value) -> Common.network(draft, "--network " + value, value))
        .value("-p --publish", (draft, value) -> Common.port(draft, "--publish " + value, value))
        .value("--add-host", DockerRunLine::addHost)
        .value("--dns", (draft, value) -> draft.add("network.dns", value))
        .no("-P --publish-all", false, "name each port in network.ports")
        .no("--expose", true, "a port that is not published needs no key")
        .no(
            "--link --network-alias --ip --ip6 --mac-address --dns-search --dns-option",
            true,
            OWN_NAMESPACE);
  }

  private static void addHost(JobDraft draft, String value) {
    String[] parts = value.split("[:=]", 2);
    if (parts.length == 2) {
      draft.put("network.hosts", parts[0], parts[1]);
    } else {
      draft.note("--add-host " + value, "is not name:address");
    }
  }

  private static void host() {
    FLAGS
        .value("--gpus", DockerRunLine::gpus)
        .value("-v --volume", (draft, value) -> Common.volume(draft, "--volume " + value, value))
        .value("--mount", DockerRunLine::mount)
        .value("--device", DockerRunLine::device)
        .value(
            "--cap-add",
            (draft, value) ->
                draft
                    .add("security.caps", value.toUpperCase(Locale.ROOT).replaceFirst("^CAP_", ""))
                    .note(
                        "--cap-add " + value, "is in [security]: each volunteer must agree to it"))
        .value("--ipc", DockerRunLine::ipc)
        .no("--privileged", false, "name what the job needs under [security]")
        .no("--pid --uts --userns --cgroupns --cgroup-parent", true, OWN_NAMESPACE)
        .no("--runtime --isolation --volume-driver", true, VOLUNTEERS)
        .no("--volumes-from", true, "a job sees no other container")
        .no("--group-add", true, "the job has its user's groups")
        .no(
            "--device-cgroup-rule --security-opt --sysctl",
            true,
            "the engine's own profiles and the host's kernel stay as they are");
  }

  private static void gpus(JobDraft draft, String value) {
    draft.set("gpu.enabled", true);
    if (value.matches("\\d{1,3}")) {
      draft.set("gpu.count", Long.valueOf(value));
    } else {
      draft.note(
          "--gpus " + value, "the job gets the GPU that the client assigns, gpu.count of them");
    }
  }

  private static void device(JobDraft draft, String value) {
    if (value.startsWith("nvidia.com/gpu=") || value.startsWith("/dev/nvidia")) {
      draft.set("gpu.enabled", true);
    } else {
      draft
          .add("security.devices", value.split(":", -1)[0])
          .note("--device " + value, "is in [security]: each volunteer must agree to it");
    }
  }

  private static void ipc(JobDraft draft, String value) {
    if (value.equals("host")) {
      draft.note(
          "--ipc host",
          "the job has its own; size it by resources.shm (security.host_ipc needs consent)");
    } else if (!value.equals("private")) {
      draft.note("--ipc " + value, OWN_NAMESPACE);
    }
  }

  private static void mount(JobDraft draft, String value) {
    String source = "";
    String target = "";
    String access = "";
    for (String part : value.split(",", -1)) {
      String[] pair = part.split("=", 2);
      String right = pair.length > 1 ? pair[1] : "";
      switch (pair[0]) {
        case "source", "src" -> source = right;
        case "target", "destination", "dst" -> target = right;
        case "readonly", "ro" -> access = ":ro";
        default -> {
          // type, and options of no meaning here
        }
      }
    }
    Common.volume(draft, "--mount " + value, source + ":" + target + access);
  }

  /** What a job always has, or the wrapper does. */
  private static void nothing() {
    RunFlags.Meaning accept = (draft, value) -> {};
    FLAGS
        .value("--cap-drop --log-driver --log-opt --detach-keys -a --attach", accept)
        .toggle(
            "--rm -d --detach -i --interactive -t --tty --sig-proxy --no-healthcheck --read-only -q --quiet",
            accept)
        .no("--restart", true, "BOINC decides when a job starts again; leave it out")
        .no(
            "--health-cmd --health-interval --health-retries --health-timeout",
            true,
            "use progress.stall_timeout")
        .no("--oom-kill-disable", false, "the memory limit holds");
  }

  /** What DESY's script adds to docker run (features of the Maxwell cluster). */
  private static void desy() {
    FLAGS
        .toggle(
            "-no-add-user --no-add-user", (draft, value) -> draft.set("container.add_user", false))
        .toggle("-no-add-wd --no-add-wd", (draft, value) -> draft.set("files.slot", ""))
        .toggle("--update", (draft, value) -> draft.set("image.pull", "always"))
        .no(
            "--cluster",
            true,
            "several containers of one job are [cluster], not given by an option");
  }
}
