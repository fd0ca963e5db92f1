package org.boinc.dockerwrapper.run;

import java.util.List;

/**
 * For whom the wrapper brought an image into an engine.
 *
 * @param endpoint of the engine
 * @param name by which it was made and is removed
 * @param id {@code sha256:…}
 * @param workunit that it goes with; empty: it stays for the app version
 * @param files physical names of the app version's files: gone with one of them; none: it stays as
 *     long as the project
 * @param lastUsed seconds since 1970
 */
public record ImageUse(
    String endpoint, String name, String id, String workunit, List<String> files, long lastUsed) {
  /** Refuses what is no such record, so that a ledger that holds it can't be read. */
  public ImageUse {
    if (endpoint == null || name == null || id == null || workunit == null || files == null) {
      throw new IllegalArgumentException("an image without all that is to be known of it");
    }
    files = List.copyOf(files);
  }

  /** Whether both say the same, but for the image's ID and the time. */
  boolean isOfSameKind(ImageUse other) {
    return endpoint.equals(other.endpoint)
        && name.equals(other.name)
        && workunit.equals(other.workunit)
        && files.equals(other.files);
  }
}
