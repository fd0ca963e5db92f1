package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One file reference of the app version or of the workunit, as a project declares it.
 *
 * <p>Start from {@link #app}, {@link #input} or {@link #output} and say what is different: {@code
 * SimulatedFile.app("job.toml", text).copied()}.
 *
 * @param role who declares it
 * @param logicalName the open_name: where the job looks for it in the slot; may contain slashes
 * @param physicalName the name in the project directory
 * @param realisation how it gets into the slot
 * @param optional an output that may be missing
 * @param executable an input or app file that gets the executable bit
 * @param maxNbytes the largest size of an output that the server accepts
 * @param content what the project directory holds before the job; none for an output
 */
public record SimulatedFile(
    Role role,
    String logicalName,
    String physicalName,
    Realisation realisation,
    boolean optional,
    boolean executable,
    OptionalLong maxNbytes,
    Optional<Content> content) {

  /** What writes a file's bytes to a path that doesn't exist yet. */
  @FunctionalInterface
  public interface Content {
    /** Creates the file. */
    void writeTo(Path file) throws IOException;
  }

  /** Who declares a file. */
  public enum Role {
    /** The app version (version.xml). */
    APP_VERSION,
    /** The workunit (input template). */
    INPUT,
    /** The result (output template). */
    OUTPUT
  }

  /** How the client brings a file into the slot (BOINC client/app_start.cpp). */
  public enum Realisation {
    /** A text file that names the file in the project directory: the client's default. */
    SOFT_LINK,
    /** A symbolic link: Unix clients, if the project set use_symlinks. */
    SYMLINK,
    /** A real file: {@code <copy_file/>}; outputs are moved to the project directory afterwards. */
    COPY
  }

  /** Refuses names that the client refuses (BOINC client/client_types.cpp). */
  public SimulatedFile {
    if (logicalName.isEmpty() || logicalName.contains("..") || logicalName.contains("%")) {
      throw new IllegalArgumentException(
          "open_name: '%s' is not accepted by the client; it may not be empty or contain .. or %%"
              .formatted(logicalName));
    }
    if (physicalName.isEmpty() || physicalName.contains("..") || physicalName.contains("/")) {
      throw new IllegalArgumentException(
          "physical_name: '%s' is not a plain file name".formatted(physicalName));
    }
  }

  /** A file of the app version: soft link, same physical name with {@code app_} before it. */
  public static SimulatedFile app(String logicalName, Content content) {
    return of(Role.APP_VERSION, logicalName, "app_", Optional.of(content));
  }

  /** A text file of the app version. */
  public static SimulatedFile app(String logicalName, String text) {
    return app(logicalName, file -> Files.writeString(file, text));
  }

  /** An input file of the workunit: soft link, same physical name with {@code in_} before it. */
  public static SimulatedFile input(String logicalName, Content content) {
    return of(Role.INPUT, logicalName, "in_", Optional.of(content));
  }

  /** A text input file of the workunit. */
  public static SimulatedFile input(String logicalName, String text) {
    return input(logicalName, file -> Files.writeString(file, text));
  }

  /** A mandatory output file: soft link, same physical name with {@code out_} before it. */
  public static SimulatedFile output(String logicalName) {
    return of(Role.OUTPUT, logicalName, "out_", Optional.empty());
  }

  /** The same file under another name in the project directory. */
  public SimulatedFile physical(String name) {
    return new SimulatedFile(
        role, logicalName, name, realisation, optional, executable, maxNbytes, content);
  }

  /** The same file, brought into the slot in another way. */
  public SimulatedFile as(Realisation how) {
    return new SimulatedFile(
        role, logicalName, physicalName, how, optional, executable, maxNbytes, content);
  }

  /** The same file as a real copy in the slot: {@code <copy_file/>}. */
  public SimulatedFile copied() {
    return as(Realisation.COPY);
  }

  /** The same output, which may be missing. */
  public SimulatedFile asOptional() {
    return new SimulatedFile(
        role, logicalName, physicalName, realisation, true, executable, maxNbytes, content);
  }

  /** The same file with the executable bit. */
  public SimulatedFile asExecutable() {
    return new SimulatedFile(
        role, logicalName, physicalName, realisation, optional, true, maxNbytes, content);
  }

  /** The same output with a limit on its size in bytes. */
  public SimulatedFile atMost(long nbytes) {
    return new SimulatedFile(
        role,
        logicalName,
        physicalName,
        realisation,
        optional,
        executable,
        OptionalLong.of(nbytes),
        content);
  }

  /** The same file inside a directory of the slot, as the app version's file_prefix demands. */
  SimulatedFile below(String prefix) {
    return new SimulatedFile(
        role,
        prefix + "/" + logicalName,
        physicalName,
        Realisation.COPY,
        optional,
        executable,
        maxNbytes,
        content);
  }

  private static SimulatedFile of(
      Role role, String logicalName, String prefix, Optional<Content> content) {
    return new SimulatedFile(
        role,
        logicalName,
        prefix + logicalName.replace('/', '_'),
        Realisation.SOFT_LINK,
        false,
        false,
        OptionalLong.empty(),
        content);
  }
}
