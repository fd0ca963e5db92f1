package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.boinc.dockerwrapper.boinc.Channel;
import org.boinc.dockerwrapper.boinc.TransferNews;

/**
 * The client's part in trickle-up messages and uploads before the end of the job (BOINC
 * client/cs_trickle.cpp): files in the slot, announced by a message.
 */
final class SlotMail {
  private static final String TRICKLE_UP = "trickle_up.xml";

  private final SimulatedSlot slot;
  private final Channel trickleDown;
  private final Timeline timeline;
  private final ClientState client;
  private int trickles;

  SlotMail(SimulatedSlot slot, Channel trickleDown, Timeline timeline, ClientState client) {
    this.slot = slot;
    this.trickleDown = trickleDown;
    this.timeline = timeline;
    this.client = client;
  }

  /** Does what a message on the trickle-up channel announces. */
  void announced(String message) throws IOException {
    if (message.contains("<have_new_trickle_up/>")) {
      moveTrickle();
    }
    if (message.contains("<have_new_upload_file/>")) {
      client.uploads.takeRequests(slot, timeline);
    }
  }

  /** Uploads, and tells what could not be told before; called once per poll. */
  void flush() throws IOException {
    client.uploads.transfer(slot, timeline, client.networkSuspended);
    if (client.uploads.owesNews() && trickleDown.send(TransferNews.UPLOAD_STATUS.tag() + "\n")) {
      client.uploads.newsSent();
    }
  }

  private void moveTrickle() throws IOException {
    Path message = slot.directory().resolve(TRICKLE_UP);
    if (!Files.exists(message)) {
      timeline.add(Timeline.Kind.NOTE, "a trickle-up message was announced, but there is none");
      return;
    }
    trickles++;
    String name = "trickle_up_%s_%d.xml".formatted(slot.resultName(), trickles);
    Files.move(message, slot.projectDirectory().resolve(name), StandardCopyOption.REPLACE_EXISTING);
    timeline.add(Timeline.Kind.TRANSFER, "trickle-up message " + name);
  }
}
