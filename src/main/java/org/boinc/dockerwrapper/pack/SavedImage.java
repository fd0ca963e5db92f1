package org.boinc.dockerwrapper.pack;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * One image as {@code docker save} and {@code podman save} write it: {@code manifest.json} names
 * the configuration and the layers, from the lowest up.
 */
public final class SavedImage implements AutoCloseable {
  private static final String INDEX = "manifest.json";
  private static final int MOST_LINKS = 4;

  private final TarFile archive;
  private final Map<String, TarArchiveEntry> entries = new LinkedHashMap<>();
  private final byte[] configuration;
  private final List<String> layers;
  private final List<String> contents;

  /**
   * Reads what is in it.
   *
   * @throws IOException if it is no archive of one image
   */
  public SavedImage(Path file) throws IOException {
    this.archive = new TarFile(file);
    archive.getEntries().forEach(entry -> entries.put(entry.getName(), entry));
    try {
      JsonArray images = JsonParser.parseString(text(INDEX)).getAsJsonArray();
      if (images.size() != 1) {
        throw new IOException(file + " holds " + images.size() + " images instead of one");
      }
      JsonObject image = images.get(0).getAsJsonObject();
      this.configuration = bytes(image.get("Config").getAsString());
      this.layers = strings(image.getAsJsonArray("Layers"));
      this.contents =
          strings(
              JsonParser.parseString(new String(configuration, StandardCharsets.UTF_8))
                  .getAsJsonObject()
                  .getAsJsonObject("rootfs")
                  .getAsJsonArray("diff_ids"));
    } catch (JsonParseException | IllegalStateException | NullPointerException damaged) {
      throw new IOException(file + " is no archive of an image", damaged);
    }
    if (contents.size() != layers.size()) {
      throw new IOException(file + " names other layers than its image has");
    }
  }

  /** {@code sha256:…} of the configuration, by which Docker and Podman know the image. */
  public String id() {
    return "sha256:" + hash(configuration);
  }

  /**
   * Writes the same image again, cut between layers. The files one after the other are one archive
   * that the engines load; without the engine's own names and times, so that the same layers give
   * the same files.
   *
   * @param smallest bytes that a file but the last has at least, before it is compressed
   * @return the files, the given one last
   */
  public List<Path> writeTo(Path file, long smallest) throws IOException {
    Set<String> written = new HashSet<>();
    List<String> names = contents.stream().map(SavedImage::layerName).toList();
    try (LayerArchives out = new LayerArchives(file)) {
      for (int i = 0; i < names.size(); i++) {
        if (written.add(names.get(i))) {
          TarArchiveEntry layer = entry(layers.get(i));
          if (out.bytes() > 0 && out.bytes() >= smallest) {
            out.nextFile();
          }
          try (InputStream bytes = archive.getInputStream(layer)) {
            out.add(names.get(i), layer.getSize(), bytes);
          }
        }
      }
      String name = hash(configuration) + ".json";
      out.add(name, configuration);
      out.add(INDEX, index(name, names).getBytes(StandardCharsets.UTF_8));
      return out.finish();
    }
  }

  private static String index(String configuration, List<String> layers) {
    JsonArray names = new JsonArray();
    layers.forEach(names::add);
    JsonObject image = new JsonObject();
    image.addProperty("Config", configuration);
    image.add("RepoTags", new JsonArray());
    image.add("Layers", names);
    JsonArray images = new JsonArray();
    images.add(image);
    return images.toString();
  }

  private static String layerName(String contents) {
    return contents.substring(contents.indexOf(':') + 1) + ".tar";
  }

  /** Docker saves a layer that occurs twice as a link. */
  private TarArchiveEntry entry(String name) throws IOException {
    String target = name;
    for (int i = 0; i < MOST_LINKS; i++) {
      TarArchiveEntry found = entries.get(target);
      if (found == null) {
        throw new IOException("the image's archive has no " + target);
      }
      if (!found.isSymbolicLink()) {
        return found;
      }
      target = Path.of(target).resolveSibling(found.getLinkName()).normalize().toString();
    }
    throw new IOException("the image's archive has links in a circle at " + name);
  }

  private byte[] bytes(String name) throws IOException {
    try (InputStream in = archive.getInputStream(entry(name))) {
      return in.readAllBytes();
    }
  }

  private String text(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static List<String> strings(JsonArray array) {
    List<String> strings = new ArrayList<>();
    for (JsonElement element : array) {
      strings.add(element.getAsString());
    }
    return strings;
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }
}
