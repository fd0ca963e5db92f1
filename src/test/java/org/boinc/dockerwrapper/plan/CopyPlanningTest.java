package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.SlotListing.TargetState;
import org.junit.jupiter.api.Test;

class CopyPlanningTest {
  private static final Path SLOT = PlanCase.SLOT;
  private static final Path PROJECT = PlanCase.PROJECT;

  private static PlanCase in(String src, String dst) {
    return PlanCase.of(
        "[files]", "slot = \"\"", "[[files.in]]", "src = \"" + src + "\"", "dst = \"" + dst + "\"");
  }

  private static PlanCase out(String... lines) {
    return PlanCase.of("[files]", "slot = \"\"", "[[files.out]]", String.join("\n", lines));
  }

  private static CopyPlan.In copy(Path source, String target) {
    return new CopyPlan.In(source, target, false);
  }

  @Test
  void aFileGoesWhereItIsToldTo() {
    assertEquals(
        List.of(copy(SLOT.resolve("a"), "/data/b")),
        in("a", "/data/b").file("a").plan().copies().in());
    assertEquals(
        List.of(copy(SLOT.resolve("a"), "/data/a")),
        in("a", "/data/").file("a").plan().copies().in());
    assertEquals(
        List.of(new CopyPlan.In(SLOT.resolve("run.sh"), "/run.sh", true)),
        in("run.sh", "/run.sh").executable("run.sh").plan().copies().in());
  }

  @Test
  void aLinkIsCopiedWithItsContent() {
    assertEquals(
        List.of(new CopyPlan.In(PROJECT.resolve("in_1"), "/data/in", true)),
        in("in", "/data/").link("in", TargetState.FILE).plan().copies().in());
  }

  @Test
  void aDirectoryIsCopiedFileByFileWithItsLinksResolved() {
    assertEquals(
        List.of(
            copy(SLOT.resolve("d/a"), "/data/a"),
            new CopyPlan.In(PROJECT.resolve("d/in_1"), "/data/in", true),
            copy(SLOT.resolve("d/sub/b"), "/data/sub/b")),
        in("d", "/data")
            .directory("d")
            .file("d/a")
            .directory("d/sub")
            .file("d/sub/b")
            .link("d/in", TargetState.FILE)
            .plan()
            .copies()
            .in());
  }

  @Test
  void anEmptyDirectoryIsCopiedAsOne() {
    assertEquals(
        List.of(new CopyPlan.In(SLOT.resolve("d"), "/data", true)),
        in("d", "/data").directory("d").plan().copies().in());
    assertTrue(
        in("d", "/data")
            .directory("d")
            .directory("d/empty")
            .file("d/full/a")
            .directory("d/full")
            .plan()
            .copies()
            .in()
            .contains(new CopyPlan.In(SLOT.resolve("d/empty"), "/data/empty", true)));
  }

  @Test
  void aGlobCopiesWhatItMatchesUnderItsOwnName() {
    assertEquals(
        List.of(
            copy(SLOT.resolve("a.dat"), "/data/a.dat"),
            new CopyPlan.In(PROJECT.resolve("b.dat_1"), "/data/b.dat", true)),
        in("*.dat", "/data")
            .file("a.dat")
            .link("b.dat", TargetState.FILE)
            .file("c.txt")
            .directory("sub")
            .file("sub/d.dat")
            .plan()
            .copies()
            .in());
  }

  @Test
  void whatIsNotThereIsRefused() {
    assertEquals(
        "files.in: 'a' is not in the slot; declare it as a file of the app version or an input file"
            + " of the workunit with this open_name",
        in("a", "/a").refusal());
    assertEquals("files.in: no file of the slot matches '*.x'", in("*.x", "/a/").refusal());
    assertEquals(
        "files.in: the soft link 'in' leads to '/boinc/projects/example.org_Proj/in_1', which does"
            + " not exist",
        in("in", "/a").link("in", TargetState.MISSING).refusal());
  }

  @Test
  void whatLeadsElsewhereIsRefused() {
    assertEquals(
        "files.in: the link 'in' leads to '/etc/passwd', which is not a file of this job's project"
            + " directory",
        in("in", "/a").link("in", TargetState.OUTSIDE).refusal());
    assertEquals(
        "files.out: the link 'out' leads to '/etc/passwd', which is not a file of this job's"
            + " project directory",
        out("src = \"/r\"", "dst = \"out\"").link("out", TargetState.OUTSIDE).refusal());
  }

  @Test
  void everyReasonIsGivenAtOnce() {
    List<Refusal> refusals =
        PlanCase.bare(
                "[gpu]",
                "enabled = true",
                "[files]",
                "slot = \"\"",
                "[[files.in]]",
                "src = \"a\"",
                "dst = \"/a\"",
                "[[files.in]]",
                "src = \"b\"",
                "dst = \"/b\"")
            .refusals();
    assertEquals(4, refusals.size(), refusals::toString);
  }

  @Test
  void anOutputGoesWhereItsLinkLeadsElseIntoTheSlot() {
    JobPlan linked = out("src = \"/r\"", "dst = \"out\"").link("out", TargetState.MISSING).plan();
    assertEquals(PROJECT.resolve("out_1"), linked.copies().out().getFirst().destination());
    JobPlan plain = out("src = \"/r\"", "dst = \"out\"").plan();
    assertEquals(SLOT.resolve("out"), plain.copies().out().getFirst().destination());
  }

  @Test
  void whatTheJobSaysOfAnOutputIsPassedOn() {
    CopyPlan.Out asked =
        out(
                "src = \"/results/*\"",
                "dst = \"out.tgz\"",
                "required = false",
                "always = true",
                "archive = \"tgz\"",
                "exclude = [\"*.tmp\"]")
            .plan()
            .copies()
            .out()
            .getFirst();
    assertEquals(
        new CopyPlan.Out(
            "/results/*", "out.tgz", SLOT.resolve("out.tgz"), false, true, "tgz", List.of("*.tmp")),
        asked);
    CopyPlan.Out plain = out("src = \"/r\"", "dst = \"o\"").plan().copies().out().getFirst();
    assertTrue(plain.required() && !plain.always());
  }

  @Test
  void theOutputOfTheContainerGoesWhereItsLinkLeads() {
    WatchPlan watch =
        PlanCase.of("files.stdout = \"o.txt\"", "files.stderr = \"e.txt\"")
            .link("o.txt", TargetState.MISSING)
            .plan()
            .watch();
    assertEquals(Optional.of(PROJECT.resolve("o.txt_1")), watch.stdout());
    assertEquals(Optional.of(SLOT.resolve("e.txt")), watch.stderr());
  }
}
