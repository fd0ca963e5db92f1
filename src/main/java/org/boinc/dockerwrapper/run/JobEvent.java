package org.boinc.dockerwrapper.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.UntrustedFile;

/**
 * One line of {@code docker_wrapper_events.jsonl} in a job's slot: what happened to the job, for
 * whoever wants to know it later. One JSON object in UTF-8, ended by a line feed:
 *
 * <pre>{"v":1,"at":1764310000123,"pid":4711,"event":"state","text":"…","from":"…","to":"…"}</pre>
 *
 * <p>{@code v} is the version of this form: 1. A reader leaves out lines of a later version, lines
 * that are cut and members it does not know. The file holds a job's last episodes, oldest first, at
 * most 512 KiB; no secret of the job or of the volunteer is in it, and the job can't read it.
 *
 * @param at milliseconds since 1970, by the host's clock
 * @param pid of the wrapper's process, which is new in each episode
 * @param kind JSON member {@code event}, in small letters; says which further members there are
 * @param text one sentence for people
 * @param more the further members: strings and numbers
 */
public record JobEvent(long at, long pid, Kind kind, String text, Map<String, Object> more) {
  /** The file's name in the slot. */
  public static final String FILE = "docker_wrapper_events.jsonl";

  static final int VERSION = 1;
  private static final int LARGEST_FILE = 1 << 20;

  /** What an event tells. */
  public enum Kind {
    /** An episode begins; {@code wrapper}: its version, {@code result}. */
    BEGIN,
    /** The engine is found; {@code product}, {@code version}, {@code endpoint}. */
    ENGINE,
    /** The image is there; {@code image}: its name, {@code id}. */
    IMAGE,
    /** The state machine went on; {@code from}, {@code to}. */
    STATE,
    /** A call of the engine took longer than a second; {@code seconds}. */
    SLOW,
    /** A step failed, or was refused; {@code step}, and {@code why}: the kind of failure. */
    FAILED,
    /** The job is beyond a limit; {@code limit}. */
    LIMIT,
    /**
     * The episode ends; {@code outcome}, {@code status}: of the process, and once the container ran
     * {@code cpu_seconds}, {@code run_seconds}, {@code received_bytes} and {@code sent_bytes}, of
     * all episodes, pauses excluded.
     */
    END,
    /** This episode has told too much; nothing follows but its end. */
    FULL
  }

  /** Without a JSON library: this is written while a job starts. */
  String line() {
    StringBuilder json = new StringBuilder(160);
    json.append("{\"v\":").append(VERSION).append(",\"at\":").append(at);
    json.append(",\"pid\":").append(pid).append(",\"event\":\"");
    json.append(kind.name().toLowerCase(Locale.ROOT)).append("\",\"text\":");
    quote(text, json);
    for (Map.Entry<String, Object> member : more.entrySet()) {
      json.append(",\"").append(member.getKey()).append("\":");
      if (member.getValue() instanceof Number number) {
        json.append(number);
      } else {
        quote(member.getValue().toString(), json);
      }
    }
    return json.append("}\n").toString();
  }

  private static void quote(String text, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c) || Character.getType(c) == Character.FORMAT) {
        json.append("\\u").append(Integer.toHexString(0x10000 | c).substring(1));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }

  /** What a line says; empty where it is none of this version. */
  public static Optional<JobEvent> parse(String line) {
    try {
      JsonObject object = JsonParser.parseString(line).getAsJsonObject();
      if (object.get("v").getAsInt() != VERSION) {
        return Optional.empty();
      }
      Map<String, Object> more = new LinkedHashMap<>();
      for (Map.Entry<String, JsonElement> member : object.entrySet()) {
        if (!List.of("v", "at", "pid", "event", "text").contains(member.getKey())) {
          var value = member.getValue().getAsJsonPrimitive();
          more.put(member.getKey(), value.isNumber() ? value.getAsDouble() : value.getAsString());
        }
      }
      return Optional.of(
          new JobEvent(
              object.get("at").getAsLong(),
              object.get("pid").getAsLong(),
              Kind.valueOf(object.get("event").getAsString().toUpperCase(Locale.ROOT)),
              object.get("text").getAsString(),
              more));
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | UnsupportedOperationException
        | NullPointerException notOne) {
      // Cut by a crash, or of a later version.
      return Optional.empty();
    }
  }

  /**
   * The events in a slot, oldest first; none where there is no such file.
   *
   * @throws IOException where it can't be read
   */
  public static List<JobEvent> in(Path slot) throws IOException {
    Optional<byte[]> bytes = UntrustedFile.readStart(slot.resolve(FILE), LARGEST_FILE);
    return new String(bytes.orElse(new byte[0]), StandardCharsets.UTF_8)
        .lines()
        .flatMap(line -> parse(line).stream())
        .toList();
  }
}
