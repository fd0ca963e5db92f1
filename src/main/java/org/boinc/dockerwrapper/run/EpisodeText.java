package org.boinc.dockerwrapper.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.boinc.dockerwrapper.run.Episode.Decided;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Episode} as JSON and back, field by field: for a library that looks for the fields
 * itself the JVM generates code at every start.
 */
final class EpisodeText {
  private static final Gson JSON =
      new GsonBuilder().setStrictness(Strictness.STRICT).disableHtmlEscaping().create();

  private EpisodeText() {}

  static String of(Episode episode) {
    JsonObject fields = new JsonObject();
    fields.addProperty("version", episode.version);
    fields.addProperty("result", episode.result);
    fields.addProperty("setUpAt", episode.setUpAt);
    fields.addProperty("endpoint", episode.endpoint);
    fields.addProperty("bootId", episode.bootId);
    fields.add("outputs", texts(episode.outputs));
    fields.add("uploads", uploads(episode.uploads));
    fields.addProperty("imageTag", episode.imageTag);
    fields.add("cpu", cpu(episode.cpu));
    fields.add("received", bytes(episode.received));
    fields.add("sent", bytes(episode.sent));
    fields.addProperty("runSeconds", episode.runSeconds);
    fields.addProperty("checkpointCpu", episode.checkpointCpu);
    fields.addProperty("parked", episode.parked);
    fields.addProperty("unwatchedDeaths", episode.unwatchedDeaths);
    fields.addProperty("temporaryExits", episode.temporaryExits);
    fields.addProperty("stopsBySignals", episode.stopsBySignals);
    fields.addProperty("toldOfNoLimits", episode.toldOfNoLimits);
    fields.addProperty("phase", episode.phase);
    add(fields, "limit", episode.limit);
    add(fields, "decided", episode.decided);
    return JSON.toJson(fields);
  }

  private static JsonArray texts(List<String> list) {
    JsonArray texts = new JsonArray();
    list.forEach(texts::add);
    return texts;
  }

  private static JsonObject uploads(Map<String, UploadState> states) {
    JsonObject uploads = new JsonObject();
    states.forEach(
        (name, state) -> {
          JsonObject upload = new JsonObject();
          upload.addProperty("stage", state.stage().name());
          upload.addProperty("requests", state.requests());
          upload.addProperty("trickled", state.trickled());
          upload.addProperty("bytes", state.bytes());
          upload.addProperty("changed", state.changed());
          uploads.add(name, upload);
        });
    return uploads;
  }

  private static JsonObject cpu(CpuAccount account) {
    JsonObject cpu = new JsonObject();
    cpu.addProperty("base", account.base());
    cpu.addProperty("counter", account.counter());
    return cpu;
  }

  private static JsonObject bytes(ByteAccount account) {
    JsonObject bytes = new JsonObject();
    bytes.addProperty("base", account.base());
    bytes.addProperty("counter", account.counter());
    return bytes;
  }

  private static void add(JsonObject fields, String name, @Nullable Decided decided) {
    if (decided != null) {
      JsonObject outcome = new JsonObject();
      outcome.addProperty("kind", decided.kind());
      outcome.addProperty("status", decided.status());
      outcome.addProperty("sentence", decided.sentence());
      fields.add(name, outcome);
    }
  }

  /**
   * Reads what {@link #of} wrote. A field without a value keeps the one it begins with, an unknown
   * one is passed over.
   *
   * @throws RuntimeException where it can't be understood
   */
  static Episode read(String text) {
    JsonElement document = JSON.fromJson(text, JsonElement.class);
    Episode episode = new Episode();
    if (document instanceof JsonNull) {
      return episode;
    }
    if (!(document instanceof JsonObject fields)) {
      throw new JsonParseException("no object");
    }
    fields.entrySet().stream()
        .filter(field -> !field.getValue().isJsonNull())
        .forEach(field -> set(episode, field.getKey(), field.getValue()));
    return episode;
  }

  private static void set(Episode episode, String field, JsonElement value) {
    switch (field) {
      case "version" -> episode.version = whole(value);
      case "result" -> episode.result = value.getAsString();
      case "setUpAt" -> episode.setUpAt = value.getAsString();
      case "endpoint" -> episode.endpoint = value.getAsString();
      case "bootId" -> episode.bootId = value.getAsString();
      case "outputs" -> episode.outputs = readTexts(value);
      case "uploads" -> episode.uploads = readUploads(value);
      case "imageTag" -> episode.imageTag = value.getAsString();
      case "cpu" ->
          episode.cpu =
              new CpuAccount(
                  required(value, "base").getAsDouble(), required(value, "counter").getAsDouble());
      case "received" -> episode.received = readBytes(value);
      case "sent" -> episode.sent = readBytes(value);
      case "runSeconds" -> episode.runSeconds = value.getAsDouble();
      case "checkpointCpu" -> episode.checkpointCpu = value.getAsDouble();
      case "parked" -> episode.parked = value.getAsBoolean();
      case "unwatchedDeaths" -> episode.unwatchedDeaths = whole(value);
      case "temporaryExits" -> episode.temporaryExits = whole(value);
      case "stopsBySignals" -> episode.stopsBySignals = value.getAsBoolean();
      case "toldOfNoLimits" -> episode.toldOfNoLimits = value.getAsBoolean();
      case "phase" -> episode.phase = value.getAsString();
      case "limit" -> episode.limit = readDecided(value);
      case "decided" -> episode.decided = readDecided(value);
      default -> {}
    }
  }

  private static ByteAccount readBytes(JsonElement value) {
    return new ByteAccount(
        required(value, "base").getAsLong(), required(value, "counter").getAsLong());
  }

  private static int whole(JsonElement value) {
    return Integer.parseInt(value.getAsString());
  }

  private static JsonElement required(JsonElement object, String field) {
    JsonElement value = object.getAsJsonObject().get(field);
    if (value == null || value.isJsonNull()) {
      throw new JsonParseException("it has no " + field);
    }
    return value;
  }

  private static List<String> readTexts(JsonElement value) {
    List<String> texts = new ArrayList<>();
    value.getAsJsonArray().forEach(text -> texts.add(text.getAsString()));
    return texts;
  }

  private static Map<String, UploadState> readUploads(JsonElement value) {
    Map<String, UploadState> uploads = new LinkedHashMap<>();
    value.getAsJsonObject().entrySet().stream()
        .filter(upload -> !upload.getValue().isJsonNull())
        .forEach(upload -> uploads.put(upload.getKey(), readUpload(upload.getValue())));
    return uploads;
  }

  private static UploadState readUpload(JsonElement value) {
    return new UploadState(
        UploadState.Stage.valueOf(required(value, "stage").getAsString()),
        whole(required(value, "requests")),
        required(value, "trickled").getAsBoolean(),
        required(value, "bytes").getAsLong(),
        required(value, "changed").getAsString());
  }

  private static Decided readDecided(JsonElement value) {
    return new Decided(
        required(value, "kind").getAsString(),
        whole(required(value, "status")),
        required(value, "sentence").getAsString());
  }
}
