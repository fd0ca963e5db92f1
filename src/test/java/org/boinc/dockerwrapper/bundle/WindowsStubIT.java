package org.boinc.dockerwrapper.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Windows' stub under Wine. Its image's java is a program of this test: no JVM runs here. */
@Tag("any-engine")
@Timeout(300)
class WindowsStubIT extends StubContract {
  @TempDir static Path made;
  private static Stub packed = new Stub(Path.of("none"), List.of(), Map.of());

  @BeforeAll
  static void pack() throws Exception {
    List<String> wine =
        Stream.of("/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/bin/wine")
            .filter(path -> Files.isExecutable(Path.of(path)))
            .limit(1)
            .toList();
    assumeTrue(
        !wine.isEmpty(),
        "Wine is not here, so nothing of the Windows stub was tried: apt-get install wine64");
    Path java = made.resolve("java.exe");
    List<String> compiler =
        List.of(
            "x86_64-w64-mingw32-gcc", "-municode", "-O", "-Wall", "-Werror", "-o", java.toString());
    // Where there is no compiler for it yet, scripts/bundle installs one.
    Path image = Stub.image(made.resolve("image"), "java.exe", new byte[0]);
    Stub.pack("windows-x64", image, made.resolve("first"));
    List<String> words =
        Stream.concat(compiler.stream(), Stream.of("src/test/resources/bundle/java.c")).toList();
    Stub.Ended compiled = Stub.end(new ProcessBuilder(words).redirectErrorStream(true).start());
    assertEquals(0, compiled.status(), compiled::said);
    Files.copy(java, image.resolve("bin/java.exe"), StandardCopyOption.REPLACE_EXISTING);
    packed =
        new Stub(
            Stub.pack("windows-x64", image, made.resolve("files")),
            wine,
            Map.of(
                "WINEPREFIX", made.resolve("wine").toString(),
                "WINEDEBUG", "-all",
                "WINEDLLOVERRIDES", "mscoree,mshtml="));
    // One server for all tests. Wine makes its files at its first start, and says so.
    server("--persistent");
    packed.in(made.resolve("once")).run("status", "0");
  }

  @AfterAll
  static void endWine() throws Exception {
    if (!packed.runner().isEmpty()) {
      server("--kill");
    }
  }

  private static void server(String option) throws Exception {
    ProcessBuilder server = new ProcessBuilder("/usr/lib/wine/wineserver", option);
    server.environment().putAll(packed.environment());
    Stub.end(server.start());
  }

  private static Path userCache() throws IOException {
    String user = System.getProperty("user.name");
    Path local = made.resolve("wine/drive_c/users").resolve(user).resolve("AppData/Local");
    return Files.createDirectories(local.resolve("boinc-docker"));
  }

  @BeforeEach
  void openUserCache() throws IOException {
    Files.setPosixFilePermissions(userCache(), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Override
  void closeUserCache() throws IOException {
    Files.setPosixFilePermissions(userCache(), PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Override
  Stub packed() {
    return packed;
  }

  @Override
  String path(Path path) {
    return "Z:" + path.toString().replace('/', '\\');
  }

  @Test
  void javaEndsWithIt() throws Exception {
    Path signs = data.resolve("signs");
    Process process = stub().start(data, Map.of(), "sleep", path(signs));
    while (process.isAlive() && (!Files.exists(signs) || Files.size(signs) < 10)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertTrue(process.isAlive(), "the stub waits for java");
    process.destroyForcibly().waitFor();
    long last;
    do {
      last = Files.size(signs);
      TimeUnit.SECONDS.sleep(2);
    } while (Files.size(signs) != last);
  }

  /** The client gives a job no handles on Windows. */
  @Test
  void withoutHandlesItsSentencesAndJavasAreAddedToStderrTxt() throws Exception {
    Path slot = Files.createDirectory(data.resolve("slot"));
    Path log = Files.writeString(slot.resolve("stderr.txt"), "an earlier episode\n");
    Stub client = new Stub(made.resolve("java.exe"), packed.runner(), packed.environment());
    Stub.Ended good =
        Stub.end(client.start(slot, Map.of(), "spawn", "\"" + path(stub().file()) + "\" complain"));
    assertEquals(new Stub.Ended(3, ""), good);
    try (RandomAccessFile file = new RandomAccessFile(stub().file().toFile(), "rw")) {
      file.setLength(file.length() - 1);
    }
    Stub.Ended bad =
        Stub.end(client.start(slot, Map.of(), "spawn", "\"" + path(stub().file()) + "\""));
    assertEquals(new Stub.Ended(127, ""), bad);
    List<String> lines = Files.readAllLines(log);
    assertEquals(List.of("an earlier episode", "java complains"), lines.subList(0, 2));
    assertTrue(lines.get(2).contains("not complete; download it again"), lines::toString);
  }

  /**
   * Java on Windows does not find itself in a directory whose path is longer than 259 characters.
   */
  @Test
  void inAPlaceThatIsTooDeepForJavaItUsesTheUsersCache() throws Exception {
    Path deep = place();
    while (deep.toString().length() < 300) {
      deep = Files.createDirectory(deep.resolve("a directory with a rather long name"));
    }
    Stub there = packed().in(deep);
    assertEquals(new Stub.Ended(0, WRAPPER + "options: none\n"), there.run());
    assertEquals(List.of(), Stub.copies(deep));
    assertEquals(1, Stub.copies(userCache()).size());
  }
}
