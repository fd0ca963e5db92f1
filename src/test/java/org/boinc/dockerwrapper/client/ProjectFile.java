package org.boinc.dockerwrapper.client;

import java.nio.charset.StandardCharsets;

/**
 * A file that the client downloads and a job finds in its slot.
 *
 * @param openName its name in the slot
 * @param physicalName its name in the project directory; stands for one content for ever
 * @param copied a copy in the slot, not a link
 */
@SuppressWarnings("ArrayRecordComponent") // bytes for the wire, never compared
record ProjectFile(
    String openName, String physicalName, byte[] content, boolean executable, boolean copied) {

  static ProjectFile link(String openName, String physicalName, String text) {
    return new ProjectFile(
        openName, physicalName, text.getBytes(StandardCharsets.UTF_8), false, false);
  }
}
