package org.boinc.dockerwrapper.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.doctor.HostFacts.Client;
import org.boinc.dockerwrapper.doctor.HostFacts.Policy;

/** The BOINC client, its disk, and the volunteer's policy. */
final class ClientRules {
  private static final String CLIENT = "client";
  private static final String DISK = "disk";
  private static final String POLICY = "policy";
  private static final long GIB = 1L << 30;

  /** An image and a job's files. */
  private static final long NEEDED = 2 * GIB;

  private static final long COMFORTABLE = 10 * GIB;

  private ClientRules() {}

  static List<Finding> of(HostFacts host) {
    List<Finding> findings = new ArrayList<>();
    findings.add(client(host));
    disk(host).ifPresent(findings::add);
    if (host.client().data().isPresent()) {
      findings.add(policy(host));
    }
    return findings;
  }

  private static Finding client(HostFacts host) {
    Client client = host.client();
    if (client.data().isEmpty()) {
      return Finding.warning(
          CLIENT,
          "no BOINC data directory is at the usual places; name it with --data-dir",
          host.system().packages().install("boinc-client"));
    }
    String where = client.data().get().toString();
    if (!client.readable()) {
      return Finding.unknown(
          CLIENT,
          "user %s may not read %s; run this as user %s (sudo -u %s boinc-docker doctor)"
              .formatted(host.me().name(), where, host.jobs().name(), host.jobs().name()));
    }
    if (client.version().isEmpty()) {
      return Finding.unknown(CLIENT, "no client has run in %s yet".formatted(where));
    }
    String version = client.version().get();
    if (!knowsDocker(version)) {
      return Finding.fault(
          CLIENT,
          "BOINC %s knows no container engine; 8.2 and newer do".formatted(version),
          host.system().packages().install("boinc-client")
              + "  # or from https://boinc.berkeley.edu/linux_install.php");
    }
    if (client.refusesDocker()) {
      return Finding.fault(
          CLIENT,
          "%s/cc_config.xml forbids Docker jobs (dont_use_docker)".formatted(where),
          "sudo sed -i '/dont_use_docker/d' %s/cc_config.xml && sudo systemctl restart boinc-client"
              .formatted(where));
    }
    return client
        .engine()
        .map(engine -> Finding.ok(CLIENT, "BOINC %s found engine %s".formatted(version, engine)))
        .orElseGet(
            () ->
                Finding.fault(
                    CLIENT,
                    "BOINC %s found no engine when it started, and gets no Docker jobs"
                        .formatted(version),
                    "sudo systemctl restart boinc-client"));
  }

  /** Docker came with the series 8.2 (BOINC client/hostinfo_unix.cpp). */
  private static boolean knowsDocker(String version) {
    String[] numbers = version.split("\\.", -1);
    int major = Integer.parseInt(numbers[0]);
    int minor = Integer.parseInt(numbers[1]);
    return major > 8 || (major == 8 && minor >= 2);
  }

  private static Optional<Finding> disk(HostFacts host) {
    if (host.freeBytes().isEmpty()) {
      return Optional.empty();
    }
    long free = host.freeBytes().getAsLong();
    String sentence = "%.1f GiB are free for images and jobs".formatted((double) free / GIB);
    if (free < NEEDED) {
      return Optional.of(
          Finding.fault(DISK, "only " + sentence, "boinc-docker clean --disk-cap 0"));
    }
    return Optional.of(
        free < COMFORTABLE
            ? Finding.warning(DISK, "only " + sentence, "boinc-docker clean --disk-cap 5g")
            : Finding.ok(DISK, sentence));
  }

  private static Finding policy(HostFacts host) {
    Policy policy = host.policy();
    if (policy.openToAll()) {
      return Finding.fault(
          POLICY,
          "every user may write %s, so it proves nobody's consent, and jobs wait"
              .formatted(policy.file()),
          "sudo chmod o-w " + policy.file());
    }
    if (policy.problem().isPresent()) {
      return Finding.fault(
          POLICY,
          policy.problem().get() + "; jobs wait until it is mended",
          "sudoedit " + policy.file());
    }
    return policy.present()
        ? Finding.ok(POLICY, policy.file() + " is understood")
        : Finding.ok(POLICY, "no docker_policy.toml: jobs stay in their containers");
  }
}
