package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.boinc.InitDataException;
import org.boinc.dockerwrapper.engine.ListedContainer;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.plan.Names;
import org.boinc.dockerwrapper.run.Journal;

/**
 * A job of docker_wrapper on this host.
 *
 * @param labels those of {@link Labels} that its container has, or would have
 * @param container absent before it is created, and after its end
 */
record HostJob(Map<String, String> labels, Optional<ListedContainer> container) {

  /**
   * The jobs that have a container.
   *
   * @param client data directory of the only one whose jobs are wanted; empty: of all
   */
  static List<HostJob> of(List<ListedContainer> containers, Optional<Path> client) {
    Optional<String> wanted = client.map(Path::toString);
    return containers.stream()
        .filter(listed -> listed.labels().containsKey(Labels.RESULT))
        .filter(listed -> Labels.isMain(listed.labels()))
        .filter(listed -> listed.labels().containsKey(Labels.CLIENT))
        .filter(
            listed -> wanted.isEmpty() || wanted.get().equals(listed.labels().get(Labels.CLIENT)))
        .map(listed -> new HostJob(listed.labels(), Optional.of(listed)))
        .toList();
  }

  /** The jobs in a client's slots, without a container as far as one can see there. */
  static List<HostJob> inSlotsOf(Path client) throws IOException {
    List<HostJob> jobs = new ArrayList<>();
    try (Stream<Path> slots = Files.list(client.resolve("slots"))) {
      for (Path slot : slots.toList()) {
        inSlot(client, slot).ifPresent(jobs::add);
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      return jobs;
    }
    return jobs;
  }

  /** Only the wrapper leaves a journal. */
  private static Optional<HostJob> inSlot(Path client, Path slot) throws IOException {
    Path description = slot.resolve(InitData.FILE);
    if (!Files.isReadable(description) || Journal.resultIn(slot).isEmpty()) {
      return Optional.empty();
    }
    try {
      InitData job = InitData.parse(Files.readAllBytes(description));
      return Optional.of(
          new HostJob(
              Map.of(
                  Labels.CLIENT, client.toString(),
                  Labels.PROJECT, Names.project(job),
                  Labels.RESULT, job.resultName(),
                  Labels.WORKUNIT, job.workunitName(),
                  Labels.SLOT, slot.toString()),
              Optional.empty()));
    } catch (NoSuchFileException | InitDataException beingRewritten) {
      return Optional.empty();
    }
  }

  String label(String name) {
    return labels.getOrDefault(name, "");
  }

  String result() {
    return label(Labels.RESULT);
  }

  Path slot() {
    return Path.of(label(Labels.SLOT));
  }

  /** The number that the client gave the slot, as text. */
  String slotNumber() {
    return String.valueOf(slot().getFileName());
  }

  String state() {
    return container.map(c -> c.state().name().toLowerCase(Locale.ROOT)).orElse("no container");
  }

  /** Among others of its kind, for people. */
  String title() {
    return "%s (slot %s of %s)".formatted(result(), slotNumber(), label(Labels.CLIENT));
  }
}
