package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.boinc.dockerwrapper.plan.ClusterPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Keys of a job of several containers, which are Linux' wherever they run. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "modes of files are Unix'")
final class JobKeysTest {
  @TempDir private Path slot;

  private Path make() throws IOException {
    Path directory = slot.resolve("ssh");
    new JobKeys(new ClusterPlan.Keys(directory, 2222, "boinc")).make();
    return directory;
  }

  private static String publicKey(Path directory) throws IOException {
    return Files.readString(directory.resolve("authorized_keys")).strip();
  }

  /** Needs Debian's openssh-client, which scripts/test installs. */
  @Test
  void opensshReadsThePrivateKeyAndFindsItsPublicHalf() throws Exception {
    Path directory = make();
    Process keygen =
        new ProcessBuilder("ssh-keygen", "-y", "-f", directory.resolve("key").toString())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(keygen.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, keygen.waitFor(), said);
    assertEquals(publicKey(directory), said);
    assertEquals(
        "* " + said, Files.readString(directory.resolve("known_hosts")).strip(), "each node's");
  }

  @Test
  void everyJobHasItsOwnKeyAndItIsTheUsersAlone() throws Exception {
    Path directory = make();
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("key"))));
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
    String first = publicKey(directory);
    make();
    assertNotEquals(first, publicKey(directory));
    assertTrue(Files.readString(directory.resolve("sshd_config")).contains("Port 2222\n"));
  }
}
