package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.run.JobState.Collecting;
import org.boinc.dockerwrapper.run.JobState.Ended;
import org.boinc.dockerwrapper.run.JobState.Leaving;
import org.boinc.dockerwrapper.run.JobState.Preparing;
import org.boinc.dockerwrapper.run.JobState.Running;
import org.boinc.dockerwrapper.run.JobState.Stopping;
import org.junit.jupiter.api.Test;

/**
 * What holds for every state and every event; the sentences are in the tests of the rules. An
 * answer of a step is an event only in states where that step may be in progress.
 */
class JobMachineTest {
  private static final Set<Step> ON_THE_WAY =
      Set.of(Step.IMAGE, Step.CREATE, Step.COPY_IN, Step.START);

  @Test
  void everyPairOfStateAndEventIsTried() {
    Set<String> seen = new HashSet<>();
    for (JobState state : EveryPair.states()) {
      for (RunEvent event : EveryPair.events()) {
        assertDoesNotThrow(
            () -> JobMachine.next(state, event, EveryPair.NOW), () -> state + " + " + event);
        seen.add(pair(state.getClass(), event.getClass()));
      }
    }
    for (Class<?> state : JobState.class.getPermittedSubclasses()) {
      for (Class<?> event : RunEvent.class.getPermittedSubclasses()) {
        assertTrue(seen.contains(pair(state, event)), () -> "never tried: " + pair(state, event));
      }
    }
  }

  @Test
  void atMostOneStepIsInProgressAndNoneIsForgotten() {
    EveryPair.forEach(
        (state, event) -> {
          Next next = JobMachine.next(state, event, EveryPair.NOW);
          List<Step> begun = begun(next);
          boolean free = !EveryPair.isBusy(state) || EveryPair.isAnswer(event);
          assertTrue(
              begun.isEmpty() || (begun.size() == 1 && free), () -> text(state, event, next));
          if (!(next.state() instanceof Ended)) {
            boolean busy = !begun.isEmpty() || !free;
            assertEquals(busy, EveryPair.isBusy(next.state()), () -> text(state, event, next));
          }
        });
  }

  @Test
  void nothingIsDoneAfterTheEnd() {
    EveryPair.forEach(
        (state, event) -> {
          Next next = JobMachine.next(state, event, EveryPair.NOW);
          if (next.state() instanceof Ended) {
            assertEquals(List.of(), begun(next), () -> text(state, event, next));
          }
          if (state instanceof Ended) {
            assertEquals(Next.stay(state), next);
          }
        });
  }

  @Test
  void whatHasEndedIsNotStartedAgain() {
    EveryPair.forEach(
        (state, event) -> {
          boolean ended =
              event instanceof RunEvent.Sighted(Sighting.Exited _)
                  || state instanceof Stopping
                  || (state instanceof Preparing preparing && preparing.limit().isPresent())
                  || state instanceof Leaving
                  || (state instanceof Collecting collecting && collecting.limit().isPresent());
          Next next = JobMachine.next(state, event, EveryPair.NOW);
          if (ended) {
            assertTrue(
                begun(next).stream().noneMatch(ON_THE_WAY::contains),
                () -> text(state, event, next));
            assertFalse(
                next.state() instanceof Preparing preparing && preparing.limit().isEmpty(),
                () -> text(state, event, next));
          }
        });
  }

  @Test
  void whoIsAskedToGoGoes() {
    for (JobState state : EveryPair.states()) {
      for (RunEvent event :
          List.of(
              asked(ClientRequest.QUIT), new RunEvent.ClientGone(), new RunEvent.Terminated())) {
        Next next = JobMachine.next(state, event, EveryPair.NOW);
        Outcome outcome = outcome(next.state()).orElseThrow();
        assertTrue(
            outcome instanceof Outcome.Left
                || outcome instanceof Outcome.Aborted
                || state instanceof Ended,
            () -> text(state, event, next));
      }
      Next next = JobMachine.next(state, asked(ClientRequest.ABORT), EveryPair.NOW);
      assertTrue(
          outcome(next.state()).orElseThrow() instanceof Outcome.Aborted || state instanceof Ended,
          () -> text(state, asked(ClientRequest.ABORT), next));
    }
  }

  @Test
  void aResultIsOnlyEverTheOneThatWasCollectedOrSettled() {
    EveryPair.forEach(
        (state, event) -> {
          Next next = JobMachine.next(state, event, EveryPair.NOW);
          Optional<Outcome> known =
              event instanceof RunEvent.Collected(Outcome collected) && state instanceof Collecting
                  ? Optional.of(collected)
                  : outcome(state);
          outcome(next.state())
              .filter(Outcome::isDecided)
              .filter(outcome -> !(outcome instanceof Outcome.LimitHit))
              .ifPresent(
                  outcome ->
                      assertEquals(known, Optional.of(outcome), () -> text(state, event, next)));
        });
  }

  @Test
  void everyLineIsASentenceForPeople() {
    EveryPair.forEach(
        (state, event) -> {
          for (Action action : JobMachine.next(state, event, EveryPair.NOW).actions()) {
            if (action instanceof Action.Say(String line)) {
              assertTrue(line.length() > 5 && Character.isLowerCase(line.charAt(0)), line);
            }
          }
        });
  }

  private static List<Step> begun(Next next) {
    return next.actions().stream()
        .flatMap(
            a ->
                a instanceof Action.Do(Step step)
                    ? List.of(step).stream()
                    : List.<Step>of().stream())
        .toList();
  }

  private static Optional<Outcome> outcome(JobState state) {
    return switch (state) {
      case Leaving leaving -> Optional.of(leaving.outcome());
      case Ended(Outcome outcome) -> Optional.of(outcome);
      case Preparing _, Running _, Stopping _, Collecting _ -> Optional.empty();
    };
  }

  private static RunEvent asked(ClientRequest request) {
    return new RunEvent.Asked(request);
  }

  private static String pair(Class<?> state, Class<?> event) {
    return state.getSimpleName() + " + " + event.getSimpleName();
  }

  private static String text(JobState state, RunEvent event, Next next) {
    return state + " + " + event + " -> " + next;
  }
}
