package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.Conversation;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.LogSink;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boinc-docker exec}: a command beside a job of this host, in its container. */
@Command(
    name = "exec",
    mixinStandardHelpOptions = true,
    description =
        "Runs a command in a job's container, as the job's user and in its work directory.",
    customSynopsis = {
      "boinc-docker exec [-it] [--data-dir=DIR] JOB [--] COMMAND [ARGUMENT...]",
      "boinc-docker exec [-it] [--data-dir=DIR] -- COMMAND [ARGUMENT...]"
    },
    footer = {
      "",
      "JOB is its "
          + JobName.FORMS
          + "; without it, the one that $DOCKER_CONT_NAME names, or the"
          + " only one. Each word reaches the command as it is; no shell reads it. Without -t, a"
          + " command goes on when Ctrl-C ends this one.",
      "",
      "Examples:",
      "  boinc-docker exec -t 3 sh                   # a shell in the job in slot 3",
      "  boinc-docker exec 3 -- tail -n 5 out.log    # its status becomes this one's",
      "  boinc-docker exec -i 3 sh -c 'cat >in' <in"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "n:the command's own (126, 127: it could not be started)",
      "2:the command line was not understood",
      "3:this host can't, has no such job, or the job is suspended"
    })
final class ExecCommand implements Callable<Integer> {
  private static final String SEPARATOR = "--";
  private static final String FALLBACK = "DOCKER_CONT_NAME";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private HostJobs jobs = new HostJobs();

  @Option(
      names = {"-i", "--interactive"},
      description = "Pass standard input on.")
  private boolean interactive;

  @Option(
      names = {"-t", "--tty"},
      description = "Give the command this terminal; includes -i.")
  private boolean terminal;

  @Parameters(paramLabel = "JOB COMMAND", hidden = true)
  private List<String> words = List.of();

  /**
   * What the words mean.
   *
   * @param job empty: not named
   */
  record Request(String job, List<String> command) {
    /** Takes them apart; a separator stands before the command, or nowhere. */
    static Request of(List<String> words) {
      if (words.isEmpty() || words.getFirst().equals(SEPARATOR)) {
        return new Request("", words.stream().skip(1).toList());
      }
      boolean separated = words.size() > 1 && words.get(1).equals(SEPARATOR);
      return new Request(words.getFirst(), words.subList(separated ? 2 : 1, words.size()));
    }
  }

  @Override
  public Integer call() throws IOException {
    Request request = Request.of(words);
    if (request.job().startsWith("-")) {
      throw new ParameterException(
          spec.commandLine(), "there is no option '%s'".formatted(request.job()));
    }
    if (request.command().isEmpty()) {
      throw new ParameterException(spec.commandLine(), "say which command is to run");
    }
    if (terminal && !SimulationDisplay.isTerminal()) {
      throw new ParameterException(
          spec.commandLine(),
          "-t: standard input and output must be a terminal; use -i for a pipe");
    }
    String name =
        request.job().isEmpty() ? System.getenv().getOrDefault(FALLBACK, "") : request.job();
    try (Engine engine = HostEngine.connect()) {
      HostJob job = JobName.choose(jobs.withContainer(engine), name);
      String id = job.container().orElseThrow().id();
      refuse(engine.containers().inspect(id).state(), job);
      Conversation conversation =
          engine
              .commands()
              .prepare(id, request.command(), interactive || terminal, terminal, environment());
      return terminal ? onTerminal(conversation) : run(conversation, new LogOutput(false));
    } catch (EngineException e) {
      throw HostEngine.failure(e);
    }
  }

  private static void refuse(ContainerState state, HostJob job) throws IOException {
    switch (state) {
      case RUNNING -> {
        // the one state in which a command can run
      }
      case PAUSED ->
          throw new IOException(
              "%s is suspended, and so would be a command in it; resume it in the BOINC Manager, or by boinccmd --task URL %s resume"
                  .formatted(job.title(), job.result()));
      case CREATED, RESTARTING, REMOVING, EXITED, DEAD ->
          throw new IOException("%s does not run: it is %s".formatted(job.title(), job.state()));
    }
  }

  private Map<String, String> environment() {
    String kind = System.getenv("TERM");
    return terminal && kind != null ? Map.of("TERM", kind) : Map.of();
  }

  private int run(Conversation conversation, LogSink sink) throws EngineException, IOException {
    Optional<InputStream> input =
        interactive || terminal ? Optional.of(System.in) : Optional.empty();
    return conversation.run(input, sink);
  }

  private int onTerminal(Conversation conversation) throws EngineException, IOException {
    LogOutput screen = new LogOutput(false);
    TerminalSizes sizes = new TerminalSizes(conversation);
    try (RawTerminal _ = RawTerminal.open()) {
      RawTerminal.onResize(sizes::changed);
      sizes.changed();
      return run(conversation, screen);
    } finally {
      sizes.end();
    }
  }
}
