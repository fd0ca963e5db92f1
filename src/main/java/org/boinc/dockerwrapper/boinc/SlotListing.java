package org.boinc.dockerwrapper.boinc;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The job's files as they lie now, by logical name; control files are not among them.
 *
 * @param slot the slot directory, absolute
 * @param projectDirectory this job's own
 * @param entries by logical name, with {@code /} between its parts
 * @param complete false: there are more files than are listed, or a directory could not be read
 */
public record SlotListing(
    Path slot, Path projectDirectory, SortedMap<String, Entry> entries, boolean complete) {

  /** Keeps a copy of the entries. */
  public SlotListing {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /** A listing from which nothing is missing. */
  public SlotListing(Path slot, Path projectDirectory, SortedMap<String, Entry> entries) {
    this(slot, projectDirectory, entries, true);
  }

  /** One file, directory or link of the job. */
  public sealed interface Entry {
    /** The logical name. */
    String name();

    /** Where it lies: in the slot or in the work directory. */
    Path path();
  }

  /**
   * A plain file.
   *
   * @param size bytes
   */
  public record RegularFile(String name, Path path, long size, boolean executable)
      implements Entry {}

  /** A directory; what is in it has entries of its own. */
  public record Directory(String name, Path path) implements Entry {}

  /**
   * A link that the client made.
   *
   * @param symbolic a symbolic link; else a {@link SoftLink}
   * @param target absolute; of a link that is {@link TargetState#OUTSIDE}: where it claims to lead
   * @param state must be looked at before target is used
   */
  public record Link(String name, Path path, boolean symbolic, Path target, TargetState state)
      implements Entry {}

  /** Where a link leads. */
  public enum TargetState {
    /** To a file in the project directory. */
    FILE,
    /** To a directory in the project directory. */
    DIRECTORY,
    /** To a place in the project directory where nothing is yet: an output file. */
    MISSING,
    /** Not directly into this job's project directory: never to be followed. */
    OUTSIDE
  }

  /** The entry of that logical name. */
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** Where the existing content of that name can be read: the file, or what the link leads to. */
  public Optional<Path> resolve(String name) {
    return find(name)
        .flatMap(
            entry ->
                switch (entry) {
                  case RegularFile file -> Optional.of(file.path());
                  case Directory directory -> Optional.of(directory.path());
                  case Link link ->
                      switch (link.state()) {
                        case FILE, DIRECTORY -> Optional.of(link.target());
                        case MISSING, OUTSIDE -> Optional.empty();
                      };
                });
  }
}
