package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.simulate.SimulatedFile.Role;

/** A slot directory with its project directory, and what the client knows of its job. */
public final class SimulatedSlot {
  /** The volunteer's file in the data directory. */
  private static final String POLICY = "docker_policy.toml";

  private final Path directory;
  private final Path projectDirectory;
  private final List<SimulatedFile> files;
  private final List<String> arguments;
  private final InitDataXml initData;
  private final boolean hasSharedMemory;
  private final boolean ownsProjectDirectory;

  private SimulatedSlot(Builder builder, int number) {
    directory = builder.dataDirectory.resolve("slots").resolve(Integer.toString(number));
    projectDirectory = builder.dataDirectory.resolve("projects").resolve(builder.projectName);
    files = List.copyOf(builder.files);
    arguments = List.copyOf(builder.arguments);
    initData = builder.initData;
    hasSharedMemory = builder.hasSharedMemory;
    ownsProjectDirectory = !Files.exists(projectDirectory);
    initData.set("slot", number);
  }

  /** A slot below this BOINC data directory, which need not exist. */
  public static Builder in(Path dataDirectory) {
    return new Builder(dataDirectory.toAbsolutePath().normalize());
  }

  /** {@code slots/N}. */
  public Path directory() {
    return directory;
  }

  /** {@code projects/X}. */
  public Path projectDirectory() {
    return projectDirectory;
  }

  /** The data directory of the simulated client. */
  public Path dataDirectory() {
    return Path.of(initData.get("boinc_dir"));
  }

  /** What the slot was made of. */
  public List<SimulatedFile> files() {
    return files;
  }

  /** The wrapper's arguments: the workunit's command line. */
  public List<String> arguments() {
    return arguments;
  }

  /** What the next {@link #rewriteInitData} writes. */
  public InitDataXml initData() {
    return initData;
  }

  /** Whether the client offers the memory-mapped file ({@code shm_key} -1). */
  public boolean hasSharedMemory() {
    return hasSharedMemory;
  }

  /** The name of the result, which is the job's name to the client. */
  public String resultName() {
    return initData.get("result_name");
  }

  /** Where a file of the job is before its start and after its end. */
  public Path inProject(SimulatedFile file) {
    return projectDirectory.resolve(file.physicalName());
  }

  /** Where an output is that was uploaded before the end of the job: what the server has of it. */
  public Path onServer(SimulatedFile output) {
    return dataDirectory().resolve("uploaded").resolve(output.physicalName());
  }

  /** Deletes init_data.xml and writes it again in place, not atomically, like the client. */
  public void rewriteInitData() throws IOException {
    List<String> appFiles =
        files.stream()
            .filter(file -> file.role() == Role.APP_VERSION)
            .map(SimulatedFile::physicalName)
            .toList();
    Path file = directory.resolve(InitData.FILE);
    Files.deleteIfExists(file);
    Files.writeString(file, initData.text(appFiles));
  }

  /** What the job's processes wrote for people, as much of its end as the server would get. */
  public String stderrText() throws IOException {
    Path file = directory.resolve("stderr.txt");
    if (!Files.exists(file)) {
      return "";
    }
    byte[] bytes = Files.readAllBytes(file);
    int from = Math.max(0, bytes.length - 64_512); // BOINC client/app_control.cpp: 63 KiB
    return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
  }

  /**
   * Empties and removes the slot, and the project directory if it was made for it.
   *
   * @return what could not be deleted: the real client could never use such a slot again
   */
  public List<Path> remove() throws IOException {
    List<Path> left = new ArrayList<>();
    Files.walkFileTree(directory, new Eraser(left));
    for (SimulatedFile file : files) {
      Files.deleteIfExists(onServer(file));
    }
    if (ownsProjectDirectory) {
      Files.walkFileTree(projectDirectory, new Eraser(left));
    }
    return left;
  }

  /** Removes a whole data directory; gives what could not be deleted. */
  public static List<Path> removeAll(Path dataDirectory) throws IOException {
    List<Path> left = new ArrayList<>();
    Files.walkFileTree(dataDirectory, new Eraser(left));
    return left;
  }

  /** Collects what is different from a simple job. */
  public static final class Builder {
    private final Path dataDirectory;
    private final List<SimulatedFile> files = new ArrayList<>();
    private final InitDataXml initData = new InitDataXml();
    private List<String> arguments = List.of();
    private String projectName = "simulated.example_project";
    private boolean hasSharedMemory = true;
    private Optional<String> policy = Optional.empty();

    private Builder(Path dataDirectory) {
      this.dataDirectory = dataDirectory;
      workunit("simulated_wu");
      initData.set("client_pid", ProcessHandle.current().pid());
    }

    /** The name of the project directory: the escaped URL of the project. */
    public Builder project(String directoryName) {
      projectName = directoryName;
      return this;
    }

    /** The app version: app name, plan class (may be empty) and version number (8.05 is 805). */
    public Builder appVersion(String appName, String planClass, int version) {
      initData.set("app_name", appName);
      initData.set("plan_class", planClass);
      initData.set("app_version", version);
      return this;
    }

    /** The workunit's name; the result is its first one. */
    public Builder workunit(String name) {
      return names(name, name + "_0");
    }

    /** The names of workunit and result. */
    public Builder names(String workunit, String result) {
      initData.set("wu_name", workunit);
      initData.set("result_name", result);
      return this;
    }

    /** One more file of app version, workunit or result. */
    public Builder file(SimulatedFile file) {
      files.add(file);
      return this;
    }

    /** More files. */
    public Builder files(List<SimulatedFile> more) {
      files.addAll(more);
      return this;
    }

    /** The wrapper's arguments. */
    public Builder arguments(List<String> words) {
      arguments = words;
      return this;
    }

    /**
     * The GPU that the client grants.
     *
     * @param type NVIDIA, ATI, intel_gpu or apple_gpu
     * @param device number of the first instance
     * @param usage instances, may be a fraction
     */
    public Builder gpu(String type, int device, double usage) {
      initData.set("gpu_type", type);
      initData.set("gpu_device_num", device);
      initData.set("gpu_opencl_dev_index", device);
      initData.set("gpu_usage", usage);
      return this;
    }

    /** The CPUs that the client budgets; may be a fraction. */
    public Builder ncpus(double ncpus) {
      initData.set("ncpus", ncpus);
      return this;
    }

    /** The workunit's limits in bytes. */
    public Builder bounds(double memory, double disk) {
      initData.set("rsc_memory_bound", memory);
      initData.set("rsc_disk_bound", disk);
      return this;
    }

    /** CPU seconds at the last checkpoint of earlier episodes. */
    public Builder cpuTime(double seconds) {
      initData.set("wu_cpu_time", seconds);
      return this;
    }

    /** The engine that the client found: 0 none, 1 Docker, 2 Podman. */
    public Builder dockerType(int type) {
      initData.dockerType(type);
      return this;
    }

    /** Any other element of init_data.xml: proxy_info, global_preferences, client_pid, shm_key … */
    public Builder initData(Consumer<InitDataXml> change) {
      change.accept(initData);
      return this;
    }

    /** What the volunteer wrote into the data directory's docker_policy.toml. */
    public Builder policy(String text) {
      policy = Optional.of(text);
      return this;
    }

    /** The client's memory-mapped file is missing although {@code shm_key} promises it. */
    public Builder withoutSharedMemory() {
      hasSharedMemory = false;
      return this;
    }

    /** Makes the lowest free slot below the data directory, and the project directory. */
    public SimulatedSlot prepare() throws IOException {
      initData.set("boinc_dir", dataDirectory.toString());
      initData.set("project_dir", dataDirectory + "/projects/" + projectName);
      initData.set("computation_deadline", Instant.now().plusSeconds(604_800).getEpochSecond());
      hasSharedMemory &= initData.get("shm_key").equals("-1");
      int number = 0;
      while (Files.exists(dataDirectory.resolve("slots").resolve(Integer.toString(number)))) {
        number++;
      }
      SimulatedSlot slot = new SimulatedSlot(this, number);
      new SlotLayout(slot).make();
      if (policy.isPresent()) {
        Files.writeString(
            dataDirectory.resolve(POLICY), policy.get(), StandardOpenOption.CREATE_NEW);
      }
      return slot;
    }
  }
}
