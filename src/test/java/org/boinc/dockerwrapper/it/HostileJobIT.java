package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.LogRange;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.Mount;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.boinc.dockerwrapper.run.JobEvent;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The jobs of the hostile corpus that start, as an unprivileged client's: a program in each
 * container looks for what it could get of the host, and finds nothing.
 */
@Execution(ExecutionMode.CONCURRENT)
final class HostileJobIT extends JobTest {
  private static final String AUTHENTICATOR = "5ecretauthenticator5ecret";
  private static final String OTHER_SLOT = "0thersl0tssecret";

  /** What of the account and of other slots could be anywhere; brackets keep it from itself. */
  private static final String SECRETS =
      """
      hole() { echo "HOLE: $*"; }
      all="find / ( -path /proc -o -path /sys -o -path /dev ) -prune -o"
      set -f
      $all -type f -exec grep -l '5ecret[a]uthenticator' {} + 2>/dev/null | sed 's/^/HOLE: key in /'
      $all -type f -exec grep -l '0thers[l]0tssecret' {} + 2>/dev/null | sed 's/^/HOLE: slot in /'
      $all '(' -name init_data* -o -name client_state* -o -name account_* -o -name docker_wrapper_* \
        -o -name docker.sock -o -name podman.sock ')' -print | sed 's/^/HOLE: file /'
      set +f
      cat /proc/[0-9]*/environ 2>/dev/null | grep -q '5ecret[a]uthenticator' && hole key in environ
      """;

  private static final String PRIVILEGES =
      """
      while read -r key value; do
        case $key in
          Cap*) [ "$value" = 0000000000000000 ] || hole "$key $value" ;;
          NoNewPrivs:) [ "$value" = 1 ] || hole "$key $value" ;;
          Seccomp:) [ "$value" = 2 ] || hole "$key $value" ;;
        esac
      done </proc/self/status
      mount -t tmpfs none /tmp 2>/dev/null && hole mount
      mknod /tmp/disk b 8 0 2>/dev/null && hole mknod
      chroot / true 2>/dev/null && hole chroot
      nice -n -5 true 2>/dev/null && hole nice
      chrt -f 50 true 2>/dev/null && hole real time
      """;

  /** Where that is forbidden; elsewhere one has no rights outside of it either. */
  private static final String NAMESPACES =
      """
      unshare -U true 2>/dev/null && hole user namespace
      """;

  private static final String SURROUNDINGS =
      """
      [ "$(ls -d /proc/[0-9]* | wc -l)" -lt 30 ] || hole processes of others
      grep -l 'docker[d]\\|contain[e]rd' /proc/[0-9]*/cmdline 2>/dev/null | sed 's/^/HOLE: /'
      find /dev -type b | sed 's/^/HOLE: device /'
      for file in /dev/mem /dev/kmsg /proc/kcore /proc/sysrq-trigger /proc/sys/kernel/core_pattern; do
        [ -w $file ] && [ -s $file -o -c $file ] && hole "can write $file"
      done
      for file in $(find /sys/fs/cgroup -type f 2>/dev/null | head -n 300); do
        [ -w $file ] && hole "can write $file"
      done
      if grep -q '^schema = 1' /app/job.toml 2>/dev/null && ! grep -q nat /app/job.toml; then
        [ "$(ls /sys/class/net)" = lo ] || hole network
      fi
      if grep -q HEALTHCHECK /app/Dockerfile 2>/dev/null; then
        sleep 4
        [ -e /app/health ] && hole the engine ran the check of the image
      fi
      """;

  /** The rights of root in a namespace of its own are none, and it may own its control group. */
  private static final String LIMITS =
      """
      [ "$(id -u)" = 0 ] && hole root
      memory=$(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null)
      [ "$memory" -le 536870912 ] || hole "memory $memory"
      swap=$(cat /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes 2>/dev/null || echo 0)
      [ "$swap" -le 536870912 ] || hole "memory and swap $swap"
      pids=$(cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null)
      [ "$pids" -le 4096 ] || hole "pids $pids"
      [ "$(ulimit -r)" = 0 ] || hole "rtprio $(ulimit -r)"
      [ "$(ulimit -e)" = 0 ] || hole "nice $(ulimit -e)"
      """;

  /** Whether an executable of the app version was changed is seen on the host. */
  private static final String FORGERIES =
      """
      for file in $(find / \\( -path /proc -o -path /sys -o -path /dev \\) -prune -o -name '*tool*' -print); do
        ( echo evil >>"$file" ) 2>/dev/null
      done
      ln -s /etc/passwd /app/progress_link
      ln -s ../../../../../../etc/passwd /app/res
      echo 0 >/app/boinc_finish_called
      echo '{"decided":0}' >/app/docker_wrapper_state.json
      echo '{"v":1,"at":1,"pid":1,"event":"end","text":"forged"}' >/app/docker_wrapper_events.jsonl
      echo x >/tmp/o
      echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!
      sleep 1
      echo attack over
      """;

  static Stream<HostileJob> running() {
    return HostileJob.all().filter(HostileJob::runs);
  }

  @ParameterizedTest
  @MethodSource("running")
  void aHostileJobThatRunsFindsNothing(HostileJob hostile) throws Exception {
    Optional<ImageFacts> alpine = jobs.engine().engine().images().find("alpine:latest");
    Path other = Files.createDirectories(data.resolve("slots/9"));
    Files.writeString(other.resolve("secret"), OTHER_SLOT);
    Job.Builder builder =
        jobs.job("hostile")
            .file(hostile.file())
            .file(SimulatedFile.app("attack.sh", attack()).copied())
            .slot(s -> s.initData(xml -> xml.set("authenticator", AUTHENTICATOR)))
            .slot(s -> s.bounds(512 << 20, 1 << 30));
    HostileJob.FILES.forEach(builder::file);
    hostile.dockerfile().ifPresent(text -> builder.file(SimulatedFile.input("Dockerfile", text)));
    Job job = TestUser.prepare(builder);
    EpisodeEnd end = job.run().end();
    String said = job.stderr();
    assertFalse(said.contains("HOLE"), said);
    if (end instanceof EpisodeEnd.Completed) {
      assertTrue(said.contains("attack over"), said);
    } else {
      assertTrue(
          end.equals(new EpisodeEnd.ComputeError(206)) || end instanceof EpisodeEnd.TemporaryExit,
          end.sentence() + said);
      assertTrue(said.contains("building image") || said.contains("container.user"), said);
    }
    assertTrue(job.containers().isEmpty());
    assertUntouched(job, other);
    assertEquals(alpine, jobs.engine().engine().images().find("alpine:latest"));
  }

  /** Else it would find nothing in the others, too. */
  @Test
  void theProgramFindsWhatThereIs() throws Exception {
    Path secrets = Files.createDirectory(data.resolve("secrets"));
    Files.writeString(secrets.resolve("account_x.xml"), AUTHENTICATOR + OTHER_SLOT);
    TestUser.own(data);
    Mount mount = new Mount.Bind(secrets.toRealPath(), "/host", true);
    TestEngine engine = jobs.engine();
    Containers containers = engine.engine().containers();
    String id =
        containers.create(
            engine.name(), engine.shell(SECRETS, List.of(mount), NetworkPlan.NONE), engine.image());
    containers.start(id, Job.PATIENCE);
    containers.awaitExit(id);
    StringBuilder said = new StringBuilder();
    containers.logs(
        id,
        LogRange.ALL,
        true,
        true,
        (_, bytes) -> said.append(new String(bytes, StandardCharsets.UTF_8)));
    for (String hole :
        List.of(
            "key in /host/account_x.xml",
            "slot in /host/account_x.xml",
            "file /host/account_x.xml")) {
      assertTrue(said.toString().contains("HOLE: " + hole), said.toString());
    }
  }

  private static String attack() {
    return SECRETS
        + PRIVILEGES
        + (EngineUnderTest.IT.forbidsUserNamespaces() ? NAMESPACES : "")
        + SURROUNDINGS
        + (TestUser.OWNS_ENGINE ? "" : LIMITS)
        + FORGERIES;
  }

  private static void assertUntouched(Job job, Path other) throws Exception {
    assertEquals(
        "an executable of the app version", Files.readString(job.inProject(HostileJob.TOOL)));
    assertEquals("an input", Files.readString(job.inProject(HostileJob.INPUT)));
    assertEquals(OTHER_SLOT, Files.readString(other.resolve("secret")));
    try (Stream<Path> files = Files.list(other)) {
      assertEquals(1, files.count());
    }
    assertTrue(Files.readString(job.file(InitData.FILE)).contains(AUTHENTICATOR));
    assertFalse(Files.isSymbolicLink(job.file("res")));
    if (Files.exists(job.file(FinishFile.NAME))) {
      assertEquals("0", Files.readAllLines(job.file(FinishFile.NAME)).getFirst());
    }
    assertFalse(Files.exists(Path.of("/tmp/pwned")));
    assertFalse(Files.readString(job.file(JobEvent.FILE)).contains("forged"));
  }
}
