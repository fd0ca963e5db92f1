package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import org.boinc.dockerwrapper.boinc.Channel;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.Episode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether the client still lives. Slow by nature: the client's own times are 10 and 30 s. */
@Tag(EngineUnderTest.ANY)
final class LivenessConformanceIT extends JobTest {
  /** The client looks so seldom that the test alone writes to the mailboxes. */
  private static final Duration NEVER = Duration.ofHours(1);

  @Test
  void c19ALivingClientNeedsNoHeartbeats() throws Exception {
    Job job = jobs.mounted("c19", UNTIL_GO).prepare();
    job.client().heartbeats(false);
    job.start().await(ContainerState.RUNNING);
    Await.throughout("running", Duration.ofSeconds(60), job.client()::isRunning);
    assertEquals(ContainerState.RUNNING, job.container().state());
    job.go();
    job.endOfJob();
  }

  @Test
  void c20AJobPausesWhenItsClientDies() throws Exception {
    Job job = jobs.mounted("c20", UNTIL_GO).mortalClient().start();
    job.await(ContainerState.RUNNING);
    job.client().clientDeath();
    Episode episode = job.client().awaitExit(Duration.ofSeconds(15));
    assertEquals(0, episode.status());
    assertFalse(Files.exists(job.file(FinishFile.NAME)));
    assertEquals(ContainerState.PAUSED, job.container().state());
    job.start().await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
  }

  @Test
  void c21WithoutPidASilentClientIsDead() throws Exception {
    Job job = withoutPid("c21").start();
    job.await(ContainerState.RUNNING);
    job.client().heartbeats(false);
    long start = System.nanoTime();
    Episode episode = job.end();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertEquals(0, episode.status());
    assertTrue(took.toSeconds() >= 28 && took.toSeconds() <= 42, "took " + took);
    assertFalse(Files.exists(job.file(FinishFile.NAME)));
    assertEquals(ContainerState.PAUSED, job.container().state());
  }

  @Test
  void c21WithoutPidAHeartbeatEvery20SecondsIsEnough() throws Exception {
    Job job = withoutPid("c21slow").polling(NEVER).start();
    Channel heartbeats = job.mailbox(Channel.Name.HEARTBEAT);
    for (int i = 0; i < 3; i++) {
      heartbeats.send("<heartbeat/>");
      Await.throughout("running", Duration.ofSeconds(20), job.client()::isRunning);
    }
    job.go();
    job.endOfJob();
  }

  @Test
  void c62AFrozenWrapperDoesNotTakeItsClientForDead() throws Exception {
    Job job = withoutPid("c62").start();
    job.await(ContainerState.RUNNING);
    job.awaitReport("anything", status -> true);
    double before = job.client().status().orElseThrow().currentCpuTime();
    // As after a night's sleep of the host: the client, too, takes its time to come back.
    job.client().heartbeats(false);
    job.signal("STOP");
    Thread.sleep(Duration.ofSeconds(40));
    job.signal("CONT");
    Await.throughout("running", Duration.ofSeconds(5), job.client()::isRunning);
    job.client().heartbeats(true);
    Await.throughout("running", Duration.ofSeconds(5), job.client()::isRunning);
    double after = job.client().status().orElseThrow().currentCpuTime();
    assertTrue(after - before < 5, "CPU time jumped from %s to %s".formatted(before, after));
    assertEquals(ContainerState.RUNNING, job.container().state());
    job.go();
    job.endOfJob();
  }

  private Job.Builder withoutPid(String name) {
    return jobs.mounted(name, UNTIL_GO)
        .slot(slot -> slot.initData(data -> data.set("client_pid", 0)));
  }
}
