package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.LogRange;
import org.junit.jupiter.api.Test;

/** Images leave their directories to root; the job's user writes its outputs there all the same. */
class OutputDirectoriesIT {
  @Test
  void anExistingDirectoryOrTheNearestAboveItBecomesTheJobs() throws Exception {
    try (TestEngine real = new TestEngine()) {
      String id =
          real.create(
              """
              echo x >/etc/out
              mkdir -p /bin/made/here
              stat -c '%a %u:%g %n' /etc /bin /bin/made /tmp
              stat -c '%u:%g %n' / # Podman's is 555
              """);
      real.engine()
          .copies()
          .giveDirectories(id, List.of("/etc", "/bin/made/here", "/tmp", "/absent"), 1000, 1000);
      Containers containers = real.engine().containers();
      containers.start(id, Duration.ofSeconds(30));
      containers.awaitExit(id);
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      containers.logs(id, LogRange.ALL, true, true, (_, bytes) -> said.write(bytes));
      assertEquals(
          """
          755 1000:1000 /etc
          755 1000:1000 /bin
          755 1000:1000 /bin/made
          1777 0:0 /tmp
          0:0 /
          """,
          said.toString(StandardCharsets.UTF_8));
    }
  }
}
