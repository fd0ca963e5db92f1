package org.boinc.dockerwrapper.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line of docker_wrapper. Its own options may stand anywhere, as with BOINC's C++
 * wrapper; everything else is an argument of the job, in order, and so is everything after {@code
 * --}.
 *
 * @param jobFile slot path of the job.toml
 * @param dockerfile overrides image.dockerfile
 * @param verbose log more
 * @param sporadic take part in sporadic scheduling
 * @param problem what is wrong with the options, one sentence
 */
record WrapperArguments(
    String jobFile,
    Optional<String> dockerfile,
    Optional<String> template,
    boolean verbose,
    boolean sporadic,
    List<String> job,
    Optional<String> problem) {

  /** Unless option --config names another. */
  static final String JOB_FILE = "job.toml";

  static WrapperArguments parse(List<String> arguments) {
    String jobFile = JOB_FILE;
    Optional<String> dockerfile = Optional.empty();
    Optional<String> template = Optional.empty();
    boolean verbose = false;
    boolean sporadic = false;
    List<String> job = new ArrayList<>();
    Optional<String> problem = Optional.empty();
    var rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      switch (argument) {
        case "--verbose" -> verbose = true;
        case "--sporadic" -> sporadic = true;
        case "--config", "--dockerfile", "--template" -> {
          if (!rest.hasNext()) {
            problem = Optional.of("option %s needs a value after it".formatted(argument));
            break;
          }
          String value = rest.next();
          switch (argument) {
            case "--config" -> jobFile = value;
            case "--dockerfile" -> dockerfile = Optional.of(value);
            default -> template = Optional.of(value);
          }
        }
        case "--" -> rest.forEachRemaining(job::add);
        default -> job.add(argument);
      }
    }
    return new WrapperArguments(
        jobFile, dockerfile, template, verbose, sporadic, List.copyOf(job), problem);
  }
}
