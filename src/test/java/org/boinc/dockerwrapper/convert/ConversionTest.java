package org.boinc.dockerwrapper.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.job.JobOverrides;
import org.boinc.dockerwrapper.job.JobReader;
import org.boinc.dockerwrapper.job.JobReading;
import org.boinc.dockerwrapper.job.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each system's job becomes: beside each sample lies the job.toml that it must give. */
class ConversionTest {
  private static final Path SAMPLES = Path.of("src/test/resources/convert");

  static Stream<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      return files.filter(file -> !file.toString().endsWith(".toml")).sorted().toList().stream();
    }
  }

  private static Conversion of(String text) throws NotConvertible {
    return Conversion.of(text, Optional.empty());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aSampleBecomesTheJobBesideItWhichHasNoErrors(Path sample) throws Exception {
    Conversion made = of(Files.readString(sample));
    assertEquals(Files.readString(Path.of(sample + ".toml")), made.toml());
    JobReading reading =
        JobReader.read(
            made.toml().getBytes(StandardCharsets.UTF_8),
            "job.toml",
            _ -> Optional.empty(),
            JobOverrides.NONE);
    assertTrue(
        reading.problems().stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR),
        reading.problems()::toString);
    assertTrue(reading.spec().isPresent());
  }

  @Test
  void everyFormatHasASample() throws Exception {
    Set<String> seen =
        samples()
            .map(
                file -> {
                  try {
                    return of(Files.readString(file)).from();
                  } catch (IOException | NotConvertible e) {
                    throw new AssertionError(file.toString(), e);
                  }
                })
            .collect(Collectors.toSet());
    assertEquals(Set.of(Conversion.formats().split(", ", -1)), seen);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello|the text looks like none of the known formats",
        "docker run --rm|the line names no image",
        "docker run -v $DATA:/x alpine|has a $",
        "create container_template name=x|the template has no image=",
        "boinc2docker_create_work.py --memory 1|the call names no image",
        "<job_desc></job_desc>|the job has no task",
        "<job_desc><task>|the XML can't be read",
        "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><job_desc/>|the XML can't be read"
      })
  void whatIsNoJobIsSaid(String text, String sentence) {
    NotConvertible refused = assertThrows(NotConvertible.class, () -> of(text));
    assertTrue(refused.toString().contains(sentence), refused::toString);
  }

  @Test
  void aFormatThatIsNamedIsNotGuessed() throws Exception {
    assertEquals("docker-run", Conversion.of("alpine true", Optional.of("docker-run")).from());
    assertThrows(NotConvertible.class, () -> Conversion.of("alpine", Optional.of("nomad")));
  }

  @Test
  void noPasswordIsWrittenDown() throws Exception {
    Conversion made =
        of("DOCKER_REPO=a/b\nDOCKER_REGISTRY_PASSWORD=hunter2\nQARNOT_SECRET_X=hunter3\n");
    assertFalse(made.toml().contains("hunter"), made::toml);
  }

  /** Whatever a value is, a host can read the file, and the value is told as a comment. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-e 'A=${B' ",
        "-m lots",
        "--network weird",
        "-p 99999:1",
        "-v relative:/x",
        "-w relative",
        "--cap-add ALL",
        "--ulimit x=1",
        "--hostname -bad-",
        "--stop-timeout 500",
        "--pids-limit x",
        "--device sda",
        "-v /etc:/proc",
        "--dns none",
        "--add-host x:y",
        "--platform ???",
        "--pull maybe"
      })
  void aValueThatAHostWouldRefuseIsAComment(String option) throws Exception {
    Conversion made = of("docker run " + option + " alpine:3 true");
    List<String> notes = made.notes();
    assertFalse(notes.isEmpty());
    assertTrue(made.toml().contains("# - " + notes.getFirst()), made::toml);
  }
}
