package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.boinc.dockerwrapper.simulate.SimulatedFile.Realisation;
import org.junit.jupiter.api.Test;

/** What a job sees and may write where its slot and project directory are mounted. */
final class MountedFilesIT extends JobTest {

  @Test
  void c52AnInputThatIsALinkIsSeenWithItsContent() throws Exception {
    Job job =
        jobs.mounted("c52", "cat soft symbolic copied >out")
            .file(SimulatedFile.input("soft", "1 "))
            .file(SimulatedFile.input("symbolic", "2 ").as(Realisation.SYMLINK))
            .file(SimulatedFile.input("copied", "3").copied())
            .file(SimulatedFile.output("out"))
            .prepare();
    job.runToCompletion();
    assertEquals("1 2 3", job.output("out"));
  }

  @Test
  void c53AGibibyteThatBeginsLikeALinkIsNeitherALinkNorReadByTheWrapper() throws Exception {
    Job job =
        jobs.mounted(
                "c53",
                """
                echo $(stat -c %s linked copied) $(head -c 11 linked) $(head -c 11 copied) >out
                """
                    + UNTIL_GO)
            .file(SimulatedFile.input("linked", MountedFilesIT::largeLink))
            .file(SimulatedFile.input("copied", MountedFilesIT::largeLink).copied())
            .file(SimulatedFile.output("out"))
            .slot(s -> s.bounds(5e8, 8e9))
            .start();
    job.await(ContainerState.RUNNING);
    String counters = Files.readString(Path.of("/proc/" + job.client().wrapperPid() + "/io"));
    long read = Long.parseLong(counters.lines().findFirst().orElseThrow().split(" ", -1)[1]);
    job.go();
    job.endOfJob();
    assertEquals("1073741824 1073741824 <soft_link> <soft_link>\n", job.output("out"));
    assertTrue(read < 100 << 20, "bytes read by the wrapper: " + read);
  }

  private static void largeLink(Path file) throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write("<soft_link>../../projects/x/y</soft_link>\n".getBytes(StandardCharsets.UTF_8));
      sparse.setLength(1L << 30);
    }
  }

  @Test
  void c54AnOutputThatIsALinkEndsInTheProjectDirectory() throws Exception {
    SimulatedFile soft = SimulatedFile.output("soft");
    SimulatedFile symbolic = SimulatedFile.output("symbolic").as(Realisation.SYMLINK);
    SimulatedFile copied = SimulatedFile.output("copied").copied();
    Job job =
        jobs.mounted("c54", "echo 1 >soft; echo 2 >>symbolic; echo 3 >copied")
            .file(soft)
            .file(symbolic)
            .file(copied)
            .prepare();
    job.runToCompletion();
    assertEquals("1\n", Files.readString(job.inProject(soft)));
    assertEquals("2\n", Files.readString(job.inProject(symbolic)));
    assertEquals("3\n", Files.readString(job.file("copied")));
    assertTrue(Files.readString(job.file("soft")).startsWith("<soft_link>"), "the client's link");
    assertTrue(Files.isSymbolicLink(job.file("symbolic")), "the client's link");
    assertFalse(Files.exists(job.file(Slot.WORK_DIRECTORY)));
  }

  @Test
  void anOutputThatWasNeverWrittenIsMissingAndOneThatWasWrittenEmptyIsThere() throws Exception {
    SimulatedFile never = SimulatedFile.output("never").asOptional();
    SimulatedFile empty = SimulatedFile.output("empty");
    Job job = jobs.mounted("untouched", ": >empty").file(never).file(empty).prepare();
    job.runToCompletion();
    assertFalse(Files.exists(job.inProject(never)));
    assertEquals(0, Files.size(job.inProject(empty)));
  }

  @Test
  void linkedInputsAndTheWrappersOwnFilesCannotBeWritten() throws Exception {
    SimulatedFile in = SimulatedFile.input("in", "as it was");
    Job job =
        jobs.mounted(
                "readonly",
                """
                for f in in job.toml job.sh; do
                  if echo changed >$f; then echo "$f written" >>copied; fi
                done
                mv in in2 && echo "in moved" >>copied
                echo done >>copied
                """)
            .file(in)
            .file(SimulatedFile.output("copied").copied())
            .prepare();
    job.runToCompletion();
    assertEquals("done\n", job.output("copied"));
    assertEquals("as it was", Files.readString(job.inProject(in)));
    assertTrue(job.stderr().contains("Read-only file system"), job.stderr());
  }

  @Test
  void openNamesWithDirectoriesAreSeenAndWrittenWhereTheyBelong() throws Exception {
    SimulatedFile linked = SimulatedFile.output("res/deep/linked");
    Job job =
        jobs.mounted(
                "nested",
                "cat in/soft in/deep/copied >res/deep/linked; mkdir -p new/deep; echo 4 >new/deep/f")
            .file(SimulatedFile.input("in/soft", "1 "))
            .file(SimulatedFile.input("in/deep/copied", "2").copied())
            .file(linked)
            .file(SimulatedFile.output("new/deep/f").copied())
            .prepare();
    job.runToCompletion();
    assertEquals("1 2", Files.readString(job.inProject(linked)));
    assertEquals("4\n", Files.readString(job.file("new/deep/f")));
    assertEquals("2", Files.readString(job.file("in/deep/copied")));
  }

  @Test
  void aScriptResolvesLinksWhereTheJobAsksForIt() throws Exception {
    Job job =
        jobs.job("script")
            .toml(
                """
                schema = 1
                [image]
                name = "%s"
                pull = "never"
                [container]
                command = ["sh", "-c", 'sh "$(/boinc/resolve job.sh)"']
                [files]
                links = "script"
                """
                    .formatted(TestEngine.IMAGE))
            .script(
                "job.sh",
                "cat \"$(/boinc/resolve in)\" \"$(/boinc/resolve copied)\" >\"$(/boinc/resolve out)\"")
            .file(SimulatedFile.input("in", "1 "))
            .file(SimulatedFile.input("copied", "2").copied())
            .file(SimulatedFile.output("out"))
            .prepare();
    job.runToCompletion();
    assertEquals("1 2", job.output("out"));
  }

  /** The resolver is the one of BOINC's wiki, samples/docker_wrapper/test. */
  @Test
  void theWikisResolverFindsInputsAndOutputsInTheMountedProjectDirectory() throws Exception {
    Job job =
        jobs.job("wiki")
            .toml("slot_dir_mount = \"/app\"\nproject_dir_mount = \"/project\"\n")
            .file(
                SimulatedFile.input(
                    "Dockerfile",
                    "FROM " + TestEngine.IMAGE + "\nWORKDIR /app\nCMD [\"sh\", \"job.sh\"]\n"))
            .file(
                SimulatedFile.app(
                        "job.sh",
                        """
                        resolve () {
                          sed 's/<soft_link>..\\/..\\/projects\\/[^\\/]*\\/\\(.*\\)<\\/soft_link>/\\/project\\/\\1/' $1 | tr -d '\\r\\n'
                        }
                        cat $(resolve in) >$(resolve out)
                        """)
                    .copied())
            .file(SimulatedFile.input("in", "42"))
            .file(SimulatedFile.output("out"))
            .prepare();
    job.runToCompletion();
    assertEquals("42", job.output("out"));
  }

  @Test
  void ofTheProjectDirectoryOnlyTheJobsOwnOutputsCanBeWritten() throws Exception {
    SimulatedFile out = SimulatedFile.output("out");
    Job job =
        jobs.mounted(
                "project",
                "[files]\nproject = \"/project\"\nproject_access = \"rw\"",
                """
                cat /project/foreign >>report
                echo evil >/project/foreign && echo "foreign written" >>report
                echo evil >/project/new && echo "new made" >>report
                rm /project/foreign && echo "foreign removed" >>report
                for f in /project/*_out_out; do echo 1 >$f && echo " out written" >>report; done
                """)
            .file(out)
            .file(SimulatedFile.output("report").copied())
            .prepare();
    Path foreign = job.slot().projectDirectory().resolve("foreign");
    Files.writeString(foreign, "another app version's");
    job.runToCompletion();
    assertEquals("another app version's out written\n", job.output("report"));
    assertEquals("1\n", job.output("out"));
    assertEquals("another app version's", Files.readString(foreign));
    assertFalse(Files.exists(job.slot().projectDirectory().resolve("new")));
  }

  @Test
  void aFileNameThatIsNoTextInAnyLanguageSurvivesAPoorLocale() throws Exception {
    Job job =
        jobs.mounted(
                "names", "echo 1 >\"$(printf 'gr\\303\\274n')\"; echo 2 >\"$(printf 'b\\377d')\"")
            .environment("LC_ALL", "C")
            .prepare();
    job.runToCompletion();
    Process listing =
        new ProcessBuilder("sh", "-c", "cat \"$(printf 'gr\\303\\274n')\" \"$(printf 'b\\377d')\"")
            .directory(job.slot().directory().toFile())
            .redirectErrorStream(true)
            .start();
    assertEquals(
        "1\n2\n", new String(listing.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void anInputWithAnUmlautInItsNameIsSeenInAPoorLocale() throws Exception {
    Job job =
        jobs.mounted("umlaut", "cat *.txt >out")
            .environment("LC_ALL", "C")
            .file(SimulatedFile.output("out"))
            .prepare();
    sh(job, "printf 2 >\"$(printf 'gr\\303\\274n.txt')\"");
    job.runToCompletion();
    assertEquals("2", job.output("out"));
  }

  private static void sh(Job job, String script) throws Exception {
    int status =
        new ProcessBuilder("sh", "-c", script)
            .directory(job.slot().directory().toFile())
            .inheritIO()
            .start()
            .waitFor();
    assertEquals(0, status, script);
  }

  @Test
  void aLinkOutOfTheProjectDirectoryIsNotFollowed() throws Exception {
    Path outside = Files.writeString(data.resolve("outside"), "not yours");
    Job job = jobs.mounted("outside", "cat in >/app/out").prepare();
    Files.writeString(job.file("in"), "<soft_link>" + outside + "</soft_link>\n");
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end(), job.stderr());
    assertTrue(
        job.stderr().contains("which is not a file of this job's project directory"), job.stderr());
  }
}
