package org.boinc.dockerwrapper.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import org.boinc.dockerwrapper.boinc.InitData;
import org.junit.jupiter.api.Test;

/** Jobs from download to report. */
final class ClientLifeIT extends ClientTest {

  @Test
  void c64AJobFromATemplateIsValidAndItsSharedMemoryIsAFile() throws Exception {
    host.attach(AppVersion.ofTemplate(MOUNTED));
    Workunit job =
        host.submit(
            Workunit.of("life", UNTIL_GO + "cat in >out\n").input("in", "42").output("out"));
    assertEquals(OptionalInt.of(-1), InitData.read(host.slot(job)).shmKey());
    host.go(job);
    Report report = host.awaitValid(job);
    assertEquals("42", host.output(job));
    assertTrue(report.stderr().contains("docker_wrapper"), report::stderr);
  }
}
