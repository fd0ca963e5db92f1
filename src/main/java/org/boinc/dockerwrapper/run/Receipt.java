package org.boinc.dockerwrapper.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.AtomicFile;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.plan.ResourceLimits;

/**
 * What ran, and where, for a project that wonders why two results differ: one JSON object, an
 * output of the job ({@code files.receipt}). Nothing of it is secret to the project.
 */
final class Receipt {
  private static final Path CPU = Path.of("/proc/cpuinfo");
  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final InitData job;
  private final JobPlan plan;
  private final Engine engine;
  private final ContainerSighting ended;

  Receipt(InitData job, JobPlan plan, Engine engine, ContainerSighting ended) {
    this.job = job;
    this.plan = plan;
    this.engine = engine;
    this.ended = ended;
  }

  void write(JobPlan.ReceiptPlan receipt, Outcome outcome, Journal journal)
      throws EngineException, IOException {
    JsonObject all = new JsonObject();
    all.addProperty("version", 1);
    all.addProperty("workunit", job.workunitName());
    all.addProperty("result", job.resultName());
    all.addProperty("app_version", job.appVersion());
    all.addProperty("plan_class", job.planClass());
    all.addProperty("wrapper", String.valueOf(plan.labels().get(Labels.WRAPPER)));
    all.addProperty(
        "job_toml_sha256", receipt.jobFile().isPresent() ? sha256(receipt.jobFile().get()) : "");
    all.add("image", image());
    all.add("engine", engine());
    all.add("cpu", cpu());
    all.add("limits", limits(plan.container().limits()));
    all.addProperty("outcome", outcome.getClass().getSimpleName());
    all.addProperty("container_status", ended.exitCode());
    double cpuSeconds = journal.get(e -> e.cpu.total());
    double runSeconds = journal.get(e -> e.runSeconds);
    all.addProperty("cpu_seconds", cpuSeconds);
    all.addProperty("run_seconds", runSeconds);
    long received = journal.get(e -> e.received.total());
    long sent = journal.get(e -> e.sent.total());
    all.addProperty("received_bytes", received);
    all.addProperty("sent_bytes", sent);
    AtomicFile.write(receipt.path(), JSON.toJson(all) + "\n");
  }

  private JsonObject image() throws EngineException {
    JsonObject image = new JsonObject();
    image.addProperty("id", ended.imageId());
    JsonArray digests = new JsonArray();
    Optional<ImageFacts> facts = engine.images().find(ended.imageId());
    facts.ifPresent(known -> known.repoDigests().forEach(digests::add));
    image.add("digests", digests);
    return image;
  }

  private JsonObject engine() {
    EngineFacts facts = engine.facts();
    JsonObject about = new JsonObject();
    about.addProperty("product", facts.product().toString());
    about.addProperty("version", facts.version());
    about.addProperty("architecture", facts.architecture());
    about.addProperty("rootless", facts.rootless());
    return about;
  }

  /** Of this host, where the engine mostly is; empty where the system has no such file. */
  private static JsonObject cpu() throws IOException {
    JsonObject cpu = new JsonObject();
    if (Files.exists(CPU)) {
      cpu.addProperty("model", line("model name"));
      cpu.addProperty("flags", line("flags", "Features"));
    }
    return cpu;
  }

  private static String line(String... names) throws IOException {
    try (Stream<String> lines = Files.lines(CPU)) {
      return lines
          .filter(line -> Stream.of(names).anyMatch(name -> line.matches(name + "\\s*:.*")))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("");
    }
  }

  private static JsonObject limits(ResourceLimits limits) {
    JsonObject about = new JsonObject();
    about.addProperty("cpus", limits.cpus());
    about.addProperty("memory_bytes", limits.memoryBytes());
    about.addProperty("swap_bytes", limits.swapBytes());
    about.addProperty("disk_bytes", limits.diskBytes());
    about.addProperty("pids", limits.pids());
    return about;
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
