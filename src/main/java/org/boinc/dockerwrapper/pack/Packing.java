package org.boinc.dockerwrapper.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.job.Problem.Severity;
import org.boinc.dockerwrapper.simulate.SimulatedFile;

/** Decides what a release holds; reads, and writes nothing. */
public final class Packing {
  private final PackRequest request;
  private final List<Problem> problems = new ArrayList<>();

  private Packing(PackRequest request) {
    this.request = request;
  }

  /**
   * All problems at once.
   *
   * @throws IOException if a file can't be read
   */
  public static PackResult pack(PackRequest request) throws IOException {
    return new Packing(request).result();
  }

  private PackResult result() throws IOException {
    for (WrapperProgram wrapper : request.wrappers()) {
      problems.addAll(wrapper.problems());
    }
    VersionFlags flags = VersionFlags.of(request.directory());
    JobParts parts = JobParts.of(request, flags);
    problems.addAll(FileLint.of(request, parts));
    InputTemplate input = InputTemplate.of(request, parts.ofWorkunit());
    problems.addAll(input.problems(request));
    OutputTemplate output = OutputTemplate.of(request);
    problems.addAll(output.problems(request));
    if (problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR)) {
      return new PackResult.Refused(List.copyOf(problems));
    }
    return new PackResult.Packed(release(flags, parts, input, output), List.copyOf(problems));
  }

  private Release release(
      VersionFlags flags, JobParts parts, InputTemplate input, OutputTemplate output)
      throws IOException {
    ReleaseName name = request.name();
    List<AppVersion> versions = new ArrayList<>();
    for (WrapperProgram wrapper : request.wrappers()) {
      versions.add(appVersion(wrapper, parts));
    }
    ServerGuide guide =
        new ServerGuide(name, request.model(), versions, parts.ofWorkunit(), inputs());
    Map<String, String> texts = new TreeMap<>();
    versions.forEach(v -> texts.put(v.directory() + "/version.xml", v.versionXml(flags)));
    texts.put(name.template("in"), input.text());
    texts.put(name.template("out"), output.text());
    texts.put(Release.GUIDE, guide.text());
    return new Release(
        name,
        request.model(),
        List.copyOf(versions),
        parts.ofWorkunit(),
        name.template("in"),
        name.template("out"),
        guide.commands(),
        texts);
  }

  private AppVersion appVersion(WrapperProgram wrapper, JobParts parts) throws IOException {
    List<ReleaseFile> files = new ArrayList<>();
    files.add(
        new ReleaseFile(
            "",
            PhysicalName.ofWrapper(wrapper),
            wrapper.file(),
            Files.size(wrapper.file()),
            true,
            false,
            true));
    files.addAll(parts.ofAppVersion());
    return new AppVersion(
        wrapper.platform(),
        request.name().directory(wrapper.platform()),
        wrapper.apiVersion(),
        List.copyOf(files));
  }

  private int inputs() {
    return (int)
        request.job().files().stream()
            .filter(file -> file.role() == SimulatedFile.Role.INPUT)
            .count();
  }
}
