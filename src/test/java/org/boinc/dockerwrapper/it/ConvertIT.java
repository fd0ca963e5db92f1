package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A job of each system runs after its conversion, unchanged. */
@Tag(EngineUnderTest.ANY)
@Execution(ExecutionMode.CONCURRENT)
final class ConvertIT {
  @TempDir Path data;

  private static final String IMAGE = TestEngine.IMAGE;

  /** Each writes {@code done} into the file out. */
  static Stream<Arguments> jobs() {
    return Stream.of(
        job("qarnot", "DOCKER_REPO=boinc-test/busybox\nDOCKER_TAG=1\nDOCKER_CMD=echo done > out\n"),
        job(
            "qarnot",
            """
            profile: docker-cluster
            instance_count=2
            DOCKER_REPO=boinc-test/busybox
            DOCKER_TAG=1
            DOCKER_CMD_MASTER=until nc node1 7000 </dev/null >out 2>/dev/null && [ -s out ]; do sleep 0.2; done
            DOCKER_CMD_WORKER=echo done | nc -l -p 7000; sleep 1000
            """),
        job("lsf", "bsub -n 1 -M 100MB -a 'docker(" + IMAGE + ")' \"echo done >out\"\n"),
        job(
            "docker-run",
            "docker run --rm -m 64m -v $PWD:/w -w /w " + IMAGE + " sh -c 'echo done >out'\n"),
        job("nqsv", "create container_template name=t image=" + IMAGE + " cpu=1 memsz=64MB\n"),
        job(
            "boinc2docker",
            "boinc2docker_create_work.py --memory 64 "
                + IMAGE
                + " sh -c 'mkdir results && echo done >results/x && cd /root/shared && echo done >out'\n"),
        job(
            "vbox-job",
            "<vbox_job><memory_size_mb>64</memory_size_mb><enable_shared_directory/></vbox_job>"),
        job(
            "wrapper-job",
            "<job_desc><task><application>worker</application><command_line>done</command_line><stdout_filename>out</stdout_filename></task></job_desc>"));
  }

  private static Arguments job(String format, String text) {
    return Arguments.of(format, text);
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aConvertedJobRuns(String format, String text) throws Exception {
    if (text.contains("docker-cluster") && EngineUnderTest.IT != EngineUnderTest.DOCKER) {
      return; // refused there, as ClusterPlanningTest says
    }
    Path job = Files.createDirectory(data.resolve("job"));
    Path source = Files.writeString(data.resolve("source"), text);
    Path toml = job.resolve("job.toml");
    Verb.run(data, "convert", "--from", format, "-o", toml.toString(), source.toString()).ended(0);
    Files.writeString(toml, adapted(format, Files.readString(toml), job));
    Files.writeString(
        job.resolve("output_template.xml"),
        "<file_ref><open_name>out</open_name></file_ref>"
            + (format.equals("boinc2docker")
                ? "<file_ref><open_name>results.tgz</open_name></file_ref>"
                : ""));
    Files.writeString(Files.createDirectory(job.resolve("expected")).resolve("out"), "done\n");
    String verdict = Verb.run(data, "simulate", job.toString()).ended(0);
    assertTrue(verdict.contains("valid"), verdict);
  }

  /** No image is here but the tests', which no registry has; and two systems have none. */
  private static String adapted(String format, String toml, Path job) throws Exception {
    String command = "[container]\ncommand = [\"sh\", \"-c\", \"echo done >out\"]\n";
    return switch (format) {
      case "vbox-job" -> {
        Files.writeString(job.resolve("Dockerfile"), "FROM " + IMAGE + "\n");
        yield toml + command;
      }
      case "wrapper-job" -> {
        Files.writeString(job.resolve("Dockerfile"), "FROM " + IMAGE + "\n");
        Path worker = Files.writeString(job.resolve("worker"), "#!/bin/sh\necho $1\n");
        Files.setPosixFilePermissions(worker, PosixFilePermissions.fromString("rwxr-xr-x"));
        yield toml;
      }
      case "nqsv" -> local(toml).replace("[resources]", command + "[resources]");
      default -> local(toml);
    };
  }

  private static String local(String toml) {
    return toml.replace("docker.io/boinc-test", "boinc-test")
        .replace("[image]\n", "[image]\npull = \"never\"\n");
  }
}
