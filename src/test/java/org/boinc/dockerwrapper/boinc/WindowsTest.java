package org.boinc.dockerwrapper.boinc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.Kernel32.Opened;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is different on Windows; Windows' own functions are a function's argument here. */
class WindowsTest {
  private static final int FILE_NOT_FOUND = 2;
  private static final int INVALID_PARAMETER = 87;

  @TempDir Path slot;

  private final List<String> asked = new ArrayList<>();

  private NamedSection.Opener sections(String... existing) {
    return name -> {
      asked.add(name);
      int index = List.of(existing).indexOf(name);
      return index >= 0 ? new Opened(index + 100L, 0) : new Opened(0, FILE_NOT_FOUND);
    };
  }

  @Test
  void c74TheGlobalSectionIsTriedBeforeTheSessionsOwn() throws IOException {
    assertEquals(100, NamedSection.find("boinc_3", sections("shm_boinc_3")));
    assertEquals(List.of("Global\\shm_boinc_3", "shm_boinc_3"), asked);
  }

  @Test
  void c74TheGlobalSectionIsTakenWhereBothAreThere() throws IOException {
    assertEquals(101, NamedSection.find("boinc_3", sections("shm_boinc_3", "Global\\shm_boinc_3")));
    assertEquals(List.of("Global\\shm_boinc_3"), asked);
  }

  @Test
  void aSectionThatIsNotThereIsToldWithBothNamesAndErrors() {
    IOException failure =
        assertThrows(IOException.class, () -> NamedSection.find("boinc_0", sections()));
    assertEquals(
        "no section can be opened, Global\\shm_boinc_0: Windows' error 2, shm_boinc_0: Windows' error 2",
        failure.getMessage());
  }

  @Test
  void aNameInInitDataMeansASectionOnlyWithoutAKey() throws IOException {
    SharedMemory.create(slot);
    InitData keyed = initData("<shm_key>-1</shm_key><comm_obj_name>boinc_3</comm_obj_name>");
    assertEquals(
        SharedMemory.SIZE, SharedMemory.attach(slot, keyed).part(0, SharedMemory.SIZE).capacity());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aSectionElsewhereIsAnErrorAndNoCrash() throws IOException {
    InitData named = initData("<comm_obj_name>boinc_3</comm_obj_name>");
    IOException failure = assertThrows(IOException.class, () -> SharedMemory.attach(slot, named));
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("OpenFileMappingW can't be called"),
        failure::toString);
  }

  @Test
  @EnabledOnOs(OS.WINDOWS)
  void aSectionThatNobodyMadeIsNotFoundOnWindows() {
    assertThrows(IOException.class, () -> NamedSection.attach("boinc_4711"));
  }

  private static InitData initData(String memory) throws InitDataException {
    return InitData.parse(
        """
        <app_init_data><project_dir>/p</project_dir><boinc_dir>/</boinc_dir>
        <wu_name>w</wu_name><result_name>r</result_name>%s</app_init_data>
        """
            .formatted(memory)
            .getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void aProcessThatDeniesAccessIsAlive() {
    assertTrue(ProcessProbe.existsOnWindows(4, _ -> new Opened(0, Kernel32.ERROR_ACCESS_DENIED)));
  }

  @ParameterizedTest
  @ValueSource(ints = {INVALID_PARAMETER, FILE_NOT_FOUND})
  void aProcessThatCantBeOpenedForAnotherReasonIsDead(int error) {
    assertFalse(ProcessProbe.existsOnWindows(4, _ -> new Opened(0, error)));
  }

  @Test
  void aProcessThatNobodyCanAskForGoesOn() {
    assertTrue(
        ProcessProbe.existsOnWindows(
            4,
            _ -> {
              throw new IOException("no such function");
            }));
  }

  @Test
  void aProbeSeesAProcessEnd() throws Exception {
    Process process = new ProcessBuilder(java(), "--version").start();
    var probe = ProcessProbe.of(process.pid());
    process.waitFor();
    assertFalse(probe.test(process.pid()));
    assertTrue(ProcessProbe.of(ProcessHandle.current().pid()).test(0));
  }

  @Test
  void aLockFileThatAnotherHasOpenIsTaken() throws IOException {
    assertEquals(
        Optional.empty(),
        LockHold.Unshared.tryOnce(
            slot.resolve(SlotLock.FILE), _ -> new Opened(0, Kernel32.ERROR_SHARING_VIOLATION)));
  }

  @Test
  void aLockFileThatIsOurs() throws IOException {
    Optional<LockHold> hold =
        LockHold.Unshared.tryOnce(
            slot.resolve(SlotLock.FILE),
            path -> {
              asked.add(path);
              return new Opened(7, 0);
            });
    assertTrue(hold.orElseThrow().isHeld());
    assertTrue(hold.orElseThrow().isExclusive());
    assertEquals(List.of(slot.resolve(SlotLock.FILE).toString()), asked);
  }

  @Test
  void aLockFileThatCantBeMadeIsAnError() {
    IOException failure =
        assertThrows(
            IOException.class,
            () ->
                LockHold.Unshared.tryOnce(
                    Path.of(SlotLock.FILE), _ -> new Opened(0, Kernel32.ERROR_ACCESS_DENIED)));
    assertEquals("boinc_lockfile can't be made: Windows' error 5", failure.getMessage());
  }

  @Test
  void aControlFileIsOneWithBackslashesToo() {
    assertTrue(Slot.isControlFile(".\\init_data.xml"));
    assertTrue(Slot.isControlFile("boinc_x\\y"));
    assertFalse(Slot.isControlFile("data\\init_data.xml"));
  }

  @Test
  void aLinkLeadsToItsFileWithEitherSeparator() throws IOException {
    try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
      Path data = windows.getPath("C:\\ProgramData\\BOINC");
      Path here = Files.createDirectories(data.resolve("slots\\0"));
      Path project = Files.createDirectories(data.resolve("projects\\x"));
      Files.writeString(project.resolve("f"), "f");
      Files.writeString(here.resolve("a"), "<soft_link>../../projects/x/f</soft_link>\n");
      Files.writeString(here.resolve("b"), "<soft_link>..\\..\\projects\\x\\f</soft_link>\n");
      SlotListing listing = new Slot(here).listing(project);
      assertEquals(Optional.of(project.resolve("f")), listing.resolve("a"));
      assertEquals(Optional.of(project.resolve("f")), listing.resolve("b"));
    }
  }

  /** Says which of the classes that only Windows needs were loaded by what every start does. */
  static final class Start {
    public static void main(String[] args) throws Exception {
      Path slot = Path.of(args[0]);
      SlotLock.acquire(slot, java.time.Duration.ZERO).orElseThrow().close();
      SharedMemory.attach(slot);
      ClientWatch.ofProcess(ProcessHandle.current().pid())
          .clientGone(java.time.Duration.ofSeconds(1));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void otherSystemsLoadNothingOfIt() throws Exception {
    SharedMemory.create(slot);
    Process process =
        new ProcessBuilder(
                java(),
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                Start.class.getName(),
                slot.toString())
            .redirectErrorStream(true)
            .start();
    boolean sawOurs = false;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        sawOurs |= line.contains("boinc.RecordLock");
        assertFalse(line.matches(".*boinc\\.(Kernel32|NamedSection) .*"), line);
      }
    }
    assertEquals(0, process.waitFor());
    assertTrue(sawOurs);
  }

  private static String java() {
    return System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
  }
}
