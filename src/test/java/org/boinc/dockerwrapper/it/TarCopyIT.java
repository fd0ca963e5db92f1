package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.io.FileUtils;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.engine.LogRange;
import org.boinc.dockerwrapper.engine.TarCopy;
import org.boinc.dockerwrapper.engine.TarCopy.Result;
import org.boinc.dockerwrapper.plan.CopyPlan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TarCopyIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final List<String> warnings = new ArrayList<>();
  private TestEngine real;
  private TarCopy copies;

  @BeforeEach
  void start() throws Exception {
    real = new TestEngine();
    copies = real.engine().copies();
  }

  @AfterEach
  void stop() throws Exception {
    real.close();
  }

  private CopyPlan.Out out(String source, String destination) {
    return out(source, destination, "");
  }

  private CopyPlan.Out out(String source, String destination, String archive, String... exclude) {
    return new CopyPlan.Out(
        source,
        destination,
        directory.resolve(destination),
        true,
        false,
        archive,
        List.of(exclude));
  }

  private Result copy(String id, CopyPlan.Out out) throws EngineException, IOException {
    return copies.copyOut(id, out, warnings::add);
  }

  /** Everything below, directories with a slash. */
  private List<String> tree(String below) throws IOException {
    Path root = directory.resolve(below);
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(path -> !path.equals(root))
          .map(path -> root.relativize(path) + (Files.isDirectory(path) ? "/" : ""))
          .sorted()
          .toList();
    }
  }

  private String run(String id) throws Exception {
    real.engine().containers().start(id, LIMIT);
    int status = real.engine().containers().awaitExit(id);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    real.engine()
        .containers()
        .logs(id, LogRange.ALL, true, true, (stream, piece) -> bytes.write(piece));
    assertEquals(0, status, bytes.toString(StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void filesGoInWithTheJobsOwnerAndFitModes() throws Exception {
    Path data = Files.createDirectories(directory.resolve("data/sub"));
    Path plain = Files.writeString(directory.resolve("plain"), "plain");
    Files.setPosixFilePermissions(
        plain, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    Files.writeString(data.resolve("größe.txt"), "ü");
    Files.createSymbolicLink(data.resolve("link"), Path.of("größe.txt"));
    String id =
        real.create(
            "cd /new/deep; stat -c '%n %u:%g %a' /new . plain program tree tree/sub tree/sub/*;"
                + " stat -c '%a %u' /tmp /etc; cat tree/sub/link; /new/deep/program");
    Path program = Files.writeString(directory.resolve("program"), "#!/bin/sh\necho ran\n");
    copies.copyIn(
        id,
        List.of(
            new CopyPlan.In(plain, "/new/deep/plain", false),
            new CopyPlan.In(program, "/new/deep/program", true),
            new CopyPlan.In(plain, "/tmp/x", false),
            new CopyPlan.In(plain, "/etc/x", false),
            new CopyPlan.In(directory.resolve("data"), "/new/deep/tree", false)),
        1000,
        1001);
    assertEquals(
        """
        /new 1000:1001 755
        . 1000:1001 755
        plain 1000:1001 644
        program 1000:1001 755
        tree 1000:1001 755
        tree/sub 1000:1001 755
        tree/sub/größe.txt 1000:1001 644
        tree/sub/link 1000:1001 777
        """
            + modesBefore()
            + "üran\n",
        run(id));
  }

  private String modesBefore() throws Exception {
    return run(real.create("stat -c '%a %u' /tmp /etc"));
  }

  @Test
  void copyingInAgainChangesNothing() throws Exception {
    Path plain = Files.writeString(directory.resolve("plain"), "one");
    List<CopyPlan.In> files = List.of(new CopyPlan.In(plain, "/a/b/plain", false));
    String id = real.create("cat /a/b/plain; stat -c %u /a /a/b");
    copies.copyIn(id, files, 1000, 1000);
    Files.writeString(plain, "two\n");
    copies.copyIn(id, files, 1000, 1000);
    assertEquals("two\n1000\n1000\n", run(id));
  }

  @Test
  void targetsThatClimbAreRefused() throws Exception {
    Path plain = Files.writeString(directory.resolve("plain"), "x");
    String id = real.create("true");
    for (String target : List.of("/a/../../etc/passwd", "relative", "/")) {
      EngineException e =
          assertThrows(
              EngineException.class,
              () -> copies.copyIn(id, List.of(new CopyPlan.In(plain, target, false)), 0, 0));
      assertEquals(Fault.REFUSED, e.fault());
    }
  }

  @Test
  void aSourceThatIsGoneIsThisHostsError() throws Exception {
    String id = real.create("true");
    Path gone = directory.resolve("gone");
    assertThrows(
        java.nio.file.NoSuchFileException.class,
        () -> copies.copyIn(id, List.of(new CopyPlan.In(gone, "/gone", false)), 0, 0));
  }

  @Test
  void aLargeFileGoesInAndOutWithLittleMemory() throws Exception {
    Path huge = directory.resolve("huge");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(200L << 20);
      file.write("begin".getBytes(StandardCharsets.US_ASCII));
      file.seek((200L << 20) - 3);
      file.write("end".getBytes(StandardCharsets.US_ASCII));
    }
    String id = real.create("true");
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    long before = runtime.totalMemory() - runtime.freeMemory();
    copies.copyIn(id, List.of(new CopyPlan.In(huge, "/huge", false)), 1000, 1000);
    assertEquals(new Result.Copied(200L << 20, 1), copy(id, out("/huge", "back")));
    System.gc();
    assertTrue(runtime.totalMemory() - runtime.freeMemory() - before < 32L << 20);
    assertEquals(-1, Files.mismatch(huge, directory.resolve("back")));
  }

  @Test
  void aFileComesOutWhileTheJobRunsAndReplacesWhatWasThere() throws Exception {
    String id = real.start("echo result > /tmp/result; sleep 60");
    Files.writeString(directory.resolve("result"), "old");
    while (copies.readSmall(id, "/tmp/result", 100).map(bytes -> bytes.length).orElse(0) < 7) {
      java.util.concurrent.TimeUnit.MILLISECONDS.sleep(20);
    }
    assertEquals(new Result.Copied(7, 1), copy(id, out("/tmp/result", "result")));
    assertEquals("result\n", Files.readString(directory.resolve("result")));
    assertEquals(List.of("result"), tree(""));
  }

  @Test
  void aMissingOutputIsMissingAndAMissingContainerIsAnError() throws Exception {
    String id = real.create("true");
    assertEquals(new Result.Missing(), copy(id, out("/tmp/absent", "x")));
    assertEquals(new Result.Missing(), copy(id, out("/absent/*.txt", "x")));
    assertEquals(new Result.Missing(), copy(id, out("/tmp/*.absent", "x")));
    assertEquals(Optional.empty(), copies.readSmall(id, "/tmp/absent", 10));
    EngineException e =
        assertThrows(EngineException.class, () -> copy("absent", out("/tmp/absent", "x")));
    assertEquals(Fault.NOT_FOUND, e.fault());
    assertEquals(List.of(), tree(""));
  }

  @Test
  void aDirectoryComesOutWithoutWhatIsExcluded() throws Exception {
    String id =
        real.finished(
            "mkdir -p /tmp/o/sub /tmp/o/empty /tmp/o/cache; cd /tmp/o; echo a > a.txt;"
                + " echo b > sub/b.txt; echo c > sub/c.tmp; echo d > cache/d; ln a.txt sub/hard");
    Files.createDirectories(directory.resolve("o/sub"));
    Files.writeString(directory.resolve("o/sub/other"), "stays");
    assertEquals(new Result.Copied(6, 3), copy(id, out("/tmp/o", "o", "", "**/*.tmp", "cache")));
    assertEquals(
        List.of("a.txt", "empty/", "sub/", "sub/b.txt", "sub/hard", "sub/other"), tree("o"));
    assertEquals("a\n", Files.readString(directory.resolve("o/sub/hard")));
    assertEquals(List.of(), warnings);
  }

  @Test
  void aGlobTakesWhatFits() throws Exception {
    String id =
        real.finished(
            "cd /tmp; mkdir out_dir; echo 1 > out_1.txt; echo 2 > out_2.txt; echo 3 > other;"
                + " echo 4 > out_dir/inner");
    assertEquals(new Result.Copied(6, 3), copy(id, out("/tmp/out_*", "g")));
    assertEquals(List.of("out_1.txt", "out_2.txt", "out_dir/", "out_dir/inner"), tree("g"));
    assertEquals(new Result.Copied(2, 1), copy(id, out("/tmp/out_[2-9].t?t", "h")));
    assertEquals(List.of("out_2.txt"), tree("h"));
  }

  private List<String> archive(String name, boolean compressed) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (var file = Files.newInputStream(directory.resolve(name));
        var plain = compressed ? new GZIPInputStream(file) : file;
        TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        names.add(entry.getName() + "=" + new String(tar.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return List.copyOf(names);
  }

  @Test
  void anOutputIsPackedOnItsWay() throws Exception {
    String id =
        real.finished(
            "mkdir -p /tmp/o/sub; cd /tmp/o; printf a > a; printf b > sub/b; ln -s /etc/passwd l");
    assertEquals(new Result.Copied(2, 2), copy(id, out("/tmp/o", "o.tgz", "tgz")));
    assertEquals(List.of("o/=", "o/a=a", "o/sub/=", "o/sub/b=b"), archive("o.tgz", true));
    assertEquals(new Result.Copied(1, 1), copy(id, out("/tmp/o/a", "a.tar", "tar")));
    assertEquals(List.of("a=a"), archive("a.tar", false));
    assertEquals(new Result.Copied(2, 2), copy(id, out("/tmp/o/[as]*", "g.tar", "tar")));
    assertEquals(List.of("a=a", "sub/=", "sub/b=b"), archive("g.tar", false));
    assertEquals(List.of("a.tar", "g.tar", "o.tgz"), tree(""));
    assertTrue(
        warnings.getFirst().startsWith("/tmp/o/l is left out: it is a symbolic link to /etc"),
        warnings.toString());
  }

  @Test
  void symbolicLinksAreNeverFollowed() throws Exception {
    String id =
        real.finished(
            "ln -s /etc/passwd /tmp/link; mkdir -p /tmp/d /tmp/real; ln -s /etc /tmp/d/etc;"
                + " ln -s /tmp/real /tmp/dirlink; mkfifo /tmp/d/pipe; echo x > /tmp/d/x");
    Result refused = copy(id, out("/tmp/link", "link"));
    assertEquals(
        new Result.Refused(
            "/tmp/link is a symbolic link to /etc/passwd, and those are not followed"),
        refused);
    assertTrue(copy(id, out("/tmp/dirlink", "dirlink")) instanceof Result.Refused);
    assertTrue(copy(id, out("/tmp/dirlink/*", "dirlink")) instanceof Result.Refused);
    assertEquals(new Result.Copied(2, 1), copy(id, out("/tmp/d", "d")));
    assertEquals(List.of("x"), tree("d"));
    assertEquals(2, warnings.size(), warnings.toString());
    assertEquals(Optional.empty(), copies.readSmall(id, "/tmp/link", 10));
  }

  @Test
  void aLinkPlantedInTheDestinationLeadsNowhere() throws Exception {
    String id =
        real.finished("mkdir -p /tmp/o/sub; echo evil > /tmp/o/sub/file; echo f > /tmp/o/f");
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Path kept = Files.writeString(directory.resolve("kept"), "kept");
    Files.createDirectory(directory.resolve("o"));
    Files.createSymbolicLink(directory.resolve("o/sub"), outside);
    assertTrue(copy(id, out("/tmp/o", "o")) instanceof Result.Refused);
    assertEquals(List.of(), tree("outside"));
    Files.createSymbolicLink(directory.resolve("f"), kept);
    assertEquals(new Result.Copied(2, 1), copy(id, out("/tmp/o/f", "f")));
    assertEquals("kept", Files.readString(kept));
    assertFalse(Files.isSymbolicLink(directory.resolve("f")));
  }

  @Test
  void aCopyThatIsCutLeavesTheOldFileAndNoPart() throws Exception {
    String id = real.finished("dd if=/dev/zero of=/tmp/big bs=1M count=20 2>/dev/null");
    Files.writeString(directory.resolve("big"), "old");
    Path sockets = Files.createTempDirectory("boinc");
    try (FaultyProxy proxy = new FaultyProxy(sockets, real.socket());
        Engine engine = Engine.connect(proxy.endpoint(), LIMIT)) {
      proxy.spoil("GET .*archive", 2, new FaultyProxy.Spoil.Cut(5_000_000));
      EngineException e =
          assertThrows(
              EngineException.class,
              () -> engine.copies().copyOut(id, out("/tmp/big", "big"), warnings::add));
      assertEquals(Fault.UNREACHABLE, e.fault());
    }
    FileUtils.deleteDirectory(sockets.toFile());
    assertEquals("old", Files.readString(directory.resolve("big")));
    assertEquals(List.of("big"), tree(""));
  }

  @Test
  void aFileThatThisHostCannotWriteIsItsOwnError() throws Exception {
    String id = real.finished("echo x > /tmp/x");
    Files.writeString(directory.resolve("file"), "no directory");
    assertThrows(IOException.class, () -> copy(id, out("/tmp/x", "file/x")));
  }

  @Test
  void onlyTheBeginningOfAFileIsRead() throws Exception {
    String id = real.finished("printf 0.123456 > /tmp/progress");
    assertEquals(
        "0.12",
        new String(copies.readSmall(id, "/tmp/progress", 4).orElseThrow(), StandardCharsets.UTF_8));
    assertEquals(8, copies.readSmall(id, "/tmp/progress", 100).orElseThrow().length);
    assertEquals(Optional.empty(), copies.readSmall(id, "/tmp", 100));
  }
}
