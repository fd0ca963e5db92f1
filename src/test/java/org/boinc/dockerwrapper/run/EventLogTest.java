package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.boinc.dockerwrapper.run.JobEvent.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
  @TempDir Path slot;

  private EventLog open() {
    return EventLog.open(slot, UnaryOperator.identity());
  }

  private Path file() {
    return slot.resolve(JobEvent.FILE);
  }

  private List<Kind> kinds() throws IOException {
    return JobEvent.in(slot).stream().map(JobEvent::kind).toList();
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    try (EventLog log = open()) {
      log.begin("1.2");
      log.state("", "PREPARING ENGINE");
      log.call("pulling image \"x\"\n\u202e\ud83d\ude00", Duration.ofMillis(1500));
      log.call("a quick one", Duration.ofMillis(900));
      log.failed(Step.PLAN, new Failure.Job("no"));
      log.limit(LimitKind.DISK, "too much");
      log.used(12.5, 30, 7, 0);
      log.end(new Outcome.LimitHit(LimitKind.DISK, "too much"));
    }
    List<JobEvent> events = JobEvent.in(slot);
    assertEquals(
        List.of(Kind.BEGIN, Kind.STATE, Kind.SLOW, Kind.FAILED, Kind.LIMIT, Kind.END), kinds());
    assertEquals(ProcessHandle.current().pid(), events.getFirst().pid());
    assertEquals("pulling image \"x\"\n\u202e\ud83d\ude00 took 1.5 s", events.get(2).text());
    assertEquals(Map.of("seconds", 1.5), events.get(2).more());
    assertEquals(Map.of("step", "PLAN", "why", "Job"), events.get(3).more());
    assertEquals(
        Map.of(
            "outcome",
            "LimitHit",
            "status",
            196.0,
            "cpu_seconds",
            12.5,
            "run_seconds",
            30.0,
            "received_bytes",
            7.0,
            "sent_bytes",
            0.0),
        events.getLast().more());
    assertEquals(
        events.size(), Files.readAllLines(file()).size(), "an event is a line, whatever is in it");
  }

  @Test
  void aSecretIsNotTold() throws IOException {
    try (EventLog log = EventLog.open(slot, text -> text.replace("s3cret", "***"))) {
      log.failed(Step.IMAGE, new Failure.Host("login with s3cret", Duration.ZERO));
    }
    assertFalse(Files.readString(file()).contains("s3cret"));
  }

  @Test
  void aFailureThatGoesOnIsToldOnce() throws IOException {
    try (EventLog log = open()) {
      for (int i = 0; i < 10; i++) {
        log.failed(Step.LOOK, new Failure.EngineAway("away"));
      }
    }
    assertEquals(List.of(Kind.FAILED), kinds());
  }

  @Test
  void itIsBoundedAndTheEndIsAlwaysTold() throws IOException {
    for (int episode = 0; episode < 5; episode++) {
      try (EventLog log = open()) {
        log.begin("1");
        for (int i = 0; i < 5000; i++) {
          log.state("x".repeat(100), "y" + i);
        }
        log.end(new Outcome.Succeeded());
      }
      assertTrue(Files.size(file()) <= 512 << 10, "size " + Files.size(file()));
      assertEquals(Kind.FULL, kinds().get(kinds().size() - 2));
      assertEquals(Kind.END, kinds().getLast());
    }
    assertEquals('{', Files.readString(file()).charAt(0), "whole lines are left");
  }

  @Test
  void aFileOfTheJobsOwnIsNotGoneOnWithAndALinkNotFollowed() throws IOException {
    Files.writeString(file(), "<soft_link>../../projects/x/y</soft_link>\n");
    try (EventLog log = open()) {
      log.begin("1");
    }
    assertEquals(List.of(Kind.BEGIN), kinds());
    assertFalse(Files.readString(file()).contains("soft_link"));

    Path tool = Files.writeString(slot.resolve("tool"), "an executable");
    Files.delete(file());
    Files.createSymbolicLink(file(), tool);
    try (EventLog log = open()) {
      log.begin("1");
    }
    assertEquals("an executable", Files.readString(tool));
  }

  @Test
  void whatCanNotBeWrittenIsLostAndNothingElse() {
    try (EventLog log = EventLog.open(slot.resolve("gone"), UnaryOperator.identity())) {
      log.begin("1");
      log.end(new Outcome.Succeeded());
    }
  }

  @Test
  void linesThatAreCutOrOfAnotherVersionAreLeftOut() {
    assertEquals(Optional.empty(), JobEvent.parse("{\"v\":1,\"at\":17643"));
    assertEquals(
        Optional.empty(),
        JobEvent.parse("{\"v\":2,\"at\":1,\"pid\":1,\"event\":\"end\",\"text\":\"\"}"));
    assertEquals(
        Optional.empty(),
        JobEvent.parse("{\"v\":1,\"at\":1,\"pid\":1,\"event\":\"other\",\"text\":\"\"}"));
    for (String line : List.of("", "null", "[]", "7", "{}", "{\"v\":[]}")) {
      assertEquals(Optional.empty(), JobEvent.parse(line), line);
    }
  }
}
