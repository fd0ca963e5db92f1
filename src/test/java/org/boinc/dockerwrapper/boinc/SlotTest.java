package org.boinc.dockerwrapper.boinc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.SlotListing.Directory;
import org.boinc.dockerwrapper.boinc.SlotListing.Link;
import org.boinc.dockerwrapper.boinc.SlotListing.RegularFile;
import org.boinc.dockerwrapper.boinc.SlotListing.TargetState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotTest {
  @TempDir Path temporary;
  Path data;
  Path project;
  Slot slot;

  @BeforeEach
  void prepare() throws IOException {
    data = temporary.toRealPath();
    project = Files.createDirectories(data.resolve("projects/example.org_p"));
    Files.createDirectories(data.resolve("projects/other"));
    slot = new Slot(Files.createDirectories(data.resolve("slots/0")));
    Files.createDirectories(slot.workDirectory());
  }

  private Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void softLink(String name, String target) throws IOException {
    write(slot.file(name), "<soft_link>" + target + "</soft_link>\n");
  }

  private void symbolicLink(String name, String target) throws IOException {
    Files.createDirectories(slot.file(name).getParent());
    Files.createSymbolicLink(slot.file(name), Path.of(target));
  }

  private SlotListing listing() throws IOException {
    return slot.listing(project);
  }

  private Link link(String name) throws IOException {
    return assertInstanceOf(Link.class, listing().find(name).orElseThrow());
  }

  @Test
  void c52ASoftLinkLeadsToTheRealContent() throws IOException {
    Path input = write(project.resolve("wu_17_in.dat"), "real");
    softLink("in.dat", "../../projects/example.org_p/wu_17_in.dat");

    assertEquals(
        new Link("in.dat", slot.file("in.dat"), false, input, TargetState.FILE), link("in.dat"));
    assertEquals(Optional.of(input), listing().resolve("in.dat"));
  }

  @Test
  void aSymbolicLinkLeadsToTheRealContentEvenInASubDirectory() throws IOException {
    Path input = write(project.resolve("x"), "real");
    symbolicLink("in", "../../projects/example.org_p/x");
    symbolicLink("sub/in", "../../projects/example.org_p/x");

    assertEquals(new Link("in", slot.file("in"), true, input, TargetState.FILE), link("in"));
    assertEquals(
        new Link("sub/in", slot.file("sub/in"), true, input, TargetState.FILE), link("sub/in"));
  }

  @Test
  void anOutputLinkLeadsToAPlaceThatIsStillEmpty() throws IOException {
    softLink("out", "../../projects/example.org_p/wu_17_0_r1_0");
    assertEquals(TargetState.MISSING, link("out").state());
    assertEquals(project.resolve("wu_17_0_r1_0"), link("out").target());
    assertEquals(Optional.empty(), listing().resolve("out"));
  }

  @Test
  void aLinkMayLeadToADirectoryOfTheProject() throws IOException {
    Files.createDirectory(project.resolve("tree"));
    symbolicLink("tree", "../../projects/example.org_p/tree");
    assertEquals(TargetState.DIRECTORY, link("tree").state());
    assertEquals(Optional.of(project.resolve("tree")), listing().resolve("tree"));
  }

  @Test
  void plantedLinksAreOutside() throws IOException {
    write(data.resolve("projects/other/secret"), "x");
    write(project.resolve("sub/deep"), "x");
    Files.createSymbolicLink(project.resolve("trap"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(project.resolve("dangling"), Path.of("/nowhere/at/all"));
    Files.createSymbolicLink(project.resolve("loop"), Path.of("loop"));
    Files.createSymbolicLink(project.resolve("gate"), Path.of("/etc"));
    List<String> planted =
        List.of(
            "/etc/passwd",
            "../../projects/other/secret",
            "../../projects/other/missing",
            "../../projects/example.org_p",
            "../../projects/example.org_p/.",
            "../../projects/example.org_p/..",
            "../../projects/example.org_p/../other/secret",
            "../../projects/example.org_p/sub/deep",
            "../../projects/example.org_p/trap",
            "../../projects/example.org_p/dangling",
            "../../projects/example.org_p/loop",
            "../../projects/example.org_p/gate/passwd",
            "../../client_state.xml",
            "../../../../../../../../../../../..",
            "in.dat",
            "init_data.xml",
            "a\0b");
    for (String target : planted) {
      softLink("planted", target);
      assertEquals(TargetState.OUTSIDE, link("planted").state(), target);
      assertEquals(Optional.empty(), listing().resolve("planted"), target);
    }
    symbolicLink("symbolic", "../../projects/example.org_p/trap");
    assertEquals(TargetState.OUTSIDE, link("symbolic").state());
  }

  @Test
  void withoutAProjectDirectoryEveryLinkIsOutside() throws IOException {
    softLink("in", "../../projects/gone/x");
    Link link = (Link) slot.listing(data.resolve("projects/gone")).find("in").orElseThrow();
    assertEquals(TargetState.OUTSIDE, link.state());
  }

  @Test
  void aProjectDirectoryMayBeALinkItself() throws IOException {
    Path elsewhere = Files.createDirectory(data.resolve("big-disk"));
    Files.createSymbolicLink(data.resolve("projects/moved"), elsewhere);
    write(elsewhere.resolve("x"), "real");
    softLink("in", "../../projects/moved/x");
    SlotListing listing = slot.listing(data.resolve("projects/moved"));
    assertEquals(TargetState.FILE, ((Link) listing.find("in").orElseThrow()).state());
  }

  @Test
  void inTheWorkDirectoryNothingIsALink() throws IOException {
    write(project.resolve("x"), "real");
    Path text =
        write(
            slot.workDirectory().resolve("text"),
            "<soft_link>../../projects/example.org_p/x</soft_link>\n");
    Files.createSymbolicLink(
        slot.workDirectory().resolve("symbolic"), Path.of("../../../projects/example.org_p/x"));
    Files.createSymbolicLink(slot.workDirectory().resolve("directory"), Path.of("/etc"));

    SlotListing listing = listing();
    assertEquals(Set.of("text"), listing.entries().keySet());
    assertEquals(Optional.of(new RegularFile("text", text, 54, false)), listing.find("text"));
  }

  @Test
  void filesOfSlotAndWorkDirectoryAreListedTogetherAndTheSlotWins() throws IOException {
    Path program = write(slot.file("bin/program"), "#!/bin/sh");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path own = write(slot.file("both"), "slot");
    write(slot.workDirectory().resolve("both"), "work directory");
    Path moved = write(slot.workDirectory().resolve("bin/moved"), "12345");
    softLink("out", "../../projects/example.org_p/out");
    write(slot.workDirectory().resolve("out/hidden"), "below a link of the slot");

    SlotListing listing = listing();
    assertTrue(listing.complete());
    assertEquals(
        Set.of("bin", "bin/program", "bin/moved", "both", "out"), listing.entries().keySet());
    assertEquals(new Directory("bin", slot.file("bin")), listing.find("bin").orElseThrow());
    assertEquals(
        new RegularFile("bin/program", program, 9, true),
        listing.find("bin/program").orElseThrow());
    assertEquals(
        new RegularFile("bin/moved", moved, 5, false), listing.find("bin/moved").orElseThrow());
    assertEquals(Optional.of(own), listing.resolve("both"));
    assertInstanceOf(Link.class, listing.find("out").orElseThrow());
  }

  @Test
  void controlFilesAreNeverTheJobs() throws IOException {
    List<String> names =
        List.of(
            "init_data.xml",
            "boinc_mmap_file",
            "boinc_lockfile",
            "boinc_finish_called",
            "boinc_temporary_exit",
            "boinc_task_state.xml",
            "boinc_setup_complete",
            "boinc_ufr_out",
            "boinc_ufs_out",
            "stderr.txt",
            "stdout.txt",
            "trickle_up.xml",
            "trickle_down_1700000000",
            "docker_wrapper_state.json",
            "dw_rt_0123456789abcdef",
            "graphics_app");
    for (String name : names) {
      assertTrue(Slot.isControlFile(name), name);
      write(slot.file(name), "x");
      write(slot.workDirectory().resolve(name), "x");
    }
    assertEquals(Set.of(), listing().entries().keySet());
  }

  @Test
  void aControlFileIsKnownHoweverItIsSpelled() {
    for (String name :
        List.of(
            "Init_Data.XML",
            "./init_data.xml",
            ".//./stderr.txt",
            "/init_data.xml",
            "in\u200cit_data.xml",
            "\u017ftderr.txt",
            "BOINC_FINISH_CALLED",
            "docker_wrapper_work",
            "docker_wrapper_work/out")) {
      assertTrue(Slot.isControlFile(name), name);
    }
    for (String name : List.of("in", "data/init_data.xml", "fraction_done", "ac", "ca", "boinc")) {
      assertFalse(Slot.isControlFile(name), name);
    }
  }

  @Test
  void tooManyFilesAreCutOffAndTheListingSaysSo() throws IOException {
    Path deep = slot.workDirectory();
    for (int i = 0; i < 17; i++) {
      deep = Files.createDirectory(deep.resolve("d"));
    }
    Files.writeString(deep.resolve("too-deep"), "x");
    SlotListing listing = listing();
    assertFalse(listing.complete());
    assertEquals(16, listing.entries().size());

    Path many = Files.createDirectory(slot.workDirectory().resolve("many"));
    for (int i = 0; i < 20_001; i++) {
      Files.createFile(many.resolve("f" + i));
    }
    write(slot.workDirectory().resolve("out"), "x");
    listing = listing();
    assertFalse(listing.complete());
    assertEquals(20_000, listing.entries().size());
    assertTrue(listing.find("out").isPresent(), "what lies on top is listed first");
  }

  @Test
  void c53ALargeInputIsNeverTakenForALink() throws IOException {
    try (RandomAccessFile large = new RandomAccessFile(slot.file("large").toFile(), "rw")) {
      large.write(
          "<soft_link>../../projects/example.org_p/x</soft_link>\n"
              .getBytes(StandardCharsets.US_ASCII));
      large.setLength(1L << 30);
    }
    assertEquals(
        new RegularFile("large", slot.file("large"), 1L << 30, false),
        listing().find("large").orElseThrow());
  }

  @Test
  void onlyAFirstLineThatStartsWithTheTagMakesALink() throws IOException {
    write(slot.file("later"), "text\n<soft_link>../../projects/example.org_p/x</soft_link>\n");
    write(slot.file("inside"), " see <soft_link>../../projects/example.org_p/x</soft_link>\n");
    write(slot.file("empty"), "<soft_link></soft_link>\n");
    for (String name : List.of("later", "inside", "empty")) {
      assertInstanceOf(RegularFile.class, listing().find(name).orElseThrow(), name);
    }
  }

  @Test
  void aSoftLinkIsTrimmedAndUnescaped() throws IOException {
    assertEquals(
        Optional.of("../a&b/\u00e9"),
        SoftLink.target(
            "<soft_link> ../a&amp;b/&#195;&#169; </soft_link>\nmore"
                .getBytes(StandardCharsets.US_ASCII)));
    assertEquals(
        Optional.of("../x"),
        SoftLink.target("<soft_link>../x".getBytes(StandardCharsets.US_ASCII)));
    String target = "../../projects/a&b/<\u00e9>";
    assertEquals(
        Optional.of(target),
        SoftLink.target(SoftLink.content(target).getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void aNameThatLeavesTheSlotIsRefused() {
    for (String name : List.of("../x", "/etc/passwd", "a/../../x", "", ".")) {
      assertThrows(IllegalArgumentException.class, () -> slot.file(name), name);
    }
  }
}
