package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageLedgerTest {
  private static final ImageUse USE =
      new ImageUse("unix:///s", "docker.io/library/a:1", "sha256:1", "", List.of("f_1"), 7);

  @TempDir Path projects;

  private Path file() {
    return projects.resolve("docker_wrapper_images_example.org_p.json");
  }

  @Test
  void itOutlivesTheDirectoryOfItsProject() throws IOException {
    Path project = Files.createDirectory(projects.resolve("example.org_p"));
    ImageLedger.of(project).write(List.of(USE));
    Files.delete(project);
    List<ImageLedger> found = ImageLedger.all(projects);
    assertEquals(List.of("example.org_p"), found.stream().map(ImageLedger::project).toList());
    assertEquals(List.of(USE), found.getFirst().read());
  }

  @Test
  void whereThereIsNothingToSayThereIsNoFile() throws IOException {
    ImageLedger ledger = ImageLedger.of(projects.resolve("example.org_p"));
    assertEquals(List.of(), ledger.read());
    ledger.write(List.of(USE));
    assertTrue(Files.exists(file()));
    ledger.write(List.of());
    assertFalse(Files.exists(file()));
    assertEquals(List.of(), ImageLedger.all(projects.resolve("gone")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{}", "[null]", "[{}]", "[{\"lastUsed\": \"x\"}]"})
  void whatCantBeUnderstoodIsToldAndNotTakenForEmpty(String text) throws IOException {
    Files.writeString(file(), text);
    ImageLedger ledger = ImageLedger.of(projects.resolve("example.org_p"));
    IOException strange = assertThrows(IOException.class, ledger::read);
    assertTrue(
        String.valueOf(strange.getMessage())
            .contains("docker_wrapper_images_example.org_p.json can't be understood"));
  }
}
