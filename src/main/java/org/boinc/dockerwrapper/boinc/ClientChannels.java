package org.boinc.dockerwrapper.boinc;

import java.util.Optional;
import java.util.Set;

/**
 * The wrapper's side of the shared memory. Nothing here blocks; what can't be sent now is for the
 * caller to send again, with fresh values, at its next tick.
 *
 * <p>Requests and heartbeats must be taken at least every 100 ms: a client that shuts down writes
 * {@code <quit/>} only if the channel is free at that moment.
 */
public final class ClientChannels {
  /** The longest URL that the client keeps (BOINC api/boinc_api.cpp). */
  public static final int MAX_URL = 255;

  private final Channel requests;
  private final Channel heartbeats;
  private final Channel status;
  private final Channel graphics;
  private final Channel trickleUp;
  private final Channel trickleDown;

  /**
   * Speaks to the client through this memory.
   *
   * @param memory from {@link SharedMemory#attach}
   */
  public ClientChannels(SharedMemory memory) {
    requests = new Channel(memory, Channel.Name.PROCESS_CONTROL_REQUEST);
    heartbeats = new Channel(memory, Channel.Name.HEARTBEAT);
    status = new Channel(memory, Channel.Name.APP_STATUS);
    graphics = new Channel(memory, Channel.Name.GRAPHICS_REPLY);
    trickleUp = new Channel(memory, Channel.Name.TRICKLE_UP);
    trickleDown = new Channel(memory, Channel.Name.TRICKLE_DOWN);
  }

  /** What the client asks now, in the order of {@link ClientRequest}; mostly nothing. */
  public Set<ClientRequest> takeRequests() {
    return requests.take().map(ClientRequest::parse).orElse(Set.of());
  }

  /** The newest heartbeat, if one came since the last call. */
  public Optional<Heartbeat> takeHeartbeat() {
    return heartbeats.take().map(Heartbeat::parse);
  }

  /** Tells the client how the job is doing; false: it has not read the last report yet. */
  public boolean report(AppStatus appStatus) {
    return status.send(appStatus.toMessage());
  }

  /**
   * Tells the client where the job's web graphics are, once per episode: the client forgets.
   *
   * @param url printable ASCII, at most {@link #MAX_URL} characters
   * @return false: not accepted yet
   */
  public boolean sendGraphicsUrl(String url) {
    if (url.length() > MAX_URL || !url.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '<')) {
      throw new IllegalArgumentException("not a URL that the client would keep: " + url);
    }
    return graphics.send("<web_graphics_url>" + url + "</web_graphics_url>");
  }

  /**
   * Tells the client to look for {@code trickle_up.xml} and for upload requests in the slot.
   *
   * @return false: not accepted yet; true also if there is nothing to tell
   */
  public boolean announce(boolean newTrickleUp, boolean newUploadFile) {
    String text =
        (newTrickleUp ? "<have_new_trickle_up/>\n" : "")
            + (newUploadFile ? "<have_new_upload_file/>\n" : "");
    return text.isEmpty() || trickleUp.send(text);
  }

  /** What the client left in the slot since the last call. */
  public Set<TransferNews> takeTransferNews() {
    return trickleDown.take().map(TransferNews::parse).orElse(Set.of());
  }
}
