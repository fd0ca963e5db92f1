package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.boinc.dockerwrapper.boinc.AtomicFile;
import org.boinc.dockerwrapper.boinc.Slot;

/**
 * The write-ahead state file of a job. Written to a temporary name and renamed, so that it is never
 * half there.
 */
public final class Journal {
  static final String FILE = "docker_wrapper_state.json";

  private final Path file;
  private final Episode episode;
  private String written = "";

  private Journal(Path file, Episode episode) {
    this.file = file;
    this.episode = episode;
  }

  /**
   * The journal of a result, or a new one where the file is missing, belongs to another result,
   * can't be understood or was brought in with the job's files; the container itself is found by
   * its labels.
   *
   * @param unusable told in one sentence where a file was there and could not be used
   * @throws IOException where the slot can't be read
   */
  static Journal open(Slot slot, String result, Consumer<String> unusable) throws IOException {
    Path file = slot.directory().resolve(FILE);
    String setUpAt = slot.setUpAt();
    Episode episode =
        read(file, unusable)
            .filter(found -> found.result.equals(result))
            .filter(found -> isOurs(found, setUpAt, unusable))
            .orElseGet(Episode::new);
    episode.result = result;
    episode.setUpAt = setUpAt;
    return new Journal(file, episode);
  }

  /**
   * The result whose journal lies in a slot; empty where none does.
   *
   * @throws IOException where it can't be read or understood
   */
  public static Optional<String> resultIn(Path slot) throws IOException {
    List<String> problems = new ArrayList<>();
    Optional<Episode> found = read(slot.resolve(FILE), problems::add);
    if (!problems.isEmpty()) {
      throw new IOException(problems.getFirst());
    }
    return found.map(episode -> episode.result).filter(result -> !result.isEmpty());
  }

  private static Optional<Episode> read(Path file, Consumer<String> unusable) throws IOException {
    String text;
    try {
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(EpisodeText.read(text));
    } catch (RuntimeException e) {
      // Of syntax, of a value's kind, or what a record's constructor refuses.
      unusable.accept(
          "%s can't be understood (%s) and is begun anew".formatted(FILE, e.getMessage()));
      return Optional.empty();
    }
  }

  /** A file of the job may bear the journal's name, and must not say how the job has ended. */
  private static boolean isOurs(Episode found, String setUpAt, Consumer<String> unusable) {
    boolean ours = found.setUpAt.equals(setUpAt);
    if (!ours) {
      unusable.accept(
          "%s was not written here (a file of the job must not bear this name) and is begun anew"
              .formatted(FILE));
    }
    return ours;
  }

  synchronized <T> T get(Function<Episode, T> field) {
    return field.apply(episode);
  }

  /** The outcome, where an episode has settled it. */
  synchronized Optional<Episode.Decided> decided() {
    return Optional.ofNullable(episode.decided);
  }

  /** The limit because of which an earlier episode was stopping the job. */
  synchronized Optional<Outcome.LimitHit> limit() {
    return Optional.ofNullable(episode.limit)
        .map(Episode.Decided::outcome)
        .flatMap(
            outcome ->
                outcome instanceof Outcome.LimitHit hit ? Optional.of(hit) : Optional.empty());
  }

  /** Changes what is remembered; on disk it is with the next save. */
  synchronized void note(Consumer<Episode> change) {
    change.accept(episode);
  }

  /** Changes and saves; after this not even a power failure loses it. */
  synchronized void update(Consumer<Episode> change) throws IOException {
    change.accept(episode);
    write();
  }

  /** What is on the disk already isn't written again: a disk may take its time to be sure. */
  private void write() throws IOException {
    String text = EpisodeText.of(episode);
    if (!text.equals(written)) {
      AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
      written = text;
    }
  }
}
