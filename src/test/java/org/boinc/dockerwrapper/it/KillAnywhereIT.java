package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.boinc.dockerwrapper.it.FaultyProxy.Spoil;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/**
 * Kills the wrapper at every request to the engine that a short job needs, once before the engine
 * gets the request and once when it has done it but the wrapper does not know. The next episode is
 * killed at a later request, and so on; the last one finishes the job, whose payload comes to its
 * end once and no more.
 */
final class KillAnywhereIT extends JobTest {
  /** More requests than any of these jobs needs. */
  private static final int FAR_TOO_MANY = 100;

  /**
   * So many requests lie between the places where one job is killed: each episode makes some
   * progress, and all have their turn after so many jobs.
   */
  private static final int STRIDE = 4;

  /** Where the wrapper dies. */
  private enum Moment {
    BEFORE_THE_ENGINE_ACTS,
    BEFORE_THE_ANSWER_COMES
  }

  /** How a job is laid out. */
  @FunctionalInterface
  private interface Layout {
    Job.Builder of(String name);
  }

  @Test
  void aJobInCopyModeThatIsKilledBeforeTheEngineActs() throws Exception {
    killEverywhere(Moment.BEFORE_THE_ENGINE_ACTS, this::inCopyMode);
  }

  @Test
  void aJobInCopyModeThatIsKilledBeforeTheAnswerComes() throws Exception {
    killEverywhere(Moment.BEFORE_THE_ANSWER_COMES, this::inCopyMode);
  }

  @Test
  void aMountedJobThatIsKilledBeforeTheEngineActs() throws Exception {
    killEverywhere(Moment.BEFORE_THE_ENGINE_ACTS, this::mounted);
  }

  @Test
  void aMountedJobThatIsKilledBeforeTheAnswerComes() throws Exception {
    killEverywhere(Moment.BEFORE_THE_ANSWER_COMES, this::mounted);
  }

  @Test
  void aBuildingJobThatIsKilledBeforeTheEngineActs() throws Exception {
    killEverywhere(Moment.BEFORE_THE_ENGINE_ACTS, this::building);
  }

  @Test
  void aBuildingJobThatIsKilledBeforeTheAnswerComes() throws Exception {
    killEverywhere(Moment.BEFORE_THE_ANSWER_COMES, this::building);
  }

  @Test
  void aJobThatIsKilledAgainAndAgain() throws Exception {
    for (Layout layout : List.<Layout>of(this::inCopyMode, this::mounted, this::building)) {
      try (Trial trial = new Trial(layout, "again")) {
        for (int n : List.of(4, 9, 2, 12, 7, 15, 5)) {
          AtomicInteger number = new AtomicInteger();
          trial.kill(_ -> number.incrementAndGet() == n, Moment.values()[n % 2]);
        }
        trial.finish("killed again and again");
      }
    }
  }

  private Job.Builder inCopyMode(String name) {
    return jobs.copying(
            name,
            List.of(),
            """
            out = [{ src = "/work/out", dst = "out" }]
            project = "/project"
            project_access = "rw"
            """,
            "echo ran >>/work/out; echo ran >>/project/${BOINC_WU}_out_runs")
        .file(SimulatedFile.output("out"))
        .file(SimulatedFile.output("runs"));
  }

  private Job.Builder mounted(String name) {
    return jobs.mounted(name, "cat in >>out; echo ran >>out; echo ran >>runs")
        .file(SimulatedFile.input("in", "").copied())
        .file(SimulatedFile.output("runs"))
        .file(SimulatedFile.output("out"));
  }

  private Job.Builder building(String name) {
    return jobs.building(
            name,
            "FROM busybox:stable\nRUN echo %s\n".formatted(name),
            "echo ran >>out; echo ran >>runs")
        .file(SimulatedFile.output("runs"))
        .file(SimulatedFile.output("out").copied());
  }

  private void killEverywhere(Moment moment, Layout layout) throws Exception {
    List<Request> all = undisturbed(layout);
    assertTrue(all.size() > 10, "no job needs as few requests as these: " + all);
    Deque<List<Request>> chains = new ArrayDeque<>();
    for (int first = 0; first < STRIDE; first++) {
      chains.add(everyOther(all.subList(first, all.size())));
    }
    while (!chains.isEmpty()) {
      List<Request> left = killAt(chains.remove(), moment, layout);
      if (!left.isEmpty()) {
        chains.add(left);
      }
    }
  }

  private static List<Request> everyOther(List<Request> requests) {
    return IntStream.range(0, requests.size())
        .filter(i -> i % STRIDE == 0)
        .mapToObj(requests::get)
        .toList();
  }

  private List<Request> undisturbed(Layout layout) throws Exception {
    try (Trial trial = new Trial(layout, "undisturbed")) {
      trial.finish("undisturbed");
      Course course = new Course();
      return trial.proxy.requests().stream().map(request -> course.next(request.line())).toList();
    }
  }

  /**
   * Kills one job at these requests, one per episode.
   *
   * @return those that it did not make any more
   */
  private List<Request> killAt(List<Request> chain, Moment moment, Layout layout) throws Exception {
    List<Request> left = new ArrayList<>();
    List<Request> killed = new ArrayList<>();
    try (Trial trial = new Trial(layout, "kill")) {
      for (Request request : chain) {
        Course course = new Course();
        if (trial.kill(line -> course.next(line).equals(request), moment)) {
          killed.add(request);
        } else {
          left.add(request);
        }
      }
      trial.finish("%s at %s".formatted(moment, killed));
    }
    // How often it is polled is not always the same.
    assertTrue(
        !killed.isEmpty() || Course.POLL.matcher(chain.getFirst().what()).matches(),
        () -> "a new job never makes this request: " + chain.getFirst());
    return killed.isEmpty() ? left.subList(1, left.size()) : left;
  }

  /**
   * A request that is known again in another job, and in an episode that begins in the middle.
   *
   * @param what method and path without what is this job's own
   * @param before the one that came before it, but for polls
   * @param time how often the two have followed each other in this episode
   */
  private record Request(String what, String before, int time) {}

  /** The requests of one episode. */
  private static final class Course {
    private static final String THE_SWEEPS = "a request of the sweep";

    /** On a thread of its own, more or less often as the machine is busy or not. */
    private static final Pattern POLL =
        Pattern.compile("GET /containers/ID/(json|stats)|" + THE_SWEEPS);

    /** Begins some seconds after the wrapper, wherever the job is by then. */
    private static final Pattern SWEEP =
        Pattern.compile("GET /(images/json|networks|containers/json\\?all=true)( .*)?");

    private final Map<List<String>, Integer> times = new HashMap<>();
    private String before = "start";

    synchronized Request next(String line) {
      String what =
          SWEEP.matcher(line).matches()
              ? THE_SWEEPS
              : line.replaceFirst("\\?.*", "")
                  .replaceFirst("(/v[0-9.]+/libpod)?/containers/[0-9a-f]{64}", "/containers/ID")
                  .replaceFirst("(/images)/.*", "$1/NAME");
      // Asked on a thread of its own, sooner or later than what is asked beside it.
      boolean beside = what.endsWith("/wait");
      String previous = beside ? "any" : before;
      if (!beside && !POLL.matcher(what).matches()) {
        before = what;
      }
      return new Request(what, previous, times.merge(List.of(what, previous), 1, Integer::sum));
    }
  }

  /** One job with a proxy of its own. */
  private final class Trial implements AutoCloseable {
    private final FaultyProxy proxy;
    private final Job job;

    Trial(Layout layout, String name) throws Exception {
      proxy = new FaultyProxy(Files.createTempDirectory(data, "p"), jobs.engine().socket());
      job = layout.of(name).through(proxy).prepare();
    }

    /**
     * Kills the next episode at a request, unless the job comes to its end before.
     *
     * @param deadly is shown each request of the episode once
     * @return whether the request was made
     */
    boolean kill(Predicate<String> deadly, Moment moment) throws Exception {
      if (job.isOver()) {
        return false;
      }
      AtomicInteger since = new AtomicInteger();
      proxy.spoil(
          line -> (since.get() > 0 || deadly.test(line)) && since.incrementAndGet() == 1,
          1,
          switch (moment) {
            case BEFORE_THE_ENGINE_ACTS -> new Spoil.Mute();
            case BEFORE_THE_ANSWER_COMES -> new Spoil.Cut(0);
          });
      proxy.spoil(_ -> since.get() > 1, FAR_TOO_MANY, new Spoil.Mute());
      // Another request shows that the engine has done what it was asked for.
      int last = moment == Moment.BEFORE_THE_ENGINE_ACTS ? 1 : 2;
      job.start();
      Await.until(
          "the deadly request, or the end",
          Job.PATIENCE,
          () -> since.get() >= last || !job.client().isRunning());
      if (job.client().isRunning()) {
        job.client().kill9();
      }
      job.end();
      proxy.heal();
      return since.get() > 0;
    }

    /** The next episode must finish the job, and nobody must have finished it before. */
    void finish(String about) throws Exception {
      Episode episode = job.isOver() ? job.client().episodes().getLast() : job.run();
      String happened = about + " " + job.stderr();
      assertInstanceOf(EpisodeEnd.Completed.class, episode.end(), happened);
      assertEquals("ran\n", job.output("out"), happened);
      // Every container of the job that comes to its end adds to this file of the host.
      assertEquals("ran\n", job.output("runs"), happened);
      assertEquals(List.of(), job.removeLeftOvers(), happened);
    }

    @Override
    public void close() throws IOException {
      proxy.close();
    }
  }
}
