package org.boinc.dockerwrapper.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of the Container Device Interface, of which only the names of its devices matter here: the
 * engine reads the rest. As YAML it is read line by line, as programs write it (one key a line):
 * for two keys a whole YAML reader is too much.
 */
final class CdiFile {
  private static final Pattern KIND = pattern("kind");

  /** The key of an item of a list may stand behind its dash. */
  private static final Pattern NAME = Pattern.compile("^( *(?:- +)?)name: *(.*)$");

  private static final Pattern ITEM = Pattern.compile("^( *- +)\\S.*$");

  private CdiFile() {}

  private static Pattern pattern(String key) {
    return Pattern.compile("^" + key + ": *(.*)$");
  }

  /**
   * Its devices' full names, such as {@code nvidia.com/gpu=0}.
   *
   * @throws IOException where it can't be read or understood
   */
  static List<String> names(Path file) throws IOException {
    String text = Files.readString(file);
    boolean json = file.toString().endsWith(".json");
    List<String> names;
    try {
      names = json ? ofJson(JsonParser.parseString(text)) : ofYaml(text.lines().toList());
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      throw new IOException(file + " is not a CDI file: " + e.getMessage(), e);
    }
    return names;
  }

  private static List<String> ofJson(JsonElement document) {
    JsonObject file = document.getAsJsonObject();
    if (!file.has("kind") || !file.has("devices")) {
      return List.of();
    }
    String kind = file.get("kind").getAsString();
    return file.getAsJsonArray("devices").asList().stream()
        .map(device -> kind + "=" + device.getAsJsonObject().get("name").getAsString())
        .toList();
  }

  private static List<String> ofYaml(List<String> lines) {
    Optional<String> kind = Optional.empty();
    List<String> devices = new ArrayList<>();
    boolean inDevices = false;
    int column = -1;
    for (String line : lines) {
      boolean top = !line.isEmpty() && "- #".indexOf(line.charAt(0)) < 0;
      if (top) {
        inDevices = line.strip().equals("devices:");
        Matcher of = KIND.matcher(line);
        kind = of.matches() ? Optional.of(plain(of.group(1))) : kind;
        continue;
      }
      Matcher item = ITEM.matcher(line);
      if (inDevices && column < 0 && item.matches()) {
        column = item.group(1).length();
      }
      Matcher name = NAME.matcher(line);
      if (inDevices && name.matches() && name.group(1).length() == column) {
        devices.add(plain(name.group(2)));
      }
    }
    String of = kind.orElse("");
    return of.isEmpty() ? List.of() : devices.stream().map(name -> of + "=" + name).toList();
  }

  private static String plain(String scalar) {
    String text = scalar.strip();
    boolean quoted =
        text.length() > 1
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.endsWith(text.substring(0, 1));
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
