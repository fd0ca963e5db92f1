package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import org.boinc.dockerwrapper.job.ByteSize;

/** Something mounted into the container. */
public sealed interface Mount {
  /** Absolute container path. */
  String target();

  /** A file or directory of the host; it exists when the container is created. */
  record Bind(Path source, String target, boolean readOnly) implements Mount {}

  /** Memory, mode 1777, executable files allowed. */
  record Tmpfs(String target, ByteSize size) implements Mount {}
}
