package org.boinc.dockerwrapper.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseNameTest {
  @ParameterizedTest
  @CsvSource({"1.0,100", "1.12,112", "8.05,805", "7,7"})
  void versionsHaveBoincsNumbers(String version, int number) {
    assertEquals(number, new ReleaseName("worker", version, "docker").number());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "my app|1.0|docker|app 'my app'",
        ".app|1.0|docker|app '.app'",
        "app|1.0.1|docker|version '1.0.1'",
        "app|0.0|docker|version '0.0'",
        "app|1.100|docker|version '1.100'",
        "app|1.0|cuda|has no 'docker' in its name",
        "app|1.0|docker__x|plan class 'docker__x'",
        "app|1.0|docker x|plan class 'docker x'"
      })
  void whatTheServerWouldMisunderstandIsRefused(
      String app, String version, String planClass, String sentence) {
    String said =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class, () -> new ReleaseName(app, version, planClass))
                .getMessage());
    assertTrue(said.contains(sentence), said);
  }

  @Test
  void aPlatformIsFoundAgainInTheDirectorysName() {
    assertEquals(
        "apps/worker/1.0/x86_64-pc-linux-gnu__docker_nvidia",
        new ReleaseName("worker", "1.0", "docker_nvidia").directory("x86_64-pc-linux-gnu"));
  }
}
