package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.run.JobEvent;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Images that come from a registry, and registries that don't give them. */
@Execution(ExecutionMode.CONCURRENT)
final class RegistryIT {
  private static final String NAME = "boinc-test/pulled:1";

  @TempDir Path data;
  @RegisterExtension final Jobs jobs = new Jobs(() -> data);
  private TinyRegistry registry;
  private String marker;
  private SavedImage original;

  @BeforeEach
  void start() throws Exception {
    // Of this test alone: an image that another one removes would take this one's layers along.
    marker = "pulled for " + jobs.engine().name();
    original = SavedImage.build(jobs.engine(), data, marker).saveTo(data.resolve("saved.tar"));
    original.close();
    registry = new TinyRegistry(data.resolve("saved.tar"));
  }

  @AfterEach
  void stop() throws Exception {
    registry.close();
    jobs.engine().engine().images().remove(registry.reference(NAME));
    jobs.engine()
        .engine()
        .images()
        .remove(registry.reference("boinc-test/pulled@") + registry.digest());
  }

  private Job.Builder pulling(String prefix, String more) {
    return jobs.job(prefix)
        .toml(
            """
            schema = 1
            [image]
            name = "%s"
            %s
            [container]
            command = ["sh", "-c", "cat /marker >out"]
            """
                .formatted(registry.reference(NAME), more))
        .file(SimulatedFile.output("out"));
  }

  private Optional<ImageFacts> local() throws Exception {
    return jobs.engine().engine().images().find(registry.reference(NAME));
  }

  @Test
  void anImageIsPulledOnceAndKept() throws Exception {
    for (int round = 0; round < 2; round++) {
      Job job = pulling("pull", "digest = \"" + registry.digest() + "\"").prepare();
      job.runToCompletion();
      assertEquals(marker + "\n", job.output("out"));
    }
    assertTrue(local().isPresent());
    long pulls =
        registry.requests().stream()
            .filter(r -> r.startsWith("GET /v2/boinc-test/pulled/manifests/"))
            .count();
    assertTrue(pulls >= 1, registry.requests().toString());
    int asked = registry.requests().size();
    Job third = pulling("pull", "").prepare();
    third.runToCompletion();
    assertEquals(asked, registry.requests().size(), "the registry is left alone");
  }

  @Test
  void anImageThatTheRegistryDoesNotHaveIsTheProjectsFault() throws Exception {
    registry.refuse(404);
    Job job = pulling("unknown", "").prepare();
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("pulling image " + registry.reference(NAME) + " failed"));
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void aRegistryThatIsTiredOfThisHostIsAskedAnotherTime() throws Exception {
    for (int status : EngineUnderTest.IT.statusesToldAtOnce()) {
      registry.refuse(status);
      Job job = pulling("refused", "").prepare();
      Episode episode = job.run();
      EpisodeEnd.TemporaryExit exit =
          assertInstanceOf(EpisodeEnd.TemporaryExit.class, episode.end(), job.stderr());
      assertTrue(
          exit.reason().startsWith("pulling image " + registry.reference(NAME) + " failed"),
          exit.reason());
      assertTrue(exit.delaySeconds() >= 60, exit.toString());
      assertFalse(job.file(FinishFile.NAME).toFile().exists());
      assertTrue(job.containers().isEmpty());
      registry.refuse(0);
      job.runToCompletion();
      assertEquals(marker + "\n", job.output("out"));
      jobs.engine().engine().images().remove(registry.reference(NAME));
    }
  }

  @Test
  void aRegistryThatWantsALoginGetsTheJobsOwn() throws Exception {
    registry.requireLogin("reader", "t0ken-of-the-job");
    String login = "registry = { user = \"reader\", password_file = \"token\" }";
    Job job =
        pulling("login", login).file(SimulatedFile.input("token", "t0ken-of-the-job\n")).prepare();
    job.runToCompletion();
    assertEquals(marker + "\n", job.output("out"));
    assertFalse(job.stderr().contains("t0ken"), job.stderr());
  }

  @Test
  void overTlsThePasswordGoesToTheRegistryAndNowhereElse() throws Exception {
    registry.requireTls(data);
    registry.requireLogin("reader", "t0ken-of-the-job");
    Job job =
        jobs.job("tls")
            .toml(
                """
                schema = 1
                [image]
                name = "%s"
                digest = "%s"
                registry = { user = "reader", password_file = "token" }
                [container]
                command = ["sh", "-c", "env >out; ls -a /app >>out; until [ -e go ]; do sleep 0.1; done"]
                """
                    .formatted(registry.reference(NAME), registry.digest()))
            .file(SimulatedFile.input("token", "t0ken-of-the-job\n"))
            .file(SimulatedFile.output("out"))
            .start();
    String id = job.await(ContainerState.RUNNING).id();
    String inspected = InspectedContainer.of(jobs.engine(), id).toString();
    assertEquals(
        local().orElseThrow().id(),
        InspectedContainer.of(jobs.engine(), id).path("Image").asText());
    job.go();
    job.endOfJob();
    String token = Base64.getEncoder().encodeToString("t0ken".getBytes(StandardCharsets.UTF_8));
    for (String told :
        List.of(
            inspected,
            job.output("out"),
            job.stderr(),
            Files.readString(job.file(JobEvent.FILE)),
            Files.readString(job.file("docker_wrapper_state.json")))) {
      assertFalse(told.contains("t0ken") || told.contains(token.substring(0, 5)), told);
    }
    assertFalse(job.output("out").contains("token"), "nor is the file shown");
  }

  @Test
  void aTagThatMovesBetweenPullAndCreationChangesNothing() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    Job job = pulling("moved", "digest = \"" + registry.digest() + "\"").through(proxy).prepare();
    String busybox = jobs.engine().image().id();
    proxy.spoil(
        line -> {
          if (line.contains("/containers/create")) {
            retag(busybox);
          }
          return false;
        },
        1,
        new FaultyProxy.Spoil.Delay(java.time.Duration.ZERO));
    job.runToCompletion();
    assertEquals(marker + "\n", job.output("out"), "the image that was checked, not the tag's");
  }

  private void retag(String image) {
    try {
      jobs.engine().engine().images().tag(image, registry.reference(NAME));
    } catch (EngineException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aWrongPasswordIsTriedAnotherTimeAndNotTold() throws Exception {
    registry.requireLogin("reader", "right");
    Job job =
        pulling("wrong", "registry = { user = \"reader\", password_file = \"token\" }")
            .file(SimulatedFile.input("token", "wr0ng-password"))
            .prepare();
    EpisodeEnd.TemporaryExit exit =
        assertInstanceOf(EpisodeEnd.TemporaryExit.class, job.run().end(), job.stderr());
    assertTrue(exit.reason().contains("pulling image"), exit.reason());
    assertFalse(job.stderr().contains("wr0ng"), job.stderr());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void aBuildLogsInForTheImageItBeginsWith() throws Exception {
    registry.requireLogin("reader", "t0ken-of-the-job");
    Job job =
        jobs.job("build")
            .toml(
                """
                schema = 1
                [image]
                registry = { user = "reader", password_file = "token" }
                [container]
                command = ["sh", "-c", "cat /marker >out"]
                """)
            .file(SimulatedFile.input("token", "t0ken-of-the-job"))
            .file(SimulatedFile.input("Dockerfile", "FROM " + registry.reference(NAME) + "\n"))
            .file(SimulatedFile.output("out"))
            .prepare();
    job.runToCompletion();
    assertEquals(marker + "\n", job.output("out"));
  }

  @Test
  void aRegistryThatIsNotThereIsAskedAnotherTime() throws Exception {
    registry.close();
    Job job = pulling("down", "").prepare();
    EpisodeEnd.TemporaryExit exit =
        assertInstanceOf(EpisodeEnd.TemporaryExit.class, job.run().end(), job.stderr());
    assertTrue(exit.reason().contains("pulling image"), exit.reason());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void anImageThatIsNotWhatTheDigestSaysIsRefusedBeforeAnythingIsCreated() throws Exception {
    Job job = pulling("digest", "digest = \"sha256:" + "1".repeat(64) + "\"").prepare();
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("not sha256:111"), job.stderr());
    assertTrue(job.containers().isEmpty());
    assertTrue(local().isEmpty(), "the next job is not given it");
  }

  /** The engine keeps a registry's Retry-After to itself, so the delay is our own. */
  @Test
  void aRegistryThatGoesOnFailingIsAskedLessAndLessOften() throws Exception {
    for (int status : EngineUnderTest.IT.statusesToldAtOnce()) {
      registry.refuse(status);
      Job job = pulling("growing", "").prepare();
      int first = temporaryExit(job).delaySeconds();
      int second = temporaryExit(job).delaySeconds();
      assertTrue(first >= 60 && second > first, first + " " + second);
      assertTrue(job.containers().isEmpty());
    }
  }

  @Test
  void aRegistryThatWantsALoginIsToldWithTheKeyThatGivesIt() throws Exception {
    registry.requireLogin("reader", "right");
    Job job = pulling("nologin", "").prepare();
    EpisodeEnd end = job.run().end();
    boolean notNow =
        end instanceof EpisodeEnd.TemporaryExit || end.equals(new EpisodeEnd.ComputeError(206));
    assertTrue(notNow, end.sentence() + job.stderr());
    assertTrue(job.stderr().contains("image.registry"), job.stderr());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void aRegistryThatHangsPutsTheJobOffWhenImageTimeoutIsOver() throws Exception {
    registry.hang();
    Job job = pulling("hang", "timeout = \"3s\"").prepare();
    EpisodeEnd.TemporaryExit exit = temporaryExit(job);
    assertTrue(exit.reason().contains("not done within 3 s; image.timeout"), exit.reason());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void quitIsHeardWhileARegistryHangs() throws Exception {
    registry.hang();
    Job job = pulling("hangquit", "").start();
    Await.until(
        "the registry is asked",
        Job.PATIENCE,
        () -> registry.requests().stream().anyMatch(request -> request.contains("/manifests/")));
    job.client().quit();
    assertEquals(new EpisodeEnd.Quit(false, 0), job.end().end());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void aLayerThatIsNotWhatItsDigestSaysPutsTheJobOff() throws Exception {
    registry.corrupt();
    Job job = pulling("corrupt", "").prepare();
    assertTrue(temporaryExit(job).reason().contains("pulling image"), job.stderr());
    assertTrue(local().isEmpty());
    assertTrue(job.containers().isEmpty());
  }

  private static EpisodeEnd.TemporaryExit temporaryExit(Job job) throws Exception {
    return assertInstanceOf(EpisodeEnd.TemporaryExit.class, job.run().end(), job.stderr());
  }
}
