package org.boinc.dockerwrapper.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole files with what must come of them in comments that begin with {@code # expect:}. */
final class JobCorpusTest {
  private static final String MARK = "# expect: ";

  @ParameterizedTest
  @MethodSource("valid")
  void aValidFileReadsToTheFactsInIt(Path file) throws IOException {
    JobReading reading = read(file);
    List<String> facts = expected(file);

    assertEquals(List.of(), reading.errors(), file.toString());
    assertFalse(facts.isEmpty(), "no facts in " + file);
    for (String fact : facts) {
      String key = fact.substring(0, fact.indexOf(" = "));
      assertEquals(fact, key + " = " + value(reading, key));
    }
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void anInvalidFileGivesExactlyTheSentencesInIt(Path file) throws IOException {
    JobReading reading = read(file);

    assertTrue(reading.spec().isEmpty(), "no error in " + file);
    assertEquals(
        String.join("\n", expected(file)),
        String.join("\n", reading.problems().stream().map(Problem::toString).toList()));
  }

  @Test
  void theCorpusIsThere() {
    assertTrue(valid().count() >= 20, "valid files");
    assertTrue(invalid().count() >= 40, "invalid files");
  }

  static Stream<Path> valid() {
    return files("valid");
  }

  static Stream<Path> invalid() {
    return files("invalid");
  }

  private static JobReading read(Path file) throws IOException {
    return JobReader.read(
        Files.readAllBytes(file), "job.toml", name -> Optional.empty(), JobOverrides.NONE);
  }

  private static List<String> expected(Path file) throws IOException {
    return Files.readString(file)
        .lines()
        .filter(line -> line.contains(MARK))
        .map(line -> line.substring(line.indexOf(MARK) + MARK.length()))
        .toList();
  }

  /** {@code files.slot}, by the names of the record components; {@code problems} is special. */
  private static String value(JobReading reading, String key) {
    if (key.equals("warnings")) {
      return reading.problems().stream().map(Problem::toString).toList().toString();
    }
    Object at = reading.spec().orElseThrow();
    for (String name : key.split("\\.", -1)) {
      at =
          switch (at) {
            case Map<?, ?> map -> String.valueOf(map.get(name));
            case Record record -> component(record, name);
            default -> throw new AssertionError("nothing below " + at);
          };
    }
    return String.valueOf(at);
  }

  private static Object component(Record record, String name) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (component.getName().equals(name)) {
        try {
          return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException notReadable) {
          throw new LinkageError(notReadable.getMessage(), notReadable);
        }
      }
    }
    throw new AssertionError("no " + name + " in " + record.getClass().getSimpleName());
  }

  private static Stream<Path> files(String kind) {
    try (Stream<Path> files =
        Files.list(
            Path.of(
                Objects.requireNonNull(JobCorpusTest.class.getResource("/job/" + kind)).toURI()))) {
      return files.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
