package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.simulate.ClientScript;
import org.boinc.dockerwrapper.simulate.ClientTiming;
import org.boinc.dockerwrapper.simulate.JobDirectory;
import org.boinc.dockerwrapper.simulate.SimulatedClient;
import org.boinc.dockerwrapper.simulate.SimulatedSlot;
import org.boinc.dockerwrapper.simulate.Simulation;
import org.boinc.dockerwrapper.simulate.Timeline;
import org.boinc.dockerwrapper.simulate.Verdict;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code boinc-docker simulate}: plays a BOINC client to a job and judges what comes out. */
@Command(
    name = "simulate",
    version = "boinc-docker " + Version.TEXT,
    mixinStandardHelpOptions = true,
    description =
        "Runs a job as a BOINC client would: slot and project directory, soft links,"
            + " init_data.xml, shared memory, the real docker_wrapper.",
    footer = {
      "",
      "DIR holds job.toml, Dockerfile and scripts (or what version.xml lists),",
      "inputs/ with the input files by open_name, and BOINC's own input_template.xml",
      "and output_template.xml, if any. If there is an expected/, outputs are",
      "compared with it byte for byte.",
      "",
      "VERB: suspend, resume, quit, restart, abort, kill -9, network-off,",
      "network-on, client-death, reread. T: 500ms, 5s, 2m, or 30%% of the work done.",
      "",
      "Examples:",
      "  boinc-docker simulate --at 5s suspend --at 10s resume --at 50%% restart DIR",
      "  boinc-docker simulate --html run.html DIR"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:the result is valid",
      "1:it is not, or the directory has problems",
      "2:the command line was not understood",
      "3:this host can't"
    })
final class SimulateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private JobParameters job = new JobParameters();

  @Option(
      names = "--at",
      arity = "2",
      paramLabel = "T VERB",
      hideParamSyntax = true,
      description = "What the client does, and when; may be repeated.")
  private List<String> script = new ArrayList<>();

  /** So that "kill -9" need not be quoted after --at. */
  @Option(names = "-9", hidden = true)
  private boolean killSignal;

  @Option(
      names = "--wrapper",
      paramLabel = "PATH",
      description = "A docker_wrapper to test (default: the one of this installation).")
  private @Nullable Path wrapper;

  @Option(
      names = "--copy-files",
      description = "Every file is a real copy in the slot, as with <copy_file/>.")
  private boolean copyFiles;

  @Option(
      names = "--episodes",
      defaultValue = "10",
      description = "How often the wrapper is started at most (default: 10).")
  private int episodes = 10;

  @Option(names = "--keep", description = "Keep slot and project directory, and say where.")
  private boolean keep;

  @Option(
      names = "--data-dir",
      paramLabel = "DATA",
      description = "BOINC data directory to make the slot in (default: a temporary one).")
  private @Nullable Path dataDirectory;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description =
          "Write a page that shows CPU time, memory, progress and what client and wrapper said.")
  private @Nullable Path page;

  @Option(names = "--json", description = "Print the verdict as JSON; what happens goes to stderr.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ClientScript steps = script();
    JobDirectory declared = job.read(spec.commandLine());
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = json ? spec.commandLine().getErr() : out;
    if (!declared.problems().isEmpty()) {
      declared.problems().forEach(progress::println);
      progress.flush();
      return ExitCode.PROBLEMS;
    }
    Path data = dataDirectory != null ? dataDirectory : Files.createTempDirectory("boinc-docker-");
    SimulatedSlot slot = prepare(declared, data);
    progress.println("slot: " + slot.directory());
    try (var interrupt = new InterruptGuard()) {
      try {
        return simulate(slot, steps, declared, interrupt);
      } finally {
        cleanUp(slot, data, progress);
      }
    }
  }

  private int simulate(
      SimulatedSlot slot, ClientScript steps, JobDirectory declared, InterruptGuard interrupt)
      throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    var display = new SimulationDisplay(json ? spec.commandLine().getErr() : out);
    Path expected = job.directory().resolve(JobDirectory.EXPECTED);
    try (var client =
        new SimulatedClient(
            slot, wrapperCommand(), ClientTiming.REAL, new Timeline(display::show))) {
      Simulation simulation =
          new Simulation(
              client,
              steps,
              new Simulation.Bounds(episodes, Simulation.Bounds.DEFAULT.longestDelay()),
              Files.isDirectory(expected) ? Optional.of(expected) : Optional.empty());
      interrupt.onInterrupt(simulation::cancel);
      Verdict verdict = simulation.run().remarking(declared.remarks());
      display.end();
      if (page != null) {
        String title = String.valueOf(job.directory().toAbsolutePath().normalize().getFileName());
        Files.writeString(page, new RunPage(title, client.timeline().entries(), verdict).html());
      }
      VerdictText text = new VerdictText(verdict, slot.stderrText());
      out.println(json ? text.json() : text.forPeople());
      out.flush();
      return verdict.exitStatus();
    }
  }

  private List<String> wrapperCommand() {
    return wrapper == null ? OwnWrapper.command() : List.of(wrapper.toAbsolutePath().toString());
  }

  private ClientScript script() {
    List<ClientScript.Step> steps = new ArrayList<>();
    try {
      for (int i = 0; i + 1 < script.size(); i += 2) {
        steps.add(ClientScript.step(script.get(i), script.get(i + 1)));
      }
    } catch (IllegalArgumentException wrong) {
      throw usage("--at: " + wrong.getMessage());
    }
    ClientScript parsed = new ClientScript(steps);
    if (killSignal && !parsed.contains(ClientScript.Verb.KILL)) {
      throw usage("-9: belongs to --at T kill");
    }
    return parsed;
  }

  private SimulatedSlot prepare(JobDirectory declared, Path data) throws IOException {
    SimulatedSlot.Builder slot = (copyFiles ? declared.withCopies() : declared).in(data);
    job.apply(slot, spec.commandLine());
    return slot.prepare();
  }

  private void cleanUp(SimulatedSlot slot, Path data, PrintWriter progress)
      throws IOException, InterruptedException {
    if (keep) {
      progress.println("kept: %s and %s".formatted(slot.directory(), slot.projectDirectory()));
    } else {
      Set<Path> stuck = new LinkedHashSet<>(slot.remove());
      SimulationLeftOvers.remove(data).forEach(progress::println);
      if (dataDirectory == null) {
        stuck.addAll(SimulatedSlot.removeAll(data));
      }
      for (Path left : stuck) {
        progress.println(
            "%s: can't be deleted; a client could never use this slot again".formatted(left));
      }
    }
    progress.flush();
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
