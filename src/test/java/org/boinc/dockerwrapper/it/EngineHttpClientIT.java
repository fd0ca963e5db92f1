package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.engine.Endpoint;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.EngineHttpClient;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.engine.LogRange;
import org.boinc.dockerwrapper.plan.CopyPlan;
import org.boinc.dockerwrapper.plan.ImagePlan;
import org.boinc.dockerwrapper.plan.Name;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@Tag(EngineUnderTest.ANY)
class EngineHttpClientIT {
  private static final Duration SHORT = Duration.ofMillis(700);
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;
  private TestEngine real;
  private FaultyProxy proxy;

  @BeforeEach
  void start() throws Exception {
    real = new TestEngine();
    proxy = new FaultyProxy(directory, real.socket());
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    real.close();
  }

  private Engine through(Duration callTimeout) throws EngineException {
    return Engine.connect(proxy.endpoint(), callTimeout);
  }

  /** Whatever blocks, on a thread of its own. */
  private interface Blocking {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> async(Blocking blocking) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            blocking.run();
          } catch (Exception e) {
            throw new java.util.concurrent.CompletionException(e);
          }
        },
        task -> Thread.ofPlatform().daemon().start(task));
  }

  private static Fault faultOf(CompletableFuture<Void> future) {
    Throwable cause =
        assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS)).getCause();
    return ((EngineException) cause).fault();
  }

  private void await(String request) throws InterruptedException {
    while (proxy.count(request) == 0) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void aHundredInspectsUseOneConnection() throws Exception {
    String id = real.create("true");
    try (Engine engine = through(LONG)) {
      for (int i = 0; i < 100; i++) {
        assertEquals(id, engine.containers().inspect(id).id());
      }
    }
    assertEquals(100, proxy.count("GET /containers/"));
    assertEquals(1, proxy.connections());
  }

  @Test
  void anEngineThatSaysNothingIsATimeout() throws Exception {
    try (Engine engine = through(SHORT)) {
      proxy.spoil("GET /containers", 1, new FaultyProxy.Spoil.Mute());
      long begin = System.nanoTime();
      EngineException e =
          assertThrows(EngineException.class, () -> engine.containers().inspect("x"));
      assertEquals(Fault.TIMEOUT, e.fault());
      assertTrue(Duration.ofNanos(System.nanoTime() - begin).compareTo(LONG) < 0);
      assertEquals("inspecting container x failed: no answer within 700 ms", e.sentence());
    }
  }

  @Test
  void aSlowAnswerIsNoTimeout() throws Exception {
    String id = real.create("true");
    try (Engine engine = through(Duration.ofSeconds(5))) {
      proxy.spoil("GET /containers", 1, new FaultyProxy.Spoil.Delay(SHORT));
      assertEquals(id, engine.containers().inspect(id).id());
    }
  }

  @Test
  void anAnswerCutInItsHeadOrInItsBodyIsUnreachable() throws Exception {
    String id = real.create("true");
    try (Engine engine = through(LONG)) {
      for (long bytes : new long[] {10, 600}) {
        proxy.spoil("GET /containers", 2, new FaultyProxy.Spoil.Cut(bytes));
        EngineException e =
            assertThrows(EngineException.class, () -> engine.containers().inspect(id));
        assertEquals(Fault.UNREACHABLE, e.fault());
        proxy.heal();
      }
      assertEquals(id, engine.containers().inspect(id).id());
    }
  }

  @Test
  void aConnectionThatBecameStaleIsReplaced() throws Exception {
    String id = real.create("sleep 60");
    try (Engine engine = through(LONG)) {
      engine.containers().inspect(id);
      proxy.cutAll();
      engine.containers().start(id, LONG);
      // closed while the request is on its way: only a repeatable one is sent again
      proxy.spoil("GET /containers", 1, new FaultyProxy.Spoil.Cut(0));
      proxy.spoil("POST /containers", 1, new FaultyProxy.Spoil.Cut(0));
      engine.containers().inspect(id);
      EngineException e = assertThrows(EngineException.class, () -> engine.containers().pause(id));
      assertEquals(Fault.UNREACHABLE, e.fault());
    }
    assertEquals(1, proxy.count("POST .*/pause"));
  }

  @Test
  void anErrorOfTheEngineKeepsItsReasonInOneLine() throws Exception {
    try (Engine engine = through(LONG)) {
      proxy.spoil("POST .*/start", 1, new FaultyProxy.Spoil.Answer(500, "line 1\\nline 2"));
      EngineException e =
          assertThrows(EngineException.class, () -> engine.containers().start("x", LONG));
      assertEquals(Fault.REFUSED, e.fault());
      assertEquals("starting container x failed: line 1 line 2 (status 500)", e.sentence());
      proxy.spoil("POST", 1, new FaultyProxy.Spoil.Answer(500, "write: no space left on device"));
      EngineException full =
          assertThrows(EngineException.class, () -> engine.containers().start("x", LONG));
      assertEquals(Fault.NO_SPACE, full.fault());
    }
  }

  private Path hugeFile() throws IOException {
    Path huge = directory.resolve("huge");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(200L << 20);
    }
    return huge;
  }

  @Test
  void anErrorThatComesWhileAnUploadRunsIsThatErrorAndNoBrokenPipe() throws Exception {
    Path huge = hugeFile();
    List<CopyPlan.In> files = List.of(new CopyPlan.In(huge, "/tmp/huge", false));
    try (Engine engine = through(LONG)) {
      EngineException e =
          assertThrows(
              EngineException.class, () -> real.engine().copies().copyIn("absent", files, 0, 0));
      assertEquals(Fault.NOT_FOUND, e.fault());
      String id = real.create("true");
      proxy.spoil("PUT", 1, new FaultyProxy.Spoil.Answer(409, "not now"));
      EngineException early =
          assertThrows(EngineException.class, () -> engine.copies().copyIn(id, files, 0, 0));
      assertEquals(Fault.CONFLICT, early.fault());
    }
  }

  @Test
  void anAbandonedDownloadHarmsNobody() throws Exception {
    String id = real.finished("dd if=/dev/zero of=/tmp/big bs=1M count=200 2>/dev/null");
    Request request =
        Request.builder()
            .method(Request.Method.GET)
            .path("/containers/" + id + "/archive?path=/tmp/big")
            .build();
    try (EngineHttpClient http = new EngineHttpClient(proxy.endpoint(), LONG)) {
      for (int i = 0; i < 3; i++) {
        long begin = System.nanoTime();
        try (Response response = http.execute(request);
            InputStream body = response.getBody()) {
          assertEquals(200, response.getStatusCode());
          assertTrue(body.readNBytes(1000).length == 1000);
        }
        assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 10);
      }
      Request ping = Request.builder().method(Request.Method.GET).path("/_ping").build();
      try (Response response = http.execute(ping)) {
        assertArrayEquals(
            "OK".getBytes(StandardCharsets.US_ASCII), response.getBody().readAllBytes());
      }
    }
  }

  @Test
  void cancellingEndsActionsAndNotWaits() throws Exception {
    String id = real.start("sleep 60");
    Engine engine = through(LONG);
    CompletableFuture<Void> wait = async(() -> engine.containers().awaitExit(id));
    CompletableFuture<Void> logs =
        async(
            () ->
                engine
                    .containers()
                    .followLogs(id, LogRange.ALL, true, true, (stream, bytes) -> {}));
    proxy.spoil("POST .*/pause", 1, new FaultyProxy.Spoil.Mute());
    CompletableFuture<Void> action = async(() -> engine.containers().pause(id));
    await("POST .*/wait");
    await("GET .*/logs");
    await("POST .*/pause");
    engine.cancel();
    assertEquals(Fault.CANCELLED, faultOf(action));
    assertEquals(id, engine.containers().inspect(id).id());
    assertTrue(!wait.isDone() && !logs.isDone());
    engine.close();
    assertEquals(Fault.CANCELLED, faultOf(wait));
    assertEquals(Fault.CANCELLED, faultOf(logs));
  }

  @Test
  void aWaitEndsWithItsThread() throws Exception {
    String id = real.start("sleep 60");
    CompletableFuture<Fault> fault = new CompletableFuture<>();
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    real.engine().containers().awaitExit(id);
                  } catch (EngineException e) {
                    fault.complete(e.fault());
                  }
                });
    TimeUnit.MILLISECONDS.sleep(200);
    waiting.interrupt();
    assertEquals(Fault.CANCELLED, fault.get(10, TimeUnit.SECONDS));
  }

  @Test
  void cancellingEndsABuild() throws Exception {
    Path dockerfile =
        Files.writeString(
            directory.resolve("Dockerfile"),
            "FROM " + TestEngine.IMAGE + "\nRUN echo " + real.name() + "; sleep 60\n");
    ImagePlan.Build build =
        new ImagePlan.Build(
            new Name("a", "b"),
            real.labels(),
            List.of(new ImagePlan.ContextFile("Dockerfile", dockerfile, false, false)),
            "Dockerfile",
            Map.of(),
            "",
            "",
            Optional.empty(),
            Duration.ofMinutes(2),
            ImagePlan.BuildLimits.NONE);
    CompletableFuture<Void> running = new CompletableFuture<>();
    CompletableFuture<Void> action =
        async(
            () ->
                real.engine()
                    .images()
                    .build(
                        build,
                        "boinc-test/cancelled:1",
                        line -> {
                          if (line.contains("Running in")) {
                            running.complete(null);
                          }
                        }));
    running.get(60, TimeUnit.SECONDS);
    real.engine().cancel();
    assertEquals(Fault.CANCELLED, faultOf(action));
    assertTrue(real.engine().images().find("boinc-test/cancelled:1").isEmpty());
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  /** Other tests open and close things meanwhile; a leak would be there once for each engine. */
  @Test
  void nothingIsLeftOpen() throws Exception {
    int engines = 60;
    String id = real.start("echo hello; sleep 60");
    real.engine().containers().inspect(id);
    long descriptors = descriptors();
    int threads = Thread.activeCount();
    for (int i = 0; i < engines; i++) {
      Engine engine = Engine.connect(real.endpoint(), LONG);
      engine.containers().logs(id, LogRange.ALL, true, true, (stream, bytes) -> {});
      assertTrue(engine.copies().readSmall(id, "/bin/busybox", 10).isPresent());
      assertThrows(EngineException.class, () -> engine.containers().inspect("absent"));
      CompletableFuture<Void> wait = async(() -> engine.containers().awaitExit(id));
      TimeUnit.MILLISECONDS.sleep(20);
      engine.close();
      assertEquals(Fault.CANCELLED, faultOf(wait));
    }
    TimeUnit.MILLISECONDS.sleep(300);
    long left = descriptors() - descriptors;
    assertTrue(left < engines / 2, "descriptors left: " + left);
    int running = Thread.activeCount() - threads;
    assertTrue(running < engines / 2, "threads left: " + running);
  }

  @Test
  void aSocketWithoutAnEngineIsUnreachableAndSaysWhere() {
    Endpoint nowhere = new Endpoint.UnixSocket(directory.resolve("nowhere.sock"));
    EngineException e = assertThrows(EngineException.class, () -> Engine.connect(nowhere, SHORT));
    assertEquals(Fault.UNREACHABLE, e.fault());
    assertTrue(e.sentence().contains("there is no socket " + directory), e.sentence());
  }
}
