package org.boinc.dockerwrapper.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.ListedContainer;
import org.boinc.dockerwrapper.engine.ResourceUsage;
import org.boinc.dockerwrapper.plan.Labels;

/**
 * How jobs were at one moment.
 *
 * @param nanos of {@link System#nanoTime}
 */
record JobStats(long nanos, List<Sample> samples) {

  /**
   * One job.
   *
   * @param usage absent where it does not run
   * @param told what the client was told last, where this user may read that
   */
  record Sample(HostJob job, Optional<ResourceUsage> usage, Optional<AppStatus> told) {}

  /**
   * One job over an interval.
   *
   * @param cpuPercent of one CPU; empty where it was not there all the time
   */
  record Row(Sample sample, OptionalDouble cpuPercent) {
    private OptionalDouble cpuSeconds() {
      double told = sample.told().map(AppStatus::currentCpuTime).orElse(0.0);
      double counted = sample.usage().map(ResourceUsage::cpuSeconds).orElse(0.0);
      return sample.told().isPresent() || sample.usage().isPresent()
          ? OptionalDouble.of(Math.max(told, counted))
          : OptionalDouble.empty();
    }

    private OptionalDouble fraction() {
      return sample.told().map(AppStatus::fractionDone).orElse(OptionalDouble.empty());
    }
  }

  static JobStats of(Engine engine, List<HostJob> jobs) throws EngineException {
    List<Sample> samples = new ArrayList<>();
    long nanos = System.nanoTime();
    for (HostJob job : jobs) {
      Optional<ListedContainer> container = job.container();
      samples.add(
          new Sample(
              job,
              container.isPresent()
                  ? PsCommand.usage(engine.containers(), container.get())
                  : Optional.empty(),
              told(job)));
    }
    return new JobStats(nanos, samples);
  }

  private static Optional<AppStatus> told(HostJob job) {
    try {
      return AppStatus.lastIn(job.slot());
    } catch (IOException notForThisUser) {
      return Optional.empty();
    }
  }

  /** With what each job used since an earlier moment. */
  List<Row> since(JobStats before) {
    double seconds = (nanos - before.nanos) / 1e9;
    return samples.stream().map(now -> new Row(now, percent(before, now, seconds))).toList();
  }

  private static OptionalDouble percent(JobStats before, Sample now, double seconds) {
    return before.samples.stream()
        .filter(then -> then.job().container().map(ListedContainer::id).isPresent())
        .filter(
            then ->
                then.job()
                    .container()
                    .map(ListedContainer::id)
                    .equals(now.job().container().map(ListedContainer::id)))
        .filter(then -> then.usage().isPresent() && now.usage().isPresent())
        .mapToDouble(
            then -> now.usage().get().cpuSeconds() - then.usage().orElseThrow().cpuSeconds())
        .map(used -> Math.max(0, used) / seconds * 100)
        .findFirst();
  }

  static String text(List<Row> rows) {
    TextTable table =
        new TextTable()
            .row("SLOT", "RESULT", "STATE", "CPU %", "CPU TIME", "MEMORY", "PROGRESS", "PROJECT");
    for (Row row : rows) {
      HostJob job = row.sample().job();
      table.row(
          job.slotNumber(),
          job.result(),
          job.state(),
          shown("%.1f", row.cpuPercent()),
          shown("%.1f s", row.cpuSeconds()),
          row.sample()
              .usage()
              .map(usage -> "%.1f MB".formatted(usage.workingSetBytes() / 1e6))
              .orElse("-"),
          row.fraction().isPresent()
              ? shown("%.1f %%", OptionalDouble.of(row.fraction().getAsDouble() * 100))
              : "-",
          job.label(Labels.PROJECT));
    }
    return table.text();
  }

  private static String shown(String format, OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "-";
  }

  /** What is not known is left out. */
  static String json(List<Row> rows) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Row row : rows) {
      HostJob job = row.sample().job();
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("client", job.label(Labels.CLIENT));
      object.put("project", job.label(Labels.PROJECT));
      object.put("result", job.result());
      object.put("workunit", job.label(Labels.WORKUNIT));
      object.put("slot", job.label(Labels.SLOT));
      object.put("state", job.state());
      row.cpuPercent().ifPresent(percent -> object.put("cpu_percent", percent));
      row.cpuSeconds().ifPresent(seconds -> object.put("cpu_seconds", seconds));
      row.sample().usage().ifPresent(usage -> object.put("memory_bytes", usage.workingSetBytes()));
      row.fraction().ifPresent(fraction -> object.put("fraction_done", fraction));
      list.add(object);
    }
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(list);
  }
}
