package org.boinc.dockerwrapper.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * What BOINC's tools/update_versions makes of {@code apps/}, by its rules as described in the
 * project's own words: which directories it sees, which files, what it refuses. It stops at the
 * first thing that the original would skip or die of.
 */
public final class UpdateVersions {
  private static final Pattern SHELL_SAFE = Pattern.compile("[A-Za-z0-9_./-]+");

  private final Path project;

  /** The download directory, by physical name. */
  private final Map<String, byte[]> downloads = new TreeMap<>();

  /** An app version as it would go to the database. */
  public record Added(
      String app,
      int versionNumber,
      String platform,
      String planClass,
      String apiVersion,
      boolean wrapper,
      List<FileEntry> files) {
    /** The one that the client starts. */
    public FileEntry mainProgram() {
      return files.stream().filter(FileEntry::mainProgram).findFirst().orElseThrow();
    }

    /** Names in the slot, without the main program. */
    public List<String> logicalNames() {
      return files.stream().map(FileEntry::logicalName).filter(name -> !name.isEmpty()).toList();
    }
  }

  /** A file_info and its file_ref. */
  public record FileEntry(
      String physicalName,
      String logicalName,
      boolean copied,
      boolean mainProgram,
      boolean executable) {}

  /**
   * @param project holds {@code apps/}
   */
  public UpdateVersions(Path project) {
    this.project = project;
  }

  /** All that it would add. */
  public List<Added> run() throws IOException {
    List<Added> added = new ArrayList<>();
    for (Path app : visible(project.resolve("apps"))) {
      for (Path version : visible(app)) {
        for (Path platform : visible(version)) {
          added.add(version(app, version, platform));
        }
      }
    }
    return added;
  }

  private Added version(Path app, Path version, Path directory) throws IOException {
    String[] names = directory.getFileName().toString().split("__", -1);
    Element xml = parse(directory.resolve("version.xml"));
    Map<String, FileEntry> files = new LinkedHashMap<>();
    for (Element file : children(xml, "file")) {
      String physical = text(file, "physical_name");
      files.put(
          physical,
          new FileEntry(
              physical,
              text(file, "logical_name"),
              flag(file, "copy_file"),
              flag(file, "main_program"),
              false));
    }
    List<String> present = new ArrayList<>();
    for (Path file : visible(directory)) {
      String name = file.getFileName().toString();
      boolean signature = name.indexOf(".sig") >= 0 && name.indexOf(".sig") == name.length() - 4;
      if (!name.equals("version.xml") && !signature && Files.isRegularFile(file)) {
        stage(name, file);
        present.add(name);
        FileEntry entry = files.getOrDefault(name, new FileEntry(name, "", false, false, false));
        files.put(name, withMode(entry, file));
      }
    }
    check(present.containsAll(files.keySet()), "listed in version.xml but not present");
    check(
        files.values().stream().filter(FileEntry::mainProgram).count() == 1,
        "not exactly one main program");
    return new Added(
        app.getFileName().toString(),
        number(version.getFileName().toString()),
        names[0],
        names.length > 1 ? names[1] : "",
        text(xml, "api_version"),
        flag(xml, "is_wrapper"),
        List.copyOf(files.values()));
  }

  /** One directory for the whole project, and a file never changes in it. */
  private void stage(String name, Path file) throws IOException {
    check(SHELL_SAFE.matcher(name).matches(), name + " goes to a shell without quotes");
    byte[] content = Files.readAllBytes(file);
    byte @Nullable [] before = downloads.putIfAbsent(name, content);
    check(before == null || java.util.Arrays.equals(before, content), name + " is immutable");
  }

  private static FileEntry withMode(FileEntry entry, Path file) throws IOException {
    boolean executable =
        Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_EXECUTE);
    return new FileEntry(
        entry.physicalName(),
        entry.logicalName(),
        entry.copied(),
        entry.mainProgram(),
        executable || entry.mainProgram());
  }

  private static int number(String version) {
    Matcher parts = Pattern.compile("(\\d+)(?:\\.(\\d+))?.*").matcher(version);
    check(parts.matches(), version + " is not a version number");
    return parts.group(2) == null
        ? Integer.parseInt(parts.group(1))
        : 100 * Integer.parseInt(parts.group(1)) + Integer.parseInt(parts.group(2));
  }

  private static List<Path> visible(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> !f.getFileName().toString().startsWith(".")).sorted().toList();
    }
  }

  private static Element parse(Path file) throws IOException {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(file.toFile())
          .getDocumentElement();
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  private static String text(Element parent, String name) {
    List<Element> found = children(parent, name);
    return found.isEmpty() ? "" : found.getFirst().getTextContent().strip();
  }

  private static boolean flag(Element parent, String name) {
    return children(parent, name).stream()
        .map(element -> element.getTextContent().strip())
        .anyMatch(text -> text.isEmpty() || Integer.parseInt(text) > 0);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
