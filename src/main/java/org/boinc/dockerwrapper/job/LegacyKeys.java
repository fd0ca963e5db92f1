package org.boinc.dockerwrapper.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The flat keys of the two old forms and what they mean in schema 1. */
final class LegacyKeys {
  /** Any of these makes a file the wiki's: the slot is mounted only on request. */
  static final Set<String> WIKI =
      Set.of("slot_dir_mount", "copy_to_container", "copy_from_container");

  /**
   * One line of the table.
   *
   * @param instead what to write in schema 1
   */
  record Row(String instead, Meaning meaning) {}

  @FunctionalInterface
  interface Meaning {
    void add(Setting at, Layer layer, Consumer<Problem> problems);
  }

  private static final Map<String, Row> ROWS = rows();

  private LegacyKeys() {}

  static Map<String, Row> table() {
    return ROWS;
  }

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    rows.put("slot_dir_mount", alias("files.slot"));
    rows.put("project_dir_mount", new Row("files.project", LegacyKeys::project));
    rows.put("copy_to_container", alias("files.in"));
    rows.put("copy_from_container", alias("files.out"));
    rows.put("use_gpu", alias("gpu.enabled"));
    rows.put("checkpoint_period", alias("checkpoint.period"));
    rows.put("workdir", new Row("files.slot", LegacyKeys::workdir));
    rows.put("image_name", new Row("image.name", LegacyKeys::imageName));
    rows.put("build_args", new Row("image.build_args", BuildArgs::add));
    rows.put("create_args", new Row("[container], [resources] and [network]", CreateArgs::add));
    rows.put("web_graphics_guest_port", alias("network.graphics_port"));
    rows.put("mount", new Row("[files] or security.host_mounts", LegacyKeys::mounts));
    rows.put("portmap", new Row("network.ports", LegacyKeys::ports));
    return rows;
  }

  private static Row alias(String key) {
    return new Row(key, (at, layer, problems) -> layer.putLegacy(key, at));
  }

  private static void project(Setting at, Layer layer, Consumer<Problem> problems) {
    layer.putLegacy("files.project", at);
    layer.putLegacy("files.project_access", at.meaning("rw"));
  }

  private static void workdir(Setting at, Layer layer, Consumer<Problem> problems) {
    layer.putLegacy("files.slot", at);
    layer.putLegacy("container.workdir", at);
  }

  private static void imageName(Setting at, Layer layer, Consumer<Problem> problems) {
    layer.putLegacy("image.name", at);
    layer.putLegacy("image.keep", at.meaning("forever"));
  }

  private static void mounts(Setting at, Layer layer, Consumer<Problem> problems) {
    eachString(at, problems, element -> LegacyForms.mount(element, layer, problems));
  }

  private static void ports(Setting at, Layer layer, Consumer<Problem> problems) {
    eachString(at, problems, element -> LegacyForms.port(element, layer, problems));
  }

  private static void eachString(Setting at, Consumer<Problem> problems, Consumer<Setting> use) {
    if (!(at.value() instanceof List<?> list)) {
      problems.accept(JobProblems.wrongType(at, "an array of strings"));
      return;
    }
    for (int i = 0; i < list.size(); i++) {
      Setting element = at.element(i, list.get(i));
      if (element.value() instanceof String) {
        use.accept(element);
      } else {
        problems.accept(JobProblems.wrongType(element, "a string"));
      }
    }
  }
}
