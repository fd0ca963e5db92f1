package org.boinc.dockerwrapper.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The write-ahead state file of a job. Written to a temporary name and renamed, so that it is never
 * half there.
 */
final class Journal {
  static final String FILE = "docker_wrapper_state.json";

  private static final ObjectMapper JSON = new ObjectMapper();

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

  /** Changes what is remembered; on disk it is with the next save. */
  synchronized void note(Consumer<Episode> change) {
    change.accept(episode);
  }

  /** Changes and saves, safe against the wrapper's death; a power failure may lose it. */
  synchronized void update(Consumer<Episode> change) throws IOException {
    change.accept(episode);
    write(false);
  }

  /** Changes and saves, safe against a power failure. */
  synchronized void updateDurably(Consumer<Episode> change) throws IOException {
    change.accept(episode);
    write(true);
  }

  private void write(boolean durable) throws IOException {
    Path draft = file.resolveSibling(FILE + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(episode));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (durable) {
        channel.force(true);
      }
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
