package org.boinc.dockerwrapper.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CreateArgsTest {
  private static JobReading read(String args) {
    String text = "create_args = '''" + args + " '''";
    return JobReader.read(
        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        "job.toml",
        name -> Optional.empty(),
        JobOverrides.NONE);
  }

  private static JobSpec spec(String args) {
    JobReading reading = read(args);
    assertEquals(List.of(), reading.errors());
    return reading.spec().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-m 2g", "-m2g", "-m=2g", "--memory 2g", "--memory=2g", "--memory=2GB", "--memory 2GiB",
        "-m 2048m", "-itm 2g", "-dm2g", "  -m   2g  ", "-m '2g'", "-m \"2g\"", "-m 2\\g",
        "-m 1g --memory 2g"
      })
  void aFlagIsReadInAllItsSpellings(String args) {
    assertEquals(Optional.of(new ByteSize(2L << 30)), spec(args).resources().memory());
  }

  @ParameterizedTest
  @CsvSource({
    "--network none, NONE",
    "--network=bridge, NAT",
    "--net default, NAT",
    "--rm, NAT",
  })
  void networksHaveOurModes(String args, NetworkSpec.Mode mode) {
    assertEquals(mode, spec(args).network().mode());
  }

  @ParameterizedTest
  @CsvSource({
    "80, 80, 0, tcp",
    "8080:80, 80, 8080, tcp",
    "127.0.0.1:8080:53/udp, 53, 8080, udp",
    "127.0.0.1::80/tcp, 80, 0, tcp",
    "[::1]:8080:80, 80, 8080, tcp"
  })
  void portsAreReadInAllTheirForms(String port, int container, int host, String protocol) {
    assertEquals(
        List.of(new NetworkSpec.Port(container, host, protocol)),
        spec("-p " + port).network().ports());
  }

  @Test
  void quotesAndBackslashesAreThoseOfAShell() {
    assertEquals(
        Map.of("A", "two words", "B", "it's", "C", "a\\b", "D", "\"x\"", "E", "${SLOT}", "F", ""),
        spec("-e 'A=two words' -e \"B=it's\" -e 'C=a\\b' -e D=\\\"x\\\" -e 'E=${SLOT}' -e F=")
            .container()
            .env());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-e A=$HOME",
        "-e A=\"$HOME\"",
        "-e A=`id`",
        "--rm; rm -rf /",
        "--rm | cat",
        "--rm && x",
        "-e A=1 > /etc/passwd",
        "-e 'A",
        "-e \"A",
        "--rm \\",
        "-e A=$(id)"
      })
  void whatOnlyAShellCouldDoIsRefused(String args) {
    assertEquals(1, read(args).errors().size(), read(args).toString());
    assertTrue(read(args).spec().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--privileged",
        "--privileged=true",
        "--pid=host",
        "--pid host",
        "--uts=host",
        "--userns=host",
        "--cgroupns=host",
        "--cgroup-parent=x",
        "--runtime=x",
        "--volumes-from=x",
        "--restart=always",
        "--name=x",
        "--security-opt seccomp=unconfined",
        "--security-opt apparmor=unconfined",
        "--security-opt label=disable",
        "--device-cgroup-rule=x",
        "--oom-kill-disable",
        "--sysctl a=b",
        "--ipc=container:x",
        "-v /var/run/docker.sock:/var/run/docker.sock",
        "-v /run/podman/podman.sock:/x",
        "--mount type=bind,source=/var/run/docker.sock,target=/x",
        "--mount type=tmpfs,target=/x",
        "--mount type=bind,source=a,target=/b,bind-propagation=shared"
      })
  void whatBreaksTheSandboxIsRefusedByName(String args) {
    List<Problem> errors = read(args).errors();

    assertEquals(1, errors.size(), errors.toString());
    assertTrue(errors.getFirst().key().startsWith("create_args -"), errors.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--cap-add SYS_ADMIN",
        "--cap-add=sys_admin",
        "--device /dev/fuse",
        "-v /cvmfs:/cvmfs:ro",
        "--mount type=bind,src=/cvmfs,dst=/cvmfs,readonly",
        "--ipc=host",
        "--network host",
        "-p 0.0.0.0:8080:80",
        "-p 192.168.0.1:8080:80"
      })
  void whatNeedsConsentIsAskedForUnderSecurity(String args) {
    assertNotEquals(
        SecurityRequest.NOTHING, read(args).spec().orElseThrow().security(), read(args).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--privileged=false",
        "--rm",
        "-d",
        "-it",
        "--interactive --tty",
        "--cap-drop ALL",
        "--cap-drop=NET_RAW",
        "--security-opt no-new-privileges",
        "--security-opt=no-new-privileges:true",
        "--log-driver none",
        "--log-opt max-size=1m",
        "--ipc private"
      })
  void whatChangesNothingIsAccepted(String args) {
    assertEquals(withoutOrigins(""), withoutOrigins(args));
  }

  private static String withoutOrigins(String args) {
    return spec(args).toString().replaceFirst("origins=.*", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--foo",
        "--foo=1",
        "-x",
        "-",
        "--",
        "alpine",
        "-e",
        "--memory",
        "-m x",
        "--cpus=-1",
        "--cpus 1,5",
        "--init=maybe",
        "-p 80-90:80-90",
        "-p a",
        "--add-host db",
        "--add-host db:host-gateway",
        "--ulimit nofile",
        "--ulimit nofile=-1",
        "--ulimit foo=1",
        "--gpus some",
        "--tmpfs /x",
        "--tmpfs /tmp:exec",
        "--memory-swap=-1",
        "-m 2g --memory-swap 1g",
        "-u root",
        "-h a_b",
        "-w rel",
        "--stop-timeout 0",
        "--pids-limit 0",
        "-l boinc.slot=1",
        "-e BOINC_X=1",
        "-e =1",
        "--pull sometimes",
        "--platform x",
        "--dns example.org"
      })
  void whatIsNotUnderstoodIsAnErrorNeverDropped(String args) {
    assertTrue(read(args).spec().isEmpty(), read(args).toString());
  }

  @Test
  void swapIsWhatMemorySwapHasOverMemory() {
    assertEquals("1g", spec("--memory-swap 3g -m 2g").resources().swap().toString());
    assertEquals("0", spec("--memory-swap 0").resources().swap().toString());
  }

  @Test
  void gpusAreWhatTheClientAssignsNotWhatTheLineNames() {
    assertTrue(spec("--gpus all").gpu().enabled());
    assertEquals(2, spec("--gpus 2").gpu().count());
    assertTrue(spec("--gpus '\"device=0,1\"'").gpu().enabled());
    assertTrue(spec("--device nvidia.com/gpu=all").gpu().enabled());
  }
}
