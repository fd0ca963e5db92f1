package org.boinc.dockerwrapper.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_INDEX = 4 << 20;

  /** Empty if it is compressed in a way that Java cannot read, or holds no index. */
  static Optional<ImageArchive> read(Path archive) throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(archive), 1 << 16)) {
      Optional<InputStream> plain = decompress(raw);
      if (plain.isEmpty()) {
        return Optional.empty();
      }
      try (TarArchiveInputStream tar = new TarArchiveInputStream(plain.get())) {
        return index(tar);
      }
    }
  }

  private static Optional<InputStream> decompress(InputStream raw) throws IOException {
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

  private static Optional<ImageArchive> index(TarArchiveInputStream tar) throws IOException {
    JsonNode manifest = null;
    JsonNode oci = null;
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (entry.getSize() <= LARGEST_INDEX && entry.getName().equals("manifest.json")) {
        manifest = json(tar.readAllBytes());
      } else if (entry.getSize() <= LARGEST_INDEX && entry.getName().equals("index.json")) {
        oci = json(tar.readAllBytes());
      }
      if (manifest != null && oci != null) {
        break;
      }
    }
    List<String> names = new ArrayList<>();
    int images = 0;
    if (manifest != null) {
      images = manifest.size();
      digestIn(manifest.path(0).path("Config").asText("")).ifPresent(names::add);
    }
    if (oci != null) {
      // beside manifest.json it may also list attestations
      images = manifest == null ? oci.path("manifests").size() : images;
      digestIn(oci.path("manifests").path(0).path("digest").asText("")).ifPresent(names::add);
    }
    if (manifest != null) {
      manifest.path(0).path("RepoTags").forEach(tag -> names.add(tag.asText()));
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(new ImageArchive(images, names));
  }

  private static JsonNode json(byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException damaged) {
      return JSON.nullNode();
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  /** {@code <hex>.json}, {@code blobs/sha256/<hex>} or {@code sha256:<hex>}. */
  private static Optional<String> digestIn(String text) {
    String hex = text.replaceFirst("\\.json$", "").replaceFirst("^.*[/:]", "");
    return hex.matches("[0-9a-f]{64}") ? Optional.of("sha256:" + hex) : Optional.empty();
  }
}
