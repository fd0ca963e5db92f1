package org.boinc.dockerwrapper.boinc;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What the client may ask of a running app on the process control channel, in the order in which
 * BOINC's library tests the tags of one message (BOINC api/boinc_api.cpp).
 */
public enum ClientRequest {
  /** Stop computing, stay in memory. */
  SUSPEND,
  /** Compute again. */
  RESUME,
  /** Leave within 60 s; the job will be started again later. */
  QUIT,
  /** Leave within 60 s; nobody wants the result any more. */
  ABORT,
  /** init_data.xml has been rewritten. */
  REREAD_APP_INFO;

  /** The literal tag. */
  public String tag() {
    return "<" + name().toLowerCase(Locale.ROOT) + "/>";
  }

  /** All requests in one message; tags that nobody knows are ignored. */
  static Set<ClientRequest> parse(String message) {
    Set<ClientRequest> requests = EnumSet.noneOf(ClientRequest.class);
    for (ClientRequest request : values()) {
      if (message.contains(request.tag())) {
        requests.add(request);
      }
    }
    return requests;
  }
}
