package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.boinc.dockerwrapper.job.ProjectConsent;
import org.boinc.dockerwrapper.job.SecurityRequest;
import org.boinc.dockerwrapper.job.SecurityRequest.HostMount;
import org.boinc.dockerwrapper.plan.HostPath;
import org.boinc.dockerwrapper.plan.HostPath.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPathsTest {
  @TempDir private Path host;

  @Test
  void whateverIsNamedIsLookedAt() throws Exception {
    Path real = Files.createDirectory(host.toRealPath().resolve("real"));
    Path link = Files.createSymbolicLink(host.resolve("link"), real);
    SecurityRequest asked =
        new SecurityRequest(
            List.of(),
            List.of("fuse", "/dev/absent", "vendor.com/ve=0"),
            List.of(new HostMount(link.toString(), "/x", true)),
            false,
            false,
            false,
            false,
            false);
    assertEquals(
        Map.of(
            "fuse",
            new HostPath(Path.of("fuse"), Kind.MISSING),
            "/dev/absent",
            new HostPath(Path.of("/dev/absent"), Kind.MISSING),
            "vendor.com/ve=0",
            new HostPath(Path.of("vendor.com/ve=0"), Kind.MISSING),
            link.toString(),
            new HostPath(real, Kind.DIRECTORY)),
        HostPaths.of(asked, ProjectConsent.NONE));
  }
}
