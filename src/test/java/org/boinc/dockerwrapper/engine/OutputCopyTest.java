package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.boinc.dockerwrapper.engine.TarCopy.Result;
import org.boinc.dockerwrapper.plan.CopyPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile container or a broken engine may send. */
class OutputCopyTest {
  @TempDir Path directory;
  private final List<String> warnings = new ArrayList<>();

  /** An archive made by hand. */
  private static final class Hostile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

    Hostile add(String name, byte type, String text) throws IOException {
      // true: the name stays as it is, even if absolute
      TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
      boolean file = type == TarConstants.LF_NORMAL;
      byte[] content = text.getBytes(StandardCharsets.UTF_8);
      if (file) {
        entry.setSize(content.length);
      } else {
        entry.setLinkName(text);
      }
      tar.putArchiveEntry(entry);
      if (file) {
        tar.write(content);
      }
      tar.closeArchiveEntry();
      return this;
    }

    Hostile directory(String name) throws IOException {
      return add(name + "/", TarConstants.LF_DIR, "");
    }

    Hostile file(String name, String text) throws IOException {
      return add(name, TarConstants.LF_NORMAL, text);
    }

    byte[] bytes() throws IOException {
      tar.close();
      return bytes.toByteArray();
    }
  }

  private Result copy(byte[] archive, String source, String kind) throws IOException {
    CopyPlan.Out out =
        new CopyPlan.Out(
            source, "out", directory.resolve("o"), true, false, kind, List.of("**/no"));
    try (ContainerArchive container = new ContainerArchive(new ByteArrayInputStream(archive))) {
      return new OutputCopy(out, OutputSelection.of(out).orElseThrow(), warnings::add)
          .from(container);
    }
  }

  private List<String> tree() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths
          .filter(path -> !path.equals(directory))
          .map(path -> directory.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"o/../../x", "../x", "/etc/x", "p/x", "ox", "o/a/../../../x"})
  void anEntryOutsideOfItsDirectoryEndsTheCopy(String name) throws Exception {
    byte[] archive = new Hostile().directory("o").file(name, "evil").bytes();
    TransportException e =
        assertThrows(TransportException.class, () -> copy(archive, "/tmp/o", ""));
    assertTrue(String.valueOf(e.getMessage()).contains("damaged"), e.getMessage());
    assertTrue(tree().stream().allMatch(path -> path.equals("o")), tree().toString());
  }

  @Test
  void aFileBehindALinkOfTheArchiveStaysBelowTheDestination() throws Exception {
    byte[] archive =
        new Hostile()
            .directory("o")
            .add("o/l", TarConstants.LF_SYMLINK, "/etc")
            .file("o/l/passwd", "evil")
            .bytes();
    assertEquals(new Result.Copied(4, 1), copy(archive, "/tmp/o", ""));
    assertEquals(List.of("o", "o/l", "o/l/passwd"), tree());
    assertTrue(Files.isRegularFile(directory.resolve("o/l/passwd")));
  }

  @Test
  void onlyFilesAndDirectoriesComeOut() throws Exception {
    byte[] archive =
        new Hostile()
            .directory("o")
            .add("o/fifo", TarConstants.LF_FIFO, "")
            .add("o/null", TarConstants.LF_CHR, "")
            .add("o/disk", TarConstants.LF_BLK, "")
            .add("o/outer", TarConstants.LF_LINK, "../../etc/passwd".replace("../", "x/"))
            .file("o/no", "excluded")
            .add("o/second", TarConstants.LF_LINK, "o/no")
            .bytes();
    assertThrows(TransportException.class, () -> copy(archive, "/tmp/o", ""));
    byte[] inside =
        new Hostile()
            .directory("o")
            .add("o/fifo", TarConstants.LF_FIFO, "")
            .add("o/null", TarConstants.LF_CHR, "")
            .file("o/no", "excluded")
            .add("o/second", TarConstants.LF_LINK, "o/no")
            .bytes();
    assertEquals(new Result.Copied(0, 0), copy(inside, "/tmp/o", ""));
    assertEquals(List.of("o"), tree());
    assertTrue(warnings.getLast().contains("second name"), warnings.toString());
  }

  @Test
  void anOutputThatIsADeviceIsRefused() throws Exception {
    byte[] archive = new Hostile().add("o", TarConstants.LF_FIFO, "").bytes();
    assertEquals(
        new Result.Refused("/tmp/o is a device, pipe or socket"), copy(archive, "/tmp/o", ""));
  }

  @Test
  void warningsAreCounted() throws Exception {
    Hostile archive = new Hostile().directory("o");
    for (int i = 0; i < 25; i++) {
      archive.add("o/" + i, TarConstants.LF_SYMLINK, "x");
    }
    copy(archive.bytes(), "/tmp/o", "");
    assertEquals(11, warnings.size());
    assertEquals("15 more entries of /tmp/o left out", warnings.getLast());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tar", "tgz"})
  void anArchiveThatEndsTooEarlyIsNoResult(String kind) throws Exception {
    byte[] whole = new Hostile().directory("o").file("o/a", "a").file("o/b", "b").bytes();
    // behind the content of o/a, and in the middle of a header
    for (int length : new int[] {1536, 1700}) {
      TransportException e =
          assertThrows(
              TransportException.class, () -> copy(Arrays.copyOf(whole, length), "/tmp/o", kind));
      assertEquals(Fault.UNREACHABLE, e.fault());
    }
    assertEquals(kind.isEmpty() ? List.of("o", "o/a") : List.of(), tree());
  }

  @Test
  void aDirectoryInTheWayIsNotReplaced() throws Exception {
    Files.createDirectories(directory.resolve("o/x"));
    byte[] file = new Hostile().file("o", "text").bytes();
    assertThrows(OutputRefusedException.class, () -> copy(file, "/tmp/o", ""));
    assertThrows(OutputRefusedException.class, () -> copy(file, "/tmp/o", "tar"));
    assertThrows(OutputRefusedException.class, () -> copy(file, "/tmp/o", "zip"));
    assertEquals(List.of("o", "o/x"), tree());
  }

  @Test
  void whatIsNoPathOfAnOutputIsNotSelected() {
    for (String source : List.of("relative", "/", "/a/../b", "")) {
      CopyPlan.Out out = new CopyPlan.Out(source, "x", directory, true, false, "", List.of());
      assertEquals(Optional.empty(), OutputSelection.of(out));
    }
  }

  @Test
  void aPartLeftByAKilledWrapperIsTakenAway() throws Exception {
    byte[] file = new Hostile().file("o", "text").bytes();
    try (PartFile left = new PartFile(directory.resolve("o"))) {
      left.out().write(1);
      assertEquals(1, tree().size());
      assertEquals(new Result.Copied(4, 1), copy(file, "/tmp/o", ""));
      assertEquals(List.of("o"), tree());
    }
  }
}
