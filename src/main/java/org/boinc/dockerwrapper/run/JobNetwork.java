package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.boinc.dockerwrapper.boinc.ProxySettings;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.NetworkBytes;
import org.boinc.dockerwrapper.engine.Networks;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.boinc.dockerwrapper.plan.ProxyUrl;
import org.boinc.dockerwrapper.run.JobState.Link;
import org.jspecify.annotations.Nullable;

/**
 * The network of one job: one of its own where it has that, the way out of it, and whether the
 * container is on the one that the client may suspend.
 */
final class JobNetwork implements AutoCloseable {
  /** The network's address is there before the container is said to be started. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final JobContext context;
  private final Supplier<Wishes.Network> wish;
  private volatile @Nullable EgressProxy egress;

  /**
   * For one episode.
   *
   * @param wish what the client says of the network
   */
  JobNetwork(JobContext context, Supplier<Wishes.Network> wish) {
    this.context = context;
    this.wish = wish;
  }

  /** Whether the job has a network that the container may be taken off. */
  static boolean isLinked(ContainerPlan container) {
    return container.network().nat() && !container.privileges().hostNetwork();
  }

  /**
   * The container as if it were on no network but the one with a way out: of a job of several
   * containers node 0 is also on the nodes' own.
   */
  static ContainerSighting outside(ContainerSighting seen, ContainerPlan plan) {
    Optional<NetworkPlan.Own> own = plan.network().own();
    return own.isPresent() && isLinked(plan) ? seen.without(own.get().name()) : seen;
  }

  /** Puts a new container that has a network of its own on the other one, too. */
  static void connectOutside(Engine engine, ContainerPlan plan, String id) throws EngineException {
    if (plan.network().own().isPresent() && isLinked(plan)) {
      engine.networks().connect(Networks.OUTSIDE, id);
    }
  }

  /**
   * Makes the job's own network, where it has one.
   *
   * @return the container that fits to it
   */
  ContainerPlan create(Engine engine, JobPlan plan) throws EngineException, StepFailure {
    ContainerPlan container = plan.container();
    Optional<NetworkPlan.Own> own = container.network().own();
    if (own.isEmpty()) {
      return container;
    }
    Optional<String> gateway = engine.networks().obtain(own.get().name(), plan.labels());
    if (own.get().allow().isEmpty()) {
      return container;
    }
    String address =
        gateway.orElseThrow(() -> new StepFailure(unreachable("an unknown address")))
            + ":"
            + freePort();
    open(address, plan);
    return container.with(ProxyUrl.variables("http://" + address), Map.of(Labels.EGRESS, address));
  }

  /**
   * Of an earlier wrapper's container only the label tells where it looks for its way out: with the
   * engine's record of the container both are there or neither.
   */
  void found(ContainerSighting container, JobPlan plan) {
    String address = container.labels().getOrDefault(Labels.EGRESS, "");
    boolean mayReach = plan.container().network().own().isPresent();
    if (!address.isEmpty() && mayReach && egress == null) {
      open(address, plan);
    }
  }

  private void open(String address, JobPlan plan) {
    close();
    NetworkPlan.Own own = plan.container().network().own().orElseThrow();
    int colon = address.lastIndexOf(':');
    Optional<ProxySettings> upstream = own.upstream() ? context.job().proxy() : Optional.empty();
    EgressProxy fresh =
        new EgressProxy(
            new InetSocketAddress(
                address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
            new EgressRules(own.allow()),
            upstream,
            EgressRules::isOfThisHost,
            () -> wish.get() == Wishes.Network.ALLOWED,
            context.log()::say);
    egress = fresh;
    fresh.start();
  }

  /**
   * One on which no program of this host listens at every address; the job's network is a new
   * address, on which nobody else listens.
   */
  private static int freePort() throws StepFailure {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new StepFailure(Failures.of(e));
    }
  }

  private static Failure unreachable(String address) {
    return new Failure.Device(
        "network.allow: this engine's networks can't be reached from here (%s), so that nothing could keep the job to its list; run the engine on this computer itself, as root"
            .formatted(address));
  }

  /**
   * Takes it off the network before it starts, where the client has that suspended.
   *
   * @param seen how it was found; empty: it was made just now
   * @return how it will be
   */
  Link beforeStart(Engine engine, JobPlan job, String id, Optional<ContainerSighting> seen)
      throws EngineException {
    ContainerPlan plan = job.container();
    if (!isLinked(plan)) {
      return Link.NONE;
    }
    boolean off = seen.map(found -> outside(found, plan).networks().isEmpty()).orElse(false);
    // Podman without root forwards no port of a container that was started without its network.
    boolean may = plan.network().ports().isEmpty() || !engine.facts().rootless();
    if (!off && may && wish.get() == Wishes.Network.SUSPENDED) {
      engine.networks().disconnect(Networks.OUTSIDE, id);
      off = true;
    }
    return off ? Link.DOWN : Link.UP;
  }

  /** The container has been started. */
  void started() throws StepFailure, InterruptedException {
    EgressProxy way = egress;
    if (way != null && !way.awaitListening(PATIENCE)) {
      throw new StepFailure(unreachable("nothing can listen at " + way.address()));
    }
  }

  /** The client has suspended the network. */
  void suspend() {
    EgressProxy way = egress;
    if (way != null) {
      way.suspend();
    }
  }

  /**
   * What the job has received and sent; empty where nobody counts: it has no way out, it has the
   * host's own network, or another computer's kernel knows.
   *
   * @param pid of a process of the container
   */
  Optional<NetworkBytes> bytes(Engine engine, ContainerPlan plan, String id, long pid) {
    return isLinked(plan) ? engine.containers().networkBytes(id, pid) : proxied();
  }

  /** The same as far as it is this process that lets it through. */
  Optional<NetworkBytes> proxied() {
    return Optional.ofNullable(egress).map(EgressProxy::bytes);
  }

  /** Removes the job's own network; its containers must be gone. */
  void remove(Engine engine, Optional<JobPlan> plan) throws EngineException {
    close();
    if (plan.map(made -> made.container().network().own().isPresent()).orElse(true)) {
      Map<String, String> ours = Labels.identity(context.job(), context.slot().directory());
      engine.networks().removeAll(ours);
    }
  }

  @Override
  public void close() {
    EgressProxy way = egress;
    egress = null;
    if (way != null) {
      way.close();
    }
  }
}
