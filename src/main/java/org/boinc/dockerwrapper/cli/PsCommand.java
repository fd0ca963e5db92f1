package org.boinc.dockerwrapper.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.engine.ListedContainer;
import org.boinc.dockerwrapper.engine.ResourceUsage;
import org.boinc.dockerwrapper.plan.Labels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code boinc-docker ps}: which containers run under BOINC on this host. */
@Command(
    name = "ps",
    mixinStandardHelpOptions = true,
    description = "Lists the containers that docker_wrapper has made on this host.",
    footer = {
      "",
      "CPU is the time that the container has used since it was started, while it runs.",
      "",
      "Example: boinc-docker ps"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "2:the command line was not understood", "3:this host can't"})
final class PsCommand implements Callable<Integer> {
  /**
   * One job.
   *
   * @param usage absent where it does not run
   */
  private record Row(HostJob job, ListedContainer container, Optional<ResourceUsage> usage) {
    String label(String name) {
      return job.label(name);
    }

    String state() {
      return job.state();
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private HostJobs jobs = new HostJobs();

  @Option(names = "--json", description = "Print them as one JSON array.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (Engine engine = HostEngine.connect()) {
      List<Row> rows = rows(engine);
      PrintWriter out = spec.commandLine().getOut();
      out.println(json ? json(rows) : text(rows));
      out.flush();
      return ExitCode.DONE;
    } catch (EngineException e) {
      throw HostEngine.failure(e);
    }
  }

  private List<Row> rows(Engine engine) throws EngineException {
    List<Row> rows = new ArrayList<>();
    for (HostJob job : jobs.withContainer(engine)) {
      ListedContainer listed = job.container().orElseThrow();
      rows.add(new Row(job, listed, usage(engine.containers(), listed)));
    }
    return rows;
  }

  /** What a container uses; empty where it does not run. */
  static Optional<ResourceUsage> usage(Containers containers, ListedContainer listed)
      throws EngineException {
    return switch (listed.state()) {
      case RUNNING, PAUSED -> {
        try {
          yield containers.usage(listed.id(), containers.inspect(listed.id()).pid());
        } catch (EngineException e) {
          if (e.fault() == Fault.NOT_FOUND || e.fault() == Fault.CONFLICT) {
            // It has ended since it was listed.
            yield Optional.empty();
          }
          throw e;
        }
      }
      case CREATED, RESTARTING, REMOVING, EXITED, DEAD -> Optional.empty();
    };
  }

  private static String text(List<Row> rows) {
    TextTable table =
        new TextTable().row("PROJECT", "RESULT", "STATE", "CPU", "MEMORY", "SLOT", "IMAGE");
    for (Row row : rows) {
      table.row(
          row.label(Labels.PROJECT),
          row.label(Labels.RESULT),
          row.state(),
          row.usage().map(usage -> "%.1f s".formatted(usage.cpuSeconds())).orElse("-"),
          row.usage().map(usage -> "%.1f MB".formatted(usage.workingSetBytes() / 1e6)).orElse("-"),
          row.label(Labels.SLOT),
          row.container().image());
    }
    return table.text();
  }

  private static String json(List<Row> rows) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("client", row.label(Labels.CLIENT));
      object.put("project", row.label(Labels.PROJECT));
      object.put("result", row.label(Labels.RESULT));
      object.put("workunit", row.label(Labels.WORKUNIT));
      object.put("slot", row.label(Labels.SLOT));
      object.put("container", row.container().name());
      object.put("id", row.container().id());
      object.put("state", row.state());
      object.put("image", row.container().image());
      row.usage().ifPresent(usage -> object.put("cpu_seconds", usage.cpuSeconds()));
      row.usage().ifPresent(usage -> object.put("memory_bytes", usage.workingSetBytes()));
      list.add(object);
    }
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(list);
  }
}
