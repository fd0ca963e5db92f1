package org.boinc.dockerwrapper.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class JobReaderTest {
  private static JobReading read(String text) {
    return read(text, Map.of(), JobOverrides.NONE);
  }

  private static JobReading read(
      String text, Map<String, String> templates, JobOverrides commandLine) {
    return JobReader.read(text.getBytes(UTF_8), "job.toml", from(templates), commandLine);
  }

  private static Function<String, Optional<byte[]>> from(Map<String, String> templates) {
    return name -> Optional.ofNullable(templates.get(name)).map(text -> text.getBytes(UTF_8));
  }

  private static JobSpec spec(JobReading reading) {
    assertEquals(List.of(), reading.errors());
    return reading.spec().orElseThrow();
  }

  private static List<String> sentences(JobReading reading) {
    return reading.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void c48AWrongTypeIsAClearMessageAndNoCrash() {
    JobReading reading = read("workdir = 5");

    assertTrue(reading.spec().isEmpty());
    assertEquals(
        List.of("job.toml:1: workdir: is the number 5, expected is a string"), sentences(reading));
  }

  @Test
  void c49WithoutAJobTomlUpstreamsDefaultsHold() {
    JobSpec job = spec(JobReader.absent(name -> Optional.empty(), JobOverrides.NONE));

    assertEquals(Dialect.UPSTREAM, job.dialect());
    assertEquals("Dockerfile", job.image().dockerfile());
    assertEquals("/app", job.files().slot());
    assertEquals(FilesSpec.Links.OFF, job.files().links());
    assertEquals(NetworkSpec.Mode.NAT, job.network().mode());
    assertEquals(new ContainerSpec.User.Auto(), job.container().user());
    assertEquals(SecurityRequest.NOTHING, job.security());
    assertEquals(1, job.verbosity());
    assertEquals(Map.of(), job.origins());
  }

  @Test
  void anEmptyFileIsAsGoodAsNone() {
    JobReading absent = JobReader.absent(name -> Optional.empty(), JobOverrides.NONE);

    assertEquals(absent.spec().toString(), read("").spec().toString());
    assertEquals(absent.spec().toString(), read("\n# nothing\n").spec().toString());
  }

  @Test
  void theDefaultsOfSchema1AreThoseOfItsDocument() {
    JobSpec job = spec(read("schema = 1"));

    assertEquals(
        new ImageSpec(
            "Dockerfile",
            ".",
            Map.of(),
            "",
            "",
            List.of(),
            "",
            "",
            ImageSpec.PullPolicy.MISSING,
            ImageSpec.Scope.AUTO,
            ImageSpec.Keep.AUTO,
            Optional.empty(),
            Duration.ofHours(1)),
        job.image());
    assertEquals(
        new ContainerSpec(
            List.of(),
            List.of(),
            List.of(),
            "",
            new ContainerSpec.User.Auto(),
            true,
            "",
            Map.of(),
            List.of(),
            true,
            List.of(),
            "SIGTERM",
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            false,
            Map.of()),
        job.container());
    assertEquals(
        new FilesSpec(
            "/app",
            "",
            FilesSpec.ProjectAccess.READ_ONLY,
            FilesSpec.Links.AUTO,
            List.of(),
            List.of(),
            List.of(),
            List.of("init_data.xml"),
            "",
            "",
            "",
            List.of()),
        job.files());
    assertEquals(
        new ResourceSpec(
            Optional.empty(),
            Optional.empty(),
            new ByteSize(0),
            new ByteSize(64 << 20),
            new ByteSize(64 << 20),
            Optional.empty(),
            1024,
            Map.of(),
            Duration.ZERO,
            ResourceSpec.Throttle.CLIENT),
        job.resources());
    assertEquals(
        new GpuSpec(false, GpuSpec.Vendor.AUTO, 1, List.of("compute", "utility")), job.gpu());
    assertEquals(
        new NetworkSpec(
            NetworkSpec.Mode.NONE, List.of(), 0, Map.of(), List.of(), List.of(), true, List.of()),
        job.network());
    assertEquals(
        new ProgressSpec("fraction_done", List.of(), ProgressSpec.Source.BOTH, Duration.ZERO),
        job.progress());
    assertEquals(
        new CheckpointSpec(
            CheckpointSpec.Method.AUTO,
            Duration.ZERO,
            "",
            List.of(),
            "",
            CheckpointSpec.OnQuit.AUTO),
        job.checkpoint());
    assertEquals(SecurityRequest.NOTHING, job.security());
    assertEquals(
        new ClusterSpec(1, List.of(), List.of(), 0, "/boinc/hosts", false, 2022, true),
        job.cluster());
  }

  @Test
  void theWholeFileWithAllDefaultsReadsToTheDefaults() throws Exception {
    byte[] whole;
    try (var in = JobReaderTest.class.getResourceAsStream("/job/valid/schema1-all-defaults.toml")) {
      whole = assertNotNullAnd(in).readAllBytes();
    }
    JobSpec job =
        spec(JobReader.read(whole, "job.toml", name -> Optional.empty(), JobOverrides.NONE));
    JobSpec bare = spec(read("schema = 1"));

    assertEquals(withoutOrigins(bare).toString(), withoutOrigins(job).toString());
    assertTrue(job.origins().size() >= 75, "keys read: " + job.origins().size());
  }

  private static java.io.InputStream assertNotNullAnd(
      java.io.@org.jspecify.annotations.Nullable InputStream in) {
    assertNotNull(in);
    return in;
  }

  private static JobSpec withoutOrigins(JobSpec job) {
    return new JobSpec(
        job.dialect(),
        job.verbosity(),
        job.custom(),
        job.image(),
        job.container(),
        job.files(),
        job.resources(),
        job.gpu(),
        job.network(),
        job.progress(),
        job.checkpoint(),
        job.security(),
        job.cluster(),
        Map.of());
  }

  @Test
  void aLaterLayerReplacesAnEarlierOneAndTablesWithFreeKeysAddUp() {
    Map<String, String> templates =
        Map.of(
            "mpi",
                "schema = 1\ntemplate = \"base\"\n[resources]\npids = 2\nshm = \"1g\"\n"
                    + "[container]\nenv = { A = \"mpi\", B = \"mpi\" }\nargs = [\"mpi\"]",
            "base",
                "schema = 1\nverbose = 0\n[resources]\npids = 3\ntmp = \"2g\"\n"
                    + "[container.env]\nA = \"base\"\nC = \"base\"\n[image]\ndockerfile = \"base\"");
    String text =
        "schema = 1\ntemplate = \"mpi\"\n[resources]\npids = 1\n[container.env]\nA = \"job\"";
    JobOverrides commandLine =
        new JobOverrides(Optional.of(2), Optional.of("./My.Dockerfile"), Optional.empty());
    JobSpec job = spec(read(text, templates, commandLine));

    assertEquals(1, job.resources().pids());
    assertEquals("1g", job.resources().shm().toString());
    assertEquals("2g", job.resources().tmp().toString());
    assertEquals(Map.of("A", "job", "B", "mpi", "C", "base"), job.container().env());
    assertEquals(List.of("mpi"), job.container().args());
    assertEquals(2, job.verbosity());
    assertEquals("My.Dockerfile", job.image().dockerfile());
    assertEquals(
        new Origin(Origin.Source.JOB_FILE, "job.toml:4 pids"), job.origin("resources.pids"));
    assertEquals(new Origin(Origin.Source.TEMPLATE, "mpi.toml:5 shm"), job.origin("resources.shm"));
    assertEquals(
        new Origin(Origin.Source.TEMPLATE, "base.toml:5 tmp"), job.origin("resources.tmp"));
    assertEquals(new Origin(Origin.Source.COMMAND_LINE, "--verbose"), job.origin("verbose"));
    assertEquals(Origin.BUILT_IN, job.origin("resources.swap"));
  }

  @Test
  void theCommandLinesTemplateReplacesTheFilesOne() {
    Map<String, String> templates =
        Map.of("a", "schema = 1\nverbose = 0", "b", "schema = 1\nverbose = 2");
    JobOverrides commandLine =
        new JobOverrides(Optional.empty(), Optional.empty(), Optional.of("b"));

    assertEquals(2, spec(read("schema = 1\nprofile = \"a\"", templates, commandLine)).verbosity());
    assertEquals(2, spec(JobReader.absent(from(templates), commandLine)).verbosity());
    assertEquals(Dialect.UPSTREAM, spec(JobReader.absent(from(templates), commandLine)).dialect());
  }

  @Test
  void aProblemOfATemplateNamesItsFile() {
    Map<String, String> templates = Map.of("t", "schema = 1\n[resources]\npids = 0\nnonsense = 1");

    assertEquals(
        List.of(
            "job.toml:3: resources.shm: is 0; write a size, or leave it out",
            "t.toml:3: resources.pids: 0 is out of range; write 1 to 4194304",
            "t.toml:4: resources.nonsense: is not a known key"),
        sentences(
            read(
                "schema = 1\ntemplate = \"t\"\nresources = { shm = 0 }",
                templates,
                JobOverrides.NONE)));
  }

  @Test
  void templatesInACircleAreRefused() {
    Map<String, String> templates =
        Map.of("a", "schema = 1\ntemplate = \"b\"", "b", "schema = 1\ntemplate = \"a\"");

    assertEquals(
        List.of("b.toml:2: template: template \"a\" names itself as a parent; break the circle"),
        sentences(read("schema = 1\ntemplate = \"a\"", templates, JobOverrides.NONE)));
  }

  @Test
  void theFourthTemplateIsOneTooMany() {
    Map<String, String> templates =
        IntStream.range(1, 6)
            .boxed()
            .collect(
                Collectors.toMap(i -> "t" + i, i -> "schema = 1\ntemplate = \"t" + (i + 1) + "\""));

    assertEquals(
        List.of(
            "t3.toml:2: template: is the template of a template too far; 3 levels are the limit"),
        sentences(read("schema = 1\ntemplate = \"t1\"", templates, JobOverrides.NONE)));
  }

  @Test
  void aTemplateWithoutSchema1IsRefused() {
    assertEquals(
        List.of("t.toml: schema: a template must begin with schema = 1"),
        sentences(
            read("schema = 1\ntemplate = \"t\"", Map.of("t", "verbose = 1"), JobOverrides.NONE)));
  }

  @Test
  void theCommandLinesValuesAreCheckedToo() {
    JobOverrides commandLine =
        new JobOverrides(Optional.of(3), Optional.of("../Dockerfile"), Optional.empty());

    assertEquals(
        List.of(
            "command line: --verbose: 3 is out of range; write 0 to 2",
            "command line: --dockerfile: \"../Dockerfile\" leaves the slot; .. is not allowed"),
        sentences(read("schema = 1", Map.of(), commandLine)));
  }

  @Test
  void originsOfLegacyKeysNameTheKeyAsWritten() {
    JobSpec job =
        spec(read("# upstream\nworkdir = \"/w\"\nuse_gpu = true\ncreate_args = \"-m 2g\"\n"));

    assertEquals(
        new Origin(Origin.Source.JOB_FILE, "job.toml:2 workdir"), job.origin("files.slot"));
    assertEquals(
        new Origin(Origin.Source.JOB_FILE, "job.toml:2 workdir"), job.origin("container.workdir"));
    assertEquals(
        new Origin(Origin.Source.JOB_FILE, "job.toml:3 use_gpu"), job.origin("gpu.enabled"));
    assertEquals(
        new Origin(Origin.Source.JOB_FILE, "job.toml:4 create_args -m"),
        job.origin("resources.memory"));
  }

  @Test
  void aFlagAndItsTwinInOneFileAreAnError() {
    assertEquals(
        List.of(
            "job.toml:2: resources: is a table of schema 1 in a file without schema = 1; it is read"
                + " with the old defaults (network on, soft links left alone)",
            "job.toml:3: resources.memory: sets resources.memory, as create_args -m does on line 1;"
                + " keep one"),
        sentences(read("create_args = \"-m 2g\"\n[resources]\nmemory = \"1g\"")));
  }

  @Test
  void manyProblemsAreCutShortButCounted() {
    String unknown =
        IntStream.range(0, 150).mapToObj(i -> "zz" + i + " = 1\n").collect(Collectors.joining());
    JobReading legacy = read(unknown);
    JobReading strict = read("schema = 1\n" + unknown);

    assertTrue(legacy.spec().isPresent(), "warnings alone stop no job");
    assertEquals(101, legacy.problems().size());
    assertEquals(
        "job.toml: has 50 more problems; mend the ones above first",
        legacy.problems().getLast().toString());
    assertTrue(strict.spec().isEmpty());
    assertEquals(101, strict.errors().size());
  }

  @Test
  void aFileThatIsTooLargeOrNoTextIsRefusedInASentence() {
    JobReading large =
        JobReader.read(new byte[10 << 20], "job.toml", name -> Optional.empty(), JobOverrides.NONE);
    JobReading binary =
        JobReader.read(
            new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0},
            "job.toml",
            name -> Optional.empty(),
            JobOverrides.NONE);

    assertEquals(List.of("job.toml: is 10485760 bytes, the limit is 1 MiB"), sentences(large));
    assertEquals(
        List.of("job.toml: has a zero byte in it, so it is not a text file; save it as UTF-8 text"),
        sentences(binary));
  }

  @Test
  void aHostileTextTakesNoLongTime() {
    List<String> texts =
        List.of(
            "schema = 1\n[container]\nargs = [\"" + "${".repeat(500_000) + "\"]",
            "schema = 1\n[container]\nargs = [\"" + "${".repeat(500_000) + "}\"]",
            "create_args = \"" + "-e A=1 ".repeat(140_000) + "\"",
            "create_args = \"" + "-e A=1 ".repeat(9_000) + "\"",
            "create_args = \"" + "x ".repeat(500_000) + "\"",
            "schema = 1\n[resources]\ncpus = 1." + "1".repeat(1_000_000),
            "schema = 1\n[image]\nname = \"" + "a-".repeat(500_000) + "\"",
            "schema = 1\n[container]\nargs = [" + "\"a\",".repeat(4000) + "]",
            "a = [\n".repeat(140_000));

    for (String text : texts) {
      assertTimeoutPreemptively(Duration.ofSeconds(10), () -> read(text), text.substring(0, 40));
    }
  }

  @Property(tries = 500)
  void noBytesMakeTheReaderThrow(@ForAll byte[] bytes) {
    assertNotNull(JobReader.read(bytes, "job.toml", name -> Optional.of(bytes), JobOverrides.NONE));
  }

  @Property(tries = 1000)
  void noTextOfKnownKeysMakesTheReaderThrow(@ForAll("texts") List<String> lines) {
    byte[] text = String.join("\n", lines).getBytes(UTF_8);
    JobReading reading =
        JobReader.read(text, "job.toml", name -> Optional.of(text), JobOverrides.NONE);

    assertEquals(reading.errors().isEmpty(), reading.spec().isPresent());
    assertFalse(reading.problems().stream().anyMatch(p -> p.toString().contains("\n")));
  }

  @Provide
  Arbitrary<List<String>> texts() {
    List<String> keys =
        List.of(
            "schema",
            "template",
            "custom",
            "image",
            "command",
            "env",
            "slot",
            "in",
            "out",
            "cpus",
            "memory",
            "ports",
            "hosts",
            "patterns",
            "registry",
            "user",
            "ulimits",
            "create_args",
            "build_args",
            "mount",
            "portmap",
            "workdir",
            "copy_to_container",
            "stop_timeout",
            "period",
            "host_mounts",
            "nodes",
            "shm");
    List<String> values =
        List.of(
            "1",
            "-1",
            "9223372036854775807",
            "1.5",
            "true",
            "\"\"",
            "\"t\"",
            "\"${SLOT}\"",
            "\"-m 2g -v a:/b -p 80 -e A=1\"",
            "\"--memory\"",
            "\"9999999999:1\"",
            "[]",
            "['(']",
            "[\"a:/b:ro\"]",
            "[\"::\"]",
            "[[1]]",
            "{}",
            "{ src = \"a\", dst = 1 }",
            "[ { src = \"[\", dst = \"/a\" } ]",
            "{ container = 80 }",
            "[ { container = 80 } ]");
    Arbitrary<String> assignment =
        Arbitraries.of(keys)
            .flatMap(key -> Arbitraries.of(values).map(value -> key + " = " + value));
    Arbitrary<String> header =
        Arbitraries.of(Layer.TABLES)
            .flatMap(t -> Arbitraries.of("[" + t + "]", "[[" + t + ".in]]"));
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(4, assignment), net.jqwik.api.Tuple.of(1, header))
        .list()
        .ofMaxSize(12);
  }
}
