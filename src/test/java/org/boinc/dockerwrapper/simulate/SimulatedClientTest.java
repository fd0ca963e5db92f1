package org.boinc.dockerwrapper.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.boinc.TemporaryExit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ClientTiming FAST = ClientTiming.REAL.polling(Duration.ofMillis(10));

  @TempDir Path data;
  private Optional<SimulatedClient> client = Optional.empty();

  @AfterEach
  void stop() {
    client.ifPresent(SimulatedClient::close);
  }

  private SimulatedClient client(ClientTiming timing, String... arguments) throws IOException {
    SimulatedSlot slot =
        SimulatedSlot.in(data)
            .arguments(List.of(arguments))
            .file(SimulatedFile.output("early"))
            .prepare();
    SimulatedClient made =
        new SimulatedClient(slot, FakeWrapper.command(), timing, new Timeline(e -> {}));
    client = Optional.of(made);
    return made;
  }

  private EpisodeEnd endOf(String... arguments) throws Exception {
    SimulatedClient one = client(FAST, arguments);
    one.start();
    return one.awaitExit(PATIENCE).end();
  }

  @Test
  void statusZeroWithFinishFileIsCompleted() throws Exception {
    assertEquals(new EpisodeEnd.Completed(), endOf("complete"));
  }

  @Test
  void otherStatusIsComputeError() throws Exception {
    assertEquals(new EpisodeEnd.ComputeError(3), endOf("fail", "3"));
  }

  @Test
  void validTemporaryExitFileIsObeyedAndRemovedAtTheNextStart() throws Exception {
    SimulatedClient one = client(FAST, "temporary", "600", "no engine");
    one.start();
    assertEquals(
        new EpisodeEnd.TemporaryExit(600, "no engine", false), one.awaitExit(PATIENCE).end());
    Path file = one.slot().directory().resolve(TemporaryExit.NAME);
    assertTrue(Files.exists(file));
    Files.writeString(file, "stale\n");
    one.start();
    one.awaitExit(PATIENCE);
    assertEquals(List.of("600", "no engine"), Files.readAllLines(file));
  }

  @Test
  void statusZeroWithoutFinishFileIsPrematureExit() throws Exception {
    assertEquals(new EpisodeEnd.PrematureExit(), endOf("premature"));
  }

  @Test
  void argumentsArriveIntactAndStderrIsKept() throws Exception {
    endOf("complete", "early=a b $(x) \"");
    assertTrue(client.orElseThrow().slot().stderrText().contains("complete|early=a b $(x) \"\n"));
  }

  @Test
  void quitIsObeyedAndTheNextEpisodeContinues() throws Exception {
    SimulatedClient one = client(FAST, "work", "60");
    one.start();
    assertTrue(one.awaitStatus(s -> s.currentCpuTime() >= 5, PATIENCE).isPresent());
    one.quit();
    assertEquals(new EpisodeEnd.Quit(false, 0), one.awaitExit(PATIENCE).end());
    one.start();
    Episode second = one.awaitExit(PATIENCE);
    assertEquals(new EpisodeEnd.Completed(), second.end());
    assertEquals(2, second.number());
    AppStatus last = second.reports().getLast();
    assertEquals(60, last.currentCpuTime());
    assertTrue(second.reports().getFirst().currentCpuTime() > 5, "it started over");
    assertEquals(2, one.episodes().size());
  }

  @Test
  void checkpointIsTheNextEpisodesStartingPoint() throws Exception {
    SimulatedClient one = client(FAST, "work", "1000");
    one.start();
    one.awaitStatus(s -> s.currentCpuTime() >= 5, PATIENCE);
    one.kill9();
    assertEquals(new EpisodeEnd.Killed("kill -9"), one.awaitExit(PATIENCE).end());
    one.start();
    String initData = Files.readString(one.slot().directory().resolve("init_data.xml"));
    assertFalse(initData.contains("<wu_cpu_time>0.000000<"), initData);
  }

  @Test
  void suspendedWorkWaitsForResume() throws Exception {
    SimulatedClient one = client(FAST, "work", "30");
    one.start();
    one.awaitStatus(s -> true, PATIENCE);
    one.suspend();
    assertTrue(one.awaitStatus(s -> s.sporadicState().isPresent(), PATIENCE).isPresent());
    one.resume();
    assertEquals(new EpisodeEnd.Completed(), one.awaitExit(PATIENCE).end());
  }

  @Test
  void wrapperThatIgnoresQuitIsKilled() throws Exception {
    SimulatedClient one = client(FAST.exitWithin(Duration.ofMillis(100)), "deaf");
    one.start();
    one.quit();
    Episode episode = one.awaitExit(PATIENCE);
    assertInstanceOf(EpisodeEnd.Quit.class, episode.end());
    assertTrue(((EpisodeEnd.Quit) episode.end()).killed(), episode.end().sentence());
  }

  @Test
  void wrapperThatReadsNoRequestsIsKilled() throws Exception {
    ClientTiming impatient =
        new ClientTiming(
            FAST.poll(), FAST.exitTimeout(), Duration.ofMillis(100), FAST.finishTimeout());
    SimulatedClient one = client(impatient, "deaf");
    one.start();
    one.suspend();
    one.rereadAppInfo();
    assertInstanceOf(EpisodeEnd.Killed.class, one.awaitExit(PATIENCE).end());
  }

  @Test
  void wrapperNoticesThatItsClientDied() throws Exception {
    SimulatedClient one = client(FAST, "orphan").mortal();
    one.start();
    one.clientDeath();
    assertEquals(new EpisodeEnd.ClientDied(0), one.awaitExit(PATIENCE).end());
  }

  @Test
  void trickleUploadAndGraphicsAreHandled() throws Exception {
    SimulatedClient one = client(FAST, "transfer");
    one.start();
    Episode episode = one.awaitExit(PATIENCE);
    assertEquals(new EpisodeEnd.Completed(), episode.end());
    assertEquals(Optional.of("http://localhost:8080/"), episode.graphicsUrl());
    // The client deletes what it has uploaded, and tells that nothing is there any more.
    assertTrue(one.slot().stderrText().contains("answer <status>0</status>"));
    SimulatedFile early = one.slot().files().getFirst();
    assertFalse(Files.exists(one.slot().inProject(early)));
    assertEquals("half\n", Files.readString(one.slot().onServer(early)));
    try (Stream<Path> files = Files.list(one.slot().projectDirectory())) {
      assertEquals(
          1, files.filter(f -> f.getFileName().toString().startsWith("trickle_up_")).count());
    }
  }

  @Test
  void withoutSharedMemoryTheSlotHasNoMappedFile() throws Exception {
    SimulatedSlot slot =
        SimulatedSlot.in(data).arguments(List.of("premature")).withoutSharedMemory().prepare();
    SimulatedClient one = new SimulatedClient(slot, FakeWrapper.command());
    client = Optional.of(one);
    one.start();
    one.awaitExit(PATIENCE);
    assertFalse(Files.exists(slot.directory().resolve("boinc_mmap_file")));
  }

  @Test
  void waitingTooLongTellsWhatTheWrapperSaid() throws Exception {
    SimulatedClient one = client(FAST, "deaf");
    one.start();
    TimeoutException told =
        assertThrows(TimeoutException.class, () -> one.awaitExit(Duration.ofMillis(300)));
    assertTrue(String.valueOf(told.getMessage()).contains("still runs"), told::getMessage);
  }
}
