package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.run.JobEvent;
import org.boinc.dockerwrapper.run.JobEvent.Kind;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/** What a slot tells afterwards: the event log, and the receipt where a job asks for one. */
final class EventsIT extends JobTest {
  private static List<JobEvent> events(Job job) throws Exception {
    return JobEvent.in(job.slot().directory());
  }

  private static List<JobEvent> of(Kind kind, Job job) throws Exception {
    return events(job).stream().filter(event -> event.kind() == kind).toList();
  }

  @Test
  void allEpisodesOfAJobAreToldFromBeginningToEnd() throws Exception {
    Job job =
        jobs.mounted("events", UNTIL_GO + "ls -a /app >out")
            .file(SimulatedFile.output("out"))
            .start();
    job.await(ContainerState.RUNNING);
    job.client().quit();
    job.end();
    job.start();
    job.await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();

    assertEquals(Kind.BEGIN, events(job).getFirst().kind());
    assertEquals(
        List.of("Left", "Succeeded"),
        of(Kind.END, job).stream().map(end -> end.more().get("outcome")).toList());
    assertEquals(2, events(job).stream().map(JobEvent::pid).distinct().count());
    assertEquals(2, of(Kind.ENGINE, job).size());
    assertTrue(of(Kind.STATE, job).size() > 8, events(job)::toString);
    assertEquals(jobs.engine().image().id(), of(Kind.IMAGE, job).getFirst().more().get("id"));
    assertTrue(of(Kind.END, job).getLast().more().containsKey("cpu_seconds"));
    assertFalse(job.output("out").contains("docker_wrapper"), "the job sees nothing of it");
  }

  @Test
  void aCallThatTakesLongAndARefusalAreTold() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    proxy.spoil("POST .*/create", 1, new FaultyProxy.Spoil.Delay(Duration.ofMillis(1500)));
    Job job = jobs.mounted("slow", "true").through(proxy).prepare();
    job.runToCompletion();
    JobEvent slow = of(Kind.SLOW, job).getFirst();
    assertTrue(slow.text().startsWith("creating container boinc_slow"), slow::toString);
    assertTrue((double) slow.more().get("seconds") >= 1.5, slow::toString);

    Job refused = jobs.mounted("refused", "[security]\ncaps = [\"SYS_ADMIN\"]\n", "true").prepare();
    assertEquals(new EpisodeEnd.ComputeError(206), refused.run().end());
    JobEvent failed = of(Kind.FAILED, refused).getFirst();
    assertEquals("Consent", failed.more().get("why"));
    assertEquals(206.0, of(Kind.END, refused).getFirst().more().get("status"));
  }

  @Test
  void anUnreadableJobIsToldToo() throws Exception {
    Job job = jobs.job("unreadable").toml("schema = 1\nx = 1\n").prepare();
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end());
    assertTrue(
        of(Kind.END, job).getFirst().text().contains("job.toml:2: x:"), events(job)::toString);
  }

  @Test
  void aReceiptSaysWhatRanAndWhere() throws Exception {
    Job job =
        jobs.mounted(
                "receipt",
                "[files]\nreceipt = \"receipt.json\"\n[resources]\npids = 77\n",
                "sleep 4")
            .file(SimulatedFile.output("receipt.json"))
            .prepare();
    job.runToCompletion();
    JsonNode receipt = new ObjectMapper().readTree(job.output("receipt.json"));
    assertEquals(1, receipt.path("version").intValue());
    assertEquals(job.slot().resultName(), receipt.path("result").textValue());
    assertEquals(jobs.engine().image().id(), receipt.path("image").path("id").textValue());
    assertEquals(77, receipt.path("limits").path("pids").intValue());
    assertEquals("Succeeded", receipt.path("outcome").textValue());
    assertTrue(receipt.path("run_seconds").doubleValue() > 0, receipt::toString);
    assertFalse(receipt.path("engine").path("version").textValue().isEmpty());
    assertFalse(receipt.path("cpu").path("model").isMissingNode());
    Path toml = job.slot().projectDirectory().resolve(physicalName(job));
    assertEquals(
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(toml))),
        receipt.path("job_toml_sha256").textValue());
  }

  private static String physicalName(Job job) {
    return job.slot().files().stream()
        .filter(file -> file.logicalName().equals("job.toml"))
        .map(SimulatedFile::physicalName)
        .findFirst()
        .orElseThrow();
  }
}
