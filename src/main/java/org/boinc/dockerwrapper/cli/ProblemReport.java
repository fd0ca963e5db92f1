package org.boinc.dockerwrapper.cli;

import java.util.List;
import java.util.function.UnaryOperator;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.job.Problem.Severity;

/** Problems as people read them: one line each, and how many there are. */
final class ProblemReport {
  private ProblemReport() {}

  static String text(List<Problem> problems) {
    StringBuilder text = new StringBuilder();
    problems.forEach(problem -> text.append(line(problem)).append('\n'));
    long errors = problems.stream().filter(p -> p.severity() == Severity.ERROR).count();
    long warnings = problems.size() - errors;
    String found =
        problems.isEmpty()
            ? "no problems"
            : counted(errors, "error") + ", " + counted(warnings, "warning");
    return text.append(found).toString();
  }

  static String line(Problem problem) {
    return (problem.severity() == Severity.WARNING ? "warning: " : "") + problem;
  }

  static List<Problem> with(List<Problem> problems, UnaryOperator<String> change) {
    return problems.stream()
        .map(
            problem ->
                new Problem(
                    problem.severity(),
                    problem.file(),
                    problem.line(),
                    problem.key(),
                    change.apply(problem.what())))
        .toList();
  }

  private static String counted(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
