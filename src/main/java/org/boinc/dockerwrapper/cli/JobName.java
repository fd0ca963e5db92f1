package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.engine.ListedContainer;
import org.boinc.dockerwrapper.plan.Labels;

/** What a person calls a job by. */
final class JobName {
  /** For the help of a verb. */
  static final String FORMS =
      "result name, workunit name, number of the slot, or container; a prefix that only one has is"
          + " enough";

  private JobName() {}

  /**
   * The job that a name means. A whole name goes before a prefix.
   *
   * @param name empty: the only one there is
   * @throws IOException where there is none or more than one, with their names
   */
  static HostJob choose(List<HostJob> jobs, String name) throws IOException {
    if (name.isEmpty()) {
      return only(jobs, "no job of docker_wrapper is on this host", "several jobs are here");
    }
    List<HostJob> exact = named(jobs, name::equals, job -> Stream.of(job.slotNumber()));
    return only(
        exact.isEmpty() ? named(jobs, text -> text.startsWith(name), _ -> Stream.of()) : exact,
        jobs.isEmpty()
            ? "no job of docker_wrapper is on this host"
            : "no job here is called '%s'; there are: %s".formatted(name, titles(jobs)),
        "'%s' means several jobs".formatted(name));
  }

  private static List<HostJob> named(
      List<HostJob> jobs, Predicate<String> fits, Function<HostJob, Stream<String>> more) {
    return jobs.stream()
        .filter(job -> Stream.concat(names(job), more.apply(job)).anyMatch(fits))
        .toList();
  }

  private static Stream<String> names(HostJob job) {
    Stream<String> ofBoinc = Stream.of(job.result(), job.label(Labels.WORKUNIT));
    return Stream.concat(
        ofBoinc.filter(text -> !text.isEmpty()),
        job.container().stream().flatMap(JobName::namesOf));
  }

  private static Stream<String> namesOf(ListedContainer container) {
    return Stream.of(container.name(), container.id());
  }

  private static HostJob only(List<HostJob> found, String none, String several) throws IOException {
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new IOException(
        found.isEmpty() ? none : "%s, say which: %s".formatted(several, titles(found)));
  }

  private static String titles(List<HostJob> jobs) {
    return jobs.stream()
        .map(HostJob::title)
        .map(ShellLine::visible)
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
