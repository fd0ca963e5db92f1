package org.boinc.dockerwrapper.engine;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An answer of the engine, read without asking at each step whether it is there: what is missing,
 * null or of another kind is empty, zero or false.
 */
record Json(JsonElement element) {
  private static final Gson GSON =
      new GsonBuilder().setStrictness(Strictness.STRICT).disableHtmlEscaping().create();

  /**
   * Reads a document.
   *
   * @throws com.google.gson.JsonParseException if it is none
   */
  static Json parse(byte[] document) {
    JsonElement element =
        GSON.fromJson(new String(document, StandardCharsets.UTF_8), JsonElement.class);
    return new Json(Objects.requireNonNullElse(element, JsonNull.INSTANCE));
  }

  /** A list, a map, a word, a number or a truth as a document. */
  static JsonElement of(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        JsonObject object = new JsonObject();
        map.forEach((field, item) -> object.add((String) field, of(item)));
        yield object;
      }
      case List<?> list -> {
        JsonArray array = new JsonArray();
        list.forEach(item -> array.add(of(item)));
        yield array;
      }
      case String text -> new JsonPrimitive(text);
      case Number number -> new JsonPrimitive(number);
      case Boolean truth -> new JsonPrimitive(truth);
      default -> throw new IllegalArgumentException("not for a document: " + value);
    };
  }

  static String text(JsonObject document) {
    return GSON.toJson(document);
  }

  Json path(String field) {
    return new Json(
        element instanceof JsonObject object && object.has(field)
            ? object.get(field)
            : JsonNull.INSTANCE);
  }

  /** The elements of a list. */
  Stream<Json> items() {
    List<JsonElement> items = element instanceof JsonArray array ? array.asList() : List.of();
    return items.stream().map(Json::new);
  }

  /** An object of words. */
  Map<String, String> texts() {
    Map<String, String> texts = new HashMap<>();
    if (element instanceof JsonObject object) {
      object.asMap().forEach((field, value) -> texts.put(field, new Json(value).text()));
    }
    return Map.copyOf(texts);
  }

  /** The fields of an object. */
  Set<String> names() {
    return element instanceof JsonObject object ? Set.copyOf(object.keySet()) : Set.of();
  }

  String text() {
    return element.isJsonPrimitive() ? element.getAsString() : "";
  }

  boolean flag() {
    return element.isJsonPrimitive() && element.getAsBoolean();
  }

  boolean isNumber() {
    return element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
  }

  long number() {
    return isNumber() ? element.getAsLong() : 0;
  }
}
