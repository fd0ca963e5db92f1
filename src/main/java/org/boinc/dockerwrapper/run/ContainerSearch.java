package org.boinc.dockerwrapper.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.plan.Labels;

/** Finds our container by its labels, and removes what earlier jobs of this slot left behind. */
final class ContainerSearch {
  private final JobContext context;
  private final Containers containers;
  private final List<ContainerSighting> workers = new ArrayList<>();

  ContainerSearch(JobContext context, Containers containers) {
    this.context = context;
    this.containers = containers;
  }

  /**
   * The container of this job.
   *
   * @param known ID of one whose end was watched: it need not be searched for
   */
  Optional<ContainerSighting> look(Optional<String> known) throws EngineException {
    Optional<ContainerSighting> there = known.isPresent() ? inspect(known.get()) : Optional.empty();
    return there.isPresent() ? there : search();
  }

  /** The job's further containers, where it was searched for. */
  List<ContainerSighting> workers() {
    return workers;
  }

  /** By {@link Labels#removalOrder}. */
  static void inOrderOfRemoval(List<ContainerSighting> containers) {
    if (containers.size() > 1) {
      containers.sort(
          (one, other) ->
              Integer.compare(
                  Labels.removalOrder(one.labels()), Labels.removalOrder(other.labels())));
    }
  }

  private Optional<ContainerSighting> inspect(String id) throws EngineException {
    try {
      return Optional.of(containers.inspect(id));
    } catch (EngineException e) {
      if (e.fault() == Fault.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<ContainerSighting> search() throws EngineException {
    Map<String, String> ours = Labels.identity(context.job(), context.slot().directory());
    List<ContainerSighting> mine = new ArrayList<>();
    List<ContainerSighting> all =
        new ArrayList<>(containers.find(Labels.ofSlot(context.slot().directory())));
    inOrderOfRemoval(all);
    for (ContainerSighting found : all) {
      boolean broken =
          switch (found.state()) {
            case REMOVING, DEAD -> true;
            case CREATED, RUNNING, PAUSED, RESTARTING, EXITED -> false;
          };
      if (!broken && found.labels().entrySet().containsAll(ours.entrySet())) {
        (Labels.isMain(found.labels()) ? mine : workers).add(found);
      } else {
        context.log().say("removing left-over container " + found.name());
        containers.remove(found.id());
      }
    }
    // Two only where a create was answered too late; the one that was started has the work.
    return mine.stream()
        .reduce(
            (one, other) ->
                one.startedAt().isEmpty() && other.startedAt().isPresent() ? other : one);
  }
}
