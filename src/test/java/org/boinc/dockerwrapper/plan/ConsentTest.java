package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.boinc.dockerwrapper.plan.HostPath.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job gets of what it asks for under [security], and what it does not. */
class ConsentTest {
  private static PlanCase signed(String... lines) {
    return PlanCase.of(lines).ofAppVersion("job.toml");
  }

  private static Privileges privileges(PlanCase planned) {
    return planned.plan().container().privileges();
  }

  @Test
  void aJobThatAsksForNothingHasNothing() {
    assertEquals(Privileges.NONE, privileges(PlanCase.of()));
  }

  @Test
  void withoutConsentTheRefusalSaysWhatAndHowToAllowIt() {
    assertEquals(
        "security.caps: SYS_ADMIN, security.devices = /dev/fuse, security.host_network = true need"
            + " the volunteer's consent; to give it run boinc-docker policy allow example.org_Proj"
            + " --cap SYS_ADMIN --device /dev/fuse --host-network, or edit"
            + " /boinc/docker_policy.toml",
        signed(
                "security.caps = [\"SYS_ADMIN\"]",
                "security.devices = [\"/dev/fuse\"]",
                "security.host_network = true")
            .onHost("/dev/fuse", Kind.CHARACTER_DEVICE)
            .refusal());
  }

  @Test
  void whatWasAgreedToIsGiven() {
    Privileges privileges =
        privileges(
            signed(
                    "security.caps = [\"SYS_ADMIN\"]",
                    "security.devices = [\"/dev/fuse\"]",
                    "security.host_mounts = [{ host = \"/cvmfs/atlas\", at = \"/cvmfs\" }]",
                    "security.host_ipc = true")
                .agreed(
                    "caps = [\"SYS_ADMIN\", \"NET_ADMIN\"]",
                    "devices = [\"/dev/fuse\"]",
                    "mounts = [\"/cvmfs:ro\"]",
                    "host_ipc = true",
                    "host_network = true")
                .onHost("/dev/fuse", Kind.CHARACTER_DEVICE)
                .onHost("/cvmfs/atlas", Kind.DIRECTORY)
                .onHost("/cvmfs", Kind.DIRECTORY));
    assertEquals(List.of("SYS_ADMIN"), privileges.caps());
    assertEquals(List.of(Path.of("/dev/fuse")), privileges.devices());
    assertEquals(
        List.of(new Mount.Bind(Path.of("/cvmfs/atlas"), "/cvmfs", true)), privileges.mounts());
    assertTrue(privileges.hostIpc());
    assertEquals(false, privileges.hostNetwork(), "agreed to, but not asked for");
  }

  @Test
  void whatIsGivenNeedsNotBeAskedFor() {
    Privileges privileges =
        privileges(
            PlanCase.of()
                .agreed("give = [\"cap:SYS_ADMIN\", \"device:/dev/fuse\", \"mount:/cvmfs:ro\"]")
                .onHost("/dev/fuse", Kind.CHARACTER_DEVICE)
                .onHost("/cvmfs", Kind.DIRECTORY));
    assertEquals(List.of("SYS_ADMIN"), privileges.caps());
    assertEquals(List.of(Path.of("/dev/fuse")), privileges.devices());
    assertEquals(List.of(new Mount.Bind(Path.of("/cvmfs"), "/cvmfs", true)), privileges.mounts());
  }

  @Test
  void anUnsignedJobFileNeedsAConsentOfItsOwn() {
    PlanCase asking = PlanCase.of("security.caps = [\"SYS_ADMIN\"]");
    assertEquals(
        "security.caps: SYS_ADMIN needs the volunteer's consent (and comes with a workunit, which"
            + " the project has not signed); to give it run boinc-docker policy allow"
            + " example.org_Proj --unsigned, or edit /boinc/docker_policy.toml",
        asking.agreed("caps = [\"SYS_ADMIN\"]").refusal());
    assertEquals(
        List.of("SYS_ADMIN"),
        privileges(asking.agreed("caps = [\"SYS_ADMIN\"]", "unsigned = true")).caps());
  }

  @Test
  void whatATemplateOfTheAppVersionAsksForIsSigned() {
    assertEquals(
        List.of("SYS_ADMIN"),
        privileges(
                PlanCase.of("template = \"atlas\"")
                    .template("[security]", "caps = [\"SYS_ADMIN\"]")
                    .agreed("caps = [\"SYS_ADMIN\"]"))
            .caps());
  }

  @Test
  void anotherProjectsConsentIsNotThisOnes() {
    assertTrue(
        signed("security.host_ipc = true")
            .policy("[[project]]", "url = \"https://example.org/Other/\"", "host_ipc = true")
            .refusal()
            .contains("--host-ipc"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ALL", "SYS_MODULE", "CAP_SYS_RAWIO", "BPF", "SYSLOG", "MAC_ADMIN"})
  void someCapabilitiesAreNeverGivenWhateverThePolicySays(String cap) {
    String name = cap.replace("CAP_", "");
    assertEquals(
        "security.caps: " + name + " is never given to a job, whatever the policy says",
        signed("security.caps = [\"" + cap + "\"]").agreed("caps = [\"" + cap + "\"]").refusal());
    assertEquals(
        "security.caps: " + name + " is never given to a job, whatever the policy says",
        PlanCase.of().agreed("give = [\"cap:" + cap + "\"]").refusal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/etc",
        "/etc/ssh",
        "/proc",
        "/dev/shm",
        "/var",
        "/var/lib",
        "/var/lib/docker/volumes",
        "/run/user/1000",
        "/boinc",
        "/boinc/projects/example.org_Proj",
        "/root/.ssh",
        "/usr"
      })
  void someDirectoriesAreNeverGivenWhateverThePolicySays(String directory) {
    assertEquals(
        "security.host_mounts: " + directory + " is never given to a job, whatever the policy says",
        signed("security.host_mounts = [{ host = \"" + directory + "\", at = \"/x\" }]")
            .agreed("mounts = [\"" + directory + ":rw\"]")
            .onHost(directory, Kind.DIRECTORY)
            .refusal());
  }

  @Test
  void aLinkOpensNoOtherDirectoryThanTheAgreedOne() {
    PlanCase asking =
        signed("security.host_mounts = [{ host = \"/cvmfs/evil\", at = \"/x\" }]")
            .agreed("mounts = [\"/cvmfs:ro\"]")
            .onHost("/cvmfs", Kind.DIRECTORY)
            .onHost("/cvmfs/evil", "/home/volunteer", Kind.DIRECTORY);
    assertTrue(asking.refusal().contains("--mount /cvmfs/evil:ro"), asking.refusal());
  }

  @Test
  void readOnlyConsentIsNoConsentToWrite() {
    PlanCase asking =
        signed("security.host_mounts = [{ host = \"/data\", at = \"/x\", access = \"rw\" }]")
            .agreed("mounts = [\"/data:ro\"]")
            .onHost("/data", Kind.DIRECTORY);
    assertTrue(asking.refusal().contains("--mount /data:rw"), asking.refusal());
  }

  @Test
  void blockDevicesAreNeverGivenAndMissingOnesAreTheHosts() {
    assertEquals(
        "security.devices: /dev/sda is never given to a job, whatever the policy says",
        signed("security.devices = [\"/dev/sda\"]")
            .agreed("devices = [\"/dev/sda\"]")
            .onHost("/dev/sda", Kind.BLOCK_DEVICE)
            .refusal());
    PlanCase missing =
        signed("security.devices = [\"/dev/kvm\"]")
            .agreed("devices = [\"/dev/kvm\"]")
            .onHost("/dev/kvm", Kind.MISSING);
    assertEquals(Refusal.Kind.DEVICE, missing.refusals().getFirst().kind());
    assertEquals("security.devices: /dev/kvm does not exist on this host", missing.refusal());
  }

  @Test
  void aDeviceByAnotherNameIsTheSameDevice() {
    assertEquals(
        List.of(Path.of("/dev/fuse")),
        privileges(
                signed("security.devices = [\"/dev/../dev/fuse\"]")
                    .agreed("devices = [\"/dev/fuse\"]")
                    .onHost("/dev/../dev/fuse", "/dev/fuse", Kind.CHARACTER_DEVICE)
                    .onHost("/dev/fuse", Kind.CHARACTER_DEVICE))
            .devices());
  }

  @Test
  void rootOfARootfulEngineIsAMatterOfConsent() {
    assertTrue(privileges(signed("container.user = \"0:0\"").agreed("root = true")).root());
    assertEquals(
        false, privileges(signed("container.user = \"0:0\"").rootless()).root(), "rootless");
  }

  @Test
  void publishedPortsAreTheHostsAloneUnlessAgreed() {
    PlanCase asking =
        signed(
            "security.public_ports = true",
            "network.mode = \"nat\"",
            "network.ports = [{ container = 80 }]");
    assertEquals(
        List.of(new NetworkPlan.PublishedPort(80, 0, "tcp", true)),
        asking.agreed("public_ports = true").plan().container().network().ports());
  }

  @Test
  void aVolunteerWhoWantsNoNetworkGetsNone() {
    JobPlan plan =
        PlanCase.of("network.mode = \"nat\"", "network.ports = [{ container = 80 }]")
            .policy("network = \"none\"")
            .plan();
    assertEquals(NetworkPlan.NONE, plan.container().network());
  }

  @Test
  void imagesComeFromTheRegistriesOfThePolicyOnly() {
    PlanCase pulled =
        PlanCase.bare("image.name = \"quay.io/team/app:1\"").policy("registries = [\"docker.io\"]");
    assertEquals(
        "image: quay.io/team/app:1 would be pulled from quay.io, which is not among the registries"
            + " in /boinc/docker_policy.toml; add it there",
        pulled.refusal());
    PlanCase.bare("image.name = \"alpine\"").policy("registries = [\"docker.io\"]").plan();
  }

  @Test
  void stagesOfADockerfileArePulledToo() {
    PlanCase built =
        PlanCase.bare()
            .text("Dockerfile", "FROM quay.io/x/y AS base\nFROM base\nFROM scratch\nCOPY . /\n")
            .policy("registries = [\"docker.io\"]");
    assertTrue(built.refusal().startsWith("image: quay.io/x/y would be pulled from quay.io"));
  }

  @Test
  void pinnedMeansEveryPullHasADigest() {
    String digest = "sha256:" + "0".repeat(64);
    assertEquals(
        "image: docker.io/library/alpine:latest would be pulled without a digest, which pin = true in"
            + " /boinc/docker_policy.toml forbids; the project can add image.digest or @sha256:…",
        PlanCase.bare("image.name = \"alpine\"").policy("pin = true").refusal());
    PlanCase.bare("image.name = \"alpine@" + digest + "\"").policy("pin = true").plan();
    PlanCase.bare("image.name = \"alpine\"", "image.digest = \"" + digest + "\"")
        .policy("pin = true")
        .plan();
  }
}
