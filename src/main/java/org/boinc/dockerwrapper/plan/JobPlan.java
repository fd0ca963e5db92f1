package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.job.Origin;

/**
 * Everything one episode needs to know; the job.toml is not looked at again after this.
 *
 * @param containerName of the container
 * @param labels what the container is found by and shows to people; see {@link Labels}
 * @param image how to come by the image
 * @param imageLife how long the image stays
 * @param container what is created
 * @param work the directory mounted in place of the slot, where the slot is mounted
 * @param copies what is copied in and out
 * @param watch what is observed while the job runs
 * @param checkpoint how the job makes checkpoints; empty: it makes none
 * @param cluster the further containers of a job of several; empty: it has one
 * @param receipt where it is wanted
 * @param generated small files written into the slot before the container is created
 * @param outputs project files that this job's mounted soft links write to; created empty, removed
 *     when never written
 * @param written logical names of everything that the job writes outside its container
 * @param uploads outputs that the client gets before the job ends
 * @param secrets strings that no log may show
 * @param verbosity 0 quiet, 1 actions, 2 also polling
 * @param origins why each value is what it is, by dotted key
 */
public record JobPlan(
    Name containerName,
    Map<String, String> labels,
    ImagePlan image,
    ImageLife imageLife,
    ContainerPlan container,
    Optional<WorkPlan> work,
    CopyPlan copies,
    WatchPlan watch,
    Optional<CheckpointPlan> checkpoint,
    Optional<ClusterPlan> cluster,
    Optional<ReceiptPlan> receipt,
    List<GeneratedFile> generated,
    List<OutputLink> outputs,
    List<String> written,
    List<UploadPlan> uploads,
    List<String> secrets,
    int verbosity,
    Map<String, Origin> origins) {

  /** How long an image stays where nothing else takes it away. */
  public enum ImageLife {
    /** It goes with the job. */
    JOB,
    /** It goes when the app version has left the project's directory. */
    APP_VERSION,
    /** It goes with the project. */
    FOREVER
  }

  /** What the job's containers may use together, in bytes. */
  public long memoryBytes() {
    return container.limits().memoryBytes() * cluster.map(ClusterPlan::nodes).orElse(1);
  }

  /** Whether the image outlives the job. */
  public boolean keepImage() {
    return imageLife != ImageLife.JOB;
  }

  /** A text file that the wrapper makes, such as the container's passwd. */
  public record GeneratedFile(Path path, String text, boolean executable) {}

  /**
   * A file that says what ran, and where.
   *
   * @param path where it is written
   * @param jobFile what is read as job.toml; empty: there is none
   */
  public record ReceiptPlan(Path path, Optional<Path> jobFile) {}

  /**
   * An output file that the slot shows as a link.
   *
   * @param logicalName its slot path
   * @param path in the project directory
   */
  public record OutputLink(String logicalName, Path path) {}
}
