package org.boinc.dockerwrapper.simulate;

/**
 * What the client knows beyond one wrapper process, and what each heartbeat says of it. Written by
 * whoever plays the client, read by the thread that polls.
 */
final class ClientState {
  volatile boolean heartbeats = true;
  volatile boolean networkSuspended;
  volatile boolean dead;
  volatile int sporadicState;
  final EarlyUploads uploads = new EarlyUploads();

  /** The text that the client sends (BOINC client/app_control.cpp). */
  String heartbeat(double maxWss) {
    StringBuilder text =
        new StringBuilder("<heartbeat/><wss>%e</wss><max_wss>%e</max_wss>".formatted(0.0, maxWss));
    if (networkSuspended) {
      text.append("<network_suspended/>");
    }
    if (sporadicState != 0) {
      text.append("<sporadic_ca>%d</sporadic_ca>".formatted(sporadicState));
    }
    return text.toString();
  }
}
