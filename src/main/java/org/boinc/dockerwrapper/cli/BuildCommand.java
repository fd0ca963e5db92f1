package org.boinc.dockerwrapper.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.job.ByteSize;
import org.boinc.dockerwrapper.job.ImageReference;
import org.boinc.dockerwrapper.pack.SavedImage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boinc-docker build}: an image, where hosts will find it, and how job.toml names it. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    description =
        "Builds an image on the admin's machine, pushes it or makes BOINC files of it, and prints"
            + " the lines for job.toml.",
    customSynopsis = {
      "boinc-docker build [-t=NAME]... [--login=SERVER] [--push]",
      "                   [--save=FILE [--split=SIZE]] [--engine=PROGRAM] [--json]",
      "                   [--] [DOCKER-BUILD-OPTION...] DIR|URL"
    },
    footer = {
      "",
      "What stands behind -- is for docker build (or podman build), such as --build-arg, --file,"
          + " --platform. Logins are the engine's own; none is asked for or kept here.",
      "",
      "Files of --save are cut between layers: layers that do not change give the same files, which"
          + " hosts have already. All of them, one after the other, are one archive.",
      "",
      "Examples:",
      "  boinc-docker build -t example.org/a:1.1 -t example.org/a:1 --push DIR",
      "  boinc-docker build --save image.tar.gz -- --build-arg VERSION=3 DIR",
      "  cat image-1.tar.gz image.tar.gz | docker load"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:the image can't be built",
      "2:the command line was not understood",
      "3:this host can't, or the registry refuses"
    })
final class BuildCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "NAME",
      description = "A name for the image; may be repeated.")
  private List<String> tags = new ArrayList<>();

  @Option(names = "--push", description = "Push it under all of its names.")
  private boolean push;

  @Option(
      names = "--login",
      paramLabel = "SERVER",
      description = "Log in to a registry first, as docker login does.")
  private @Nullable String login;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description =
          "Write it to FILE, such as image.tar.gz, and lower layers to image-1.tar.gz and so on.")
  private @Nullable Path save;

  @Option(
      names = "--split",
      paramLabel = "SIZE",
      defaultValue = "16m",
      description = "A file but the last holds at least this much of layers (default: 16m).")
  private String split = "16m";

  @Option(
      names = "--engine",
      paramLabel = "PROGRAM",
      description = "docker or podman, or where it is (default: the first that is there).")
  private @Nullable String engine;

  @Option(names = "--json", description = "Print the result as one JSON object.")
  private boolean json;

  @Parameters(paramLabel = "DIR", hidden = true)
  private List<String> words = List.of();

  /** What came of it. */
  private record Built(String id, Map<String, String> pushed, String digest, List<Path> files) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    long smallest = check();
    BuildProgram program = BuildProgram.find(Optional.ofNullable(engine), System.err);
    if (login != null) {
      program.demand(List.of("login", login));
    }
    Path directory = Files.createTempDirectory(directoryOfSave(), ".boinc-docker-build");
    try {
      Path id = directory.resolve("id");
      if (program.run(buildWords(id)) != 0) {
        return ExitCode.PROBLEMS;
      }
      Built built = hand(program, Files.readString(id).strip(), directory, smallest);
      PrintWriter out = spec.commandLine().getOut();
      out.println(json ? json(built) : toml(built));
      out.flush();
      return ExitCode.DONE;
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private Path directoryOfSave() {
    return save == null
        ? Path.of(System.getProperty("java.io.tmpdir"))
        : Optional.ofNullable(save.toAbsolutePath().getParent()).orElse(save.toAbsolutePath());
  }

  private long check() {
    for (String tag : tags) {
      ImageReference.fault(tag).ifPresent(fault -> refuse("-t: '%s' %s".formatted(tag, fault)));
    }
    if (push && tags.isEmpty()) {
      refuse("--push: say by -t under which name");
    }
    if (words.isEmpty()) {
      refuse("say what is to be built, a directory or an address");
    }
    return ByteSize.parse(split)
        .orElseThrow(() -> usage("--split: '%s' is no size such as 16m".formatted(split)))
        .bytes();
  }

  private void refuse(String sentence) {
    throw usage(sentence);
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private List<String> buildWords(Path id) {
    List<String> all = new ArrayList<>(List.of("build", "--iidfile", id.toString()));
    tags.forEach(tag -> all.addAll(List.of("--tag", tag)));
    all.addAll(words);
    return all;
  }

  private Built hand(BuildProgram program, String id, Path directory, long smallest)
      throws IOException, InterruptedException {
    Map<String, String> pushed = new LinkedHashMap<>();
    if (push) {
      for (String tag : tags) {
        pushed.put(tag, program.push(tag, directory));
      }
    }
    if (save == null) {
      return new Built(id, pushed, pushed.values().stream().findFirst().orElse(id), List.of());
    }
    Path saved = directory.resolve("saved.tar");
    program.demand(List.of("save", "--output", saved.toString(), id));
    try (SavedImage image = new SavedImage(saved)) {
      return new Built(id, pushed, image.id(), image.writeTo(save, smallest));
    }
  }

  private String toml(Built built) {
    List<String> lines = new ArrayList<>(List.of("[image]"));
    if (!built.files().isEmpty()) {
      List<String> names = names(built).map(name -> "\"" + name + "\"").toList();
      lines.add("files  = [" + String.join(", ", names) + "]");
      lines.add("digest = \"%s\"".formatted(built.digest()));
      built.pushed().forEach((name, digest) -> lines.add("# pushed: " + name + "@" + digest));
    } else {
      tags.stream().findFirst().ifPresent(name -> lines.add("name   = \"%s\"".formatted(name)));
      lines.add("digest = \"%s\"".formatted(built.digest()));
      tags.stream().skip(1).forEach(name -> lines.add("# the same image: " + name));
      if (!push) {
        lines.add("# It is on this machine only: hosts get it by --push or --save.");
      }
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static Stream<String> names(Built built) {
    return built.files().stream().map(file -> String.valueOf(file.getFileName()));
  }

  private String json(Built built) throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("id", built.id());
    object.put("digest", built.digest());
    object.put("tags", tags);
    object.put("pushed", built.pushed());
    Map<String, Long> files = new LinkedHashMap<>();
    for (Path file : built.files()) {
      files.put(file.toString(), Files.size(file));
    }
    object.put("files", files);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(object);
  }
}
