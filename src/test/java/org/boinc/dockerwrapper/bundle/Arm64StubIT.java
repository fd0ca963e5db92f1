package org.boinc.dockerwrapper.bundle;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stub of 64-bit ARM, compiled here and run by QEMU. */
@Tag("any-engine")
@Timeout(300)
class Arm64StubIT extends StubContract {
  private static final Path QEMU = Path.of("/usr/bin/qemu-aarch64-static");

  @TempDir static Path made;
  private static Path file = made;

  @BeforeAll
  static void pack() throws Exception {
    assumeTrue(
        System.getProperty("os.arch").equals("amd64") && Files.isExecutable(QEMU),
        "QEMU is not here, so nothing of linux-arm64 was tried: apt-get install qemu-user-static");
    Path java = Path.of("src/test/resources/bundle/java.sh");
    Path image = Stub.image(made.resolve("image"), "java", Files.readAllBytes(java));
    file = Stub.pack("linux-arm64", image, made.resolve("files"));
  }

  @Override
  Stub packed() {
    return new Stub(file, List.of(QEMU.toString()), Map.of());
  }
}
