package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.plan.ClusterPlan.Worker;
import org.junit.jupiter.api.Test;

/** A job of several containers. */
class ClusterPlanningTest {
  private static final String THREE = "cluster.nodes = 3";
  private static final String SSH = "cluster.ssh = true";

  private static List<Worker> workers(PlanCase planned) {
    return planned.plan().cluster().orElseThrow().workers();
  }

  private static String hostFile(JobPlan plan) {
    return plan.generated().stream()
        .filter(file -> file.path().endsWith("docker_wrapper_hosts"))
        .findFirst()
        .orElseThrow()
        .text();
  }

  @Test
  void aJobOfOneContainerIsNoCluster() {
    JobPlan plan = PlanCase.of().plan();
    assertEquals(Optional.empty(), plan.cluster());
    assertEquals(Optional.empty(), plan.container().node());
    assertEquals(plan.container().limits().memoryBytes(), plan.memoryBytes());
  }

  @Test
  void cpusAndMemoryAreSharedOutAndTheDiskIsNot() {
    JobPlan alone = PlanCase.of().plan();
    JobPlan plan = PlanCase.of("cluster.nodes = 2").plan();
    for (ContainerPlan node :
        List.of(plan.container(), plan.cluster().orElseThrow().workers().getFirst().container())) {
      assertEquals(1, node.limits().cpus());
      assertEquals("1", node.env().get("BOINC_NCPUS"));
      assertEquals(512L << 20, node.limits().memoryBytes());
      assertEquals(alone.container().limits().diskBytes(), node.limits().diskBytes());
    }
    assertEquals(1L << 30, plan.memoryBytes());
    assertEquals(alone.watch(), plan.watch());
  }

  @Test
  void moreNodesThanCoresGetAPartOfACoreEach() {
    JobPlan plan = PlanCase.of("cluster.nodes = 16").plan();
    assertEquals(2 / 16.0, plan.container().limits().cpus());
    assertEquals("1", plan.container().env().get("BOINC_NCPUS"));
    assertTrue(hostFile(plan).endsWith("node15 slots=1\n"), hostFile(plan));
  }

  @Test
  void workersHaveNamesThatNeitherTheClientNorAnotherJobHas() {
    List<Worker> workers = workers(PlanCase.of(THREE));
    assertEquals(2, workers.size());
    for (Worker worker : workers) {
      assertTrue(worker.name().startsWith("boinc_"), worker.name());
      assertFalse(worker.name().startsWith("boinc__"), worker.name());
      assertFalse(Labels.isMain(worker.container().labels()));
    }
    assertTrue(workers.getLast().name().endsWith("_w2"), workers.getLast().name());
    assertTrue(Labels.isMain(PlanCase.of(THREE).plan().container().labels()));
  }

  @Test
  void eachNodeKnowsItsNumberAndItsCommand() {
    PlanCase planned =
        PlanCase.of(
            THREE,
            "container.args = [\"${NODE}\"]",
            "cluster.master = [\"lead\", \"${NODES}\"]",
            "cluster.worker = [\"follow\", \"${NODE}\", \"--rm\", \"--privileged\"]");
    ContainerPlan node0 = planned.plan().container();
    assertEquals(List.of("lead", "3"), node0.command());
    assertEquals(List.of("0"), node0.args());
    assertEquals("node0", node0.hostname());
    ContainerPlan node2 = workers(planned).getLast().container();
    assertEquals(List.of("follow", "2", "--rm", "--privileged"), node2.command());
    assertEquals(List.of(), node2.args());
    assertEquals("node2", node2.hostname());
    assertEquals("2", node2.env().get("BOINC_NODE"));
    assertEquals("3", node2.env().get("BOINC_NODES"));
  }

  @Test
  void withoutCommandsOfTheirOwnAllDoTheSame() {
    PlanCase planned =
        PlanCase.of(
            THREE, "container.command = [\"run\", \"${NODE}\"]", "container.args = [\"a\"]");
    assertEquals(List.of("run", "0"), planned.plan().container().command());
    assertEquals(List.of("run", "2"), workers(planned).getLast().container().command());
    assertEquals(List.of("a"), workers(planned).getLast().container().args());
  }

  @Test
  void theNodesHaveANetworkOfTheirOwnWhateverTheJobAsksFor() {
    for (String mode : List.of("none", "private", "nat")) {
      PlanCase planned = PlanCase.of(THREE, "network.mode = \"" + mode + "\"");
      NetworkPlan node0 = planned.plan().container().network();
      assertEquals(mode.equals("nat"), node0.nat(), mode);
      for (Worker worker : workers(planned)) {
        assertFalse(worker.container().network().nat(), mode);
        assertEquals(node0.own(), worker.container().network().own());
      }
      assertTrue(node0.own().isPresent());
    }
  }

  @Test
  void onlyNodeZeroPublishesPorts() {
    PlanCase planned =
        PlanCase.of(THREE, "network.mode = \"nat\"", "network.ports = [{ container = 80 }]");
    assertEquals(1, planned.plan().container().network().ports().size());
    assertEquals(List.of(), workers(planned).getFirst().container().network().ports());
  }

  @Test
  void aVolunteersNoToTheNetworkLeavesTheNodesTheirs() {
    NetworkPlan network =
        PlanCase.of(THREE, "network.mode = \"nat\"")
            .policy("network = \"none\"")
            .plan()
            .container()
            .network();
    assertFalse(network.nat());
    assertTrue(network.own().isPresent());
  }

  @Test
  void theHostFileIsWhereTheJobWantsItWithTheSlotsItWants() {
    JobPlan plan =
        PlanCase.of(THREE, "cluster.slots = 4", "cluster.hostfile = \"/etc/mpi\"").plan();
    assertEquals("node0 slots=4\nnode1 slots=4\nnode2 slots=4\n", hostFile(plan));
    assertTrue(
        plan.container().mounts().stream().anyMatch(mount -> mount.target().equals("/etc/mpi")));
  }

  @Test
  void sharedMemoryIsNodeZeros() {
    PlanCase planned = PlanCase.of(THREE);
    ContainerPlan node0 = planned.plan().container();
    assertEquals("shareable", node0.node().orElseThrow().ipc());
    ContainerPlan node1 = workers(planned).getFirst().container();
    assertEquals("container:abc", node1.beside(node0, "abc").node().orElseThrow().ipc());
    ContainerPlan alone = PlanCase.of(THREE, "cluster.shared_memory = false").plan().container();
    assertEquals("", alone.node().orElseThrow().ipc());
    assertEquals(node1, node1.beside(alone, "abc"));
  }

  @Test
  void aWorkerWithSshAndNoCommandIsAnSshServer() {
    PlanCase planned = PlanCase.of("cluster.nodes = 2", SSH, "cluster.ssh_port = 2222");
    ContainerPlan node1 = workers(planned).getFirst().container();
    assertEquals(List.of("/usr/sbin/sshd"), node1.entrypoint());
    assertEquals(List.of("-D", "-e", "-f", "/boinc/ssh/sshd_config"), node1.command());
    ClusterPlan.Keys keys = planned.plan().cluster().orElseThrow().keys().orElseThrow();
    assertEquals(2222, keys.port());
    assertTrue(
        planned.plan().container().mounts().stream()
            .anyMatch(mount -> mount.target().equals("/etc/ssh/ssh_config")));
  }

  @Test
  void sshWithoutAnOrdinaryUserIsRefused() {
    for (PlanCase without :
        List.of(
            PlanCase.of(THREE, SSH).rootless(),
            PlanCase.of(THREE, SSH, "container.user = \"image\""),
            PlanCase.of(THREE, SSH, "container.user = \"77:77\""),
            PlanCase.of(THREE, SSH, "container.add_user = false"))) {
      assertTrue(without.refusal().startsWith("cluster.ssh: sshd without"), without::refusal);
    }
  }

  @Test
  void severalContainersOnPodmanAreRefused() {
    PlanCase planned = PlanCase.of(THREE).engine(EngineFacts.Product.PODMAN, "5", false);
    assertTrue(planned.refusal().startsWith("cluster.nodes: this version runs"), planned::refusal);
  }

  @Test
  void severalContainersOnTheHostsNetworkAreRefused() {
    PlanCase planned =
        PlanCase.of(THREE, "security.host_network = true")
            .agreed("unsigned = true", "host_network = true");
    assertTrue(
        planned.refusal().startsWith("cluster.nodes: several containers on the host's own"),
        planned::refusal);
  }
}
