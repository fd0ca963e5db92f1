package org.boinc.dockerwrapper.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The table {@code [container]}: what runs, as whom, with which environment. Empty lists mean the
 * image's own values.
 *
 * @param workdir empty: the slot's mount point, else the image's
 * @param addUser give the user a passwd and group entry and a HOME
 * @param hostname empty: {@code boinc-<slot>}
 * @param envFiles slot paths of files with {@code NAME=value} lines
 * @param init an init as PID 1 reaps orphans and forwards signals
 * @param shutdown command run in the container before abort or stop
 * @param readOnlyRoot the image's file system is read-only ({@code create_args --read-only})
 * @param labels further labels ({@code create_args -l}); never {@code boinc.*}
 */
public record ContainerSpec(
    List<String> command,
    List<String> args,
    List<String> entrypoint,
    String workdir,
    User user,
    boolean addUser,
    String hostname,
    Map<String, String> env,
    List<String> envFiles,
    boolean init,
    List<String> shutdown,
    String stopSignal,
    Duration stopTimeout,
    Duration startTimeout,
    boolean readOnlyRoot,
    Map<String, String> labels) {

  /** Who the job's processes are inside the container. */
  public sealed interface User {
    /** The BOINC client's own uid and gid, as far as the host is concerned. */
    record Auto() implements User {}

    /** The image's USER. */
    record OfImage() implements User {}

    /** Fixed numbers, 0 to 4294967294. */
    record Ids(long uid, long gid) implements User {}
  }
}
