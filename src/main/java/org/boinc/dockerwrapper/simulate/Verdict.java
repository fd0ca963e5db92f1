package org.boinc.dockerwrapper.simulate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of a simulated job.
 *
 * @param valid whether the client would upload the outputs as a success
 * @param hostNotReady whether the last word of the wrapper was that this host can't run the job now
 * @param reasons why it is not valid, one sentence each
 * @param remarks what else the project should know, one sentence each
 * @param outputs the declared outputs; empty unless the job completed
 * @param uploads how many outputs were uploaded while the job ran
 * @param cpuTime CPU seconds that the wrapper reported last
 * @param elapsed from the first start to the last exit
 * @param episodes wrapper processes
 */
public record Verdict(
    boolean valid,
    boolean hostNotReady,
    List<String> reasons,
    List<String> remarks,
    List<OutputCheck> outputs,
    int uploads,
    double cpuTime,
    Duration elapsed,
    int episodes) {

  /** Copies the lists. */
  public Verdict {
    reasons = List.copyOf(reasons);
    remarks = List.copyOf(remarks);
    outputs = List.copyOf(outputs);
  }

  /** The same verdict with remarks from elsewhere before its own. */
  public Verdict remarking(List<String> more) {
    List<String> all = new ArrayList<>(more);
    all.addAll(remarks);
    return new Verdict(
        valid, hostNotReady, reasons, all, outputs, uploads, cpuTime, elapsed, episodes);
  }

  /** 0 valid, 1 not valid, 3 the host can't. */
  public int exitStatus() {
    if (valid) {
      return 0;
    }
    return hostNotReady ? 3 : 1;
  }
}
