package org.boinc.dockerwrapper.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.it.Await;
import org.boinc.dockerwrapper.it.TestEngine;
import org.boinc.dockerwrapper.plan.Labels;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A client attached to a project, for one test. A test that fails shows what the client and the
 * wrappers said; one that passes must not have left anything of a reported job behind.
 */
final class Installation implements BeforeEachCallback, AfterEachCallback {
  private static final Duration PATIENCE = BoincClient.PATIENCE;

  private final Supplier<Path> directory;
  private final Map<String, Object> preferences = new LinkedHashMap<>();
  private final Map<String, Object> options = new LinkedHashMap<>();
  private final List<Workunit> submitted = new ArrayList<>();
  private TestEngine engine;
  private ProjectServer project;
  private BoincClient client;

  /**
   * @param directory an empty one
   */
  Installation(Supplier<Path> directory) {
    this.directory = directory;
    preferences.put("run_if_user_active", 1);
    preferences.put("run_on_batteries", 1);
    preferences.put("leave_apps_in_memory", 1);
    preferences.put("suspend_cpu_usage", 0);
    preferences.put("cpu_usage_limit", 100);
    preferences.put("disk_max_used_gb", 0);
    preferences.put("disk_max_used_pct", 100);
    preferences.put("disk_min_free_gb", 0);
    preferences.put("ram_max_used_busy_pct", 100);
    preferences.put("ram_max_used_idle_pct", 100);
    options.put("report_results_immediately", 1);
    options.put("dont_contact_ref_site", 1);
  }

  /** Changes one of the volunteer's preferences (BOINC lib/prefs.cpp). */
  Installation preference(String name, Object value) {
    preferences.put(name, value);
    return this;
  }

  /** Adds an option to cc_config.xml. */
  Installation option(String name, Object value) {
    options.put(name, value);
    return this;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    engine = new TestEngine();
  }

  /** Opens the project and starts the client, which is attached to it. */
  Installation attach(AppVersion version) throws Exception {
    Path data = Files.createDirectory(directory.get().resolve("boinc"));
    Files.setPosixFilePermissions(directory.get(), PosixFilePermissions.fromString("rwxr-xr-x"));
    project = new ProjectServer(version);
    Files.writeString(
        data.resolve("global_prefs_override.xml"), xml("global_preferences", preferences));
    Files.writeString(
        data.resolve("cc_config.xml"),
        """
        <cc_config>
        <log_flags>
        <task_debug>1</task_debug>
        <app_msg_send>1</app_msg_send>
        <checkpoint_debug>1</checkpoint_debug>
        <mem_usage_debug>1</mem_usage_debug>
        </log_flags>
        %s</cc_config>
        """
            .formatted(xml("options", options)));
    Files.writeString(
        data.resolve("account_" + project.escapedUrl() + ".xml"),
        """
        <account>
        <master_url>%s</master_url>
        <authenticator>0123456789abcdef0123456789abcdef</authenticator>
        </account>
        """
            .formatted(project.url()));
    client = new BoincClient(data, directory.get().resolve("client.log"), environment());
    client.start();
    return this;
  }

  private static String xml(String root, Map<String, Object> values) {
    StringBuilder text = new StringBuilder("<" + root + ">\n");
    values.forEach((name, value) -> text.append("<%1$s>%2$s</%1$s>\n".formatted(name, value)));
    return text.append("</%s>\n".formatted(root)).toString();
  }

  private Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
    variables.put("HOME", directory.get().resolve("boinc").toString());
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    for (String name : List.of("DOCKER_HOST", "CONTAINER_HOST")) {
      Optional.ofNullable(System.getenv(name)).ifPresent(value -> variables.put(name, value));
    }
    return variables;
  }

  BoincClient client() {
    return client;
  }

  ProjectServer project() {
    return project;
  }

  TestEngine engine() {
    return engine;
  }

  /** Gives the client a job when it calls the next time. */
  Workunit submit(Workunit workunit) {
    submitted.add(workunit);
    project.submit(workunit);
    return workunit;
  }

  /** Suspends, resumes or aborts one job. */
  void task(Workunit workunit, String operation) throws Exception {
    client.tell("--task", project.url(), workunit.resultName(), operation);
  }

  /** Waits until the client has reported a result. */
  Report awaitReport(Workunit workunit) throws Exception {
    return Await.value(
        "a report of " + workunit.resultName(), PATIENCE, () -> project.report(workunit));
  }

  /** Waits for a result that a project would grant credit for: all outputs are there, unharmed. */
  Report awaitValid(Workunit workunit) throws Exception {
    Report report = awaitReport(workunit);
    assertEquals(0, report.exitStatus(), report::stderr);
    assertEquals(Report.FILES_UPLOADED, report.state(), report::stderr);
    Map<String, String> uploaded = new LinkedHashMap<>();
    for (Workunit.Output output : workunit.outputs()) {
      project
          .uploaded(output)
          .ifPresent(content -> uploaded.put(output.physicalName(), CodeSigningKey.md5(content)));
    }
    assertEquals(
        workunit.outputs().stream().map(Workunit.Output::physicalName).collect(Collectors.toSet()),
        uploaded.keySet());
    assertEquals(uploaded, report.outputs());
    return report;
  }

  /** The text of a job's only output, as the project got it. */
  String output(Workunit workunit) {
    return new String(
        project.uploaded(workunit.outputs().getFirst()).orElseThrow(), StandardCharsets.UTF_8);
  }

  /** The slot that the client has prepared for a job. */
  Path slot(Workunit workunit) throws Exception {
    return Await.value(
        "a slot for " + workunit.resultName(),
        PATIENCE,
        () -> slots().filter(slot -> holds(slot, workunit)).findFirst());
  }

  private Stream<Path> slots() throws IOException {
    Path slots = client.data().resolve("slots");
    if (!Files.isDirectory(slots)) {
      return Stream.empty();
    }
    try (Stream<Path> found = Files.list(slots)) {
      return found.sorted().toList().stream();
    }
  }

  private static boolean holds(Path slot, Workunit workunit) {
    try {
      return InitData.read(slot).resultName().equals(workunit.resultName());
    } catch (IOException notPreparedYet) {
      return false;
    }
  }

  /** Lets a job of a mounted slot go on whose script waits for the file {@code go}. */
  void go(Workunit workunit) throws Exception {
    await(workunit, "started", found -> found.state() != ContainerState.CREATED);
    Files.createFile(slot(workunit).resolve("docker_wrapper_work").resolve("go"));
  }

  /** Waits until a job's container is in a state. */
  ContainerSighting await(Workunit workunit, ContainerState state) throws Exception {
    return await(workunit, state.toString(), found -> found.state() == state);
  }

  private ContainerSighting await(
      Workunit workunit, String what, Predicate<ContainerSighting> wanted) throws Exception {
    return Await.value(
        "a container of %s that is %s".formatted(workunit.resultName(), what),
        PATIENCE,
        () -> containers(workunit).stream().filter(wanted).findFirst());
  }

  List<ContainerSighting> containers(Workunit workunit) throws Exception {
    return engine
        .engine()
        .containers()
        .find(Map.of(Labels.PROJECT, project.escapedUrl(), Labels.RESULT, workunit.resultName()));
  }

  /** Waits until the client has said something. */
  void awaitLog(String text) throws Exception {
    Await.until("the client says: " + text, PATIENCE, () -> client.log().contains(text));
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    boolean failed = context.getExecutionException().isPresent();
    if (client == null) {
      engine.close();
      return;
    }
    LeftOvers leftOvers = new LeftOvers(engine, project.escapedUrl(), client.data());
    List<String> left = new ArrayList<>();
    try {
      boolean allReported =
          submitted.stream().allMatch(workunit -> project.report(workunit).isPresent());
      if (!failed && allReported) {
        left.addAll(leftOvers.awaitNone(client.pid()));
      }
      if (failed || !left.isEmpty()) {
        System.out.println(report(context.getDisplayName()));
      }
    } finally {
      client.close();
      leftOvers.remove();
      project.close();
      engine.close();
    }
    assertEquals(List.of(), left, "left behind");
    assertEquals(List.of(), project.troubles());
  }

  /** For a person who wonders why a test failed. */
  private String report(String test) throws IOException {
    StringBuilder text = new StringBuilder("==== %s\n-- the client\n".formatted(test));
    text.append(client.log());
    for (Path slot : slots().toList()) {
      Path stderr = slot.resolve("stderr.txt");
      text.append("-- %s\n".formatted(stderr));
      text.append(Files.exists(stderr) ? Files.readString(stderr) : "none\n");
    }
    for (Workunit workunit : submitted) {
      text.append("-- reported of %s\n".formatted(workunit.resultName()));
      text.append(project.report(workunit)).append('\n');
    }
    return text.append("====\n").toString();
  }
}
