package org.boinc.dockerwrapper.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** macOS' stub, a shell script. Made by scripts/bundle, which needs Linux. */
@Tag("any-engine")
@Timeout(300)
class ScriptStubIT extends StubContract {
  @TempDir static Path made;
  private static Path file;

  @BeforeAll
  static void pack() throws Exception {
    Path java = Path.of("src/test/resources/bundle/java.sh");
    Path image = Stub.image(made.resolve("image"), "java", Files.readAllBytes(java));
    file = Stub.pack("macos-arm64", image, made.resolve("files"));
  }

  @Override
  Stub packed() {
    return new Stub(file, List.of(), Map.of());
  }

  /** What the script started to unpack with ends by itself when the script is gone. */
  @Override
  void afterKill() throws Exception {
    TimeUnit.MILLISECONDS.sleep(200);
  }

  @Test
  void itBecomesJava() throws Exception {
    Path pid = data.resolve("pid");
    Process process = stub().start(data, Map.of(), "sleep", pid.toString());
    while (process.isAlive() && (!Files.exists(pid) || Files.size(pid) == 0)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertEquals(process.pid() + "\n", Files.readString(pid));
    process.destroy();
    assertEquals(143, process.waitFor());
  }

  @Test
  void itFindsItselfByAPathThatIsRelativeAndByNoneAtAll() throws Exception {
    Path slot = Files.createDirectories(data.resolve("slots/0"));
    for (String start :
        List.of(
            "exec '../../%s/docker_wrapper'".formatted(place().getFileName()),
            "PATH='%s' exec docker_wrapper".formatted(place()))) {
      Process process = new ProcessBuilder("/bin/sh", "-c", start).directory(slot.toFile()).start();
      assertEquals(WRAPPER + "options: none\n", Stub.end(process).said());
    }
    copyOf();
    assertEquals(List.of(), Stub.copies(slot));
  }

  @Test
  void aCopyOfAnotherUserIsRefused() throws Exception {
    runs();
    UserPrincipalLookupService users = place().getFileSystem().getUserPrincipalLookupService();
    Files.setOwner(copyOf(), users.lookupPrincipalByName("nobody"));
    refused("belongs to another user, so nothing is run from there", stub().run());
  }

  @Test
  void onAMachineOfAnotherArchitectureItSaysSo() throws Exception {
    byte[] foreign = new byte[64];
    System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, foreign, 0, 7);
    Path image = Stub.image(data.resolve("image"), "java", foreign);
    Path elsewhere = data.resolve("elsewhere");
    Stub other = new Stub(Stub.pack("macos-x64", image, data), List.of(), Map.of()).in(elsewhere);
    refused("is for macos-x64 and can't run on this machine (Linux ", other.run());
    assertEquals(List.of(), Stub.copies(elsewhere));
  }
}
