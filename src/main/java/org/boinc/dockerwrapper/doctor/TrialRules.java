package org.boinc.dockerwrapper.doctor;

import java.util.List;
import org.boinc.dockerwrapper.doctor.HostFacts.TrialResult;

/** What a throw-away container has shown. */
final class TrialRules {
  private static final String PAUSE = "pause";
  private static final String BIND = "bind";

  private TrialRules() {}

  static List<Finding> of(HostFacts host) {
    return List.of(pause(host), bind(host));
  }

  private static Finding pause(HostFacts host) {
    TrialResult trial = host.trial();
    return switch (trial.pause()) {
      case FROZEN -> Finding.ok(PAUSE, "a container was frozen and went on");
      case STOPPED_BY_SIGNALS ->
          Finding.warning(
              PAUSE,
              "the engine can't freeze a container; jobs are suspended by signals instead: "
                  + trial.pauseSaid(),
              host.groups().version() == 1
                  ? "sudo grubby --update-kernel=ALL --args=systemd.unified_cgroup_hierarchy=1"
                  : "sudo loginctl enable-linger " + host.jobs().name());
      case FAILED ->
          Finding.fault(
              PAUSE,
              "a job could not be suspended: " + trial.pauseSaid(),
              host.engine().map(e -> e.facts().rootless()).orElse(false)
                  ? "podman info  # as user %s; see cgroupVersion and cgroupManager"
                      .formatted(host.jobs().name())
                  : "sudo journalctl -u docker -n 50");
      case NOT_TRIED -> Finding.unknown(PAUSE, "not tried: " + trial.pauseSaid());
    };
  }

  private static Finding bind(HostFacts host) {
    TrialResult trial = host.trial();
    String data = host.client().data().map(Object::toString).orElse("the BOINC data directory");
    return switch (trial.bind()) {
      case WORKS -> Finding.ok(BIND, "a container wrote into a directory of " + data);
      case ELSEWHERE ->
          Finding.fault(
              BIND,
              "the engine mounts something else than this host's %s: it does not see these files"
                  .formatted(data),
              "docker context use default  # or share %s in Docker Desktop: Settings, Resources, File sharing"
                  .formatted(data));
      case DENIED ->
          Finding.fault(
              BIND,
              "a container may not write into a directory of %s that belongs to user %s%s"
                  .formatted(data, host.jobs().name(), said(trial.bindSaid())),
              host.system().selinuxEnforcing()
                  ? "sudo chcon -Rt container_file_t %s/slots %s/projects".formatted(data, data)
                  : "findmnt -T %s  # must not be read-only, nor a network's with root_squash"
                      .formatted(data));
      case FAILED ->
          Finding.fault(
              BIND,
              "a directory of %s can't be mounted%s".formatted(data, said(trial.bindSaid())),
              "namei -l " + data);
      case NOT_TRIED -> Finding.unknown(BIND, "not tried: " + trial.bindSaid());
    };
  }

  private static String said(String text) {
    return text.isEmpty() ? "" : ": " + text;
  }
}
