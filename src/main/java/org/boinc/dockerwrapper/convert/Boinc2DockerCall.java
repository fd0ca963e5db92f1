package org.boinc.dockerwrapper.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A call of boinc2docker's {@code boinc2docker_create_work.py}. */
final class Boinc2DockerCall implements Format {
  private static final Pattern CALL =
      Pattern.compile("boinc2docker_create_work(?:\\.py)?[ \\t]+((?:\\\\\\r?\\n|[^\\n])*)");
  private static final String SHARED = "/root/shared";
  private static final String SERVER = "is an option of create_work; give it there";
  private static final RunFlags FLAGS = new RunFlags();

  static {
    FLAGS
        .value("--entrypoint", (draft, value) -> draft.set("container.entrypoint", List.of(value)))
        .value("--memory", (draft, value) -> draft.set("resources.memory", value + "m"))
        .no("--prerun --postrun", true, "start it in the job's script")
        .no(
            "--input_files",
            true,
            "name them in the workunit's input template; the job finds them in " + SHARED)
        .no("--native_unzip --force_reimport --quiet", false, "has no meaning here")
        .no("--appname", true, SERVER)
        .no(
            "--wu_name --wu_template --result_template --batch --priority --delay_bound --min_quorum --target_nresults --max_error_results --max_total_results --max_success_results --rsc_fpops_est --rsc_fpops_bound --rsc_memory_bound --rsc_disk_bound --command_line --additional_xml --size_class --target_host --target_user --target_team --credit",
            true,
            SERVER);
  }

  @Override
  public String name() {
    return "boinc2docker";
  }

  @Override
  public String title() {
    return "a call of boinc2docker_create_work.py";
  }

  @Override
  public boolean recognises(String text) {
    return CALL.matcher(text).find();
  }

  @Override
  public void convert(String text, JobDraft draft) throws NotConvertible {
    Matcher call = CALL.matcher(text);
    String line = call.find() ? call.group(1) : text;
    List<String> rest = FLAGS.apply(new ArrayList<>(Words.of(line)), draft);
    if (rest.isEmpty()) {
      throw new NotConvertible("the call names no image");
    }
    Common.image(draft, rest.getFirst());
    if (rest.size() > 1) {
      List<String> command = List.copyOf(rest.subList(1, rest.size()));
      draft.set(
          draft.has("container.entrypoint") ? "container.args" : "container.command", command);
    }
    draft.set("files.slot", SHARED);
    Map<String, Object> results = new LinkedHashMap<>();
    results.put("src", SHARED + "/results");
    results.put("dst", "results.tgz");
    results.put("archive", "tgz");
    results.put("required", false);
    draft.add("files.out", results);
    draft.set("network.mode", "nat");
    draft
        .note(
            "results.tgz",
            "declare it in the output template; whatever the job leaves in %s/results is in it"
                .formatted(SHARED))
        .note(
            "the image's layers as files",
            "docker save makes such files; name them in image.files instead of image.name");
  }
}
