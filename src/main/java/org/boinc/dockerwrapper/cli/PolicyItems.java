package org.boinc.dockerwrapper.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.boinc.dockerwrapper.job.PolicyText.Item;
import picocli.CommandLine.Option;

/** What a project may have, as options of {@code policy allow} and {@code deny}. */
final class PolicyItems {
  @Option(names = "--cap", paramLabel = "NAME", description = "A capability, such as SYS_ADMIN.")
  private List<String> caps = new ArrayList<>();

  @Option(names = "--device", paramLabel = "NODE", description = "A device, such as /dev/fuse.")
  private List<String> devices = new ArrayList<>();

  @Option(
      names = "--mount",
      paramLabel = "DIR[:ro|:rw]",
      description = "A directory of this computer, read-only unless it says :rw.")
  private List<String> mounts = new ArrayList<>();

  @Option(names = "--host-network", description = "This computer's own network.")
  private boolean hostNetwork;

  @Option(names = "--host-ipc", description = "This computer's shared memory and semaphores.")
  private boolean hostIpc;

  @Option(names = "--public-ports", description = "Ports that other computers can reach.")
  private boolean publicPorts;

  @Option(names = "--all-gpus", description = "Every GPU, not only the assigned one.")
  private boolean allGpus;

  @Option(names = "--root", description = "To be root of an engine that runs as root.")
  private boolean root;

  @Option(
      names = "--unsigned",
      description = "Also what a workunit's job.toml asks for, which the project has not signed.")
  private boolean unsigned;

  List<Item> items() {
    List<Item> items = new ArrayList<>();
    caps.forEach(cap -> items.add(new Item("caps", cap)));
    devices.forEach(device -> items.add(new Item("devices", device)));
    mounts.forEach(mount -> items.add(new Item("mounts", mount)));
    Map<String, Boolean> flags = new TreeMap<>();
    flags.put("host_network", hostNetwork);
    flags.put("host_ipc", hostIpc);
    flags.put("public_ports", publicPorts);
    flags.put("all_gpus", allGpus);
    flags.put("root", root);
    flags.put("unsigned", unsigned);
    flags.forEach(
        (key, wanted) -> {
          if (wanted) {
            items.add(new Item(key, ""));
          }
        });
    return items;
  }
}
