package org.boinc.dockerwrapper.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.boinc.dockerwrapper.boinc.InitData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationTest {
  private static final ClientTiming FAST = ClientTiming.REAL.polling(Duration.ofMillis(10));
  private static final Simulation.Bounds BOUNDS = new Simulation.Bounds(3, Duration.ofMillis(10));

  @TempDir Path data;
  private final List<SimulatedFile> files = new ArrayList<>();
  private Optional<Path> expected = Optional.empty();
  private final Timeline timeline = new Timeline(entry -> {});

  private Verdict run(ClientScript script, String... arguments) throws Exception {
    SimulatedSlot slot =
        SimulatedSlot.in(data).files(files).arguments(Arrays.asList(arguments)).prepare();
    try (SimulatedClient client =
        new SimulatedClient(slot, FakeWrapper.command(), FAST, timeline)) {
      return new Simulation(client, script, BOUNDS, expected).run();
    }
  }

  private static ClientScript script(String... words) {
    List<ClientScript.Step> steps = new ArrayList<>();
    for (int i = 0; i < words.length; i += 2) {
      steps.add(ClientScript.step(words[i], words[i + 1]));
    }
    return new ClientScript(steps);
  }

  private boolean wasSaid(String text) {
    return timeline.entries().stream().anyMatch(entry -> entry.text().contains(text));
  }

  @Test
  void jobThatWritesItsOutputsIsValid() throws Exception {
    files.add(SimulatedFile.output("linked"));
    files.add(SimulatedFile.output("copied").copied());
    files.add(SimulatedFile.output("maybe").asOptional());
    Verdict verdict = run(script(), "complete", "linked=12345", "copied=abc");
    assertTrue(verdict.valid(), verdict::toString);
    assertEquals(0, verdict.exitStatus());
    assertEquals(
        List.of(OptionalLong.of(5), OptionalLong.of(3), OptionalLong.empty()),
        verdict.outputs().stream().map(OutputCheck::nbytes).toList());
  }

  @Test
  void missingMandatoryOutputIsNotValid() throws Exception {
    files.add(SimulatedFile.output("out"));
    Verdict verdict = run(script(), "complete");
    assertEquals(List.of("output out: missing; the job must write it"), verdict.reasons());
    assertEquals(1, verdict.exitStatus());
  }

  @Test
  void outputBeyondItsLimitIsNotValid() throws Exception {
    files.add(SimulatedFile.output("out").copied().atMost(2));
    Verdict verdict = run(script(), "complete", "out=abc");
    assertEquals(List.of("output out: has 3 bytes, max_nbytes is 2"), verdict.reasons());
  }

  @Test
  void outputsAreComparedWithTheExpectedOnes() throws Exception {
    files.add(SimulatedFile.output("out"));
    Path wanted = Files.createDirectory(data.resolve("expected"));
    Files.writeString(wanted.resolve("out"), "abd");
    Files.writeString(wanted.resolve("other"), "x");
    expected = Optional.of(wanted);
    Verdict verdict = run(script(), "complete", "out=abc");
    assertEquals(
        List.of(
            "expected/other: no output of that open_name is declared in output_template.xml",
            "output out: differs from expected at byte 2"),
        verdict.reasons());
  }

  @Test
  void failureOfTheJobIsTheVerdict() throws Exception {
    Verdict verdict = run(script(), "fail", "7");
    assertEquals(List.of("compute error: the wrapper exited with status 7"), verdict.reasons());
    assertFalse(verdict.hostNotReady());
  }

  @Test
  void temporaryExitIsRestartedSoonerThanItAsksAndOnlySoOften() throws Exception {
    Verdict verdict = run(script(), "temporary", "600", "no engine");
    assertEquals(3, verdict.episodes());
    assertEquals(3, verdict.exitStatus());
    assertEquals(
        List.of("temporary exit for 600 s: no engine", "not finished after 3 episodes"),
        verdict.reasons());
    assertTrue(wasSaid("the client would wait 600 s"));
  }

  @Test
  void prematureExitIsRestarted() throws Exception {
    assertEquals(3, run(script(), "premature").episodes());
  }

  @Test
  void restartAfterQuitContinues() throws Exception {
    Verdict verdict = run(script("20%", "quit", "20%", "restart"), "work", "50");
    assertTrue(verdict.valid(), verdict::toString);
    assertEquals(2, verdict.episodes());
    assertEquals(50, verdict.cpuTime());
  }

  @Test
  void restartAloneQuitsFirst() throws Exception {
    Verdict verdict = run(script("20%", "restart"), "work", "50");
    assertTrue(verdict.valid(), verdict::toString);
    assertEquals(2, verdict.episodes());
    assertTrue(wasSaid("<quit/>"));
  }

  @Test
  void quitWithoutRestartEndsTheSimulation() throws Exception {
    Verdict verdict = run(script("20%", "quit"), "work", "500");
    assertEquals(1, verdict.episodes());
    assertEquals(List.of("the wrapper obeyed quit (status 0)"), verdict.reasons());
  }

  @Test
  void jobThatIsNotOverAtTheEndIsAborted() throws Exception {
    run(script("20%", "quit"), "work", "500");
    assertTrue(wasSaid("episode 2: the wrapper obeyed abort"));
  }

  @Test
  void jobThatIsOverIsLeftAlone() throws Exception {
    run(script(), "complete");
    assertFalse(wasSaid("<abort/>"));
  }

  @Test
  void killedWrapperIsStartedAgain() throws Exception {
    Verdict verdict = run(script("20%", "kill -9"), "work", "50");
    assertTrue(verdict.valid(), verdict::toString);
    assertEquals(2, verdict.episodes());
  }

  @Test
  void nextClientStartsTheJobAgainAfterTheDeathOfTheFirst() throws Exception {
    Verdict verdict = run(script("0s", "client-death", "0s", "restart"), "orphan");
    assertTrue(verdict.valid(), verdict::toString);
    assertEquals(2, verdict.episodes());
    assertTrue(wasSaid("after its client had died"));
  }

  @Test
  void stepThatIsNeverReachedIsRemarked() throws Exception {
    Verdict verdict = run(script("1m", "suspend"), "complete");
    assertTrue(verdict.valid());
    assertEquals(List.of("the job ended before 'at 60.0 s suspend'"), verdict.remarks());
  }

  @Test
  void abortIsFinal() throws Exception {
    Verdict verdict = run(script("20%", "abort"), "work", "500");
    assertEquals(List.of("the wrapper obeyed abort (status 0)"), verdict.reasons());
  }

  @Test
  void initDataIsWhatTheWrapperReads() throws Exception {
    SimulatedSlot slot =
        SimulatedSlot.in(data.resolve("R&D"))
            .appVersion("worker", "docker_nvidia", 805)
            .names("wu", "wu_3")
            .ncpus(0.5)
            .bounds(2e9, 3e9)
            .cpuTime(1000)
            .gpu("NVIDIA", 1, 0.5)
            .dockerType(2)
            .file(SimulatedFile.app("job.toml", ""))
            .prepare();
    InitData read = InitData.read(slot.directory());
    assertEquals("worker", read.appName());
    assertEquals(805, read.appVersion());
    assertEquals("docker_nvidia", read.planClass());
    assertEquals("wu_3", read.resultName());
    assertEquals(slot.projectDirectory(), read.projectDirectory());
    assertEquals(slot.dataDirectory(), read.dataDirectory());
    assertEquals(ProcessHandle.current().pid(), read.clientPid());
    assertEquals(1000, read.wuCpuTime());
    assertEquals(0.5, read.grant().ncpus());
    assertEquals(1, read.grant().gpu().orElseThrow().deviceNumber());
    assertEquals(InitData.EngineHint.Type.PODMAN, read.engine().orElseThrow().type());
    assertEquals(List.of("app_job.toml"), read.appFiles());
    assertTrue(read.proxy().isEmpty());
  }

  @Test
  void removedSlotLeavesNothingButTheDataDirectory() throws IOException {
    SimulatedSlot slot =
        SimulatedSlot.in(data).file(SimulatedFile.app("a/b/c", "x").copied()).prepare();
    assertEquals(List.of(), slot.remove());
    assertFalse(Files.exists(slot.directory()));
    assertFalse(Files.exists(slot.projectDirectory()));
  }
}
