package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What the client tells a job at its start: {@code init_data.xml} in the slot (BOINC
 * lib/app_ipc.cpp). The volunteer's {@code <authenticator>} is never taken out of the file.
 *
 * @param client the client's version
 * @param appVersion number of the app version, such as 805
 * @param appName the app's short name; {@code buda} for BUDA
 * @param planClass empty: none
 * @param projectDirectory absolute
 * @param dataDirectory the client's, absolute; as {@link #read} gives it, without links in its path
 * @param workunitName name of the workunit
 * @param resultName name of the result, this instance of the workunit
 * @param shmKey -1: the shared memory is a file in the slot; else the key of a System V segment
 * @param commObjName name of the shared memory on Windows
 * @param slot number of the slot
 * @param clientPid process of the client; 0: unknown
 * @param wuCpuTime CPU seconds of earlier episodes, up to the last checkpoint
 * @param startingElapsedTime elapsed seconds of earlier episodes, up to the last checkpoint
 * @param checkpointPeriod the volunteer wants the disk left alone for that long
 * @param grant CPUs, memory, disk and GPU
 * @param proxy the volunteer's proxies
 * @param engine the engine that the client found
 * @param appFiles physical names of the app version's files
 * @param usingSandbox whether the job runs under an account of its own
 * @param noPriorityChange whether the volunteer wants priorities left alone
 * @param leaveInMemory whether the volunteer lets jobs stay in memory while they don't compute
 */
public record InitData(
    ClientVersion client,
    int appVersion,
    String appName,
    String planClass,
    Path projectDirectory,
    Path dataDirectory,
    String workunitName,
    String resultName,
    OptionalInt shmKey,
    Optional<String> commObjName,
    int slot,
    long clientPid,
    double wuCpuTime,
    double startingElapsedTime,
    Duration checkpointPeriod,
    HostGrant grant,
    Optional<ProxySettings> proxy,
    Optional<EngineHint> engine,
    List<String> appFiles,
    boolean usingSandbox,
    boolean noPriorityChange,
    boolean leaveInMemory) {

  /** The file's name in the slot. */
  public static final String FILE = "init_data.xml";

  private static final int READINGS = 5;
  private static final Duration BETWEEN_READINGS = Duration.ofMillis(100);
  private static final Duration DEFAULT_CHECKPOINT_PERIOD = Duration.ofMinutes(5);

  /** Such as 8.3.0. */
  public record ClientVersion(int major, int minor, int release) {
    @Override
    public String toString() {
      return major + "." + minor + "." + release;
    }
  }

  /**
   * The engine that the client found when it started.
   *
   * @param dockerVersion as its command line prints it
   * @param distro on Windows, where it runs
   */
  public record EngineHint(String dockerVersion, Type type, Optional<Distro> distro) {
    /** An engine of this host itself. */
    public EngineHint(String dockerVersion, Type type) {
      this(dockerVersion, type, Optional.empty());
    }

    /**
     * A Linux system inside Windows.
     *
     * @param name as {@code wsl -d} takes it
     * @param asRoot whether the engine is root's there
     */
    public record Distro(String name, boolean asRoot) {}

    /** What the client calls docker_type. */
    public enum Type {
      DOCKER,
      PODMAN
    }
  }

  /**
   * What holds where there is no client (runtime reference 3.4, 8.2): one CPU, no bounds, and names
   * that say so.
   *
   * @param slot the current directory; its subdirectory {@code project}, if any, is the project
   *     directory
   */
  public static InitData standalone(Path slot) {
    Path project = slot.resolve("project");
    return new InitData(
        new ClientVersion(0, 0, 0),
        0,
        "standalone",
        "",
        Files.isDirectory(project) ? project : slot,
        slot,
        "standalone",
        "standalone",
        OptionalInt.empty(),
        Optional.empty(),
        0,
        0,
        0,
        0,
        DEFAULT_CHECKPOINT_PERIOD,
        new HostGrant(1, 0, 0, Optional.empty(), 1),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        false,
        false,
        false);
  }

  /**
   * Reads the slot's file. The client deletes and rewrites it in place while the job runs, so what
   * is missing or cut off is looked for again: five times in half a second.
   *
   * @throws NoSuchFileException if there is none: standalone mode
   * @throws InitDataException if it stays unreadable
   */
  public static InitData read(Path slot) throws IOException {
    return read(slot, InitData::waitALittle);
  }

  /** What to do between two readings. */
  @FunctionalInterface
  interface Pause {
    void between() throws IOException;
  }

  static InitData read(Path slot, Pause pause) throws IOException {
    for (int reading = 1; ; reading++) {
      try {
        return parse(Files.readAllBytes(slot.resolve(FILE)), InitData::withoutLinks);
      } catch (NoSuchFileException | InitDataException mayBeBeingRewritten) {
        if (reading == READINGS) {
          throw mayBeBeingRewritten;
        }
      }
      pause.between();
    }
  }

  /** Of two spellings of one directory everybody uses the same. */
  private static Path withoutLinks(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException notHere) {
      return directory;
    }
  }

  private static void waitALittle() throws InterruptedIOException {
    try {
      Thread.sleep(BETWEEN_READINGS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(FILE + ": interrupted while it was being rewritten");
    }
  }

  /**
   * Reads the file's content: unknown elements are ignored, missing ones have the client's
   * defaults.
   *
   * @throws InitDataException if it is cut off or lacks a name that nothing can stand for
   */
  public static InitData parse(byte[] content) throws InitDataException {
    return parse(content, UnaryOperator.identity());
  }

  private static InitData parse(byte[] content, UnaryOperator<Path> dataDirectory)
      throws InitDataException {
    BoincXml xml =
        BoincXml.document(content, "app_init_data")
            .orElseThrow(() -> new InitDataException(FILE + ": cut off, has no </app_init_data>"));
    return new InitData(
        new ClientVersion(
            number(xml, "major_version", 0),
            number(xml, "minor_version", 0),
            number(xml, "release", 0)),
        number(xml, "app_version", 0),
        xml.text("app_name"),
        xml.text("plan_class"),
        directory(xml, "project_dir"),
        dataDirectory.apply(directory(xml, "boinc_dir")),
        required(xml, "wu_name"),
        required(xml, "result_name"),
        optionalNumber(xml, "shm_key"),
        Optional.of(xml.text("comm_obj_name")).filter(name -> !name.isEmpty()),
        number(xml, "slot", 0),
        Math.max(0, xml.integer("client_pid").orElse(0)),
        Math.max(0, xml.number("wu_cpu_time").orElse(0)),
        Math.max(0, xml.number("starting_elapsed_time").orElse(0)),
        checkpointPeriod(xml),
        grant(xml),
        ProxySettings.of(xml.child("proxy_info")),
        HostEngine.of(xml.child("host_info")),
        xml.texts("app_file"),
        xml.flag("using_sandbox"),
        xml.flag("no_priority_change"),
        xml.child("global_preferences").flag("leave_apps_in_memory"));
  }

  private static HostGrant grant(BoincXml xml) {
    double ncpus = xml.number("ncpus").orElse(1);
    String gpuType = xml.text("gpu_type");
    return new HostGrant(
        ncpus > 0 ? ncpus : 1,
        bytes(xml, "rsc_memory_bound"),
        bytes(xml, "rsc_disk_bound"),
        gpuType.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new HostGrant.GpuGrant(
                    gpuType,
                    number(xml, "gpu_device_num", -1),
                    number(xml, "gpu_opencl_dev_index", -1),
                    xml.number("gpu_usage").orElse(1))),
        cpuUsage(xml.child("global_preferences")));
  }

  /**
   * The smaller of the two limits, in use and not in use: the client does not say which holds now.
   * Out of range means none (BOINC lib/prefs.cpp).
   */
  private static double cpuUsage(BoincXml preferences) {
    return Stream.of("cpu_usage_limit", "niu_cpu_usage_limit")
        .map(preferences::number)
        .flatMapToDouble(OptionalDouble::stream)
        .filter(percent -> percent > 0 && percent <= 100)
        .map(percent -> percent / 100)
        .min()
        .orElse(1);
  }

  private static Duration checkpointPeriod(BoincXml xml) {
    double seconds = xml.number("checkpoint_period").orElse(0);
    return seconds > 0 ? Duration.ofMillis((long) (seconds * 1000)) : DEFAULT_CHECKPOINT_PERIOD;
  }

  private static long bytes(BoincXml xml, String name) {
    return (long) Math.max(0, xml.number(name).orElse(0));
  }

  private static int number(BoincXml xml, String name, int otherwise) {
    return optionalNumber(xml, name).orElse(otherwise);
  }

  private static OptionalInt optionalNumber(BoincXml xml, String name) {
    OptionalLong value = xml.integer(name);
    return value.isPresent() && value.getAsLong() == (int) value.getAsLong()
        ? OptionalInt.of((int) value.getAsLong())
        : OptionalInt.empty();
  }

  private static String required(BoincXml xml, String name) throws InitDataException {
    String text = xml.text(name);
    if (text.isEmpty()) {
      throw new InitDataException(FILE + ": has no <" + name + ">");
    }
    return text;
  }

  private static Path directory(BoincXml xml, String name) throws InitDataException {
    String text = required(xml, name);
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new InitDataException(
          "%s: <%s> %s can't be used as a path (%s); a UTF-8 locale may help"
              .formatted(FILE, name, text, e.getReason()));
    }
  }
}
