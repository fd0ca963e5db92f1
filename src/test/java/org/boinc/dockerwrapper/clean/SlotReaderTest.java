package org.boinc.dockerwrapper.clean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.SlotLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotReaderTest {
  private static final Set<String> CLAIMS = Set.of("wu_0");

  @TempDir Path data;
  private Path slot;

  @BeforeEach
  void makeSlot() throws IOException {
    slot = Files.createDirectories(data.resolve("slots/0"));
  }

  private Tenancy read() {
    return SlotReader.read(slot, CLAIMS);
  }

  private void initData(String result, String end) throws IOException {
    Files.writeString(
        slot.resolve("init_data.xml"),
        "<app_init_data><project_dir>/b/projects/p</project_dir><boinc_dir>/b</boinc_dir>"
            + "<wu_name>wu</wu_name><result_name>%s</result_name>%s".formatted(result, end));
  }

  private void journal(String text) throws IOException {
    Files.writeString(slot.resolve("docker_wrapper_state.json"), text);
  }

  @Test
  void theClientsFileSaysWhoLivesThere() throws IOException {
    initData("wu_0", "</app_init_data>");
    journal("{\"result\": \"older_0\"}");
    assertEquals(new Tenancy.Taken("p", "wu_0", "wu"), read());
  }

  @Test
  void theJournalSaysItWhileTheClientIsRewritingItsFile() throws IOException {
    journal("{\"result\": \"wu_0\"}");
    assertEquals(new Tenancy.Taken("", "wu_0", ""), read());
    initData("wu_0", "");
    assertEquals(new Tenancy.Taken("", "wu_0", ""), read());
  }

  @Test
  void anEmptiedSlotIsVacantAndARemovedOneGone() throws IOException {
    assertEquals(new Tenancy.Vacant(), read());
    Files.delete(slot);
    assertEquals(new Tenancy.Gone(), read());
  }

  @Test
  void whatCantBeUnderstoodIsNotTakenForEmpty() throws IOException {
    initData("wu_0", "");
    assertInstanceOf(Tenancy.Unreadable.class, read());
    Files.delete(slot.resolve("init_data.xml"));
    journal("{");
    assertInstanceOf(Tenancy.Unreadable.class, read());
    Files.delete(slot.resolve("docker_wrapper_state.json"));
    Files.createDirectory(slot.resolve("init_data.xml"));
    assertInstanceOf(Tenancy.Unreadable.class, read());
  }

  @Test
  void aWrapperThatWorksThereForNobodyWeKnowIsNotDisturbed() throws Exception {
    initData("another_0", "</app_init_data>");
    try (SlotLock _ = SlotLock.acquire(slot, Duration.ofSeconds(1)).orElseThrow()) {
      assertEquals(new Tenancy.Busy(), read());
      assertEquals(
          new Tenancy.Taken("p", "another_0", "wu"),
          SlotReader.read(slot, Set.of("wu_0", "another_0")),
          "it works for one of those, and the other has no business there");
    }
    assertEquals(new Tenancy.Taken("p", "another_0", "wu"), read());
  }
}
