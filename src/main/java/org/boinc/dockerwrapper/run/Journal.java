package org.boinc.dockerwrapper.run;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.boinc.dockerwrapper.boinc.AtomicFile;

/**
 * The write-ahead state file of a job. Written to a temporary name and renamed, so that it is never
 * half there.
 */
final class Journal {
  static final String FILE = "docker_wrapper_state.json";

  /** A field without a value keeps the one it begins with. */
  private static final ObjectMapper JSON =
      new ObjectMapper().setDefaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.SKIP));

  private final Path file;
  private final Episode episode;

  private Journal(Path file, Episode episode) {
    this.file = file;
    this.episode = episode;
  }

  /**
   * The journal of a result, or a new one where the file is missing, belongs to another result or
   * can't be understood; the container itself is found by its labels.
   *
   * @param unreadable told in one sentence where a file was there and could not be used
   * @throws IOException where the slot can't be read
   */
  static Journal open(Path slot, String result, Consumer<String> unreadable) throws IOException {
    Path file = slot.resolve(FILE);
    Episode episode =
        read(file, unreadable).filter(found -> found.result.equals(result)).orElseGet(Episode::new);
    episode.result = result;
    return new Journal(file, episode);
  }

  private static Optional<Episode> read(Path file, Consumer<String> unreadable) throws IOException {
    try {
      return Optional.ofNullable(JSON.readValue(Files.readAllBytes(file), Episode.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      unreadable.accept(
          "%s can't be understood (%s) and is begun anew".formatted(FILE, e.getOriginalMessage()));
      return Optional.empty();
    }
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

  private void write() throws IOException {
    AtomicFile.write(file, JSON.writeValueAsBytes(episode));
  }
}
