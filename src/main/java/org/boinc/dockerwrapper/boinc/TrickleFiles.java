package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Messages to and from the server while the job runs, and output files that are uploaded before it
 * ends: files in the slot, announced through the shared memory (BOINC api/boinc_api.cpp).
 */
public final class TrickleFiles {
  private static final String TRICKLE_UP = "trickle_up.xml";
  private static final String UPLOAD_REQUEST = "boinc_ufr_";
  private static final String UPLOAD_STATUS = "boinc_ufs_";
  private static final String TRICKLE_DOWN = "trickle_down_";

  private final Path slot;
  private final ClientChannels channels;
  private boolean newTrickleUp;
  private boolean newUploadFile;

  /** What an earlier episode left unfetched is announced again. */
  public TrickleFiles(Path slot, ClientChannels channels) throws IOException {
    this.slot = slot;
    this.channels = channels;
    this.newTrickleUp = Files.exists(slot.resolve(TRICKLE_UP));
    this.newUploadFile = !named(UPLOAD_REQUEST).isEmpty();
  }

  /**
   * Leaves a message for the server.
   *
   * @param variety what kind of message, as the project's server knows it: letters, digits, {@code
   *     _.-}
   * @param body the project's own text
   * @return false: the client has not fetched another message yet, which stays as it is; true also
   *     where this very message waits already, from an episode that was cut short
   */
  public boolean trickleUp(String variety, String body) throws IOException {
    if (!variety.matches("[A-Za-z0-9_.-]{1,255}")) {
      throw new IllegalArgumentException("not a variety of trickle-up messages: " + variety);
    }
    String text = "<variety>" + variety + "</variety>\n" + body;
    Path file = slot.resolve(TRICKLE_UP);
    if (Files.exists(file)) {
      return Arrays.equals(Files.readAllBytes(file), text.getBytes(StandardCharsets.UTF_8));
    }
    AtomicFile.write(file, text);
    newTrickleUp = true;
    return true;
  }

  /**
   * Leaves a message for the server that an output is being uploaded, with the names that job and
   * server know it by.
   *
   * @param nbytes its size
   * @return as {@link #trickleUp}
   */
  public boolean trickleUpOfUpload(
      String variety, String logicalName, String physicalName, long nbytes) throws IOException {
    return trickleUp(
        variety,
        "<open_name>%s</open_name>\n<file_name>%s</file_name>\n<nbytes>%d</nbytes>\n"
            .formatted(BoincXml.encode(logicalName), BoincXml.encode(physicalName), nbytes));
  }

  /**
   * Asks for the upload of an output file. The client takes it from its place in the project
   * directory, so it must be an output that is a link, and complete; one that is not there costs
   * the job, which the client then aborts (BOINC client/client_state.cpp). Once uploaded it is
   * deleted there, unless it is sticky.
   *
   * @param logicalName without directories
   */
  public void requestUpload(String logicalName) throws IOException {
    Files.write(slot.resolve(UPLOAD_REQUEST + checked(logicalName)), new byte[0]);
    newUploadFile = true;
  }

  /** Logical names of the requests that the client has not taken yet. */
  public List<String> waitingRequests() throws IOException {
    return named(UPLOAD_REQUEST).stream()
        .map(file -> String.valueOf(file.getFileName()).substring(UPLOAD_REQUEST.length()))
        .toList();
  }

  /** To be called each second: announces what is new until the client accepts it. */
  public void announce() {
    if (channels.announce(newTrickleUp, newUploadFile)) {
      newTrickleUp = false;
      newUploadFile = false;
    }
  }

  /**
   * What became of an upload, if the client has said so.
   *
   * @return 1: done; 0: done, and the client has deleted the file, as it does unless it is sticky;
   *     negative: BOINC's error number
   */
  public OptionalInt uploadStatus(String logicalName) throws IOException {
    Path file = slot.resolve(UPLOAD_STATUS + checked(logicalName));
    Optional<byte[]> content = UntrustedFile.readStart(file, Channel.MAX_TEXT);
    return content.isEmpty()
        ? OptionalInt.empty()
        : MessageText.integer(new String(content.get(), StandardCharsets.ISO_8859_1), "status")
            .stream()
            .mapToInt(status -> (int) status)
            .findFirst();
  }

  /** Deletes the client's answer, which has been read. */
  public void forgetStatus(String logicalName) throws IOException {
    Files.deleteIfExists(slot.resolve(UPLOAD_STATUS + checked(logicalName)));
  }

  /** The server's messages, oldest first; whoever has handled one deletes it. */
  public List<Path> trickleDowns() throws IOException {
    return named(TRICKLE_DOWN);
  }

  private List<Path> named(String prefix) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(slot, prefix + "*")) {
      found.forEach(files::add);
    }
    Collections.sort(files);
    return files;
  }

  private static String checked(String logicalName) {
    if (logicalName.isEmpty() || logicalName.indexOf('/') >= 0 || logicalName.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not an output that can be uploaded: " + logicalName);
    }
    return logicalName;
  }
}
