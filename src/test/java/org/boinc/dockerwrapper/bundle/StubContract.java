package org.boinc.dockerwrapper.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every stub does, in whatever language it is written. */
abstract class StubContract {
  static final String WRAPPER = "docker.wrapper/org.boinc.dockerwrapper.cli.DockerWrapper\n";
  private static final String BOINC_DOCKER =
      "docker.wrapper/org.boinc.dockerwrapper.cli.BoincDocker\n";
  private static final Stub.Ended RUNS = new Stub.Ended(0, WRAPPER + "options: none\n");
  private static final int FAILED = 127;

  @TempDir Path data;
  private Path place;
  private Stub stub;

  /** The file as packed, which is not started where it lies. */
  abstract Stub packed() throws Exception;

  /** The place has a blank and more than ASCII in its name. */
  @BeforeEach
  final void copy() throws Exception {
    place = Files.createDirectory(data.resolve("projects of Jürgen 漢"));
    for (Path directory : List.of(data, place)) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    stub = packed().in(place);
  }

  final Stub stub() {
    return stub;
  }

  final Path place() {
    return place;
  }

  final void runs() throws Exception {
    assertEquals(RUNS, stub.run());
  }

  final Path copyOf() throws Exception {
    List<String> copies = Stub.copies(place);
    assertEquals(1, copies.size(), copies::toString);
    return place.resolve(copies.getFirst());
  }

  final void refused(String sentence, Stub.Ended ended) {
    assertEquals(FAILED, ended.status(), ended::said);
    assertEquals(1, ended.said().lines().count(), ended::said);
    assertTrue(ended.said().contains(sentence), ended::said);
  }

  @Test
  final void argumentsReachJavaVerbatimAndItsOptionsDoNot() throws Exception {
    String[] words = {
      "two words", "a\"quote", "it's", "", "Jürgen 漢", "$HOME", "*", "a\\", "a\\\"b"
    };
    StringBuilder said = new StringBuilder(WRAPPER);
    for (String word : words) {
      said.append('[').append(word).append("]\n");
    }
    Map<String, String> hostile =
        Map.of("JAVA_TOOL_OPTIONS", "-Xmx1k", "JDK_JAVA_OPTIONS", "--no", "CLASSPATH", "/nowhere");
    assertEquals(new Stub.Ended(0, said + "options: none\n"), stub.run(hostile, words));
  }

  @Test
  final void javasStatusIsTheProgramsAndAnotherNameIsTheOtherCommand() throws Exception {
    assertEquals(new Stub.Ended(5, WRAPPER), stub.run("status", "5"));
    assertEquals(new Stub.Ended(0, BOINC_DOCKER), stub.boincDocker().run("status", "0"));
  }

  @Test
  final void theApiVersionStandsAtTheEndOfALine() throws Exception {
    String bytes = Files.readString(stub.file(), StandardCharsets.ISO_8859_1);
    assertTrue(bytes.matches("(?s).*API_VERSION_8\\.2\\.0[\0\n].*"), "no line ends with it");
  }

  @Test
  final void tenFirstStartsAtOnceMakeOneCopy() throws Exception {
    List<Process> starts = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      starts.add(stub.start(data, Map.of()));
    }
    for (Process start : starts) {
      assertEquals(RUNS, Stub.end(start));
    }
    copyOf();
  }

  @ParameterizedTest
  @ValueSource(strings = {"delete", "shorten", "alter"})
  final void aDamagedCopyIsReplaced(String damage) throws Exception {
    runs();
    Path classes = copyOf().resolve("lib/modules");
    byte[] whole = Files.readAllBytes(classes);
    switch (damage) {
      case "delete" -> Files.delete(classes);
      case "shorten" -> Files.write(classes, new byte[10]);
      default -> Files.write(classes, new byte[whole.length]);
    }
    runs();
    assertEquals(-1, Arrays.mismatch(whole, Files.readAllBytes(copyOf().resolve("lib/modules"))));
  }

  @Test
  final void aWholeCopyIsKept() throws Exception {
    runs();
    Object made = Files.getAttribute(copyOf(), "unix:ino");
    runs();
    assertEquals(made, Files.getAttribute(copyOf(), "unix:ino"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.999})
  final void aTruncatedFileSaysSo(double part) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(stub.file().toFile(), "rw")) {
      file.setLength((long) (file.length() * part));
    }
    refused("not complete; download it again", stub.run());
    assertEquals(List.of(), Stub.copies(place));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.999})
  final void oneAlteredBitIsNoticedAndNothingOfItIsUnpacked(double part) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(stub.file().toFile(), "rw")) {
      long at = (long) (file.length() * part);
      file.seek(at);
      int old = file.read();
      file.seek(at);
      file.write(old ^ 4);
    }
    refused("damaged", stub.run());
    assertEquals(List.of(), Stub.copies(place));
  }

  @Test
  final void killedWhileItUnpacksItLeavesNothingThatTheNextStartWouldNotClear() throws Exception {
    for (int i = 0; i < 3; i++) {
      Process process = stub.start(data, Map.of());
      while (process.isAlive() && Stub.copies(place).isEmpty()) {
        Thread.sleep(5);
      }
      process.destroyForcibly().waitFor();
      afterKill();
    }
    runs();
    copyOf();
  }

  /** Where the user's own cache is not what the environment says. */
  void closeUserCache() throws Exception {}

  /** Where a killed program's children live on for a moment. */
  void afterKill() throws Exception {}

  @Test
  final void aPlaceThatEveryoneMayWriteToIsRefused() throws Exception {
    closeUserCache();
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    refused("so nothing is run from there", stub.run());
    assertEquals(List.of(), Stub.copies(place));
  }

  @Test
  final void aFullDiskLeavesNothingAndSaysSo() throws Exception {
    closeUserCache();
    Path small = Files.createDirectory(data.resolve("small"));
    sh("mount -t tmpfs -o mode=755,size=12m tmpfs '%s'", small);
    try {
      refused("unpacking failed", packed().in(small).run());
      assertEquals(List.of(), Stub.copies(small));
    } finally {
      sh("umount --lazy '%s'", small);
    }
  }

  private static void sh(String command, Path path) throws Exception {
    Stub.Ended ended =
        Stub.end(
            new ProcessBuilder("sh", "-c", command.formatted(path))
                .redirectErrorStream(true)
                .start());
    assertEquals(0, ended.status(), ended::said);
  }

  @Test
  final void theCacheIsTheNamedDirectoryWhereThereIsOne() throws Exception {
    Path named = Files.createDirectory(data.resolve("named"));
    assertEquals(RUNS, stub.run(Map.of("BOINC_DOCKER_CACHE", path(named))));
    assertEquals(1, Stub.copies(named).size());
    assertEquals(List.of(), Stub.copies(place));
  }

  /** A path as the platform's programs write it. */
  String path(Path path) {
    return path.toString();
  }

  @Test
  final void whereNoPlaceIsLeftTheClientHearsWhyAndTriesAgain() throws Exception {
    closeUserCache();
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path slot = Files.createDirectory(data.resolve("slot"));
    Files.writeString(slot.resolve("init_data.xml"), "<app_init_data/>");
    Files.setPosixFilePermissions(slot, PosixFilePermissions.fromString("rwxrwxrwx"));
    Stub.Ended ended = Stub.end(stub.start(slot, Map.of()));
    assertEquals(0, ended.status(), ended::said);
    List<String> lines = Files.readAllLines(slot.resolve("boinc_temporary_exit"));
    assertEquals("300", lines.getFirst());
    assertTrue(lines.get(1).contains("no place to unpack the program into"), lines::toString);
  }

  @Test
  final void theVersionThatNobodyRunsGoesAfterAMonth() throws Exception {
    runs();
    Path old = place.resolve("dw_rt_0123456789abcdef");
    Files.move(copyOf(), old);
    for (String suffix : List.of("lock", "list", "used")) {
      Path beside = Path.of(old + "." + suffix);
      Files.writeString(beside, "");
      Files.setLastModifiedTime(beside, FileTime.from(Instant.now().minus(Duration.ofDays(31))));
    }
    runs();
    copyOf();
  }
}
