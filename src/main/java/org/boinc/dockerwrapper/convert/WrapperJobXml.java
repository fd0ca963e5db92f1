package org.boinc.dockerwrapper.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code job.xml} of BOINC's wrapper: programs of the host, one after another. */
final class WrapperJobXml implements Format {
  private static final String SLOT = "/app";

  @Override
  public String name() {
    return "wrapper-job";
  }

  @Override
  public String title() {
    return "a job.xml of BOINC's wrapper";
  }

  @Override
  public boolean recognises(String text) {
    return text.contains("<job_desc");
  }

  @Override
  public void convert(String text, JobDraft draft) throws NotConvertible {
    XmlText job = XmlText.parse(text);
    List<XmlText> tasks = job.children("task");
    if (tasks.isEmpty()) {
      throw new NotConvertible("the job has no task");
    }
    draft.note(
        "the programs",
        "ran on the host, and run in a container here: write a Dockerfile with what they need, or set image.name to an image that has it");
    draft.set("files.slot", SLOT);
    command(tasks, draft);
    tasks.forEach(task -> keys(task, draft));
    if (tasks.size() == 1 && !tasks.getFirst().flag("append_cmdline_args")) {
      draft.note("no append_cmdline_args", "the workunit's arguments are appended all the same");
    }
    zip(job, draft);
    for (XmlText other : job.children()) {
      if (!List.of("task", "unzip_input", "zip_output").contains(other.name())) {
        draft.note(other.name(), "has no key here");
      }
    }
  }

  /** One plain program is a command; more, or one with redirected input, is a shell's line. */
  private static void command(List<XmlText> tasks, JobDraft draft) throws NotConvertible {
    XmlText first = tasks.getFirst();
    boolean plain =
        tasks.size() == 1
            && first.text("stdin_filename").isEmpty()
            && first.text("exec_dir").isEmpty();
    if (plain) {
      List<String> words = new ArrayList<>(List.of(program(first)));
      words.addAll(Words.split(arguments(first, draft)));
      draft.set("container.command", words);
      first.text("stdout_filename").ifPresent(file -> draft.set("files.stdout", file));
      first.text("stderr_filename").ifPresent(file -> draft.set("files.stderr", file));
    } else {
      List<String> lines = new ArrayList<>(List.of("set -e"));
      for (XmlText task : tasks) {
        lines.add(line(task, draft));
      }
      draft.set("container.command", List.of("sh", "-c", String.join("\n", lines), "sh"));
    }
  }

  private static String program(XmlText task) throws NotConvertible {
    String name =
        task.text("application")
            .orElseThrow(() -> new NotConvertible("a task has no <application>"));
    return name.contains("/") ? name : "./" + name;
  }

  /** The wrapper's macros have others' names here. */
  private static String arguments(XmlText task, JobDraft draft) {
    String line = task.text("command_line").orElse("");
    if (line.contains("$PROJECT_DIR")) {
      draft.note("$PROJECT_DIR", "all of the job's files are in its directory, " + SLOT);
    }
    return line.replaceAll("\\$PROJECT_DIR|\\$PWD", SLOT)
        .replaceAll("\\$NTHREADS", "'\\${NCPUS}'")
        .replaceAll("\\$GPU_DEVICE_NUM", "'\\${GPU}'");
  }

  private static String line(XmlText task, JobDraft draft) throws NotConvertible {
    StringBuilder line = new StringBuilder(Words.quoted(program(task)));
    String arguments = arguments(task, draft);
    if (!arguments.isEmpty()) {
      line.append(' ')
          .append(arguments.replace("'${NCPUS}'", "${NCPUS}").replace("'${GPU}'", "${GPU}"));
    }
    if (task.flag("append_cmdline_args")) {
      line.append(" \"$@\"");
    }
    task.text("stdin_filename").ifPresent(file -> line.append(" <").append(Words.quoted(file)));
    task.text("stdout_filename").ifPresent(file -> line.append(" >").append(Words.quoted(file)));
    task.text("stderr_filename").ifPresent(file -> line.append(" 2>").append(Words.quoted(file)));
    String command = line.toString();
    String directory = task.text("exec_dir").orElse("");
    String there =
        directory.isEmpty()
            ? command
            : "(cd "
                + Words.quoted(directory.replaceFirst("^\\$PROJECT_DIR/?", "./"))
                + " && "
                + command
                + ")";
    return task.flag("daemon") ? there + " &" : there;
  }

  private static void keys(XmlText task, JobDraft draft) {
    for (XmlText key : task.children()) {
      String text = key.text();
      switch (key.name()) {
        case "application",
            "command_line",
            "stdin_filename",
            "stdout_filename",
            "stderr_filename",
            "exec_dir",
            "daemon" -> {
          // are in the command
        }
        case "setenv" -> Common.variable(draft, "setenv " + text, text);
        case "fraction_done_filename" -> draft.set("progress.file", text);
        case "checkpoint_filename" -> draft.set("checkpoint.file", text);
        case "time_limit" ->
            draft.set("resources.time_limit", text.replaceFirst("[.].*", "") + "s");
        case "append_cmdline_args" -> {
          // the workunit's arguments always come last
        }
        case "weight" ->
            draft.note(
                "weight " + text, "a job has one progress: let the script write fraction_done");
        case "multi_process" ->
            draft.note(
                "multi_process", "all processes of a container are counted and paused together");
        default -> draft.note((key.name() + " " + text).strip(), "has no key here");
      }
    }
  }

  private static void zip(XmlText job, JobDraft draft) {
    job.children("unzip_input")
        .forEach(zip -> draft.note("unzip_input " + zip.text(), "unpack it in the job's script"));
    for (XmlText zip : job.children("zip_output")) {
      String archive = zip.text("zipfilename").orElse("out.zip");
      for (XmlText file : zip.children("filename")) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("src", SLOT + "/" + file.text());
        out.put("dst", archive.replaceFirst("[.]zip$", ".tgz"));
        out.put("archive", "tgz");
        draft.add("files.out", out);
      }
      draft.note("zip_output " + archive, "is a tgz here, with one source each");
    }
  }
}
