package org.boinc.dockerwrapper.boinc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.boinc.dockerwrapper.boinc.HostGrant.GpuGrant;
import org.boinc.dockerwrapper.boinc.InitData.EngineHint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitDataTest {
  /** As a client 8.3.0 writes it on Linux, with what makes it hard to read. */
  private static final String FULL =
      """
      <app_init_data>
      <major_version>8</major_version>
      <minor_version>3</minor_version>
      <release>0</release>
      <app_version>805</app_version>
      <userid>1</userid>
      <app_name>worker</app_name>
      <plan_class>docker_mt</plan_class>
      <project_preferences>
      <wu_name>not this</wu_name><colour>a < b & c</colour><open>
      </project_preferences>
      <user_name>Andr&#195;&#169; &lt;&amp;&gt;</user_name>
      <project_dir>/var/lib/R&D <new>/projects/example.org_a&b</project_dir>
      <boinc_dir>/var/lib/R&D <new></boinc_dir>
      <authenticator>5f1e0c_secret&<</authenticator>
      <wu_name>wu_17</wu_name>
      <result_name>wu_17_0</result_name>
      <from_the_future><name>x</name><wu_name>nor this</wu_name></from_the_future>
      <unended>
      <also_new/>
      <shm_key>-1</shm_key>
      <slot>3</slot>
      <client_pid>4711</client_pid>
      <wu_cpu_time>1000.500000</wu_cpu_time>
      <starting_elapsed_time>2000.000000</starting_elapsed_time>
      <using_sandbox>0</using_sandbox>
      <checkpoint_period>60.000000</checkpoint_period>
      <gpu_type>NVIDIA</gpu_type>
      <gpu_device_num>1</gpu_device_num>
      <gpu_opencl_dev_index>0x2</gpu_opencl_dev_index>
      <gpu_usage>0.500000</gpu_usage>
      <ncpus>2.500000</ncpus>
      <rsc_memory_bound>500000000.000000</rsc_memory_bound>
      <rsc_disk_bound>1e10</rsc_disk_bound>
      <no_priority_change/>
      <host_info>
        <domain_name>a<b&c</domain_name>
        <docker_version>5.2.1</docker_version>
        <docker_type>2</docker_type>
        <coprocs><coproc_cuda><name>RTX</name><count>2</count></coproc_cuda></coprocs>
      </host_info>
      <proxy_info>
        <use_http_proxy/>
        <use_http_auth/>
        <http_server_name>proxy.example.org</http_server_name>
        <http_server_port>3128</http_server_port>
        <http_user_name>us&amp;er</http_user_name>
        <http_user_passwd>p&lt;&#195;&#169;:@</http_user_passwd>
        <socks_server_name>socks.example.org</socks_server_name>
        <socks_server_port>1080</socks_server_port>
        <no_proxy>localhost,example.org</no_proxy>
      </proxy_info>
      <app_file>worker_8.5</app_file>
      <app_file>job_8.5.toml</app_file>
      </app_init_data>
      """;

  private static final String LEAST =
      """
      <app_init_data>
      <project_dir>/boinc/projects/p</project_dir>
      <boinc_dir>/boinc</boinc_dir>
      <wu_name>w</wu_name>
      <result_name>w_0</result_name>
      </app_init_data>
      """;

  @TempDir Path slot;

  private static InitData parse(String text) throws InitDataException {
    return InitData.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void c57RawAmpersandsUnknownElementsAndByteReferencesAreUnderstood() throws IOException {
    InitData data = parse(FULL);
    assertEquals("8.3.0", data.client().toString());
    assertEquals(805, data.appVersion());
    assertEquals("worker", data.appName());
    assertEquals("docker_mt", data.planClass());
    assertEquals(Path.of("/var/lib/R&D <new>/projects/example.org_a&b"), data.projectDirectory());
    assertEquals(Path.of("/var/lib/R&D <new>"), data.dataDirectory());
    assertEquals("wu_17", data.workunitName());
    assertEquals("wu_17_0", data.resultName());
    assertEquals(OptionalInt.of(-1), data.shmKey());
    assertEquals(Optional.empty(), data.commObjName());
    assertEquals(3, data.slot());
    assertEquals(4711, data.clientPid());
    assertEquals(1000.5, data.wuCpuTime());
    assertEquals(2000, data.startingElapsedTime());
    assertEquals(Duration.ofMinutes(1), data.checkpointPeriod());
    assertEquals(
        new HostGrant(
            2.5, 500_000_000, 10_000_000_000L, Optional.of(new GpuGrant("NVIDIA", 1, 2, 0.5)), 1),
        data.grant());
    assertEquals(Optional.of(new EngineHint("5.2.1", EngineHint.Type.PODMAN)), data.engine());
    assertEquals(List.of("worker_8.5", "job_8.5.toml"), data.appFiles());
    assertFalse(data.usingSandbox());
    assertTrue(data.noPriorityChange());
  }

  private static Optional<EngineHint> engineAmong(String distros) throws InitDataException {
    String info = "<host_info><wsl>" + distros + "</wsl></host_info></app_init_data>";
    return parse(LEAST.replace("</app_init_data>", info)).engine();
  }

  private static String distro(String name, String more) {
    return "<distro><distro_name>" + name + "</distro_name>" + more + "</distro>";
  }

  @Test
  void onWindowsTheEngineIsInTheSystemThatTheClientTakes() throws IOException {
    String docker = "<docker_version>28</docker_version><docker_type>1</docker_type>";
    String podman = "<docker_version>5</docker_version><docker_type>2</docker_type>";
    String first = distro("none", "") + distro("Ubuntu", docker) + distro("Debian", podman);
    assertEquals(
        Optional.of(
            new EngineHint(
                "28", EngineHint.Type.DOCKER, Optional.of(new EngineHint.Distro("Ubuntu", false)))),
        engineAmong(first));
    assertEquals(
        Optional.of(
            new EngineHint(
                "5", EngineHint.Type.PODMAN, Optional.of(new EngineHint.Distro("Debian", true)))),
        engineAmong(distro("Ubuntu", docker + "<disallowed/>") + distro("Debian", podman)));
    for (int version = 3; version <= 4; version++) {
      String own =
          distro("boinc-buda-runner", podman + "<distro_version>" + version + "</distro_version>");
      assertEquals(
          Optional.of(new EngineHint.Distro("boinc-buda-runner", version > 3)),
          engineAmong(first + own).flatMap(EngineHint::distro));
    }
    assertEquals(Optional.empty(), engineAmong(""));
  }

  @Test
  void theSmallerLimitOfCpuTimeHolds() throws IOException {
    assertEquals(1, parse(LEAST).grant().cpuUsage());
    assertEquals(0.25, usage("<cpu_usage_limit>25.000000</cpu_usage_limit>"));
    assertEquals(
        0.4,
        usage(
            "<cpu_usage_limit>80</cpu_usage_limit><niu_cpu_usage_limit>40</niu_cpu_usage_limit>"));
    for (String none : List.of("0", "-1", "101", "x")) {
      assertEquals(1, usage("<cpu_usage_limit>" + none + "</cpu_usage_limit>"), none);
    }
  }

  private static double usage(String preferences) throws IOException {
    String nested = "<global_preferences>" + preferences + "</global_preferences></app_init_data>";
    return parse(LEAST.replace("</app_init_data>", nested)).grant().cpuUsage();
  }

  @Test
  void aProxyIsOneThatIsInUseAndItsCredentialsAreDecoded() throws IOException {
    ProxySettings proxy = parse(FULL).proxy().orElseThrow();
    assertEquals(
        Optional.of(new ProxySettings.Server("proxy.example.org", 3128, "us&er", "p<\u00e9:@")),
        proxy.http());
    assertEquals(Optional.empty(), proxy.socks(), "named, but not in use");
    assertEquals("localhost,example.org", proxy.noProxy());
    assertFalse(proxy.socksRemoteDns());

    ProxySettings socks =
        parse(
                FULL.replace(
                    "<use_http_proxy/>",
                    "<use_socks_proxy>1</use_socks_proxy><socks5_remote_dns/>"))
            .proxy()
            .orElseThrow();
    assertEquals(Optional.empty(), socks.http());
    assertEquals(
        Optional.of(new ProxySettings.Server("socks.example.org", 1080, "", "")), socks.socks());
    assertTrue(socks.socksRemoteDns());
  }

  @Test
  void noSecretIsPrinted() throws IOException {
    String text = parse(FULL).toString();
    assertFalse(text.contains("5f1e0c"), "the authenticator");
    assertFalse(text.contains("p<"), "the proxy's password");
    assertTrue(text.contains("password=***"));
  }

  @Test
  void whatIsMissingHasTheClientsDefaults() throws IOException {
    InitData data = parse(LEAST);
    assertEquals("", data.planClass());
    assertEquals(0, data.clientPid());
    assertEquals(Duration.ofMinutes(5), data.checkpointPeriod());
    assertEquals(new HostGrant(1, 0, 0, Optional.empty(), 1), data.grant());
    assertEquals(OptionalInt.empty(), data.shmKey());
    assertEquals(Optional.empty(), data.proxy());
    assertEquals(Optional.empty(), data.engine());
    assertEquals(List.of(), data.appFiles());
  }

  @Test
  void zerosAndNonsenseHaveTheDefaultsToo() throws IOException {
    InitData data =
        parse(
            LEAST.replace(
                "</app_init_data>",
                """
                <checkpoint_period>0</checkpoint_period><ncpus>nan</ncpus><client_pid/>
                <gpu_type></gpu_type><gpu_device_num>-1</gpu_device_num><wu_cpu_time>-3</wu_cpu_time>
                <rsc_memory_bound>-1</rsc_memory_bound><comm_obj_name>boinc_3</comm_obj_name>
                <host_info><docker_type>0</docker_type></host_info></app_init_data>
                """));
    assertEquals(Duration.ofMinutes(5), data.checkpointPeriod());
    assertEquals(new HostGrant(1, 0, 0, Optional.empty(), 1), data.grant());
    assertEquals(0, data.clientPid());
    assertEquals(0, data.wuCpuTime());
    assertEquals(Optional.of("boinc_3"), data.commObjName());
    assertEquals(Optional.empty(), data.engine());
  }

  @Test
  void anEngineOfAWslDistroIsNotThisHosts() throws IOException {
    InitData data =
        parse(
            LEAST.replace(
                "</app_init_data>",
                "<host_info><wsl><distro><docker_version>1</docker_version><docker_type>1"
                    + "</docker_type></distro></wsl></host_info></app_init_data>"));
    assertEquals(Optional.empty(), data.engine());
  }

  @Test
  void preferencesCannotReplaceWhatTheClientWritesAfterThem() throws IOException {
    String forged =
        "<app_init_data><project_preferences></project_preferences>"
            + "<project_dir>/etc</project_dir></project_preferences>";
    assertEquals(
        Path.of("/boinc/projects/p"),
        parse(LEAST.replace("<app_init_data>", forged)).projectDirectory());
  }

  @Test
  void aFileWithoutTheNamesOfItsJobIsRefusedInOneSentence() {
    assertEquals(
        "init_data.xml: has no <wu_name>",
        assertThrows(
                InitDataException.class,
                () -> parse(LEAST.replace("<wu_name>w</wu_name>", "<wu_name/>")))
            .getMessage());
    assertEquals(
        "init_data.xml: cut off, has no </app_init_data>",
        assertThrows(InitDataException.class, () -> parse("")).getMessage());
    assertEquals(
        "init_data.xml: <project_dir> a\0b can't be used as a path (Nul character not allowed); a"
            + " UTF-8 locale may help",
        assertThrows(
                InitDataException.class, () -> parse(LEAST.replace("/boinc/projects/p", "a\0b")))
            .getMessage());
  }

  @Test
  void c58AFileThatIsBeingRewrittenIsReadAgain() throws IOException {
    Path file = slot.resolve(InitData.FILE);
    Files.writeString(file, FULL.substring(0, FULL.length() / 2));
    List<Runnable> rewriting = new ArrayList<>(List.of(() -> delete(file), () -> write(file, "")));
    rewriting.add(() -> write(file, FULL));

    InitData data = InitData.read(slot, () -> rewriting.removeFirst().run());

    assertEquals("wu_17_0", data.resultName());
    assertEquals(List.of(), rewriting);
  }

  @Test
  void aFileThatStaysUnreadableIsGivenUpAfterTheFifthReading() throws IOException {
    List<String> pauses = new ArrayList<>();
    assertThrows(NoSuchFileException.class, () -> InitData.read(slot, () -> pauses.add("x")));
    assertEquals(4, pauses.size());

    Files.writeString(slot.resolve(InitData.FILE), "<app_init_data>");
    assertThrows(InitDataException.class, () -> InitData.read(slot, () -> pauses.add("x")));
    assertEquals(8, pauses.size());
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theDataDirectoryIsNamedWithoutTheLinksInItsPath(@TempDir Path directory) throws IOException {
    Path real = Files.createDirectory(directory.toRealPath().resolve("boinc-client"));
    Path link = Files.createSymbolicLink(directory.resolve("boinc"), real);
    Path slot = Files.createDirectories(real.resolve("slots/0"));
    String text =
        "<app_init_data><project_dir>%s/projects/p</project_dir><boinc_dir>%s</boinc_dir>"
            + "<wu_name>w</wu_name><result_name>w_0</result_name></app_init_data>";
    Files.writeString(slot.resolve(InitData.FILE), text.formatted(link, link));
    assertEquals(real, InitData.read(slot).dataDirectory());
    Files.writeString(slot.resolve(InitData.FILE), text.formatted("/gone", "/gone"));
    assertEquals(Path.of("/gone"), InitData.read(slot).dataDirectory());
  }
}
