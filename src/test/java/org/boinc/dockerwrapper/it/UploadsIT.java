package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.boinc.dockerwrapper.simulate.Timeline;
import org.junit.jupiter.api.Test;

/** Outputs that are uploaded while the job runs ({@code files.uploads}). */
final class UploadsIT extends JobTest {
  private static final SimulatedFile PART = SimulatedFile.output("part_1");
  private static final SimulatedFile OUT = SimulatedFile.output("out");

  /** Longer than a file must rest, and than the next look into a container. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(25);

  private Job.Builder mounted(String prefix, String files, String script) {
    return jobs.job(prefix)
        .toml(Jobs.toml("/app/job.sh", "stop_timeout = \"1s\"\n[files]\n" + files))
        .file(SimulatedFile.app("job.sh", script).copied())
        .file(PART)
        .file(OUT);
  }

  private Job.Builder copying(String prefix, String script) {
    String files =
        """
        out = [{ src = "/work/part", dst = "part_1" }, { src = "/work/out", dst = "out" }]
        uploads = [{ file = "part_1" }]
        """;
    return jobs.copying(prefix, List.of(), files, script).file(PART).file(OUT);
  }

  private static long said(Job job, String text) {
    return job.client().timeline().entries().stream()
        .filter(entry -> entry.kind() != Timeline.Kind.STATUS)
        .filter(entry -> entry.text().contains(text))
        .count();
  }

  private static void await(Job job, String text) throws Exception {
    Await.until("the client says: " + text, Job.PATIENCE, () -> said(job, text) > 0);
  }

  private static String onServer(Job job, SimulatedFile declared) throws IOException {
    SimulatedFile file =
        job.slot().files().stream()
            .filter(candidate -> candidate.logicalName().equals(declared.logicalName()))
            .findFirst()
            .orElseThrow();
    return Files.readString(job.slot().onServer(file));
  }

  private static List<String> trickles(Job job) throws IOException {
    try (Stream<Path> files = Files.list(job.slot().projectDirectory())) {
      List<Path> found =
          files.filter(f -> f.getFileName().toString().startsWith("trickle_up_")).toList();
      return found.stream()
          .map(
              file -> {
                try {
                  return Files.readString(file);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          .toList();
    }
  }

  @Test
  void anOutputOfAMountedJobIsUploadedOnceAndItsTrickleUpSent() throws Exception {
    Job job =
        mounted(
                "mounted",
                "uploads = [{ file = \"part_*\", trickle = \"part\" }]",
                "echo whole >part_1\n" + UNTIL_GO + "echo end >out")
            .start();
    await(job, "uploaded part_1, 6 bytes");
    await(job, "trickle-up message");
    job.awaitStderr("output 'part_1' was uploaded while the job runs");
    assertEquals("whole\n", onServer(job, PART));
    // Frozen and thawed with an output that is no longer in the project directory.
    job.client().suspend();
    job.await(ContainerState.PAUSED);
    job.client().resume();
    job.await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
    assertEquals("end\n", job.output("out"));
    assertFalse(Files.exists(job.inProject(PART)), "it is the server's, not ours");
    assertEquals(1, said(job, "upload of part_1 requested"));
    List<String> trickles = trickles(job);
    assertEquals(1, trickles.size(), trickles::toString);
    assertTrue(
        trickles.getFirst().startsWith("<variety>part</variety>\n<open_name>part_1</open_name>\n"),
        trickles::toString);
    assertFalse(job.stderr().contains("changed output"), job.stderr());
  }

  @Test
  void anOutputThatIsStillWrittenWaitsForTheEndOfTheJob() throws Exception {
    Job job =
        mounted(
                "writing",
                "uploads = [{ file = \"part_1\" }]",
                "i=0; while [ $i -lt 13 ]; do echo $i >>part_1; sleep 1; i=$((i+1)); done; echo >out")
            .start();
    job.endOfJob();
    assertEquals(0, said(job, "upload of"));
    assertTrue(job.output("part_1").endsWith("11\n12\n"), job.output("part_1"));
  }

  @Test
  void anOutputWrittenThroughTheProjectDirectoryIsUploaded() throws Exception {
    Job job =
        mounted(
                "script",
                "links = \"script\"\nuploads = [{ file = \"part_1\" }]",
                "cd /app; echo whole >$(/boinc/resolve part_1)\n"
                    + UNTIL_GO
                    + "echo end >$(/boinc/resolve out)")
            .start();
    await(job, "uploaded part_1, 6 bytes");
    job.go();
    job.endOfJob();
    assertEquals("whole\n", onServer(job, PART));
    assertEquals("end\n", job.output("out"));
  }

  @Test
  void anOutputInACopyModeContainerIsFetchedUploadedAndNotCollectedAgain() throws Exception {
    Job job =
        copying(
                "copying",
                """
                echo whole >/work/part; echo end >/work/out
                sleep 30
                """)
            .start();
    await(job, "uploaded part_1, 6 bytes");
    assertEquals("whole\n", onServer(job, PART));
    assertFalse(Files.exists(job.inProject(PART)));
    job.endOfJob();
    assertEquals("end\n", job.output("out"));
    assertFalse(Files.exists(job.inProject(PART)), "the client never sends an output twice");
    assertEquals(1, said(job, "upload of part_1 requested"));
    assertFalse(job.stderr().contains("changed output"), job.stderr());
    assertFalse(job.stderr().contains("left no"), job.stderr());
  }

  @Test
  void anOutputIsFetchedFromAContainerOneOfWhoseMountsTheClientHasDeleted() throws Exception {
    SimulatedFile second = SimulatedFile.output("part_2");
    Job job =
        mounted(
                "both",
                """
                in = [{ src = "in", dst = "/work/in" }]
                out = [{ src = "/work/part", dst = "part_2" }]
                uploads = [{ file = "part_*" }]
                """,
                "echo whole >part_1\n" + UNTIL_GO + "echo more >/work/part; sleep 30; echo >out")
            .file(second)
            .file(SimulatedFile.input("in", "x"))
            .start();
    await(job, "uploaded part_1");
    job.awaitStderr("output 'part_1' was uploaded while the job runs");
    job.go();
    await(job, "uploaded part_2, 5 bytes");
    job.endOfJob();
    assertEquals("more\n", onServer(job, second));
  }

  @Test
  void whatTheJobChangesAfterTheRequestNeitherDamagesTheUploadNorPassesInSilence()
      throws Exception {
    Job job =
        copying(
                "changed",
                """
                echo whole >/work/part; echo end >/work/out
                sleep 30; echo other >/work/part
                """)
            .start();
    // The client has the request and can't send the file yet.
    job.client().networkOff();
    await(job, "upload of part_1 requested, 6 bytes");
    job.endOfJob();
    assertEquals("whole\n", job.output("part_1"));
    assertTrue(
        job.stderr()
            .contains("the job changed output 'part_1' after the client had been asked to upload"),
        job.stderr());
  }

  @Test
  void aWrapperThatIsKilledBetweenRequestAndAnswerNeitherLosesNorDoublesAnUpload()
      throws Exception {
    Job job =
        mounted(
                "killed",
                "uploads = [{ file = \"part_1\", trickle = \"part\" }]",
                "echo whole >part_1\n" + UNTIL_GO + "echo end >out")
            .start();
    job.client().networkOff();
    await(job, "upload of part_1 requested");
    job.client().kill9();
    assertInstanceOf(EpisodeEnd.Killed.class, job.end().end());
    job.start();
    job.client().networkOn();
    await(job, "uploaded part_1, 6 bytes");
    job.awaitStderr("output 'part_1' was uploaded while the job runs");
    await(job, "trickle-up message");
    Await.throughout(
        "nothing is asked for again",
        LONG_ENOUGH,
        () -> said(job, "part_1 requested") == 1 && said(job, "asks again") == 0);
    job.go();
    job.endOfJob();
    assertEquals("whole\n", onServer(job, PART));
    assertEquals(1, trickles(job).size());
    assertEquals(2, job.stderr().split("was uploaded while the job runs", -1).length);
  }

  @Test
  void aContainerIsStartedAgainThoughTheClientHasDeletedAnUploadedOutput() throws Exception {
    Job job =
        mounted(
                "again",
                "uploads = [{ file = \"part_1\" }]",
                """
                if [ -e seen ]; then echo end >out; exit 0; fi
                touch seen; echo whole >part_1
                """
                    + ENDLESS)
            .start();
    await(job, "uploaded part_1");
    job.awaitStderr("was uploaded while the job runs");
    job.client().kill9();
    job.end();
    Files.delete(job.inProject(PART));
    jobs.engine().engine().containers().kill(job.container().id());
    job.await(ContainerState.EXITED);
    job.start();
    job.endOfJob();
    assertEquals("end\n", job.output("out"));
    assertEquals(1, said(job, "upload of part_1 requested"));
  }

  @Test
  void requestsAndAnswersThatTheJobForgesAreNotBelieved() throws Exception {
    Job job =
        mounted(
                "forged",
                "uploads = [{ file = \"part_1\" }]",
                """
                cd /app; echo secret >out
                : >boinc_ufr_out; : >boinc_ufr_job.sh; : >boinc_ufr_part_1
                printf '<status>1</status>\\n' >boinc_ufs_part_1
                printf '<variety>forged</variety>\\n' >trickle_up.xml
                touch forged
                """
                    + UNTIL_GO
                    + "echo whole >part_1")
            .start();
    Await.until("the forgery", Job.PATIENCE, () -> Files.exists(job.work("forged")));
    Await.throughout(
        "nothing is handed to the client",
        LONG_ENOUGH,
        () -> said(job, "upload") + said(job, "trickle") == 0);
    assertFalse(Files.exists(job.file("boinc_ufr_out")));
    job.go();
    job.endOfJob();
    assertEquals("whole\n", job.output("part_1"));
    assertEquals("secret\n", job.output("out"));
    assertFalse(job.stderr().contains("was uploaded"), job.stderr());
    assertEquals(List.of(), trickles(job));
  }

  @Test
  void aLinkInACopyModeContainerIsNotUploaded() throws Exception {
    Job job =
        copying(
                "link",
                "ln -s /etc/passwd /work/part; echo end >/work/out; sleep 25; rm /work/part; echo whole >/work/part")
            .start();
    job.endOfJob();
    assertEquals(0, said(job, "upload of"));
    assertEquals("whole\n", job.output("part_1"));
  }
}
