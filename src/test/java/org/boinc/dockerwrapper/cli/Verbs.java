package org.boinc.dockerwrapper.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** One run of boinc-docker, within this process. */
record Verbs(int status, String out, String err) {
  static Verbs run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = BoincDocker.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int status = command.execute(arguments);
    return new Verbs(status, out.toString(), err.toString());
  }
}
