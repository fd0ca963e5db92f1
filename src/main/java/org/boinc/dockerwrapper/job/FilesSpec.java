package org.boinc.dockerwrapper.job;

import java.util.ArrayList;
import java.util.List;

/**
 * The table {@code [files]}: how the job's files reach the container and come back. Copies and a
 * mounted slot may be combined.
 *
 * @param slot container path where the slot is mounted; empty: not mounted
 * @param project container path where the project directory is mounted; empty: not mounted
 * @param hide slot files never shown to the container, besides BOINC's own control files
 * @param stdout slot file that also gets the container's standard output; empty: none
 * @param stderr slot file that also gets the container's standard error; empty: none
 * @param receipt slot file that says what ran, and where; empty: none
 * @param mounts single slot or project files shown elsewhere, as upstream's own key asks
 */
public record FilesSpec(
    String slot,
    String project,
    ProjectAccess projectAccess,
    Links links,
    List<CopyIn> in,
    List<CopyOut> out,
    List<Upload> uploads,
    List<String> hide,
    String stdout,
    String stderr,
    String receipt,
    List<ExtraMount> mounts) {

  /** Whether a slot path is hidden, itself or with a directory that it is in. */
  public boolean hides(String name) {
    return hide.stream().anyMatch(hidden -> name.equals(hidden) || name.startsWith(hidden + "/"));
  }

  /** The same, hiding one more. */
  FilesSpec alsoHiding(String name) {
    List<String> more = new ArrayList<>(hide);
    more.add(name);
    return new FilesSpec(
        slot,
        project,
        projectAccess,
        links,
        in,
        out,
        uploads,
        more,
        stdout,
        stderr,
        receipt,
        mounts);
  }

  /**
   * READ_WRITE: this job's own outputs in the project directory can be written through the mount.
   */
  public enum ProjectAccess {
    READ_ONLY,
    READ_WRITE
  }

  /** How soft links in a mounted slot look to the job. AUTO is BIND. */
  public enum Links {
    AUTO,
    /** Each link is an ordinary file under its logical name. */
    BIND,
    /** Links stay as they are and {@code /boinc/resolve} prints what one means. */
    SCRIPT,
    /** Links stay as they are. */
    OFF
  }

  /**
   * One copy before the job starts.
   *
   * @param src slot path or glob
   * @param dst absolute container path; one that ends in {@code /} is a directory
   */
  public record CopyIn(String src, String dst) {}

  /**
   * One copy after the job ended.
   *
   * @param src absolute container path or glob
   * @param dst slot path
   * @param required a missing source fails the job
   * @param always copied whatever the exit status
   * @param archive {@code "tar"}, {@code "tgz"} or empty: pack what {@code src} matches into the
   *     one file {@code dst}
   * @param exclude globs, relative to {@code src}
   */
  public record CopyOut(
      String src,
      String dst,
      boolean required,
      boolean always,
      String archive,
      List<String> exclude) {}

  /**
   * Outputs uploaded while the job runs.
   *
   * @param file logical name or glob of outputs
   * @param trickle variety of the trickle-up message that goes with each; empty: none
   */
  public record Upload(String file, String trickle) {}

  /**
   * A slot or project file or directory mounted at a place of its own.
   *
   * @param source slot path, or {@code ../../projects/…} inside this job's project directory
   */
  public record ExtraMount(String source, String at, boolean readOnly) {}
}
