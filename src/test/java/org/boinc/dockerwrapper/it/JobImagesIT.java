package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/** How jobs come by their images: built, found, loaded; and who takes them away. */
final class JobImagesIT extends JobTest {
  private static String unique(String prefix) {
    return prefix + UUID.randomUUID().toString().substring(0, 8);
  }

  private static long builds(Job... of) throws Exception {
    long builds = 0;
    for (Job job : of) {
      builds += job.stderr().lines().filter(line -> line.contains("building image")).count();
    }
    return builds;
  }

  /** A mounted job with an [image] table of its own. */
  private Job.Builder image(String prefix, String image, String script) {
    return jobs.job(prefix)
        .toml(
            """
            schema = 1
            [image]
            %s
            [container]
            command = ["sh", "job.sh"]
            stop_timeout = "1s"
            """
                .formatted(image))
        .script("job.sh", script);
  }

  @Test
  void c44AnImageNameThatExistsIsUsedWithoutABuildAndStays() throws Exception {
    try (SavedImage present = SavedImage.build(jobs.engine(), data, "present")) {
      Job job =
          image("c44", "name = \"" + present.tag() + "\"", "cat /marker >out")
              .file(SimulatedFile.input("Dockerfile", "FROM " + TestEngine.IMAGE + "\nRUN false\n"))
              .file(SimulatedFile.output("out"))
              .prepare();
      job.runToCompletion();
      assertEquals("present\n", job.output("out"));
      assertEquals(0, builds(job));
      assertTrue(jobs.engine().engine().images().find(present.tag()).isPresent());
    }
  }

  @Test
  void c45TwoResultsOfOneWorkunitBuildOnceAndTheFirstToEndLeavesTheImageToTheOther()
      throws Exception {
    String workunit = unique("c45_");
    String dockerfile = "FROM " + TestEngine.IMAGE + "\nRUN sleep 2; echo built >/marker\n";
    Job first =
        jobs.building("c45", dockerfile, "cd /app\n" + UNTIL_GO + "cat /marker >copied\n")
            .slot(s -> s.names(workunit, workunit + "_0"))
            .file(SimulatedFile.output("copied").copied())
            .prepare();
    Job second =
        jobs.building("c45", dockerfile, "cd /app\n" + UNTIL_GO + "cat /marker >copied\n")
            .slot(s -> s.names(workunit, workunit + "_1"))
            .file(SimulatedFile.output("copied").copied())
            .prepare();
    first.start();
    second.start();
    first.await(ContainerState.RUNNING);
    second.await(ContainerState.RUNNING);
    assertEquals(1, builds(first, second), first.stderr() + second.stderr());
    first.go();
    first.endOfJob();
    assertTrue(second.workunitImage().isPresent(), "the image that the second result runs on");
    second.go();
    second.endOfJob();
    assertEquals("built\n", first.output("copied"));
    assertEquals("built\n", second.output("copied"));
    assertTrue(second.workunitImage().isEmpty(), "nobody needs the image any more");
  }

  @Test
  void c46ABuildThatPrintsErrorAndUnreachableCounts() throws Exception {
    Job job =
        jobs.building(
                "c46",
                "FROM " + TestEngine.IMAGE + "\nRUN echo Error: unreachable; echo Error >&2\n",
                "true")
            .prepare();
    job.runToCompletion();
    assertEquals(1, builds(job));
  }

  @Test
  void c47AFailingBuildLeavesItsLastLinesInStderrTxt() throws Exception {
    Job job =
        jobs.building(
                "c47",
                "FROM "
                    + TestEngine.IMAGE
                    + "\nRUN for i in 1 2 3; do echo step $i; done; echo 'no compiler' >&2; exit 7\n",
                "true")
            .prepare();
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("step 3") && job.stderr().contains("no compiler"));
    assertTrue(
        job.stderr()
            .contains(
                "the image can't be built: a RUN command of 'Dockerfile', which has no network as the job has none (network.mode), ended with status 7"),
        job.stderr());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void aLocalImageIsUsedByItsReference() throws Exception {
    Job job = image("local", "name = \"" + TestEngine.IMAGE + "\"", "true").prepare();
    job.runToCompletion();
    assertFalse(job.stderr().contains("pulling"), job.stderr());
  }

  @Test
  void anImageThatMayNotBePulledAndIsNotThereIsTheProjectsFault() throws Exception {
    Job job = image("never", "name = \"boinc-test/absent:1\"\npull = \"never\"", "true").prepare();
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("is not on this host and image.pull is \"never\""));
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void archivesThatComeWithTheJobAreLoadedCompressedOrNotAndTheLastOneRuns() throws Exception {
    try (SavedImage base = SavedImage.build(jobs.engine(), data, "base");
        SavedImage top = SavedImage.build(jobs.engine(), data, "top")) {
      base.saveTo(data.resolve("base.tar")).close();
      top.saveTo(data.resolve("top.tar.gz")).close();
      assertTrue(jobs.engine().engine().images().find(top.facts().id()).isEmpty());
      Job job =
          image(
                  "archives",
                  "files = [\"base.tar\", \"top.tar.gz\"]\ndigest = \"%s\""
                      .formatted(top.facts().id()),
                  "cat /marker >out; ls >>out")
              .file(
                  SimulatedFile.input(
                      "base.tar", file -> Files.copy(data.resolve("base.tar"), file)))
              .file(
                  SimulatedFile.input(
                      "top.tar.gz", file -> Files.copy(data.resolve("top.tar.gz"), file)))
              .file(SimulatedFile.output("out"))
              .prepare();
      job.runToCompletion();
      assertEquals("top\njob.sh\njob.toml\nout\n", job.output("out"), "archives are not shown");
      assertTrue(jobs.engine().engine().images().find(top.tag()).isEmpty(), "its own name");
      assertTrue(jobs.engine().engine().images().find(base.tag()).isEmpty(), "its own name");
      assertTrue(jobs.engine().engine().images().find(top.facts().id()).isEmpty());
    }
  }

  @Test
  void ofLayeredArchivesOneThatWasAlteredIsNotRun() throws Exception {
    try (SavedImage base = SavedImage.build(jobs.engine(), data, "base");
        SavedImage top = SavedImage.build(jobs.engine(), data, "top")) {
      base.saveTo(data.resolve("base.tar"));
      top.saveTo(data.resolve("top.tar"));
      byte[] bytes = Files.readAllBytes(data.resolve("top.tar"));
      int marker = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("top\n\0\0\0");
      assertTrue(marker > 0, "the layer's one file is in the archive as it is");
      bytes[marker] = 'h';
      Files.write(data.resolve("top.tar"), bytes);
      jobs.engine().engine().images().remove(base.tag());
      jobs.engine().engine().images().remove(top.tag());
      Job job =
          image(
                  "alteredlayer",
                  "files = [\"base.tar\", \"top.tar\"]\ndigest = \"%s\""
                      .formatted(top.facts().id()),
                  "cat /marker >out")
              .file(
                  SimulatedFile.input(
                      "base.tar", file -> Files.copy(data.resolve("base.tar"), file)))
              .file(
                  SimulatedFile.input("top.tar", file -> Files.copy(data.resolve("top.tar"), file)))
              .file(SimulatedFile.output("out").asOptional())
              .prepare();
      EpisodeEnd end = job.run().end();
      assertFalse(end instanceof EpisodeEnd.Completed, job.stderr());
      assertTrue(job.containers().isEmpty());
      assertTrue(jobs.engine().engine().images().find(base.tag()).isEmpty(), "no name is left");
      assertTrue(jobs.engine().engine().images().find(top.tag()).isEmpty(), "no name is left");
    }
  }

  @Test
  void anArchiveTakesNoNameFromTheImageThatHasIt() throws Exception {
    try (SavedImage evil = SavedImage.build(jobs.engine(), data, "evil");
        SavedImage good = SavedImage.build(jobs.engine(), data, "good")) {
      evil.saveTo(data.resolve("image.tar")).close();
      jobs.engine().engine().images().tag(good.facts().id(), evil.tag());
      Job job =
          image("poison", "files = [\"image.tar\"]", "cat /marker >out")
              .file(
                  SimulatedFile.input(
                      "image.tar", file -> Files.copy(data.resolve("image.tar"), file)))
              .file(SimulatedFile.output("out"))
              .prepare();
      job.runToCompletion();
      assertEquals("evil\n", job.output("out"));
      assertEquals(
          good.facts().id(), jobs.engine().engine().images().find(evil.tag()).orElseThrow().id());
    }
  }

  @Test
  void anImageWithANameOfTheJobsChoiceThatItMadeItselfGoesWithIt() throws Exception {
    String name = unique("boinc_test_chosen_") + ":1";
    Job job =
        image("chosen", "name = \"" + name + "\"", "cat /marker >out; " + UNTIL_GO)
            .file(
                SimulatedFile.input(
                    "Dockerfile", "FROM " + TestEngine.IMAGE + "\nRUN echo made >/marker\n"))
            .file(SimulatedFile.output("out"))
            .start();
    job.await(ContainerState.RUNNING);
    job.client().quit();
    job.end();
    job.start();
    job.await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
    assertEquals("made\n", job.output("out"));
    String ours = "boinc_simulated.example_project_" + name;
    assertTrue(jobs.engine().engine().images().find(ours).isEmpty(), "it was the job's own");
    assertTrue(jobs.engine().engine().images().find(name).isEmpty(), "never under its name alone");
  }

  @Test
  void anImageThatWasHereBeforeTheJobStaysAlsoWhereTheJobWouldTakeItAlong() throws Exception {
    try (SavedImage present = SavedImage.build(jobs.engine(), data, "before")) {
      Job job =
          image(
                  "before",
                  "name = \"%s\"\npull = \"never\"\nkeep = \"job\"".formatted(present.tag()),
                  "true")
              .prepare();
      job.runToCompletion();
      assertTrue(jobs.engine().engine().images().find(present.tag()).isPresent());
    }
  }

  @Test
  void anArchiveThatIsNotWhatTheDigestSaysIsRefusedBeforeAnythingIsCreated() throws Exception {
    try (SavedImage image = SavedImage.build(jobs.engine(), data, "altered")) {
      image.saveTo(data.resolve("image.tar"));
      Job job =
          image(
                  "digest",
                  "files = [\"image.tar\"]\ndigest = \"sha256:" + "0".repeat(64) + "\"",
                  "true")
              .file(
                  SimulatedFile.input(
                      "image.tar", file -> Files.copy(data.resolve("image.tar"), file)))
              .prepare();
      assertEquals(new EpisodeEnd.ComputeError(206), job.run().end(), job.stderr());
      assertTrue(job.stderr().contains("not sha256:000"), job.stderr());
      assertTrue(job.containers().isEmpty());
    }
  }

  @Test
  void anAppVersionsImageIsBuiltOnceAndKeptAndAChangedDockerfileIsBuiltAnew() throws Exception {
    String app = unique("app_");
    Job first = appVersion(app, "first");
    first.runToCompletion();
    Job second = appVersion(app, "first");
    second.runToCompletion();
    assertEquals(1, builds(first));
    assertEquals(0, builds(second), second.stderr());
    assertEquals("first\n", second.output("copied"));
    Job third = appVersion(app, "changed");
    third.runToCompletion();
    assertEquals(1, builds(third));
    assertEquals("changed\n", third.output("copied"));
  }

  private Job appVersion(String app, String marker) throws Exception {
    return jobs.job("of_app")
        .toml("schema = 1\n[container]\ncommand = [\"sh\", \"-c\", \"cat /marker >copied\"]\n")
        .slot(s -> s.appVersion(app, "docker", 100))
        .file(
            SimulatedFile.app(
                "Dockerfile", "FROM " + TestEngine.IMAGE + "\nRUN echo " + marker + " >/marker\n"))
        .file(SimulatedFile.output("copied").copied())
        .prepare();
  }

  @Test
  void aWorkunitsImageGoesWithItsLastResult() throws Exception {
    Job job =
        jobs.building("scope", "FROM " + TestEngine.IMAGE + "\nRUN date +%N >/x\n", UNTIL_GO)
            .start();
    job.await(ContainerState.RUNNING);
    assertTrue(job.workunitImage().isPresent());
    job.go();
    job.endOfJob();
    assertTrue(job.workunitImage().isEmpty());
  }

  @Test
  void whatDockerignoreNamesStaysOutOfTheBuild() throws Exception {
    Job job =
        jobs.building(
                "ignore",
                "FROM " + TestEngine.IMAGE + "\nCOPY . /ctx\n",
                "cd /ctx; find . -type f | sort >/app/out")
            .file(SimulatedFile.input(".dockerignore", "*.tmp\nbig/\n!keep.tmp\n"))
            .file(SimulatedFile.input("a.tmp", "a"))
            .file(SimulatedFile.input("keep.tmp", "k"))
            .file(SimulatedFile.input("big/data", "d"))
            .file(SimulatedFile.input("src/main.c", "m"))
            .file(SimulatedFile.output("out"))
            .prepare();
    job.runToCompletion();
    assertEquals(
        "./.dockerignore\n./Dockerfile\n./job.sh\n./job.toml\n./keep.tmp\n./src/main.c\n",
        job.output("out"));
  }

  @Test
  void c42NamesAreWhatBoincsUsersKnow() throws Exception {
    String workunit = unique("WU_One_");
    Job job =
        jobs.building("c42", "FROM " + TestEngine.IMAGE + "\nRUN true\n", UNTIL_GO)
            .slot(s -> s.project("example.org_Proj").workunit(workunit))
            .start();
    job.await(ContainerState.RUNNING);
    assertEquals("boinc_" + workunit + "_0", job.container().name());
    String image = "boinc_" + workunit.toLowerCase(java.util.Locale.ROOT);
    assertTrue(jobs.engine().engine().images().find(image).isPresent());
    job.go();
    job.endOfJob();
  }

  @Test
  void c43NamesThatNoEngineTakesAreReplacedAndCleanedUp() throws Exception {
    for (String name :
        List.of(
            unique("a b___c#ä/../_"),
            "x".repeat(232) + unique(""),
            unique("_-. ") + "__",
            "$(id)")) {
      Job job =
          jobs.building("c43", "FROM " + TestEngine.IMAGE + "\nRUN true\n", UNTIL_GO)
              .slot(s -> s.workunit(name))
              .start();
      job.await(ContainerState.RUNNING);
      String container = job.container().name();
      assertTrue(container.matches("boinc_[a-zA-Z0-9][a-zA-Z0-9_.-]*"), container);
      job.go();
      job.endOfJob();
      assertTrue(job.workunitImage().isEmpty() && job.containers().isEmpty());
      job.slot().remove();
    }
  }

  @Test
  void twoProjectsWithTheSameNamesAtOnceDoNotMeet() throws Exception {
    String workunit = unique("same_");
    List<Job> both =
        Stream.of("a.example_p", "b.example_p")
            .map(
                project -> {
                  try {
                    return jobs.building(
                            "same",
                            "FROM " + TestEngine.IMAGE + "\nRUN echo " + project + " >/marker\n",
                            "cd /app\n" + UNTIL_GO + "cat /marker >copied\n")
                        .slot(s -> s.project(project).workunit(workunit))
                        .file(SimulatedFile.output("copied").copied())
                        .start();
                  } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                })
            .toList();
    for (Job job : both) {
      Await.until("a container of each", Job.PATIENCE, () -> ofSlot(job).size() == 1);
      job.awaitStderr("-> RUNNING");
    }
    both.get(0).go();
    both.get(0).endOfJob();
    assertEquals(ContainerState.RUNNING, ofSlot(both.get(1)).getFirst().state());
    both.get(1).go();
    both.get(1).endOfJob();
    assertEquals("a.example_p\n", both.get(0).output("copied"));
    assertEquals("b.example_p\n", both.get(1).output("copied"));
    assertTrue(both.get(0).containers().isEmpty());
    assertTrue(both.get(0).workunitImage().isEmpty());
  }

  private List<ContainerSighting> ofSlot(Job job) throws Exception {
    return jobs.engine()
        .engine()
        .containers()
        .find(Map.of(Labels.SLOT, job.slot().directory().toString()));
  }

  @Test
  void theContainerThatAnEarlierJobLeftInThisSlotIsRemoved() throws Exception {
    Job earlier = jobs.mounted("earlier", "sleep 600").start();
    earlier.await(ContainerState.RUNNING);
    earlier.client().kill9();
    earlier.end();
    assertEquals(List.of(), earlier.slot().remove());
    Job next = jobs.mounted("next", "true").prepare();
    assertEquals(earlier.slot().directory(), next.slot().directory());
    next.runToCompletion();
    assertTrue(earlier.containers().isEmpty(), next.stderr());
    assertTrue(next.stderr().contains("removing left-over container"), next.stderr());
  }
}
