package org.boinc.dockerwrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.job.JobOverrides;
import org.boinc.dockerwrapper.job.JobReader;
import org.junit.jupiter.api.Test;

class JobTemplatesTest {
  @Test
  void everyTemplateIsReadWithoutAProblem() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("job-templates"))) {
      List<Path> templates = files.filter(file -> file.endsWith("job.toml")).toList();
      assertTrue(templates.size() >= 2, "templates seen: " + templates);
      for (Path template : templates) {
        assertEquals(
            List.of(),
            JobReader.read(
                    Files.readAllBytes(template),
                    template.toString(),
                    _ -> Optional.empty(),
                    JobOverrides.NONE)
                .problems());
      }
    }
  }
}
