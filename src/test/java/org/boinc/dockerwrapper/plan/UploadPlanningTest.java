package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.SlotListing.TargetState;
import org.junit.jupiter.api.Test;

class UploadPlanningTest {
  private static PlanCase mounted(String uploads, String... more) {
    return PlanCase.of("[files]", "uploads = [" + uploads + "]", String.join("\n", more));
  }

  private static PlanCase copying(String uploads, String out) {
    return mounted(uploads, "slot = \"\"", "out = [" + out + "]");
  }

  private static UploadPlan.Output written(String name) {
    return new UploadPlan.Output(name, PlanCase.PROJECT.resolve(name + "_1"), Optional.empty());
  }

  private static UploadPlan.Output copied(String name, String source) {
    return new UploadPlan.Output(name, PlanCase.PROJECT.resolve(name + "_1"), Optional.of(source));
  }

  private static void refused(String start, PlanCase job) {
    String refusal = job.refusal();
    assertTrue(refusal.startsWith("files.uploads: " + start), refusal);
  }

  @Test
  void aPatternMeansTheOutputsOfTheResultAndNothingElse() {
    JobPlan plan =
        mounted("{ file = \"part_*\", trickle = \"part\" }")
            .link("part_1", TargetState.MISSING)
            .link("part_2", TargetState.MISSING)
            .link("part_input", TargetState.FILE)
            .file("part_of_the_slot")
            .link("other", TargetState.MISSING)
            .plan();
    assertEquals(
        List.of(
            new UploadPlan(
                "part_*", Optional.of("part"), List.of(written("part_1"), written("part_2")))),
        plan.uploads());
  }

  @Test
  void anOutputWhoseFileAnEarlierEpisodeLeftIsStillOne() {
    JobPlan plan =
        mounted("{ file = \"part\" }").link("part", TargetState.FILE).knownOutput("part").plan();
    assertEquals(
        List.of(new UploadPlan("part", Optional.empty(), List.of(written("part")))),
        plan.uploads());
  }

  @Test
  void anOutputOfSeveralPatternsBelongsToTheFirst() {
    JobPlan plan =
        mounted("{ file = \"part_1\" }, { file = \"part_*\", trickle = \"more\" }")
            .link("part_1", TargetState.MISSING)
            .link("part_2", TargetState.MISSING)
            .plan();
    assertEquals(
        List.of(
            new UploadPlan("part_1", Optional.empty(), List.of(written("part_1"))),
            new UploadPlan("part_*", Optional.of("more"), List.of(written("part_2")))),
        plan.uploads());
  }

  @Test
  void whatIsCopiedOutIsCopiedForTheUploadToo() {
    JobPlan plan =
        copying("{ file = \"part\" }", "{ src = \"/work/p\", dst = \"part\" }")
            .link("part", TargetState.MISSING)
            .plan();
    assertEquals(List.of(copied("part", "/work/p")), plan.uploads().getFirst().outputs());
    // The same where the slot is mounted as well: what was asked to be copied is the output.
    plan =
        mounted("{ file = \"part\" }", "out = [{ src = \"/tmp/p\", dst = \"part\" }]")
            .link("part", TargetState.MISSING)
            .plan();
    assertEquals(List.of(copied("part", "/tmp/p")), plan.uploads().getFirst().outputs());
  }

  @Test
  void linksThatStayLinksNeedAProjectDirectoryThatCanBeWrittenTo() {
    PlanCase off =
        mounted("{ file = \"part\" }", "links = \"off\"").link("part", TargetState.MISSING);
    refused("output 'part' can't be had while the job runs", off);
    PlanCase through =
        mounted(
                "{ file = \"part\" }",
                "links = \"off\"",
                "project = \"/project\"",
                "project_access = \"rw\"")
            .link("part", TargetState.MISSING);
    assertEquals(List.of(written("part")), through.plan().uploads().getFirst().outputs());
    PlanCase script =
        mounted("{ file = \"part\" }", "links = \"script\"").link("part", TargetState.MISSING);
    assertEquals(List.of(written("part")), script.plan().uploads().getFirst().outputs());
  }

  @Test
  void whatNamesNoOutputIsRefused() {
    refused("no output of this result is called 'part_*'", mounted("{ file = \"part_*\" }"));
    refused(
        "no output of this result is called 'input'",
        mounted("{ file = \"input\" }").link("input", TargetState.FILE));
    refused(
        "no output of this result is called 'copied'",
        mounted("{ file = \"copied\" }").file("copied"));
  }

  @Test
  void whatCanNotComeInTimeIsRefused() {
    refused(
        "output 'sub/part' is in a directory",
        mounted("{ file = \"sub/part\" }").directory("sub").link("sub/part", TargetState.MISSING));
    refused(
        "output 'part' is packed when the job has ended",
        copying("{ file = \"part\" }", "{ src = \"/work/*\", dst = \"part\", archive = \"tgz\" }")
            .link("part", TargetState.MISSING));
    refused(
        "output 'part' can't be had while the job runs",
        copying("{ file = \"part\" }", "{ src = \"/work/other\", dst = \"other\" }")
            .link("part", TargetState.MISSING)
            .link("other", TargetState.MISSING));
  }
}
