package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.plan.ClusterPlan;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.JobPlan;

/**
 * The further containers of a job of several. They have no state of their own: they do what node 0
 * has done. So whatever a look at node 0 shows says how they should be, and where one was missed it
 * is made up for. Named by what the plan calls them, as no other container can have such a name.
 */
final class Workers {
  private final Engine engine;
  private final JobPlan job;
  private final ClusterPlan plan;
  private final Consumer<String> log;

  Workers(Engine engine, JobPlan job, Consumer<String> log) {
    this.engine = engine;
    this.job = job;
    this.plan = job.cluster().orElseThrow();
    this.log = log;
  }

  /** What node 0 is about to do. */
  void before(Step step) throws EngineException {
    switch (step) {
      // Nobody writes while the outputs are collected.
      case COPY_OUT -> each(this::kill);
      case ENGINE,
          PLAN,
          LOOK,
          IMAGE,
          CREATE,
          COPY_IN,
          START,
          PAUSE,
          UNPAUSE,
          CONNECT,
          DISCONNECT,
          SHUTDOWN,
          STOP,
          KILL,
          PARK,
          REMOVE -> {}
    }
  }

  /** What node 0 has done. */
  void after(Step step) throws EngineException {
    switch (step) {
      case START -> each(this::start);
      case PAUSE -> each(this::pause);
      case UNPAUSE -> each(this::unpause);
      case STOP, KILL, PARK -> each(this::kill);
      case ENGINE,
          PLAN,
          LOOK,
          IMAGE,
          CREATE,
          COPY_IN,
          CONNECT,
          DISCONNECT,
          SHUTDOWN,
          COPY_OUT,
          REMOVE -> {}
    }
  }

  /** What the containers are called. */
  List<String> names() {
    return plan.workers().stream().map(ClusterPlan.Worker::name).toList();
  }

  private interface Deed {
    void on(ClusterPlan.Worker worker) throws EngineException;
  }

  private void each(Deed deed) throws EngineException {
    for (ClusterPlan.Worker worker : plan.workers()) {
      deed.on(worker);
    }
  }

  /** What they and node 0 need before they are made. */
  void prepare() throws IOException {
    if (plan.keys().isPresent()) {
      new JobKeys(plan.keys().get()).make();
    }
  }

  /** Makes them beside node 0; the job's network is there. */
  void create(ContainerPlan node0, String id, ImageFacts image) throws EngineException {
    for (ClusterPlan.Worker worker : plan.workers()) {
      engine.containers().create(worker.name(), worker.container().beside(node0, id), image);
    }
  }

  private void start(ClusterPlan.Worker worker) throws EngineException {
    engine.containers().start(worker.name(), worker.container().startTimeout());
  }

  /**
   * Brings them where node 0 was found.
   *
   * @param workers as they were found
   * @return whether the cluster is whole; if not, all that is left of it is to be removed
   */
  boolean follow(Sighting node0, List<ContainerSighting> workers) throws EngineException {
    boolean whole = workers.size() == plan.workers().size();
    return switch (node0) {
      case Sighting.Absent() -> workers.isEmpty();
      case Sighting.Created() -> whole;
      case Sighting.Killed(String _) -> {
        // They begin anew together.
        each(this::kill);
        yield whole;
      }
      case Sighting.Running(JobState.Link _) -> {
        for (ContainerSighting found : workers) {
          enliven(found);
        }
        yield true;
      }
      case Sighting.Paused(JobState.Link _) -> {
        for (ContainerSighting found : workers) {
          if (found.state() == ContainerState.RUNNING) {
            engine.containers().pause(found.id());
          }
        }
        yield true;
      }
      case Sighting.Exited(PayloadExit _) -> true;
    };
  }

  private void enliven(ContainerSighting worker) throws EngineException {
    switch (worker.state()) {
      case CREATED -> engine.containers().start(worker.id(), job.container().startTimeout());
      case PAUSED -> engine.containers().unpause(worker.id());
      case RUNNING, RESTARTING, REMOVING, EXITED, DEAD -> {}
    }
  }

  /** Removes what there is of a cluster that is not whole. */
  void removeRest(Optional<ContainerSighting> main, List<ContainerSighting> workers)
      throws EngineException {
    log.accept("removing what is left of the job's containers");
    List<ContainerSighting> rest = new ArrayList<>(workers);
    main.ifPresent(rest::add);
    ContainerSearch.inOrderOfRemoval(rest);
    for (ContainerSighting container : rest) {
      engine.containers().remove(container.id());
    }
  }

  private void pause(ClusterPlan.Worker worker) throws EngineException {
    String name = worker.name();
    unlessItIs(name, containers -> containers.pause(name), ContainerState.PAUSED);
  }

  private void unpause(ClusterPlan.Worker worker) throws EngineException {
    String name = worker.name();
    unlessItIs(name, containers -> containers.unpause(name), ContainerState.RUNNING);
  }

  private void kill(ClusterPlan.Worker worker) throws EngineException {
    String name = worker.name();
    unlessItIs(
        name,
        containers -> {
          containers.kill(name);
          containers.awaitExit(name);
        },
        ContainerState.EXITED);
  }

  private interface Change {
    void on(Containers containers) throws EngineException;
  }

  /** Node 0 may have been followed before; and a worker that has ended rests in every sense. */
  private void unlessItIs(String name, Change change, ContainerState aim) throws EngineException {
    try {
      change.on(engine.containers());
    } catch (EngineException refused) {
      if (refused.fault() == Fault.NOT_FOUND) {
        return;
      }
      if (refused.fault() != Fault.CONFLICT && refused.fault() != Fault.REFUSED) {
        throw refused;
      }
      ContainerState state = engine.containers().inspect(name).state();
      boolean done =
          switch (state) {
            case CREATED, EXITED, DEAD, REMOVING -> true;
            case RUNNING, PAUSED, RESTARTING -> state == aim;
          };
      if (!done) {
        throw refused;
      }
    }
  }
}
