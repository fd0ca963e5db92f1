package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Docker's words and Podman's own for the same container. */
class LibpodRequestTest {
  private static JsonObject of(String fields, String host, boolean rootless) {
    String text = "{%s\"HostConfig\":{%s}}".formatted(fields.isEmpty() ? "" : fields + ",", host);
    return LibpodRequest.of("n", JsonParser.parseString(text).getAsJsonObject(), rootless);
  }

  private static String made(String host, String field) {
    return of("", host, false).get(field).toString();
  }

  @Test
  void devicesAreNodesOrNames() {
    assertEquals(
        "[{\"path\":\"/dev/kfd:/dev/kfd:rw\"},{\"path\":\"nvidia.com/gpu=1\"}]",
        made(
            "\"Devices\":[{\"PathOnHost\":\"/dev/kfd\",\"PathInContainer\":\"/dev/kfd\","
                + "\"CgroupPermissions\":\"rw\"}],"
                + "\"DeviceRequests\":[{\"Driver\":\"cdi\",\"DeviceIDs\":[\"nvidia.com/gpu=1\"]}]",
            "devices"));
  }

  @Test
  void groupsAreNumbersOfARootAndThoseOfAnybodyElse() {
    String groups = "\"GroupAdd\":[\"44\"]";
    assertEquals("[\"44\"]", made(groups, "groups"));
    JsonObject rootless = of("", groups, true);
    assertFalse(rootless.has("groups"));
    assertEquals(
        "{\"run.oci.keep_original_groups\":\"1\"}", rootless.get("annotations").toString());
  }

  @Test
  void networksArePodmansOrTheJobsOwn() {
    assertEquals("{\"nsmode\":\"none\"}", made("\"NetworkMode\":\"none\"", "netns"));
    assertEquals("{\"nsmode\":\"bridge\"}", made("\"NetworkMode\":\"boinc_x\"", "netns"));
    assertEquals("{\"boinc_x\":{}}", made("\"NetworkMode\":\"boinc_x\"", "networks"));
    JsonObject port =
        of(
                "",
                "\"PortBindings\":{\"53/udp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"\"}]}",
                false)
            .getAsJsonArray("portmappings")
            .get(0)
            .getAsJsonObject();
    assertEquals(53, port.get("container_port").getAsInt());
    assertEquals(0, port.get("host_port").getAsInt());
    assertEquals("127.0.0.1", port.get("host_ip").getAsString());
    assertEquals("udp", port.get("protocol").getAsString());
  }

  @Test
  void limitsAreOfTheKernelsKind() {
    JsonObject limits =
        of(
                "",
                "\"NanoCpus\":500000000,\"CpuShares\":15,\"Memory\":1000,\"MemorySwap\":1500,"
                    + "\"PidsLimit\":9,\"BlkioWeight\":100",
                false)
            .getAsJsonObject("resource_limits");
    assertEquals(50_000, limits.getAsJsonObject("cpu").get("quota").getAsLong());
    assertEquals(100_000, limits.getAsJsonObject("cpu").get("period").getAsLong());
    assertEquals(15, limits.getAsJsonObject("cpu").get("shares").getAsLong());
    assertEquals(1000, limits.getAsJsonObject("memory").get("limit").getAsLong());
    assertEquals(1500, limits.getAsJsonObject("memory").get("swap").getAsLong());
    assertEquals(9, limits.getAsJsonObject("pids").get("limit").getAsLong());
  }

  @ParameterizedTest
  @CsvSource({"SIGTERM, 15", "USR1, 10", "9, 9", "SIGRTMIN, 34", "RTMIN+3, 37", "SIGRTMAX-2, 62"})
  void aSignalIsItsNumber(String signal, int number) {
    JsonObject made = of("\"StopSignal\":\"" + signal + "\"", "", false);
    assertEquals(number, made.get("stop_signal").getAsInt());
  }

  @Test
  void whatTheJobMayDoIsSaidHereToo() {
    JsonObject made =
        of(
            "\"Env\":[\"A=b=c\"],\"User\":\"1:2\"",
            "\"CapDrop\":[\"ALL\"],\"Binds\":[\"/a b:/c:ro\"],\"Tmpfs\":{\"/tmp\":\"rw,size=1\"}",
            false);
    assertEquals("[\"ALL\"]", made.get("cap_drop").toString());
    assertEquals("true", made.get("no_new_privileges").toString());
    assertEquals("{\"A\":\"b=c\"}", made.get("env").toString());
    assertEquals("\"1:2\"", made.get("user").toString());
    JsonObject bind = made.getAsJsonArray("mounts").get(0).getAsJsonObject();
    assertEquals("/a b", bind.get("source").getAsString());
    assertEquals("/c", bind.get("destination").getAsString());
    assertEquals("[\"ro\",\"rprivate\",\"rbind\"]", bind.get("options").toString());
    JsonObject memory = made.getAsJsonArray("mounts").get(1).getAsJsonObject();
    assertEquals("[\"rw\",\"size=1\"]", memory.get("options").toString());
  }
}
