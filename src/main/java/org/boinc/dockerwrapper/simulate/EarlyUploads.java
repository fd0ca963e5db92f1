package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Outputs that the wrapper asks to be uploaded before the end of the job, and what the client does
 * with them (BOINC client/app.cpp, client/cs_files.cpp). The client's own, so that it outlives a
 * wrapper process.
 *
 * <p>As with the real client an uploaded file is deleted from the project directory, and is told
 * with status 0; a request for a file that is not there costs the job; one for a name that is no
 * output is never answered.
 */
final class EarlyUploads {
  private static final String REQUEST = "boinc_ufr_";
  private static final String STATUS = "boinc_ufs_";
  private static final int FILE_NOT_PRESENT = 0; // BOINC lib/common_defs.h, what a deletion leaves
  private static final int ERR_FOPEN = -108; // BOINC lib/error_numbers.h

  private final Map<String, SimulatedFile> waiting = new LinkedHashMap<>();
  private final Map<String, Long> uploaded = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private boolean lost;
  private boolean owesNews;

  /** Takes every request that lies in the slot. */
  synchronized void takeRequests(SimulatedSlot slot, Timeline timeline) throws IOException {
    try (DirectoryStream<Path> requests =
        Files.newDirectoryStream(slot.directory(), REQUEST + "*")) {
      for (Path request : requests) {
        String name = String.valueOf(request.getFileName()).substring(REQUEST.length());
        Files.delete(request);
        take(slot, timeline, name);
      }
    }
  }

  private void take(SimulatedSlot slot, Timeline timeline, String name) throws IOException {
    Optional<SimulatedFile> output =
        slot.files().stream()
            .filter(file -> file.role() == SimulatedFile.Role.OUTPUT)
            .filter(file -> file.logicalName().equals(name))
            .findFirst();
    if (output.isEmpty()) {
      timeline.add(
          Timeline.Kind.NOTE,
          "the wrapper asks for the upload of %s, which is no output; the client does not answer"
              .formatted(name));
      return;
    }
    Path file = slot.inProject(output.get());
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      lost = true;
      problems.add(
          "upload failure: the wrapper asked for the upload of %s, which is not in the project directory (error %d)"
              .formatted(name, ERR_FOPEN));
      timeline.add(Timeline.Kind.NOTE, problems.getLast());
    } else if (uploaded.containsKey(name)) {
      timeline.add(
          Timeline.Kind.NOTE,
          "the wrapper asks again for the upload of %s; nothing is sent twice".formatted(name));
    } else {
      waiting.put(name, output.get());
      timeline.add(
          Timeline.Kind.TRANSFER,
          "upload of %s requested, %d bytes".formatted(name, Files.size(file)));
    }
  }

  /** Uploads what waits, unless the network is suspended. */
  synchronized void transfer(SimulatedSlot slot, Timeline timeline, boolean networkSuspended)
      throws IOException {
    if (networkSuspended) {
      return;
    }
    for (SimulatedFile output : List.copyOf(waiting.values())) {
      String name = output.logicalName();
      Path file = slot.inProject(output);
      if (!Files.exists(file)) {
        continue; // the real client tries for days; the end of the job tells
      }
      long nbytes = Files.size(file);
      if (output.maxNbytes().isPresent() && nbytes > output.maxNbytes().getAsLong()) {
        problems.add(
            "output %s: has %d bytes, max_nbytes is %d, and the server refuses it"
                .formatted(name, nbytes, output.maxNbytes().getAsLong()));
        timeline.add(Timeline.Kind.NOTE, problems.getLast());
      } else {
        Files.createDirectories(slot.onServer(output).getParent());
        Files.copy(file, slot.onServer(output), StandardCopyOption.REPLACE_EXISTING);
        timeline.add(Timeline.Kind.TRANSFER, "uploaded %s, %d bytes".formatted(name, nbytes));
      }
      Files.delete(file);
      Files.writeString(
          slot.directory().resolve(STATUS + name),
          "<status>%d</status>\n".formatted(FILE_NOT_PRESENT));
      uploaded.put(name, nbytes);
      waiting.remove(name);
      owesNews = true;
    }
  }

  /** Whether the client has given the job up over a request. */
  synchronized boolean lost() {
    return lost;
  }

  /** Whether the wrapper is still to be told that there are answers; it is told by the caller. */
  synchronized boolean owesNews() {
    return owesNews;
  }

  synchronized void newsSent() {
    owesNews = false;
  }

  /** Why the result is not valid, one sentence each. */
  synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  /** The size of an output that was uploaded; the client does not look at it again. */
  synchronized OptionalLong uploaded(String logicalName) {
    Long nbytes = uploaded.get(logicalName);
    return nbytes == null ? OptionalLong.empty() : OptionalLong.of(nbytes);
  }

  synchronized int count() {
    return uploaded.size();
  }
}
