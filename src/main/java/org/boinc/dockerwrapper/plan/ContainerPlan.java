package org.boinc.dockerwrapper.plan;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The container that would be created.
 *
 * @param user whom the job's processes run as
 * @param entrypoint empty: the image's
 * @param command empty: the image's CMD
 * @param args appended to the command
 * @param workdir empty: the image's
 * @param shutdown run in the container before it is stopped or thrown away; empty: nothing
 * @param node its place in a job of several containers
 */
public record ContainerPlan(
    RunAs user,
    String hostname,
    List<String> entrypoint,
    List<String> command,
    List<String> args,
    String workdir,
    Map<String, String> env,
    List<Mount> mounts,
    ResourceLimits limits,
    NetworkPlan network,
    Privileges privileges,
    Optional<GpuAssignment> gpu,
    boolean init,
    boolean readOnlyRoot,
    String stopSignal,
    Duration stopTimeout,
    Duration startTimeout,
    List<String> shutdown,
    Map<String, String> labels,
    Optional<ClusterNode> node) {

  /** Whom the job's processes run as. */
  public sealed interface RunAs {
    /** Fixed numbers. */
    record Ids(long uid, long gid) implements RunAs {}

    /** The image's USER, which must not be root on a rootful engine. */
    record OfImage() implements RunAs {}
  }

  /** Where a file is that the job names: from its working directory on, if that is known. */
  public String absolute(String path) {
    return path.startsWith("/") ? path : workdir + "/" + path;
  }

  /**
   * The same with more.
   *
   * @param variables where it has none of that name
   */
  public ContainerPlan with(Map<String, String> variables, Map<String, String> moreLabels) {
    Map<String, String> allVariables = new TreeMap<>(variables);
    allVariables.putAll(env);
    Map<String, String> allLabels = new TreeMap<>(labels);
    allLabels.putAll(moreLabels);
    return with(allVariables, allLabels, node);
  }

  /**
   * The same node of a cluster beside node 0.
   *
   * @param id of node 0, whose shared memory it uses where that is to be shared
   */
  public ContainerPlan beside(ContainerPlan node0, String id) {
    return node0.node.map(ClusterNode::isShared).orElse(false)
        ? with(env, labels, node.map(place -> place.sharing(id)))
        : this;
  }

  private ContainerPlan with(
      Map<String, String> variables, Map<String, String> allLabels, Optional<ClusterNode> place) {
    return new ContainerPlan(
        user,
        hostname,
        entrypoint,
        command,
        args,
        workdir,
        variables,
        mounts,
        limits,
        network,
        privileges,
        gpu,
        init,
        readOnlyRoot,
        stopSignal,
        stopTimeout,
        startTimeout,
        shutdown,
        allLabels,
        place);
  }

  /**
   * What the engine is to run: the job's command or the image's, with the arguments; empty for the
   * image's own.
   */
  public List<String> commandFor(ImageFacts image) {
    if (args.isEmpty()) {
      return command;
    }
    List<String> base = command.isEmpty() && entrypoint.isEmpty() ? image.command() : command;
    return java.util.stream.Stream.concat(base.stream(), args.stream()).toList();
  }
}
