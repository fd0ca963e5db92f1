package org.boinc.dockerwrapper.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.job.SecurityRequest.HostMount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {
  private static PolicyReading read(String text) {
    return PolicyReader.read(text.getBytes(StandardCharsets.UTF_8), "docker_policy.toml");
  }

  private static VolunteerPolicy policy(String text) {
    PolicyReading reading = read(text);
    return reading.policy().orElseThrow(() -> new AssertionError(reading.problems()));
  }

  private static String problems(String text) {
    PolicyReading reading = read(text);
    assertTrue(reading.policy().isEmpty(), "half a policy was taken");
    return String.join("\n", reading.problems().stream().map(Problem::toString).toList());
  }

  @Test
  void anEmptyFileAgreesToNothing() {
    assertEquals(VolunteerPolicy.DEFAULT, policy("# nothing yet\n"));
  }

  @Test
  void everyKeyIsRead() {
    VolunteerPolicy policy =
        policy(
            """
            network = "none"
            registries = ["docker.io", "registry.example.org:5000"]
            pin = true
            disk_cap = "20g"
            cgroup_parent = "/boinc"
            [[project]]
            url = "https://lhcathome.cern.ch/lhcathome/"
            caps = ["CAP_SYS_ADMIN"]
            devices = ["/dev/fuse"]
            mounts = ["/cvmfs:ro", "/data:rw", "/plain"]
            host_network = true
            host_ipc = true
            public_ports = true
            all_gpus = true
            root = true
            give = ["cap:sys_nice", "device:/dev/kvm", "mount:/opt/data:ro"]
            unsigned = true
            """);
    assertFalse(policy.network());
    assertEquals(List.of("docker.io", "registry.example.org:5000"), policy.registries());
    assertTrue(policy.pin());
    assertEquals(Optional.of(new ByteSize(20L << 30)), policy.diskCap());
    assertEquals("/boinc", policy.cgroupParent());
    assertEquals(
        new ProjectConsent(
            "https://lhcathome.cern.ch/lhcathome/",
            new SecurityRequest(
                List.of("SYS_ADMIN"),
                List.of("/dev/fuse"),
                List.of(
                    new HostMount("/cvmfs", "/cvmfs", true),
                    new HostMount("/data", "/data", false),
                    new HostMount("/plain", "/plain", true)),
                true,
                true,
                true,
                true,
                true),
            new SecurityRequest(
                List.of("SYS_NICE"),
                List.of("/dev/kvm"),
                List.of(new HostMount("/opt/data", "/opt/data", true)),
                false,
                false,
                false,
                false,
                false),
            true),
        policy.consent("lhcathome.cern.ch_lhcathome"));
  }

  @Test
  void aProjectWithoutAnEntryHasNothing() {
    assertEquals(
        ProjectConsent.NONE,
        policy("[[project]]\nurl = \"https://a.example/x/\"\nroot = true\n")
            .consent("b.example_x"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://lhcathome.cern.ch/lhcathome/, lhcathome.cern.ch_lhcathome",
    "http://Einstein.PHYS.uwm.edu/, einstein.phys.uwm.edu",
    "https://example.org:8443/Test_App, example.org_8443_Test_App",
    "example.org/x/, example.org_x",
    "lhcathome.cern.ch_lhcathome, lhcathome.cern.ch_lhcathome",
  })
  void aProjectIsKnownByItsAddressOrItsDirectory(String written, String directory) {
    assertEquals(directory, ProjectConsent.directory(written));
  }

  @Test
  void allProblemsAreToldAtOnceWithTheirPlace() {
    assertEquals(
        """
        docker_policy.toml:1: network: "maybe" is not one of allow, none
        docker_policy.toml:5: project[0].caps[0]: "sys-admin" is not a capability; write one like SYS_ADMIN
        docker_policy.toml:6: project[0].mounts[0]: "cvmfs" is not a directory with :ro or :rw, such as "/cvmfs:ro"
        docker_policy.toml:7: project[0].give[0]: "root" is not a gift; write cap:NAME, device:/dev/NAME or mount:/DIRECTORY:ro
        docker_policy.toml:8: project[0].devises: is not a known key; did you mean devices?
        docker_policy.toml:2: netwerk: is not a known key; did you mean network?""",
        problems(
            """
            network = "maybe"
            netwerk = "none"
            [[project]]
            url = "https://example.org/"
            caps = ["sys-admin"]
            mounts = ["cvmfs"]
            give = ["root"]
            devises = ["/dev/fuse"]
            """));
  }

  @Test
  void aProjectNeedsAnAddressAndHasOneEntry() {
    assertEquals(
        "docker_policy.toml:1: project[0]: url is missing; add url = …", problems("[[project]]\n"));
    assertEquals(
        "docker_policy.toml:4: project[1].url: \"http://a.example\" is there twice; keep one",
        problems(
            "[[project]]\nurl = \"https://a.example/\"\n[[project]]\nurl = \"http://a.example\"\n"));
  }

  @Test
  void whatIsNoTextIsAProblem() {
    assertEquals(
        "docker_policy.toml: has a zero byte in it, so it is not a text file; save it as UTF-8 text",
        problems("pin = true\0"));
  }
}
