package org.boinc.dockerwrapper.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedImageTest {
  private static final String LINK = "-> ";
  private static final String CONFIGURATION =
      "{\"rootfs\":{\"diff_ids\":[\"sha256:aa\",\"sha256:bb\",\"sha256:aa\"]}}";

  @TempDir Path directory;

  /** As Docker 20.10 saves one: what occurs twice is a link. */
  private static Map<String, String> saved(String top) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("2/layer.tar", top);
    files.put("3/layer.tar", LINK + "../1/layer.tar");
    files.put("1/layer.tar", "lowest".repeat(300));
    files.put("c.json", CONFIGURATION);
    files.put(
        "manifest.json",
        "[{\"Config\":\"c.json\",\"RepoTags\":[\"x:1\"],"
            + "\"Layers\":[\"1/layer.tar\",\"2/layer.tar\",\"3/layer.tar\"]}]");
    return files;
  }

  private Path archive(Map<String, String> files) throws IOException {
    Path archive = Files.createTempFile(directory, "saved", ".tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        boolean link = file.getValue().startsWith(LINK);
        TarArchiveEntry entry =
            link
                ? new TarArchiveEntry(file.getKey(), TarConstants.LF_SYMLINK)
                : new TarArchiveEntry(file.getKey());
        byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
        if (link) {
          entry.setLinkName(file.getValue().substring(LINK.length()));
        } else {
          entry.setSize(bytes.length);
        }
        tar.putArchiveEntry(entry);
        if (!link) {
          tar.write(bytes);
        }
        tar.closeArchiveEntry();
      }
    }
    return archive;
  }

  private List<Path> split(Map<String, String> files, String name, long smallest)
      throws IOException {
    try (SavedImage image = new SavedImage(archive(files))) {
      return image.writeTo(directory.resolve(name), smallest);
    }
  }

  private static Map<String, String> contents(InputStream archive) throws IOException {
    Map<String, String> contents = new LinkedHashMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        contents.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return contents;
  }

  @Test
  void theFilesOneAfterTheOtherAreTheWholeImage() throws Exception {
    List<Path> files = split(saved("upper"), "image.tar.gz", 0);
    assertEquals(
        List.of(directory.resolve("image-1.tar.gz"), directory.resolve("image.tar.gz")), files);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Path file : files) {
      all.writeBytes(Files.readAllBytes(file));
    }
    Map<String, String> contents =
        contents(new GZIPInputStream(new ByteArrayInputStream(all.toByteArray())));
    assertEquals("lowest".repeat(300), contents.get("aa.tar"));
    assertEquals("upper", contents.get("bb.tar"));
    assertTrue(
        String.valueOf(contents.get("manifest.json"))
            .contains("[\"aa.tar\",\"bb.tar\",\"aa.tar\"]"),
        contents::toString);
    assertEquals(4, contents.size(), contents::toString);
  }

  @Test
  void aLayerThatDoesNotChangeIsInTheSameFile() throws Exception {
    byte[] before = Files.readAllBytes(split(saved("old"), "a.tar", 1).getFirst());
    List<Path> files = split(saved("new"), "b.tar", 1);
    assertEquals(directory.resolve("b-1.tar"), files.getFirst());
    assertArrayEquals(before, Files.readAllBytes(files.getFirst()));
  }

  @Test
  void aSmallImageIsOneFile() throws Exception {
    List<Path> files = split(saved("upper"), "image.tar", 1 << 20);
    assertEquals(List.of(directory.resolve("image.tar")), files);
    assertEquals(4, contents(Files.newInputStream(files.getFirst())).size());
  }

  @Test
  void itsIdIsTheHashOfItsConfiguration() throws Exception {
    try (SavedImage image = new SavedImage(archive(saved("upper")))) {
      assertEquals(
          "sha256:61d604b52858e9d9ebeb0cf59a0459d3fb46cd47bb0655eb8b3b317d1e3b7e8b", image.id());
    }
  }

  @Test
  void whatIsNoImageIsRefused() throws Exception {
    for (Map<String, String> files :
        List.of(
            Map.of("other", "x"),
            Map.of("manifest.json", "{}"),
            Map.of("manifest.json", "[]"),
            Map.of("manifest.json", "[{\"Config\":\"c\"}]", "c", "{}"))) {
      Path archive = archive(files);
      assertThrows(IOException.class, () -> new SavedImage(archive).close(), files.toString());
    }
    Map<String, String> circle = saved("upper");
    circle.put("1/layer.tar", LINK + "../3/layer.tar");
    assertThrows(IOException.class, () -> split(circle, "image.tar", 1));
  }
}
