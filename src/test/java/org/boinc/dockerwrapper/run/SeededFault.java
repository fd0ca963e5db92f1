package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.Optional;
import org.boinc.dockerwrapper.run.JobState.Leaving;
import org.boinc.dockerwrapper.run.JobState.Running;

/** Faults that wrappers have had. A model world that does not find them proves nothing. */
enum SeededFault implements Decider {
  EXITED_CONTAINER_IS_RUN_AGAIN {
    @Override
    RunEvent misread(JobState state, RunEvent event) {
      return event instanceof RunEvent.Sighted(Sighting.Exited _)
          ? new RunEvent.Sighted(new Sighting.Killed("fault"))
          : event;
    }
  },
  RUNNING_CONTAINER_IS_REPLACED {
    @Override
    Next misdecide(JobState state, RunEvent event, Duration now) {
      return event instanceof RunEvent.Sighted(Sighting.Running _)
              && state instanceof JobState.Preparing
          ? EndingRules.remove(new Outcome.Left("fault"), now.plusSeconds(20))
          : JobMachine.next(state, event, now);
    }
  },
  JOURNAL_IS_WRITTEN_AFTER_THE_ACTION {
    @Override
    public boolean writesFirst() {
      return false;
    }
  },
  REMOVED_BEFORE_COLLECTED {
    @Override
    Next misdecide(JobState state, RunEvent event, Duration now) {
      return event instanceof RunEvent.Sighted(Sighting.Exited _) && state instanceof Running
          ? EndingRules.remove(new Outcome.Succeeded(), now.plusSeconds(20))
          : JobMachine.next(state, event, now);
    }
  },
  FAILED_PAUSE_FAILS_THE_JOB {
    @Override
    Next misdecide(JobState state, RunEvent event, Duration now) {
      return event instanceof RunEvent.Failed(Step step, Failure failure)
              && step == Step.PAUSE
              && state instanceof Running
          ? JobMachine.end(new Outcome.Bug(failure.sentence()))
          : JobMachine.next(state, event, now);
    }
  },
  FAILED_PAUSE_STARTS_OVER {
    @Override
    RunEvent misread(JobState state, RunEvent event) {
      return event instanceof RunEvent.Failed(Step step, Failure _)
              && step == Step.PAUSE
              && state instanceof Running
          ? new RunEvent.Sighted(new Sighting.Killed("fault"))
          : event;
    }
  },
  SETTLED_OUTCOME_IS_FORGOTTEN {
    @Override
    public Next start(Optional<Outcome> decided, Optional<Outcome.LimitHit> limit, Duration now) {
      return JobMachine.start();
    }
  },
  LIMIT_IS_SETTLED_BEFORE_THE_OUTPUTS_ARE_HAD {
    @Override
    public Next start(Optional<Outcome> decided, Optional<Outcome.LimitHit> limit, Duration now) {
      Optional<Outcome> settled = decided.or(() -> limit);
      return super.start(settled, Optional.empty(), now);
    }
  },
  NETWORK_STAYS_WHILE_IT_IS_SUSPENDED {
    @Override
    Next misdecide(JobState state, RunEvent event, Duration now) {
      return state instanceof Running && event instanceof RunEvent.NetworkNews
          ? Next.stay(state)
          : JobMachine.next(state, event, now);
    }
  },
  QUIT_LETS_THE_CONTAINER_RUN {
    @Override
    Next misdecide(JobState state, RunEvent event, Duration now) {
      Next next = JobMachine.next(state, event, now);
      return state instanceof Running
              && next.state() instanceof Leaving(Outcome outcome, var _, var _, var _, var _)
          ? JobMachine.end(outcome)
          : next;
    }
  };

  RunEvent misread(JobState state, RunEvent event) {
    return event;
  }

  Next misdecide(JobState state, RunEvent event, Duration now) {
    return JobMachine.next(state, event, now);
  }

  @Override
  public Next start(Optional<Outcome> decided, Optional<Outcome.LimitHit> limit, Duration now) {
    return new Decider.Real().start(decided, limit, now);
  }

  @Override
  public Next next(JobState state, RunEvent event, Duration now) {
    return misdecide(state, misread(state, event), now);
  }
}
