package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.simulate.SimulatedFile.Realisation;
import org.jspecify.annotations.Nullable;

/**
 * A directory with one job as a project would submit it: the app version's files (listed in {@code
 * version.xml}, or simply lying there), input files in {@code inputs/} with {@code
 * input_template.xml}, and {@code output_template.xml}, all in BOINC's own words.
 *
 * @param files app version files, inputs and outputs
 * @param arguments the workunit's command line
 * @param bounds the workunit's rsc_… values, by element name
 * @param problems what keeps the job from being run, one sentence each
 * @param remarks what the project should know, one sentence each
 */
public record JobDirectory(
    List<SimulatedFile> files,
    List<String> arguments,
    Map<String, Double> bounds,
    List<String> problems,
    List<String> remarks) {
  /** In the job's directory: BOINC's template of a workunit. */
  public static final String INPUT_TEMPLATE = "input_template.xml";

  /** In the job's directory: BOINC's template of a result. */
  public static final String OUTPUT_TEMPLATE = "output_template.xml";

  /** In the job's directory: which files are the app version's, and how. */
  public static final String VERSION = "version.xml";

  /** Below the job's directory: the input files, by open_name. */
  public static final String INPUTS = "inputs";

  /** Below the job's directory: the outputs as they should be, by open_name. */
  public static final String EXPECTED = "expected";

  private static final Set<String> NOT_OF_THE_APP =
      Set.of(INPUT_TEMPLATE, OUTPUT_TEMPLATE, VERSION, INPUTS, "in", EXPECTED, ".git");
  private static final List<String> BOUNDS =
      List.of("rsc_fpops_est", "rsc_fpops_bound", "rsc_memory_bound", "rsc_disk_bound");

  /**
   * Reads a directory.
   *
   * @throws IOException if a file can't be read or is not XML, in a sentence
   */
  public static JobDirectory read(Path directory) throws IOException {
    return new Reader(directory).read();
  }

  /** The same job with every file as a real copy in the slot. */
  public JobDirectory withCopies() {
    return new JobDirectory(
        files.stream().map(SimulatedFile::copied).toList(), arguments, bounds, problems, remarks);
  }

  /** What a slot needs to know of this job. */
  public SimulatedSlot.Builder in(Path dataDirectory) {
    return SimulatedSlot.in(dataDirectory)
        .files(files)
        .arguments(arguments)
        .initData(data -> bounds.forEach(data::set));
  }

  /** The state of one reading. */
  private static final class Reader {
    private final Path directory;
    private final List<SimulatedFile> files = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final Map<String, Double> bounds = new LinkedHashMap<>();
    private List<String> arguments = List.of();
    private String filePrefix = "";

    Reader(Path directory) {
      this.directory = directory;
    }

    JobDirectory read() throws IOException {
      if (Files.exists(directory.resolve(VERSION))) {
        listedAppFiles(TemplateXml.read(directory.resolve(VERSION)));
      } else {
        lyingAppFiles();
      }
      if (Files.exists(directory.resolve(INPUT_TEMPLATE))) {
        listedInputs(TemplateXml.read(directory.resolve(INPUT_TEMPLATE)));
      } else {
        lyingInputs();
      }
      if (Files.exists(directory.resolve(OUTPUT_TEMPLATE))) {
        outputs(TemplateXml.read(directory.resolve(OUTPUT_TEMPLATE)));
      }
      return new JobDirectory(files, arguments, bounds, problems, remarks);
    }

    private void listedAppFiles(TemplateXml version) {
      for (TemplateXml file : version.all("file")) {
        String physical = file.text("physical_name");
        Path source = directory.resolve(physical);
        if (physical.isEmpty()) {
          problems.add(VERSION + ": a <file> has no <physical_name>");
        } else if (Files.isRegularFile(source)) {
          String logical = file.text("logical_name");
          add(
              VERSION,
              () ->
                  like(
                          source,
                          SimulatedFile.app(logical.isEmpty() ? physical : logical, copy(source)))
                      .physical(physical.replace('/', '_'))
                      .as(realisation(file)));
        } else if (!file.flag("main_program")) {
          problems.add("%s: lists %s, but there is no such file".formatted(VERSION, physical));
        }
      }
      if (version.text("api_version").isEmpty()) {
        remarks.add(
            VERSION
                + ": has no <api_version>; a client would offer System V shared memory,"
                + " write <api_version>8.2.0</api_version>");
      }
      filePrefix = version.text("file_prefix");
    }

    private void lyingAppFiles() throws IOException {
      for (Path file : filesBelow(directory)) {
        String first = directory.relativize(file).getName(0).toString();
        if (!NOT_OF_THE_APP.contains(first) && !first.startsWith("README")) {
          String name = name(directory, file);
          add(name, () -> like(file, SimulatedFile.app(name, copy(file))));
        }
      }
    }

    private void listedInputs(TemplateXml template) {
      for (TemplateXml reference : template.all("file_ref")) {
        String name = reference.text("open_name");
        Path source = directory.resolve(INPUTS).resolve(name);
        if (name.isEmpty()) {
          problems.add(INPUT_TEMPLATE + ": a <file_ref> has no <open_name>");
        } else if (Files.isRegularFile(source)) {
          add(
              INPUT_TEMPLATE,
              () -> prefixed(SimulatedFile.input(name, copy(source)).as(realisation(reference))));
        } else if (!reference.flag("optional")) {
          problems.add(
              "%s: declares %s, but there is no file %s/%s"
                  .formatted(INPUT_TEMPLATE, name, INPUTS, name));
        }
      }
      arguments = CommandLineWords.split(template.text("command_line"));
      for (String bound : BOUNDS) {
        template.number(bound).ifPresent(value -> bounds.put(bound, value));
      }
    }

    private void lyingInputs() throws IOException {
      Path inputs = directory.resolve(INPUTS);
      if (Files.isDirectory(inputs)) {
        for (Path file : filesBelow(inputs)) {
          String name = name(inputs, file);
          add(INPUTS, () -> prefixed(SimulatedFile.input(name, copy(file))));
        }
      }
    }

    private void outputs(TemplateXml template) {
      Map<String, Long> limits = new LinkedHashMap<>();
      for (TemplateXml info : template.all("file_info")) {
        info.number("max_nbytes")
            .ifPresent(limit -> limits.put(info.placeholder("name"), (long) limit));
      }
      for (TemplateXml reference : template.all("file_ref")) {
        String placeholder = reference.placeholder("file_name");
        String name = reference.text("open_name");
        add(OUTPUT_TEMPLATE, () -> output(name, reference, limits.get(placeholder)));
      }
    }

    private SimulatedFile output(String name, TemplateXml reference, @Nullable Long limit) {
      SimulatedFile file = SimulatedFile.output(name).as(realisation(reference));
      file = limit == null ? file : file.atMost(limit);
      return prefixed(reference.flag("optional") ? file.asOptional() : file);
    }

    /** Adds a file unless the client would refuse its name. */
    private void add(String where, Supplier<SimulatedFile> file) {
      try {
        files.add(file.get());
      } catch (IllegalArgumentException refused) {
        problems.add(where + ": " + refused.getMessage());
      }
    }

    private SimulatedFile prefixed(SimulatedFile file) {
      return filePrefix.isEmpty() ? file : file.below(filePrefix);
    }
  }

  private static Realisation realisation(TemplateXml reference) {
    return reference.flag("copy_file") ? Realisation.COPY : Realisation.SOFT_LINK;
  }

  private static SimulatedFile like(Path source, SimulatedFile file) {
    return Files.isExecutable(source) ? file.asExecutable() : file;
  }

  private static SimulatedFile.Content copy(Path source) {
    return new FileCopy(source);
  }

  /** The content of a file that lies in the directory. */
  public record FileCopy(Path source) implements SimulatedFile.Content {
    @Override
    public void writeTo(Path file) throws IOException {
      Files.copy(source, file);
    }
  }

  private static String name(Path directory, Path file) {
    return directory.relativize(file).toString().replace('\\', '/');
  }

  private static List<Path> filesBelow(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
