package org.boinc.dockerwrapper.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.boinc.dockerwrapper.simulate.SimulatedFile.Realisation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedSlotTest {
  @TempDir Path data;

  @Test
  void softLinkIsOneLineWithForwardSlashesRelativeToTheSlot() throws Exception {
    SimulatedSlot slot =
        SimulatedSlot.in(data)
            .project("example.org_proj")
            .file(SimulatedFile.input("in", "content").physical("batch_7_abc"))
            .prepare();
    assertEquals(
        "<soft_link>../../projects/example.org_proj/batch_7_abc</soft_link>\n",
        Files.readString(slot.directory().resolve("in")));
    assertEquals("content", Files.readString(slot.projectDirectory().resolve("batch_7_abc")));
  }

  @Test
  void linkInSubdirectoryIsStillRelativeToTheSlotItself() throws Exception {
    SimulatedSlot slot =
        SimulatedSlot.in(data).file(SimulatedFile.input("sub/in", "content")).prepare();
    assertEquals(
        "<soft_link>../../projects/simulated.example_project/in_sub_in</soft_link>\n",
        Files.readString(slot.directory().resolve("sub/in")));
  }

  @Test
  void symbolicLinkLeadsToTheProjectDirectory() throws Exception {
    SimulatedSlot slot =
        SimulatedSlot.in(data)
            .file(SimulatedFile.input("in", "content").as(Realisation.SYMLINK))
            .prepare();
    Path link = slot.directory().resolve("in");
    assertEquals(
        "../../projects/simulated.example_project/in_in", Files.readSymbolicLink(link).toString());
    assertEquals("content", Files.readString(link));
  }

  @Test
  void copiedInputIsRealAndKeepsTheExecutableBit() throws Exception {
    SimulatedSlot slot =
        SimulatedSlot.in(data)
            .file(SimulatedFile.app("main.sh", "#!/bin/sh\n").copied().asExecutable())
            .file(SimulatedFile.app("Dockerfile", "FROM scratch\n").copied())
            .prepare();
    assertEquals("#!/bin/sh\n", Files.readString(slot.directory().resolve("main.sh")));
    assertTrue(Files.isExecutable(slot.directory().resolve("main.sh")));
    assertFalse(Files.isExecutable(slot.directory().resolve("Dockerfile")));
  }

  @Test
  void copiedOutputLeavesNotEvenItsDirectory() throws Exception {
    SimulatedSlot slot =
        SimulatedSlot.in(data)
            .file(SimulatedFile.output("results/out").copied())
            .file(SimulatedFile.output("linked"))
            .prepare();
    assertFalse(Files.exists(slot.directory().resolve("results")));
    assertTrue(Files.exists(slot.directory().resolve("linked")));
  }

  @Test
  void secondJobGetsTheNextSlot() throws Exception {
    Path first = SimulatedSlot.in(data).prepare().directory();
    Path second = SimulatedSlot.in(data).prepare().directory();
    assertEquals(data.resolve("slots/0"), first);
    assertEquals(data.resolve("slots/1"), second);
    assertTrue(Files.readString(second.resolve("init_data.xml")).contains("<slot>1</slot>"));
    assertTrue(Files.exists(second.resolve(SlotLayout.SETUP_COMPLETE)));
  }

  @Test
  void initDataHasTheClientsOrderAndQuirks() throws Exception {
    Path odd = data.resolve("R&D");
    SimulatedSlot slot =
        SimulatedSlot.in(odd)
            .names("wu 1", "wu 1_3")
            .gpu("NVIDIA", 1, 0.5)
            .file(SimulatedFile.app("job.toml", ""))
            .prepare();
    String text = Files.readString(slot.directory().resolve("init_data.xml"));
    assertTrue(text.startsWith("<app_init_data>\n<major_version>8</major_version>\n"), text);
    assertTrue(text.contains("<project_dir>" + odd + "/projects/"), "the & stays raw: " + text);
    assertTrue(text.contains("<user_name>Zo&#195;&#171; &amp; Co</user_name>"), text);
    assertTrue(text.contains("<shm_key>-1</shm_key>"), text);
    assertTrue(text.contains("<gpu_device_num>1</gpu_device_num>"), text);
    assertTrue(text.contains("<authenticator>"), text);
    assertFalse(text.contains("proxy_info"), text);
    assertTrue(text.indexOf("<wu_name>wu 1<") < text.indexOf("<result_name>wu 1_3<"), text);
    assertTrue(text.indexOf("<host_info>") < text.indexOf("<global_preferences>"), text);
    assertTrue(text.endsWith("<app_file>app_job.toml</app_file>\n</app_init_data>\n"), text);
  }

  @Test
  void proxyStandsBetweenHostAndPreferences() throws Exception {
    SimulatedSlot slot =
        SimulatedSlot.in(data)
            .initData(x -> x.set("proxy_info", "<use_http_proxy/>").remove("plan_class"))
            .dockerType(0)
            .prepare();
    String text = Files.readString(slot.directory().resolve("init_data.xml"));
    int proxy = text.indexOf("<proxy_info><use_http_proxy/></proxy_info>");
    assertTrue(text.indexOf("</host_info>") < proxy, text);
    assertTrue(proxy < text.indexOf("<global_preferences>"), text);
    assertFalse(text.contains("plan_class"), text);
    assertFalse(text.contains("docker_type"), text);
  }

  @Test
  void namesThatTheClientRefusesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> SimulatedFile.input("../up", ""));
    assertThrows(IllegalArgumentException.class, () -> SimulatedFile.input("50%", ""));
    assertThrows(
        IllegalArgumentException.class, () -> SimulatedFile.input("in", "").physical("a/b"));
  }
}
