package org.boinc.dockerwrapper.client;

import java.util.Map;

/**
 * What the client reported of a result.
 *
 * @param state 5 when computed and uploaded, 3 after a compute error, 6 when aborted (BOINC
 *     lib/common_defs.h, RESULT_*)
 * @param stderr with the client's own {@code <message>}
 * @param outputs MD5 of what was uploaded, by physical name
 */
record Report(
    String resultName,
    int exitStatus,
    int state,
    double cpuTime,
    String stderr,
    Map<String, String> outputs) {
  static final int COMPUTE_ERROR = 3;

  static final int FILES_UPLOADED = 5;

  static final int ABORTED = 6;
}
