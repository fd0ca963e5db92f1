package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.EnginePlaces.Platform;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnginePlacesTest {
  private static final Optional<Product> ANY = Optional.empty();
  private static final Optional<Product> PODMAN = Optional.of(Product.PODMAN);

  @TempDir Path home;
  private final List<String> problems = new ArrayList<>();

  private static List<String> texts(Collection<Endpoint> places) {
    return places.stream().map(Endpoint::toString).toList();
  }

  private List<String> sockets(
      Map<String, String> environment, Platform platform, Optional<Product> wanted) {
    return texts(EnginePlaces.of(environment, platform).sockets(wanted, problems));
  }

  @Test
  void theUsersOwnPlacesAreAskedToo() {
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", "/run/user/7");
    assertEquals(
        List.of(
            "unix:///var/run/docker.sock",
            "unix:///run/user/7/docker.sock",
            "unix:///run/user/7/podman/podman.sock",
            "unix:///run/podman/podman.sock"),
        sockets(environment, Platform.LINUX, ANY));
    assertEquals(
        List.of(
            "unix:///run/user/7/podman/podman.sock",
            "unix:///run/podman/podman.sock",
            "unix:///var/run/docker.sock",
            "unix:///run/user/7/docker.sock"),
        sockets(environment, Platform.LINUX, PODMAN));
  }

  @Test
  void aServiceWithoutASessionLooksWhereItsOwnWouldBe() throws IOException {
    Object uid = Files.getAttribute(home, "unix:uid");
    boolean root = uid.equals(0);
    assertEquals(
        !root,
        sockets(Map.of(), Platform.LINUX, ANY)
            .contains("unix:///run/user/" + uid + "/docker.sock"));
  }

  @Test
  void onMacOsThePlacesAreTheUsersAndThoseOfBoincsMachine() {
    assertEquals(
        List.of(
            "unix:///Users/me/.docker/run/docker.sock",
            "unix:///var/run/docker.sock",
            "unix:///Users/me/.local/share/containers/podman/machine/podman.sock",
            "unix:///Library/Application Support/BOINC podman/containers/podman/machine/podman.sock"),
        sockets(Map.of("HOME", "/Users/me"), Platform.MACOS, ANY));
    assertEquals(
        "unix:///data/containers/podman/machine/podman.sock",
        sockets(Map.of("XDG_DATA_HOME", "/data"), Platform.MACOS, PODMAN).getFirst());
  }

  @Test
  void onWindowsThePlacesArePipes() {
    assertEquals(
        List.of("npipe:////./pipe/docker_engine", "npipe:////./pipe/podman-machine-default"),
        sockets(Map.of(), Platform.WINDOWS, ANY));
  }

  @ParameterizedTest
  @CsvSource({"Linux,LINUX", "Mac OS X,MACOS", "Windows 11,WINDOWS", "FreeBSD,LINUX"})
  void thePlatformIsReadFromTheNameThatTheJdkGives(String name, Platform platform) {
    assertEquals(platform, Platform.of(name));
  }

  @Test
  void programsAreLookedForInAbsoluteDirectoriesOnly() throws IOException {
    Path own = Files.createDirectory(home.resolve("bin"));
    program(own.resolve("docker"));
    program(home.resolve("podman"));
    Path relative = Path.of("").toAbsolutePath().relativize(home);
    EnginePlaces places =
        EnginePlaces.of(Map.of("PATH", relative + "::.:/nowhere:" + own), Platform.LINUX);
    assertEquals(
        List.of("command:" + own.resolve("docker") + " system dial-stdio"),
        texts(places.commands(ANY, problems)));
    assertEquals(List.of("there is no program podman on the PATH"), problems);
  }

  private static void program(Path file) throws IOException {
    Files.writeString(file, "#!/bin/sh\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private void context(String host) throws IOException {
    Path docker = Files.createDirectories(home.resolve(".docker"));
    Files.writeString(docker.resolve("config.json"), "{\"currentContext\":\"mine\"}");
    Path other = Files.createDirectories(docker.resolve("contexts/meta/0a"));
    Files.writeString(other.resolve("meta.json"), "{\"Name\":\"other\"}");
    Files.createDirectories(docker.resolve("contexts/meta/empty"));
    Path mine = Files.createDirectories(docker.resolve("contexts/meta/1b"));
    Files.writeString(
        mine.resolve("meta.json"),
        """
        {"Name": "mine", "Metadata": {}, "Endpoints": {"docker": {"Host": "%s"}}}"""
            .formatted(host));
  }

  private List<String> dockerPlaces(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("HOME", home.toString());
    return sockets(environment, Platform.LINUX, ANY);
  }

  @Test
  void theCurrentContextComesFirst() throws IOException {
    context("unix:///run/user/5/docker.sock");
    assertEquals("unix:///run/user/5/docker.sock", dockerPlaces(Map.of()).getFirst());
    assertEquals(
        "unix:///var/run/docker.sock",
        dockerPlaces(Map.of("DOCKER_CONTEXT", "default")).getFirst());
    assertEquals(List.of(), problems);
  }

  @Test
  void aContextHasItsOwnCertificates() throws IOException {
    context("tcp://10.0.0.1:2376");
    Path certificates = Files.createDirectories(home.resolve(".docker/contexts/tls/1b/docker"));
    assertEquals("tcp://10.0.0.1:2376?tls=" + certificates, dockerPlaces(Map.of()).getFirst());
  }

  @Test
  void aContextThatCannotBeUsedIsTold() throws IOException {
    context("http://x");
    assertEquals("unix:///var/run/docker.sock", dockerPlaces(Map.of()).getFirst());
    assertTrue(problems.getFirst().contains("\"mine\" names no endpoint"), problems.getFirst());
    problems.clear();
    dockerPlaces(Map.of("DOCKER_CONTEXT", "absent"));
    assertTrue(problems.getFirst().contains("\"absent\" names no endpoint"), problems.getFirst());
    problems.clear();
    Files.writeString(home.resolve(".docker/config.json"), "{");
    dockerPlaces(Map.of());
    assertTrue(problems.getFirst().contains("can't be read"), problems.getFirst());
  }

  @Test
  void certificatesAreUsedWhereTheEnvironmentSaysSo() {
    Map<String, String> plain = Map.of("DOCKER_HOST", "tcp://h", "HOME", "/h");
    assertEquals("tcp://h:2375", named(plain));
    Map<String, String> own =
        Map.of("DOCKER_HOST", "tcp://h", "HOME", "/h", "DOCKER_TLS_VERIFY", "1");
    assertEquals("tcp://h:2376?tls=/h/.docker", named(own));
    Map<String, String> told =
        Map.of("DOCKER_HOST", "tcp://h:5", "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", "/c");
    assertEquals("tcp://h:5?tls=/c", named(told));
  }

  private String named(Map<String, String> environment) {
    EnginePlaces places = EnginePlaces.of(environment, Platform.LINUX);
    return places.named("DOCKER_HOST", problems).orElseThrow().toString();
  }

  @Test
  void podmansSshIsToldToPodman() {
    EnginePlaces places =
        EnginePlaces.of(
            Map.of("CONTAINER_HOST", "ssh://core@h/p.sock", "CONTAINER_SSHKEY", "/k"),
            Platform.LINUX);
    assertEquals(
        "command:ssh -T -o BatchMode=yes -i /k -l core -- h podman --url unix:///p.sock system"
            + " dial-stdio",
        places.named("CONTAINER_HOST", problems).orElseThrow().toString());
  }
}
