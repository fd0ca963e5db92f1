package org.boinc.dockerwrapper.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.boinc.dockerwrapper.it.WrapperCommand;
import org.boinc.dockerwrapper.pack.UpdateVersions;
import org.junit.jupiter.api.Test;

/** What the bundle packs with itself as main program, downloaded and run by a real client. */
final class PackagedIT extends ClientTest {
  private static final Path CHAPTER = Path.of("cookbook", "02-mounted-slot");

  @Test
  void aPackagedAppVersionIsAcceptedAndItsJobIsValid() throws Exception {
    Path bundle = WrapperCommand.bundle();
    Path release = directory.resolve("release");
    pack(bundle, release);
    List<UpdateVersions.Added> added = new UpdateVersions(release).run();
    assertEquals(1, added.size(), added::toString);
    host.attach(AppVersion.packaged(added.getFirst(), versionDirectory(release)));
    String input = Files.readString(CHAPTER.resolve("inputs/in"));
    Workunit job =
        host.submit(
            new Workunit("packaged", List.of(), List.of()).input("in", input).output("out"));
    Report report = host.awaitValid(job);
    assertEquals(
        Files.readString(CHAPTER.resolve("expected/out")).strip(), host.output(job).strip());
    assertTrue(report.stderr().contains("docker_wrapper"), report::stderr);
  }

  private void pack(Path bundle, Path release) throws Exception {
    Path log = directory.resolve("package.log");
    Process process =
        new ProcessBuilder(
                bundle
                    .resolveSibling(
                        bundle.getFileName().toString().replace("docker_wrapper", "boinc-docker"))
                    .toString(),
                "package",
                CHAPTER.toString(),
                "--app=" + AppVersion.APP,
                "--version=1.0",
                "--plan-class=docker",
                "--platform=" + bundle + "=x86_64-pc-linux-gnu",
                "--out=" + release)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertEquals(0, process.waitFor(), Files.readString(log));
  }

  private static Path versionDirectory(Path release) {
    return release.resolve("apps/%s/1.0/x86_64-pc-linux-gnu__docker".formatted(AppVersion.APP));
  }
}
