package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.boinc.ExitStatus;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A job of several containers, as one to the client; on Podman it is refused. */
@Tag(EngineUnderTest.ANY)
final class ClusterIT extends JobTest {
  /** Each node does its own part of job.sh. */
  private static final String BY_NODE =
      """
      [cluster]
      nodes = 2
      slots = 2
      worker = ["sh", "/app/worker.sh"]
      """;

  private static final String WORK = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done\n";

  /** Lives as long as node 0 does. */
  private static final String SERVING = "touch /app/serving\n" + ENDLESS;

  private Job.Builder pair(String name, String more, String master, String worker) {
    return jobs.mounted(name, more + BY_NODE, master)
        .slot(slot -> slot.ncpus(2))
        .script("worker.sh", worker)
        .file(SimulatedFile.output("out"));
  }

  private Job.Builder serving(String name) {
    return pair(name, "", UNTIL_GO + "echo done >out\n", SERVING);
  }

  private static List<ContainerState> states(Job job) throws Exception {
    return job.containers().stream().map(ContainerSighting::state).toList();
  }

  private static void await(Job job, ContainerState... states) throws Exception {
    Await.until(
        "its containers are " + List.of(states),
        Job.PATIENCE,
        () -> states(job).equals(List.of(states)));
  }

  private static void awaitServing(Job job) throws Exception {
    job.awaitWatched();
    Await.until("the worker serves", Job.PATIENCE, () -> Files.exists(job.work("serving")));
  }

  private static ContainerSighting worker(Job job) throws Exception {
    return job.containers().stream()
        .filter(found -> !Labels.isMain(found.labels()))
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> ids(Job job) throws Exception {
    return job.containers().stream()
        .map(ContainerSighting::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void assertNothingIsLeft(Job job) throws Exception {
    assertEquals(List.of(), job.containers());
    assertTrue(
        jobs.engine().engine().networks().list().stream()
            .noneMatch(
                network -> job.slot().resultName().equals(network.labels().get(Labels.RESULT))));
  }

  @Test
  void nodesReachEachOtherByNameAndNothingElse() throws Exception {
    Job job =
        pair(
                "pair",
                "",
                """
                cp /boinc/hosts hosts
                until nc node1 7000 </dev/null >got 2>/dev/null && [ -s got ]; do sleep 0.2; done
                ip route >routes
                echo "$BOINC_NODE of $BOINC_NODES at $(hostname) with $BOINC_NCPUS: $(cat got)" >out
                """,
                "echo \"$BOINC_NODE of $BOINC_NODES at $(hostname)\" | nc -l -p 7000\n" + ENDLESS)
            .start();
    job.endOfJob();
    assertEquals("0 of 2 at node0 with 1: 1 of 2 at node1\n", job.output("out"));
    assertEquals("node0 slots=2\nnode1 slots=2\n", Files.readString(job.file("hosts")));
    assertEquals(1, networks(job, "routes"));
    assertNothingIsLeft(job);
  }

  @Test
  void onlyNodeZeroHasTheWayOutThatTheJobAskedFor() throws Exception {
    Job job =
        pair(
                "nat",
                "[network]\nmode = \"nat\"\n",
                """
                until [ -e routes1 ]; do sleep 0.2; done
                ip route >routes0
                until nc node1 7000 </dev/null >out 2>/dev/null && [ -s out ]; do sleep 0.2; done
                """,
                "ip route >/app/new; mv /app/new /app/routes1; echo me | nc -l -p 7000\n" + ENDLESS)
            .start();
    job.endOfJob();
    assertEquals(2, networks(job, "routes0"));
    assertEquals(1, networks(job, "routes1"));
    assertEquals("me\n", job.output("out"));
    assertNothingIsLeft(job);
  }

  @Test
  void theNetworkThatTheClientSuspendsIsTheOneWithAWayOut() throws Exception {
    Job job =
        pair(
                "offline",
                "[network]\nmode = \"nat\"\n",
                "while [ ! -e /app/go ]; do ip route >new; mv new routes; sleep 0.2; done\n",
                SERVING)
            .start();
    awaitServing(job);
    Await.until("it is on", Job.PATIENCE, () -> networks(job, "routes") == 2);
    job.client().networkOff();
    Await.until("it is off", Job.PATIENCE, () -> networks(job, "routes") == 1);
    job.client().networkOn();
    Await.until("it is on again", Job.PATIENCE, () -> networks(job, "routes") == 2);
    job.go();
    job.endOfJob();
  }

  /** A route of its own leads to each network that a node is on. */
  private static long networks(Job job, String routes) throws Exception {
    Path file = Files.exists(job.work(routes)) ? job.work(routes) : job.file(routes);
    return Files.exists(file)
        ? Files.readAllLines(file).stream().filter(line -> line.contains("scope link")).count()
        : 0;
  }

  @Test
  void nodesShareMemory() throws Exception {
    Job job =
        pair(
                "shm",
                "",
                "until [ -e /dev/shm/x ]; do sleep 0.1; done; cp /dev/shm/x out\n",
                "echo shared >/dev/shm/new; mv /dev/shm/new /dev/shm/x\n" + ENDLESS)
            .start();
    job.endOfJob();
    assertEquals("shared\n", job.output("out"));
  }

  @Test
  void suspendAndResumeAreForAll() throws Exception {
    Job job = serving("paused").start();
    awaitServing(job);
    job.client().suspend();
    await(job, ContainerState.PAUSED, ContainerState.PAUSED);
    job.client().resume();
    await(job, ContainerState.RUNNING, ContainerState.RUNNING);
    job.go();
    job.endOfJob();
    assertNothingIsLeft(job);
  }

  @Test
  void aQuitFreezesAllAndTheNextEpisodeGoesOnWithAll() throws Exception {
    Job job = serving("quit").start();
    awaitServing(job);
    Set<String> before = ids(job);
    job.client().quit();
    assertTrue(job.end().end().restarts());
    await(job, ContainerState.PAUSED, ContainerState.PAUSED);
    job.start();
    await(job, ContainerState.RUNNING, ContainerState.RUNNING);
    assertEquals(before, ids(job));
    job.go();
    job.endOfJob();
    assertNothingIsLeft(job);
  }

  @Test
  void aKilledWrapperFindsAllAgain() throws Exception {
    Job job = serving("killed").start();
    awaitServing(job);
    Set<String> before = ids(job);
    job.client().kill9();
    job.end();
    // As if it had died in the middle of a pause.
    jobs.engine().engine().containers().pause(worker(job).id());
    job.start();
    await(job, ContainerState.RUNNING, ContainerState.RUNNING);
    assertEquals(before, ids(job));
    job.go();
    job.endOfJob();
    assertNothingIsLeft(job);
  }

  @Test
  void whatIsLeftOfAClusterThatWasHalfMadeIsMadeAnew() throws Exception {
    Job job = serving("half").start();
    awaitServing(job);
    job.client().kill9();
    job.end();
    ContainerSighting main =
        job.containers().stream()
            .filter(found -> Labels.isMain(found.labels()))
            .findFirst()
            .orElseThrow();
    jobs.engine().engine().containers().remove(main.id());
    Files.delete(job.work("serving"));
    job.start();
    awaitServing(job);
    assertEquals(2, job.containers().size());
    job.go();
    job.endOfJob();
    assertNothingIsLeft(job);
  }

  @Test
  void afterARebootAllBeginAnew() throws Exception {
    Job job = serving("reboot").start();
    awaitServing(job);
    job.client().kill9();
    job.end();
    for (ContainerSighting found : job.containers()) {
      if (Labels.isMain(found.labels())) {
        jobs.engine().engine().containers().kill(found.id());
      }
    }
    Await.until("node 0 is dead", Job.PATIENCE, () -> states(job).contains(ContainerState.EXITED));
    Files.delete(job.work("serving"));
    job.start();
    awaitServing(job);
    await(job, ContainerState.RUNNING, ContainerState.RUNNING);
    job.go();
    job.endOfJob();
    assertNothingIsLeft(job);
  }

  @Test
  void aWorkersFailureEndsTheJobWithASentence() throws Exception {
    Job job = pair("failing", "", ENDLESS, "echo it broke; sleep 1; exit 3\n").start();
    Episode episode = job.end();
    assertFailed(episode, ExitStatus.EXIT_CHILD_FAILED);
    assertTrue(
        job.stderr()
            .contains(
                "node 1 of the job ended with status 3 before node 0 did, so that the job can't go on"),
        job.stderr());
    assertTrue(job.stderr().contains("node 1 wrote: it broke"));
    assertNothingIsLeft(job);
  }

  @Test
  void aWorkerThatIsKilledEndsTheJob() throws Exception {
    Job job = serving("murdered").start();
    awaitServing(job);
    jobs.engine().engine().containers().kill(worker(job).id());
    assertFailed(job.end(), ExitStatus.EXIT_CHILD_FAILED);
    assertTrue(job.stderr().contains("node 1 of the job ended with status 137"), job.stderr());
    assertNothingIsLeft(job);
  }

  @Test
  void aWorkerThatHasDoneItsWorkMayEnd() throws Exception {
    Job job =
        pair(
                "early",
                "",
                "until [ -e part ]; do sleep 0.1; done\nsleep 6\ncp part out\n",
                "echo part >/app/part\n")
            .start();
    job.endOfJob();
    assertEquals("part\n", job.output("out"));
    assertNothingIsLeft(job);
  }

  @Test
  void abortRemovesAll() throws Exception {
    Job job = serving("abort").start();
    awaitServing(job);
    job.client().abort();
    job.end();
    assertNothingIsLeft(job);
  }

  @Test
  void cpuTimeAndMemoryOfAllAreTold() throws Exception {
    Job job =
        pair(
                "sum",
                "",
                UNTIL_GO,
                "head -c 20000000 /dev/zero >/dev/shm/fill\n"
                    + WORK
                    + "touch /app/serving\n"
                    + ENDLESS)
            .start();
    awaitServing(job);
    job.awaitReport("the worker's memory", status -> status.workingSet().orElse(0) > 19_000_000);
    Thread.sleep(Duration.ofSeconds(3));
    AppStatus told = job.client().status().orElseThrow();
    assertTrue(told.currentCpuTime() > 0.2, told::toString);
    job.client().kill9();
    job.end();
    job.start();
    job.awaitReport("the same", status -> status.currentCpuTime() >= told.currentCpuTime() - 0.1);
    job.go();
    double last = job.endOfJob().reports().getLast().currentCpuTime();
    assertTrue(last < told.currentCpuTime() + 2, "nothing counts twice: " + last);
  }

  @Test
  void inCopyModeEachNodeHasTheInputsAndNodeZeroTheOutputs() throws Exception {
    Job job =
        jobs.copying(
                "copies",
                List.of(),
                "out = [{ src = \"/work/out\", dst = \"out\" }]\n[cluster]\nnodes = 3\n",
                """
                if [ $BOINC_NODE -gt 0 ]; then echo $BOINC_NODE >/work/out; echo "I am $BOINC_NODE" | nc -l -p 7000; sleep 1000; fi
                for n in 1 2; do until nc node$n 7000 </dev/null >got 2>/dev/null && [ -s got ]; do sleep 0.2; done; cat got >>out; done
                """)
            .file(SimulatedFile.output("out"))
            .start();
    job.endOfJob();
    assertEquals("I am 1\nI am 2\n", job.output("out"));
    assertNothingIsLeft(job);
  }

  private static void assertFailed(Episode episode, ExitStatus status) {
    assertInstanceOf(EpisodeEnd.ComputeError.class, episode.end(), episode.end().sentence());
    assertEquals(status.code(), episode.status());
  }
}
