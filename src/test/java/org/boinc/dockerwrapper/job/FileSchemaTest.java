package org.boinc.dockerwrapper.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The committed schemas say what the reader says, as far as a schema can. */
class FileSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CORPUS = Path.of("src/test/resources/job");

  /**
   * Files that are wrong in what a schema of types and words does not say: how a text must be
   * formed, what goes together, what this version can't do, values of the old forms.
   */
  private static final Set<String> ONLY_THE_READER_KNOWS =
      Set.of(
          "build-args.toml",
          "c48-wrong-types-wiki.toml",
          "checkpoint-how.toml",
          "checkpoint-none.toml",
          "checkpoint-signals.toml",
          "container-paths.toml",
          "control-files-as-output.toml",
          "create-args-refused.toml",
          "create-args-shell-operators.toml",
          "create-args-shell.toml",
          "create-args-swap.toml",
          "create-args-unknown.toml",
          "create-args-values.toml",
          "dialects-mixed.toml",
          "env-names.toml",
          "hostname-user-signal.toml",
          "image-names.toml",
          "legacy-and-twin.toml",
          "macros.toml",
          "memory-too-small.toml",
          "mounts-colon.toml",
          "mounts-nested.toml",
          "mounts-same.toml",
          "mounts-upstream.toml",
          "not-yet-checkpoint.toml",
          "cluster-of-one.toml",
          "portmap.toml",
          "slot-twice.toml",
          "template-and-profile.toml",
          "template-name.toml",
          "template-unknown.toml",
          "too-long.toml",
          "user-too-large.toml");

  static Stream<Path> valid() throws IOException {
    return files("valid");
  }

  static Stream<Path> invalid() throws IOException {
    return files("invalid");
  }

  private static Stream<Path> files(String kind) throws IOException {
    try (Stream<Path> files = Files.list(CORPUS.resolve(kind))) {
      return files.sorted().toList().stream();
    }
  }

  private static JsonSchema schema(String name) throws IOException {
    return JsonSchemaFactory.getInstance(VersionFlag.V7)
        .getSchema(Files.readString(Path.of("schema", name)));
  }

  private static List<String> faults(String schema, byte[] toml) throws IOException {
    JsonNode document = JSON.valueToTree(TomlDocument.read(toml, "job.toml").root());
    return schema(schema).validate(document).stream()
        .map(ValidationMessage::getMessage)
        .sorted()
        .toList();
  }

  private static List<String> ofJob(String toml) throws IOException {
    return faults("job.schema.json", toml.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void whatTheReaderTakesTheSchemaTakes(Path file) throws IOException {
    assertEquals(List.of(), faults("job.schema.json", Files.readAllBytes(file)));
  }

  @Test
  void whatTheReaderRefusesTheSchemaRefusesWhereItCan() throws IOException {
    Set<String> taken = new TreeSet<>();
    int refused = 0;
    for (Path file : invalid().toList()) {
      byte[] text = Files.readAllBytes(file);
      if (!TomlDocument.read(text, "job.toml").problems().isEmpty()) {
        continue;
      }
      if (faults("job.schema.json", text).isEmpty()) {
        taken.add(file.getFileName().toString());
      } else {
        refused++;
      }
    }
    assertEquals(new TreeSet<>(ONLY_THE_READER_KNOWS), taken);
    assertTrue(refused >= 10, "refused: " + refused);
  }

  @Test
  void theSchemaHasTheKeysOfTheReaderAndNoOthers() throws IOException {
    AskedKeys asked = new AskedKeys();
    JobReader.ask(asked);
    Set<String> known =
        asked.keys().keySet().stream()
            .filter(key -> !Layer.isOurs(key))
            .collect(Collectors.toCollection(TreeSet::new));
    known.addAll(Layer.TABLES);
    known.addAll(Set.of("schema", "profile"));
    Set<String> explained = new TreeSet<>(FileSchema.keys(committed("job.schema.json")));
    assertTrue(explained.containsAll(known), () -> known + "\n" + explained);
    for (String key : explained) {
      String sample = sample(key);
      boolean unknown =
          JobReader.read(
                  sample.getBytes(StandardCharsets.UTF_8),
                  "job.toml",
                  _ -> java.util.Optional.empty(),
                  JobOverrides.NONE)
              .problems()
              .stream()
              .anyMatch(problem -> problem.what().contains("is not a known key"));
      assertFalse(unknown, sample);
    }
  }

  /** A file in which a key stands, whatever its value. */
  private static String sample(String key) {
    String[] steps = key.split("\\.", -1);
    return switch (steps.length) {
      case 1 -> key.equals("schema") ? "schema = 1\n" : "schema = 1\n" + key + " = 1\n";
      case 2 -> "schema = 1\n[%s]\n%s = 1\n".formatted(steps[0], steps[1]);
      default ->
          key.startsWith("image.registry")
              ? "schema = 1\n[image]\nregistry = { %s = 1 }\n".formatted(steps[2])
              : "schema = 1\n[%s]\n%s = [{ %s = 1 }]\n".formatted(steps[0], steps[1], steps[2]);
    };
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> committed(String name) throws IOException {
    return JSON.readValue(Path.of("schema", name).toFile(), Map.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[files]\\nslott = \"/app\" | slott",
        "nonsense = 1 | nonsense",
        "[resources]\\npids = 0 | minimum",
        "[network]\\nmode = \"all\" | enumeration",
        "[network]\\nports = [{ host = 80 }] | container",
        "[image]\\nregistry = { user = \"me\" } | password_file",
        "[container]\\nstop_timeout = \"1d\" | pattern",
        "[resources]\\nmemory = \"lots\" | pattern",
        "[files]\\nin = [{ src = \"a\", dst = \"/a\", mode = 1 }] | mode"
      })
  void aMistakeIsNamed(String text, String said) throws IOException {
    List<String> faults = ofJob("schema = 1\n" + text.replace("\\n", "\n") + "\n");
    assertTrue(faults.stream().anyMatch(fault -> fault.contains(said)), faults::toString);
  }

  @Test
  void anOldFormMayHaveOtherKeys() throws IOException {
    assertEquals(List.of(), ofJob("workdir = \"/app\"\nnonsense = 1\n"));
  }

  @Test
  void thePolicysSchemaTakesWhatItsReaderTakes() throws IOException {
    String policy =
        """
        network = "allow"
        registries = ["docker.io"]
        pin = true
        disk_cap = "20g"
        [[project]]
        url = "https://lhcathome.cern.ch/lhcathome/"
        caps = ["SYS_ADMIN"]
        devices = ["/dev/fuse"]
        mounts = ["/cvmfs:ro"]
        give = ["cap:SYS_ADMIN"]
        unsigned = false
        """;
    byte[] bytes = policy.getBytes(StandardCharsets.UTF_8);
    assertTrue(PolicyReader.read(bytes, "docker_policy.toml").problems().isEmpty());
    assertEquals(List.of(), faults("docker_policy.schema.json", bytes));
    for (String wrong : List.of("nettwork = 1", "network = \"on\"", "[[project]]\ncaps = []")) {
      assertFalse(
          faults("docker_policy.schema.json", wrong.getBytes(StandardCharsets.UTF_8)).isEmpty(),
          wrong);
    }
  }

  @Test
  void thePolicysSchemaHasTheKeysOfItsReader() throws IOException {
    Set<String> explained = FileSchema.keys(committed("docker_policy.schema.json"));
    assertTrue(explained.size() >= 17, explained::toString);
    for (String key : explained) {
      String[] steps = key.split("\\.", -1);
      String sample =
          steps.length == 1 ? key + " = 1\n" : "[[project]]\n%s = 1\n".formatted(steps[1]);
      assertTrue(
          PolicyReader.read(sample.getBytes(StandardCharsets.UTF_8), "p").problems().stream()
              .noneMatch(problem -> problem.what().contains("is not a known key")),
          sample);
    }
  }
}
