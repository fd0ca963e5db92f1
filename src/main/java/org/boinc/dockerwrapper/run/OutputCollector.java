package org.boinc.dockerwrapper.run;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.HeadAndTail;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.boinc.StderrLog;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.LogRange;
import org.boinc.dockerwrapper.engine.TarCopy;
import org.boinc.dockerwrapper.plan.CopyPlan;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.Mount;
import org.boinc.dockerwrapper.plan.WatchPlan;

/**
 * After the container has ended: its outputs to where the client looks for them, its last words to
 * stderr.txt. Can be repeated after it was cut short anywhere.
 */
final class OutputCollector {
  /** The server keeps the last 63 KiB of stderr.txt, all episodes together. */
  private static final int HEAD = 8 * 1024;

  private static final int TAIL = 16 * 1024;

  private final Engine engine;
  private final Slot slot;
  private final StderrLog log;
  private final JobPlan plan;
  private final HandedOver handedOver;

  OutputCollector(Engine engine, Slot slot, StderrLog log, JobPlan plan, HandedOver handedOver) {
    this.engine = engine;
    this.slot = slot;
    this.log = log;
    this.plan = plan;
    this.handedOver = handedOver;
  }

  /**
   * Collects and says how the job ended.
   *
   * @throws IOException where the host can't take the outputs, such as a full disk
   */
  Outcome collect(String containerId, PayloadExit exit) throws EngineException, IOException {
    Outcome outcome = PayloadOutcome.of(exit, plan.container().limits());
    Optional<String> missing = Optional.empty();
    if (!plan.copies().out().isEmpty()) {
      // The engine mounts everything again to read a file of the container.
      WorkDirectory.createOutputs(plan.outputs());
      if (plan.work().isPresent()) {
        WorkDirectory.createMountPoints(plan.work().get(), log::say);
      }
    }
    for (CopyPlan.Out out : plan.copies().out()) {
      if (exit.status() == 0 || out.always()) {
        Optional<String> problem = copy(containerId, out);
        missing = missing.isPresent() ? missing : problem;
      }
    }
    WorkDirectory.empty(
        slot.directory(),
        plan.work().map(work -> work.placements()).orElse(java.util.List.of()),
        log::say);
    WorkDirectory.removeUntouched(plan.outputs());
    handedOver.compareWritten(plan.uploads());
    logs(containerId);
    return outcome instanceof Outcome.Succeeded && missing.isPresent()
        ? new Outcome.PayloadFailed(
            org.boinc.dockerwrapper.boinc.ExitStatus.EXIT_CHILD_FAILED.code(), missing.get())
        : outcome;
  }

  /** Copies one output; says what is wrong where a required one can't be had. */
  private Optional<String> copy(String containerId, CopyPlan.Out out)
      throws EngineException, IOException {
    if (handedOver.holds(out.logicalName())) {
      handedOver.compare(out.logicalName(), engine.copies().look(containerId, out.source()));
      return Optional.empty();
    }
    TarCopy.Result result = engine.copies().copyOut(containerId, out, log::say);
    return switch (result) {
      case TarCopy.Result.Copied(long bytes, int files) -> {
        if (plan.verbosity() > 0) {
          log.say("output '%s': %d bytes in %d files".formatted(out.logicalName(), bytes, files));
        }
        dropFromWork(out);
        yield Optional.empty();
      }
      case TarCopy.Result.Missing() -> {
        if (!out.required() || collectedBefore(out)) {
          yield Optional.empty();
        }
        yield Optional.of(
            "the job ended with status 0 but left no '%s' for its output '%s'"
                .formatted(out.source(), out.logicalName()));
      }
      case TarCopy.Result.Refused(String reason) ->
          Optional.of(
              "output '%s' is not taken from the container: %s"
                  .formatted(out.logicalName(), reason));
    };
  }

  /**
   * The container's own files stay until it is removed; the mounted slot was emptied, perhaps by an
   * earlier episode.
   */
  private boolean collectedBefore(CopyPlan.Out out) {
    return isInMountedSlot(out) && Files.exists(out.destination(), NOFOLLOW_LINKS);
  }

  private boolean isInMountedSlot(CopyPlan.Out out) {
    return plan.work()
        .flatMap(
            work ->
                plan.container().mounts().stream()
                    .filter(
                        mount ->
                            mount instanceof Mount.Bind bind
                                && bind.source().equals(work.directory()))
                    .findAny())
        .filter(mount -> out.source().startsWith(mount.target() + "/"))
        .isPresent();
  }

  /** A file of the same name in the mounted slot must not replace what was asked to be copied. */
  private void dropFromWork(CopyPlan.Out out) throws IOException {
    if (plan.work().isPresent()
        && !isInMountedSlot(out)
        && out.destination().startsWith(slot.directory())) {
      Path work = plan.work().get().directory();
      Path same = work.resolve(out.logicalName());
      if (Files.isRegularFile(same, NOFOLLOW_LINKS)) {
        Files.delete(same);
      }
    }
  }

  /** Standard output and standard error apart, each with its beginning and its end. */
  private void logs(String containerId) throws EngineException, IOException {
    WatchPlan watch = plan.watch();
    HeadAndTail out = new HeadAndTail(HEAD, TAIL);
    HeadAndTail err = new HeadAndTail(HEAD, TAIL);
    try (SlotStream outFile = SlotStream.open(watch.stdout());
        SlotStream errFile = SlotStream.open(watch.stderr())) {
      engine
          .containers()
          .logs(
              containerId,
              LogRange.ALL,
              true,
              true,
              (stream, bytes) -> {
                switch (stream) {
                  case STDOUT -> keep(bytes, out, outFile);
                  case STDERR -> keep(bytes, err, errFile);
                }
              });
      outFile.commit();
      errFile.commit();
    }
    say("the job's standard output", out);
    say("the job's standard error", err);
  }

  private void say(String title, HeadAndTail excerpt) {
    String text = excerpt.text();
    if (!text.isBlank()) {
      log.importantBlock(title, text);
    }
  }

  private static void keep(byte[] bytes, HeadAndTail excerpt, SlotStream file) throws IOException {
    excerpt.append(bytes, 0, bytes.length);
    file.write(bytes);
  }

  /** A slot file that appears whole, or nothing where none is wanted. */
  private record SlotStream(Optional<Path> file, OutputStream stream) implements AutoCloseable {
    static SlotStream open(Optional<Path> file) throws IOException {
      return new SlotStream(
          file,
          file.isPresent()
              ? Files.newOutputStream(draft(file.get()))
              : OutputStream.nullOutputStream());
    }

    private static Path draft(Path file) {
      return file.resolveSibling(file.getFileName() + ".tmp");
    }

    void write(byte[] bytes) throws IOException {
      stream.write(bytes);
    }

    void commit() throws IOException {
      stream.close();
      if (file.isPresent()) {
        Files.move(
            draft(file.get()),
            file.get(),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
    }

    @Override
    public void close() throws IOException {
      stream.close();
      if (file.isPresent()) {
        Files.deleteIfExists(draft(file.get()));
      }
    }
  }
}
