package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.FileStamp;
import org.boinc.dockerwrapper.plan.UploadPlan;
import org.boinc.dockerwrapper.run.UploadState.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandedOverTest {
  @TempDir Path project;
  private final List<String> said = new ArrayList<>();

  private HandedOver with(Stage stage, FileStamp stamp) {
    return new HandedOver(Map.of("part", UploadState.NEW.requested(stamp).at(stage)), said::add);
  }

  @Test
  void whatTheClientWasAskedForStaysUnlessItFailed() {
    FileStamp stamp = new FileStamp(5, "t");
    assertTrue(with(Stage.REQUESTED, stamp).holds("part"));
    assertTrue(with(Stage.UPLOADED, stamp).holds("part"));
    assertFalse(with(Stage.FAILED, stamp).holds("part"));
    assertFalse(with(Stage.WAITING, stamp).holds("part"));
    assertFalse(with(Stage.REQUESTED, stamp).holds("other"));
  }

  @Test
  void aChangeAfterwardsIsToldInOneSentence() {
    HandedOver handedOver = with(Stage.UPLOADED, new FileStamp(5, "t"));
    handedOver.compare("part", Optional.of(new FileStamp(5, "t")));
    handedOver.compare("part", Optional.empty());
    assertEquals(List.of(), said);
    handedOver.compare("part", Optional.of(new FileStamp(5, "u")));
    assertEquals(
        List.of(
            "the job changed output 'part' after the client had been asked to upload it; the server may have it as it was then"),
        said);
  }

  @Test
  void nothingIsSaidOfAFileWhoseTimeIsUnknown() {
    with(Stage.REQUESTED, new FileStamp(5, "")).compare("part", Optional.of(new FileStamp(6, "t")));
    assertEquals(List.of(), said);
  }

  @Test
  void anOutputInItsPlaceIsComparedThereAndMayBeGone() throws IOException {
    Path path = Files.writeString(project.resolve("out_part"), "whole");
    FileStamp stamp = UploadSource.onHost(path).orElseThrow();
    List<UploadPlan> plans =
        List.of(
            new UploadPlan(
                "part",
                Optional.empty(),
                List.of(new UploadPlan.Output("part", path, Optional.empty()))));
    HandedOver handedOver = with(Stage.REQUESTED, stamp);
    handedOver.compareWritten(plans);
    Files.delete(path);
    handedOver.compareWritten(plans);
    assertEquals(List.of(), said);
    Files.writeString(path, "more than before");
    handedOver.compareWritten(plans);
    assertEquals(1, said.size());
  }
}
