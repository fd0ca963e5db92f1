package org.boinc.dockerwrapper.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.job.NetworkSpec;
import org.boinc.dockerwrapper.job.Origin;

/** Decides which network the job gets. */
final class NetworkPlanning {
  private final PlanRequest request;
  private final NetworkSpec asked;
  private final Privileges privileges;
  private final List<Refusal> refusals;
  private final Map<String, Origin> origins;

  NetworkPlanning(
      PlanRequest request,
      Privileges privileges,
      List<Refusal> refusals,
      Map<String, Origin> origins) {
    this.request = request;
    this.asked = request.spec().network();
    this.privileges = privileges;
    this.refusals = refusals;
    this.origins = origins;
  }

  /** Whether the job has a network on which it may reach whatever it likes. */
  static boolean isOutside(PlanRequest request) {
    NetworkSpec asked = request.spec().network();
    return asked.mode() == NetworkSpec.Mode.NAT
        && asked.allow().isEmpty()
        && request.volunteer().policy().network();
  }

  NetworkPlan network() {
    boolean outside = asked.mode() == NetworkSpec.Mode.NAT;
    if (outside && !request.volunteer().policy().network()) {
      origins.put("network.mode", new Origin(Origin.Source.POLICY, "network"));
      return NetworkPlan.NONE;
    }
    boolean listed = !asked.allow().isEmpty();
    if (listed) {
      checkList(outside);
    }
    Optional<NetworkPlan.Own> own =
        listed || asked.mode() == NetworkSpec.Mode.PRIVATE
            ? Optional.of(
                new NetworkPlan.Own(Names.network(request.job()), asked.allow(), asked.proxy()))
            : Optional.empty();
    if (own.isPresent() && !asked.dns().isEmpty()) {
      refusals.add(Refusals.dnsOutOfReach());
    }
    List<NetworkPlan.PublishedPort> ports = ports();
    if (!ports.isEmpty() && (own.isPresent() || !outside)) {
      String key = asked.graphicsPort() > 0 ? "network.graphics_port" : "network.ports";
      refusals.add(listed ? Refusals.portsOfOwnNetwork(key) : Refusals.portsWithoutNetwork(key));
    }
    return new NetworkPlan(
        isOutside(request), own, ports, asked.graphicsPort(), hosts(), asked.dns());
  }

  /**
   * The wrapper listens at the address that the job's network has on the host. A rootless engine
   * has its networks in a namespace of its own, a virtual machine in another kernel.
   */
  private void checkList(boolean outside) {
    if (!outside) {
      refusals.add(Refusals.allowWithoutNetwork());
    } else if (privileges.hostNetwork()) {
      refusals.add(Refusals.allowOnHostNetwork());
    } else if (request.engine().rootless() || request.engine().files() != HostFiles.SAME) {
      refusals.add(Refusals.allowNotEnforced(request.engine()));
    }
  }

  private List<NetworkPlan.PublishedPort> ports() {
    List<NetworkPlan.PublishedPort> ports = new ArrayList<>();
    asked
        .ports()
        .forEach(
            port ->
                ports.add(
                    new NetworkPlan.PublishedPort(
                        port.container(), port.host(), port.protocol(), privileges.publicPorts())));
    int graphics = asked.graphicsPort();
    if (graphics > 0
        && ports.stream().noneMatch(p -> p.container() == graphics && p.protocol().equals("tcp"))) {
      ports.add(new NetworkPlan.PublishedPort(graphics, 0, "tcp", false));
    }
    return ports;
  }

  /** Those of the files first: what stands in the job.toml counts. */
  private Map<String, String> hosts() {
    Map<String, String> hosts = new LinkedHashMap<>();
    for (String file : asked.hostsFiles()) {
      if (SlotFiles.readable(request.slot(), "network.hosts_files", file, refusals).isPresent()) {
        addFile(file, hosts);
      }
    }
    hosts.putAll(asked.hosts());
    return hosts;
  }

  /** In the form of /etc/hosts: an address and names in each line, after # a comment. */
  private void addFile(String file, Map<String, String> hosts) {
    int number = 0;
    for (String line : request.texts().getOrDefault(file, "").lines().toList()) {
      number++;
      int comment = line.indexOf('#');
      String entry = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (entry.isEmpty()) {
        continue;
      }
      String[] words = entry.split("\\s+", -1);
      if (words.length < 2 || !NetworkSpec.isAddress(words[0]) || !areNames(words)) {
        refusals.add(Refusals.badHostsLine(file, number, entry));
        continue;
      }
      for (int i = 1; i < words.length; i++) {
        hosts.put(words[i], words[0]);
      }
    }
  }

  private static boolean areNames(String[] words) {
    for (int i = 1; i < words.length; i++) {
      if (!NetworkSpec.isHostName(words[i])) {
        return false;
      }
    }
    return true;
  }
}
