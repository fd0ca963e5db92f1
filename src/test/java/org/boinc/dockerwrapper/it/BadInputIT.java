package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with a job: one clear sentence, the documented status, and no container. */
final class BadInputIT extends JobTest {
  private static final String IMAGE =
      "[image]\nname = \"" + TestEngine.IMAGE + "\"\npull = \"never\"\n";

  /** The job can't run anywhere: 206, these words in its last lines, nothing created. */
  private static void rejected(Job job, String... words) throws Exception {
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end(), job.stderr());
    sentences(job, words);
  }

  /** This host can't now: temporary exit with these words, nothing created, nothing finished. */
  private static void postponed(Job job, String... words) throws Exception {
    EpisodeEnd.TemporaryExit exit =
        assertInstanceOf(EpisodeEnd.TemporaryExit.class, job.run().end(), job.stderr());
    for (String word : words) {
      assertTrue(exit.reason().contains(word), "'%s' in: %s".formatted(word, exit.reason()));
    }
    assertTrue(exit.delaySeconds() >= 60, exit.toString());
    assertFalse(Files.exists(job.file(FinishFile.NAME)));
    sentences(job, words);
  }

  private static void sentences(Job job, String... words) throws Exception {
    for (String word : words) {
      assertTrue(job.stderr().contains(word), "'%s' in: %s".formatted(word, job.stderr()));
    }
    assertFalse(job.stderr().contains("Exception"), "no word for people: " + job.stderr());
    assertFalse(job.stderr().contains("\tat "), "a stack trace: " + job.stderr());
    assertTrue(job.containers().isEmpty(), "a container was created");
  }

  @Test
  void c49WithoutJobTomlTheDefaultsHold() throws Exception {
    runsInApp(jobs.job("absent"));
  }

  @Test
  void anEmptyJobTomlIsLikeNone() throws Exception {
    runsInApp(jobs.job("empty").toml(""));
  }

  private static void runsInApp(Job.Builder builder) throws Exception {
    Job job =
        builder
            .file(
                SimulatedFile.input(
                    "Dockerfile",
                    "FROM "
                        + TestEngine.IMAGE
                        + "\nWORKDIR /app\nCMD [\"sh\", \"-c\", \"pwd >out\"]\n"))
            .file(SimulatedFile.output("out").copied())
            .prepare();
    job.runToCompletion();
    assertEquals("/app\n", job.output("out"));
  }

  @Test
  void withoutDockerfileAndImageNameTheJobCanNotRun() throws Exception {
    rejected(
        jobs.job("nothing").prepare(),
        "image: the slot holds no 'Dockerfile' and job.toml names no image; add a Dockerfile");
  }

  @Test
  void aJobTomlThatThisUserMayNotReadIsThisHostsTrouble() throws Exception {
    Job job = TestUser.prepare(jobs.mounted("unreadable", "true"));
    Path file = job.inProject(SimulatedFile.app("job.toml", ""));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    postponed(job, "job.toml", "permission denied");
  }

  @Test
  void aJobTomlThatIsADirectoryIsTheProjectsFault() throws Exception {
    rejected(
        jobs.job("directory").file(SimulatedFile.input("job.toml/x", "x")).prepare(),
        "job.toml is a directory");
  }

  @Test
  void aJobTomlThatLeadsNowhereIsNotTakenForNone() throws Exception {
    Job job = jobs.mounted("nowhere", "true").prepare();
    Files.delete(job.inProject(SimulatedFile.app("job.toml", "")));
    rejected(job, "job.toml is a link to", "app_job.toml", "which is not there");
  }

  @Test
  void anotherJobFileThatIsNotThereIsNotTakenForNone() throws Exception {
    rejected(
        jobs.mounted("typo", "true").arguments("--config", "jbo.toml").prepare(),
        "jbo.toml",
        "is not in the slot");
  }

  @Test
  void anOptionWithoutItsValueIsSaid() throws Exception {
    rejected(
        jobs.mounted("option", "true").arguments("--config").prepare(),
        "option --config needs a value after it");
  }

  @Test
  void aBinaryJobTomlIsRefused() throws Exception {
    byte[] noise = new byte[4096];
    new java.util.Random(5).nextBytes(noise);
    rejected(
        jobs.job("binary")
            .file(SimulatedFile.app("job.toml", file -> Files.write(file, noise)))
            .prepare(),
        "job.toml");
  }

  @Test
  void aJobTomlOfTenMegabytesIsRefused() throws Exception {
    byte[] much = new byte[10 << 20];
    Arrays.fill(much, (byte) '\n');
    rejected(
        jobs.job("large")
            .file(SimulatedFile.app("job.toml", file -> Files.write(file, much)))
            .prepare(),
        "job.toml",
        "bytes");
  }

  @Test
  void c48EveryWrongValueIsNamedWithItsLine() throws Exception {
    rejected(
        jobs.job("wrong")
            .toml(
                "schema = 1\n"
                    + IMAGE
                    + "[container]\ncommand = 7\n[resources]\nmemory = \"lots\"\n[netwrok]\nx = 1\n")
            .prepare(),
        "job.toml:6",
        "container.command",
        "job.toml:8",
        "\"lots\" is not a size",
        "did you mean network");
  }

  @Test
  void contradictionsAreNamed() throws Exception {
    rejected(
        jobs.job("contradiction")
            .toml(
                "schema = 1\n"
                    + IMAGE
                    + "[resources]\nmemory = \"64m\"\nshm = \"64m\"\ntmp = \"64m\"\n")
            .prepare(),
        "more than the memory of");
    rejected(
        jobs.job("dialects").toml("slot_dir_mount = \"/app\"\nworkdir = \"/app\"\n").prepare(),
        "can't stand beside");
  }

  @Test
  void whatWouldNeedTheVolunteersConsentIsRefused() throws Exception {
    rejected(
        jobs.job("consent")
            .toml("schema = 1\n" + IMAGE + "[security]\nhost_network = true\n")
            .prepare(),
        "security.host_network");
    rejected(
        jobs.job("root").toml("schema = 1\n" + IMAGE + "[container]\nuser = \"0:0\"\n").prepare(),
        "container.user: 0 needs the volunteer's consent");
  }

  @Test
  void aDockerfileThatIsNotThereIsNamed() throws Exception {
    rejected(
        jobs.job("dockerfile")
            .toml("schema = 1\n[image]\ndockerfile = \"Dockerfile.gpu\"\n")
            .prepare(),
        "the slot holds no 'Dockerfile.gpu'");
  }

  @Test
  void aDockerfileThatNobodyUnderstandsIsTheProjectsFault() throws Exception {
    String from = "FROM " + TestEngine.IMAGE + "\n";
    rejected(
        jobs.building("form", from + "FORM x\n", "true").prepare(),
        "the image can't be built from 'Dockerfile'",
        "nknown instruction: ",
        "FORM");
    rejected(
        jobs.building("nothing", "# FROM nothing\n", "true").prepare(),
        "the image can't be built from 'Dockerfile'");
  }

  @Test
  void aFileThatTheBuildDoesNotFindIsSaid() throws Exception {
    Job job =
        jobs.building("copy", "FROM " + TestEngine.IMAGE + "\nCOPY absent /\n", "true").prepare();
    job.run();
    assertTrue(job.stderr().contains("absent"), job.stderr());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void anInputThatIsNotThereIsNamed() throws Exception {
    rejected(
        jobs.job("input")
            .toml(
                "schema = 1\n"
                    + IMAGE
                    + "[files]\nslot = \"\"\nin = [{ src = \"data.bin\", dst = \"/x\" }, { src = \"*.dat\", dst = \"/y/\" }]\n")
            .prepare(),
        "files.in: 'data.bin' is not in the slot; declare it",
        "files.in: no file of the slot matches '*.dat'");
  }

  @Test
  void anInputWhoseContentIsGoneIsNamed() throws Exception {
    SimulatedFile in = SimulatedFile.input("data.bin", "x");
    Job job =
        jobs.job("gone")
            .toml(
                "schema = 1\n"
                    + IMAGE
                    + "[files]\nslot = \"\"\nin = [{ src = \"data.bin\", dst = \"/x\" }]\n")
            .file(in)
            .prepare();
    Files.delete(job.inProject(in));
    rejected(job, "the soft link 'data.bin' leads to", "in_data.bin', which does not exist");
  }

  @Test
  void anOutputOutsideTheSlotIsRefused() throws Exception {
    for (String dst :
        List.of(
            "../escaped", "/etc/escaped", "init_data.xml", "boinc_finish_called", "a/../../b")) {
      Job job =
          jobs.job("output")
              .toml(
                  "schema = 1\n"
                      + IMAGE
                      + "[files]\nslot = \"\"\nout = [{ src = \"/x\", dst = \""
                      + dst
                      + "\" }]\n")
              .prepare();
      rejected(job, "job.toml:7", dst);
    }
  }

  @Test
  void anOutputWhoseLinkLeadsOutOfTheProjectDirectoryIsRefused() throws Exception {
    for (boolean symbolic : new boolean[] {true, false}) {
      Job job =
          jobs.job("evil")
              .toml(
                  "schema = 1\n"
                      + IMAGE
                      + "[files]\nslot = \"\"\nout = [{ src = \"/x\", dst = \"out\" }]\n")
              .prepare();
      if (symbolic) {
        Files.createSymbolicLink(job.file("out"), Path.of("/etc/passwd"));
      } else {
        Files.writeString(job.file("out"), "<soft_link>/etc/passwd</soft_link>\n");
      }
      rejected(job, "files.out: the link 'out' leads to '/etc/passwd'");
    }
  }

  @Test
  void aCutOffInitDataIsReadAnotherTime() throws Exception {
    Job job =
        jobs.mounted("cut", "true")
            .under(List.of("sh", "-c", "truncate -s 300 init_data.xml; exec \"$0\" \"$@\""))
            .prepare();
    postponed(job, "init_data.xml", "cut off");
  }

  @Test
  void c3WithoutSharedMemoryTheJobIsNotStarted() throws Exception {
    Job job = jobs.mounted("memory", "true").slot(s -> s.withoutSharedMemory()).prepare();
    postponed(job, "shared memory");
  }

  @Test
  void aClientOfTheOldKindOfSharedMemoryIsTold() throws Exception {
    Job job =
        jobs.mounted("sysv", "true")
            .slot(s -> s.initData(xml -> xml.set("shm_key", 12345)))
            .prepare();
    postponed(job, "api_version");
  }

  @Test
  void aCommandThatIsNotInTheImageIsTheProjectsFault() throws Exception {
    Job job =
        jobs.job("command")
            .toml("schema = 1\n" + IMAGE + "[container]\ncommand = [\"/no/such/program\"]\n")
            .prepare();
    assertEquals(new EpisodeEnd.ComputeError(127), job.run().end(), job.stderr());
    sentences(job, "/no/such/program", "status 127 (mostly: a command was not found)");
    rejected(
        jobs.job("noinit")
            .toml(
                "schema = 1\n"
                    + IMAGE
                    + "[container]\ninit = false\ncommand = [\"/no/such/program\"]\n")
            .prepare(),
        "the container's command can't be run",
        "look at container.command",
        "/no/such/program");
  }

  @Test
  void anEnvironmentFileWithARottenLineIsRefused() throws Exception {
    rejected(
        jobs.job("env")
            .toml("schema = 1\n" + IMAGE + "[container]\nenv_files = [\"vars\"]\n")
            .file(SimulatedFile.input("vars", "GOOD=1\nnot good\n"))
            .prepare(),
        "line 2 of 'vars' is 'not good', which is not NAME=value");
  }
}
