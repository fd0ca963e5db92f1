package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.SlotListing.TargetState;
import org.boinc.dockerwrapper.plan.JobPlan.OutputLink;
import org.boinc.dockerwrapper.plan.WorkPlan.Placement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of slot and project directory the container sees where the slot is mounted. */
class MountedSlotTest {
  private static final Path SLOT = PlanCase.SLOT;
  private static final Path WORK = PlanCase.WORK;
  private static final Path PROJECT = PlanCase.PROJECT;

  private static List<Placement> placements(JobPlan plan) {
    return plan.work().orElseThrow().placements();
  }

  private static Mount.Bind readOnly(Path source, String target) {
    return new Mount.Bind(source, target, true);
  }

  private static Mount.Bind writable(Path source, String target) {
    return new Mount.Bind(source, target, false);
  }

  private static void assertMounted(JobPlan plan, Mount... mounts) {
    for (Mount mount : mounts) {
      assertTrue(
          plan.container().mounts().contains(mount),
          () -> mount + " is not in " + plan.container().mounts());
    }
  }

  private static Optional<Mount> at(JobPlan plan, String target) {
    return plan.container().mounts().stream().filter(m -> m.target().equals(target)).findFirst();
  }

  @Test
  void theJobSeesItsWorkDirectoryAndNeverTheSlot() {
    JobPlan plan = PlanCase.of().file("input").directory("data").file("data/x").plan();
    assertMounted(plan, writable(WORK, "/app"));
    assertEquals(WORK, plan.work().orElseThrow().directory());
    assertTrue(
        placements(plan)
            .containsAll(
                List.of(
                    new Placement.Move("input", SLOT.resolve("input")),
                    new Placement.Placeholder("data", true),
                    new Placement.Move("data/x", SLOT.resolve("data/x")))));
    assertEquals("/app", plan.container().workdir());
    for (Mount mount : plan.container().mounts()) {
      assertFalse(mount instanceof Mount.Bind bind && bind.source().equals(SLOT), mount::toString);
    }
  }

  @Test
  void whatWasMovedInAnEarlierEpisodeIsNotMovedAgain() {
    JobPlan plan = PlanCase.of().movedFile("input").plan();
    assertTrue(placements(plan).stream().noneMatch(p -> p.name().equals("input")));
  }

  @Test
  void c52AnInputIsAnOrdinaryFileThatCanOnlyBeRead() {
    JobPlan plan =
        PlanCase.of().link("in", TargetState.FILE).link("dir", TargetState.DIRECTORY).plan();
    assertMounted(
        plan,
        readOnly(PROJECT.resolve("in_1"), "/app/in"),
        readOnly(PROJECT.resolve("dir_1"), "/app/dir"));
    assertTrue(placements(plan).contains(new Placement.Placeholder("in", false)));
    assertTrue(placements(plan).contains(new Placement.Placeholder("dir", true)));
    assertEquals(List.of(), plan.outputs());
  }

  @Test
  void c54AnOutputIsAFileThatIsWrittenWhereItsLinkLeads() {
    JobPlan plan = PlanCase.of().link("out", TargetState.MISSING).plan();
    assertMounted(plan, writable(PROJECT.resolve("out_1"), "/app/out"));
    assertEquals(List.of(new OutputLink("out", PROJECT.resolve("out_1"))), plan.outputs());
  }

  @Test
  void anOutputOfAnEarlierEpisodeIsStillOne() {
    JobPlan plan = PlanCase.of().link("out", TargetState.FILE).knownOutput("out").plan();
    assertMounted(plan, writable(PROJECT.resolve("out_1"), "/app/out"));
    assertEquals(List.of(new OutputLink("out", PROJECT.resolve("out_1"))), plan.outputs());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bind", "script", "off"})
  void aLinkThatLeadsElsewhereIsNeverFollowed(String links) {
    PlanCase evil =
        PlanCase.of("files.links = \"" + links + "\"").link("evil", TargetState.OUTSIDE);
    if (links.equals("bind")) {
      assertEquals(
          "files.links: the link 'evil' leads to '/etc/passwd', which is not a file of this job's"
              + " project directory",
          evil.refusal());
    } else {
      JobPlan plan = evil.plan();
      assertTrue(
          plan.container().mounts().stream()
              .noneMatch(m -> m instanceof Mount.Bind b && b.source().startsWith("/etc")));
      assertEquals(List.of(), plan.outputs());
    }
  }

  @Test
  void linksStayAsTheyAreWhereTheJobWantsThemSo() {
    JobPlan plan =
        PlanCase.of("files.links = \"off\"")
            .link("in", TargetState.FILE)
            .link("out", TargetState.MISSING)
            .plan();
    assertTrue(placements(plan).contains(new Placement.CopyLink("in", SLOT.resolve("in"))));
    assertEquals(Optional.empty(), at(plan, "/app/in"));
    assertEquals(List.of(new OutputLink("out", PROJECT.resolve("out_1"))), plan.outputs());
  }

  @Test
  void aScriptResolvesLinksInTheReadOnlyProjectDirectory() {
    JobPlan plan =
        PlanCase.of("files.links = \"script\"")
            .link("in", TargetState.FILE)
            .link("out", TargetState.MISSING)
            .plan();
    Path script = SLOT.resolve("docker_wrapper_resolve");
    assertMounted(
        plan,
        readOnly(script, "/boinc/resolve"),
        readOnly(PROJECT, "/boinc/project"),
        writable(PROJECT.resolve("out_1"), "/boinc/project/out_1"));
    JobPlan.GeneratedFile generated =
        plan.generated().stream().filter(f -> f.path().equals(script)).findFirst().orElseThrow();
    assertTrue(generated.executable());
    assertTrue(generated.text().startsWith("#!/bin/sh\n"));
    assertTrue(generated.text().contains("'/boinc/project/'"), generated.text());
    assertTrue(generated.text().contains("%\"</soft_link>\"*}"), generated.text());
  }

  @Test
  void theProjectDirectoryIsReadOnly() {
    JobPlan plan =
        PlanCase.of("files.project = \"/project\"").link("out", TargetState.MISSING).plan();
    assertMounted(plan, readOnly(PROJECT, "/project"));
    assertEquals(Optional.empty(), at(plan, "/project/out_1"));
  }

  @Test
  void ofAWritableProjectDirectoryOnlyOurOutputsAre() {
    JobPlan plan =
        PlanCase.of("files.project = \"/project\"", "files.project_access = \"rw\"")
            .link("in", TargetState.FILE)
            .link("out", TargetState.MISSING)
            .plan();
    assertMounted(
        plan, readOnly(PROJECT, "/project"), writable(PROJECT.resolve("out_1"), "/project/out_1"));
    assertEquals(Optional.empty(), at(plan, "/project/in_1"));
  }

  @Test
  void aProjectDirectoryWithoutTheSlotHasItsOutputsToo() {
    JobPlan plan =
        PlanCase.of(
                "files.slot = \"\"",
                "files.project = \"/project\"",
                "files.project_access = \"rw\"")
            .link("out", TargetState.MISSING)
            .plan();
    assertEquals(Optional.empty(), plan.work());
    assertMounted(plan, writable(PROJECT.resolve("out_1"), "/project/out_1"));
  }

  @Test
  void hiddenFilesAndImageArchivesStayOutside() {
    JobPlan plan =
        PlanCase.of("files.hide = [\"secret\"]", "image.files = [\"image.tar\"]")
            .file("secret")
            .file("image.tar")
            .plan();
    for (String hidden : List.of("secret", "image.tar")) {
      assertTrue(placements(plan).stream().noneMatch(p -> p.name().equals(hidden)));
      assertEquals(Optional.empty(), at(plan, "/app/" + hidden));
    }
  }

  @Test
  void aHiddenDirectoryIsHiddenWithAllThatIsInIt() {
    JobPlan plan =
        PlanCase.of("files.hide = [\"keys\"]")
            .directory("keys")
            .file("keys/private")
            .file("keys2")
            .plan();
    assertEquals(
        List.of("keys2"),
        placements(plan).stream().map(Placement::name).filter(n -> n.startsWith("keys")).toList(),
        () -> placements(plan).toString());
  }

  @Test
  void whatTheWrapperReadsTheJobCanNotChange() {
    JobPlan plan = PlanCase.of("container.env_files = [\"my.env\"]").text("my.env", "A=1").plan();
    for (String input : Set.of("job.toml", "Dockerfile", "my.env")) {
      assertMounted(plan, readOnly(SLOT.resolve(input), "/app/" + input));
      assertTrue(placements(plan).contains(new Placement.Placeholder(input, false)));
    }
  }

  @Test
  void aFurtherMountShowsTheFileWhereItWillBe() {
    JobPlan plan =
        PlanCase.legacy("create_args = \"-v conf:/etc/conf:ro -v in:/in\"")
            .file("conf")
            .link("in", TargetState.FILE)
            .plan();
    assertMounted(
        plan,
        readOnly(WORK.resolve("conf"), "/etc/conf"),
        readOnly(PROJECT.resolve("in_1"), "/in"));
    JobPlan again =
        PlanCase.legacy("create_args = \"-v out:/out\"")
            .link("out", TargetState.FILE)
            .knownOutput("out")
            .plan();
    assertMounted(again, new Mount.Bind(PROJECT.resolve("out_1"), "/out", false));
  }

  @Test
  void aFurtherMountOfNothingIsRefused() {
    assertTrue(
        PlanCase.legacy("create_args = \"-v conf:/etc/conf\"")
            .refusal()
            .startsWith("mount: 'conf' is not in the slot"));
  }

  @Test
  void withoutAMountNothingIsMoved() {
    JobPlan plan = PlanCase.of("files.slot = \"\"").file("input").plan();
    assertEquals(Optional.empty(), plan.work());
    assertEquals("", plan.container().workdir(), "the image's");
  }

  @Test
  void anEngineThatDoesNotSeeTheSlotCanNotMountItAndTheCureIsNamed() {
    String elsewhere = PlanCase.of().files(HostFiles.NONE).refusal();
    assertTrue(elsewhere.contains("is another machine"), elsewhere);
    assertTrue(elsewhere.contains("files.slot = \"\", files.in, files.out"), elsewhere);
    String withoutDrive = PlanCase.of().files(HostFiles.WSL).refusal();
    assertTrue(withoutDrive.contains(WORK.toString()), withoutDrive);
    assertTrue(withoutDrive.contains("a drive with a letter"), withoutDrive);
  }

  @Test
  void aJobThatCopiesItsFilesNeedsNoMountOfAnEngineOnAnotherMachine() {
    JobPlan plan = PlanCase.of("files.slot = \"\"").files(HostFiles.NONE).plan();
    assertEquals(
        List.of(),
        plan.container().mounts().stream().filter(Mount.Bind.class::isInstance).toList());
    assertEquals(List.of(), plan.generated());
  }
}
