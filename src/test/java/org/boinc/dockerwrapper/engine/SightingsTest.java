package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.core.DockerClientConfig;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Answers that a real engine gives seldom, as the API documents them. */
class SightingsTest {
  private static Json inspected(String state) {
    return Json.parse(
        """
            {"Id":"abc","Name":"/boinc_r","Image":"sha256:1","State":%s,
             "Config":{"Labels":{"boinc.result":"r"}},"NetworkSettings":{"Ports":null,"Networks":{"bridge":{}}}}
            """
            .formatted(state)
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aDeathForWantOfMemory() throws Exception {
    assertEquals(
        new ContainerSighting(
            "abc",
            "boinc_r",
            ContainerState.EXITED,
            137,
            true,
            "",
            Optional.of(Instant.parse("2026-01-02T03:04:05.678901234Z")),
            Optional.of(Instant.parse("2026-01-02T02:04:06Z")),
            0,
            "sha256:1",
            Map.of("boinc.result", "r"),
            Set.of("bridge")),
        Sightings.of(
            inspected(
                """
                {"Status":"exited","Running":false,"OOMKilled":true,"ExitCode":137,"Pid":0,
                 "Error":"","StartedAt":"2026-01-02T03:04:05.678901234Z",
                 "FinishedAt":"2026-01-02T03:04:06+01:00"}
                """)));
  }

  @Test
  void everyDocumentedStateIsKnownAndAnyOtherRunsOrNot() throws Exception {
    for (String word :
        List.of("created", "running", "paused", "restarting", "removing", "exited", "dead")) {
      assertEquals(
          word.toUpperCase(java.util.Locale.ROOT),
          Sightings.of(inspected("{\"Status\":\"" + word + "\"}")).state().name());
    }
    assertEquals(
        ContainerState.RUNNING,
        Sightings.of(inspected("{\"Status\":\"stopping\",\"Running\":true}")).state());
    assertEquals(ContainerState.EXITED, Sightings.of(inspected("{\"Status\":\"odd\"}")).state());
  }

  @Test
  void theZeroTimeMeansNever() {
    assertEquals(Optional.empty(), Sightings.moment("0001-01-01T00:00:00Z"));
    assertEquals(Optional.empty(), Sightings.moment(""));
    assertEquals(Optional.empty(), Sightings.moment("yesterday"));
  }

  @Test
  void withoutPortsThereIsNone() throws Exception {
    assertEquals(Map.of(), Sightings.hostPorts(inspected("{\"Status\":\"exited\"}")));
    assertEquals(Map.of(), Sightings.hostPorts(inspected("{\"Running\":true}")));
  }

  @Test
  void theEnginesStatisticsAreReadInBothVersionsOfTheKernelsGroups() throws Exception {
    for (String stats : List.of("\"inactive_file\":2000", "\"total_inactive_file\":2000")) {
      assertEquals(
          Optional.of(new ResourceUsage(1.5, 3000)),
          Sightings.usage(
              DockerClientConfig.getDefaultObjectMapper()
                  .readValue(
                      "{\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":1500000000}},"
                          + "\"memory_stats\":{\"usage\":5000,\"stats\":{"
                          + stats
                          + "}}}",
                      Statistics.class)));
    }
    assertEquals(Optional.empty(), Sightings.usage(null));
    assertEquals(
        Optional.empty(),
        Sightings.usage(
            DockerClientConfig.getDefaultObjectMapper()
                .readValue("{\"cpu_stats\":{},\"memory_stats\":{}}", Statistics.class)));
  }
}
