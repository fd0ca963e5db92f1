package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.ProxySettings;
import org.junit.jupiter.api.Test;

/** Networks of the job alone, and names. */
class NetworkPlanningTest {
  private static final String NAT = "network.mode = \"nat\"";
  private static final String ALLOW = "network.allow = [\"example.org:443\", \"*.lhc.ch:80\"]";

  private static NetworkPlan network(PlanCase planned) {
    return planned.plan().container().network();
  }

  @Test
  void aPrivateNetworkIsTheJobsAloneAndLeadsNowhere() {
    NetworkPlan network = network(PlanCase.of("network.mode = \"private\""));
    assertFalse(network.nat());
    NetworkPlan.Own own = network.own().orElseThrow();
    assertTrue(own.name().startsWith("boinc_"), own.name());
    assertEquals(List.of(), own.allow());
  }

  @Test
  void aListOfWhatMayBeReachedMakesTheNetworkTheJobsAlone() {
    NetworkPlan network = network(PlanCase.of(NAT, ALLOW));
    assertFalse(network.nat());
    assertEquals(
        Optional.of(
            new NetworkPlan.Own(
                network.own().orElseThrow().name(),
                List.of("example.org:443", "*.lhc.ch:80"),
                true)),
        network.own());
  }

  @Test
  void behindTheWrappersProxyTheJobIsNotToldTheClients() {
    ProxySettings settings =
        new ProxySettings(
            Optional.of(new ProxySettings.Server("cache", 3128, "u", "pass")),
            Optional.empty(),
            false,
            "");
    assertEquals(
        "http://u:pass@cache:3128",
        PlanCase.of(NAT).proxy(settings).plan().container().env().get("http_proxy"));
    Map<String, String> env = PlanCase.of(NAT, ALLOW).proxy(settings).plan().container().env();
    assertTrue(env.keySet().stream().noneMatch(name -> name.contains("proxy")), env::toString);
  }

  @Test
  void aListThatNothingCouldEnforceIsRefused() {
    for (PlanCase elsewhere :
        List.of(
            PlanCase.of(NAT, ALLOW).rootless(),
            PlanCase.of(NAT, ALLOW, "files.slot = \"\"").files(HostFiles.WSL),
            PlanCase.of(NAT, ALLOW, "files.slot = \"\"").files(HostFiles.NONE))) {
      assertTrue(
          elsewhere.refusal().startsWith("network.allow: the networks of the engine at unix:///x"),
          elsewhere::refusal);
    }
    assertEquals(
        "network.allow: a list of what may be reached needs network.mode = \"nat\"",
        PlanCase.of(ALLOW).refusal());
  }

  @Test
  void nothingIsPublishedFromANetworkWithoutAWayOut() {
    assertEquals(
        "network.graphics_port: a port can't be published from a network without a way out; leave"
            + " out network.allow",
        PlanCase.of(NAT, ALLOW, "network.graphics_port = 80").refusal());
    assertEquals(
        "network.ports: a published port needs network.mode = \"nat\"",
        PlanCase.of("network.mode = \"private\"", "network.ports = [{ container = 80 }]")
            .refusal());
    assertEquals(
        "network.dns: no name server can be reached from a network without a way out; leave it"
            + " out",
        PlanCase.of(NAT, ALLOW, "network.dns = [\"9.9.9.9\"]").refusal());
  }

  @Test
  void filesOfNamesAreReadAndTheJobTomlCounts() {
    assertEquals(
        Map.of("a", "10.0.0.1", "b.org", "10.0.0.1", "c", "fd00::1", "d", "10.0.0.9"),
        network(
                PlanCase.of(
                        NAT,
                        "network.hosts_files = [\"names\"]",
                        "network.hosts = { d = \"10.0.0.9\" }")
                    .text("names", "# ours\n10.0.0.1\ta b.org # two\n\nfd00::1 c\r\n10.0.0.2 d\n"))
            .hosts());
  }

  @Test
  void aLineThatIsNoneIsNamed() {
    assertEquals(
        "network.hosts_files: line 2 of 'names' is '10.0.0 a', which is not an address and names",
        PlanCase.of("network.hosts_files = [\"names\"]")
            .text("names", "10.0.0.1 a\n10.0.0 a\n")
            .refusal());
    assertEquals(
        "network.hosts_files: line 1 of 'names' is '10.0.0.1 a/b', which is not an address and"
            + " names",
        PlanCase.of("network.hosts_files = [\"names\"]").text("names", "10.0.0.1 a/b").refusal());
    assertTrue(
        PlanCase.of("network.hosts_files = [\"names\"]")
            .refusal()
            .startsWith("network.hosts_files: 'names' is not in the slot"));
  }
}
