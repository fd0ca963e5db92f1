package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.google.gson.JsonObject;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One of the dozen plain requests of a job's ordinary life (Docker API, unversioned paths). They
 * don't go through docker-java's classes: for these few calls, each made once, those cost a third
 * of a second of CPU time and 25 MiB of memory in every wrapper of a host. What has a difficult
 * protocol (building, pulling, loading, exec) is docker-java's.
 */
record EngineRequest(Request request) {
  static EngineRequest get(String path, Map<String, String> query) {
    return new EngineRequest(Request.builder().method("GET").path(path + text(query)).build());
  }

  static EngineRequest get(String path) {
    return get(path, Map.of());
  }

  static EngineRequest head(String path, Map<String, String> query) {
    return new EngineRequest(Request.builder().method("HEAD").path(path + text(query)).build());
  }

  static EngineRequest post(String path, Map<String, String> query) {
    return new EngineRequest(Request.builder().method("POST").path(path + text(query)).build());
  }

  static EngineRequest post(String path) {
    return post(path, Map.of());
  }

  /** With a document for the engine to read. */
  static EngineRequest post(String path, Map<String, String> query, JsonObject document) {
    return new EngineRequest(
        Request.builder()
            .method("POST")
            .path(path + text(query))
            .putHeader("Content-Type", "application/json")
            .bodyBytes(Json.text(document).getBytes(StandardCharsets.UTF_8))
            .build());
  }

  /** The same where both sides then use the connection as they like. */
  static EngineRequest hijack(String path, JsonObject document) {
    return new EngineRequest(
        Request.builder()
            .method("POST")
            .path(path)
            .putHeader("Content-Type", "application/json")
            .putHeader("Connection", "Upgrade")
            .putHeader("Upgrade", "tcp")
            .bodyBytes(Json.text(document).getBytes(StandardCharsets.UTF_8))
            .build());
  }

  static EngineRequest delete(String path, Map<String, String> query) {
    return new EngineRequest(Request.builder().method("DELETE").path(path + text(query)).build());
  }

  /** With an archive for the engine to unpack. */
  static EngineRequest put(String path, Map<String, String> query, InputStream tar) {
    return new EngineRequest(
        Request.builder()
            .method("PUT")
            .path(path + text(query))
            .putHeader("Content-Type", "application/x-tar")
            .body(tar)
            .build());
  }

  /** The path of a container's resource, such as {@code /containers/x/json}. */
  static String container(String id, String resource) {
    return "/containers/" + encode(id) + resource;
  }

  static EngineRequest inspectImage(String reference) {
    return get("/images/" + encode(reference) + "/json");
  }

  /** The query that selects what has all of these labels. */
  static String labelFilter(Map<String, String> labels) {
    List<String> pairs =
        labels.entrySet().stream().map(label -> label.getKey() + "=" + label.getValue()).toList();
    JsonObject filter = new JsonObject();
    filter.add("label", Json.of(pairs));
    return Json.text(filter);
  }

  private static String text(Map<String, String> query) {
    return query.isEmpty()
        ? ""
        : query.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
