package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.boinc.SharedMemory;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The client's data directory on a disk of 2 MiB that is full at the worst moment. */
@Execution(ExecutionMode.CONCURRENT)
final class FullDiskIT {
  private static final int KIB = 1024;

  @TempDir Path directory;
  @RegisterExtension final Jobs jobs = new Jobs(() -> directory.resolve("disk"));

  @BeforeEach
  void mount() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString());
  }

  /** Lazy: the harness removes the job's containers, which may hold it, after this. */
  @AfterEach
  void unmount() throws Exception {
    command("umount", "--lazy", directory.resolve("disk").toString());
  }

  private static void command(String... words) throws Exception {
    assertEquals(
        0, new ProcessBuilder(words).inheritIO().start().waitFor(), List.of(words)::toString);
  }

  /** Leaves so many KiB free, or none. */
  private void fill(int left) throws IOException {
    Path ballast = directory.resolve("disk/ballast");
    try (OutputStream out = Files.newOutputStream(ballast)) {
      byte[] block = new byte[4 * KIB];
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      // as intended
    }
    try (var channel =
        java.nio.channels.FileChannel.open(ballast, java.nio.file.StandardOpenOption.WRITE)) {
      channel.truncate(Math.max(0, channel.size() - (long) left * KIB));
    }
  }

  private void free() throws IOException {
    Files.delete(directory.resolve("disk/ballast"));
  }

  @Test
  void outputsThatDoNotFitWaitInTheContainerUntilThereIsRoom() throws Exception {
    Job job = jobs.copying("full", "head -c 1200k /dev/zero >/work/out").prepare();
    fill(400);
    EpisodeEnd.TemporaryExit exit =
        assertInstanceOf(EpisodeEnd.TemporaryExit.class, job.run().end(), job.stderr());
    assertTrue(exit.reason().contains("No space left on device"), exit.reason());
    assertEquals(ContainerState.EXITED, job.container().state(), "the result is still there");
    assertFalse(Files.exists(job.file(FinishFile.NAME)));
    String container = job.container().id();
    free();
    job.start();
    job.endOfJob();
    assertEquals(1200 * KIB, job.output("out").length());
    assertFalse(
        job.stderr().lines().filter(l -> l.contains("PREPARING start -> RUNNING")).count() > 1,
        "the job ran twice: " + container);
  }

  @Test
  void onADiskThatIsFullFromTheStartNothingIsCreated() throws Exception {
    Job job = jobs.mounted("start", "echo 1 >out").file(SimulatedFile.output("out")).prepare();
    SharedMemory.create(job.slot().directory());
    // Just enough for the client's init_data.xml, which it writes anew at each start.
    fill(4);
    job.start();
    EpisodeEnd end = job.end().end();
    assertTrue(end.restarts(), end.sentence());
    assertTrue(job.containers().isEmpty(), job.stderr());
    free();
    job.runToCompletion();
    assertEquals("1\n", job.output("out"));
  }

  @Test
  void aDiskThatFillsWhileTheJobRunsCostsNoResult() throws Exception {
    SimulatedFile out = SimulatedFile.output("out").copied();
    Job job =
        jobs.mounted(
                "during",
                "head -c 100k /dev/zero >out; touch written; until [ -e go ]; do sleep 0.1; done")
            .file(out)
            .start();
    Path work = job.file(Slot.WORK_DIRECTORY);
    Await.until("the output", Job.PATIENCE, () -> Files.exists(work.resolve("written")));
    Files.createFile(work.resolve("go.tmp"));
    fill(0);
    Files.move(work.resolve("go.tmp"), work.resolve("go"));
    EpisodeEnd end = job.end().end();
    assertTrue(end.restarts(), end.sentence() + job.stderr());
    assertFalse(Files.exists(job.file(FinishFile.NAME)));
    free();
    job.start();
    job.endOfJob();
    assertEquals(100 * KIB, job.output("out").length());
  }
}
