package org.boinc.dockerwrapper.clean;

import static org.boinc.dockerwrapper.clean.Inventories.labels;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerRulesTest {
  private static final String SLOT = "/boinc/slots/3";

  private static Inventories one(Tenancy tenancy) {
    return new Inventories().container("c", "sha256:x", labels(SLOT, "r_0")).slot(SLOT, tenancy);
  }

  @Test
  void whatLivesInItsSlotStays() {
    assertEquals(
        List.of("c STAYS: its result is in slot /boinc/slots/3"),
        one(new Tenancy.Taken(Inventories.PROJECT, "r_0", "r")).told());
    assertEquals(
        List.of("c STAYS: its result is in slot /boinc/slots/3"),
        one(new Tenancy.Taken("", "r_0", "")).told(),
        "only the journal is there");
  }

  @Test
  void whatHasNoSlotAnyMoreGoes() {
    assertEquals(
        List.of("c GOES: its slot /boinc/slots/3 is gone"), one(new Tenancy.Gone()).told());
    assertEquals(
        List.of("c GOES: its slot /boinc/slots/3 has no job"), one(new Tenancy.Vacant()).told());
  }

  @Test
  void whatHasLostItsSlotToAnotherJobGoes() {
    List<String> goes = List.of("c GOES: its slot /boinc/slots/3 has another job");
    assertEquals(goes, one(new Tenancy.Taken(Inventories.PROJECT, "r_1", "r")).told());
    assertEquals(
        goes,
        one(new Tenancy.Taken("other.org_p", "r_0", "r")).told(),
        "another project has a result of that name");
  }

  @Test
  void whereAWrapperWorksNothingGoes() {
    assertEquals(
        List.of("c STAYS: a wrapper still works in its slot /boinc/slots/3"),
        one(new Tenancy.Busy()).told());
  }

  @Test
  void aSlotThatCantBeReadLeavesItInDoubt() {
    assertEquals(
        List.of("c IN_DOUBT: permission denied"),
        one(new Tenancy.Unreadable("permission denied")).told());
  }

  @Test
  void othersContainersAreNotEvenLookedAt() {
    Map<String, String> otherClient = new HashMap<>(labels("/other/slots/3", "r_0"));
    otherClient.put("boinc.client", "/other");
    assertEquals(
        List.of(),
        new Inventories()
            .container("foreign", "sha256:x", Map.of())
            .container("other", "sha256:x", otherClient)
            .container("byHand", "sha256:x", Map.of("boinc.client", "/boinc", "boinc.project", "p"))
            .slot("/other/slots/3", new Tenancy.Gone())
            .told());
  }

  @Test
  void aNetworkGoesWithItsContainers() {
    assertEquals(
        List.of(
            "n STAYS: its result is in slot /boinc/slots/3",
            "o GOES: its slot /boinc/slots/4 is gone"),
        new Inventories()
            .network("n", labels(SLOT, "r_0"))
            .network("o", labels("/boinc/slots/4", "r_0"))
            .network("bridge", Map.of())
            .job(SLOT, "r_0", "r")
            .slot("/boinc/slots/4", new Tenancy.Gone())
            .told());
  }
}
