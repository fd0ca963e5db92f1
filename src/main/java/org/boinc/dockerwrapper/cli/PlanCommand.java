package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.job.JobReading;
import org.boinc.dockerwrapper.job.JobSpec;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;
import org.boinc.dockerwrapper.plan.HostDevices;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.PlanRequest;
import org.boinc.dockerwrapper.plan.PlanResult;
import org.boinc.dockerwrapper.plan.Planner;
import org.boinc.dockerwrapper.simulate.JobDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code boinc-docker plan}: the container that would be created, and who set what of it. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description =
        "Shows the exact container that a job would get, and where each value comes from.",
    footer = {
      "",
      "Nothing is created. DIR is a job's directory as for simulate; with --slot it "
          + "is planned in a slot of a real client, as it stands. This host's engine is "
          + "asked who it is; where none answers, or with --engine, a Docker that runs as "
          + "root or a Podman that does not is assumed.",
      "",
      "In brackets: default, the line of the job.toml or template, client (what the "
          + "BOINC client grants or says), engine, wrapper. Passwords are shown as ***.",
      "",
      "Example: boinc-docker plan --ncpus 4 --memory 2g cookbook/01-copy-mode"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:there is a plan",
      "1:the job would be refused",
      "2:the command line was not understood",
      "3:this host can't"
    })
final class PlanCommand implements Callable<Integer> {
  private static final Pattern IDS = Pattern.compile("([0-9]{1,10}):([0-9]{1,10})");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private JobParameters job = new JobParameters();

  @Option(
      names = "--slot",
      paramLabel = "SLOT",
      description = "Plan in this slot directory instead of a made-up one.")
  private @Nullable Path slot;

  @Option(
      names = "--user",
      paramLabel = "UID:GID",
      description = "Whom the client runs as (default: you).")
  private @Nullable String user;

  @Option(
      names = "--data-dir",
      paramLabel = "DATA",
      defaultValue = "/var/lib/boinc",
      description = "BOINC data directory in the paths shown (default: /var/lib/boinc).")
  private String dataDirectory = "/var/lib/boinc";

  @Option(names = "--json", description = "Print the plan as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Host host = Host.read();
    PlanRequest.Caller caller = caller(host);
    try (EngineChoice engine = engine(host)) {
      PlanReport report =
          slot == null ? inMadeUpSlot(engine, caller) : inSlot(slot, engine, caller);
      PrintWriter out = spec.commandLine().getOut();
      out.println(json ? PlanJson.of(report) : report.text());
      out.flush();
      return report.refused() ? ExitCode.PROBLEMS : ExitCode.DONE;
    }
  }

  private PlanReport inMadeUpSlot(EngineChoice engine, PlanRequest.Caller caller)
      throws IOException {
    JobDirectory declared = job.read(spec.commandLine());
    String name = job.directory().toString();
    if (!declared.problems().isEmpty()) {
      List<Problem> problems = declared.problems().stream().map(JobLint::ofDirectory).toList();
      return new PlanReport(
          name, engine.facts(), engine.isAssumed(), problems, List.of(), List.of());
    }
    try (ThrowAwaySlot made =
        ThrowAwaySlot.prepare(declared, builder -> job.apply(builder, spec.commandLine()))) {
      SlotPlanning planning = SlotPlanning.of(made.slot().directory(), made.slot().arguments());
      String data = made.dataDirectory().toString();
      return report(name, planning, engine, caller).with(text -> text.replace(data, dataDirectory));
    }
  }

  private PlanReport inSlot(Path place, EngineChoice engine, PlanRequest.Caller caller)
      throws IOException {
    if (!Files.isDirectory(place)) {
      throw usage("--slot: %s is not a directory".formatted(place));
    }
    return report(place.toString(), SlotPlanning.of(place, job.arguments()), engine, caller);
  }

  private static PlanReport report(
      String name, SlotPlanning planning, EngineChoice engine, PlanRequest.Caller caller)
      throws IOException {
    JobReading reading = planning.read();
    List<Problem> problems = new ArrayList<>(reading.problems());
    if (reading.spec().isPresent()) {
      JobSpec spec = reading.spec().get();
      PlanRequest request =
          planning.request(
              spec,
              engine.facts(),
              spec.gpu().enabled() ? GpuSearch.ofHost() : HostDevices.NONE,
              caller);
      switch (Planner.plan(request)) {
        case PlanResult.Planned(JobPlan plan) -> {
          return new PlanReport(
                  name,
                  engine.facts(),
                  engine.isAssumed(),
                  problems,
                  new PlanSections(request, plan).all(),
                  DockerCreateLine.of(plan, engine.image(plan.image())))
              .with(masked(plan.secrets()));
        }
        case PlanResult.Refused(var refusals) ->
            refusals.forEach(
                refusal ->
                    problems.add(PlanOrigins.problem(refusal, request.spec(), request.jobFile())));
      }
    }
    return new PlanReport(name, engine.facts(), engine.isAssumed(), problems, List.of(), List.of());
  }

  /** A short password is not hidden where it could be part of any word, only where it is one. */
  private static UnaryOperator<String> masked(List<String> secrets) {
    return text -> {
      String shown = text;
      for (String secret : secrets) {
        shown = shown.replace(":" + secret + "@", ":***@");
        shown = secret.length() < 4 ? shown : shown.replace(secret, "***");
      }
      return shown;
    };
  }

  private EngineChoice engine(Host host) {
    if (!spec.commandLine().getParseResult().hasMatchedOption("--engine")) {
      return EngineChoice.ofHost(host);
    }
    return switch (job.grant().engine()) {
      case DOCKER -> EngineChoice.assumed(Product.DOCKER);
      case PODMAN -> EngineChoice.assumed(Product.PODMAN);
      case NONE ->
          throw usage("--engine: without an engine there is no plan; say docker or podman");
    };
  }

  private PlanRequest.Caller caller(Host host) {
    if (user == null) {
      return new PlanRequest.Caller(host.uid(), host.gid());
    }
    Matcher ids = IDS.matcher(user);
    if (!ids.matches()) {
      throw usage("--user: '%s' is not UID:GID such as 105:113".formatted(user));
    }
    return new PlanRequest.Caller(Long.parseLong(ids.group(1)), Long.parseLong(ids.group(2)));
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
