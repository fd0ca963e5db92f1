package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What no engine is needed for; the answers are those of Podman 4.3.1. */
class PodmanTraitsTest {
  private static final String ONCE = "2026-11-28T03:31:24.099501252Z";
  private static final String NEVER = "0001-01-01T00:00:00Z";

  private final PodmanTraits traits = new PodmanTraits("4.3.1");

  @TempDir Path directory;

  private JsonObject creation(String host) throws EngineException {
    return creation(host, false);
  }

  private JsonObject creation(String host, boolean rootless) throws EngineException {
    return traits
        .creation(
            "creating x",
            JsonParser.parseString("{\"HostConfig\":{" + host + "}}").getAsJsonObject(),
            rootless)
        .getAsJsonObject("HostConfig");
  }

  private static String mounts(Path source, String target, boolean readOnly) {
    return "\"Ulimits\":[],\"Mounts\":[{\"Source\":\"%s\",\"Target\":\"%s\",\"ReadOnly\":%s}]"
        .formatted(source, target, readOnly);
  }

  @Test
  void aCommaInAPathIsPartOfThePath() throws Exception {
    Path source = Files.createDirectory(directory.resolve("a,ro"));
    JsonObject host = creation(mounts(source, "/b,c", false));
    assertEquals("[\"" + source + ":/b,c:rw\"]", host.get("Binds").toString());
    assertFalse(host.has("Mounts"));
  }

  @Test
  void aPathWithAColonIsRefusedByName() throws Exception {
    Path source = Files.createDirectory(directory.resolve("a:b"));
    EngineException refused =
        assertThrows(EngineException.class, () -> creation(mounts(source, "/c", true)));
    assertEquals(Fault.REFUSED, refused.fault());
    assertEquals(
        "creating x failed: Podman can't mount " + source + ": there is a colon in it",
        refused.sentence());
  }

  @Test
  void whatIsMissingIsNotMade() {
    Path missing = directory.resolve("missing");
    EngineException refused =
        assertThrows(EngineException.class, () -> creation(mounts(missing, "/c", true)));
    assertTrue(
        refused.sentence().contains("there is no " + missing + " to be mounted"),
        refused.sentence());
  }

  @Test
  void theTwoLimitsThatPodmanCaresForAreGivenTogetherOrNotAtAll() throws Exception {
    String none = "\"Mounts\":[],\"Ulimits\":[]";
    assertEquals("[]", creation(none).get("Ulimits").toString());
    String one = "\"Mounts\":[],\"Ulimits\":[{\"Name\":\"nofile\",\"Soft\":9,\"Hard\":9}]";
    List<Json> limits = new Json(creation(one).get("Ulimits")).items().toList();
    assertEquals(
        List.of("nofile", "nproc"), limits.stream().map(l -> l.path("Name").text()).toList());
    assertEquals(9, limits.getFirst().path("Hard").number());
    assertEquals(32768, limits.getLast().path("Hard").number());
  }

  @Test
  void withoutRootTheProcessesOfTheUserAreLimitedUnlessTheJobSaysSoItself() throws Exception {
    String host = "\"Mounts\":[],\"PidsLimit\":100,\"Ulimits\":[%s]";
    Json limit =
        new Json(creation(host.formatted(""), true).get("Ulimits")).items().toList().getFirst();
    assertEquals("nproc", limit.path("Name").text());
    assertEquals(1124, limit.path("Hard").number());
    String own = "{\"Name\":\"nproc\",\"Soft\":7,\"Hard\":7}";
    List<Json> limits =
        new Json(creation(host.formatted(own), true).get("Ulimits")).items().toList();
    assertEquals(List.of(7L, 4096L), limits.stream().map(l -> l.path("Hard").number()).toList());
  }

  @Test
  void onlyFromVersion4OnIsItAskedByItsOwnInterface() {
    JsonObject request = JsonParser.parseString("{\"HostConfig\":{}}").getAsJsonObject();
    for (String version : List.of("4.0.0", "4.3.1", "5.0.0-rc1")) {
      assertTrue(new PodmanTraits(version).hasOwnInterface(), version);
      assertTrue(new PodmanTraits(version).needsOwnRequest(request, true), version);
      assertFalse(new PodmanTraits(version).needsOwnRequest(request, false), version);
    }
    assertFalse(new PodmanTraits("3.4.4").hasOwnInterface());
    assertFalse(new PodmanTraits("3.4.4").needsOwnRequest(request, true));
    assertFalse(PodmanTraits.knowsCdi("4.0.3"));
    assertTrue(PodmanTraits.knowsCdi("4.1.0"));
  }

  @Test
  void aGpuIsRefusedAndNotForgotten() {
    EngineException refused =
        assertThrows(
            EngineException.class,
            () -> creation("\"Mounts\":[],\"Ulimits\":[],\"DeviceRequests\":[{}]"));
    assertTrue(refused.sentence().contains("GPU"), refused.sentence());
  }

  private ContainerSighting corrected(String status, String startedAt, long pid) throws Exception {
    Path resolver = Files.writeString(directory.resolve("resolv.conf"), "");
    Json description =
        Json.parse(
            """
            {"Id":"1","Name":"x","HostnamePath":"%s",
            "State":{"Status":"%s","Running":%s,"ExitCode":0,"StartedAt":"%s","Pid":%d}}
            """
                .formatted(resolver, status, status.equals("running"), startedAt, pid)
                .getBytes(StandardCharsets.UTF_8));
    return traits.corrected(description, Sightings.of(description));
  }

  @Test
  void aContainerThatRanBeforeARebootWasKilledAndIsNotNew() throws Exception {
    assertEquals(ContainerState.CREATED, corrected("created", NEVER, 0).state());
    ContainerSighting lost = corrected("created", ONCE, 0);
    assertEquals(ContainerState.EXITED, lost.state());
    assertEquals(137, lost.exitCode());
  }

  @Test
  void aContainerOnItsWayHasNotEndedWithStatusZero() throws Exception {
    long alive = ProcessHandle.current().pid();
    assertEquals(ContainerState.CREATED, corrected("initialized", NEVER, 0).state());
    assertEquals(ContainerState.CREATED, corrected("initialized", ONCE, 0).state());
    assertEquals(ContainerState.RUNNING, corrected("stopping", ONCE, alive).state());
    assertEquals(ContainerState.EXITED, corrected("exited", ONCE, 0).state());
  }

  @Test
  void aContainerWithoutItsProcessIsDead() throws Exception {
    long alive = ProcessHandle.current().pid();
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    long gone = ended.pid();
    for (String status : List.of("running", "paused", "stopping")) {
      assertEquals(ContainerState.DEAD, corrected(status, ONCE, gone).state(), status);
    }
    assertEquals(ContainerState.RUNNING, corrected("running", ONCE, alive).state());
    Files.delete(directory.resolve("resolv.conf"));
    Json elsewhere =
        Json.parse(
            "{\"HostnamePath\":\"%s/none\",\"State\":{\"Status\":\"running\",\"Pid\":%d}}"
                .formatted(directory, gone)
                .getBytes(StandardCharsets.UTF_8));
    assertEquals(
        ContainerState.RUNNING, traits.corrected(elsewhere, Sightings.of(elsewhere)).state());
  }

  @Test
  void theStatusOfAFailedCommandOfABuildIsFound() {
    BuildFailed failed = new BuildFailed(List.of("hi"), OptionalInt.empty(), false);
    BuildFailed run =
        traits.buildFailed(
            "building at STEP \"RUN echo hi; exit 7\": while running runtime: exit status 7\n",
            failed);
    assertEquals(OptionalInt.of(7), run.exitCode());
    assertFalse(run.badRequest());
    assertTrue(
        traits
            .buildFailed(
                "building at STEP \"RUNN \": Build error: Unknown instruction: \"RUNN\"", failed)
            .badRequest());
    BuildFailed registry =
        traits.buildFailed(
            "creating build container: initializing source docker://x:1: pinging container"
                + " registry registry-1.docker.io: no such host",
            failed);
    assertEquals(failed, registry);
  }

  @Test
  void whatTheRegistryDoesNotHaveIsToldFromARegistryThatIsDown() {
    assertEquals(
        Fault.NOT_FOUND,
        traits
            .notPulled(
                "pulling x",
                "initializing source docker://127.0.0.1:1/x:1: reading manifest 1 in 127.0.0.1:1/x:"
                    + " manifest unknown")
            .fault());
    assertEquals(
        Fault.REFUSED,
        traits
            .notPulled("pulling x", "dial tcp 127.0.0.1:47100: connect: connection refused")
            .fault());
  }

  @Test
  void theCauseOfAnErrorCountsMoreThanItsStatus() {
    String answer =
        "{\"cause\":\"container state improper\",\"message\":\"x is already paused\",\"response\":500}";
    EngineException improper = EngineException.ofAnswer("pausing x", 500, answer);
    assertEquals(Fault.CONFLICT, improper.fault());
    assertEquals("pausing x failed: x is already paused (status 500)", improper.sentence());
  }

  @Test
  void anArchiveIsUnpackedBecausePodmanDoesNot() throws Exception {
    byte[] content = "an archive".getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(content);
    }
    for (byte[] archive : List.of(content, packed.toByteArray())) {
      assertEquals(
          "an archive",
          new String(
              traits.plain("loading x", new ByteArrayInputStream(archive)).readAllBytes(),
              StandardCharsets.UTF_8));
    }
    byte[] zstandard = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0};
    EngineException refused =
        assertThrows(
            EngineException.class,
            () -> traits.plain("loading x", new ByteArrayInputStream(zstandard)));
    assertTrue(refused.sentence().contains("use gzip or none"), refused.sentence());
  }
}
