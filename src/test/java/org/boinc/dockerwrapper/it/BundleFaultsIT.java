package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundle's file, its copy, or the place for it is not as it should be. */
@Tag("any-engine")
@Timeout(300)
class BundleFaultsIT {
  private static final int FAILED = 127;

  @TempDir Path data;
  @TempDir Path projects;
  @RegisterExtension final Jobs jobs = new Jobs(() -> data);

  private Path place;
  private Bundle bundle;
  private boolean mounted;

  @BeforeEach
  void copy() throws Exception {
    place = Files.createDirectory(projects.resolve("place"));
    for (Path above : List.of(data, projects)) {
      Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    bundle = Bundle.in(place);
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      Bundle.run(List.of("umount", "--lazy", place.toString()));
    }
  }

  /** The program on a file system of its own. */
  private void mount(String options) throws Exception {
    Bundle.run(List.of("mount", "-t", "tmpfs", "-o", options, "tmpfs", place.toString()));
    mounted = true;
    bundle = Bundle.in(place);
  }

  private Job.Builder withoutHome(String name) {
    return jobs.copying(name, "echo 1 >/work/out")
        .wrapper(bundle.program())
        .environment("HOME", "/proc")
        .environment("XDG_CACHE_HOME", "");
  }

  private static void refused(String sentence, Bundle.Ended ended) {
    assertEquals(FAILED, ended.status(), ended.said());
    assertEquals(1, ended.said().lines().count(), ended.said());
    assertTrue(ended.said().contains(sentence), ended.said());
  }

  // --- the file ------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.999})
  void aTruncatedFileSaysSo(double part) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(bundle.program().toFile(), "rw")) {
      file.setLength((long) (file.length() * part));
    }
    refused("it is not complete", bundle.start());
    assertEquals(List.of(), Bundle.left(place));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.999})
  void oneAlteredBitIsNoticedAndNothingOfItIsUnpacked(double part) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(bundle.program().toFile(), "rw")) {
      long at = (long) (file.length() * part);
      file.seek(at);
      int old = file.read();
      file.seek(at);
      file.write(old ^ 4);
    }
    refused("is damaged", bundle.start());
    assertEquals(List.of(), Bundle.left(place));
  }

  @Test
  void onAMachineOfAnotherArchitectureTheSystemSaysSo() throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(bundle.program().toFile(), "rw")) {
      // e_machine of the ELF header: nobody's, so that no emulator takes it.
      file.seek(18);
      file.write(new byte[] {(byte) 0xFE, (byte) 0xFE});
    }
    // Java's own start of a process would try it as a shell script, which the client does not.
    ProcessBuilder exec =
        new ProcessBuilder("bash", "-c", "exec \"$0\"", bundle.program().toString());
    Bundle.Ended ended = Bundle.end(exec.redirectErrorStream(true).start());
    assertEquals(126, ended.status(), ended.said());
    assertTrue(ended.said().contains("Exec format error"), ended.said());
  }

  // --- the copy ------------------------------------------------------------------------------

  /** What may happen to a copy. */
  enum Damage {
    A_LIBRARY_IS_DELETED {
      @Override
      void to(Path image) throws IOException {
        Files.delete(image.resolve("lib/libnio.so"));
      }
    },
    THE_CLASSES_ARE_SHORTENED {
      @Override
      void to(Path image) throws IOException {
        try (RandomAccessFile file =
            new RandomAccessFile(image.resolve("lib/modules").toFile(), "rw")) {
          file.setLength(file.length() / 2);
        }
      }
    },
    A_BYTE_IS_ALTERED {
      @Override
      void to(Path image) throws IOException {
        try (RandomAccessFile file =
            new RandomAccessFile(image.resolve("lib/server/libjvm.so").toFile(), "rw")) {
          file.seek(1_000_000);
          file.write(file.read() ^ 1);
        }
      }
    },
    THE_MANIFEST_IS_LOST {
      @Override
      void to(Path image) throws IOException {
        Files.delete(image.resolve("manifest"));
      }
    },
    THE_MANIFEST_IS_SHORTENED {
      @Override
      void to(Path image) throws IOException {
        Path manifest = image.resolve("manifest");
        List<String> lines = Files.readAllLines(manifest);
        Files.write(manifest, lines.subList(0, lines.size() / 2));
      }
    },
    IT_IS_A_FILE {
      @Override
      void to(Path image) throws IOException {
        Files.move(image, image.resolveSibling("elsewhere"));
        Files.writeString(image, "");
      }
    };

    abstract void to(Path image) throws IOException;
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void aDamagedCopyIsReplaced(Damage damage) throws Exception {
    bundle.runs();
    damage.to(bundle.image());
    bundle.runs();
    assertEquals(List.of(bundle.image().getFileName().toString()), Bundle.left(place));
    Object made = Files.getAttribute(bundle.image(), "unix:ino");
    bundle.runs();
    assertEquals(made, Files.getAttribute(bundle.image(), "unix:ino"), "it is whole now");
  }

  @Test
  void aDamagedCopyThatAJobRunsFromIsLeftAndTheNextOneUsesItsSlot() throws Exception {
    Job job = jobs.mounted("running", JobTest.ENDLESS).wrapper(bundle.program()).start();
    job.await(ContainerState.RUNNING);
    Object used = Files.getAttribute(bundle.image(), "unix:ino");
    Files.delete(bundle.image().resolve("release"));
    Job next = withoutHome("next").prepare();
    next.runToCompletion();
    assertEquals(used, Files.getAttribute(bundle.image(), "unix:ino"));
    assertTrue(Files.exists(bundle.imageIn(next.slot().directory())), "a copy in the slot");
    job.signal("TERM");
    job.end();
  }

  @Test
  void killedAtAnyMomentOfTheFirstStartItLeavesNothingThatTheNextOneWouldNotClear()
      throws Exception {
    for (long files : new long[] {0, 1, 12, 40, 55}) {
      Process process = bundle.builder().start();
      Await.until(
          files + " unpacked files, or more",
          Job.PATIENCE,
          () -> unpacked() >= files || !process.isAlive());
      process.destroyForcibly().waitFor();
    }
    bundle.runs();
    assertEquals(List.of(bundle.image().getFileName().toString()), Bundle.left(place));
  }

  private long unpacked() throws IOException {
    for (String name : Bundle.left(place)) {
      if (name.contains(".tmp.")) {
        try (Stream<Path> files = Files.walk(place.resolve(name))) {
          return files.filter(Files::isRegularFile).count();
        } catch (UncheckedIOException renamed) {
          return Long.MAX_VALUE;
        }
      }
    }
    return 0;
  }

  // --- the place -----------------------------------------------------------------------------

  @Test
  void aFullDiskLeavesNothingAndSaysSo() throws Exception {
    mount("size=80m");
    refused("No space left on device", bundle.start());
    assertEquals(List.of(), Bundle.left(place));
  }

  @Test
  void whereTheProjectsDiskIsFullTheJobUsesItsSlot() throws Exception {
    mount("size=80m");
    Job job = withoutHome("full").prepare();
    job.runToCompletion();
    assertTrue(Files.exists(bundle.imageIn(job.slot().directory())), "a copy in the slot");
    assertEquals(List.of(), Bundle.left(place));
  }

  @Test
  void whereNoPlaceIsLeftTheClientHearsWhyAndTriesAgain() throws Exception {
    mount("size=80m");
    Path slot = Files.createDirectory(place.resolve("slot"));
    Files.writeString(slot.resolve("init_data.xml"), "<app_init_data/>");
    Bundle.Ended ended = Bundle.end(bundle.builder().directory(slot.toFile()).start());
    assertEquals(0, ended.status(), ended.said());
    List<String> lines = Files.readAllLines(slot.resolve("boinc_temporary_exit"));
    assertEquals("300", lines.getFirst());
    assertTrue(lines.get(1).contains("No space left on device"), lines.get(1));
  }

  @Test
  void aPlaceWithoutProgramsIsPassedOver() throws Exception {
    Path home = Files.createDirectory(data.resolve("home"));
    Path noexec = Files.createDirectory(data.resolve("noexec"));
    Bundle.run(List.of("mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", noexec.toString()));
    try {
      bundle.runs("BOINC_DOCKER_CACHE=" + noexec, "HOME=" + home);
    } finally {
      Bundle.run(List.of("umount", "--lazy", noexec.toString()));
    }
    assertTrue(Files.exists(bundle.image()), "the next place is beside the program");
  }

  @Test
  void aCopyThatOthersCanWriteToIsRefused() throws Exception {
    bundle.runs();
    Files.setPosixFilePermissions(
        bundle.image().resolve("lib"), PosixFilePermissions.fromString("rwxrwxrwx"));
    refused("lib can be written by other users, so nothing is run from there", bundle.start());
  }

  @Test
  void aCopyOfAnotherUserIsRefused() throws Exception {
    TestUser.own(Files.createDirectory(bundle.image()));
    refused("belongs to another user, so nothing is run from there", bundle.start());
  }

  @Test
  void aPlaceThatOthersCanWriteToIsRefused() throws Exception {
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    refused("can be written by other users, so nothing is run from there", bundle.start());
    assertEquals(List.of(), Bundle.left(place));
  }

  @Test
  void anotherUserRunsFromTheCopyOfTheProgramsOwner() throws Exception {
    bundle.runs();
    assertEquals("boinc-docker 0.1.0", TestUser.sh("'" + bundle.boincDocker() + "' --version"));
  }

  @Test
  void whoCanNotWriteBesideTheProgramHasACopyInHisOwnCache() throws Exception {
    Path home = Files.createDirectory(data.resolve("home"));
    TestUser.own(home);
    String start = "HOME='%s' '%s' --version".formatted(home, bundle.boincDocker());
    assertEquals("boinc-docker 0.1.0", TestUser.sh(start));
    assertTrue(Files.exists(bundle.imageIn(home.resolve(".cache/boinc-docker"))));
    assertEquals(List.of(), Bundle.left(place));
  }

  @Test
  void aJobOfTheSandboxUserWhoseHomeIsReadOnlyUsesItsSlot() throws Exception {
    Job job = TestUser.prepare(withoutHome("sandbox"));
    job.runToCompletion();
    assertEquals("1\n", job.output("out"));
    assertEquals(List.of(), Bundle.left(place));
  }
}
