package org.boinc.dockerwrapper.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.ProxySettings;
import org.boinc.dockerwrapper.job.ContainerSpec;

/** The job's environment: a fixed set of ours, then the job's own; never the host's. */
final class Environment {
  private final PlanRequest request;
  private final ContainerSpec asked;
  private final Macros macros;
  private final ResourceLimits limits;
  private final Optional<CheckpointPlan> checkpoint;
  private final List<Refusal> refusals;
  private final int node;

  /**
   * Of one container.
   *
   * @param node its number in a job of several, else 0
   */
  Environment(
      PlanRequest request,
      ResourceLimits limits,
      Optional<CheckpointPlan> checkpoint,
      List<Refusal> refusals,
      int node) {
    this.request = request;
    this.asked = request.spec().container();
    this.macros = new Macros(request.job(), limits, node, request.spec().cluster().nodes());
    this.node = node;
    this.limits = limits;
    this.checkpoint = checkpoint;
    this.refusals = refusals;
  }

  List<String> expand(List<String> texts) {
    return macros.expand(texts);
  }

  /**
   * What follows the command. The workunit's own arguments are added where job.toml says what to
   * run; an image's CMD reads them from ARGS, as BOINC's C++ wrapper has it.
   */
  List<String> arguments() {
    boolean ownCommand =
        !(asked.command().isEmpty() && asked.args().isEmpty() && asked.entrypoint().isEmpty());
    return Stream.concat(
            macros.expand(asked.args()).stream(),
            ownCommand ? request.arguments().stream() : Stream.empty())
        .toList();
  }

  Map<String, String> variables(Optional<GpuAssignment> gpu) {
    Map<String, String> variables = new TreeMap<>();
    if (asked.addUser()) {
      variables.put("HOME", FixedMounts.HOME);
    }
    variables.put("BOINC_WU", request.job().workunitName());
    variables.put("BOINC_RESULT", request.job().resultName());
    variables.put("BOINC_APP", request.job().appName());
    variables.put("BOINC_SLOT", String.valueOf(request.job().slot()));
    variables.put("BOINC_NCPUS", macros.expand("${NCPUS}"));
    variables.put("BOINC_MEMORY_BYTES", String.valueOf(limits.memoryBytes()));
    checkpoint.ifPresent(
        plan ->
            variables.put("BOINC_CHECKPOINT_PERIOD", String.valueOf(plan.period().toSeconds())));
    int nodes = request.spec().cluster().nodes();
    if (nodes > 1) {
      variables.put("BOINC_NODE", String.valueOf(node));
      variables.put("BOINC_NODES", String.valueOf(nodes));
    }
    addArguments(variables);
    if (request.spec().network().allow().isEmpty()) {
      variables.putAll(ProxyUrl.variables(request));
    }
    request.spec().custom().forEach((key, value) -> variables.put("BOINC_CUSTOM_" + key, value));
    asked.envFiles().forEach(file -> addFile(file, variables));
    asked.env().forEach((name, value) -> variables.put(name, macros.expand(value)));
    if (variables.containsKey(GpuAssignment.VISIBLE)) {
      variables.put(GpuAssignment.VISIBLE, GpuAssignment.visible(gpu));
    }
    return variables;
  }

  /**
   * ARGS as the C++ wrapper sets it, where a blank separates; BOINC_ARG_1 and so on keep each
   * argument whole.
   */
  private void addArguments(Map<String, String> variables) {
    List<String> arguments = request.arguments();
    if (arguments.isEmpty()) {
      return;
    }
    variables.put("ARGS", String.join(" ", arguments));
    variables.put("BOINC_ARGC", String.valueOf(arguments.size()));
    for (int i = 0; i < arguments.size(); i++) {
      variables.put("BOINC_ARG_" + (i + 1), arguments.get(i));
    }
  }

  private void addFile(String file, Map<String, String> variables) {
    if (SlotFiles.readable(request.slot(), "container.env_files", file, refusals).isEmpty()) {
      return;
    }
    int number = 0;
    for (String line : request.texts().getOrDefault(file, "").lines().toList()) {
      number++;
      String entry = line.strip();
      int equals = entry.indexOf('=');
      if (entry.isEmpty() || entry.startsWith("#")) {
        continue;
      }
      if (equals < 1
          || !entry.substring(0, equals).matches("[A-Za-z_]\\w*")
          || entry.indexOf('\0') >= 0) {
        refusals.add(Refusals.badEnvLine(file, number, entry.replace('\0', '?')));
      } else if (entry.startsWith("BOINC_")) {
        refusals.add(Refusals.reservedEnvLine(file, number, entry.substring(0, equals)));
      } else {
        variables.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
  }

  /** What no log may show. */
  List<String> secrets() {
    List<String> secrets = new ArrayList<>();
    request
        .job()
        .proxy()
        .ifPresent(
            proxy ->
                Stream.of(proxy.http(), proxy.socks())
                    .flatMap(Optional::stream)
                    .map(ProxySettings.Server::password)
                    .filter(password -> !password.isEmpty())
                    .forEach(
                        password -> {
                          secrets.add(password);
                          secrets.add(ProxyUrl.encode(password));
                        }));
    return secrets;
  }
}
