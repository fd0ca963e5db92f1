package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The bundle is one file that becomes the JVM, and a whole BOINC job runs with it. */
@Tag("any-engine")
@Timeout(300)
class BundleIT {
  private static final long MIB = 1024 * 1024;

  @TempDir Path data;
  @RegisterExtension final Jobs jobs = new Jobs(() -> data);

  private Bundle bundle;

  /** The place has a blank and an umlaut in its name. */
  @BeforeEach
  void copy() throws Exception {
    bundle = Bundle.in(Files.createDirectory(data.resolve("projects of Jürgen")));
  }

  @Test
  void aWholeJobRunsWithItAndGetsItsArgumentsVerbatim() throws Exception {
    String[] words = {
      "two words", "a\"quote", "it's", "", "Jürgen", "$HOME", "@file", "*", "-Xmx1k"
    };
    Job job =
        jobs.copying("bundle", "env | grep '^BOINC_ARG_' | sort >/work/out")
            .arguments(words)
            .wrapper(bundle.program())
            .environment("JAVA_TOOL_OPTIONS", "-Xmx1k")
            .environment("JDK_JAVA_OPTIONS", "--no-such-option")
            .environment("_JAVA_OPTIONS", "-Xmx1k")
            .environment("CLASSPATH", "/nowhere")
            .environment("LC_ALL", "C")
            .prepare();
    job.runToCompletion();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < words.length; i++) {
      expected.append("BOINC_ARG_%d=%s\n".formatted(i + 1, words[i]));
    }
    assertEquals(expected.toString(), job.output("out"));
    assertFalse(job.stderr().contains("JAVA"), job.stderr());
  }

  /** The client names the slot in LD_LIBRARY_PATH, and a job may have left anything there. */
  @Test
  void aLibraryInTheSlotIsNotLoaded() throws Exception {
    Path slot = Files.createDirectory(data.resolve("slot"));
    Files.writeString(slot.resolve("libc.so.6"), "what a job left there");
    bundle.runs("LD_LIBRARY_PATH=" + slot);
  }

  @Test
  void itBecomesTheJvmAndHearsItsSignals() throws Exception {
    Job job = jobs.mounted("signal", JobTest.ENDLESS).wrapper(bundle.program()).start();
    job.await(ContainerState.RUNNING);
    Path executable = Path.of("/proc", Long.toString(job.client().wrapperPid()), "exe");
    assertEquals(bundle.image().resolve("bin/java").toRealPath(), executable.toRealPath());
    job.signal("TERM");
    EpisodeEnd end = job.end().end();
    assertTrue(end.restarts(), end.sentence());
  }

  @Test
  void theSecondNameIsTheOtherCommandAndItsStatusIsItsOwn() throws Exception {
    bundle.runs();
    ProcessBuilder unknown = bundle.builder();
    unknown.command(bundle.boincDocker().toString(), "no-such-verb");
    assertEquals(2, Bundle.end(unknown.start()).status());
    Path job = Files.createDirectory(data.resolve("job"));
    Files.writeString(job.resolve("job.toml"), "schema = 1\nimagee = 1\n");
    ProcessBuilder validate = bundle.builder();
    validate.command(bundle.boincDocker().toString(), "validate", job.toString());
    Bundle.Ended ended = Bundle.end(validate.start());
    assertEquals(1, ended.status(), ended.said());
    assertTrue(ended.said().contains("imagee"), ended.said());
  }

  @Test
  void aJobIsSimulatedWithTheImagesOwnWrapper() throws Exception {
    ProcessBuilder simulate = bundle.builder("PATH=/usr/bin:/bin");
    simulate.command(
        bundle.boincDocker().toString(),
        "simulate",
        Path.of("cookbook/01-copy-mode").toAbsolutePath().toString());
    Bundle.Ended ended = Bundle.end(simulate.start());
    assertEquals(0, ended.status(), ended.said());
    assertTrue(ended.said().contains("\nvalid: "), ended.said());
  }

  @Test
  void itIsOneFileThatFitsAndNamesItsApiVersionAtTheEndOfALine() throws Exception {
    assertTrue(Files.size(bundle.program()) <= 40 * MIB, Files.size(bundle.program()) + " bytes");
    String bytes = Files.readString(bundle.program(), StandardCharsets.ISO_8859_1);
    assertTrue(bytes.contains("API_VERSION_8.2.0\0"), "no line ends with API_VERSION_8.2.0");
  }

  @Test
  void twentyFirstStartsAtOnceMakeOneCopy() throws Exception {
    List<Process> starts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      starts.add(bundle.builder().start());
    }
    for (Process start : starts) {
      assertEquals(new Bundle.Ended(0, "boinc-docker 0.1.0\n"), Bundle.end(start));
    }
    assertEquals(
        List.of(bundle.image().getFileName().toString()), Bundle.left(bundle.image().getParent()));
  }

  @Test
  void theCopyIsKeptAndMovesWithItsProgram() throws Exception {
    bundle.runs();
    Object made = Files.getAttribute(bundle.image(), "unix:ino");
    bundle.runs();
    assertEquals(made, Files.getAttribute(bundle.image(), "unix:ino"));
    Path moved = Files.move(bundle.program().getParent(), data.resolve("moved"));
    Bundle again = new Bundle(moved.resolve("docker_wrapper"));
    again.runs();
    assertEquals(made, Files.getAttribute(again.image(), "unix:ino"));
  }

  @Test
  void theCacheIsTheNamedDirectoryWhereThereIsOne() throws Exception {
    Path named = Files.createDirectory(data.resolve("named"));
    bundle.runs("BOINC_DOCKER_CACHE=" + named);
    assertTrue(Files.exists(bundle.imageIn(named)), "a copy in the named directory");
    assertFalse(Files.exists(bundle.image()), "no copy beside the program");
  }

  @Test
  void twoVersionsRunBesideEachOtherAndTheOneThatNobodyRunsGoesAfterAMonth() throws Exception {
    Bundle other = bundle.otherVersion();
    bundle.runs();
    other.runs();
    assertEquals(2, Bundle.left(bundle.image().getParent()).size());
    Path lock = bundle.image().resolveSibling(bundle.image().getFileName() + ".lock");
    // Only who unpacks looks for old ones.
    Files.delete(other.image().resolve("bin/java"));
    ageByAMonth(lock);
    other.runs();
    assertEquals(
        List.of(other.image().getFileName().toString()), Bundle.left(other.image().getParent()));
    assertFalse(Files.exists(lock), "its lock file");
  }

  @Test
  void anOldVersionThatAJobStillRunsIsKept() throws Exception {
    Bundle other = bundle.otherVersion();
    Job job = jobs.mounted("old", JobTest.ENDLESS).wrapper(bundle.program()).start();
    job.await(ContainerState.RUNNING);
    ageByAMonth(bundle.image().resolveSibling(bundle.image().getFileName() + ".lock"));
    other.runs();
    assertEquals(2, Bundle.left(bundle.image().getParent()).size());
    job.signal("TERM");
    assertTrue(job.end().end().restarts());
  }

  private static void ageByAMonth(Path lock) throws Exception {
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofDays(31))));
  }
}
