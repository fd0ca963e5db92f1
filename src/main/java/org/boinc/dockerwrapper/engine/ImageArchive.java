package org.boinc.dockerwrapper.engine;

import com.google.gson.JsonNull;
import com.google.gson.JsonParseException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * What a docker-save or OCI archive says of the image in it.
 *
 * @param images how many it holds
 * @param names by which the engine may know the image once loaded, the most exact first: the digest
 *     of its configuration (Docker's image ID), of its manifest (the ID in a containerd store),
 *     tags
 */
record ImageArchive(int images, List<String> names) {
  private static final int LARGEST_INDEX = 4 << 20;

  /**
   * Reads it all. Empty if it holds no index.
   *
   * @param most bytes that it may become
   * @throws ArchiveRefusedException where it is larger, or compressed in a way that Java cannot
   *     read
   */
  static Optional<ImageArchive> read(Path archive, long most) throws IOException {
    String name = String.valueOf(archive.getFileName());
    try (InputStream raw = open(archive)) {
      InputStream plain = decompress(raw).orElseThrow(() -> ArchiveMeter.unmeasured(name));
      try (TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
        return index(tar, new ArchiveMeter(name, most));
      }
    }
  }

  /**
   * Files that are an archive only together: those without an index are the beginning of the next
   * one that has it, cut between layers.
   *
   * @return the archive without compression
   */
  static InputStream join(List<Path> parts) throws IOException {
    List<InputStream> plain = new ArrayList<>();
    for (Path part : parts) {
      InputStream raw = open(part);
      plain.add(decompress(raw).orElse(raw));
    }
    return new SequenceInputStream(Collections.enumeration(plain));
  }

  private static InputStream open(Path archive) throws IOException {
    return new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
  }

  /**
   * The archive without its compression.
   *
   * @param raw can be marked
   */
  static Optional<InputStream> decompress(InputStream raw) throws IOException {
    raw.mark(8);
    byte[] magic = raw.readNBytes(6);
    raw.reset();
    if (starts(magic, 0x1f, 0x8b)) {
      return Optional.of(new GZIPInputStream(raw, 1 << 16));
    }
    if (starts(magic, 'B', 'Z', 'h')) {
      return Optional.of(new BZip2CompressorInputStream(raw, true));
    }
    boolean xz = starts(magic, 0xfd, '7', 'z', 'X', 'Z');
    boolean zstandard = starts(magic, 0x28, 0xb5, 0x2f, 0xfd);
    return xz || zstandard ? Optional.empty() : Optional.of(raw);
  }

  private static boolean starts(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static Optional<ImageArchive> index(TarArchiveInputStream tar, ArchiveMeter meter)
      throws IOException {
    Optional<List<Json>> manifest = Optional.empty();
    Optional<List<Json>> oci = Optional.empty();
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (entry.getSize() <= LARGEST_INDEX && entry.getName().equals("manifest.json")) {
        manifest = Optional.of(json(tar.readAllBytes()).items().toList());
      } else if (entry.getSize() <= LARGEST_INDEX && entry.getName().equals("index.json")) {
        oci = Optional.of(json(tar.readAllBytes()).path("manifests").items().toList());
      } else if (entry.isFile()) {
        meter.add(tar);
      }
    }
    List<Json> images = manifest.orElse(List.of());
    List<Json> listed = oci.orElse(List.of());
    List<String> names = new ArrayList<>();
    images.stream().limit(1).forEach(i -> addDigest(i.path("Config").text(), names));
    listed.stream().limit(1).forEach(i -> addDigest(i.path("digest").text(), names));
    images.stream()
        .limit(1)
        .forEach(i -> i.path("RepoTags").items().forEach(t -> names.add(t.text())));
    // Beside manifest.json the index may also list attestations.
    int count = manifest.isPresent() ? images.size() : listed.size();
    return names.isEmpty() ? Optional.empty() : Optional.of(new ImageArchive(count, names));
  }

  private static Json json(byte[] text) {
    try {
      return Json.parse(text);
    } catch (JsonParseException damaged) {
      return new Json(JsonNull.INSTANCE);
    }
  }

  /** {@code <hex>.json}, {@code blobs/sha256/<hex>} or {@code sha256:<hex>}. */
  private static void addDigest(String text, List<String> names) {
    String hex = text.replaceFirst("\\.json$", "").replaceFirst("^.*[/:]", "");
    if (hex.matches("[0-9a-f]{64}")) {
      names.add("sha256:" + hex);
    }
  }
}
