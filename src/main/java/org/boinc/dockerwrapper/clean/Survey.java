package org.boinc.dockerwrapper.clean;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.FileTrouble;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.ListedContainer;
import org.boinc.dockerwrapper.engine.ListedImage;
import org.boinc.dockerwrapper.engine.ListedNetwork;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.run.ImageLedger;
import org.boinc.dockerwrapper.run.ImageUse;

/**
 * Looks at the engine first and then at the disk: what is on the engine by then had its slot before
 * it.
 */
final class Survey {
  private final Engine engine;
  private final Path client;
  private final List<String> problems = new ArrayList<>();

  private Survey(Engine engine, Path client) {
    this.engine = engine;
    this.client = client;
  }

  /**
   * Looks once.
   *
   * @param client the data directory, without links in its path
   */
  static Inventory take(Engine engine, Path client) throws EngineException {
    return new Survey(engine, client).take();
  }

  private Inventory take() throws EngineException {
    List<ListedContainer> containers = engine.containers().list();
    List<ListedNetwork> networks = engine.networks().list();
    List<ListedImage> images = engine.images().list();
    Map<String, Set<String>> claims = new TreeMap<>();
    Stream.concat(
            containers.stream().map(ListedContainer::labels),
            networks.stream().map(ListedNetwork::labels))
        .filter(labels -> client.toString().equals(labels.get(Labels.CLIENT)))
        .filter(labels -> labels.containsKey(Labels.SLOT))
        .forEach(
            labels ->
                claims
                    .computeIfAbsent(labels.getOrDefault(Labels.SLOT, ""), _ -> new HashSet<>())
                    .add(labels.getOrDefault(Labels.RESULT, "")));
    boolean allSlotsKnown = addSlots(claims);
    Map<String, Tenancy> slots = new TreeMap<>();
    claims.forEach((slot, of) -> slots.put(slot, SlotReader.read(Path.of(slot), of)));
    Map<String, List<ImageUse>> uses = uses();
    return new Inventory(
        client.toString(),
        containers,
        networks,
        images,
        uses,
        slots,
        allSlotsKnown,
        projects(images, uses.keySet()),
        Instant.now(),
        List.copyOf(problems));
  }

  private boolean addSlots(Map<String, Set<String>> claims) {
    try (DirectoryStream<Path> slots = Files.newDirectoryStream(client.resolve("slots"))) {
      slots.forEach(slot -> claims.putIfAbsent(slot.toString(), Set.of()));
      return true;
    } catch (NoSuchFileException | NotDirectoryException none) {
      return true;
    } catch (IOException trouble) {
      problems.add(FileTrouble.sentence(trouble));
      return false;
    }
  }

  private Map<String, List<ImageUse>> uses() {
    Map<String, List<ImageUse>> uses = new TreeMap<>();
    try {
      for (ImageLedger ledger : ImageLedger.all(projectsDirectory(client))) {
        read(ledger, uses);
      }
    } catch (IOException trouble) {
      problems.add(FileTrouble.sentence(trouble));
    }
    return uses;
  }

  private void read(ImageLedger ledger, Map<String, List<ImageUse>> uses) {
    try {
      uses.put(
          ledger.project(),
          ledger.read().stream()
              .filter(use -> use.endpoint().equals(engine.facts().endpoint()))
              .toList());
    } catch (IOException trouble) {
      problems.add(FileTrouble.sentence(trouble));
    }
  }

  private Map<String, ProjectState> projects(List<ListedImage> images, Set<String> noted) {
    Set<String> names = new HashSet<>(noted);
    for (ListedImage image : images) {
      String project = image.labels().get(Labels.PROJECT);
      if (project != null && client.toString().equals(image.labels().get(Labels.CLIENT))) {
        names.add(project);
      }
    }
    Map<String, ProjectState> projects = new HashMap<>();
    names.forEach(name -> projects.put(name, project(projectsDirectory(client).resolve(name))));
    return projects;
  }

  private static ProjectState project(Path directory) {
    Set<String> files = new HashSet<>();
    try (DirectoryStream<Path> listed = Files.newDirectoryStream(directory)) {
      listed.forEach(file -> files.add(String.valueOf(file.getFileName())));
      return new ProjectState.There(files);
    } catch (NoSuchFileException gone) {
      return new ProjectState.Gone();
    } catch (IOException trouble) {
      return new ProjectState.Unreadable(FileTrouble.sentence(trouble));
    }
  }

  /** Where the client has its projects' directories. */
  static Path projectsDirectory(Path client) {
    return client.resolve("projects");
  }
}
