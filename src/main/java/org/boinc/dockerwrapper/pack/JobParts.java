package org.boinc.dockerwrapper.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.boinc.dockerwrapper.job.FilesSpec;
import org.boinc.dockerwrapper.job.ImageSpec;
import org.boinc.dockerwrapper.job.JobSpec;
import org.boinc.dockerwrapper.simulate.JobDirectory;
import org.boinc.dockerwrapper.simulate.SimulatedFile;

/**
 * The job's own files, parted between app version and workunit as the model says.
 *
 * @param ofAppVersion signed, downloaded once for an app version
 * @param ofWorkunit named by each workunit, the same for all of them
 */
record JobParts(List<ReleaseFile> ofAppVersion, List<ReleaseFile> ofWorkunit) {
  private static final String TEMPLATE = ".toml";

  static JobParts of(PackRequest request, VersionFlags version) throws IOException {
    List<ReleaseFile> ofAppVersion = new ArrayList<>();
    List<ReleaseFile> ofWorkunit = new ArrayList<>();
    Predicate<String> isOfAppVersion = ofAppVersion(request);
    for (SimulatedFile file : request.job().files()) {
      if (file.role() == SimulatedFile.Role.APP_VERSION
          && !version.isMainProgram(file.logicalName())
          && file.content().orElse(null) instanceof JobDirectory.FileCopy(Path source)) {
        boolean signed = isOfAppVersion.test(file.logicalName());
        (signed ? ofAppVersion : ofWorkunit).add(released(file, source, request));
      }
    }
    Comparator<ReleaseFile> byName = Comparator.comparing(ReleaseFile::logicalName);
    ofAppVersion.sort(byName);
    ofWorkunit.sort(byName);
    return new JobParts(List.copyOf(ofAppVersion), List.copyOf(ofWorkunit));
  }

  private static ReleaseFile released(SimulatedFile file, Path source, PackRequest request)
      throws IOException {
    String name = file.logicalName();
    return new ReleaseFile(
        name,
        PhysicalName.ofJobFile(request.name().app(), name, file.executable(), source),
        source,
        Files.size(source),
        file.executable(),
        file.realisation() == SimulatedFile.Realisation.COPY
            || (needsCopies(request.spec()) && !isReadByWrapper(name, request)),
        false);
  }

  /**
   * Whether the job meets BOINC's soft links and has nothing to follow them with. Everywhere else
   * the wrapper shows or copies what a link stands for, and real files only cost disk.
   */
  static boolean needsCopies(JobSpec spec) {
    FilesSpec files = spec.files();
    return !files.slot().isEmpty()
        && files.links() == FilesSpec.Links.OFF
        && files.project().isEmpty();
  }

  private static boolean isReadByWrapper(String name, PackRequest request) {
    ImageSpec image = request.spec().image();
    return name.equals(request.jobFile())
        || name.equals(image.dockerfile())
        || image.files().contains(name)
        || isTemplate(name);
  }

  /** Only an app version's templates are believed, whatever the model. */
  private static boolean isTemplate(String name) {
    return name.endsWith(TEMPLATE) && name.indexOf('/') < 0;
  }

  private static Predicate<String> ofAppVersion(PackRequest request) throws IOException {
    return switch (request.model()) {
      case APP_VERSION -> _ -> true;
      case SEMI_UNIVERSAL -> environment(request);
      case UNIVERSAL -> name -> isTemplate(name) && !name.equals(request.jobFile());
    };
  }

  /**
   * What the image is made of, and job.toml: an app version's image holds no file of a workunit.
   */
  private static Predicate<String> environment(PackRequest request) throws IOException {
    ImageSpec image = request.spec().image();
    DockerfileSources copied = DockerfileSources.of(dockerfile(request));
    boolean whole = image.context().isEmpty() || image.context().equals(".");
    String context = whole ? "" : image.context() + "/";
    return name ->
        isReadByWrapper(name, request)
            || name.equals(context + ".dockerignore")
            || (name.startsWith(context) && copied.holds(name.substring(context.length())));
  }

  private static String dockerfile(PackRequest request) throws IOException {
    Path file = request.directory().resolve(request.spec().image().dockerfile());
    return Files.isRegularFile(file)
        ? new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
        : "";
  }
}
