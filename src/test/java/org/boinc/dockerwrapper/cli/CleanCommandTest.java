package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.boinc.dockerwrapper.clean.Finding;
import org.boinc.dockerwrapper.clean.Finding.Fate;
import org.boinc.dockerwrapper.clean.Finding.Kind;
import org.boinc.dockerwrapper.clean.Sweep;
import org.boinc.dockerwrapper.job.VolunteerPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanCommandTest {
  private static final Finding GOES =
      new Finding(
          Kind.CONTAINER, "1", List.of("boinc_a"), "p", 0, Fate.GOES, "its slot /s/3 is gone");
  private static final Finding STAYS =
      new Finding(
          Kind.IMAGE,
          "sha256:2",
          List.of("boinc_p_app:1"),
          "p",
          12_340_000,
          Fate.STAYS,
          "its app version is there");
  private static final Finding DOUBT =
      new Finding(
          Kind.IMAGE, "sha256:3", List.of("boinc_q:1"), "q", 500_000, Fate.IN_DOUBT, "/s/4: no");

  private static CleanReport report(boolean dryRun, Finding... findings) {
    List<Finding> removed = dryRun ? List.of() : List.of(GOES);
    return new CleanReport(
        Path.of("/boinc"),
        "unix:///s",
        dryRun,
        new Sweep.Report(List.of(findings), removed, List.of()));
  }

  @Test
  void aPolicyThatCanNotBeUnderstoodKeepsEveryImage(@TempDir Path data) throws Exception {
    Files.writeString(data.resolve(VolunteerPolicy.FILE), "disk_cap = \"lots\"\n");
    Verbs verbs = Verbs.run("clean", "--data-dir", data.toString());
    assertEquals(ExitCode.HOST, verbs.status());
    assertTrue(verbs.err().contains("docker_policy.toml:1: disk_cap: \"lots\""), verbs::err);
  }

  @Test
  void peopleAreToldWhatGoesWhatStaysAndWhy() {
    assertEquals(
        """
        goes      container  boinc_a                 its slot /s/3 is gone
        stays     image      boinc_p_app:1  12.3 MB  its app version is there
        in doubt  image      boinc_q:1      0.5 MB   /s/4: no
        1 of 1 left-over of the client in /boinc at unix:///s removed""",
        report(false, GOES, STAYS, DOUBT).text());
    assertEquals(
        "0 left-overs of the client in /boinc at unix:///s would be removed", report(true).text());
  }

  @Test
  void whatCantBeJudgedIsAProblem() {
    assertFalse(report(true, GOES, STAYS).hasProblems());
    assertTrue(report(true, DOUBT).hasProblems());
  }

  @Test
  void programsAreToldTheSame() {
    String json = report(false, GOES).json().replaceAll("\\s+", " ");
    assertTrue(json.contains("\"dry_run\": false"), json);
    assertTrue(
        json.contains("\"fate\": \"goes\", \"why\": \"its slot /s/3 is gone\", \"removed\": true"),
        json);
    assertTrue(report(true, DOUBT).json().contains("\"fate\": \"in_doubt\""));
  }

  @Test
  void aSizeThatIsNoneIsAUsageError() {
    Verbs verbs = Verbs.run("clean", "--data-dir", "/boinc", "--disk-cap", "lots");
    assertEquals(ExitCode.USAGE, verbs.status());
    assertTrue(verbs.err().contains("--disk-cap: 'lots' is no size such as 5g"), verbs::err);
  }

  @Test
  void theHelpSaysWhatIsNeverTouched() {
    Verbs verbs = Verbs.run("clean", "--help");
    assertEquals(ExitCode.DONE, verbs.status());
    assertTrue(verbs.out().contains("what can't be judged, stays"), verbs::out);
    assertTrue(verbs.out().contains("--dry-run"), verbs::out);
  }
}
