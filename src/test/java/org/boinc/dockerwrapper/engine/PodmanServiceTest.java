package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A script stands in for Podman; the real one is tried in PodmanServiceIT. */
@Timeout(60)
class PodmanServiceTest {
  private static final Duration LONG = Duration.ofSeconds(40);

  @TempDir Path runtime;
  private Path own;

  @BeforeEach
  void itsDirectory() {
    own = runtime.resolve("boinc-docker");
  }

  private PodmanService service() {
    return PodmanService.of(environment());
  }

  private Map<String, String> environment() {
    return Map.of(
        "XDG_RUNTIME_DIR", runtime.toString(), "PATH", runtime + ":" + System.getenv("PATH"));
  }

  private void podman(String script) throws IOException {
    Path program = runtime.resolve("podman");
    Files.writeString(program, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private TransportException refused(Duration patience) {
    return assertThrows(TransportException.class, () -> service().ensure(patience, () -> true));
  }

  @Test
  void itListensInADirectoryThatNobodyElseMayUse() throws Exception {
    Path program = runtime.resolve("podman");
    podman("echo \"$@\" >&2; exit 1\n");
    TransportException ended = refused(LONG);
    assertEquals(Fault.UNREACHABLE, ended.fault());
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(own)));
    assertEquals(own.resolve("podman.sock"), service().socket());
    assertTrue(
        String.valueOf(ended.getMessage())
            .endsWith(
                "it ended at once: --log-level=error system service --time=10 unix://"
                    + own.resolve("podman.sock")),
        ended.getMessage());
    assertTrue(Files.exists(program));
  }

  @Test
  void oneThatAnswersIsNotStartedAgain() throws Exception {
    podman("touch " + runtime.resolve("started") + "\n");
    PrivateDirectory.require(own);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(service().socket()));
      service().ensure(LONG, () -> true);
    }
    assertFalse(Files.exists(runtime.resolve("started")));
  }

  @Test
  void oneThatNeverListensIsEnded() throws Exception {
    podman("echo $$ >" + runtime.resolve("pid") + "\nsleep 1000 # $@\n");
    assertEquals(Fault.TIMEOUT, refused(Duration.ofSeconds(3)).fault());
    long pid = Long.parseLong(Files.readString(runtime.resolve("pid")).strip());
    assertTrue(
        ProcessHandle.of(pid).map(left -> left.onExit().isDone() || gone(left)).orElse(true));
  }

  /** It is no child of ours, so its exit takes a moment to be seen. */
  private static boolean gone(ProcessHandle process) {
    process.onExit().join();
    return true;
  }

  @Test
  void whoNoLongerWantsItNeedNotWait() throws Exception {
    podman("sleep 1000 # $@\n");
    TransportException cancelled =
        assertThrows(TransportException.class, () -> service().ensure(LONG, () -> false));
    assertEquals(Fault.CANCELLED, cancelled.fault());
  }

  @Test
  void aDirectoryThatOthersMayUseIsRefused() throws Exception {
    podman("exit 0\n");
    Files.createDirectory(own);
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xrwx"));
    TransportException open = refused(LONG);
    assertEquals(Fault.DENIED, open.fault());
    assertTrue(String.valueOf(open.getMessage()).contains("is open to others"), open.getMessage());
    assertTrue(String.valueOf(open.getMessage()).contains("mode 757"), open.getMessage());
  }

  @Test
  void aLinkInItsPlaceIsRefused() throws Exception {
    podman("exit 0\n");
    Path elsewhere = Files.createDirectory(runtime.resolve("elsewhere"));
    Files.createSymbolicLink(own, elsewhere);
    assertEquals(Fault.DENIED, refused(LONG).fault());
  }

  @Test
  void aParentInWhichOthersMayRenameIsRefused() throws Exception {
    podman("exit 0\n");
    Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxrwxrwx"));
    TransportException open = refused(LONG);
    assertEquals(Fault.DENIED, open.fault());
    assertTrue(String.valueOf(open.getMessage()).contains("lets others"), open.getMessage());
  }

  @Test
  void whereThereIsNoPodmanItSaysSo() {
    Map<String, String> bare =
        Map.of("XDG_RUNTIME_DIR", runtime.toString(), "PATH", runtime.toString());
    TransportException none =
        assertThrows(
            TransportException.class, () -> PodmanService.of(bare).ensure(LONG, () -> true));
    assertTrue(
        String.valueOf(none.getMessage()).contains("there is no program podman"),
        none.getMessage());
  }

  @Test
  void aClientWithoutASessionGivesItWhatItNeedsAndNothingOfItsOwn() {
    Map<String, String> ours = new HashMap<>(environment());
    ours.put("LD_LIBRARY_PATH", ".:../../projects/p");
    ours.put("DOCKER_HOST", Endpoint.SERVICE);
    ours.put("NOTIFY_SOCKET", "/run/systemd/notify");
    ours.put("LANG", "C.UTF-8");
    Map<String, String> its = ServiceEnvironment.of(ours);
    assertEquals(
        Map.of(
            "HOME", System.getProperty("user.home"),
            "XDG_RUNTIME_DIR", runtime.toString(),
            "PATH", environment().get("PATH"),
            "LANG", "C.UTF-8"),
        its);
  }

  @Test
  void somebodyElsesDirectoriesAreNotUsed() {
    Map<String, String> theirs = Map.of("XDG_RUNTIME_DIR", "/proc/1/nowhere", "HOME", "/proc/1/me");
    Map<String, String> its = ServiceEnvironment.of(theirs);
    assertEquals(System.getProperty("user.home"), its.get("HOME"));
    assertFalse(its.containsValue("/proc/1/nowhere"));
    assertFalse(ServiceEnvironment.directory(theirs).startsWith("/proc"));
  }
}
