package org.boinc.dockerwrapper.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.it.Await;
import org.boinc.dockerwrapper.it.TestUser;
import org.boinc.dockerwrapper.it.WrapperCommand;
import org.junit.jupiter.api.Test;

/** Jobs from download to report. */
final class ClientLifeIT extends ClientTest {

  @Test
  void c64AJobFromATemplateIsValidAndItsSharedMemoryIsAFile() throws Exception {
    host.attach(AppVersion.ofTemplate(MOUNTED));
    Workunit job =
        host.submit(
            Workunit.of("life", UNTIL_GO + "cat in >out\n").input("in", "42").output("out"));
    assertEquals(OptionalInt.of(-1), InitData.read(host.slot(job)).shmKey());
    host.go(job);
    Report report = host.awaitValid(job);
    assertEquals("42", host.output(job));
    assertTrue(report.stderr().contains("docker_wrapper"), report::stderr);
  }

  @Test
  void c65WithoutAnApiVersionTheWrapperSaysWhatIsMissingAndTriesLater() throws Exception {
    host.attach(AppVersion.ofTemplate(MOUNTED).withoutApiVersion());
    Workunit job = host.submit(Workunit.of("old", "exit 0\n"));
    assertNotEquals(OptionalInt.of(-1), InitData.read(host.slot(job)).shmKey());
    host.awaitLog("Task %s postponed for ".formatted(job.resultName()));
    String told =
        host.client().log().lines().filter(line -> line.contains("postponed")).findFirst().get();
    assertTrue(told.contains("where version.xml has an api_version"), told);
    assertEquals(List.of(), host.containers(job));
  }

  @Test
  void c70AnAbortedJobIsReportedAndLeavesNothing() throws Exception {
    host.attach(AppVersion.ofTemplate(MOUNTED));
    Workunit job = host.submit(Workunit.of("abort", "echo began; " + UNTIL_GO).output("out"));
    host.await(job, ContainerState.RUNNING);
    host.task(job, "abort");
    Report report = host.awaitReport(job);
    assertEquals(203, report.exitStatus());
    assertEquals(Report.ABORTED, report.state());
    assertTrue(report.stderr().contains("docker_wrapper"), report::stderr);
  }

  @Test
  void c71AMissingOutputIsTheClientsComputeErrorAndNamed() throws Exception {
    host.attach(AppVersion.ofTemplate(MOUNTED));
    Workunit job = host.submit(Workunit.of("missing", "exit 0\n").output("out"));
    Report report = host.awaitReport(job);
    assertEquals(Report.COMPUTE_ERROR, report.state());
    assertTrue(report.stderr().contains("<message>"), report::stderr);
    assertTrue(report.stderr().contains(job.outputs().getFirst().physicalName()), report::stderr);
  }

  @Test
  void c73ASlotThatTheClientPreparedCanBeRunByHand() throws Exception {
    host.option("run_apps_manually", 1).attach(AppVersion.ofTemplate(MOUNTED));
    Workunit job =
        host.submit(
            Workunit.of("hand", "echo 0.5 >fraction_done; " + UNTIL_GO + "echo 42 >out\n")
                .output("out"));
    Path slot = host.slot(job);
    host.awaitLog("task_state=EXECUTING for " + job.resultName());
    List<String> words = new ArrayList<>(TestUser.prefix());
    words.addAll(WrapperCommand.words());
    Process wrapper =
        new ProcessBuilder(words)
            .directory(slot.toFile())
            .redirectErrorStream(true)
            .redirectOutput(host.client().data().resolve("by_hand.txt").toFile())
            .start();
    host.await(job, ContainerState.RUNNING);
    Await.until(
        "the client hears how far the job is",
        BoincClient.PATIENCE,
        () -> host.client().tell("--get_tasks").contains("fraction done: 0.500000"));
    host.task(job, "suspend");
    host.await(job, ContainerState.PAUSED);
    host.task(job, "resume");
    host.await(job, ContainerState.RUNNING);
    assertFalse(Files.exists(slot.resolve(FinishFile.NAME)));
    host.go(job);
    assertTrue(wrapper.waitFor(BoincClient.PATIENCE), "the wrapper ends");
    assertEquals(0, wrapper.exitValue());
    assertEquals("0", Files.readAllLines(slot.resolve(FinishFile.NAME)).getFirst());
    assertEquals(List.of(), host.containers(job));
  }
}
