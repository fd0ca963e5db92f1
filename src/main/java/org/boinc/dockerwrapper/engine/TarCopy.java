package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.plan.CopyPlan;

/**
 * Copies files into containers and out of them, whether these are created, run or have exited.
 * Everything is streamed: no temporary copy, the same memory for files of any size. An error of
 * this host's files is an IOException, any other an EngineException.
 */
public final class TarCopy {
  /** A copy waits this long in silence: the engine may have to wait for its disk. */
  private static final Duration SILENCE = Duration.ofMinutes(5);

  private final Sessions sessions;
  private final Optional<PodmanTraits> podman;

  TarCopy(Sessions sessions, Optional<PodmanTraits> podman) {
    this.sessions = sessions;
    this.podman = podman;
  }

  /** What became of an output. */
  public sealed interface Result {
    /**
     * It is where it belongs.
     *
     * @param bytes of content
     * @param files without directories
     */
    record Copied(long bytes, int files) implements Result {}

    /** The container has no such file, or none that the glob fits. */
    record Missing() implements Result {}

    /** It is nothing that can be copied; trying again would not help. */
    record Refused(String reason) implements Result {}
  }

  private Session session() {
    Duration patience = sessions.patience();
    return sessions.transfer(patience.compareTo(SILENCE) > 0 ? patience : SILENCE);
  }

  /**
   * Copies files and directories in. They belong to the job's user, as do the directories above
   * them that did not exist; directories above and targets that existed stay as they are.
   *
   * @throws EngineException DENIED if the container's root is read-only
   */
  public void copyIn(String id, List<CopyPlan.In> files, long uid, long gid)
      throws EngineException, IOException {
    if (files.isEmpty()) {
      return;
    }
    String what = "copying files into container " + id;
    try (Session session = session()) {
      List<TarItem> items = new ArrayList<>();
      Set<String> known = new HashSet<>();
      for (CopyPlan.In file : files) {
        String target = inside(what, file.target());
        items.addAll(session.transfer(what, () -> missingParents(session, id, target, known)));
        for (TarItem item : TarItem.of(file.source(), target, file.executable())) {
          boolean present =
              item instanceof TarItem.Directory
                  && item.name().equals(target)
                  && session.transfer(what, () -> exists(session, id, target));
          if (!present) {
            items.add(item);
          }
        }
        known.add(target);
      }
      send(session, what, id, items, uid, gid);
    }
  }

  private static void send(
      Session session, String what, String id, List<TarItem> items, long uid, long gid)
      throws EngineException, IOException {
    try (TarStream tar = new TarStream(items, new TarStream.Owner(uid, gid, Optional.empty()))) {
      EngineRequest request =
          EngineRequest.put(EngineRequest.container(id, "/archive"), Map.of("path", "/"), tar);
      session.read(what, request, InputStream::readAllBytes);
    }
  }

  /** Without the leading slash. */
  private static String inside(String what, String target) throws EngineException {
    List<String> parts =
        Arrays.stream(target.split("/", -1))
            .filter(part -> !part.isEmpty() && !part.equals("."))
            .toList();
    if (!target.startsWith("/") || parts.isEmpty() || parts.contains("..")) {
      throw EngineException.of(Fault.REFUSED, what, target + " is no path that can be copied to");
    }
    return String.join("/", parts);
  }

  private static List<TarItem> missingParents(
      Session session, String id, String target, Set<String> known)
      throws EngineException, IOException {
    List<TarItem> missing = new ArrayList<>();
    for (int slash = target.indexOf('/'); slash >= 0; slash = target.indexOf('/', slash + 1)) {
      String parent = target.substring(0, slash);
      if (known.add(parent) && (!missing.isEmpty() || !exists(session, id, parent))) {
        missing.add(new TarItem.Directory(parent));
      }
    }
    return missing;
  }

  private static boolean exists(Session session, String id, String path)
      throws EngineException, IOException {
    return PathStat.of(session, id, path).isPresent();
  }

  /**
   * Makes directories the job's own, so that it can write its outputs there: images mostly leave
   * them to root. Of one that is missing, the nearest that exists above it; the root directory,
   * links, and what everybody may write to stay as they are.
   *
   * @param paths absolute, none of them on a mount
   * @throws EngineException DENIED if the container's root is read-only
   */
  public void giveDirectories(String id, List<String> paths, long uid, long gid)
      throws EngineException, IOException {
    String what = "making directories of container " + id + " writable";
    Set<TarItem> given = new LinkedHashSet<>();
    try (Session session = session()) {
      for (String path : paths) {
        String wanted = inside(what, path);
        session
            .transfer(what, () -> lowest(session, id, wanted))
            .ifPresent(directory -> given.add(new TarItem.Directory(directory)));
      }
      if (!given.isEmpty()) {
        send(session, what, id, List.copyOf(given), uid, gid);
      }
    }
  }

  private static Optional<String> lowest(Session session, String id, String wanted)
      throws EngineException, IOException {
    String path = wanted;
    while (true) {
      Optional<PathStat> found = PathStat.of(session, id, path);
      if (found.isPresent()) {
        boolean give = found.get().isDirectory() && !found.get().isWritableByAll();
        return give ? Optional.of(path) : Optional.empty();
      }
      int slash = path.lastIndexOf('/');
      if (slash < 0) {
        return Optional.empty();
      }
      path = path.substring(0, slash);
    }
  }

  /**
   * Copies an output to its destination. What is there before stays until its replacement is
   * complete. Symbolic links are not followed: as the output itself one is refused, within a
   * directory it is left out, with a warning, as are devices and pipes.
   *
   * @param warn gets a sentence for each thing left out
   */
  public Result copyOut(String id, CopyPlan.Out out, Consumer<String> warn)
      throws EngineException, IOException {
    Optional<OutputSelection> selection = OutputSelection.of(out);
    if (selection.isEmpty()) {
      return new Result.Refused(out.source() + " is no path that can be copied");
    }
    String what = "copying " + out.source() + " out of container " + id;
    try (Session session = session()) {
      String root = selection.get().root();
      Optional<PathStat> link =
          podman.isPresent() ? link(session, what, id, root) : Optional.empty();
      if (link.isPresent()) {
        return new Result.Refused(root + " is " + OutputCopy.link(link.get().target()));
      }
      Optional<Result> copied =
          session.readIfThere(
              what,
              archive(id, selection.get().root()),
              body -> {
                try (ContainerArchive archive = new ContainerArchive(body)) {
                  return new OutputCopy(out, selection.get(), warn).from(archive);
                } catch (OutputRefusedException refused) {
                  return new Result.Refused(String.valueOf(refused.getMessage()));
                }
              });
      return copied.isPresent() ? copied.get() : missing(session, what, id);
    }
  }

  /** Asked where the engine's archive would be that of what the link leads to. */
  private static Optional<PathStat> link(Session session, String what, String id, String path)
      throws EngineException, IOException {
    return session
        .transfer(what, () -> PathStat.of(session, id, path.substring(1)))
        .filter(PathStat::isLink);
  }

  /** That the path is missing is a result, that the container is missing an error. */
  private static Result missing(Session session, String what, String id) throws EngineException {
    session.demand(what, EngineRequest.get(EngineRequest.container(id, "/json")));
    return new Result.Missing();
  }

  private static EngineRequest archive(String id, String path) {
    return EngineRequest.get(EngineRequest.container(id, "/archive"), Map.of("path", path));
  }

  /** The present state of a file; empty if there is none, or something that is no file. */
  public Optional<FileStamp> look(String id, String path) throws EngineException, IOException {
    String what = "looking for " + path + " in container " + id;
    String wanted = inside(what, path);
    try (Session session = sessions.action()) {
      return session.transfer(what, () -> PathStat.of(session, id, wanted)).flatMap(PathStat::file);
    }
  }

  /**
   * The first bytes of a small file, such as one that tells progress; empty if there is no such
   * file.
   */
  public Optional<byte[]> readSmall(String id, String path, int limit) throws EngineException {
    String what = "reading " + path + " of container " + id;
    try (Session session = sessions.action()) {
      if (podman.isPresent() && isLink(session, what, id, path)) {
        return Optional.empty();
      }
      Optional<Optional<byte[]>> start =
          session.readIfThere(what, archive(id, path), body -> first(body, limit));
      if (start.isEmpty()) {
        missing(session, what, id);
      }
      return start.flatMap(content -> content);
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  /** Podman gives what a link leads to in place of the link. */
  private static boolean isLink(Session session, String what, String id, String path)
      throws EngineException, IOException {
    String wanted = inside(what, path);
    return session.transfer(what, () -> PathStat.of(session, id, wanted)).stream()
        .anyMatch(PathStat::isLink);
  }

  private static Optional<byte[]> first(InputStream body, int limit) throws IOException {
    try (ContainerArchive archive = new ContainerArchive(body)) {
      Optional<ContainerArchive.Item> item = archive.next();
      return item.isPresent() && item.get().kind() == ContainerArchive.Kind.FILE
          ? Optional.of(archive.content().readNBytes(limit))
          : Optional.empty();
    }
  }
}
