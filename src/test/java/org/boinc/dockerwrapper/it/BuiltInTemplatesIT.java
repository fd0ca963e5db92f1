package org.boinc.dockerwrapper.it;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the built-in templates promise is so in the container. */
@Timeout(300)
class BuiltInTemplatesIT {
  @TempDir Path directory;

  @BeforeAll
  static void engineAnswers() throws Exception {
    TestEngine.locate();
  }

  @ParameterizedTest
  @CsvSource({"docker-batch, 0", "docker-network, 1", "docker-network-ssh, 1"})
  void aJobOfATemplateHasItsFilesItsNetworkAndQarnotsNames(String template, int networks)
      throws Exception {
    Path job = Files.createDirectory(directory.resolve("job"));
    Files.writeString(
        job.resolve("job.toml"),
        """
        schema = 1
        template = "%s"
        [image]
        name = "busybox:stable"
        [container]
        command = ["/bin/sh", "main.sh"]
        """
            .formatted(template));
    Files.writeString(
        job.resolve("main.sh"),
        """
        networks=$(ls /sys/class/net | grep -c eth)
        echo "$(pwd) $networks $INSTANCE_ID of $INSTANCE_COUNT in $TASK_PATH" >out
        """);
    Files.writeString(
        job.resolve("output_template.xml"),
        "<file_ref><file_name><OUTFILE_0/></file_name><open_name>out</open_name></file_ref>");
    Files.createDirectory(job.resolve("expected"));
    Files.writeString(job.resolve("expected/out"), "/job %d 0 of 1 in /job\n".formatted(networks));
    Simulated.run(job, directory.resolve("log")).assertValid();
  }
}
