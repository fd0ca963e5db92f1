package org.boinc.dockerwrapper.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.job.FilesSpec;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.job.Problem.Severity;
import org.boinc.dockerwrapper.simulate.JobDirectory;
import org.boinc.dockerwrapper.simulate.TemplateXml;

/**
 * The results' template: the author's own words, or made from what {@code expected/} holds or the
 * job.toml copies out.
 */
record OutputTemplate(String text, boolean made) {
  /** For a template that is made: nobody said how large outputs are. */
  private static final long MAX_NBYTES = 10_000_000;

  static OutputTemplate of(PackRequest request) throws IOException {
    Path own = request.directory().resolve(JobDirectory.OUTPUT_TEMPLATE);
    if (Files.isRegularFile(own)) {
      return new OutputTemplate(new String(Files.readAllBytes(own), StandardCharsets.UTF_8), false);
    }
    StringBuilder infos = new StringBuilder();
    StringBuilder references = new StringBuilder();
    String copied = JobParts.needsCopies(request.spec()) ? "            <copy_file/>\n" : "";
    int number = 0;
    for (String name : names(request)) {
      infos.append(
          """
              <file_info>
                  <name><OUTFILE_%d/></name>
                  <generated_locally/>
                  <upload_when_present/>
                  <max_nbytes>%d</max_nbytes>
                  <url><UPLOAD_URL/></url>
              </file_info>
          """
              .formatted(number, MAX_NBYTES));
      references.append(
          """
                  <file_ref>
                      <file_name><OUTFILE_%d/></file_name>
                      <open_name>%s</open_name>
          %s        </file_ref>
          """
              .formatted(number, name, copied));
      number++;
    }
    return new OutputTemplate(
        "<output_template>\n%s    <result>\n%s    </result>\n</output_template>\n"
            .formatted(infos, references),
        true);
  }

  private static Set<String> names(PackRequest request) throws IOException {
    Path expected = request.directory().resolve(JobDirectory.EXPECTED);
    if (Files.isDirectory(expected)) {
      try (Stream<Path> files = Files.walk(expected)) {
        return files
            .filter(Files::isRegularFile)
            .map(file -> expected.relativize(file).toString().replace('\\', '/'))
            .sorted()
            .collect(Collectors.toCollection(LinkedHashSet::new));
      }
    }
    return request.spec().files().out().stream()
        .map(FilesSpec.CopyOut::dst)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  List<Problem> problems(PackRequest request) throws IOException {
    if (made) {
      return List.of(
          problem(
              Severity.WARNING,
              "is not there; one with %d outputs of at most %d bytes was made: look at it"
                  .formatted(names(request).size(), MAX_NBYTES)));
    }
    List<Problem> problems = new ArrayList<>();
    TemplateXml template =
        TemplateXml.read(request.directory().resolve(JobDirectory.OUTPUT_TEMPLATE));
    Set<String> described = new LinkedHashSet<>();
    for (TemplateXml info : template.all("file_info")) {
      described.add(info.placeholder("name"));
      if (info.flag("upload_when_present")) {
        problems.addAll(ofUpload(info));
      }
    }
    for (TemplateXml reference : template.all("file_ref")) {
      if (!described.contains(reference.placeholder("file_name"))) {
        problems.add(
            problem(
                Severity.ERROR,
                "%s refers to <%s/>, which no <file_info> describes"
                    .formatted(reference.text("open_name"), reference.placeholder("file_name"))));
      }
    }
    return problems;
  }

  private static List<Problem> ofUpload(TemplateXml info) {
    List<Problem> problems = new ArrayList<>();
    String name = info.placeholder("name");
    if (info.number("max_nbytes").orElse(0) <= 0) {
      problems.add(
          problem(Severity.ERROR, name + " has no <max_nbytes>, so the server refuses its upload"));
    }
    if (info.all("UPLOAD_URL").isEmpty() && info.text("url").isEmpty()) {
      problems.add(
          problem(Severity.ERROR, name + " has no <url><UPLOAD_URL/></url> to be uploaded to"));
    }
    return problems;
  }

  private static Problem problem(Severity severity, String what) {
    return new Problem(severity, JobDirectory.OUTPUT_TEMPLATE, 0, "", what);
  }
}
