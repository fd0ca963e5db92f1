package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.boinc.dockerwrapper.plan.WorkPlan;
import org.boinc.dockerwrapper.plan.WorkPlan.Placement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job may put a link in place of a directory of its slot, and it may lead anywhere. */
class WorkDirectoryLinksTest {
  @TempDir Path data;
  private Path slot;
  private Path work;
  private Path outside;
  private List<Placement> placements;

  @BeforeEach
  void replaceADirectoryByALink() throws IOException {
    slot = Files.createDirectories(data.resolve("slots/0"));
    outside = Files.createDirectories(data.resolve("outside"));
    Files.writeString(outside.resolve("link"), "not the job's");
    Files.createDirectories(slot.resolve("sub"));
    Path link = Files.writeString(slot.resolve("sub/link"), "<soft_link>x</soft_link>\n");
    work = slot.resolve("docker_wrapper_work");
    placements =
        List.of(
            new Placement.CopyLink("sub/link", link),
            new Placement.Placeholder("sub/placeholder", false));
    Files.createDirectories(work);
    Files.createSymbolicLink(work.resolve("sub"), outside);
  }

  @Test
  void emptyingDeletesNothingBehindIt() throws IOException {
    WorkDirectory.empty(slot, placements, _ -> {});
    assertEquals("not the job's", Files.readString(outside.resolve("link")));
    assertFalse(Files.exists(work));
  }

  @Test
  void fillingAgainWritesNothingBehindIt() throws IOException {
    WorkDirectory.fill(new WorkPlan(work, placements), _ -> {});
    assertEquals("not the job's", Files.readString(outside.resolve("link")));
    assertFalse(Files.exists(outside.resolve("placeholder")));
    assertTrue(Files.isDirectory(work.resolve("sub"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(work.resolve("sub/link")));
  }
}
