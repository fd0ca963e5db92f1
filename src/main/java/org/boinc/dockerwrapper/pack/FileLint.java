package org.boinc.dockerwrapper.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.job.Problem.Severity;

/** What server, client or a volunteer's system would make of the job's files. */
final class FileLint {
  /** Goes raw into XML, into SQL and into a slot on three systems. */
  private static final Pattern NAME = Pattern.compile("[\\x20-\\x7e&&[^<>&'\"%\\\\:*?|]]{1,199}");

  private static final int FIRST_LINE = 256;

  private final PackRequest request;
  private final JobParts parts;
  private final List<Problem> problems = new ArrayList<>();

  private FileLint(PackRequest request, JobParts parts) {
    this.request = request;
    this.parts = parts;
  }

  static List<Problem> of(PackRequest request, JobParts parts) throws IOException {
    return new FileLint(request, parts).problems();
  }

  private List<Problem> problems() throws IOException {
    List<ReleaseFile> files =
        Stream.of(parts.ofAppVersion(), parts.ofWorkunit()).flatMap(List::stream).toList();
    Map<String, String> folded = new HashMap<>();
    for (ReleaseFile file : files) {
      name(file.logicalName());
      String other = folded.put(file.logicalName().toLowerCase(Locale.ROOT), file.logicalName());
      if (other != null) {
        error(
            file.logicalName(),
            "differs from '%s' in upper and lower case only, which Windows and macOS take for one file"
                .formatted(other));
      }
      script(file);
    }
    copies(files);
    if (request.model() != Model.APP_VERSION && parts.ofWorkunit().isEmpty()) {
      problems.add(
          new Problem(
              Severity.WARNING,
              "job",
              0,
              "",
              "no file is left for the workunits: this is what model app-version makes, too"));
    }
    return problems;
  }

  private void name(String name) {
    if (!NAME.matcher(name).matches()) {
      error(
          name,
          "has a name that BOINC's server can't pass on; use ASCII without < > & ' \" % : * ? | and \\, at most 199 characters");
    } else if (Slot.isControlFile(name)) {
      error(name, "has the name of a file of BOINC's own; give it another");
    }
  }

  /** A kernel takes the CR for a part of the interpreter's name. */
  private void script(ReleaseFile file) throws IOException {
    String line = firstLine(file.source());
    if (line.startsWith("#!")) {
      if (line.endsWith("\r")) {
        error(
            file.logicalName(),
            "begins with #! and has Windows line ends, so no Linux container can start it; save it with Unix line ends");
      } else if (!file.executable()) {
        problems.add(
            new Problem(
                Severity.WARNING,
                file.logicalName(),
                0,
                "",
                "begins with #! and is not executable; chmod +x it, or it must be started through its interpreter"));
      }
    }
  }

  private static String firstLine(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(FIRST_LINE), StandardCharsets.ISO_8859_1);
      int end = head.indexOf('\n');
      return end < 0 ? "" : head.substring(0, end);
    }
  }

  /** The client counts the slot against the bound, and aborts (client/app_control.cpp). */
  private void copies(List<ReleaseFile> files) {
    double bound = request.job().bounds().getOrDefault("rsc_disk_bound", 0.0);
    long copied = files.stream().filter(ReleaseFile::copied).mapToLong(ReleaseFile::nbytes).sum();
    if (bound > 0 && copied > bound) {
      problems.add(
          new Problem(
              Severity.ERROR,
              "input_template.xml",
              0,
              "rsc_disk_bound",
              "%.0f bytes are less than the %d bytes of the files that are copied into each slot"
                  .formatted(bound, copied)));
    }
  }

  private void error(String file, String what) {
    problems.add(new Problem(Severity.ERROR, file, 0, "", what));
  }
}
