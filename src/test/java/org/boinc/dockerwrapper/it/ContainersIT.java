package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.EngineHttpClient;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.engine.LogRange;
import org.boinc.dockerwrapper.engine.LogSink;
import org.boinc.dockerwrapper.engine.ResourceUsage;
import org.boinc.dockerwrapper.job.ByteSize;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.boinc.dockerwrapper.plan.Mount;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ContainersIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path directory;
  private TestEngine real;
  private Containers containers;

  @BeforeEach
  void start() throws Exception {
    TestUser.own(directory);
    real = new TestEngine();
    containers = real.engine().containers();
  }

  @AfterEach
  void stop() throws Exception {
    real.close();
  }

  private String logs(String id, boolean stdout, boolean stderr) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    containers.logs(id, LogRange.ALL, stdout, stderr, (stream, piece) -> bytes.write(piece));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theEngineSaysWhoItIs() {
    EngineFacts facts = real.engine().facts();
    assertEquals(EngineUnderTest.IT.product(), facts.product());
    assertFalse(facts.version().isEmpty());
    assertTrue(facts.cpus() > 0 && facts.memoryBytes() > 1 << 20);
    assertEquals(real.endpoint().toString(), facts.endpoint());
  }

  @Test
  void aContainerIsSeenThroughItsLife() throws Exception {
    String name = real.name();
    String id =
        containers.create(
            name, real.shell("trap 'exit 3' TERM; while :; do sleep 0.1; done"), real.image());
    ContainerSighting created = containers.inspect(name);
    assertEquals(id, created.id());
    assertEquals(name, created.name());
    assertEquals(ContainerState.CREATED, created.state());
    assertEquals(Optional.empty(), created.startedAt());
    assertEquals(real.labels().get(TestEngine.LABEL), created.labels().get(TestEngine.LABEL));
    assertEquals(real.image().id(), created.imageId());
    containers.start(id, LIMIT);
    containers.start(id, LIMIT);
    ContainerSighting running = containers.inspect(id);
    assertEquals(ContainerState.RUNNING, running.state());
    assertTrue(running.pid() > 0);
    assertTrue(running.startedAt().orElseThrow().isAfter(Instant.parse("2020-01-01T00:00:00Z")));
    containers.pause(id);
    assertEquals(ContainerState.PAUSED, containers.inspect(id).state());
    containers.unpause(id);
    assertEquals(ContainerState.RUNNING, containers.inspect(id).state());
    containers.stop(id, Duration.ofSeconds(10));
    containers.stop(id, Duration.ofSeconds(10));
    ContainerSighting exited = containers.inspect(id);
    assertEquals(ContainerState.EXITED, exited.state());
    assertEquals(3, exited.exitCode());
    assertTrue(exited.finishedAt().isPresent());
    assertEquals(3, containers.awaitExit(id));
    assertEquals(List.of(exited), containers.find(real.labels()));
    containers.remove(id);
    containers.remove(id);
    assertEquals(List.of(), containers.find(real.labels()));
    EngineException gone = assertThrows(EngineException.class, () -> containers.inspect(id));
    assertEquals(Fault.NOT_FOUND, gone.fault());
  }

  @Test
  void labelsMustAllFit() throws Exception {
    String id = real.create("true");
    Map<String, String> mine = real.labels();
    assertEquals(id, containers.find(mine).getFirst().id());
    assertEquals(
        List.of(),
        containers.find(Map.of(TestEngine.LABEL, mine.get(TestEngine.LABEL), "boinc.other", "x")));
  }

  @Test
  void aTakenNameIsAConflict() throws Exception {
    String name = real.name();
    containers.create(name, real.shell("true"), real.image());
    EngineException e =
        assertThrows(
            EngineException.class, () -> containers.create(name, real.shell("true"), real.image()));
    assertEquals(Fault.CONFLICT, e.fault());
  }

  @Test
  void whatCannotBePausedIsAConflict() throws Exception {
    String id = real.create("true");
    assertEquals(
        Fault.CONFLICT, assertThrows(EngineException.class, () -> containers.pause(id)).fault());
    assertEquals(
        Fault.CONFLICT, assertThrows(EngineException.class, () -> containers.kill(id)).fault());
  }

  @Test
  void aCommandThatDoesNotExistFailsTheStart() throws Exception {
    ContainerPlan plan = real.shell("true");
    String id =
        containers.create(
            real.name(),
            new ContainerPlan(
                plan.user(),
                "",
                List.of("/absent"),
                List.of(),
                List.of(),
                "",
                Map.of(),
                List.of(),
                plan.limits(),
                plan.network(),
                plan.privileges(),
                Optional.empty(),
                false,
                true,
                "",
                Duration.ofSeconds(1),
                LIMIT,
                List.of(),
                plan.labels(),
                plan.node()),
            real.image());
    EngineException e = assertThrows(EngineException.class, () -> containers.start(id, LIMIT));
    assertTrue(e.sentence().contains("/absent"), e.sentence());
  }

  private JsonNode inspected(String id) throws IOException {
    Request request =
        Request.builder().method(Request.Method.GET).path("/containers/" + id + "/json").build();
    try (EngineHttpClient http = new EngineHttpClient(real.endpoint(), LIMIT);
        Response response = http.execute(request)) {
      return new ObjectMapper().readTree(response.getBody());
    }
  }

  @Test
  void thePlanIsObeyedAndNothingMoreIsGranted() throws Exception {
    Path shown = Files.writeString(directory.resolve("shown"), "shown");
    NetworkPlan network =
        new NetworkPlan(
            true,
            Optional.empty(),
            List.of(new NetworkPlan.PublishedPort(80, 0, "tcp", false)),
            80,
            Map.of("data.example", "10.0.0.1"),
            List.of("10.0.0.2"));
    String id =
        containers.create(
            real.name(),
            real.shell(
                "sleep 60",
                List.of(
                    new Mount.Bind(shown, "/shown", true),
                    new Mount.Tmpfs("/scratch", new ByteSize(1 << 20))),
                network),
            real.image());
    JsonNode host = inspected(id).path("HostConfig");
    assertEquals("[\"no-new-privileges\"]", host.path("SecurityOpt").toString());
    assertTrue(host.path("CapAdd").isEmpty());
    assertFalse(host.path("Privileged").asBoolean());
    assertTrue(host.path("Devices").isEmpty());
    assertEquals(500_000_000L, host.path("NanoCpus").asLong());
    assertEquals(64L << 20, host.path("Memory").asLong());
    assertEquals(64L << 20, host.path("MemorySwap").asLong());
    assertEquals(16L << 20, host.path("ShmSize").asLong());
    assertEquals(64, host.path("PidsLimit").asLong());
    assertEquals(128, host.path("CpuShares").asLong());
    JsonNode files = host.path("Ulimits").path(0);
    assertTrue(List.of("nofile", "RLIMIT_NOFILE").contains(files.path("Name").asText()));
    assertEquals(256, files.path("Soft").asLong());
    assertEquals(256, files.path("Hard").asLong());
    assertTrue(host.path("Init").asBoolean());
    assertEquals("bridge", host.path("NetworkMode").asText());
    assertTrue(List.of("", "no").contains(host.path("RestartPolicy").path("Name").asText()));
    assertEquals("json-file", host.path("LogConfig").path("Type").asText());
    assertEquals(
        "127.0.0.1", host.path("PortBindings").path("80/tcp").path(0).path("HostIp").asText());
    assertEquals("[\"data.example:10.0.0.1\"]", host.path("ExtraHosts").toString());
    assertEquals("[\"10.0.0.2\"]", host.path("Dns").toString());
    JsonNode config = inspected(id).path("Config");
    assertEquals("1000:1000", config.path("User").asText());
    assertEquals("boinc", config.path("Hostname").asText());
    assertTrue(List.of("SIGTERM", "15").contains(config.path("StopSignal").asText()));
    assertEquals(1, config.path("StopTimeout").asInt());
  }

  @Test
  void whatTheJobSeesIsWhatThePlanSays() throws Exception {
    Path work = Files.createDirectory(directory.resolve("work"));
    Files.setPosixFilePermissions(
        work, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
    String id =
        containers.create(
            real.name(),
            real.shell(
                "id -u; id -g; hostname; echo $BOINC_TEST; echo made > /work/made;"
                    + " grep -c '^Cap.*:.*[1-9a-f]' /proc/self/status;"
                    + " grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status;"
                    + " echo > /ro/x || echo read-only; stat -c %a /scratch;"
                    + " cp /bin/busybox /scratch/echo && /scratch/echo executed; ls /sys/class/net",
                List.of(
                    new Mount.Bind(work, "/work", false),
                    new Mount.Bind(work, "/ro", true),
                    new Mount.Tmpfs("/scratch", new ByteSize(4 << 20))),
                NetworkPlan.NONE),
            real.image());
    containers.start(id, LIMIT);
    assertEquals(0, containers.awaitExit(id));
    assertEquals(
        "1000\n1000\nboinc\na b=c\n0\nNoNewPrivs:\t1\nSeccomp:\t2\nread-only\n1777\nexecuted\nlo\n",
        logs(id, true, false));
    assertEquals("made\n", Files.readString(work.resolve("made")));
  }

  @Test
  void aMissingBindSourceIsRefusedAndNotMade() {
    Path missing = directory.resolve("missing");
    EngineException e =
        assertThrows(
            EngineException.class,
            () ->
                containers.create(
                    real.name(),
                    real.shell(
                        "true", List.of(new Mount.Bind(missing, "/m", true)), NetworkPlan.NONE),
                    real.image()));
    assertEquals(Fault.REFUSED, e.fault());
    assertFalse(Files.exists(missing));
  }

  @Test
  void aPublishedPortIsKnownOnceItRuns() throws Exception {
    NetworkPlan network =
        new NetworkPlan(
            true,
            Optional.empty(),
            List.of(new NetworkPlan.PublishedPort(8080, 0, "tcp", false)),
            8080,
            Map.of(),
            List.of());
    String id =
        containers.create(real.name(), real.shell("sleep 60", List.of(), network), real.image());
    assertEquals(Map.of(), containers.hostPorts(id));
    containers.start(id, LIMIT);
    Map<String, Integer> ports = containers.hostPorts(id);
    assertEquals(Set.of("8080/tcp"), ports.keySet());
    assertTrue(ports.get("8080/tcp") > 1024, ports::toString);
  }

  @Test
  void theTwoOutputsAreKeptApart() throws Exception {
    String id = real.finished("echo out; echo err >&2");
    assertEquals("out\n", logs(id, true, false));
    assertEquals("err\n", logs(id, false, true));
  }

  @org.junit.jupiter.api.RepeatedTest(3)
  void aFollowedLogIsCompleteAndUnspoilt() throws Exception {
    String id =
        real.create("i=0; while [ $i -lt 20000 ]; do echo line $i 0123456789; i=$((i+1)); done");
    containers.start(id, LIMIT);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    containers.followLogs(
        id,
        LogRange.ALL,
        true,
        true,
        (stream, piece) -> {
          assertEquals(LogSink.Stream.STDOUT, stream);
          bytes.write(piece);
          if (bytes.size() < 30000) {
            LockSupport.parkNanos(1_000_000); // a reader that lags behind loses nothing
          }
        });
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 20000; i++) {
      expected.append("line ").append(i).append(" 0123456789\n");
    }
    assertTrue(
        EngineUnderTest.IT.product() == EngineFacts.Product.PODMAN
            || bytes.size() == expected.length(),
        "of " + expected.length() + " came " + bytes.size());
    // Podman loses lines, and then all come once more.
    byte[] end = bytes.toByteArray();
    assertEquals(
        -1,
        Arrays.mismatch(
            expected.toString().getBytes(StandardCharsets.UTF_8),
            Arrays.copyOfRange(end, end.length - expected.length(), end.length)),
        "of " + expected.length() + " came " + bytes.size());
  }

  @Test
  void onlyTheWantedPartOfALogComes() throws Exception {
    String id = real.finished("echo a; echo b; echo c");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    containers.logs(id, LogRange.last(1), true, true, (stream, piece) -> bytes.write(piece));
    assertEquals("c\n", bytes.toString(StandardCharsets.UTF_8));
    bytes.reset();
    containers.logs(
        id,
        LogRange.since(Instant.now().plusSeconds(60)),
        true,
        true,
        (stream, piece) -> bytes.write(piece));
    assertEquals("", bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void anErrorOfTheSinkReachesTheReader() throws Exception {
    String id = real.finished("echo a");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                containers.logs(
                    id,
                    LogRange.ALL,
                    true,
                    true,
                    (stream, piece) -> {
                      throw new IOException("the slot's disk is full");
                    }));
    assertEquals("the slot's disk is full", e.getMessage());
  }

  @Test
  void aDeathForWantOfMemoryIsKnown() throws Exception {
    String id = real.start("head -c 200m /dev/zero | tail");
    containers.awaitExit(id);
    ContainerSighting dead = containers.inspect(id);
    assertEquals(EngineUnderTest.IT.holdsLimits() ? 137 : 0, dead.exitCode());
    assertTrue(dead.oomKilled() || !EngineUnderTest.IT.tellsOfMemory());
  }

  @Test
  void usageGrowsAndTheKernelAgreesWithTheEngine() throws Exception {
    String id = real.start("while :; do :; done");
    long pid = containers.inspect(id).pid();
    TimeUnit.SECONDS.sleep(1);
    ResourceUsage first = containers.usage(id, pid).orElseThrow();
    ResourceUsage engines = containers.usage(id, 0).orElseThrow();
    ResourceUsage last = containers.usage(id, pid).orElseThrow();
    assertTrue(first.cpuSeconds() > 0);
    // Podman without root answers with what the whole host uses.
    if (first.counted()) {
      assertTrue(first.cpuSeconds() <= engines.cpuSeconds(), first + " " + engines);
      assertTrue(engines.cpuSeconds() <= last.cpuSeconds(), engines + " " + last);
    }
    assertTrue(first.workingSetBytes() > 0 && first.workingSetBytes() < 64L << 20);
    containers.kill(id);
    assertEquals(137, containers.awaitExit(id));
    assertEquals(Optional.empty(), containers.usage(id, pid));
  }

  @Test
  void theWritableLayerIsMeasured() throws Exception {
    String id = real.finished("dd if=/dev/zero of=/tmp/x bs=1k count=3000 2>/dev/null");
    long bytes = containers.writableBytes(id);
    assertTrue(bytes >= 3_000_000 && bytes < 4_000_000, "bytes: " + bytes);
  }
}
