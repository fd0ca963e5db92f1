package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.jspecify.annotations.Nullable;

/**
 * Does the steps, one after another on one thread, and answers each with an event. The loop never
 * waits for it, and {@link #cancel} closes the connection in use.
 */
final class ActionRunner implements AutoCloseable {
  private final JobContext context;
  private final Steps steps;
  private final Consumer<RunEvent> post;

  /**
   * Not a virtual thread: with one that has used a socket, {@code Runtime.halt} takes 300 ms
   * longer.
   */
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("actions").factory());

  private volatile Wishes.Network network = Wishes.Network.UNKNOWN;
  private volatile boolean fetching;
  private volatile int cancelledThrough;
  private volatile boolean withdrawn;
  private int started;
  private @Nullable Thread working;

  ActionRunner(JobContext context, Journal journal, Consumer<RunEvent> post) {
    this.context = context;
    this.steps = new Steps(context, journal, () -> network, () -> fetching = true);
    this.post = post;
  }

  /** Starts a step; its event follows. */
  void perform(Step step) {
    int number = ++started;
    worker.execute(() -> run(step, number));
  }

  /** Makes the step in progress fail soon. */
  void cancel() {
    cancelledThrough = started;
    interrupt();
  }

  /** What the client's heartbeats say; a fetch in progress stops when the network is withdrawn. */
  void network(boolean allowed) {
    network = allowed ? Wishes.Network.ALLOWED : Wishes.Network.SUSPENDED;
    if (!allowed) {
      steps.network().suspend();
    }
    if (!allowed && fetching) {
      withdrawn = true;
      interrupt();
    }
  }

  private void interrupt() {
    steps.engine().ifPresent(Engine::cancel);
    synchronized (this) {
      if (working != null) {
        working.interrupt();
      }
    }
  }

  /** What the steps have found so far. */
  Steps steps() {
    return steps;
  }

  /** Something done with the running container beside the steps, by its ID. */
  @FunctionalInterface
  interface Aside {
    void on(Containers containers, String id) throws EngineException;
  }

  /**
   * Does it on a thread of its own.
   *
   * @param otherwise what holds where it fails, before the reason
   */
  void aside(String name, String otherwise, Aside action) {
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              try {
                action.on(
                    steps.engine().orElseThrow().containers(), steps.containerId().orElseThrow());
              } catch (EngineException e) {
                context.log().say(otherwise + ": " + e.sentence());
              }
            });
  }

  private void run(Step step, int number) {
    synchronized (this) {
      working = Thread.currentThread();
    }
    RunEvent answer;
    try {
      answer =
          number <= cancelledThrough
              ? new RunEvent.Failed(step, new Failure.Cancelled())
              : steps.perform(step);
    } catch (StepFailure e) {
      answer = new RunEvent.Failed(step, e.failure());
    } catch (EngineException e) {
      answer = new RunEvent.Failed(step, Failures.of(e, step));
    } catch (IOException e) {
      answer = new RunEvent.Failed(step, Failures.of(e));
    } catch (InterruptedException e) {
      answer = new RunEvent.Failed(step, new Failure.Cancelled());
    } catch (RuntimeException e) {
      context.log().importantBlock("a bug in the wrapper, in step " + step, stackTrace(e));
      answer = new RunEvent.Failed(step, new Failure.Bug(e.toString()));
    }
    post.accept(afterCancel(answer, step, number));
  }

  /** What fails after a cancellation failed because of it. */
  private RunEvent afterCancel(RunEvent answer, Step step, int number) {
    boolean wasWithdrawn = withdrawn;
    synchronized (this) {
      working = null;
      Thread.interrupted();
      withdrawn = false;
      fetching = false;
    }
    if (!(answer instanceof RunEvent.Failed)) {
      return answer;
    }
    if (wasWithdrawn) {
      return new RunEvent.Failed(step, new Failure.NetworkNeeded());
    }
    return number <= cancelledThrough ? new RunEvent.Failed(step, new Failure.Cancelled()) : answer;
  }

  private static String stackTrace(RuntimeException e) {
    java.io.StringWriter text = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  @Override
  public void close() {
    worker.shutdownNow();
    steps.network().close();
    steps.engine().ifPresent(Engine::close);
  }
}
