package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.boinc.dockerwrapper.simulate.SimulatedFile.Realisation;
import org.junit.jupiter.api.Test;

/** Files go into a container that shares nothing with the host, and come out of it. */
final class CopyModeIT extends JobTest {
  private static final long GIB = 1L << 30;

  @Test
  void everyKindOfInputArrivesWithItsContent() throws Exception {
    Job job =
        jobs.copying(
                "inputs",
                List.of(
                    "soft->/work/renamed/soft",
                    "symbolic->/work/symbolic",
                    "copied->/work/into/",
                    "tree->/data/tree",
                    "*.dat->/work/dat"),
                "out = [{ src = \"/work/out\", dst = \"out\" }]",
                """
                cd / || exit 1
                for f in /work/renamed/soft /work/symbolic /work/into/copied /data/tree/leaf \
                    /data/tree/deep/leaf /work/dat/one.dat /work/dat/two.dat; do
                  echo "$f=$(cat $f)" >>/work/out
                done
                """)
            .file(SimulatedFile.input("soft", "a"))
            .file(SimulatedFile.input("symbolic", "b").as(Realisation.SYMLINK))
            .file(SimulatedFile.input("copied", "c").copied())
            .file(SimulatedFile.input("tree/leaf", "d"))
            .file(SimulatedFile.input("tree/deep/leaf", "e").copied())
            .file(SimulatedFile.input("one.dat", "f"))
            .file(SimulatedFile.input("two.dat", "g").copied())
            .file(SimulatedFile.input("three.txt", "not asked for"))
            .file(SimulatedFile.output("out"))
            .prepare();
    job.runToCompletion();
    assertEquals(
        """
        /work/renamed/soft=a
        /work/symbolic=b
        /work/into/copied=c
        /data/tree/leaf=d
        /data/tree/deep/leaf=e
        /work/dat/one.dat=f
        /work/dat/two.dat=g
        """,
        job.output("out"));
  }

  @Test
  void anInputThatOnlyTheClientsUserMayReadIsTheJobsOwnAndSoIsTheOutput() throws Exception {
    SimulatedFile secret = SimulatedFile.input("secret", "only for me");
    SimulatedFile tool = SimulatedFile.input("tool", "#!/bin/sh\necho ran\n").asExecutable();
    SimulatedFile out = SimulatedFile.output("out");
    Job job =
        TestUser.prepare(
            jobs.copying(
                    "private",
                    List.of("secret->/work/d/secret", "tool->/work/d/tool", "plain->/work/d/plain"),
                    "out = [{ src = \"/work/d/out\", dst = \"out\" }]",
                    """
                    cd d
                    echo "$(cat secret) $(./tool) $(stat -c '%a %u:%g' secret plain .) $(id -u):$(id -g)" >out
                    chmod 600 out
                    """)
                .file(secret)
                .file(tool)
                .file(SimulatedFile.input("plain", "p").copied())
                .file(out));
    Files.setPosixFilePermissions(
        job.inProject(secret), PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(job.file("plain"), PosixFilePermissions.fromString("rw-------"));
    job.runToCompletion();
    String ids = TestUser.idsInContainer();
    String[] lines = job.output("out").strip().split("\n");
    String[] words = String.join(" ", lines).split(" ");
    assertEquals("only for me ran", String.join(" ", List.of(words).subList(0, 4)));
    assertTrue(words[4].matches("[67]44|755"), "secret has mode " + words[4]);
    assertEquals(ids, words[5]);
    assertEquals("644", words[6], "mode of a plain file");
    assertEquals(ids, words[7]);
    assertEquals("755", words[8], "mode of a directory made on the way");
    assertEquals(ids, words[9]);
    assertEquals(ids, words[10], "the job's own user");
    assertEquals(
        TestUser.ids(),
        TestUser.sh("stat -c %u:%g '" + job.inProject(out) + "'"),
        "owner of the output");
  }

  @Test
  void outputsGoWhereTheirLinksLeadOrIntoTheSlot() throws Exception {
    SimulatedFile linked = SimulatedFile.output("linked");
    SimulatedFile symbolic = SimulatedFile.output("symbolic").as(Realisation.SYMLINK);
    SimulatedFile copied = SimulatedFile.output("sub/copied").copied();
    Job job =
        jobs.copying(
                "outputs",
                List.of(),
                """
                    out = [
                      { src = "/work/a", dst = "linked" },
                      { src = "/work/b", dst = "symbolic" },
                      { src = "/work/c", dst = "sub/copied" },
                      { src = "/work/tree", dst = "tree" },
                      { src = "/work/*.log", dst = "logs", exclude = ["big.log"] },
                      { src = "/work/absent", dst = "absent", required = false },
                    ]
                    """,
                """
                echo 1 >a; echo 2 >b; echo 3 >c; mkdir -p tree/deep; echo 4 >tree/deep/leaf
                echo 5 >small.log; echo 6 >big.log
                """)
            .file(linked)
            .file(symbolic)
            .file(copied)
            .prepare();
    job.runToCompletion();
    assertEquals("1\n", Files.readString(job.inProject(linked)));
    assertEquals("2\n", Files.readString(job.inProject(symbolic)));
    assertTrue(Files.isSymbolicLink(job.file("symbolic")), "the client's link must stay");
    assertEquals("3\n", Files.readString(job.file("sub/copied")));
    assertEquals("4\n", Files.readString(job.file("tree/deep/leaf")));
    assertEquals("5\n", Files.readString(job.file("logs/small.log")));
    assertFalse(Files.exists(job.file("logs/big.log")));
    assertFalse(Files.exists(job.file("absent")));
  }

  @Test
  void aMissingRequiredOutputIsAFailedResultAndSaysWhich() throws Exception {
    Job job = jobs.copying("missing", "true").prepare();
    Episode episode = job.run();
    assertEquals(new EpisodeEnd.ComputeError(195), episode.end(), job.stderr());
    assertTrue(
        job.stderr()
            .contains("the job ended with status 0 but left no '/work/out' for its output 'out'"),
        job.stderr());
  }

  @Test
  void aFailedJobsOutputsStayBehindExceptThoseThatAreAlwaysWanted() throws Exception {
    Job job =
        jobs.copying(
                "always",
                List.of(),
                """
                    out = [
                      { src = "/work/result", dst = "result" },
                      { src = "/work/log", dst = "log", always = true },
                    ]
                    """,
                "echo 1 >result; echo why >log; exit 4")
            .file(SimulatedFile.output("result"))
            .file(SimulatedFile.output("log"))
            .prepare();
    assertEquals(new EpisodeEnd.ComputeError(4), job.run().end(), job.stderr());
    assertEquals("why\n", job.output("log"));
    assertFalse(Files.exists(job.inProject(SimulatedFile.output("result"))));
  }

  @Test
  void aDirectoryBecomesOneCompressedArchive() throws Exception {
    SimulatedFile archive = SimulatedFile.output("results.tgz");
    Job job =
        jobs.copying(
                "archive",
                List.of(),
                "out = [{ src = \"/work/r\", dst = \"results.tgz\", archive = \"tgz\" }]",
                "mkdir -p r/deep; echo 1 >r/one; echo 2 >r/deep/two; ln -s /etc/passwd r/evil")
            .file(archive)
            .prepare();
    job.runToCompletion();
    Map<String, String> content = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GZIPInputStream(Files.newInputStream(job.inProject(archive))))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (!entry.isDirectory()) {
          content.put(
              entry.getName(),
              entry.isSymbolicLink()
                  ? "link"
                  : new String(tar.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
    assertEquals(Map.of("r/one", "1\n", "r/deep/two", "2\n"), content);
  }

  @Test
  void anOutputThatIsALinkToAHostFileIsRefusedAndNothingIsRead() throws Exception {
    Job job = jobs.copying("evil", "ln -s /etc/passwd /work/out").prepare();
    assertEquals(new EpisodeEnd.ComputeError(195), job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("output 'out' is not taken from the container"));
    assertTrue(job.stderr().contains("symbolic link to /etc/passwd"), job.stderr());
    assertFalse(Files.exists(job.inProject(SimulatedFile.output("out"))));
    assertFalse(Files.exists(job.file("passwd")));
  }

  @Test
  void linksWithinAnOutputDirectoryAreLeftOutAndTheRestArrives() throws Exception {
    Job job =
        jobs.copying(
                "links",
                List.of(),
                "out = [{ src = \"/work/d\", dst = \"d\" }]",
                """
                mkdir -p d/real
                echo 1 >d/real/file
                ln -s /etc/passwd d/passwd
                ln -s real d/alias
                ln -s ../../../../../../../../etc d/etc
                mkfifo d/pipe
                """)
            .prepare();
    job.runToCompletion();
    assertEquals("1\n", Files.readString(job.file("d/real/file")));
    try (var entries = Files.list(job.file("d"))) {
      assertEquals(List.of("real"), entries.map(e -> e.getFileName().toString()).toList());
    }
    assertTrue(job.stderr().contains("left out"), job.stderr());
  }

  @Test
  void aMountedSlotAndCopiesGoTogether() throws Exception {
    Job job =
        jobs.mounted(
                "both",
                """
                [files]
                slot = "/app"
                in = [{ src = "in", dst = "/elsewhere/in" }]
                out = [{ src = "/elsewhere/out", dst = "out" }]
                """,
                "cat /app/in /elsewhere/in >/elsewhere/out && echo 2 >/app/plain")
            .file(SimulatedFile.input("in", "twice "))
            .file(SimulatedFile.output("out"))
            .file(SimulatedFile.output("plain").copied())
            .prepare();
    job.runToCompletion();
    assertEquals("twice twice ", job.output("out"));
    assertEquals("2\n", job.output("plain"));
  }

  /** The wrapper of these tests has a heap of 64 MiB. */
  @Test
  void aGibibyteGoesInAndOutInLittleMemory() throws Exception {
    SimulatedFile out = SimulatedFile.output("out");
    Job job =
        jobs.copying(
                "gib",
                List.of("in->/work/in"),
                "out = [{ src = \"/work/in\", dst = \"out\" }]",
                "stat -c %s in")
            .file(SimulatedFile.input("in", CopyModeIT::gibibyte))
            .file(out)
            .slot(s -> s.bounds(5e8, 4e9))
            .prepare();
    Episode episode = job.start().client().awaitExit(Duration.ofMinutes(10));
    assertEquals(new EpisodeEnd.Completed(), episode.end(), job.stderr());
    assertEquals(
        -1, Files.mismatch(job.inProject(SimulatedFile.input("in", "")), job.inProject(out)));
    assertTrue(job.stderr().contains(String.valueOf(GIB)), job.stderr());
  }

  private static void gibibyte(Path file) throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(GIB);
      sparse.seek(GIB - 4);
      sparse.write("end\n".getBytes(StandardCharsets.US_ASCII));
    }
  }
}
