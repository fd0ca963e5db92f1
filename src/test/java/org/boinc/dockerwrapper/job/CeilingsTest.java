package org.boinc.dockerwrapper.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A job.toml of a workunit under a template of the app version. */
class CeilingsTest {
  private static final String TEMPLATE =
      """
      schema = 1
      [resources]
      cpus = 2
      memory = "1g"
      swap = "0"
      pids = 100
      ulimits = { nofile = 1000 }
      time_limit = "1h"
      throttle = "smooth"
      [gpu]
      enabled = false
      capabilities = ["compute"]
      [network]
      mode = "none"
      ports = [{ container = 80 }]
      [security]
      caps = ["SYS_NICE", "SYS_ADMIN"]
      root = false
      """;

  private static JobReading read(boolean signed, String... lines) {
    byte[] text =
        ("schema = 1\ntemplate = \"t\"\n" + String.join("\n", lines))
            .getBytes(StandardCharsets.UTF_8);
    Optional<byte[]> template = Optional.of(TEMPLATE.getBytes(StandardCharsets.UTF_8));
    return signed
        ? JobReader.read(text, "job.toml", _ -> template, JobOverrides.NONE)
        : JobReader.readUnsigned(text, "job.toml", _ -> template, JobOverrides.NONE);
  }

  private static JobSpec unsigned(String... lines) {
    return read(false, lines).spec().orElseThrow();
  }

  @Test
  void aWorkunitRaisesNothing() {
    JobReading reading =
        read(
            false,
            "[resources]",
            "cpus = 8",
            "memory = \"auto\"",
            "swap = \"4g\"",
            "pids = 4000",
            "ulimits = { nofile = 5000, core = 7 }",
            "time_limit = 0",
            "throttle = \"client\"",
            "[gpu]",
            "enabled = true",
            "capabilities = [\"compute\", \"video\"]",
            "[network]",
            "mode = \"nat\"",
            "ports = [{ container = 80 }, { container = 22 }]");
    JobSpec job = reading.spec().orElseThrow();
    JobSpec template = unsigned();
    assertEquals(template.resources().cpus(), job.resources().cpus());
    assertEquals(template.resources().memory(), job.resources().memory());
    assertEquals(template.resources().swap(), job.resources().swap());
    assertEquals(100, job.resources().pids());
    assertEquals(Map.of("nofile", 1000L, "core", 7L), job.resources().ulimits());
    assertEquals(template.resources().timeLimit(), job.resources().timeLimit());
    assertEquals(ResourceSpec.Throttle.SMOOTH, job.resources().throttle());
    assertEquals(template.gpu(), job.gpu());
    assertEquals(template.network(), job.network());
    assertEquals(11, reading.problems().size(), reading.problems()::toString);
    assertEquals(
        "job.toml:4: resources.cpus: asks for more than the app version's template (t.toml:3 cpus), and comes with a workunit: the template's value holds",
        reading.problems().getFirst().toString());
    assertEquals(Origin.Source.TEMPLATE, job.origin("resources.cpus").source());
  }

  @Test
  void aWorkunitLowersAnythingAndNothingIsSaid() {
    JobReading reading =
        read(
            false,
            "[resources]",
            "cpus = 1",
            "memory = \"512m\"",
            "pids = 50",
            "time_limit = \"10m\"",
            "[gpu]",
            "capabilities = []",
            "[network]",
            "ports = []");
    JobSpec job = reading.spec().orElseThrow();
    assertEquals(List.of(), reading.problems());
    assertEquals(Optional.of(1.0), job.resources().cpus());
    assertEquals(Optional.of(new ByteSize(512L << 20)), job.resources().memory());
    assertEquals(50, job.resources().pids());
    assertEquals(600, job.resources().timeLimit().toSeconds());
    assertEquals(List.of(), job.gpu().capabilities());
    assertEquals(List.of(), job.network().ports());
  }

  @Test
  void whatTheTemplateLeavesOpenIsOpen() {
    JobSpec job = unsigned("[resources]", "shm = \"512m\"", "disk = \"5g\"");
    assertEquals(new ByteSize(512L << 20), job.resources().shm());
    assertEquals(Optional.of(new ByteSize(5L << 30)), job.resources().disk());
  }

  @Test
  void aSignedFileRaisesWhatItLikes() {
    JobReading reading = read(true, "[resources]", "cpus = 8", "[network]", "mode = \"nat\"");
    assertEquals(List.of(), reading.problems());
    assertEquals(Optional.of(8.0), reading.spec().orElseThrow().resources().cpus());
  }

  @Test
  void whatTheTemplateAsksTheVolunteerForAWorkunitMayAskForToo() {
    JobSpec less = unsigned("[security]", "caps = [\"SYS_ADMIN\"]");
    assertEquals(List.of("SYS_ADMIN"), less.security().caps());
    assertEquals(Origin.Source.TEMPLATE, less.origin("security.caps").source());
    JobSpec more = unsigned("[security]", "caps = [\"SYS_ADMIN\", \"NET_ADMIN\"]", "root = true");
    assertEquals(Origin.Source.JOB_FILE, more.origin("security.caps").source());
    assertEquals(Origin.Source.JOB_FILE, more.origin("security.root").source());
  }
}
