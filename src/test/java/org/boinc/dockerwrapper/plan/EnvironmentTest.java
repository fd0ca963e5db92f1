package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.HostGrant;
import org.boinc.dockerwrapper.boinc.ProxySettings;
import org.junit.jupiter.api.Test;

/** Environment and arguments of the job. */
class EnvironmentTest {
  private static Map<String, String> env(PlanCase planned) {
    return planned.plan().container().env();
  }

  private static ProxySettings http(String user, String password, String noProxy) {
    return new ProxySettings(
        Optional.of(new ProxySettings.Server("proxy.example.org", 3128, user, password)),
        Optional.empty(),
        false,
        noProxy);
  }

  @Test
  void aJobKnowsWhoItIs() {
    Map<String, String> env = env(PlanCase.of());
    assertEquals("WU_One", env.get("BOINC_WU"));
    assertEquals("WU_One_0", env.get("BOINC_RESULT"));
    assertEquals("app", env.get("BOINC_APP"));
    assertEquals("7", env.get("BOINC_SLOT"));
    assertEquals("2", env.get("BOINC_NCPUS"));
    assertEquals(String.valueOf(1L << 30), env.get("BOINC_MEMORY_BYTES"));
    assertEquals("/tmp", env.get("HOME"));
    assertNull(env(PlanCase.of("container.add_user = false")).get("HOME"));
  }

  @Test
  void ofAFractionOfACpuTheJobIsToldOne() {
    HostGrant half = new HostGrant(0.5, 0, 0, Optional.empty(), 1);
    assertEquals("1", env(PlanCase.of().granted(half)).get("BOINC_NCPUS"));
  }

  @Test
  void theWorkunitsArgumentsAreGivenOneByOneAndAsOneText() {
    Map<String, String> env = env(PlanCase.of().arguments("--name", "a b", ""));
    assertEquals("--name a b ", env.get("ARGS"));
    assertEquals("3", env.get("BOINC_ARGC"));
    assertEquals("--name", env.get("BOINC_ARG_1"));
    assertEquals("a b", env.get("BOINC_ARG_2"));
    assertEquals("", env.get("BOINC_ARG_3"));
    assertFalse(env(PlanCase.of()).containsKey("ARGS"));
  }

  @Test
  void argumentsFollowTheJobsOwnCommandAndNotTheImages() {
    assertEquals(List.of(), PlanCase.of().arguments("x").plan().container().args());
    ContainerPlan own =
        PlanCase.of("container.command = [\"run\", \"-n\", \"${NCPUS}\"]")
            .arguments("x", "${NCPUS}")
            .plan()
            .container();
    assertEquals(List.of("run", "-n", "2"), own.command());
    assertEquals(List.of("x", "${NCPUS}"), own.args(), "a workunit's text is taken as it is");
  }

  @Test
  void macrosAreExpandedOnceAndAShellsVariablesLeftAlone() {
    Map<String, String> env =
        env(
            PlanCase.of(
                    "[container]",
                    "env = { A = \"${NCPUS} of ${RESULT}\", B = \"$NCPUS {NCPUS}\","
                        + " C = \"${PROJECT}/${WU}/${SLOT}/${NODE}/${NODES}/${GPU}\" }")
                .arguments("${NCPUS}"));
    assertEquals("2 of WU_One_0", env.get("A"));
    assertEquals("$NCPUS {NCPUS}", env.get("B"));
    assertEquals("example.org_Proj/WU_One/7/0/1/", env.get("C"));
    assertEquals("${NCPUS}", env.get("BOINC_ARG_1"));
  }

  @Test
  void whatTheJobSetsItselfComesLast() {
    Map<String, String> env =
        env(
            PlanCase.of(
                    "[custom]",
                    "COLOUR = \"blue\"",
                    "[container]",
                    "env_files = [\"my.env\"]",
                    "env = { TWO = \"toml\", HOME = \"/work\" }")
                .text("my.env", "# comment\n\nONE=file\n  TWO=file=x  \nHOME=/file"));
    assertEquals("blue", env.get("BOINC_CUSTOM_COLOUR"));
    assertEquals("file", env.get("ONE"));
    assertEquals("toml", env.get("TWO"));
    assertEquals("/work", env.get("HOME"));
  }

  @Test
  void aLineOfAnEnvironmentFileThatIsNoneIsNamed() {
    List<String> refusals =
        PlanCase.of("container.env_files = [\"my.env\"]")
            .text("my.env", "A=1\nexport B\n=x\n1C=2\n")
            .refusals()
            .stream()
            .map(Refusal::toString)
            .toList();
    assertEquals(
        List.of(
            "container.env_files: line 2 of 'my.env' is 'export B', which is not NAME=value",
            "container.env_files: line 3 of 'my.env' is '=x', which is not NAME=value",
            "container.env_files: line 4 of 'my.env' is '1C=2', which is not NAME=value"),
        refusals);
  }

  @Test
  void anEnvironmentFileThatIsMissingIsRefused() {
    assertTrue(
        PlanCase.of("container.env_files = [\"my.env\"]")
            .refusal()
            .startsWith("container.env_files: 'my.env' is not in the slot"));
  }

  @Test
  void c59AProxyIsGivenPercentEncodedInEverySpelling() {
    JobPlan plan = PlanCase.of().proxy(http("me@home", "p w/:%+\u00e4", "")).plan();
    String url = "http://me%40home:p%20w%2F%3A%25%2B%C3%A4@proxy.example.org:3128";
    for (String name :
        List.of(
            "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")) {
      assertEquals(url, plan.container().env().get(name), name);
    }
    assertEquals(List.of("p w/:%+\u00e4", "p%20w%2F%3A%25%2B%C3%A4"), plan.secrets());
  }

  @Test
  void c60HostsWithoutAProxyAreNamedInBothSpellings() {
    Map<String, String> env = env(PlanCase.of().proxy(http("", "", "localhost,.example.org")));
    assertEquals("http://proxy.example.org:3128", env.get("http_proxy"));
    assertEquals("localhost,.example.org", env.get("no_proxy"));
    assertEquals("localhost,.example.org", env.get("NO_PROXY"));
    assertFalse(env(PlanCase.of().proxy(http("", "", ""))).containsKey("no_proxy"));
  }

  @Test
  void aSocksProxyIsNamedByWhoResolves() {
    Optional<ProxySettings.Server> server =
        Optional.of(new ProxySettings.Server("s", 1080, "u", ""));
    assertEquals(
        "socks5://u@s:1080",
        env(PlanCase.of().proxy(new ProxySettings(Optional.empty(), server, false, "")))
            .get("all_proxy"));
    assertEquals(
        "socks5h://u@s:1080",
        env(PlanCase.of().proxy(new ProxySettings(Optional.empty(), server, true, "")))
            .get("all_proxy"));
  }

  @Test
  void aJobThatWantsNoProxyGetsNoneButItsPasswordIsStillSecret() {
    JobPlan plan = PlanCase.of("network.proxy = false").proxy(http("u", "secret", "")).plan();
    assertFalse(plan.container().env().containsKey("http_proxy"));
    assertEquals(List.of("secret", "secret"), plan.secrets());
  }
}
