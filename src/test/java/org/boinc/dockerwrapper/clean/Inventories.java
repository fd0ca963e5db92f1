package org.boinc.dockerwrapper.clean;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.ListedContainer;
import org.boinc.dockerwrapper.engine.ListedImage;
import org.boinc.dockerwrapper.engine.ListedNetwork;
import org.boinc.dockerwrapper.run.ImageUse;

/** An inventory as small as can be, and what the rules make of it. */
final class Inventories {
  static final String CLIENT = "/boinc";
  static final String PROJECT = "example.org_p";
  static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  static final long MB = 1 << 20;

  private final List<ListedContainer> containers = new ArrayList<>();
  private final List<ListedNetwork> networks = new ArrayList<>();
  private final List<ListedImage> images = new ArrayList<>();
  private final Map<String, List<ImageUse>> uses = new HashMap<>();
  private final Map<String, Tenancy> slots = new TreeMap<>();
  private final Map<String, ProjectState> projects = new HashMap<>();
  private boolean allSlotsKnown = true;

  static Map<String, String> labels(String slot, String result) {
    return Map.of(
        "boinc.client", CLIENT,
        "boinc.project", PROJECT,
        "boinc.result", result,
        "boinc.slot", slot);
  }

  Inventories container(String name, String imageId, Map<String, String> labels) {
    containers.add(
        new ListedContainer("id-" + name, name, ContainerState.EXITED, "i", imageId, labels));
    return this;
  }

  Inventories network(String name, Map<String, String> labels) {
    networks.add(new ListedNetwork("id-" + name, name, labels));
    return this;
  }

  /** 100 MB, made a day ago. */
  Inventories image(String id, List<String> names, Map<String, String> labels) {
    images.add(
        new ListedImage("sha256:" + id, names, labels, 100 * MB, NOW.minus(Duration.ofDays(1))));
    return this;
  }

  /** An image that stands in the ledger, with the name {@code NAME:1}. */
  Inventories noted(
      String id, String project, String workunit, List<String> files, Duration unused) {
    if (images.stream().noneMatch(image -> image.id().equals("sha256:" + id))) {
      image(id, List.of(id + ":1"), Map.of());
    }
    uses.computeIfAbsent(project, _ -> new ArrayList<>())
        .add(
            new ImageUse(
                "unix:///s",
                id + ":1",
                "sha256:" + id,
                workunit,
                files,
                NOW.minus(unused).getEpochSecond()));
    return this;
  }

  Inventories slot(String path, Tenancy tenancy) {
    slots.put(path, tenancy);
    return this;
  }

  Inventories job(String slot, String result, String workunit) {
    return slot(slot, new Tenancy.Taken(PROJECT, result, workunit));
  }

  Inventories slotsUnknown() {
    allSlotsKnown = false;
    return this;
  }

  Inventories project(String name, String... files) {
    return project(name, new ProjectState.There(Set.of(files)));
  }

  Inventories project(String name, ProjectState state) {
    projects.put(name, state);
    return this;
  }

  List<Finding> judged(long limit) {
    Inventory all =
        new Inventory(
            CLIENT,
            containers,
            networks,
            images,
            uses,
            slots,
            allSlotsKnown,
            projects,
            NOW,
            List.of());
    List<Finding> findings = new ArrayList<>(ContainerRules.of(all));
    findings.addAll(ImageRules.of(all, List.copyOf(findings), limit));
    return findings;
  }

  /** Each finding as {@code NAME FATE: reason}. */
  List<String> told(long limit) {
    return judged(limit).stream()
        .map(found -> "%s %s: %s".formatted(found.title(), found.fate(), found.why()))
        .toList();
  }

  /** With room for all. */
  List<String> told() {
    return told(Long.MAX_VALUE);
  }
}
