package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarStreamTest {
  private static final TarStream.Owner OWNER =
      new TarStream.Owner(3_000_000_000L, 7, Optional.of(Instant.EPOCH));

  @TempDir Path directory;

  private static List<String> list(List<TarItem> items) throws IOException {
    List<String> lines = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new TarStream(items, OWNER), StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        String content = new String(tar.readAllBytes(), StandardCharsets.UTF_8);
        lines.add(
            "%s %o %d:%d %d %s%s"
                .formatted(
                    e.getName(),
                    e.getMode() & 0777,
                    e.getLongUserId(),
                    e.getLongGroupId(),
                    e.getLastModifiedTime().toMillis(),
                    content,
                    e.getLinkName() == null ? "" : e.getLinkName()));
      }
    }
    return lines;
  }

  @Test
  void aTreeIsPackedWithOneOwnerAndFixedModes() throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree/sub"));
    Path file = Files.writeString(tree.resolve("ä"), "content");
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    Files.writeString(tree.resolve("empty"), "");
    Files.createSymbolicLink(tree.resolve("link"), Path.of("../../outside"));
    List<String> lines = list(TarItem.of(directory.resolve("tree"), "t", false));
    assertEquals(
        List.of(
            "t/ 755 3000000000:7 0 ",
            "t/sub/ 755 3000000000:7 0 ",
            "t/sub/empty 644 3000000000:7 0 ",
            "t/sub/link 777 3000000000:7 0 ../../outside",
            "t/sub/ä 755 3000000000:7 0 content"),
        lines.stream().sorted().toList());
  }

  @Test
  void namesOfAnyLengthAreKept() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "x");
    String name = "d/".repeat(200) + "n".repeat(200);
    assertTrue(list(List.of(new TarItem.File(name, file, false))).getFirst().startsWith(name));
  }

  @Test
  void aFileLargerThanTheOldFormatIsAnnouncedWithItsSize() throws Exception {
    Path huge = directory.resolve("huge");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(9L << 30);
    }
    try (TarStream stream = new TarStream(List.of(new TarItem.File("huge", huge, false)), OWNER);
        TarArchiveInputStream tar = new TarArchiveInputStream(stream)) {
      assertEquals(9L << 30, tar.getNextEntry().getSize());
    }
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsAnError() throws Exception {
    Path file = Files.write(directory.resolve("f"), new byte[1 << 20]);
    try (TarStream stream = new TarStream(List.of(new TarItem.File("f", file, false)), OWNER)) {
      stream.readNBytes(100_000);
      Files.write(file, new byte[10]);
      IOException e = assertThrows(IOException.class, stream::readAllBytes);
      assertEquals("a file became shorter while it was copied", e.getMessage());
    }
  }

  @Test
  void aFileThatGrowsWhileItIsReadKeepsItsAnnouncedSize() throws Exception {
    Path file = Files.write(directory.resolve("f"), new byte[1 << 20]);
    try (TarStream stream = new TarStream(List.of(new TarItem.File("f", file, false)), OWNER);
        TarArchiveInputStream tar = new TarArchiveInputStream(stream)) {
      tar.getNextEntry();
      Files.write(file, new byte[3 << 20]);
      assertEquals(1 << 20, tar.readAllBytes().length);
      assertEquals(null, tar.getNextEntry());
    }
  }
}
