package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.plan.Refusal.Kind;

/** Every sentence with which planning refuses a job. */
final class Refusals {
  private Refusals() {}

  static Refusal noImage(String dockerfile) {
    return job(
        "image",
        "the slot holds no '%s' and job.toml names no image; add a Dockerfile to the app version or the workunit, or set image.name or image.files"
            .formatted(dockerfile));
  }

  static Refusal missing(String key, String name) {
    return job(
        key,
        "'%s' is not in the slot; declare it as a file of the app version or an input file of the workunit with this open_name"
            .formatted(name));
  }

  static Refusal missingTarget(String key, String name, String target) {
    return job(
        key, "the soft link '%s' leads to '%s', which does not exist".formatted(name, target));
  }

  static Refusal outside(String key, String name, String target) {
    return job(
        key,
        "the link '%s' leads to '%s', which is not a file of this job's project directory"
            .formatted(name, target));
  }

  static Refusal controlFile(String key, String name) {
    return job(
        key, "'%s' is a file of BOINC or of the wrapper; choose another name".formatted(name));
  }

  static Refusal notAnOutput(String key, String name) {
    return job(
        key,
        "'%s' is a file of the app version or an input, and no job writes to those; name an output of the output template, or another file"
            .formatted(name));
  }

  static Refusal hidden(String key, String name) {
    return job(
        key,
        "'%s' is never shown to the job (files.hide and image.registry say so); leave it out"
            .formatted(name));
  }

  static Refusal noMatch(String key, String glob) {
    return job(key, "no file of the slot matches '%s'".formatted(glob));
  }

  static Refusal noUpload(String pattern) {
    return upload(
        "no output of this result is called '%s'; name an output of the output template that has no <copy_file/>, which the client can't upload early"
            .formatted(pattern));
  }

  static Refusal uploadInDirectory(String name) {
    return upload(
        "output '%s' is in a directory, and the client uploads only others early; give it an open_name without /"
            .formatted(name));
  }

  static Refusal uploadPacked(String name) {
    return upload(
        "output '%s' is packed when the job has ended, so it can't be uploaded before; leave it out"
            .formatted(name));
  }

  static Refusal uploadOutOfReach(String name) {
    return upload(
        "output '%s' can't be had while the job runs; mount the slot with its links bound, or copy it with files.out from a single file"
            .formatted(name));
  }

  private static Refusal upload(String sentence) {
    return job("files.uploads", sentence);
  }

  static Refusal unseen(Path source, EngineFacts engine) {
    String why =
        switch (engine.files()) {
          case NONE -> "which is another machine and has no files of this one";
          case WSL -> "which sees only what lies on a drive with a letter, such as C:";
          case SAME -> throw new IllegalArgumentException(source + " is seen");
        };
    return job(
        "files",
        "'%s' can't be mounted by the engine at %s, %s; let the job copy its files (files.slot = \"\", files.in, files.out)"
            .formatted(source, engine.endpoint(), why));
  }

  static Refusal portsWithoutNetwork(String key) {
    return job(key, "a published port needs network.mode = \"nat\"");
  }

  static Refusal portsOfOwnNetwork(String key) {
    return job(
        key, "a port can't be published from a network without a way out; leave out network.allow");
  }

  static Refusal allowWithoutNetwork() {
    return job("network.allow", "a list of what may be reached needs network.mode = \"nat\"");
  }

  static Refusal clusterOnHostNetwork() {
    return job(
        "cluster.nodes",
        "several containers on the host's own network would be in each other's way; leave out security.host_network");
  }

  static Refusal clusterOnPodman() {
    return job(
        "cluster.nodes",
        "this version runs a job of several containers on Docker only; give it to hosts with Docker");
  }

  static Refusal sshWithoutUser() {
    return job(
        "cluster.ssh",
        "sshd without capabilities lets in nobody but an ordinary user who runs it: this needs container.user = \"auto\", container.add_user = true and a BOINC client that is not root, on an engine that runs as root");
  }

  static Refusal allowOnHostNetwork() {
    return job(
        "network.allow", "nothing keeps a job to a list on the host's own network; leave out one");
  }

  static Refusal dnsOutOfReach() {
    return job(
        "network.dns",
        "no name server can be reached from a network without a way out; leave it out");
  }

  static Refusal allowNotEnforced(EngineFacts engine) {
    return new Refusal(
        Kind.DEVICE,
        "network.allow",
        "the networks of the engine at %s can't be reached from this computer (it is %s), so nothing could keep the job to its list; an engine that runs here as root can"
            .formatted(engine.endpoint(), engine.rootless() ? "rootless" : "elsewhere"));
  }

  static Refusal badHostsLine(String file, int line, String text) {
    return job(
        "network.hosts_files",
        "line %d of '%s' is '%s', which is not an address and names".formatted(line, file, text));
  }

  static Refusal badEnvLine(String file, int line, String text) {
    return job(
        "container.env_files",
        "line %d of '%s' is '%s', which is not NAME=value".formatted(line, file, text));
  }

  static Refusal reservedEnvLine(String file, int line, String name) {
    return job(
        "container.env_files",
        "line %d of '%s' sets %s; names that begin with BOINC_ come from the wrapper"
            .formatted(line, file, name));
  }

  static Refusal noPassword(String file, String what) {
    return job(
        "image.registry",
        "the password file '%s' is %s; it must hold the password or token and nothing else"
            .formatted(file, what));
  }

  static Refusal noDevice(String why) {
    return new Refusal(Kind.DEVICE, "gpu", why);
  }

  /**
   * What a job asks for and nobody agreed to.
   *
   * @param option of {@code boinc-docker policy allow} that would allow it; empty: it is allowed to
   *     signed files
   * @param signed whether the app version's signature covers the file that asks
   */
  record Wish(String key, String value, String option, boolean signed) {}

  static Refusal consent(List<Wish> wishes, String project, Volunteer volunteer) {
    Wish first = wishes.getFirst();
    String asked =
        Stream.concat(
                Stream.of(first.value()),
                wishes.stream().skip(1).map(wish -> wish.key() + " = " + wish.value()))
            .collect(Collectors.joining(", "));
    boolean unsigned = wishes.stream().anyMatch(wish -> !wish.signed());
    String options =
        Stream.concat(wishes.stream().map(Wish::option), Stream.of(unsigned ? "--unsigned" : ""))
            .filter(option -> !option.isEmpty())
            .collect(Collectors.joining(" "));
    return new Refusal(
        Kind.CONSENT,
        first.key(),
        "%s %s the volunteer's consent%s; to give it run boinc-docker policy allow %s %s, or edit %s"
            .formatted(
                asked,
                wishes.size() == 1 ? "needs" : "need",
                unsigned ? " (and comes with a workunit, which the project has not signed)" : "",
                project,
                options,
                volunteer.file()));
  }

  static Refusal neverGiven(String key, String value) {
    return job(key, "%s is never given to a job, whatever the policy says".formatted(value));
  }

  static Refusal deviceMissing(String device) {
    return new Refusal(Kind.DEVICE, "security.devices", device + " does not exist on this host");
  }

  static Refusal notADevice(String device) {
    return job("security.devices", device + " is not a device node; name one below /dev");
  }

  static Refusal notADirectory(String path) {
    return new Refusal(
        Kind.DEVICE, "security.host_mounts", path + " is not a directory of this host");
  }

  static Refusal cdiUnknown(String device, EngineFacts engine) {
    return new Refusal(
        Kind.DEVICE,
        "security.devices",
        "%s is a CDI name, which %s does not know; Podman 4.1 and later do, and Docker from 25 on with the feature cdi"
            .formatted(device, engine.product() + " " + engine.version()));
  }

  static Refusal registry(String image, String registry, Volunteer volunteer) {
    return new Refusal(
        Kind.CONSENT,
        "image",
        "%s would be pulled from %s, which is not among the registries in %s; add it there"
            .formatted(image, registry, volunteer.file()));
  }

  static Refusal unpinned(String image, Volunteer volunteer) {
    return new Refusal(
        Kind.CONSENT,
        "image",
        "%s would be pulled without a digest, which pin = true in %s forbids; the project can add image.digest or @sha256:…"
            .formatted(image, volunteer.file()));
  }

  private static Refusal job(String key, String sentence) {
    return new Refusal(Kind.JOB, key, sentence);
  }
}
