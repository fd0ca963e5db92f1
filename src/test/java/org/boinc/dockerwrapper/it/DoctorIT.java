package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.engine.ListedContainer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code boinc-docker doctor} on this host, as it is and broken. */
@Tag(EngineUnderTest.ANY)
final class DoctorIT extends JobTest {
  private static final Path NOTHING = Path.of("/dev/null");

  private JsonArray doctor(Map<String, String> environment, List<String> prefix) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of("scripts/boinc-docker").toAbsolutePath().toString());
    command.addAll(List.of("doctor", "--json", "--data-dir", data.toString()));
    Path out = Files.createTempFile("doctor", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(NOTHING.toFile())
            .redirectOutput(out.toFile())
            .redirectError(Path.of(out + ".err").toFile());
    builder.environment().putAll(environment);
    int status = Job.statusOf(builder.start());
    Path err = Path.of(out + ".err");
    String said = Files.readString(err);
    JsonArray findings = new Gson().fromJson(Files.readString(out), JsonArray.class);
    Files.delete(out);
    Files.delete(err);
    assertNotNull(findings, said);
    boolean faults =
        findings.asList().stream().anyMatch(found -> text(found, "level").equals("fault"));
    assertEquals(faults ? 1 : 0, status, findings::toString);
    return findings;
  }

  private static String text(JsonElement finding, String field) {
    JsonObject object = finding.getAsJsonObject();
    return object.has(field) ? object.get(field).getAsString() : "";
  }

  private static JsonElement finding(JsonArray findings, String check) {
    return findings.asList().stream()
        .filter(found -> text(found, "check").equals(check))
        .findFirst()
        .orElseThrow(() -> new AssertionError(check + " is not in " + findings));
  }

  private static void assertFinding(
      JsonArray findings, String check, String level, String says, String cure) {
    JsonElement found = finding(findings, check);
    assertEquals(level, text(found, "level"), found::toString);
    assertTrue(text(found, "sentence").contains(says), found::toString);
    assertTrue(text(found, "cure").contains(cure), found::toString);
  }

  private void assertNothingLeft() throws Exception {
    List<String> names =
        jobs.engine().engine().containers().list().stream().map(ListedContainer::name).toList();
    assertTrue(names.stream().noneMatch(name -> name.contains("doctor")), names::toString);
    assertTrue(
        jobs.engine().engine().images().find("boinc_docker_doctor:trial").isEmpty(), "no image");
    try (Stream<Path> files = Files.list(data)) {
      assertFalse(files.anyMatch(file -> file.toString().contains("doctor")));
    }
  }

  @Test
  void onAWorkingHostAContainerIsPausedAndWritesIntoTheDataDirectory() throws Exception {
    JsonArray findings = doctor(Map.of(), List.of());
    assertFinding(findings, "engine", "ok", "answers at", "");
    assertFinding(findings, "pause", "ok", "was frozen and went on", "");
    assertFinding(findings, "bind", "ok", "wrote into a directory of " + data.toRealPath(), "");
    assertFinding(findings, "policy", "ok", "no docker_policy.toml", "");
    assertNothingLeft();
  }

  @Test
  void anEngineThatCanNotFreezeIsHelpedOutBySignals() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    proxy.spoil("POST .*/pause", 1, new FaultyProxy.Spoil.AnswerAndRead(500, "no freezer"));
    JsonArray findings = doctor(Map.of("DOCKER_HOST", proxy.endpoint().toString()), List.of());
    assertFinding(findings, "pause", "warning", "suspended by signals", "sudo ");
    assertFinding(findings, "bind", "ok", "wrote into", "");
    assertNothingLeft();
  }

  @Test
  void anEngineThatIsNotThereIsAFault() throws Exception {
    JsonArray findings =
        doctor(Map.of("DOCKER_HOST", "unix://" + data.resolve("nowhere.sock")), List.of());
    assertFinding(findings, "engine", "fault", "DOCKER_HOST names", "unset DOCKER_HOST");
    assertFinding(findings, "pause", "unknown", "no engine answers", "");
  }

  /** Two views of one host: what the engine's has not got, it can't mount. */
  @Test
  void aDataDirectoryThatTheEngineDoesNotSeeIsAFault() throws Exception {
    JsonArray findings =
        doctor(
            Map.of(),
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs none " + data + " && exec \"$@\"",
                "sh"));
    assertFinding(findings, "bind", "fault", data.toRealPath().toString(), "namei -l");
    assertFinding(findings, "pause", "ok", "", "");
    assertNothingLeft();
  }

  @Test
  void aPolicyWithAMistakeIsAFault() throws Exception {
    Files.writeString(data.resolve("docker_policy.toml"), "[[project]]\ncaps = 1\n");
    assertFinding(
        doctor(Map.of(), List.of()), "policy", "fault", "docker_policy.toml:", "sudoedit");
  }

  /** Of a Docker as root only; another engine's user is the one who owns it. */
  @Test
  void aUserWhoMayNotOpenTheSocketIsToldWhichGroupMay() throws Exception {
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    JsonArray findings =
        doctor(
            Map.of("HOME", "/nonexistent"),
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    JsonElement engine = finding(findings, "engine");
    assertEquals("fault", text(engine, "level"), engine::toString);
    assertTrue(text(engine, "sentence").contains("may not"), engine::toString);
    assertTrue(
        text(engine, "cure").startsWith("sudo usermod -aG ")
            || text(engine, "cure").contains("install podman"),
        engine::toString);
  }
}
