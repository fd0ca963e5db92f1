package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.SlotListing.TargetState;
import org.boinc.dockerwrapper.job.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePlanningTest {
  private static ImagePlan.Build build(JobPlan plan) {
    return assertInstanceOf(ImagePlan.Build.class, plan.image());
  }

  @Test
  void archivesComeBeforeADockerfileAndThatBeforeAName() {
    String name = "image.name = \"example.org/app:1\"";
    String archive = "image.files = [\"image.tar\"]";
    assertInstanceOf(
        ImagePlan.Load.class, PlanCase.of(name, archive).file("image.tar").plan().image());
    assertInstanceOf(ImagePlan.Build.class, PlanCase.of(name).plan().image());
    assertInstanceOf(ImagePlan.Pull.class, PlanCase.bare(name).plan().image());
  }

  @Test
  void withoutAnyThereIsNoImage() {
    assertEquals(
        "image: the slot holds no 'Dockerfile' and job.toml names no image; add a Dockerfile to"
            + " the app version or the workunit, or set image.name or image.files",
        PlanCase.bare().refusal());
  }

  @ParameterizedTest
  @CsvSource({
    "alpine, docker.io/library/alpine:latest",
    "alpine:3.20, docker.io/library/alpine:3.20",
    "team/app, docker.io/team/app:latest",
    "quay.io/team/app:1, quay.io/team/app:1",
    "localhost:5000/app, localhost:5000/app:latest"
  })
  void aPulledImageHasANameThatNoEngineHasToGuess(String name, String qualified) {
    JobPlan plan = PlanCase.bare("image.name = \"" + name + "\"").plan();
    assertEquals(
        new ImagePlan.Pull(
            qualified, ImagePlan.Pull.When.MISSING, "", "", Optional.empty(), Duration.ofHours(1)),
        plan.image());
    assertTrue(plan.keepImage(), "others may use it too");
  }

  @Test
  void aPulledImageGoesWithTheJobOnlyIfAsked() {
    assertFalse(
        PlanCase.bare("image.name = \"alpine\"", "image.keep = \"job\"").plan().keepImage());
  }

  @ParameterizedTest
  @CsvSource({"missing, MISSING", "always, ALWAYS", "never, NEVER"})
  void thePullPolicyIsPassedOn(String word, ImagePlan.Pull.When when) {
    ImagePlan.Pull pull =
        assertInstanceOf(
            ImagePlan.Pull.class,
            PlanCase.bare("image.name = \"alpine\"", "image.pull = \"" + word + "\"")
                .plan()
                .image());
    assertEquals(when, pull.when());
  }

  @Test
  void aDockerfileOfTheWorkunitMakesAnImageThatGoesWithTheJob() {
    JobPlan plan = PlanCase.of().plan();
    assertEquals("boinc_wu_one", build(plan).name().preferred());
    assertEquals(
        Map.of("boinc.project", "example.org_Proj", "boinc.client", "/boinc", "boinc.wu", "WU_One"),
        build(plan).labels());
    assertFalse(plan.keepImage());
    assertEquals(
        new Origin(Origin.Source.CLIENT, "Dockerfile is not a file of the app version"),
        plan.origins().get("image.scope"));
  }

  @Test
  void aDockerfileOfTheAppVersionMakesAnImageThatStays() {
    JobPlan plan = PlanCase.of().ofAppVersion("Dockerfile").plan();
    assertEquals("boinc_example.org_proj_app_cpu_805", build(plan).name().preferred());
    assertEquals(
        Map.of(
            "boinc.project", "example.org_Proj",
            "boinc.client", "/boinc",
            "boinc.app_version", "app_cpu_805"),
        build(plan).labels());
    assertTrue(plan.keepImage());
  }

  @ParameterizedTest
  @CsvSource({
    "app_version, auto, true",
    "workunit, auto, false",
    "workunit, forever, true",
    "app_version, job, false",
    "app_version, scope, true",
    "workunit, scope, false"
  })
  void whatTheJobSaysOfScopeAndKeepCounts(String scope, String keep, boolean kept) {
    JobPlan plan =
        PlanCase.of("image.scope = \"" + scope + "\"", "image.keep = \"" + keep + "\"").plan();
    assertEquals(kept, plan.keepImage());
    assertEquals(scope.equals("workunit"), build(plan).name().preferred().equals("boinc_wu_one"));
  }

  @Test
  void archivesOfTheAppVersionAreOnlyAsGoodAsAllOfThem() {
    String two = "image.files = [\"a.tar\", \"b.tar\"]";
    assertTrue(archives(two).ofAppVersion("a.tar", "b.tar").plan().keepImage());
    assertFalse(archives(two).ofAppVersion("a.tar").plan().keepImage());
    ImagePlan.Load load = assertInstanceOf(ImagePlan.Load.class, archives(two).plan().image());
    assertEquals(
        List.of(PlanCase.SLOT.resolve("a.tar"), PlanCase.PROJECT.resolve("b.tar_1")),
        load.archives());
  }

  private static PlanCase archives(String line) {
    return PlanCase.bare(line).file("a.tar").link("b.tar", TargetState.FILE);
  }

  @Test
  void aMissingArchiveOrDockerfileIsRefused() {
    assertTrue(
        PlanCase.bare("image.files = [\"a.tar\"]")
            .refusal()
            .startsWith("image.files: 'a.tar' is not in the slot; declare it as"));
    assertEquals(
        "image.files: the soft link 'a.tar' leads to '/boinc/projects/example.org_Proj/a.tar_1',"
            + " which does not exist",
        PlanCase.bare("image.files = [\"a.tar\"]").link("a.tar", TargetState.MISSING).refusal());
    assertEquals(
        "image.dockerfile: the link 'Dockerfile' leads to '/etc/passwd', which is not a file of"
            + " this job's project directory",
        PlanCase.bare("files.slot = \"\"").link("Dockerfile", TargetState.OUTSIDE).refusal());
  }

  @Test
  void aChosenNameIsTheImagesWhoeverBuiltIt() {
    ImagePlan.Build build = build(PlanCase.of("image.name = \"team/app:2\"").plan());
    assertEquals(
        new Name("team/app:2", "boinc_example.org_proj_team-app-c259dca84cf8:2"),
        build.name(),
        "what it makes itself never takes the chosen name from others");
    assertEquals(Map.of(), build.labels());
  }

  @Test
  void theContextIsTheSlotWithItsLinksResolved() {
    List<ImagePlan.ContextFile> context =
        context(
            PlanCase.of("files.slot = \"\"", "files.hide = [\"secret\"]")
                .executable("run.sh")
                .directory("src")
                .file("src/a.c")
                .file("secret")
                .link("data", TargetState.FILE)
                .link("out", TargetState.MISSING)
                .link("evil", TargetState.OUTSIDE));
    assertEquals(
        List.of(
            contextFile("Dockerfile", PlanCase.SLOT),
            new ImagePlan.ContextFile("data", PlanCase.PROJECT.resolve("data_1"), false, true),
            contextFile("job.toml", PlanCase.SLOT),
            new ImagePlan.ContextFile("run.sh", PlanCase.SLOT.resolve("run.sh"), false, true),
            new ImagePlan.ContextFile("src", PlanCase.SLOT.resolve("src"), true, false),
            contextFile("src/a.c", PlanCase.SLOT)),
        context);
  }

  @Test
  void aContextMayBeASubdirectory() {
    PlanCase sub =
        PlanCase.bare("image.dockerfile = \"ctx/Dockerfile\"", "image.context = \"ctx\"")
            .directory("ctx")
            .file("ctx/Dockerfile")
            .file("ctx/a")
            .file("other");
    Path context = PlanCase.SLOT.resolve("ctx");
    assertEquals(
        List.of(contextFile("Dockerfile", context), contextFile("a", context)), context(sub));
    assertEquals("Dockerfile", build(sub.plan()).dockerfile());
  }

  private static List<ImagePlan.ContextFile> context(PlanCase planned) {
    return build(planned.plan()).files();
  }

  private static ImagePlan.ContextFile contextFile(String name, Path directory) {
    return new ImagePlan.ContextFile(name, directory.resolve(name), false, false);
  }

  private static boolean runsWithNetwork(PlanCase planned) {
    return build(planned.plan()).limits().network();
  }

  @Test
  void theCommandsOfABuildReachWhatTheJobMayReach() {
    String nat = "network.mode = \"nat\"";
    assertFalse(runsWithNetwork(PlanCase.of()));
    assertTrue(runsWithNetwork(PlanCase.of(nat)));
    assertTrue(runsWithNetwork(PlanCase.legacy("workdir = \"/app\"")), "as it always was");
    assertFalse(runsWithNetwork(PlanCase.of(nat).policy("network = \"none\"")));
    assertFalse(runsWithNetwork(PlanCase.of("network.mode = \"private\"")));
    assertFalse(
        runsWithNetwork(PlanCase.of(nat, "network.allow = [\"example.org:443\"]")),
        "no list could be enforced there");
  }
}
