package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.WorkPlan;
import org.boinc.dockerwrapper.plan.WorkPlan.Placement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkDirectoryTest {
  @TempDir Path host;
  private Path slot;
  private Path work;
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void makeASlot() throws IOException {
    slot = Files.createDirectories(host.resolve("slots/0"));
    work = slot.resolve("docker_wrapper_work");
    write("a", "input a");
    write("b", "input b");
    write("data/x", "input x");
    write("data/deep/y", "input y");
    write("in", "<soft_link>../../projects/p/in_1</soft_link>\n");
    write("init_data.xml", "<app_init_data/>");
  }

  private List<Placement> placements() {
    return List.of(
        new Placement.Move("a", slot.resolve("a")),
        new Placement.Move("b", slot.resolve("b")),
        new Placement.Placeholder("data", true),
        new Placement.Placeholder("data/deep", true),
        new Placement.Move("data/deep/y", slot.resolve("data/deep/y")),
        new Placement.Move("data/x", slot.resolve("data/x")),
        new Placement.CopyLink("in", slot.resolve("in")),
        new Placement.Placeholder("mounted", false));
  }

  private void fill(List<Placement> placements) throws IOException {
    WorkDirectory.fill(new WorkPlan(work, placements), warnings::add);
  }

  private void empty() throws IOException {
    WorkDirectory.empty(slot, placements(), warnings::add);
  }

  private void write(String name, String text) throws IOException {
    Path file = slot.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static Map<String, String> files(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(f -> !Files.isDirectory(f, LinkOption.NOFOLLOW_LINKS)).toList()) {
        boolean link = Files.isSymbolicLink(file);
        files.put(
            directory.relativize(file).toString(),
            link ? "-> " + Files.readSymbolicLink(file) : Files.readString(file));
      }
    }
    return files;
  }

  @Test
  void theJobSeesItsFilesAndNoneOfTheClients() throws IOException {
    fill(placements());
    assertEquals(
        Map.of(
            "a", "input a",
            "b", "input b",
            "data/x", "input x",
            "data/deep/y", "input y",
            "in", "<soft_link>../../projects/p/in_1</soft_link>\n",
            "mounted", ""),
        files(work));
    assertTrue(Files.exists(slot.resolve("in")), "the client's link stays");
    assertFalse(Files.exists(slot.resolve("a")), "a file is in exactly one place");
  }

  @Test
  void whatWasFilledIsEmptiedAgain() throws IOException {
    Map<String, String> before = files(slot);
    fill(placements());
    empty();
    assertEquals(before, files(slot));
    assertFalse(Files.exists(work));
    assertEquals(List.of(), warnings);
  }

  @Test
  void aFillThatWasCutAnywhereCanBeRepeatedOrUndone() throws IOException {
    Map<String, String> before = files(slot);
    for (int cut = 0; cut <= placements().size(); cut++) {
      fill(placements().subList(0, cut));
      empty();
      assertEquals(before, files(slot), "undone after " + cut);

      fill(placements().subList(0, cut));
      fill(placements());
      empty();
      assertEquals(before, files(slot), "repeated after " + cut);
    }
  }

  /** The order in which a directory is read is the file system's: each part may be the first. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "data", "in", "mounted"})
  void anEmptyingThatWasCutCanBeRepeatedOrUndone(String first) throws IOException {
    Map<String, String> before = files(slot);
    for (boolean undone : List.of(false, true)) {
      fill(placements());
      if (first.equals("in") || first.equals("mounted")) {
        Files.delete(work.resolve(first));
      } else if (first.equals("data")) {
        Files.move(work.resolve("data/x"), slot.resolve("data/x"));
      } else {
        Files.move(work.resolve(first), slot.resolve(first));
      }
      if (undone) {
        fill(placements());
      }
      empty();
      empty();
      assertEquals(before, files(slot));
    }
  }

  @Test
  void whatTheJobHasChangedSurvivesASecondFill() throws IOException {
    fill(placements());
    Files.writeString(work.resolve("a"), "changed");
    Files.delete(work.resolve("b"));
    fill(placements());
    assertEquals("changed", Files.readString(work.resolve("a")));
    assertFalse(Files.exists(work.resolve("b")));
  }

  @Test
  void outputsComeOutAndDirectoriesAreMerged() throws IOException {
    fill(placements());
    Files.writeString(work.resolve("out"), "result");
    Files.writeString(work.resolve("data/deep/z"), "new");
    Files.writeString(work.resolve("data/x"), "changed");
    Files.createDirectories(work.resolve("more/dirs"));
    empty();
    assertEquals("result", Files.readString(slot.resolve("out")));
    assertEquals("new", Files.readString(slot.resolve("data/deep/z")));
    assertEquals("changed", Files.readString(slot.resolve("data/x")));
    assertEquals("input y", Files.readString(slot.resolve("data/deep/y")));
    assertTrue(Files.isDirectory(slot.resolve("more/dirs")));
  }

  @Test
  void aFileMayBecomeADirectoryAndTheOtherWayRound() throws IOException {
    write("was_file", "1");
    write("was_directory/x", "2");
    Files.createDirectories(work.resolve("was_file"));
    Files.writeString(work.resolve("was_file/y"), "3");
    Files.writeString(work.resolve("was_directory"), "4");
    empty();
    assertEquals("3", Files.readString(slot.resolve("was_file/y")));
    assertEquals("4", Files.readString(slot.resolve("was_directory")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "boinc_finish_called",
        "boinc_temporary_exit",
        "init_data.xml",
        "stderr.txt",
        "trickle_up.xml",
        "docker_wrapper_state.json"
      })
  void aForgedFileOfTheClientsIsDroppedAndSaid(String name) throws IOException {
    fill(placements());
    Files.writeString(work.resolve(name), "0\n");
    Map<String, String> before = files(slot);
    empty();
    assertEquals(
        List.of("the job wrote '%s', which is BOINC's own; it is dropped".formatted(name)),
        warnings);
    assertEquals(before.get(name), files(slot).get(name));
  }

  @Test
  void aForgedDirectoryIsDroppedToo() throws IOException {
    Files.createDirectories(work.resolve("boinc_finish_called/deep"));
    empty();
    assertFalse(Files.exists(slot.resolve("boinc_finish_called")));
    assertEquals(1, warnings.size());
  }

  /** The client would follow it when it copies an output. */
  @Test
  void aSymbolicLinkOfTheJobsNeverReachesTheSlot() throws IOException {
    Path secret = Files.writeString(host.resolve("secret"), "key");
    fill(placements());
    Files.createSymbolicLink(work.resolve("out"), secret);
    Files.createSymbolicLink(work.resolve("data/deep/out"), secret);
    Files.createSymbolicLink(work.resolve("dir"), host);
    empty();
    assertFalse(Files.exists(slot.resolve("out"), LinkOption.NOFOLLOW_LINKS));
    assertFalse(Files.exists(slot.resolve("dir"), LinkOption.NOFOLLOW_LINKS));
    assertFalse(Files.exists(slot.resolve("data/deep/out"), LinkOption.NOFOLLOW_LINKS));
    assertEquals("key", Files.readString(secret));
    assertEquals(
        List.of(
            "the job left 'data/deep/out', which is a symbolic link; it is dropped",
            "the job left 'dir', which is a symbolic link; it is dropped",
            "the job left 'out', which is a symbolic link; it is dropped"),
        warnings.stream().sorted().toList());
  }

  /** The next listing of the slot would take it for the client's, and write outputs through it. */
  @Test
  void aForgedSoftLinkNeverReachesTheSlot() throws IOException {
    fill(placements());
    Files.writeString(work.resolve("out"), "<soft_link>../../projects/p/app</soft_link>\n");
    Files.writeString(work.resolve("in"), "changed");
    empty();
    assertFalse(Files.exists(slot.resolve("out")));
    assertEquals(List.of("the job left 'out', which is a soft link; it is dropped"), warnings);
    assertTrue(Files.readString(slot.resolve("in")).startsWith("<soft_link>"), "the client's own");
  }

  @Test
  void nothingIsDeletedThroughALinkThatTheJobMade() throws IOException {
    Path project = Files.createDirectories(host.resolve("projects/other"));
    Files.writeString(project.resolve("in2"), "another job's input");
    write("sub/in2", "<soft_link>../../projects/p/in_2</soft_link>\n");
    List<Placement> nested =
        List.of(
            new Placement.Placeholder("sub", true),
            new Placement.CopyLink("sub/in2", slot.resolve("sub/in2")));
    fill(nested);
    Files.delete(work.resolve("sub/in2"));
    Files.delete(work.resolve("sub"));
    Files.createSymbolicLink(work.resolve("sub"), project);

    WorkDirectory.empty(slot, nested, warnings::add);
    assertEquals("another job's input", Files.readString(project.resolve("in2")));
  }

  @Test
  void nothingIsWrittenThroughALinkThatTheJobMade() throws IOException {
    Path project = Files.createDirectories(host.resolve("projects/other"));
    Files.writeString(project.resolve("x"), "another job's input");
    Files.createDirectories(work);
    Files.createSymbolicLink(work.resolve("data"), project);
    fill(placements());
    assertEquals("another job's input", Files.readString(project.resolve("x")));
    assertEquals("input x", Files.readString(work.resolve("data/x")));
  }

  @Test
  void aSlotThatWasNeverFilledIsLeftAlone() throws IOException {
    Map<String, String> before = files(slot);
    empty();
    assertEquals(before, files(slot));
  }

  @Test
  void anOutputThatWasNeverWrittenIsMissingAndOneThatIsEmptyIsThere() throws IOException {
    Path project = Files.createDirectories(host.resolve("projects/p"));
    List<JobPlan.OutputLink> outputs =
        Stream.of("untouched", "empty", "full", "linked")
            .map(name -> new JobPlan.OutputLink(name, project.resolve(name)))
            .toList();
    WorkDirectory.createOutputs(outputs);
    outputs.forEach(output -> assertTrue(Files.exists(output.path())));

    Files.writeString(project.resolve("empty"), "");
    Files.writeString(project.resolve("full"), "result");
    Files.delete(project.resolve("linked"));
    Files.createSymbolicLink(project.resolve("linked"), project.resolve("full"));
    WorkDirectory.createOutputs(outputs);
    assertEquals("result", Files.readString(project.resolve("full")), "of an earlier episode");

    WorkDirectory.removeUntouched(outputs);
    WorkDirectory.removeUntouched(outputs);
    assertEquals(
        Map.of("empty", "", "full", "result", "linked", "-> " + project.resolve("full")),
        files(project));
  }
}
