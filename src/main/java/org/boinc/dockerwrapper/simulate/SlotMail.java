package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.file.DirectoryStream;
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
  private static final String UPLOAD_REQUEST = "boinc_ufr_";
  private static final String UPLOAD_STATUS = "boinc_ufs_";
  private static final int UPLOADED = 1;
  private static final int NOT_FOUND = -161; // BOINC lib/error_numbers.h: ERR_NOT_FOUND

  private final SimulatedSlot slot;
  private final Channel trickleDown;
  private final Timeline timeline;
  private int trickles;
  private boolean owesNews;

  SlotMail(SimulatedSlot slot, Channel trickleDown, Timeline timeline) {
    this.slot = slot;
    this.trickleDown = trickleDown;
    this.timeline = timeline;
  }

  /** Does what a message on the trickle-up channel announces. */
  void announced(String message) throws IOException {
    if (message.contains("<have_new_trickle_up/>")) {
      moveTrickle();
    }
    if (message.contains("<have_new_upload_file/>")) {
      upload();
    }
  }

  /** Sends what could not be sent before; called once per poll. */
  void flush() {
    if (owesNews) {
      owesNews = !trickleDown.send(TransferNews.UPLOAD_STATUS.tag() + "\n");
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

  private void upload() throws IOException {
    try (DirectoryStream<Path> requests =
        Files.newDirectoryStream(slot.directory(), UPLOAD_REQUEST + "*")) {
      for (Path request : requests) {
        String name = request.getFileName().toString().substring(UPLOAD_REQUEST.length());
        Files.delete(request);
        int status = uploadStatus(name);
        Files.writeString(
            slot.directory().resolve(UPLOAD_STATUS + name),
            "<status>%d</status>\n".formatted(status));
        timeline.add(Timeline.Kind.TRANSFER, "upload of %s: status %d".formatted(name, status));
        owesNews = true;
      }
    }
    flush();
  }

  /** The client looks in the project directory only, so a copied output is not found yet. */
  private int uploadStatus(String logicalName) {
    boolean present =
        slot.files().stream()
            .filter(file -> file.role() == SimulatedFile.Role.OUTPUT)
            .filter(file -> file.logicalName().equals(logicalName))
            .anyMatch(file -> Files.exists(slot.inProject(file)));
    return present ? UPLOADED : NOT_FOUND;
  }
}
