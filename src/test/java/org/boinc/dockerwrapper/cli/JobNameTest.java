package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.ListedContainer;
import org.boinc.dockerwrapper.plan.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobNameTest {
  private static final List<HostJob> JOBS =
      List.of(job("wu_1_0", "wu_1", 3), job("wu_12_0", "wu_12", 4), job("3x_0", "3x", 12));

  private static HostJob job(String result, String workunit, int slot) {
    Map<String, String> labels =
        Map.of(
            Labels.CLIENT,
            "/data",
            Labels.RESULT,
            result,
            Labels.WORKUNIT,
            workunit,
            Labels.SLOT,
            "/data/slots/" + slot);
    return new HostJob(
        labels,
        Optional.of(
            new ListedContainer(
                "f" + slot,
                "boinc_" + result,
                ContainerState.RUNNING,
                "image",
                "sha256:1",
                labels)));
  }

  @ParameterizedTest
  @CsvSource({
    "wu_1_0, wu_1_0",
    "wu_1, wu_1_0",
    "wu_12, wu_12_0",
    "wu_12_, wu_12_0",
    "4, wu_12_0",
    "12, 3x_0",
    "3, wu_1_0",
    "3x, 3x_0",
    "boinc_3, 3x_0",
    "f4, wu_12_0"
  })
  void aWholeNameGoesBeforeAPrefix(String name, String result) throws IOException {
    assertEquals(result, JobName.choose(JOBS, name).result());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wu|'wu' means several jobs, say which: wu_12_0 (slot 4 of /data), wu_1_0 (slot 3 of /data)",
        "x|no job here is called 'x'; there are: 3x_0 (slot 12 of /data), wu_12_0 (slot 4 of /data), wu_1_0 (slot 3 of /data)",
        "''|several jobs are here, say which: 3x_0 (slot 12 of /data), wu_12_0 (slot 4 of /data), wu_1_0 (slot 3 of /data)"
      })
  void whoeverCouldBeMeantIsNamed(String name, String sentence) {
    IOException refused = assertThrows(IOException.class, () -> JobName.choose(JOBS, name));
    assertEquals(sentence, refused.getMessage());
  }

  @Test
  void theOnlyJobNeedsNoName() throws IOException {
    assertEquals("wu_1_0", JobName.choose(JOBS.subList(0, 1), "").result());
    assertEquals(
        "no job of docker_wrapper is on this host",
        assertThrows(IOException.class, () -> JobName.choose(List.of(), "")).getMessage());
  }
}
