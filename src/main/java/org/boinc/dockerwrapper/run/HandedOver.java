package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.engine.FileStamp;
import org.boinc.dockerwrapper.plan.UploadPlan;

/**
 * The outputs that the client was asked to upload while the job ran. They stay as they were then:
 * the client may be sending one at this moment, and never sends an output twice. That the job has
 * changed one since is told.
 *
 * @param uploads by logical name
 */
record HandedOver(Map<String, UploadState> uploads, Consumer<String> say) {

  /** Whether an output is the client's already. */
  boolean holds(String logicalName) {
    UploadState state = uploads.get(logicalName);
    return state != null && state.handedOver();
  }

  /** Tells that an output is not what it was; empty: it is not there any more. */
  void compare(String logicalName, Optional<FileStamp> now) {
    UploadState then = uploads.get(logicalName);
    if (then == null || then.changed().isEmpty() || now.isEmpty()) {
      return;
    }
    if (!now.get().equals(new FileStamp(then.bytes(), then.changed()))) {
      say.accept(
          "the job changed output '%s' after the client had been asked to upload it; the server may have it as it was then"
              .formatted(logicalName));
    }
  }

  /**
   * The same for all outputs that the job writes in their place; the client may have deleted it.
   */
  void compareWritten(List<UploadPlan> plans) throws IOException {
    for (UploadPlan plan : plans) {
      for (UploadPlan.Output output : plan.outputs()) {
        if (output.source().isEmpty() && holds(output.logicalName())) {
          compare(output.logicalName(), UploadSource.onHost(output.path()));
        }
      }
    }
  }
}
