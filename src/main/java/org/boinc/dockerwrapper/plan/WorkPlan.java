package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.List;

/**
 * The job's directory: a subdirectory of the slot that is mounted in place of the slot itself. The
 * client rewrites init_data.xml while the job runs, and a file bound over it is then gone from the
 * container; what is never mounted can never be read. Nor does a forged finish file reach the
 * client from here.
 *
 * @param directory on the host
 * @param placements how it is filled, in order; each is repeatable
 */
public record WorkPlan(Path directory, List<Placement> placements) {

  /** One entry of the job's directory. */
  public sealed interface Placement {
    /** Path within the directory, with {@code /}. */
    String name();

    /** A file or directory of the slot moves in, and back when the job has ended. */
    record Move(String name, Path source) implements Placement {}

    /** The text of a soft link, or a symbolic link, is shown as it is. */
    record CopyLink(String name, Path source) implements Placement {}

    /**
     * An empty file or directory on which something else is mounted; it goes when the job has
     * ended.
     */
    record Placeholder(String name, boolean directory) implements Placement {}
  }
}
