package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.boinc.AtomicFile;
import org.boinc.dockerwrapper.boinc.ClientChannels;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.boinc.SharedMemory;
import org.boinc.dockerwrapper.boinc.TemporaryExit;

/**
 * A wrapper without containers: does what its first argument says, so that the simulated client can
 * be tested. Runs in a process of its own, with the slot as working directory.
 */
final class FakeWrapper {
  private static final Path SLOT = Path.of("");
  private static final Path STEPS = Path.of("steps");
  private static final long STEP_MILLIS = 10;

  private FakeWrapper() {}

  public static void main(String[] args) throws Exception {
    System.err.println("fake wrapper: " + String.join("|", args));
    switch (args[0]) {
      case "complete" -> finish(args);
      case "fail" -> System.exit(Integer.parseInt(args[1]));
      case "temporary" -> Files.write(Path.of(TemporaryExit.NAME), List.of(args[1], args[2]));
      case "premature" -> {}
      case "work" -> work(Integer.parseInt(args[1]));
      case "deaf" -> Thread.sleep(60_000);
      case "orphan" -> orphan();
      case "transfer" -> transfer();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** The command that starts this class; the job's arguments follow. */
  static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:auto",
        "-cp",
        System.getProperty("java.class.path"),
        FakeWrapper.class.getName());
  }

  /** complete NAME=TEXT…: writes outputs where their links point to, then finishes. */
  private static void finish(String[] args) throws IOException {
    for (int i = 1; i < args.length; i++) {
      String[] output = args[i].split("=", 2);
      Files.writeString(resolve(output[0]), output[1]);
    }
    Files.writeString(Path.of(FinishFile.NAME), "0\n");
  }

  private static Path resolve(String name) throws IOException {
    Path path = SLOT.resolve(name);
    if (!Files.exists(path) || Files.isSymbolicLink(path)) {
      return path;
    }
    String text = Files.readString(path);
    return text.startsWith("<soft_link>")
        ? Path.of(text.substring("<soft_link>".length(), text.indexOf("</")))
        : path;
  }

  /** Counts to n, one step per tick unless suspended; each step is a checkpoint. */
  private static void work(int n) throws Exception {
    SharedMemory memory = SharedMemory.attach(SLOT);
    ClientChannels channels = new ClientChannels(memory);
    int done = Files.exists(STEPS) ? Integer.parseInt(Files.readString(STEPS)) : 0;
    System.err.println("starting at " + done);
    boolean suspended = false;
    List<String> heard = new ArrayList<>();
    while (done < n) {
      Set<ClientRequest> requests = channels.takeRequests();
      requests.forEach(request -> heard.add(request.name()));
      if (requests.contains(ClientRequest.QUIT) || requests.contains(ClientRequest.ABORT)) {
        System.err.println("heard " + heard);
        return;
      }
      suspended =
          requests.contains(ClientRequest.SUSPEND)
              || (suspended && !requests.contains(ClientRequest.RESUME));
      if (!suspended) {
        done++;
        AtomicFile.write(STEPS.toAbsolutePath(), Integer.toString(done));
      }
      channels.report(status(done, n, suspended));
      Thread.sleep(STEP_MILLIS);
    }
    Files.writeString(Path.of(FinishFile.NAME), "0\n");
    while (!channels.report(status(done, n, false))) {
      // The client has not read the report before; the last figures must not be lost.
      Thread.sleep(STEP_MILLIS);
    }
  }

  /** The sporadic state shows that it is suspended. */
  private static AppStatus status(int done, int n, boolean suspended) {
    return new AppStatus(
        done,
        done,
        OptionalDouble.of((double) done / n),
        OptionalLong.empty(),
        false,
        suspended ? OptionalInt.of(1) : OptionalInt.empty());
  }

  /** Runs until the process that init_data.xml names as the client is gone; then finishes. */
  private static void orphan() throws Exception {
    Path marker = Path.of("orphaned");
    if (Files.exists(marker)) {
      finish(new String[0]);
      return;
    }
    Files.createFile(marker);
    SharedMemory.attach(SLOT);
    String data = Files.readString(Path.of("init_data.xml"));
    long client = Long.parseLong(data.replaceAll("(?s).*<client_pid>(\\d+)<.*", "$1"));
    while (ProcessHandle.of(client).isPresent()) {
      Thread.sleep(STEP_MILLIS);
    }
  }

  /** A trickle-up message, an upload and a graphics URL; waits for the client's answer. */
  private static void transfer() throws Exception {
    ClientChannels channels = new ClientChannels(SharedMemory.attach(SLOT));
    Files.writeString(Path.of("trickle_up.xml"), "<variety>news</variety>\nhello\n");
    Files.writeString(resolve("early"), "half\n");
    Files.createFile(Path.of("boinc_ufr_early"));
    channels.announce(true, true);
    channels.sendGraphicsUrl("http://localhost:8080/");
    while (channels.takeTransferNews().isEmpty()) {
      Thread.sleep(STEP_MILLIS);
    }
    System.err.println("answer " + Files.readString(Path.of("boinc_ufs_early")).strip());
    Files.writeString(Path.of(FinishFile.NAME), "0\n");
  }
}
