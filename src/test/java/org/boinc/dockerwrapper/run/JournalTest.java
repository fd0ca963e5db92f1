package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.Slot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
  @TempDir Path slot;
  private final List<String> said = new ArrayList<>();

  private Journal open(String result) throws IOException {
    return Journal.open(new Slot(slot), result, said::add);
  }

  private Path file() {
    return slot.resolve("docker_wrapper_state.json");
  }

  @Test
  void whatWasSavedIsThereInTheNextEpisode() throws IOException {
    Journal first = open("wu_0");
    first.update(
        e -> {
          e.endpoint = "unix:///run/docker.sock";
          e.outputs = List.of("out", "b/out2");
          e.cpu = new CpuAccount(12.5, 3);
          e.unwatchedDeaths = 2;
          e.uploads = Map.of("part", new UploadState(UploadState.Stage.FAILED, 2, true, 5, "t"));
        });

    Journal next = open("wu_0");
    assertEquals("unix:///run/docker.sock", next.get(e -> e.endpoint));
    assertEquals(List.of("out", "b/out2"), next.get(e -> e.outputs));
    assertEquals(new CpuAccount(12.5, 3), next.get(e -> e.cpu));
    assertEquals(2, next.<Integer>get(e -> e.unwatchedDeaths));
    assertEquals(
        Map.of("part", new UploadState(UploadState.Stage.FAILED, 2, true, 5, "t")),
        next.get(e -> e.uploads));
    assertTrue(next.decided().isEmpty());
    assertEquals(List.of(), said);
  }

  static Stream<Outcome> settled() {
    List<Outcome> outcomes = new ArrayList<>();
    outcomes.add(new Outcome.Succeeded());
    outcomes.add(new Outcome.PayloadFailed(3, "the job said \u201e3\u201c\n"));
    for (LimitKind limit : LimitKind.values()) {
      outcomes.add(new Outcome.LimitHit(limit, "too much"));
    }
    return outcomes.stream();
  }

  @ParameterizedTest
  @MethodSource("settled")
  void aSettledOutcomeComesBackAsItWas(Outcome outcome) throws IOException {
    assertTrue(outcome.isDecided());
    open("wu_0").update(e -> e.decided = Episode.Decided.of(outcome));
    Episode.Decided decided = open("wu_0").decided().orElseThrow();
    assertNotNull(decided);
    assertEquals(outcome, decided.outcome());
  }

  @Test
  void whatIsNotSettledIsNotStored() {
    assertNull(Episode.Decided.of(new Outcome.Left("quit")));
    assertNull(Episode.Decided.of(new Outcome.Aborted()));
    assertNull(Episode.Decided.of(new Outcome.JobRejected(List.of("x"))));
    assertNull(Episode.Decided.of(new Outcome.ConsentMissing("x")));
  }

  @Test
  void aNoteIsSavedWithTheNextUpdate() throws IOException {
    Journal journal = open("wu_0");
    journal.update(e -> e.phase = "RUNNING");
    journal.note(e -> e.runSeconds = 7);
    assertEquals(0, open("wu_0").<Double>get(e -> e.runSeconds));
    journal.update(e -> {});
    assertEquals(7, open("wu_0").<Double>get(e -> e.runSeconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Foobar",
        "",
        "{\"version\":1,\"result\":\"wu_0\"",
        "[]",
        "7",
        "\0\0\0\0",
        "{\"result\":\"wu_0\",\"cpu\":\"much\"}",
        "{\"result\":\"wu_0\",\"uploads\":{\"part\":{\"requests\":1}}}"
      })
  void whatCanNotBeUnderstoodIsBegunAnewAndSaid(String text) throws IOException {
    Files.writeString(file(), text);
    Journal journal = open("wu_0");
    assertEquals("", journal.get(e -> e.endpoint));
    assertEquals(1, said.size());
    assertTrue(said.getFirst().startsWith("docker_wrapper_state.json can't be understood ("));
    assertTrue(said.getFirst().endsWith("and is begun anew"));

    journal.update(e -> e.phase = "x");
    assertEquals("x", open("wu_0").get(e -> e.phase));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{\"result\":null}",
        "{\"result\":\"wu_0\",\"uploads\":{\"part\":null}}",
        "{\"result\":\"wu_0\",\"cpu\":null,\"outputs\":null,\"endpoint\":null,\"bootId\":null}"
      })
  void nothingIsNoValue(String text) throws IOException {
    Files.writeString(file(), text);
    Journal journal = open("wu_0");
    assertEquals(0, journal.get(e -> e.cpu).total());
    assertEquals(List.of(), journal.get(e -> e.outputs));
    assertEquals(UploadState.NEW, journal.get(e -> e.upload("part")));
    assertEquals("", journal.get(e -> e.endpoint));
    assertEquals("", journal.get(e -> e.bootId));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"LOST\",\"status\":0,\"sentence\":\"\"}",
        "{\"kind\":\"failed\",\"status\":3}",
        "{\"kind\":\"failed\",\"status\":-7,\"sentence\":\"\"}",
        "{}"
      })
  void anOutcomeThatCouldNotBeToldIsBegunAnewAndSaid(String decided) throws IOException {
    Files.writeString(file(), "{\"result\":\"wu_0\",\"decided\":" + decided + "}");
    assertTrue(open("wu_0").decided().isEmpty());
    assertEquals(1, said.size());
  }

  @Test
  void aFieldOfALaterVersionIsPassedOver() throws IOException {
    Files.writeString(file(), "{\"result\":\"wu_0\",\"endpoint\":\"x\",\"colour\":\"blue\"}");
    assertEquals("x", open("wu_0").get(e -> e.endpoint));
    assertEquals(List.of(), said);
  }

  @Test
  void theJournalOfAnotherResultIsNotOurs() throws IOException {
    open("wu_0").update(e -> e.decided = Episode.Decided.of(new Outcome.Succeeded()));
    Journal journal = open("wu_1");
    assertTrue(journal.decided().isEmpty());
    assertEquals("wu_1", journal.get(e -> e.result));
    assertEquals(List.of(), said);
  }

  @Test
  void aFileOfTheJobIsNotTheJournalWhateverItSays() throws IOException {
    String settled = "\"decided\":{\"kind\":\"succeeded\",\"status\":0,\"sentence\":\"\"}";
    for (String more : List.of("", "\"setUpAt\":\"\",", "\"setUpAt\":\"2026-01-01T00:00:00Z\",")) {
      Files.writeString(file(), "{\"result\":\"wu_0\"," + more + settled + "}");
      Files.deleteIfExists(slot.resolve("boinc_setup_complete"));
      Files.createFile(slot.resolve("boinc_setup_complete"));
      said.clear();
      Journal journal = open("wu_0");
      assertTrue(journal.decided().isEmpty(), more);
      assertEquals(1, said.size());
      assertTrue(said.getFirst().contains("a file of the job must not bear this name"));

      journal.update(e -> e.endpoint = "unix:///ours");
      assertEquals("unix:///ours", open("wu_0").get(e -> e.endpoint));
      assertEquals(1, said.size());
    }
  }

  @Test
  void aDraftThatWasCutOffIsNotLookedAt() throws IOException {
    open("wu_0").update(e -> e.endpoint = "old");
    Path draft = slot.resolve("docker_wrapper_state.json.tmp");
    Files.writeString(draft, "{\"version\":1,\"endpo");
    assertEquals("old", open("wu_0").get(e -> e.endpoint));
    open("wu_0").update(e -> e.endpoint = "new");
    assertEquals("new", open("wu_0").get(e -> e.endpoint));
    assertTrue(Files.notExists(draft));
    assertEquals(List.of(), said);
  }

  @Test
  void othersLearnWhoseJournalLiesInASlot() throws IOException {
    assertEquals(Optional.empty(), Journal.resultIn(slot));
    open("wu_0").update(e -> e.phase = "RUNNING");
    assertEquals(Optional.of("wu_0"), Journal.resultIn(slot));
    Files.writeString(file(), "{");
    assertThrows(IOException.class, () -> Journal.resultIn(slot));
  }
}
