package org.boinc.dockerwrapper.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.simulate.SimulatedFile;

/**
 * One file of {@code src/test/resources/hostile}: a job.toml that wants more than it may have. Its
 * comments say what must come of it:
 *
 * <ul>
 *   <li>{@code # tries:} what it is after;
 *   <li>{@code # refused:} a sentence with which it is refused, whole but for {@code …}, which
 *       stands for anything; one line for each sentence, in their order; or
 *   <li>{@code # harmless} it is planned, and the plan gives it nothing of the host;
 *   <li>{@code # runs} it is planned and runs, with a program in the container that looks for what
 *       it could get;
 *   <li>{@code # Dockerfile:} a line of the Dockerfile that comes with it.
 * </ul>
 *
 * <p>In the rest {@code @70000*a@} stands for 70,000 letters.
 *
 * @param name of the file, without its ending
 * @param toml what the job brings as its job.toml
 * @param dockerfile empty: it brings none
 * @param refused the sentences; empty: it is planned
 */
@SuppressWarnings("ArrayRecordComponent") // bytes of a file, never compared
public record HostileJob(
    String name, byte[] toml, Optional<String> dockerfile, List<String> refused, boolean runs) {
  private static final String DIRECTORY = "/hostile";

  /** Where the comments end as people read them. */
  private static final Pattern REPEATED = Pattern.compile("@(\\d+)\\*([^@]+)@");

  /** In the slot of every one of them: what the client would run on the host. */
  public static final SimulatedFile TOOL =
      SimulatedFile.app("tool", "an executable of the app version").asExecutable();

  /** An input that other workunits use, too. */
  public static final SimulatedFile INPUT = SimulatedFile.input("in", "an input");

  /** Further files of its slot. */
  public static final List<SimulatedFile> FILES =
      List.of(
          TOOL,
          INPUT,
          SimulatedFile.input("token", "the-registrys-password"),
          SimulatedFile.input("env", "BOINC_RESULT=other\n"),
          SimulatedFile.input("forged.toml", "schema = 1\n[security]\nroot = true\n"),
          SimulatedFile.output("out").asOptional(),
          SimulatedFile.output("res").copied().asOptional());

  /** All of them, by name. */
  public static Stream<HostileJob> all() {
    try (Stream<Path> files =
        Files.list(
            Path.of(Objects.requireNonNull(HostileJob.class.getResource(DIRECTORY)).toURI()))) {
      return files.sorted().map(HostileJob::read).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static HostileJob read(Path file) {
    // One character for each byte: some of them are no text.
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> refused = comments(text, "# refused: ");
    if (refused.isEmpty() == !text.contains("\n# harmless")
        || comments(text, "# tries: ").isEmpty()) {
      throw new AssertionError(file + " does not say what it tries and what must come of it");
    }
    String dockerfile = String.join("\n", comments(text, "# Dockerfile: "));
    return new HostileJob(
        file.getFileName().toString().replace(".toml", ""),
        REPEATED
            .matcher(text)
            .replaceAll(
                match ->
                    java.util.regex.Matcher.quoteReplacement(
                        match.group(2).repeat(Integer.parseInt(match.group(1)))))
            .getBytes(StandardCharsets.ISO_8859_1),
        dockerfile.isEmpty() ? Optional.empty() : Optional.of(dockerfile + "\n"),
        refused,
        text.contains("\n# runs\n"));
  }

  private static List<String> comments(String text, String mark) {
    return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()))
        .toList();
  }

  /** The job.toml, of the workunit: nobody has signed it. */
  public SimulatedFile file() {
    return SimulatedFile.input("job.toml", file -> Files.write(file, toml));
  }

  @Override
  public String toString() {
    return name;
  }
}
