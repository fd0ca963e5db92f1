package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.job.VolunteerPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandTest {
  private static final String PROJECT = "https://example.org/x/";

  @TempDir private Path data;

  private Verbs policy(String verb, String... words) {
    List<String> line = new ArrayList<>(List.of("policy", verb, "--data-dir", data.toString()));
    line.addAll(List.of(words));
    return Verbs.run(line.toArray(String[]::new));
  }

  private Path file() {
    return data.resolve(VolunteerPolicy.FILE);
  }

  @Test
  void withoutAFileNothingIsAgreedTo() {
    Verbs shown = policy("show");
    assertEquals(ExitCode.DONE, shown.status());
    assertTrue(shown.out().contains("no project may have anything beyond"), shown::out);
  }

  @Test
  void whatIsAllowedIsWrittenAndShown() throws IOException {
    Verbs allowed =
        policy("allow", PROJECT, "--cap", "SYS_ADMIN", "--device", "/dev/fuse", "--unsigned");
    assertEquals(ExitCode.DONE, allowed.status(), allowed::err);
    String written =
        """
        [[project]]
        url = "https://example.org/x/"
        unsigned = true
        devices = ["/dev/fuse"]
        caps = ["SYS_ADMIN"]
        """;
    assertEquals(written, Files.readString(file()));
    assertTrue(policy("show").out().endsWith(written));
  }

  @Test
  void whatIsDeniedIsGoneAndTheRestStays() throws IOException {
    policy("allow", PROJECT, "--cap", "SYS_ADMIN", "--root");
    assertEquals(ExitCode.DONE, policy("deny", "example.org_x", "--root").status());
    assertTrue(Files.readString(file()).contains("root = false"));
    assertTrue(Files.readString(file()).contains("SYS_ADMIN"));
    policy("deny", PROJECT);
    assertEquals("", Files.readString(file()));
  }

  @Test
  void whatCanNotBeMeantIsNotWritten() throws IOException {
    Verbs refused = policy("allow", PROJECT, "--mount", "cvmfs");
    assertEquals(ExitCode.PROBLEMS, refused.status());
    assertTrue(
        refused.out().contains("\"cvmfs\" is not a directory with :ro or :rw"), refused::out);
    assertFalse(Files.exists(file()));
  }

  @Test
  void allowingNothingIsAMistakeOfTheCommandLine() {
    assertEquals(ExitCode.USAGE, policy("allow", PROJECT).status());
    assertEquals(ExitCode.USAGE, Verbs.run("policy").status());
    assertEquals(
        ExitCode.USAGE,
        Verbs.run("policy", "show", "--data-dir", data.resolve("absent").toString()).status());
  }

  @Test
  void aFileWithMistakesIsShownWithThem() throws IOException {
    Files.writeString(file(), "pin = 1\n");
    Verbs shown = policy("show");
    assertEquals(ExitCode.PROBLEMS, shown.status());
    assertTrue(shown.out().contains("docker_policy.toml:1: pin: "), shown::out);
  }
}
