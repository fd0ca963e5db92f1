package org.boinc.dockerwrapper.clean;

import static org.boinc.dockerwrapper.clean.Inventories.MB;
import static org.boinc.dockerwrapper.clean.Inventories.PROJECT;
import static org.boinc.dockerwrapper.clean.Inventories.labels;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageRulesTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final String LIMIT =
      "the images are larger than the limit, and this one was used longest ago";

  /** An image of an app version with two files. */
  private static Inventories ofAppVersion() {
    return new Inventories().noted("a", PROJECT, "", List.of("job_1", "Dockerfile_1"), DAY);
  }

  @Test
  void anImageStaysAsLongAsItsAppVersion() {
    assertEquals(
        List.of("a:1 STAYS: its app version is there"),
        ofAppVersion().project(PROJECT, "Dockerfile_1", "job_1", "more").told());
    assertEquals(
        List.of("a:1 GOES: its app version is gone, with its file Dockerfile_1"),
        ofAppVersion().project(PROJECT, "job_1").told());
  }

  @Test
  void anImageThatOneOfTwoAppVersionsNeedsStays() {
    assertEquals(
        List.of("a:1 STAYS: its app version is there"),
        ofAppVersion()
            .noted("a", PROJECT, "", List.of("job_2"), DAY)
            .project(PROJECT, "job_2")
            .told());
  }

  @Test
  void aLeftProjectTakesAllItsImagesAlong() {
    assertEquals(
        List.of("a:1 GOES: the client has left project " + PROJECT),
        ofAppVersion().project(PROJECT, new ProjectState.Gone()).told());
    assertEquals(
        List.of("kept:1 GOES: the client has left project " + PROJECT),
        new Inventories()
            .noted("kept", PROJECT, "", List.of(), DAY)
            .project(PROJECT, new ProjectState.Gone())
            .told());
  }

  @Test
  void anImageToBeKeptForEverOutlivesItsAppVersion() {
    assertEquals(
        List.of("kept:1 STAYS: its project is there"),
        new Inventories().noted("kept", PROJECT, "", List.of(), DAY).project(PROJECT).told());
  }

  @Test
  void whatCantBeReadLeavesItInDoubt() {
    assertEquals(
        List.of("a:1 IN_DOUBT: permission denied"),
        ofAppVersion().project(PROJECT, new ProjectState.Unreadable("permission denied")).told());
    assertEquals(
        List.of("w:1 IN_DOUBT: the client's slots can't be listed"),
        ofWorkunit().slotsUnknown().told());
    assertEquals(
        List.of("w:1 IN_DOUBT: permission denied"),
        ofWorkunit().slot("/boinc/slots/1", new Tenancy.Unreadable("permission denied")).told());
    assertEquals(
        List.of("w:1 IN_DOUBT: slot /boinc/slots/1 does not say which workunit it has"),
        ofWorkunit().slot("/boinc/slots/1", new Tenancy.Taken("", "r_0", "")).told());
  }

  private static Inventories ofWorkunit() {
    return new Inventories().noted("w", PROJECT, "wu", List.of(), DAY).project(PROJECT);
  }

  @Test
  void aWorkunitsImageStaysAsLongAsASlotHasAJobOfIt() {
    assertEquals(
        List.of("w:1 STAYS: its workunit is in slot /boinc/slots/1"),
        ofWorkunit()
            .job("/boinc/slots/0", "other_0", "other")
            .job("/boinc/slots/1", "wu_1", "wu")
            .told());
    assertEquals(
        List.of("w:1 GOES: no slot has a job of its workunit wu"),
        ofWorkunit()
            .job("/boinc/slots/0", "other_0", "other")
            .slot("/boinc/slots/1", new Tenancy.Vacant())
            .told());
    assertEquals(
        List.of("w:1 GOES: no slot has a job of its workunit wu"),
        ofWorkunit().slot("/boinc/slots/0", new Tenancy.Taken("other.org", "wu_0", "wu")).told(),
        "another project has a workunit of that name");
  }

  @Test
  void anImageThatAContainerUsesStaysWhoseverThatIs() {
    assertEquals(
        List.of("a:1 STAYS: a container uses it"),
        ofAppVersion()
            .container("byHand", "sha256:a", Map.of())
            .project(PROJECT, new ProjectState.Gone())
            .told(0));
  }

  @Test
  void aContainerThatGoesHoldsNoImage() {
    assertEquals(
        List.of(
            "c GOES: its slot /boinc/slots/1 is gone",
            "w:1 GOES: no slot has a job of its workunit wu"),
        ofWorkunit()
            .container("c", "sha256:w", labels("/boinc/slots/1", "wu_0"))
            .slot("/boinc/slots/1", new Tenancy.Gone())
            .told());
  }

  @Test
  void theLeastRecentlyUsedGoUntilTheRestFits() {
    Inventories three =
        new Inventories()
            .noted("new", PROJECT, "", List.of(), Duration.ofHours(1))
            .noted("oldest", PROJECT, "", List.of(), DAY.multipliedBy(3))
            .noted("older", PROJECT, "", List.of(), DAY)
            .project(PROJECT);
    assertEquals(
        List.of(
            "oldest:1 STAYS: its project is there",
            "older:1 STAYS: its project is there",
            "new:1 STAYS: its project is there"),
        three.told(300 * MB));
    assertEquals(
        List.of(
            "oldest:1 GOES: " + LIMIT,
            "older:1 STAYS: its project is there",
            "new:1 STAYS: its project is there"),
        three.told(299 * MB));
    assertEquals(
        List.of("oldest:1 GOES: " + LIMIT, "older:1 GOES: " + LIMIT, "new:1 GOES: " + LIMIT),
        three.told(0));
  }

  @Test
  void theLimitSparesWhatIsInUseOrJustBeingUsed() {
    assertEquals(
        List.of(
            "used:1 STAYS: a container uses it",
            "free:1 GOES: " + LIMIT,
            "fresh:1 STAYS: its project is there"),
        new Inventories()
            .noted("used", PROJECT, "", List.of(), DAY.multipliedBy(3))
            .noted("free", PROJECT, "", List.of(), DAY)
            .noted("fresh", PROJECT, "", List.of(), Duration.ofMinutes(29))
            .container("c", "sha256:used", Map.of())
            .project(PROJECT)
            .told(1));
  }

  @Test
  void whatGoesAnywayDoesNotCountForTheLimit() {
    assertEquals(
        List.of(
            "gone:1 GOES: the client has left project left.org",
            "stays:1 STAYS: its project is there"),
        new Inventories()
            .noted("stays", PROJECT, "", List.of(), DAY)
            .noted("gone", "left.org", "", List.of(), DAY.multipliedBy(3))
            .project(PROJECT)
            .project("left.org", new ProjectState.Gone())
            .told(100 * MB));
  }

  @Test
  void anImageThatOnlyItsLabelTellsOfIsOursToo() {
    Map<String, String> appVersion =
        Map.of("boinc.client", "/boinc", "boinc.project", PROJECT, "boinc.app_version", "a_1");
    Map<String, String> workunit =
        Map.of("boinc.client", "/boinc", "boinc.project", PROJECT, "boinc.wu", "wu");
    Map<String, String> otherClient =
        Map.of("boinc.client", "/other", "boinc.project", PROJECT, "boinc.app_version", "a_1");
    assertEquals(
        List.of(
            "boinc_a:latest STAYS: its project is there",
            "0123456789ab GOES: a later build has taken its name",
            "boinc_wu:latest GOES: no slot has a job of its workunit wu"),
        new Inventories()
            .image("a", List.of("boinc_a:latest"), appVersion)
            .image("0123456789abcdef", List.of(), appVersion)
            .image("w", List.of("boinc_wu:latest"), workunit)
            .image("o", List.of("boinc_o:latest"), otherClient)
            .image("alpine", List.of("alpine:latest"), Map.of())
            .project(PROJECT)
            .told());
  }
}
