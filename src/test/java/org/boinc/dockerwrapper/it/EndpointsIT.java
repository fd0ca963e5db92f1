package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.Endpoint;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.engine.LogRange;
import org.boinc.dockerwrapper.plan.CopyPlan;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The same real engine at the other kinds of endpoints. */
@Timeout(120)
@Execution(ExecutionMode.SAME_THREAD)
final class EndpointsIT extends JobTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  /** The engine's own command line, as it is used where only that can reach the engine. */
  private static Endpoint.Command dialing(Path socket) {
    return new Endpoint.Command(EngineUnderTest.IT.dialing(socket));
  }

  @Test
  void aJobRunsOverTcp() throws Exception {
    try (TcpRelay relay = new TcpRelay(jobs.engine().socket())) {
      Job job =
          jobs.copying("tcp", "echo ran >/work/out")
              .environment("DOCKER_HOST", relay.endpoint().toString())
              .prepare();
      job.runToCompletion();
      assertEquals("ran\n", job.output("out"));
      assertTrue(relay.connections() > 0);
    }
  }

  /** This machine has that address too, but by it alone nobody knows. */
  @Test
  void anEngineOnAnotherMachineRunsJobsThatCopyAndRefusesThoseThatMount() throws Exception {
    try (TcpRelay relay = new TcpRelay(jobs.engine().socket())) {
      String elsewhere = relay.endpoint().toString().replace("127.0.0.1", "[::ffff:127.0.0.1]");
      Job copying =
          jobs.copying("elsewhere", "echo ran >/work/out")
              .environment("DOCKER_HOST", elsewhere)
              .prepare();
      copying.runToCompletion();
      assertEquals("ran\n", copying.output("out"));
      Job mounting =
          jobs.mounted("elsemount", "exit 0").environment("DOCKER_HOST", elsewhere).prepare();
      assertEquals(new EpisodeEnd.ComputeError(206), mounting.run().end(), mounting.stderr());
      assertTrue(mounting.stderr().contains("let the job copy its files"), mounting.stderr());
      assertTrue(mounting.containers().isEmpty());
    }
  }

  @Test
  void aJobRunsOverAChildProcess() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    Job job =
        jobs.copying("stdio", "echo ran >/work/out")
            .environment("DOCKER_HOST", dialing(proxy.endpoint().path()).toString())
            .prepare();
    job.runToCompletion();
    assertEquals("ran\n", job.output("out"));
    assertTrue(proxy.count("POST .*/wait") > 0);
  }

  @Test
  void aJobIsFoundAgainOverAChildProcess() throws Exception {
    Job job =
        jobs.mounted("again", UNTIL_GO + "echo ran >>runs")
            .environment("DOCKER_HOST", dialing(jobs.engine().socket()).toString())
            .start();
    String id = job.await(ContainerState.RUNNING).id();
    job.client().kill9();
    job.end();
    job.start();
    assertEquals(id, job.await(ContainerState.RUNNING).id());
    job.go();
    job.endOfJob();
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  @Test
  void quitIsHeardWhileAChildProcessIsSilent() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    Job job =
        jobs.mounted("stdioquit", ENDLESS)
            .environment("DOCKER_HOST", dialing(proxy.endpoint().path()).toString())
            .start();
    job.await(ContainerState.RUNNING);
    job.awaitReport("anything", status -> true);
    proxy.spoil(".*", 1000, new FaultyProxy.Spoil.Mute());
    job.client().quit();
    assertEquals(
        new EpisodeEnd.Quit(false, 0), job.client().awaitExit(Duration.ofSeconds(15)).end());
  }

  @Test
  void whatTheProgramSaysLastIsTheReason() throws Exception {
    Path nowhere = data.resolve("nowhere.sock");
    Job job =
        jobs.mounted("stdioabsent", "exit 0")
            .environment("DOCKER_HOST", dialing(nowhere).toString())
            .prepare();
    EpisodeEnd end = job.run().end();
    EpisodeEnd.TemporaryExit exit =
        assertInstanceOf(EpisodeEnd.TemporaryExit.class, end, end.sentence());
    assertTrue(
        exit.reason().contains(EngineUnderTest.IT.program() + " ended with status 1"),
        exit.reason());
    assertTrue(exit.reason().contains("nowhere.sock"), exit.reason());
  }

  /** The same engine stands in for Podman's, as only the place where it is found counts here. */
  @Test
  @Tag(EngineUnderTest.ANY)
  void podmansPlaceIsPreferredWhereTheClientFoundPodman() throws Exception {
    for (int dockerType : new int[] {1, 2}) {
      Path runtime = Files.createDirectories(data.resolve("r" + dockerType + "/podman"));
      try (FaultyProxy proxy = new FaultyProxy(runtime, jobs.engine().socket())) {
        Files.createSymbolicLink(runtime.resolve("podman.sock"), proxy.endpoint().path());
        Job job =
            jobs.copying("hint" + dockerType, "echo ran >/work/out")
                .slot(slot -> slot.dockerType(dockerType))
                .under(List.of("env", "-u", "DOCKER_HOST", "-u", "CONTAINER_HOST"))
                .environment("XDG_RUNTIME_DIR", runtime.getParent().toString())
                .prepare();
        job.runToCompletion();
        assertEquals("ran\n", job.output("out"));
        assertEquals(
            dockerType == 2 || !Files.exists(Path.of("/var/run/docker.sock")),
            proxy.count("POST .*/start") > 0,
            "docker_type " + dockerType);
      }
    }
  }

  @Test
  void deadlinesCancellationAndEarlyAnswersWorkOverAChildProcess() throws Exception {
    TestEngine real = jobs.engine();
    FaultyProxy proxy = jobs.proxy();
    String id = real.start("sleep 60");
    long children = children();
    try (Engine engine = Engine.connect(dialing(proxy.endpoint().path()), LONG)) {
      assertEquals(id, engine.containers().inspect(id).id());
      CompletableFuture<Fault> wait = fault(() -> engine.containers().awaitExit(id));
      CompletableFuture<Fault> logs =
          fault(
              () ->
                  engine
                      .containers()
                      .followLogs(id, LogRange.ALL, true, true, (stream, bytes) -> {}));
      proxy.spoil("POST .*/pause", 1, new FaultyProxy.Spoil.Mute());
      CompletableFuture<Fault> pause = fault(() -> engine.containers().pause(id));
      Await.until("all is asked", LONG, () -> proxy.count("/(wait|logs|pause)") == 3);
      engine.cancel();
      assertEquals(Fault.CANCELLED, pause.get(20, TimeUnit.SECONDS));
      assertTrue(!wait.isDone() && !logs.isDone());
      proxy.spoil("PUT", 1, new FaultyProxy.Spoil.AnswerAndRead(409, "not now"));
      List<CopyPlan.In> huge = List.of(new CopyPlan.In(hugeFile(), "/tmp/huge", false));
      EngineException early =
          assertThrows(EngineException.class, () -> engine.copies().copyIn(id, huge, 0, 0));
      assertTrue(
          early.fault() == Fault.CONFLICT
              || (!EngineUnderTest.IT.relaysToTheEnd() && early.fault() == Fault.UNREACHABLE),
          early::sentence);
      proxy.cutAll();
      assertEquals(Fault.UNREACHABLE, wait.get(20, TimeUnit.SECONDS));
      assertEquals(id, engine.containers().inspect(id).id());
    }
    Await.until("no process is left", LONG, () -> children() == children);
  }

  @Test
  void childProcessesLeaveNothingOpen() throws Exception {
    String id = jobs.engine().start("sleep 60");
    Endpoint endpoint = dialing(jobs.engine().socket());
    long descriptors = pipes();
    for (int i = 0; i < 10; i++) {
      Engine engine = Engine.connect(endpoint, LONG);
      CompletableFuture<Fault> wait = fault(() -> engine.containers().awaitExit(id));
      assertEquals(id, engine.containers().inspect(id).id());
      engine.close();
      assertEquals(Fault.CANCELLED, wait.get(20, TimeUnit.SECONDS));
    }
    Await.until("no thread is left", LONG, () -> threads() == 0);
    // Each round opened six or more; tests beside this one have a few of their own.
    Await.until("no pipe is left", LONG, () -> pipes() < descriptors + 30);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("pipe-"))
        .count();
  }

  private static long pipes() throws IOException {
    long count = 0;
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : open) {
        count += isPipe(descriptor);
      }
    }
    return count;
  }

  private static int isPipe(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:") ? 1 : 0;
    } catch (IOException closedByNow) {
      return 0;
    }
  }

  private Path hugeFile() throws Exception {
    Path huge = data.resolve("huge");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(200L << 20);
    }
    return huge;
  }

  private static long children() {
    return ProcessHandle.current()
        .children()
        .filter(
            child -> child.info().command().orElse("").endsWith("/" + EngineUnderTest.IT.program()))
        .count();
  }

  /** Whatever blocks, on a thread of its own. */
  private interface Blocking {
    void run() throws EngineException, IOException;
  }

  private static CompletableFuture<Fault> fault(Blocking call) {
    CompletableFuture<Fault> fault = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                call.run();
                fault.completeExceptionally(new AssertionError("it ended well"));
              } catch (EngineException e) {
                fault.complete(e.fault());
              } catch (IOException e) {
                fault.completeExceptionally(e);
              }
            });
    return fault;
  }
}
