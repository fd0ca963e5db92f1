package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.boinc.dockerwrapper.job.FileSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCommandTest {
  @ParameterizedTest
  @CsvSource({"job, job.schema.json", "policy, docker_policy.schema.json"})
  void theCommittedSchemaIsTheOneThatTheReaderGives(String file, String name) throws IOException {
    Verbs schema = Verbs.run("schema", file);
    assertEquals(ExitCode.DONE, schema.status(), schema::err);
    assertEquals(
        schema.out(),
        Files.readString(Path.of("schema", name)),
        "run: scripts/boinc-docker schema %s > schema/%s".formatted(file, name));
  }

  @Test
  void everyWordOfTheListExplainsAKey() throws IOException {
    Set<String> keys = new TreeSet<>(Set.of("job.toml", "docker_policy.toml"));
    keys.addAll(FileSchema.keys(schema("job")));
    FileSchema.keys(schema("policy")).forEach(key -> keys.add("policy." + key));
    assertEquals(keys, new TreeSet<>(SchemaCommand.words().stringPropertyNames()));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> schema(String file) throws IOException {
    return new ObjectMapper().readValue(Verbs.run("schema", file).out(), Map.class);
  }

  @Test
  void anotherFileIsAMistakeOfTheCommandLine() {
    Verbs schema = Verbs.run("schema", "docker");
    assertEquals(ExitCode.USAGE, schema.status());
    assertTrue(schema.err().contains("job, policy"), schema::err);
  }
}
