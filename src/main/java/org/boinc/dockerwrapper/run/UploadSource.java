package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.FileStamp;
import org.boinc.dockerwrapper.engine.TarCopy;
import org.boinc.dockerwrapper.plan.CopyPlan;
import org.boinc.dockerwrapper.plan.UploadPlan;

/** Where outputs are while the job runs: in their place already, or in the container. */
final class UploadSource {
  /** In the slot; begins like all that is the wrapper's, so it is never taken for the job's. */
  private static final String DRAFTS = "docker_wrapper_upload";

  private final Path slot;
  private final Supplier<TarCopy> copies;
  private final String container;
  private final Consumer<String> say;

  UploadSource(Path slot, Supplier<TarCopy> copies, String container, Consumer<String> say) {
    this.slot = slot;
    this.copies = copies;
    this.container = container;
    this.say = say;
  }

  /** The present state of an output; empty: none yet, or nothing that could be uploaded. */
  Optional<FileStamp> look(UploadPlan.Output output) throws EngineException, IOException {
    return output.source().isPresent()
        ? copies.get().look(container, output.source().get())
        : onHost(output.path());
  }

  /** The state of a file of this host, links not followed. */
  static Optional<FileStamp> onHost(Path file) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile()
          ? Optional.of(new FileStamp(attributes.size(), attributes.lastModifiedTime().toString()))
          : Optional.empty();
    } catch (NoSuchFileException notThere) {
      return Optional.empty();
    }
  }

  /**
   * Copies an output out of the container, to a place of the wrapper's own: a half copy in the
   * output's place could be taken for the output.
   *
   * @param stamp the state in which it is wanted
   * @return empty: it changed meanwhile
   */
  Optional<Path> fetch(UploadPlan.Output output, FileStamp stamp)
      throws EngineException, IOException {
    String source = output.source().orElseThrow();
    Path draft = slot.resolve(DRAFTS).resolve(output.logicalName());
    CopyPlan.Out out =
        new CopyPlan.Out(source, output.logicalName(), draft, true, false, "", List.of());
    return switch (copies.get().copyOut(container, out, say)) {
      case TarCopy.Result.Copied _ -> {
        boolean unchanged =
            copies.get().look(container, source).equals(Optional.of(stamp))
                && Files.size(draft) == stamp.bytes();
        if (!unchanged) {
          Files.delete(draft);
        }
        yield unchanged ? Optional.of(draft) : Optional.empty();
      }
      case TarCopy.Result.Missing() -> Optional.empty();
      case TarCopy.Result.Refused(String reason) -> throw new IOException(reason);
    };
  }

  /** Puts a copy in the output's place. */
  static void place(Path draft, UploadPlan.Output output) throws IOException {
    Files.move(draft, output.path(), StandardCopyOption.REPLACE_EXISTING);
  }
}
