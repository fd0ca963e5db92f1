package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {
  private static final String CONFIG = "c".repeat(64);
  private static final String MANIFEST = "a".repeat(64);

  @TempDir Path directory;

  private static void tar(OutputStream out, Map<String, String> files) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
        byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
    }
  }

  private Optional<ImageArchive> read(Map<String, String> files) throws IOException {
    Path archive = directory.resolve("a.tar");
    try (OutputStream out = Files.newOutputStream(archive)) {
      tar(out, files);
    }
    return ImageArchive.read(archive);
  }

  private static String manifest(String config) {
    return "[{\"Config\":\"" + config + "\",\"RepoTags\":[\"x:1\",\"y:2\"],\"Layers\":[]}]";
  }

  @Test
  void anOldDockerArchiveNamesItsConfiguration() throws Exception {
    Optional<ImageArchive> expected =
        Optional.of(new ImageArchive(1, List.of("sha256:" + CONFIG, "x:1", "y:2")));
    assertEquals(
        expected,
        read(Map.of("manifest.json", manifest(CONFIG + ".json"), "z/layer.tar", "not a tar")));
    assertEquals(expected, read(Map.of("manifest.json", manifest("blobs/sha256/" + CONFIG))));
  }

  @Test
  void aNewArchiveIsAlsoKnownByItsManifest() throws Exception {
    String index =
        "{\"manifests\":[{\"digest\":\"sha256:" + MANIFEST + "\"},{\"digest\":\"sha256:x\"}]}";
    assertEquals(
        Optional.of(
            new ImageArchive(1, List.of("sha256:" + CONFIG, "sha256:" + MANIFEST, "x:1", "y:2"))),
        read(Map.of("manifest.json", manifest(CONFIG + ".json"), "index.json", index)));
    assertEquals(
        Optional.of(new ImageArchive(2, List.of("sha256:" + MANIFEST))),
        read(Map.of("index.json", index)));
  }

  @Test
  void compressedArchivesAreReadOrLeftToTheEngine() throws Exception {
    Map<String, String> files = Map.of("manifest.json", manifest(CONFIG + ".json"));
    Path archive = directory.resolve("a");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
      tar(out, files);
    }
    assertEquals("sha256:" + CONFIG, ImageArchive.read(archive).orElseThrow().names().getFirst());
    try (OutputStream out = new BZip2CompressorOutputStream(Files.newOutputStream(archive))) {
      tar(out, files);
    }
    assertEquals("sha256:" + CONFIG, ImageArchive.read(archive).orElseThrow().names().getFirst());
    Files.write(archive, new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0});
    assertEquals(Optional.empty(), ImageArchive.read(archive));
  }

  @Test
  void anArchiveWithoutAnIndexSaysNothing() throws Exception {
    assertEquals(Optional.empty(), read(Map.of("other", "x")));
    assertEquals(Optional.empty(), read(Map.of("manifest.json", "no json")));
    assertEquals(
        Optional.empty(),
        read(Map.of("manifest.json", manifest("../../evil").replace("\"x:1\",\"y:2\"", ""))));
  }
}
