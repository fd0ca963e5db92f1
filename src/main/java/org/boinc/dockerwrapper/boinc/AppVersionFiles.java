package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells which files of a slot belong to the app version and so are covered by its code signature: a
 * workunit's files are not (runtime reference 9.1, 9.3).
 */
public final class AppVersionFiles {
  /**
   * Dockerfiles, templates and scripts are smaller; comparing gigabytes of input would cost too
   * much.
   */
  public static final long LARGEST_COMPARED = 1 << 20;

  private AppVersionFiles() {}

  /**
   * Logical names of the slot's files that are links to a file that init_data.xml lists under
   * {@code app_file}, or identical copies of one.
   */
  public static Set<String> of(SlotListing listing, InitData job) throws IOException {
    Set<String> names = new TreeSet<>();
    for (SlotListing.Entry entry : listing.entries().values()) {
      boolean belongs =
          switch (entry) {
            case SlotListing.Link link ->
                link.state() == SlotListing.TargetState.FILE
                    && job.appFiles().contains(String.valueOf(link.target().getFileName()));
            case SlotListing.RegularFile file -> isCopy(file, job);
            case SlotListing.Directory _ -> false;
          };
      if (belongs) {
        names.add(entry.name());
      }
    }
    return names;
  }

  private static boolean isCopy(SlotListing.RegularFile file, InitData job) throws IOException {
    if (file.size() > LARGEST_COMPARED) {
      return false;
    }
    for (String physicalName : job.appFiles()) {
      Path original = job.projectDirectory().resolve(physicalName);
      if (Files.isRegularFile(original)
          && Files.size(original) == file.size()
          && Files.mismatch(original, file.path()) < 0) {
        return true;
      }
    }
    return false;
  }
}
