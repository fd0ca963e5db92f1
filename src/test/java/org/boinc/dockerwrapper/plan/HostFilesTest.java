package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths as text: what they are on Windows is what the tests of any system see. */
class HostFilesTest {
  @ParameterizedTest
  @CsvSource({
    "C:\\ProgramData\\BOINC\\slots\\0, /mnt/c/ProgramData/BOINC/slots/0",
    "d:\\BOINC data\\slots\\12, /mnt/d/BOINC data/slots/12",
    "/C:/BOINC/slots/0, /mnt/c/BOINC/slots/0"
  })
  void aLinuxSystemOfWindowsHasEachDriveAsADirectory(String here, String there) {
    assertEquals(Optional.of(there), HostFiles.WSL.see(Path.of(here)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\\\server\\share\\slots\\0", "/var/lib/boinc/slots/0", "slots\\0"})
  void whatIsOnNoDriveItDoesNotSee(String here) {
    assertEquals(Optional.empty(), HostFiles.WSL.see(Path.of(here)));
  }

  @Test
  void anotherMachineSeesNothingAndTheSameMachineAll() {
    Path slot = Path.of("/var/lib/boinc/slots/0");
    assertEquals(Optional.empty(), HostFiles.NONE.see(slot));
    assertEquals(Optional.of("/var/lib/boinc/slots/0"), HostFiles.SAME.see(slot));
  }
}
