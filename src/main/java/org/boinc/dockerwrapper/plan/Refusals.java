package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
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

  static Refusal root(String key) {
    return job(
        key,
        "user 0 is root on this engine, which needs the volunteer's consent and can't be given yet; use \"auto\" or a user id above 0");
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

  static Refusal badEnvLine(String file, int line, String text) {
    return job(
        "container.env_files",
        "line %d of '%s' is '%s', which is not NAME=value".formatted(line, file, text));
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

  private static Refusal job(String key, String sentence) {
    return new Refusal(Kind.JOB, key, sentence);
  }
}
