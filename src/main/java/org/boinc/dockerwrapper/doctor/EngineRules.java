package org.boinc.dockerwrapper.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.doctor.HostFacts.Account;
import org.boinc.dockerwrapper.doctor.HostFacts.Answering;
import org.boinc.dockerwrapper.doctor.HostFacts.RootSocket;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;

/** Whether an engine answers, which one, and whether jobs may ask it. */
final class EngineRules {
  private static final String ENGINE = "engine";
  private static final String SOCKET = "socket";
  private static final String RESTART_CLIENT = "sudo systemctl restart boinc-client";

  /** The oldest that the tests have run on. */
  private static final int OLDEST_DOCKER = 20;

  private static final int OLDEST_PODMAN = 4;
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(60);

  private EngineRules() {}

  static List<Finding> of(HostFacts host) {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        host.engine().map(engine -> answering(host, engine)).orElseGet(() -> silent(host)));
    host.sockets().present().ifPresent(socket -> findings.add(socket(host, socket)));
    host.engine().flatMap(engine -> snap(host, engine)).ifPresent(findings::add);
    host.engine().map(engine -> clock(host, engine)).ifPresent(findings::add);
    return findings;
  }

  private static Finding answering(HostFacts host, Answering engine) {
    EngineFacts facts = engine.facts();
    String what =
        "%s %s answers at %s%s"
            .formatted(
                facts.product() == Product.DOCKER ? "Docker" : "Podman",
                facts.version(),
                facts.endpoint(),
                facts.rootless() ? ", without root" : "");
    int oldest = facts.product() == Product.DOCKER ? OLDEST_DOCKER : OLDEST_PODMAN;
    Optional<Integer> major = major(facts.version());
    return major.isPresent() && major.get() < oldest
        ? Finding.warning(
            ENGINE,
            "%s; versions before %d have never run these jobs".formatted(what, oldest),
            host.system()
                .packages()
                .install(facts.product() == Product.DOCKER ? "docker.io" : "podman"))
        : Finding.ok(ENGINE, what);
  }

  private static Optional<Integer> major(String version) {
    String digits = version.replaceFirst("^\\D*(\\d{1,6}).*$", "$1");
    return digits.matches("\\d{1,6}") ? Optional.of(Integer.valueOf(digits)) : Optional.empty();
  }

  private static Finding silent(HostFacts host) {
    HostFacts.Search search = host.search();
    String tried = String.join("; ", search.attempts());
    if (search.variable().isPresent()) {
      return Finding.fault(
          ENGINE,
          "%s names an engine that does not answer, and no other is asked: %s"
              .formatted(search.variable().get(), tried),
          "unset %s  # for the client: sudo systemctl edit boinc-client"
              .formatted(search.variable().get()));
    }
    if (host.sockets().present().isPresent()
        && !host.sockets().present().get().opensFor(host.me())) {
      return Finding.fault(
          ENGINE,
          "an engine is here, and this user may not ask it: " + tried,
          join(host, host.me()));
    }
    if (search.docker().isPresent()) {
      return Finding.fault(
          ENGINE,
          "Docker is installed and does not run: " + tried,
          host.system().systemd()
              ? "sudo systemctl enable --now docker"
              : "sudo service docker start");
    }
    return search.podman().isPresent()
        ? Finding.fault(
            ENGINE,
            "Podman is installed and its service can't be started: " + tried,
            "podman info  # as user %s; it says why".formatted(host.jobs().name()))
        : Finding.fault(
            ENGINE, "no container engine is installed", host.system().packages().install("podman"));
  }

  private static String join(HostFacts host, Account account) {
    String group =
        host.sockets().present().filter(RootSocket::ofGroup).map(RootSocket::group).orElse("");
    return group.isEmpty()
        ? host.system().packages().install("podman")
        : "sudo usermod -aG %s %s".formatted(group, account.name());
  }

  private static Finding socket(HostFacts host, RootSocket socket) {
    if (socket.everybody()) {
      return Finding.warning(
          SOCKET,
          "every user of this computer may open %s, and so become root".formatted(socket.path()),
          "sudo chmod o-rw " + socket.path());
    }
    boolean rootless = host.engine().map(engine -> engine.facts().rootless()).orElse(false);
    Account jobs = host.jobs();
    if (socket.opensFor(jobs)) {
      return socket.opensFor(host.me())
              && host.me().uid() != 0
              && socket.members().contains(host.me().name())
              && !host.me().groups().contains(socket.group())
          ? Finding.warning(
              SOCKET,
              "user %s is in group %s since the last login only"
                  .formatted(host.me().name(), socket.group()),
              "newgrp " + socket.group() + "  # or log in again")
          : Finding.ok(SOCKET, "user %s may open %s".formatted(jobs.name(), socket.path()));
    }
    String sentence =
        "user %s, whom jobs run as, may not open %s".formatted(jobs.name(), socket.path());
    if (rootless || host.search().podman().isPresent()) {
      return Finding.ok(SOCKET, sentence + "; Podman without root is used instead");
    }
    return Finding.fault(SOCKET, sentence, join(host, jobs) + " && " + RESTART_CLIENT);
  }

  /** Snap's Docker sees home directories only. */
  private static Optional<Finding> snap(HostFacts host, Answering engine) {
    boolean snap =
        engine.condition().rootDirectory().startsWith("/var/snap/")
            || (engine.facts().product() == Product.DOCKER
                && host.search().docker().map(path -> path.startsWith("/snap")).orElse(false));
    return snap
        ? Optional.of(
            Finding.fault(
                "snap",
                "this Docker is a snap, which can't mount the BOINC data directory",
                "sudo snap remove docker && " + host.system().packages().install("docker.io")))
        : Optional.empty();
  }

  private static Finding clock(HostFacts host, Answering engine) {
    long seconds = engine.ahead().toSeconds();
    if (engine.ahead().abs().compareTo(CLOCK_TOLERANCE) <= 0) {
      return Finding.ok("clock", "the engine's clock and this one agree");
    }
    return Finding.warning(
        "clock",
        "the engine's clock is %d s %s this one; registries' certificates may seem invalid"
            .formatted(Math.abs(seconds), seconds > 0 ? "before" : "behind"),
        host.system().wsl().isPresent() ? "wsl.exe --shutdown" : "sudo timedatectl set-ntp true");
  }
}
