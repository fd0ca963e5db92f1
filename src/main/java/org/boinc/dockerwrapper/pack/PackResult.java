package org.boinc.dockerwrapper.pack;

import java.util.List;
import org.boinc.dockerwrapper.job.Problem;

/** What came of it. */
public sealed interface PackResult {
  /** A release, not yet written. */
  record Packed(Release release, List<Problem> warnings) implements PackResult {}

  /** Something the server or the client would refuse. */
  record Refused(List<Problem> problems) implements PackResult {}
}
