package org.boinc.dockerwrapper.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.job.Problem.Severity;
import org.boinc.dockerwrapper.simulate.JobDirectory;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.boinc.dockerwrapper.simulate.TemplateXml;

/**
 * The workunits' template: the author's own words, or made from {@code inputs/}, and after them the
 * files that are the same in every workunit. create_work pairs {@code file_info} and {@code
 * file_ref} in order (BOINC tools/process_input_template.cpp).
 */
record InputTemplate(String text) {
  private static final String WORKUNIT = "<workunit>";
  private static final String WORKUNIT_END = "</workunit>";

  /** The server's field for it, and what create_work adds to it for each file: names and sums. */
  private static final int LARGEST = 65_535;

  private static final int ADDED_FOR_A_FILE = 300;

  static InputTemplate of(PackRequest request, List<ReleaseFile> constant) throws IOException {
    Path own = request.directory().resolve(JobDirectory.INPUT_TEMPLATE);
    String text =
        Files.isRegularFile(own)
            ? new String(Files.readAllBytes(own), StandardCharsets.UTF_8)
            : made(request);
    return new InputTemplate(with(text, constant));
  }

  private static String made(PackRequest request) {
    List<SimulatedFile> inputs =
        request.job().files().stream()
            .filter(file -> file.role() == SimulatedFile.Role.INPUT)
            .toList();
    boolean copies = JobParts.needsCopies(request.spec());
    StringBuilder xml = new StringBuilder("<input_template>\n");
    inputs.forEach(_ -> xml.append("    <file_info>\n    </file_info>\n"));
    xml.append("    <workunit>\n");
    inputs.forEach(input -> xml.append(reference(input.logicalName(), copies)));
    return xml.append("    </workunit>\n</input_template>\n").toString();
  }

  private static String reference(String logicalName, boolean copied) {
    return "        <file_ref>\n            <open_name>%s</open_name>\n%s        </file_ref>\n"
        .formatted(logicalName, copied ? "            <copy_file/>\n" : "");
  }

  /** They stay on the server and on the hosts, as the next workunit names them again. */
  private static String with(String text, List<ReleaseFile> constant) {
    int workunit = text.indexOf(WORKUNIT);
    int end = text.indexOf(WORKUNIT_END);
    if (constant.isEmpty() || workunit < 0 || end < workunit) {
      return text;
    }
    StringBuilder infos = new StringBuilder();
    StringBuilder references = new StringBuilder();
    for (ReleaseFile file : constant) {
      infos.append("    <file_info>\n        <physical_name>");
      infos.append(file.physicalName()).append("</physical_name>\n");
      infos.append(file.executable() ? "        <executable/>\n" : "");
      infos.append("        <sticky/>\n        <no_delete/>\n    </file_info>\n");
      references.append(reference(file.logicalName(), file.copied()));
    }
    int before = lineStart(text, workunit);
    int after = lineStart(text, end);
    return text.substring(0, before)
        + infos
        + text.substring(before, after)
        + references
        + text.substring(after);
  }

  /** Where the line begins, if nothing but blanks is before the tag. */
  private static int lineStart(String text, int tag) {
    int start = text.lastIndexOf('\n', tag) + 1;
    return text.substring(start, tag).isBlank() ? start : tag;
  }

  List<Problem> problems(PackRequest request) throws IOException {
    List<Problem> problems = new ArrayList<>();
    Path own = request.directory().resolve(JobDirectory.INPUT_TEMPLATE);
    if (Files.isRegularFile(own)) {
      problems.addAll(ofAuthor(TemplateXml.read(own), request));
    }
    int files = text.split("<file_ref>", -1).length - 1;
    long filled = text.getBytes(StandardCharsets.UTF_8).length + (long) files * ADDED_FOR_A_FILE;
    if (filled > LARGEST) {
      problems.add(
          problem(
              Severity.ERROR,
              "%d files make the workunit about %d bytes long, and BOINC keeps %d; pack some into one archive"
                  .formatted(files, filled, LARGEST)));
    }
    return problems;
  }

  private static List<Problem> ofAuthor(TemplateXml template, PackRequest request) {
    List<Problem> problems = new ArrayList<>();
    int infos = template.all("file_info").size();
    int references = template.all("file_ref").size();
    if (infos != references) {
      problems.add(
          problem(
              Severity.ERROR,
              "has %d <file_info> and %d <file_ref>; create_work pairs them in order, so write as many of each"
                  .formatted(infos, references)));
    }
    if (template.all("workunit").size() != 1) {
      problems.add(problem(Severity.ERROR, "needs one <workunit>"));
    }
    if (JobParts.needsCopies(request.spec())) {
      for (TemplateXml reference : template.all("file_ref")) {
        if (!reference.flag("copy_file")) {
          problems.add(
              problem(
                  Severity.WARNING,
                  "%s has no <copy_file/>: with links = \"off\" the job finds BOINC's link there, not the file"
                      .formatted(reference.text("open_name"))));
        }
      }
    }
    return problems;
  }

  private static Problem problem(Severity severity, String what) {
    return new Problem(severity, JobDirectory.INPUT_TEMPLATE, 0, "", what);
  }
}
