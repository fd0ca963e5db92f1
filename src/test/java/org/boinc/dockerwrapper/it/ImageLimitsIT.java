package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.boinc.dockerwrapper.run.JobEvent;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/** An image that would fill the disk is not made to its end, and nothing is left of it. */
final class ImageLimitsIT extends JobTest {
  private static final long MIB = 1 << 20;

  /** Below this growth is not looked at. */
  private static final long BOUND = 256 * MIB;

  private void assertBrokenOff(Job job, String sentence) throws Exception {
    assertEquals(new EpisodeEnd.ComputeError(196), job.run().end(), job.stderr());
    assertTrue(job.stderr().contains(sentence), job.stderr());
    assertEquals(
        List.of("DISK"),
        JobEvent.in(job.slot().directory()).stream()
            .filter(event -> event.kind() == JobEvent.Kind.LIMIT)
            .map(event -> event.more().get("limit"))
            .toList());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void aBuildThatFillsTheDiskEndsWith196AndLeavesNoLayer() throws Exception {
    if (!EngineUnderTest.IT.breaksOffBuilds()) {
      return;
    }
    String marker = jobs.engine().name();
    Job job =
        jobs.building(
                "fills",
                """
                FROM %s
                LABEL boinc.test=%s
                RUN head -c 8m /dev/zero >/first
                RUN i=0; while [ $i -lt 150 ]; do head -c 20m /dev/zero >/f$i; i=$((i+1)); sleep 0.05; done
                """
                    .formatted(TestEngine.IMAGE, marker),
                "echo ran")
            .slot(s -> s.bounds(5e8, BOUND))
            .prepare();
    assertBrokenOff(job, "more than the job's limit of 256 MiB (rsc_disk_bound");
    assertEquals(
        List.of(),
        jobs.engine().engine().images().list().stream()
            .filter(image -> marker.equals(image.labels().get("boinc.test")))
            .toList());
  }

  @Test
  void anArchiveThatBecomesAThousandTimesAsLargeEndsWith196() throws Exception {
    Path archive = data.resolve("image.tar.gz");
    try (OutputStream file = Files.newOutputStream(archive);
        GZIPOutputStream gzip = new GZIPOutputStream(file, 1 << 16);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip)) {
      TarArchiveEntry entry = new TarArchiveEntry("layer.tar");
      entry.setSize(2048 * MIB);
      tar.putArchiveEntry(entry);
      byte[] zeros = new byte[(int) MIB];
      for (long written = 0; written < entry.getSize(); written += MIB) {
        tar.write(zeros);
      }
      tar.closeArchiveEntry();
    }
    assertTrue(Files.size(archive) < 8 * MIB);
    Job job =
        jobs.job("bomb")
            .toml("schema = 1\n[image]\nfiles = [\"image.tar.gz\"]\n")
            .file(SimulatedFile.input("image.tar.gz", file -> Files.move(archive, file)))
            .slot(s -> s.bounds(5e8, BOUND))
            .prepare();
    assertBrokenOff(job, "becomes larger than 256 MiB");
  }
}
