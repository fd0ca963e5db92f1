package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/** Jobs that are ended before they are done: shutdown command, stop signal, silence. */
final class EarlyEndIT extends JobTest {
  private static final EpisodeEnd TIME_LIMIT = new EpisodeEnd.ComputeError(197);

  private static final String SAVING =
      "shutdown = [\"sh\", \"-c\", \"echo saved at $(pwd) >/app/saved; echo saving; exit 3\"]\n";

  /** A job that waits for ever; {@code more} continues the table of the container. */
  private Job.Builder job(String prefix, String more, String script) {
    return jobs.job(prefix)
        .toml(Jobs.toml("/app/job.sh", more))
        .script("job.sh", script)
        .file(SimulatedFile.output("out"));
  }

  @Test
  void theShutdownCommandRunsBeforeAnAbortedJobIsThrownAway() throws Exception {
    Job job = job("shutdown", SAVING, ENDLESS).start();
    job.awaitWatched();
    job.client().abort();
    job.end();
    assertEquals("saved at /app\n", Files.readString(job.work("saved")));
    assertTrue(job.stderr().contains("container.shutdown ended with status 3"), job.stderr());
    assertTrue(job.stderr().contains("saving"), job.stderr());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void aPausedJobIsThawedForItsShutdownCommand() throws Exception {
    Job job = job("thawed", SAVING, ENDLESS).start();
    job.await(ContainerState.RUNNING);
    job.client().suspend();
    job.await(ContainerState.PAUSED);
    job.client().abort();
    job.end();
    assertTrue(Files.exists(job.work("saved")), job.stderr());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void aShutdownCommandThatHangsIsCutShort() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    // What the engine needs to start it is not given to it on top.
    proxy.spoil("POST .*/exec", 1, new FaultyProxy.Spoil.Delay(Duration.ofSeconds(7)));
    Job job = job("hangs", "shutdown = [\"sleep\", \"1000\"]\n", ENDLESS).through(proxy).start();
    job.awaitWatched();
    job.client().abort();
    job.client().awaitExit(Duration.ofSeconds(50));
    assertTrue(job.stderr().contains("container.shutdown was cut short"), job.stderr());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void aJobBeyondItsTimeLimitHearsItsStopSignalAndMaySave() throws Exception {
    Job job =
        job(
                "signal",
                "stop_signal = \"SIGUSR1\"\n[resources]\ntime_limit = \"2s\"\n",
                "trap 'echo saved >/app/out; exit 0' USR1\nwhile :; do sleep 0.1; done\n")
            .prepare();
    assertEquals(TIME_LIMIT, job.run().end(), job.stderr());
    assertEquals("saved\n", job.output("out"));
  }

  @Test
  void aJobThatIgnoresItsStopSignalIsKilledWhenItsTimeToSaveIsOver() throws Exception {
    Job job =
        job(
                "ignored",
                SAVING + "stop_timeout = \"1s\"\n[resources]\ntime_limit = \"2s\"\n",
                "trap '' TERM\n" + ENDLESS)
            .prepare();
    assertEquals(TIME_LIMIT, job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("running container.shutdown"), job.stderr());
  }

  /** The limit is in the journal, but the job's last words are still in the container. */
  @Test
  void aWrapperThatIsKilledWhileItStopsAJobStopsItInTheNextEpisode() throws Exception {
    Job job =
        job(
                "stopping",
                "stop_timeout = \"8s\"\n[resources]\ntime_limit = \"2s\"\n",
                "echo my last words\ntrap '' TERM\n" + ENDLESS)
            .start();
    job.awaitStderr("RUNNING -> STOPPING");
    job.client().kill9();
    assertInstanceOf(EpisodeEnd.Killed.class, job.end().end(), job.stderr());
    assertFalse(job.stderr().contains("my last words"), job.stderr());
    assertEquals(TIME_LIMIT, job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("my last words"), job.stderr());
  }

  @Test
  void aJobThatIsSilentForTooLongHangs() throws Exception {
    Job job =
        job("silent", "stop_timeout = \"1s\"\n[progress]\nstall_timeout = \"3s\"\n", ENDLESS)
            .prepare();
    assertEquals(TIME_LIMIT, job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("(progress.stall_timeout): it hangs"), job.stderr());
  }

  @Test
  void aJobThatWritesOrGetsOnDoesNotHang() throws Exception {
    String table = "[progress]\nstall_timeout = \"3s\"\n";
    Job chatty =
        job("chatty", table, "for i in 1 2 3 4 5 6; do sleep 1; echo $i; done; echo ok >out")
            .start();
    Job busy =
        job(
                "busy",
                table,
                "for i in 1 2 3 4 5 6; do sleep 1; echo 0.$i >fraction_done; done; echo ok >out")
            .start();
    chatty.endOfJob();
    busy.endOfJob();
  }

  @Test
  void aPausedJobDoesNotHang() throws Exception {
    Job job =
        job(
                "paused",
                "[progress]\nstall_timeout = \"3s\"\n",
                "until [ -e /app/go ]; do sleep 0.5; echo still here; done")
            .start();
    job.await(ContainerState.RUNNING);
    job.client().suspend();
    job.await(ContainerState.PAUSED);
    Await.throughout(
        "paused", Duration.ofSeconds(5), () -> job.container().state() == ContainerState.PAUSED);
    job.client().resume();
    job.await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
  }
}
