package org.boinc.dockerwrapper.convert;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The constants of a Qarnot task: {@code NAME=value} lines, {@code task.constants["NAME"] =
 * "value"} of its Python library, or the JSON of its API.
 */
final class QarnotConstants implements Format {
  private static final Pattern PYTHON =
      Pattern.compile("constants\\[['\"](\\w+)['\"]]\\s*=\\s*[fr]?(['\"])(.*?)\\2");

  private static final Pattern PROFILE =
      Pattern.compile("docker-[a-z-]+|\"profile\"\\s*:\\s*\"([^\"]*)\"");
  private static final Pattern INSTANCES =
      Pattern.compile(
          "(?i)(?:\\binstance_?count\\b['\"]?\\s*[:=]|create_task\\([^,)]*,[^,)]*,)\\s*(\\d{1,6})");

  private static final int LEAST_NODES = 2;
  private static final int MOST_NODES = 16;
  private static final List<String> KNOWN =
      List.of("DOCKER_", "RESOURCES_PATH", "QARNOT_", "SHUTDOWN_CMD");

  private static final String REGISTRY = "docker.io";
  private static final String NO_SSH =
      "nobody logs in to a volunteer's computer; its owner has boinc-docker exec";

  @Override
  public String name() {
    return "qarnot";
  }

  @Override
  public String title() {
    return "the constants of a Qarnot task";
  }

  @Override
  public boolean recognises(String text) {
    return text.contains("DOCKER_REPO")
        || text.contains("DOCKER_CMD")
        || text.contains("DOCKER_TAG");
  }

  @Override
  public void convert(String text, JobDraft draft) throws NotConvertible {
    Map<String, String> constants = constants(text);
    if (constants.isEmpty()) {
      throw new NotConvertible("there is no constant in it, such as DOCKER_REPO=library/alpine");
    }
    image(constants, draft);
    profile(text, draft);
    constants.forEach((name, value) -> constant(name, value, draft));
    if (!draft.has("files.slot")) {
      draft.set("files.slot", "/job");
    }
    draft.note(
        "resource and result buckets",
        "inputs are files of the workunit, and each output is declared in its template; in the job both lie in files.slot");
  }

  private static Map<String, String> constants(String text) {
    Map<String, String> found = json(text);
    Matcher python = PYTHON.matcher(text);
    while (python.find()) {
      found.put(python.group(1), python.group(3));
    }
    return found.isEmpty() ? Assignments.of(text, List.of("")) : found;
  }

  private static Map<String, String> json(String text) {
    Map<String, String> found = new LinkedHashMap<>();
    if (!text.strip().startsWith("{")) {
      return found;
    }
    try {
      JsonElement constants = new Gson().fromJson(text, JsonObject.class).get("constants");
      if (constants != null && constants.isJsonObject()) {
        constants
            .getAsJsonObject()
            .asMap()
            .forEach((name, value) -> found.put(name, value.getAsString()));
      } else if (constants != null && constants.isJsonArray()) {
        for (JsonElement pair : constants.getAsJsonArray()) {
          JsonObject object = pair.getAsJsonObject();
          if (object.has("key") && object.has("value")) {
            found.put(object.get("key").getAsString(), object.get("value").getAsString());
          }
        }
      }
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException other) {
      found.clear();
    }
    return found;
  }

  /** Server, repository and tag are one name here; there is no default image. */
  private static void image(Map<String, String> constants, JobDraft draft) {
    String server =
        constants
            .getOrDefault("DOCKER_SRV", REGISTRY)
            .replaceFirst("^https?://|/$", "")
            .replaceFirst("/$", "");
    String repository = constants.getOrDefault("DOCKER_REPO", "library/ubuntu");
    String tag = constants.getOrDefault("DOCKER_TAG", "latest");
    String host = server.contains("docker.com") || server.contains("docker.io") ? REGISTRY : server;
    Common.image(draft, host + "/" + repository + ":" + tag);
    if (!constants.containsKey("DOCKER_REPO")) {
      draft.note("no DOCKER_REPO", "Qarnot's default is written out");
    }
  }

  private static void profile(String text, JobDraft draft) {
    Matcher found = PROFILE.matcher(text);
    String profile = found.find() ? found.group(found.group(1) == null ? 0 : 1) : "";
    draft.set("network.mode", profile.contains("network") ? "nat" : "none");
    if (profile.contains("nvidia")) {
      draft.set("gpu.enabled", true);
    }
    if (profile.contains("cluster")) {
      cluster(text, profile, draft);
    }
    if (profile.contains("ssh")) {
      draft.note("profile " + profile, NO_SSH);
    }
    if (profile.isEmpty()) {
      draft.note(
          "no profile", "the job gets no network; write network.mode = \"nat\" if it needs one");
    }
  }

  /** On Qarnot each instance is a machine of its own; here they share one. */
  private static void cluster(String text, String profile, JobDraft draft) {
    Matcher count = INSTANCES.matcher(text);
    int asked = count.find() ? Integer.parseInt(count.group(1)) : LEAST_NODES;
    draft.set("cluster.nodes", Math.clamp(asked, LEAST_NODES, MOST_NODES));
    if (profile.contains("ssh")) {
      draft.set("cluster.ssh", true);
    }
    draft.note(
        "profile " + profile,
        "all nodes are containers on one computer, and share its CPUs and memory; split more work into workunits");
  }

  private static void constant(String name, String value, JobDraft draft) {
    switch (name) {
      case "DOCKER_SRV", "DOCKER_REPO", "DOCKER_TAG" -> {
        // are the image's name
      }
      case "DOCKER_CMD" -> draft.set("container.command", Words.command(value));
      case "DOCKER_CMD_MASTER" -> draft.set("cluster.master", Words.command(value));
      case "DOCKER_CMD_WORKER" -> draft.set("cluster.worker", Words.command(value));
      case "DOCKER_ENTRYPOINT" -> draft.set("container.entrypoint", Words.command(value));
      case "DOCKER_WORKDIR" -> draft.set("container.workdir", value);
      case "DOCKER_HOST" -> draft.set("container.hostname", value);
      case "DOCKER_USER" -> user(value, draft);
      case "RESOURCES_PATH" -> draft.set("files.slot", value);
      case "SHUTDOWN_CMD", "DOCKER_SHUTDOWN_CMD" ->
          draft.set("container.shutdown", Words.command(value));
      case "DOCKER_PROGRESS1", "DOCKER_PROGRESS2", "DOCKER_PROGRESS3" ->
          draft.add("progress.patterns", value);
      case "DOCKER_SSH" -> draft.note("DOCKER_SSH", NO_SSH);
      case "DOCKER_REGISTRY_LOGIN" ->
          draft.note(
              "DOCKER_REGISTRY_LOGIN",
              "write image.registry = { user = \"…\", password_file = \"…\" } with a token that may only pull: every volunteer can read it");
      case "DOCKER_REGISTRY_PASSWORD" ->
          draft.note("DOCKER_REGISTRY_PASSWORD", "is not written down here; see image.registry");
      default -> other(name, value, draft);
    }
  }

  private static void other(String name, String value, JobDraft draft) {
    if (name.startsWith("QARNOT_SECRET_")) {
      draft.note(name, "a volunteer's computer keeps no secret; leave it out");
    } else {
      draft.put("container.env", name, Words.plain(value));
      if (KNOWN.stream().anyMatch(name::startsWith)) {
        draft.note(name, "has no key here; the job finds it in its environment");
      }
    }
  }

  private static void user(String value, JobDraft draft) {
    if (value.matches("[1-9]\\d*(:\\d+)?")) {
      draft.set("container.user", value);
    } else {
      draft.note("DOCKER_USER=" + value, "the job runs as the BOINC client's user");
    }
  }
}
