package org.boinc.dockerwrapper.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiVersionTest {
  @TempDir Path directory;

  private Optional<String> found(String... strings) throws IOException {
    return ApiVersion.find(Programs.elf(directory.resolve("program"), strings));
  }

  @Test
  void theMarkAtTheEndOfAStringIsFound() throws IOException {
    assertEquals(Optional.of("8.3.0"), found("x", "prefix API_VERSION_8.3.0", "API_VERSION_9.0.0"));
  }

  @Test
  void aMarkThatGoesOnIsNone() throws IOException {
    assertEquals(
        Optional.empty(), found("API_VERSION_8.3.0-beta", "API_VERSION_8.3", "API_VERSION_"));
  }

  @Test
  void aMarkAfterALongStringIsFound() throws IOException {
    assertEquals(Optional.of("8.2.15"), found("y".repeat(100_000) + "API_VERSION_8.2.15"));
  }

  @Test
  void theLastLineOfAScriptCountsWithoutALineEnd() throws IOException {
    Path script = directory.resolve("script");
    Files.writeString(script, "#!/bin/sh\n# API_VERSION_8.2.0");
    assertEquals(Optional.of("8.2.0"), ApiVersion.find(script));
  }

  @Test
  void versionsBeforeSixGetAnotherKindOfMemory() {
    assertFalse(ApiVersion.isSupported("5.10.0"));
    assertTrue(ApiVersion.isSupported("6.0.0"));
    assertTrue(ApiVersion.isSupported("10.1.0"));
  }
}
