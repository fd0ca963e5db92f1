package org.boinc.dockerwrapper.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.doctor.Diagnosis;
import org.boinc.dockerwrapper.doctor.Finding;
import org.boinc.dockerwrapper.doctor.HostFacts;
import org.boinc.dockerwrapper.doctor.HostReader;
import org.boinc.dockerwrapper.doctor.Trial;
import org.boinc.dockerwrapper.engine.Endpoint;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineCondition;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.EngineLocator;
import org.boinc.dockerwrapper.engine.EnginePlaces;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code boinc-docker doctor}: why jobs fail on this host, and what to do. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description =
        "Looks for what keeps container jobs from running on this computer, and names the command"
            + " that mends it.",
    footer = {
      "",
      "It looks at the engine, its socket and groups, what an engine without root needs, the"
          + " kernel, the BOINC client and docker_policy.toml; and it starts two containers for a"
          + " moment, to see whether one can be paused and whether one can write into the BOINC"
          + " data directory. Nothing is changed. It tells most when it runs as the user whom jobs"
          + " run as, or as root.",
      "",
      "Examples:",
      "  sudo -u boinc boinc-docker doctor",
      "  boinc-docker doctor --json"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:no faults, maybe warnings",
      "1:faults",
      "2:the command line was not understood",
      "3:this host's files can't be read"
    })
final class DoctorCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration CALL = Duration.ofSeconds(20);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Data directory of the client (default: where this system's packages have it).")
  private @Nullable Path dataDirectory;

  @Option(names = "--json", description = "Print the findings as one JSON array.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Finding> findings = Diagnosis.of(facts());
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? json(findings) : text(findings));
    out.flush();
    return findings.stream().anyMatch(found -> found.level() == Finding.Level.FAULT)
        ? ExitCode.PROBLEMS
        : ExitCode.DONE;
  }

  private HostFacts facts() throws IOException, InterruptedException {
    Map<String, String> environment = System.getenv();
    boolean linux = System.getProperty("os.name", "").equals("Linux");
    Optional<Path> data = DataDirectory.of(dataDirectory);
    HostReader reader = new HostReader(Path.of("/"), environment, linux, data);
    EnginePlaces places = EnginePlaces.here(environment);
    Optional<String> variable = places.naming(Optional.empty());
    try {
      return switch (EngineLocator.locate(places, Optional.empty(), PATIENCE)) {
        case EngineLocator.Located.NotFound(List<String> attempts) ->
            reader.facts(variable, attempts, Optional.empty(), silent());
        case EngineLocator.Located.Found(Endpoint endpoint) ->
            answering(reader, variable, endpoint, data);
      };
    } catch (EngineException e) {
      return reader.facts(variable, List.of(e.sentence()), Optional.empty(), silent());
    }
  }

  private static HostFacts.TrialResult silent() {
    return HostFacts.TrialResult.notTried("no engine answers");
  }

  private static HostFacts answering(
      HostReader reader, Optional<String> variable, Endpoint endpoint, Optional<Path> data)
      throws EngineException, IOException, InterruptedException {
    try (Engine engine = Engine.connect(endpoint, CALL)) {
      EngineCondition condition = engine.condition();
      Duration ahead =
          condition
              .clock()
              .map(clock -> Duration.between(Instant.now(), clock))
              .orElse(Duration.ZERO);
      return reader.facts(
          variable,
          List.of(),
          Optional.of(new HostFacts.Answering(engine.facts(), condition, ahead)),
          Trial.run(engine, reader.jobs(), data));
    }
  }

  private static String text(List<Finding> findings) {
    boolean colours = SimulationDisplay.isTerminal() && System.getenv("NO_COLOR") == null;
    Ansi ansi = colours ? Ansi.ON : Ansi.OFF;
    List<String> lines = new ArrayList<>();
    for (Finding found : findings) {
      String style =
          switch (found.level()) {
            case OK -> "green";
            case UNKNOWN -> "blue";
            case WARNING -> "yellow";
            case FAULT -> "bold,red";
          };
      String level = ansi.string("@|%s %-7s|@".formatted(style, found.level().word()));
      lines.add(
          "%s  %-8s  %s".formatted(level, found.check(), ShellLine.visible(found.sentence())));
      if (!found.cure().isEmpty()) {
        lines.add(" ".repeat(19) + found.cure());
      }
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static String json(List<Finding> findings) {
    List<Map<String, String>> list = new ArrayList<>();
    for (Finding found : findings) {
      Map<String, String> object = new LinkedHashMap<>();
      object.put("check", found.check());
      object.put("level", found.level().word());
      object.put("sentence", found.sentence());
      if (!found.cure().isEmpty()) {
        object.put("cure", found.cure());
      }
      list.add(object);
    }
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(list);
  }
}
