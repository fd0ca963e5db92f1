package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.boinc.TemporaryExit;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/** A job that wants to know or to do more than it may. */
final class UntrustedJobIT extends JobTest {
  private static final String AUTHENTICATOR = "5ecretauthenticator5ecret";

  /**
   * Looks everywhere; the brackets keep it from finding itself. A canary shows that it can find.
   */
  private static final String SEARCH =
      """
      look() {
        find / \\( -path /proc -o -path /sys -o -path /dev \\) -prune -o -type f \
          -exec grep -l '5ecret[a]uthenticator' {} + >/tmp/found 2>/dev/null
        cat /proc/*/environ 2>/dev/null | grep -c '5ecret[a]uthenticator' | grep -v '^0' >>/tmp/found
        find / \\( -path /proc -o -path /sys -o -path /dev \\) -prune -o -type f \
          -exec grep -l 'ca[n]ary5' {} + >/tmp/canaries 2>/dev/null
        find / \\( -path /proc -o -path /sys \\) -prune -o -name 'init_data*' -print >>/tmp/found
        echo "round $1: $(wc -l </tmp/canaries) $(cat /tmp/found)" >>/app/report
        touch /app/looked$1
      }
      """;

  @Test
  void c80TheAuthenticatorIsNeitherInTheBuildContextNorInTheContainerWhateverTheClientRewrites()
      throws Exception {
    Job job =
        jobs.job("c80")
            .toml(
                """
                schema = 1
                [container]
                command = ["sh", "/app/job.sh"]
                stop_timeout = "1s"
                [files]
                slot = "/app"
                hide = []
                """)
            .file(
                SimulatedFile.input(
                    "Dockerfile", "FROM " + TestEngine.IMAGE + "\nCOPY . /ctx\nRUN ls -la /ctx\n"))
            .script(
                "job.sh",
                SEARCH
                    + """
                    look 1
                    until [ -e /app/go2 ]; do sleep 0.1; done
                    look 2
                    until [ -e /app/go3 ]; do sleep 0.1; done
                    look 3
                    """)
            .file(SimulatedFile.input("canary", "canary5"))
            .file(SimulatedFile.output("report").copied())
            .slot(s -> s.initData(xml -> xml.set("authenticator", AUTHENTICATOR)))
            .prepare();
    Path work = job.file(Slot.WORK_DIRECTORY);
    job.start();
    Await.until("the first look", Job.PATIENCE, () -> Files.exists(work.resolve("looked1")));
    job.client().rereadAppInfo();
    assertTrue(Files.readString(job.file(InitData.FILE)).contains(AUTHENTICATOR));
    Files.createFile(work.resolve("go2"));
    Await.until("the second look", Job.PATIENCE, () -> Files.exists(work.resolve("looked2")));
    job.client().quit();
    assertInstanceOf(EpisodeEnd.Quit.class, job.end().end());
    job.start();
    job.await(ContainerState.RUNNING);
    Files.createFile(work.resolve("go3"));
    job.endOfJob();
    // the canary is in /app and in /ctx
    assertEquals("round 1: 2 \nround 2: 2 \nround 3: 2 \n", job.output("report"));
  }

  @Test
  void c80ACopyingJobCanNotAskForInitDataEither() throws Exception {
    Job job =
        jobs.job("c80copy")
            .toml(
                """
                schema = 1
                [image]
                name = "%s"
                pull = "never"
                [files]
                slot = ""
                hide = []
                in = [{ src = "init_data.xml", dst = "/work/x" }]
                """
                    .formatted(TestEngine.IMAGE))
            .prepare();
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("init_data.xml"), job.stderr());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void whatTheJobForgesInItsSlotIsNotBelieved() throws Exception {
    Job job =
        jobs.mounted(
                "forged",
                """
                cd /app
                echo 0 >boinc_finish_called
                printf '60\\nforged\\n' >boinc_temporary_exit
                echo '<app_init_data></app_init_data>' >init_data.xml
                printf '<variety>forged</variety>\\n' >trickle_up.xml
                echo forged >stderr.txt
                echo forged >boinc_mmap_file
                echo '{"decided":0}' >docker_wrapper_journal.json
                echo real >copied
                exit 3
                """)
            .file(SimulatedFile.output("copied").copied())
            .prepare();
    assertEquals(new EpisodeEnd.ComputeError(3), job.run().end(), job.stderr());
    assertEquals("3", Files.readAllLines(job.file(FinishFile.NAME)).getFirst());
    assertFalse(Files.exists(job.file(TemporaryExit.NAME)));
    assertFalse(Files.exists(job.file("trickle_up.xml")));
    assertTrue(Files.readString(job.file(InitData.FILE)).contains("<authenticator>"));
    assertFalse(Files.readAllLines(job.file("stderr.txt")).contains("forged"));
    assertEquals(8192, Files.size(job.file("boinc_mmap_file")));
    assertEquals("real\n", job.output("copied"));
    assertTrue(
        job.stderr()
            .contains("the job wrote 'boinc_finish_called', which is BOINC's own; it is dropped"),
        job.stderr());
  }

  @Test
  void aForgedFinishFileOfARunningJobDoesNotReachTheClient() throws Exception {
    Job job =
        jobs.mounted(
                "running",
                """
                echo 0 >boinc_finish_called; touch forged
                until [ -e go ]; do sleep 0.1; done
                """)
            .start();
    Path work = job.file(Slot.WORK_DIRECTORY);
    Await.until("the forgery", Job.PATIENCE, () -> Files.exists(work.resolve("forged")));
    assertFalse(Files.exists(job.file(FinishFile.NAME)));
    Files.createFile(work.resolve("go"));
    job.endOfJob();
  }

  @Test
  void anOutputThatTheJobReplacedByALinkGivesNothingOfTheHostAway() throws Exception {
    SimulatedFile copied = SimulatedFile.output("copied").copied();
    Job job =
        jobs.mounted(
                "swapped",
                """
                ln -s /etc/passwd copied; ln -s ../../.. up; ln -s init_data.xml copy2
                mv sub sub2; ln -s ../../../victim sub; mkfifo pipe
                """)
            .file(SimulatedFile.input("sub/in", "x"))
            .file(copied)
            .prepare();
    Path victim = Files.createDirectory(data.resolve("victim"));
    Files.writeString(victim.resolve("in"), "a host's file");
    job.run();
    assertEquals("a host's file", Files.readString(victim.resolve("in")));
    assertFalse(Files.exists(job.file("pipe")));
    // The client renames what is there and uploads it: it must not be a link to a host's file.
    assertFalse(Files.isSymbolicLink(job.file("copied")), job.stderr());
    assertTrue(job.stderr().contains("the job left 'copied', which is a symbolic link"));
    assertFalse(Files.isSymbolicLink(job.file("up")), job.stderr());
    assertFalse(Files.isSymbolicLink(job.file("copy2")), job.stderr());
  }

  @Test
  void c79AnUnprivilegedClientCanDeleteAllThatAJobLeaves() throws Exception {
    Job job =
        TestUser.prepare(
            jobs.mounted(
                    "c79",
                    """
                    mkdir -p open/deep closed/deep locked
                    echo 1 >open/deep/file; echo 2 >closed/deep/file; echo 3 >locked/file
                    chmod 400 open/deep/file; chmod 500 closed/deep closed; chmod 000 locked
                    cat in >res/linked; cat in >copied
                    """)
                .file(SimulatedFile.input("in", "42"))
                .file(SimulatedFile.output("res/linked"))
                .file(SimulatedFile.output("copied").copied()));
    job.runToCompletion();
    assertEquals(Set.of(TestUser.NAME), owners(job.slot().directory()));
    assertEquals("42", job.output("res/linked"));
    assertEquals("42", job.output("copied"));
    TestUser.sh("rm -r '" + job.slot().directory() + "' </dev/null");
    assertFalse(Files.exists(job.slot().directory()));
  }

  @Test
  void c79AnAbortedJobLeavesNothingThatCanNotBeDeletedEither() throws Exception {
    Job job =
        TestUser.prepare(
            jobs.mounted("c79abort", "mkdir d; echo 1 >d/f; chmod 500 d; touch ready; sleep 600"));
    Path work = job.file(Slot.WORK_DIRECTORY);
    job.start();
    Await.until("the job is ready", Job.PATIENCE, () -> Files.exists(work.resolve("ready")));
    job.client().abort();
    assertInstanceOf(EpisodeEnd.Aborted.class, job.end().end());
    TestUser.sh("rm -r '" + job.slot().directory() + "' </dev/null");
    assertFalse(Files.exists(job.slot().directory()));
  }

  /** The simulated client, which is root, wrote init_data.xml. */
  private static Set<String> owners(Path top) throws Exception {
    try (Stream<Path> files = Files.walk(top)) {
      List<Path> all = files.filter(f -> !f.endsWith(InitData.FILE)).toList();
      return all.stream()
          .map(
              f ->
                  Files.getFileAttributeView(
                      f, PosixFileAttributeView.class, java.nio.file.LinkOption.NOFOLLOW_LINKS))
          .map(
              view -> {
                try {
                  return view.getOwner().getName();
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          .collect(Collectors.toSet());
    }
  }

  @Test
  void aFileOfTheJobThatLooksLikeTheJournalDecidesNothing() throws Exception {
    String workunit = "decided_" + UUID.randomUUID();
    String planted =
        """
        {"version":1,"result":"%s_0","decided":{"kind":"succeeded","status":0,"sentence":""}}"""
            .formatted(workunit);
    Job job =
        jobs.copying("decided", "echo ran >/work/out")
            .slot(slot -> slot.workunit(workunit))
            .file(SimulatedFile.input("docker_wrapper_state.json", planted).copied())
            .prepare();
    job.runToCompletion();
    assertEquals("ran\n", job.output("out"));
    assertTrue(job.stderr().contains("must not bear this name"), job.stderr());
  }
}
