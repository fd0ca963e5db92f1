package org.boinc.dockerwrapper.client;

import java.util.ArrayList;
import java.util.List;

/**
 * What one job is, with the one result that is made of it.
 *
 * @param inputs {@code main.sh} is the job's script in all templates
 * @param outputs mandatory
 */
record Workunit(String name, List<ProjectFile> inputs, List<Output> outputs) {
  /**
   * A file that the client uploads.
   *
   * @param openName its name in the slot
   * @param physicalName its name everywhere else
   */
  record Output(String openName, String physicalName) {}

  /** A job that runs this shell script. */
  static Workunit of(String name, String script) {
    return new Workunit(name, List.of(), List.of()).input("main.sh", script);
  }

  Workunit input(String openName, String text) {
    List<ProjectFile> more = new ArrayList<>(inputs);
    more.add(ProjectFile.link(openName, name + "_" + openName, text));
    return new Workunit(name, more, outputs);
  }

  Workunit output(String openName) {
    List<Output> more = new ArrayList<>(outputs);
    more.add(new Output(openName, resultName() + "_" + more.size()));
    return new Workunit(name, inputs, more);
  }

  String resultName() {
    return name + "_0";
  }
}
