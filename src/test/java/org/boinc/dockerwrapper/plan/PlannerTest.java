package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.job.ByteSize;
import org.boinc.dockerwrapper.job.Origin;
import org.boinc.dockerwrapper.plan.ContainerPlan.RunAs;
import org.boinc.dockerwrapper.plan.NetworkPlan.PublishedPort;
import org.junit.jupiter.api.Test;

/** Who the job runs as, what it can reach, what is watched; each other topic has its own test. */
class PlannerTest {
  private static final String ROOT =
      "container.user: 0 needs the volunteer's consent (and comes with a workunit,"
          + " which the project has not signed); to give it run boinc-docker policy allow"
          + " example.org_Proj --root --unsigned, or edit /boinc/docker_policy.toml";

  private static RunAs user(PlanCase planned) {
    return planned.plan().container().user();
  }

  @Test
  void onARootfulEngineTheJobIsTheClientsUser() {
    assertEquals(new RunAs.Ids(998, 997), user(PlanCase.of()));
    assertEquals(
        new Origin(Origin.Source.ENGINE, "rootful"),
        PlanCase.of().plan().origins().get("container.user"));
  }

  @Test
  void onARootlessEngineRootIsTheClientsUser() {
    assertEquals(new RunAs.Ids(0, 0), user(PlanCase.of().rootless()));
  }

  @Test
  void aJobMayHaveTheImagesUserOrNumbers() {
    assertEquals(new RunAs.OfImage(), user(PlanCase.of("container.user = \"image\"")));
    assertEquals(new RunAs.Ids(1000, 1001), user(PlanCase.of("container.user = \"1000:1001\"")));
    assertEquals(new RunAs.Ids(1000, 1000), user(PlanCase.of("container.user = \"1000\"")));
  }

  @Test
  void rootOfTheHostIsRefused() {
    assertEquals(ROOT, PlanCase.of("container.user = \"0:1000\"").refusal());
    assertEquals(new RunAs.Ids(0, 0), user(PlanCase.of("container.user = \"0\"").rootless()));
  }

  @Test
  void theJobsUserHasANameAndAHome() {
    JobPlan plan = PlanCase.of().plan();
    Path passwd = PlanCase.SLOT.resolve("docker_wrapper_passwd");
    assertTrue(
        plan.generated()
            .contains(
                new JobPlan.GeneratedFile(
                    passwd,
                    "root:x:0:0:root:/root:/bin/sh\nboinc:x:998:997:BOINC job:/tmp:/bin/sh\n",
                    false)));
    assertTrue(plan.container().mounts().contains(new Mount.Bind(passwd, "/etc/passwd", true)));
    assertTrue(
        plan.container()
            .mounts()
            .contains(
                new Mount.Bind(PlanCase.SLOT.resolve("docker_wrapper_group"), "/etc/group", true)));
    assertEquals(List.of(), PlanCase.of("container.user = \"image\"").plan().generated());
    assertEquals(List.of(), PlanCase.of("container.add_user = false").plan().generated());
  }

  @Test
  void rootAppearsInThePasswdOnce() {
    String text = PlanCase.of().rootless().plan().generated().getFirst().text();
    assertEquals("root:x:0:0:root:/root:/bin/sh\n", text);
  }

  @Test
  void tmpIsPrivateMemoryUnlessTheJobBringsItsOwn() {
    assertTrue(
        PlanCase.of()
            .plan()
            .container()
            .mounts()
            .contains(new Mount.Tmpfs("/tmp", new ByteSize(64 << 20))));
    List<Mount> own =
        PlanCase.legacy("create_args = \"-v t:/tmp\"").directory("t").plan().container().mounts();
    assertEquals(1, own.stream().filter(m -> m.target().equals("/tmp")).count());
  }

  @Test
  void aJobOfSchemaOneHasNoNetworkAndAnOlderOneHas() {
    assertFalse(PlanCase.of().plan().container().network().nat());
    assertTrue(PlanCase.legacy().plan().container().network().nat());
    assertTrue(PlanCase.of("network.mode = \"nat\"").plan().container().network().nat());
  }

  @Test
  void c51ThePortOfGraphicsIsPublishedOnceAndAnywhere() {
    assertEquals(
        new NetworkPlan(
            true,
            Optional.empty(),
            List.of(new PublishedPort(8080, 0, "tcp", false)),
            8080,
            Map.of(),
            List.of()),
        PlanCase.of("network.mode = \"nat\"", "network.graphics_port = 8080")
            .plan()
            .container()
            .network());
    assertEquals(
        List.of(new PublishedPort(8080, 2000, "tcp", false)),
        PlanCase.of(
                "[network]",
                "mode = \"nat\"",
                "graphics_port = 8080",
                "[[network.ports]]",
                "container = 8080",
                "host = 2000")
            .plan()
            .container()
            .network()
            .ports());
  }

  @Test
  void aPortNeedsANetwork() {
    assertEquals(
        "network.graphics_port: a published port needs network.mode = \"nat\"",
        PlanCase.of("network.graphics_port = 8080").refusal());
    assertEquals(
        "network.ports: a published port needs network.mode = \"nat\"",
        PlanCase.of("[[network.ports]]", "container = 80").refusal());
  }

  @Test
  void everyContainerCanBeFoundByItsLabels() {
    Map<String, String> labels = PlanCase.of().plan().labels();
    assertEquals(
        Map.of(
            "boinc.project", "example.org_Proj",
            "boinc.result", "WU_One_0",
            "boinc.wu", "WU_One",
            "boinc.client", "/boinc",
            "boinc.slot", "/boinc/slots/7",
            "boinc.wrapper", "0.1"),
        labels);
    Map<String, String> identity =
        Labels.identity(
            PlanCase.named(PlanCase.PROJECT, "WU_One", "WU_One_0", "app", ""), PlanCase.SLOT);
    assertTrue(labels.entrySet().containsAll(identity.entrySet()));
    assertTrue(labels.entrySet().containsAll(Labels.ofSlot(PlanCase.SLOT).entrySet()));
  }

  @Test
  void aJobsOwnLabelsComeBesideOurs() {
    Map<String, String> labels = PlanCase.legacy("create_args = \"-l team=blue\"").plan().labels();
    assertEquals("blue", labels.get("team"));
    assertEquals("WU_One_0", labels.get("boinc.result"));
  }

  @Test
  void theHostNameIsTheSlots() {
    assertEquals("boinc-7", PlanCase.of().plan().container().hostname());
    assertEquals(
        "node", PlanCase.of("container.hostname = \"node\"").plan().container().hostname());
  }

  @Test
  void progressIsReadWhereTheJobWritesIt() {
    WatchPlan mounted = PlanCase.of("progress.file = \"p.txt\"").plan().watch();
    assertEquals(Optional.of(PlanCase.WORK.resolve("p.txt")), mounted.progressFile());
    assertEquals(Optional.empty(), mounted.progressPath());

    WatchPlan inside =
        PlanCase.of("files.slot = \"\"", "progress.file = \"/run/p.txt\"").plan().watch();
    assertEquals(Optional.empty(), inside.progressFile());
    assertEquals(Optional.of("/run/p.txt"), inside.progressPath());

    WatchPlan copied = PlanCase.of("files.slot = \"\"", "progress.file = \"p.txt\"").plan().watch();
    assertEquals(Optional.empty(), copied.progressFile());
    assertEquals(Optional.of("p.txt"), copied.progressPath());
  }

  @Test
  void argumentsAreAppendedToTheImagesCommandWhereTheJobHasNone() {
    ImageFacts image =
        new ImageFacts(
            "sha256:0",
            List.of(),
            "",
            "",
            List.of(),
            List.of("run", "all"),
            "linux",
            "amd64",
            Map.of(),
            List.of());
    ContainerPlan args = PlanCase.of("container.args = [\"-v\"]").plan().container();
    assertEquals(List.of("run", "all", "-v"), args.commandFor(image));
    ContainerPlan own =
        PlanCase.of("container.command = [\"mine\"]", "container.args = [\"-v\"]")
            .plan()
            .container();
    assertEquals(List.of("mine", "-v"), own.commandFor(image));
    ContainerPlan entry =
        PlanCase.of("container.entrypoint = [\"/e\"]", "container.args = [\"-v\"]")
            .plan()
            .container();
    assertEquals(List.of("-v"), entry.commandFor(image), "the image's CMD is for its own");
    assertEquals(List.of(), PlanCase.of().plan().container().commandFor(image));
  }
}
