package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineExceptionTest {
  private static EngineException of(Throwable thrown) {
    return EngineException.classify("trying x", thrown).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "400,REFUSED",
    "401,DENIED",
    "403,DENIED",
    "404,NOT_FOUND",
    "409,CONFLICT",
    "500,REFUSED",
    "503,UNREACHABLE",
    "504,TIMEOUT",
    "418,REFUSED"
  })
  void theStatusDecides(int status, Fault fault) {
    assertEquals(fault, of(new DockerException("permission denied, not found", status)).fault());
  }

  @Test
  void aFullDiskIsTheOnlyTextThatCounts() {
    assertEquals(
        Fault.NO_SPACE,
        of(new DockerException("{\"message\":\"mkdir: No space left on device\"}", 500)).fault());
    assertEquals(Fault.NOT_FOUND, of(new DockerException("no space left on device", 404)).fault());
  }

  @Test
  void theEnginesReasonIsKeptWithoutItsWrapping() {
    assertEquals(
        "trying x failed: No such container: x (status 404)",
        of(new NotFoundException("{\"message\":\"No such\\n container: x\"}\n")).sentence());
    assertEquals(
        "trying x failed: plain text (status 409)",
        of(new ConflictException("plain text")).sentence());
  }

  @Test
  void aLongReasonIsCut() {
    String sentence = of(new NotFoundException("long ".repeat(10_000))).sentence();
    assertEquals(2048, sentence.length());
    assertTrue(sentence.endsWith("…"));
  }

  @Test
  void whatLiesDeepestDecides() {
    assertEquals(
        Fault.CANCELLED,
        of(new RuntimeException(new RuntimeException(TransportException.cancelled()))).fault());
  }

  @Test
  void anAnswerThatIsNoJsonIsRefused() {
    JsonProcessingException broken =
        org.junit.jupiter.api.Assertions.assertThrows(
            JsonProcessingException.class, () -> new ObjectMapper().readTree("{"));
    assertEquals(Fault.REFUSED, of(new RuntimeException(broken)).fault());
  }

  @Test
  void aDefectOfOursIsNoFaultOfTheEngine() {
    assertEquals(
        Optional.empty(), EngineException.classify("trying x", new IllegalStateException()));
  }

  @Test
  void aFailedBuildCarriesItsTail() {
    BuildFailed build = new BuildFailed(java.util.List.of("a"), java.util.OptionalInt.of(2), false);
    EngineException e = EngineException.ofBuild("building x", "exit 2", build);
    assertEquals(Optional.of(build), e.buildFailed());
    assertFalse(of(new NotFoundException("x")).buildFailed().isPresent());
  }

  /** As Podman 4.3.1 says them. */
  @Test
  void podmansRiddlesComeWithTheirCure() {
    String subuid =
        EngineException.of(
                Fault.REFUSED,
                "loading",
                "potentially insufficient UIDs or GIDs available in user namespace (requested 42:42"
                    + " for /d/f): Check /etc/subuid")
            .sentence();
    assertTrue(subuid.startsWith("loading failed: user "), subuid);
    assertTrue(subuid.contains("usermod --add-subuids"), subuid);
    for (String damage :
        List.of(
            "opening database /s/libpod/bolt_state.db: file size too small",
            "container create: creating container storage: creating read-write layer with ID \"2\":"
                + " Stat /s/vfs/dir/5a: no such file or directory")) {
      String sentence = EngineException.of(Fault.REFUSED, "creating", damage).sentence();
      assertTrue(sentence.contains("podman system reset"), sentence);
    }
    String taken = "creating container storage: the container name \"x\" is already in use";
    assertEquals(
        "creating failed: " + taken,
        EngineException.of(Fault.CONFLICT, "creating", taken).sentence());
  }
}
