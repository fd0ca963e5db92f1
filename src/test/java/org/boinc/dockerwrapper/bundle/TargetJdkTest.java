package org.boinc.dockerwrapper.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What scripts/bundle takes a JDK for, before it links anything. */
@EnabledOnOs(OS.LINUX)
class TargetJdkTest {
  @TempDir Path directory;

  /** A JDK's description, and nothing more of it. */
  private Path jdk(String version, String system, String architecture) throws IOException {
    Path home = Files.createDirectories(directory.resolve("jdk"));
    Files.writeString(
        home.resolve("release"),
        "JAVA_VERSION=\"%s\"\nOS_ARCH=\"%s\"\nOS_NAME=\"%s\"\n"
            .formatted(version, architecture, system));
    return home;
  }

  private Path archive(Path home) throws Exception {
    Path archive = directory.resolve("jdk.tar.gz");
    Stub.Ended packed =
        Stub.end(
            new ProcessBuilder("tar", "-czf", archive.toString(), "-C", directory.toString(), "jdk")
                .start());
    assertEquals(0, packed.status(), () -> home + ": " + packed.said());
    return archive;
  }

  private void refused(String sentence, String... options) throws Exception {
    String[] words = new String[options.length + 2];
    System.arraycopy(options, 0, words, 0, options.length);
    words[options.length] = "--into";
    words[options.length + 1] = directory.resolve("into").toString();
    Stub.Ended ended = Stub.end(Stub.scriptsBundle(words).start());
    assertEquals(1, ended.status(), ended::said);
    assertEquals(1, ended.said().lines().count(), ended::said);
    assertTrue(ended.said().contains(sentence), ended::said);
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  @Test
  void anotherVersionIsRefused() throws Exception {
    Path home = jdk("24.0.2", "Windows", "x86_64");
    refused(
        "is JDK 24.0.2, and the bundle is made from JDK 25: name one with --jdk",
        "--target",
        "windows-x64",
        "--jdk",
        home.toString());
  }

  @Test
  void anotherPlatformIsRefused() throws Exception {
    Path home = jdk("25.0.1", "Darwin", "aarch64");
    refused(
        "is a JDK for macos-arm64, not for macos-x64",
        "--target",
        "macos-x64",
        "--jdk",
        home.toString());
  }

  @Test
  void oneWithoutItsModulesIsRefused() throws Exception {
    Path home = jdk("25.0.1", "Windows", "amd64");
    refused(
        "has no jmods, which jlink needs of another JDK: unpack its jmods archive into",
        "--target",
        "windows-x64",
        "--jdk",
        home.toString());
  }

  @Test
  void aDirectoryThatIsNoJdkIsRefused() throws Exception {
    refused(
        "is no JDK: it has neither a file named release nor jmods/java.base.jmod",
        "--jdk",
        Files.createDirectory(directory.resolve("empty")).toString());
  }

  @Test
  void aPlatformWithoutAJdkIsRefused() throws Exception {
    refused("name a JDK of macos-x64 with --jdk", "--target", "macos-x64");
    refused("there is no target windows-arm64", "--target", "windows-arm64");
  }

  @Test
  void anArchiveWithAnotherChecksumIsRefused() throws Exception {
    Path archive = archive(jdk("25.0.1", "Windows", "amd64"));
    String sum = sha256(archive);
    Files.write(archive, "one line more".getBytes(StandardCharsets.UTF_8));
    refused(
        "has the SHA-256 %s and not %s: download it again".formatted(sha256(archive), sum),
        "--target",
        "windows-x64",
        "--jdk",
        archive.toString(),
        "--sha256",
        sum);
  }

  @Test
  void anArchiveWithoutAChecksumIsRefused() throws Exception {
    Path archive = archive(jdk("25.0.1", "Windows", "amd64"));
    refused(
        "is an archive: give its checksum with --sha256, as its publisher states it",
        "--target",
        "windows-x64",
        "--jdk",
        archive.toString());
  }

  @Test
  void anArchiveWithItsChecksumIsUnpackedAndLookedInto() throws Exception {
    Path archive = archive(jdk("25.0.1", "Windows", "amd64"));
    refused(
        "is a JDK for windows-x64, not for macos-x64",
        "--target",
        "macos-x64",
        "--jdk",
        archive.toString(),
        "--sha256",
        sha256(archive));
  }

  @Test
  void aJdkThatIsNotThereIsRefused() throws Exception {
    refused("there is no such file or directory", "--jdk", directory.resolve("none").toString());
  }
}
