package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
    return ImageArchive.read(archive, Long.MAX_VALUE);
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
    assertEquals(
        "sha256:" + CONFIG,
        ImageArchive.read(archive, Long.MAX_VALUE).orElseThrow().names().getFirst());
    try (OutputStream out = new BZip2CompressorOutputStream(Files.newOutputStream(archive))) {
      tar(out, files);
    }
    assertEquals(
        "sha256:" + CONFIG,
        ImageArchive.read(archive, Long.MAX_VALUE).orElseThrow().names().getFirst());
    Files.write(archive, new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0});
    assertFalse(refused(archive, Long.MAX_VALUE).isTooLarge());
  }

  @Test
  void anArchiveWithoutAnIndexSaysNothing() throws Exception {
    assertEquals(Optional.empty(), read(Map.of("other", "x")));
    assertEquals(Optional.empty(), read(Map.of("manifest.json", "no json")));
    assertEquals(
        Optional.empty(),
        read(Map.of("manifest.json", manifest("../../evil").replace("\"x:1\",\"y:2\"", ""))));
  }

  private static ArchiveRefusedException refused(Path archive, long most) {
    return assertThrows(ArchiveRefusedException.class, () -> ImageArchive.read(archive, most));
  }

  /** An archive with one layer, which is compressed or not. */
  private Path layered(byte[] layer) throws IOException {
    Path archive = directory.resolve("layered.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      TarArchiveEntry entry = new TarArchiveEntry("blobs/sha256/x");
      entry.setSize(layer.length);
      tar.putArchiveEntry(entry);
      tar.write(layer);
      tar.closeArchiveEntry();
    }
    return archive;
  }

  private static byte[] zipped(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  @Test
  void whatAnArchiveBecomesIsToldBeforeTheEngineHasIt() throws Exception {
    byte[] zeros = new byte[1 << 20];
    for (byte[] layer : List.of(zeros, zipped(zeros), zipped(tarOf(zeros)))) {
      Path archive = layered(layer);
      assertEquals(Optional.empty(), ImageArchive.read(archive, 2 << 20), "no index");
      ArchiveRefusedException large = refused(archive, 500_000);
      assertTrue(large.isTooLarge());
      assertTrue(
          String.valueOf(large.getMessage())
              .startsWith("image archive layered.tar.gz becomes larger"));
    }
  }

  private static byte[] tarOf(byte[] file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry entry = new TarArchiveEntry("zeros");
      entry.setSize(file.length);
      tar.putArchiveEntry(entry);
      tar.write(file);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  /** GNU tar's form: the header names a size that the archive does not hold. */
  @Test
  void aFileOfHolesCountsAsLargeAsItWillBe() throws Exception {
    byte[] tar = tarOf(new byte[512]);
    tar[156] = 'S';
    octal(tar, 124, 11, 512);
    octal(tar, 386, 11, 0);
    octal(tar, 398, 11, 512);
    octal(tar, 483, 11, 1 << 30);
    System.arraycopy("ustar  \0".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 8);
    Arrays.fill(tar, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += tar[i] & 0xff;
    }
    octal(tar, 148, 7, sum);
    assertTrue(refused(layered(tar), 100 << 20).isTooLarge());
  }

  /** As a tar header has numbers, with a zero behind. */
  private static void octal(byte[] header, int offset, int digits, long value) {
    byte[] text = ("%0" + digits + "o").formatted(value).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, header, offset, digits);
    header[offset + digits] = 0;
  }

  @Test
  void partsAreOneArchiveWhateverTheirCompression() throws Exception {
    byte[] whole = "0123456789".getBytes(StandardCharsets.UTF_8);
    Path first = directory.resolve("first");
    Path second = directory.resolve("second");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(first))) {
      out.write(whole, 0, 4);
    }
    Files.write(second, Arrays.copyOfRange(whole, 4, whole.length));
    try (InputStream joined = ImageArchive.join(List.of(first, second))) {
      assertArrayEquals(whole, joined.readAllBytes());
    }
  }
}
