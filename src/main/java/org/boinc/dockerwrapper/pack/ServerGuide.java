package org.boinc.dockerwrapper.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What whoever runs the server types, with that release's own names. The names come from {@link
 * PhysicalName} and {@link ReleaseName}, so none needs quotes.
 */
record ServerGuide(
    ReleaseName name,
    Model model,
    List<AppVersion> appVersions,
    List<ReleaseFile> staged,
    int inputs) {
  private static final String PACKAGE = "\"$PACKAGE\"";

  /** In order; where they are run, PACKAGE holds the release's directory. */
  List<String> commands() {
    List<String> commands = new ArrayList<>();
    commands.add("cp -Rn %s/apps %s/templates .".formatted(PACKAGE, PACKAGE));
    commands.addAll(signing());
    for (ReleaseFile file : staged) {
      commands.add(
          "bin/stage_file --copy %s/%s/%s".formatted(PACKAGE, Release.STAGE, file.physicalName()));
    }
    commands.add("bin/update_versions");
    return commands;
  }

  private List<String> signing() {
    List<String> commands = new ArrayList<>();
    for (AppVersion version : appVersions) {
      for (ReleaseFile file : version.files()) {
        String path = version.directory() + "/" + file.physicalName();
        commands.add(
            "bin/sign_executable %s keys/code_sign_private > %s.sig".formatted(path, path));
      }
    }
    return commands;
  }

  private String job() {
    String files =
        IntStream.rangeClosed(1, inputs)
            .mapToObj(number -> " INPUT_" + number)
            .collect(Collectors.joining());
    return "bin/create_work --appname %s --wu_template %s --result_template %s%s"
        .formatted(name.app(), name.template("in"), name.template("out"), files);
  }

  /** The README of the release. */
  String text() {
    return """
    # %s %s, plan class %s

    Made by `boinc-docker package`, model %s. Run these in the project's directory, with `PACKAGE` set to this one.

    ## Once for the project

    * `plan_class_spec.xml` has the plan class, with whatever else the job needs:

          <plan_class>
              <name>%s</name>
              <docker/>
          </plan_class>

    * `project.xml` has the app, and `bin/xadd` was run since:

          <app>
              <name>%s</name>
              <user_friendly_name>%s</user_friendly_name>
          </app>

    ## This release

    Sign on the machine that holds the private key, and only there; without `.sig` files `bin/update_versions` looks for the key itself.

    %s

    Files keep their names for ever: a changed file has another hash in its name.

    ## A job

    %s
    """
        .formatted(
            name.app(),
            name.version(),
            name.planClass(),
            model,
            name.planClass(),
            name.app(),
            name.app(),
            commands().stream().map(line -> "    " + line).collect(Collectors.joining("\n")),
            inputs > 0
                ? "    bin/stage_file --copy DIRECTORY_WITH_INPUTS\n    " + job()
                : "    " + job());
  }
}
