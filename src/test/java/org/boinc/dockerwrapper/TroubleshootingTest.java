package org.boinc.dockerwrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docs/troubleshooting.md has every sentence that the wrapper can say, and no other. */
class TroubleshootingTest {
  private static final Path SOURCES = Path.of("src/main/java/org/boinc/dockerwrapper");
  private static final Path PAGE = Path.of("docs/troubleshooting.md");
  private static final Pattern ENTRY = Pattern.compile("\\* `([^`]*)`(.*)");

  /** The classes that say something to volunteers and projects. */
  private static final Set<String> SPEAKING =
      Set.of(
          "TomlDocument",
          "TomlFaults",
          "JobProblems",
          "Ceilings",
          "Rules",
          "Check",
          "LimitTables",
          "CheckpointRules",
          "ImageReference",
          "Values",
          "Settings",
          "Macros",
          "Unsupported",
          "LegacyForms",
          "BuildArgs",
          "CreateArgs",
          "Flags",
          "ShellWords",
          "PolicyReader",
          "Refusals",
          "Planner",
          "RegistryPlanning",
          "JobFiles",
          "WrapperArguments",
          "Outcome",
          "PayloadOutcome",
          "Observer",
          "OutputCollector",
          "ImageSupply",
          "ImageDisk",
          "ArchiveMeter",
          "RegistryFailure",
          "Steps",
          "ImageUser",
          "Failure",
          "Failures",
          "JobMachine",
          "EndingRules",
          "RunningRules",
          "SightingRules",
          "JobRun",
          "ActionRunner",
          "DockerWrapper",
          "InitData",
          "FileTrouble",
          "SharedMemory",
          "Uploads",
          "HandedOver",
          "WorkDirectory",
          "UntrustedTree",
          "Shortcomings",
          "Throttling",
          "LowPriority",
          "ContainerEnding",
          "Checkpointer",
          "EgressProxy",
          "GpuPlanning",
          "JobNetwork",
          "Parking",
          "Workers",
          "WorkerWatch",
          "ClusterRules",
          "ClientReports",
          "Journal",
          "ImageMemory",
          "StopSignals",
          "OutputCopy",
          "SocketPermission",
          "UnixWire",
          "WindowsPipe",
          "TcpWire",
          "TlsWire",
          "TlsMaterial",
          "DockerConfig",
          "EnginePlaces",
          "EngineLocator",
          "EngineSearch",
          "PodmanService",
          "PrivateDirectory",
          "ChildProcess",
          "Connection",
          "Session",
          "TransportException",
          "EngineException",
          "Cures",
          "PodmanTraits",
          "ImageLoad",
          "Images",
          "Containers");

  /** Classes whose texts are a step's name, a detail behind a colon, or a fault of this program. */
  private static final Set<String> SILENT =
      Set.of(
          "AppStatus",
          "BuildLayers",
          "EgressConnection",
          "EgressDial",
          "EgressHead",
          "EventLog",
          "Glob",
          "Receipt",
          "Channel",
          "ClientChannels",
          "ExitPlan",
          "FinishFile",
          "HeadAndTail",
          "HostGrant",
          "Kernel32",
          "LockHold",
          "LogLine",
          "NamedSection",
          "Slot",
          "StderrLog",
          "TemporaryExit",
          "TrickleFiles",
          "Commands",
          "ContainerArchive",
          "ContainerLog",
          "ContainerRequest",
          "Conversation",
          "Endpoint",
          "Engine",
          "HttpBody",
          "HttpExchange",
          "HttpHead",
          "Json",
          "JobKeys",
          "KernelAccounts",
          "LocalPodman",
          "LogFrames",
          "Networks",
          "Niceness",
          "Phases",
          "OutputTar",
          "OutputTree",
          "PathStat",
          "TarCopy",
          "TarStream",
          "ByteSize",
          "FileSchema",
          "Layer",
          "LegacyKeys",
          "PolicyValue",
          "Setting",
          "TomlCursor",
          "Consent",
          "ImagePlanning",
          "Names",
          "RegistryLogin",
          "ResolverScript",
          "ResourcePlanning",
          "ContainerSearch",
          "ContextKey",
          "EpisodeText",
          "ImageLedger",
          "ImageUse",
          "ImpatientText");

  /** What is no sentence to people in the classes that speak. */
  private static final Set<String> NOT_SAID =
      Set.of(
          "i915 or xe",
          "no render node",
          "… render node(s)",
          "the network was suspended",
          "the string …",
          "an answer that is not ours",
          "… is seen",
          "no … at …",
          "that is here as '…'",
          "in image.files",
          "unauthorized|authentication required|credentials|docker login",
          "no plan yet",
          "no image yet",
          "no container yet",
          "no space left on device",
          "insufficient UIDs or GIDs",
          "opening database \\S+bolt_state|database disk image is malformed|creating (container storage|read-write layer).*(no such file or directory|layer not known|not a directory)",
          "while running runtime: exit status (\\d+)\\s*$",
          "Build error: Unknown instruction: |^no (contents in |FROM statement found)",
          "(manifest|name|repository name not known to registry|blob) unknown\\b",
          "container state improper",
          "that name is already in use",
          "tag not known",
          "image not known",
          "OCI runtime attempted to invoke a command that was not found",
          "OCI permission denied",
          "Loaded image(?: ID)?: (\\S+)",
          "/Library/Application Support/BOINC podman",
          "-e --env",
          "-w --workdir",
          "-h --hostname",
          "-u --user",
          "-l --label",
          "-m --memory",
          "--network --net",
          "-p --publish",
          "-v --volume",
          "--cap-drop --log-driver --log-opt",
          "--rm -d --detach -i --interactive -t --tty",
          "--pid --uts --userns --cgroupns");

  private static final Map<String, List<String>> SENTENCES = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String name : List.of("boinc", "engine", "job", "plan", "run")) {
      try (Stream<Path> files = Files.list(SOURCES.resolve(name))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    for (String name : List.of("DockerWrapper", "JobFiles", "WrapperArguments")) {
      sources.add(SOURCES.resolve("cli").resolve(name + ".java"));
    }
    SENTENCES.putAll(Sentences.in(sources));
  }

  private static Set<String> onThePage() throws IOException {
    Set<String> found = new TreeSet<>();
    for (String line : Files.readAllLines(PAGE)) {
      var entry = ENTRY.matcher(line);
      if (entry.matches()) {
        found.add(entry.group(1));
      }
    }
    return found;
  }

  @Test
  void everySentenceIsOnThePageAndThePageHasNoOther() throws IOException {
    Set<String> said = new TreeSet<>();
    SPEAKING.forEach(name -> said.addAll(SENTENCES.getOrDefault(name, List.of())));
    assertTrue(said.size() > 300, () -> "sentences found: " + said.size());
    said.removeAll(NOT_SAID);
    said.removeIf(sentence -> sentence.contains("podman system service"));
    assertEquals(String.join("\n", said), String.join("\n", onThePage()));
  }

  @Test
  void everyClassThatHasSentencesSpeaksOrIsKnownNotTo() {
    Set<String> unknown = new TreeSet<>(SENTENCES.keySet());
    unknown.removeAll(SPEAKING);
    unknown.removeAll(SILENT);
    assertEquals(Set.of(), unknown, "put it on the page and into SPEAKING, or into SILENT");
  }

  @Test
  void nothingIsLeftOutThatIsNotThere() {
    Set<String> all = new TreeSet<>();
    SENTENCES.values().forEach(all::addAll);
    Set<String> gone = new TreeSet<>(NOT_SAID);
    gone.removeAll(all);
    assertEquals(Set.of(), gone);
  }
}
