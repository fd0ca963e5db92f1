package org.boinc.dockerwrapper.convert;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code vbox_job.xml} of BOINC's vboxwrapper. */
final class VboxJobXml implements Format {
  private static final String VIRTUAL_MACHINE = "belongs to a virtual machine";
  private static final String SHARED = "/shared";

  @Override
  public String name() {
    return "vbox-job";
  }

  @Override
  public String title() {
    return "a vbox_job.xml";
  }

  @Override
  public boolean recognises(String text) {
    return text.contains("<vbox_job");
  }

  @Override
  public void convert(String text, JobDraft draft) throws NotConvertible {
    XmlText job = XmlText.parse(text);
    draft.note(
        "the machine's disk image",
        "is no container image: write a Dockerfile with what the machine ran, or set image.name and container.command");
    draft.set("files.slot", SHARED);
    draft.set("network.mode", job.flag("enable_network") ? "nat" : "none");
    for (XmlText child : job.children()) {
      element(child, draft);
    }
    if (!job.flag("enable_shared_directory")) {
      draft.note(
          "no shared directory",
          "the job's files are mounted at %s all the same".formatted(SHARED));
    }
  }

  private static void element(XmlText child, JobDraft draft) {
    String text = child.text();
    switch (child.name()) {
      case "enable_network", "enable_shared_directory" -> {
        // are above
      }
      case "memory_size_mb" -> draft.set("resources.memory", text.replaceFirst("[.].*", "") + "m");
      case "job_duration" ->
          draft.set("resources.time_limit", text.replaceFirst("[.].*", "") + "s");
      case "fraction_done_filename" -> draft.set("progress.file", shared(text));
      case "minimum_checkpoint_interval" ->
          draft.note(
              "minimum_checkpoint_interval",
              "a container is paused, not saved; the client's own preference counts");
      case "heartbeat_filename" ->
          draft.note(
              "heartbeat_filename",
              "write progress.stall_timeout: output or progress is the sign of life");
      case "minimum_heartbeat_interval" ->
          draft.set("progress.stall_timeout", text.replaceFirst("[.].*", "") + "s");
      case "pf_guest_port" -> graphics(draft, text);
      case "port_forward" -> forward(child, draft);
      case "completion_trigger_file" ->
          draft.note(
              "completion_trigger_file " + text,
              "the job is over when its command ends, and its status is the command's");
      case "temporary_exit_trigger_file" ->
          draft.note("temporary_exit_trigger_file " + text, "a job can't put itself off yet");
      case "intermediate_upload_file" -> upload(draft, text, "");
      case "trickle_trigger_file" ->
          draft.note(
              "trickle_trigger_file " + text,
              "a trickle-up goes with an upload: files.uploads = [{ file = \"…\", trickle = \"…\" }]");
      case "copy_to_shared" ->
          draft.note("copy_to_shared " + text, "is not needed: all of the job's files are there");
      case "enable_remotedesktop" ->
          draft.note(
              "enable_remotedesktop", "a container has no screen; see network.graphics_port");
      default -> draft.note((child.name() + " " + text).strip(), VIRTUAL_MACHINE);
    }
  }

  private static String shared(String file) {
    return file.replaceFirst("^shared/", "");
  }

  private static void graphics(JobDraft draft, String port) {
    Common.whole(draft, "network.graphics_port", "pf_guest_port", port);
    draft.set("network.mode", "nat");
  }

  private static void forward(XmlText forward, JobDraft draft) {
    String guest = forward.text("guest_port").orElse("");
    Common.port(
        draft, "port_forward " + guest, forward.text("host_port").orElse("0") + ":" + guest);
    if (forward.flag("is_remote")) {
      draft.note(
          "port_forward is_remote",
          "a port for other computers needs security.public_ports and consent");
    }
  }

  private static void upload(JobDraft draft, String file, String trickle) {
    Map<String, Object> upload = new LinkedHashMap<>();
    upload.put("file", shared(file));
    upload.put("trickle", trickle);
    draft.add("files.uploads", upload);
  }
}
