package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.plan.ImagePlan;
import org.boinc.dockerwrapper.plan.ImagePlan.ContextFile;
import org.boinc.dockerwrapper.plan.Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextKeyTest {
  @TempDir Path directory;

  private Path file(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private List<ContextFile> files(String slot, String dockerfile) throws IOException {
    return List.of(
        new ContextFile("Dockerfile", file(slot + "/Dockerfile", dockerfile), false, false),
        new ContextFile("src", directory.resolve(slot), true, false),
        new ContextFile("src/run", file(slot + "/src/run", "#!/bin/sh"), false, true));
  }

  private static String key(List<ContextFile> files, Map<String, String> arguments, String target)
      throws IOException {
    return ContextKey.of(
        new ImagePlan.Build(
            new Name("boinc_wu", "boinc_p_wu-1"),
            Map.of("boinc.wu", "wu"),
            files,
            "Dockerfile",
            arguments,
            target,
            "",
            Optional.empty(),
            Duration.ofMinutes(1),
            ImagePlan.BuildLimits.NONE));
  }

  private static String key(List<ContextFile> files) throws IOException {
    return key(files, Map.of(), "");
  }

  @Test
  void theSameContextHasTheSameKeyInWhateverSlot() throws IOException {
    String key = key(files("0", "FROM alpine"));
    assertEquals(key, key(files("1", "FROM alpine")));
    assertTrue(key.matches("[0-9a-f]{32}"), key);
  }

  @Test
  void whateverABuildDependsOnChangesTheKey() throws IOException {
    List<ContextFile> files = files("0", "FROM alpine");
    Set<String> keys = new HashSet<>();
    keys.add(key(files));
    keys.add(key(files("1", "FROM debian")));
    keys.add(key(files.subList(0, 2)));
    keys.add(key(files, Map.of("A", "1"), ""));
    keys.add(key(files, Map.of("A", "2"), ""));
    keys.add(key(files, Map.of(), "stage"));
    Path run = files.get(2).source();
    keys.add(key(List.of(new ContextFile("src/other", run, false, true))));
    keys.add(key(List.of(new ContextFile("src/run", run, false, true))));
    keys.add(key(List.of(new ContextFile("src/run", run, false, false))));
    keys.add(key(List.of(new ContextFile("src/run", run, true, false))));
    assertEquals(10, keys.size());
  }

  @Test
  void aProxyIsNoPartOfAnImage() throws IOException {
    List<ContextFile> files = files("0", "FROM alpine");
    assertEquals(
        key(files), key(files, Map.of("http_proxy", "http://p:1", "NO_PROXY", "localhost"), ""));
  }

  @Test
  void ofALargeFileBothEndsAndTheSizeCount() throws IOException {
    Path large = directory.resolve("large");
    long size = (16L << 20) + 100;
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(size);
    }
    List<ContextFile> files = List.of(new ContextFile("large", large, false, false));
    String before = key(files);
    assertEquals(before, key(files));
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.seek(size - 1);
      file.write(7);
      String end = key(files);
      assertNotEquals(before, end);
      file.seek(0);
      file.write(7);
      assertNotEquals(end, key(files));
      file.setLength(size + 1);
      assertNotEquals(end, key(files));
    }
  }
}
