import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.boinc.dockerwrapper.cli.BoincDocker;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Writes what shells and {@code man} need to know of boinc-docker, from the verbs' own annotations: {@code Manuals DIR}, laid
 * out as below {@code /usr/share}. Bash's and zsh's completion are picocli's, fish's and the pages ours.
 */
class Manuals {
  private static final String NAME = "boinc-docker";

  public static void main(String[] args) throws IOException {
    Path share = Path.of(args[0]);
    CommandLine command = new CommandLine(new BoincDocker());
    String bash = AutoComplete.bash(NAME, command);
    write(share.resolve("bash-completion/completions/" + NAME), bash);
    write(share.resolve("zsh/site-functions/_" + NAME), zsh(bash));
    write(share.resolve("fish/vendor_completions.d/" + NAME + ".fish"), new Fish().of(command));
    pages(share.resolve("man/man1"), command);
  }

  /**
   * Bash's script, as zsh loads it: at the first completion, which it then has to answer, too; and zsh has no compopt.
   */
  private static String zsh(String bash) {
    return """
        #compdef %s
        (( $+functions[compopt] )) || compopt() { :; }
        %s
        if [ "${funcstack[1]}" = _%s ]; then _bash_complete -o default -F _complete_%s; fi
        """
        .formatted(NAME, bash, NAME, NAME);
  }

  private static void pages(Path directory, CommandLine command) throws IOException {
    Page page = new Page(command.getCommandSpec());
    write(directory.resolve(page.name() + ".1"), page.text());
    for (CommandLine verb : command.getSubcommands().values()) {
      pages(directory, verb);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** The first sentence of what a command is. */
  static String summary(CommandSpec spec) {
    String[] description = spec.usageMessage().description();
    return description.length == 0 ? "" : firstSentence(description[0]);
  }

  static String firstSentence(String text) {
    String plain = text.replace("%n", " ").replace("%%", "%");
    int end = plain.indexOf(". ");
    return end < 0 ? plain : plain.substring(0, end + 1);
  }

  static List<OptionSpec> shown(CommandSpec spec) {
    return spec.options().stream().filter(option -> !option.hidden()).toList();
  }

  static List<String> candidates(ArgSpec arg) {
    return arg.completionCandidates() == null
        ? List.of()
        : StreamSupport.stream(arg.completionCandidates().spliterator(), false).toList();
  }

  static boolean isFile(ArgSpec arg) {
    return arg.typeInfo().getType() == Path.class || arg.paramLabel().matches(".*(FILE|DIR).*");
  }

  /** Completion for fish: one line a word that may come next. */
  private static final class Fish {
    private final StringBuilder lines = new StringBuilder("complete -c " + NAME + " -f\n");

    String of(CommandLine command) {
      add(command, List.of());
      return lines.toString();
    }

    private void add(CommandLine command, List<String> path) {
      Map<String, CommandLine> verbs = command.getSubcommands();
      String here = seen(path);
      String next = verbs.isEmpty() ? here : here + (here.isEmpty() ? "" : "; and ") + notYet(verbs);
      verbs.forEach(
          (name, verb) -> line(next, "-a " + name, summary(verb.getCommandSpec())));
      for (OptionSpec option : shown(command.getCommandSpec())) {
        line(next, words(option), firstSentence(String.join(" ", option.description())));
      }
      for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
        List<String> words = candidates(parameter);
        if (!words.isEmpty()) {
          line(next, "-a " + quoted(String.join(" ", words)), parameter.paramLabel());
        } else if (isFile(parameter)) {
          line(next, "-F", parameter.paramLabel());
        }
      }
      verbs.forEach(
          (name, verb) -> {
            List<String> below = new ArrayList<>(path);
            below.add(name);
            add(verb, below);
          });
    }

    private static String seen(List<String> path) {
      return path.stream()
          .map(word -> "__fish_seen_subcommand_from " + word)
          .collect(Collectors.joining("; and "));
    }

    private static String notYet(Map<String, CommandLine> verbs) {
      return "not __fish_seen_subcommand_from " + String.join(" ", verbs.keySet());
    }

    private static String words(OptionSpec option) {
      StringBuilder words = new StringBuilder();
      for (String name : option.names()) {
        words.append(name.startsWith("--") ? "-l " : "-s ").append(name.replaceFirst("^-+", "")).append(' ');
      }
      if (option.arity().max() > 0) {
        List<String> values = candidates(option);
        words.append(isFile(option) ? "-r -F" : "-x");
        words.append(values.isEmpty() ? "" : " -a " + quoted(String.join(" ", values)));
      }
      return words.toString().strip();
    }

    private void line(String condition, String words, String description) {
      lines.append("complete -c ").append(NAME);
      if (!condition.isEmpty()) {
        lines.append(" -n ").append(quoted(condition));
      }
      lines.append(' ').append(words).append(" -d ").append(quoted(description)).append('\n');
    }

    private static String quoted(String text) {
      return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
  }

  /** One manual page, in roff's man macros. */
  private static final class Page {
    private final CommandSpec spec;
    private final UsageMessageSpec usage;
    private final StringBuilder text = new StringBuilder();

    Page(CommandSpec spec) {
      this.spec = spec;
      this.usage = spec.usageMessage();
    }

    String name() {
      return spec.qualifiedName("-");
    }

    String text() {
      text.append(".TH \"%s\" 1 \"\" \"%s\"\n".formatted(name().toUpperCase(Locale.ROOT), NAME));
      section("NAME", roff(name()) + " \\- " + roff(summary(spec)));
      section("SYNOPSIS", synopsis());
      section("DESCRIPTION", paragraphs(usage.description()));
      options();
      verbs();
      exitStatus();
      notes();
      if (spec.parent() != null) {
        section("SEE ALSO", "\\fB" + roff(spec.parent().qualifiedName("-")) + "\\fR(1)");
      }
      return text.toString();
    }

    private String synopsis() {
      String words = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF)).synopsis(0);
      return roff(words.strip().replaceAll("\\s+", " "));
    }

    private void options() {
      StringBuilder entries = new StringBuilder();
      for (PositionalParamSpec parameter : spec.positionalParameters()) {
        entry(entries, "\\fI" + roff(parameter.paramLabel()) + "\\fR", parameter.description());
      }
      for (OptionSpec option : shown(spec)) {
        String value = option.arity().max() > 0 ? "=\\fI" + roff(option.paramLabel()) + "\\fR" : "";
        String names = String.join(", ", option.names());
        entry(entries, "\\fB" + roff(names) + "\\fR" + value, option.description());
      }
      section("OPTIONS", entries.toString());
    }

    private void verbs() {
      StringBuilder entries = new StringBuilder();
      spec.subcommands()
          .forEach(
              (name, verb) ->
                  entry(entries, "\\fB" + roff(name) + "\\fR", summary(verb.getCommandSpec())));
      section("VERBS", entries.toString());
    }

    private void exitStatus() {
      StringBuilder entries = new StringBuilder();
      usage.exitCodeList().forEach((status, what) -> entry(entries, roff(status), what));
      section("EXIT STATUS", entries.toString());
    }

    private void notes() {
      section("NOTES", paragraphs(usage.footer()));
    }

    private void section(String title, String body) {
      if (!body.isBlank()) {
        text.append(".SH ").append(title).append('\n').append(body.strip()).append('\n');
      }
    }

    private static void entry(StringBuilder entries, String term, String... words) {
      entries.append(".TP\n").append(term).append('\n').append(roff(String.join(" ", words))).append('\n');
    }

    /** Lines that begin with two blanks are shown as they are. */
    private static String paragraphs(String... lines) {
      StringBuilder body = new StringBuilder();
      for (String line : lines) {
        if (line.startsWith("  ")) {
          body.append(".RS\n.nf\n").append(roff(line.strip())).append("\n.fi\n.RE\n");
        } else {
          body.append(line.isBlank() ? ".PP" : roff(line)).append('\n');
        }
      }
      return body.toString();
    }

    private static String roff(String text) {
      String escaped = text.replace("%n", "\n").replace("%%", "%").replace("\\", "\\e").replace("-", "\\-");
      return escaped
          .lines()
          .map(line -> line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line)
          .collect(Collectors.joining("\n"));
    }
  }
}
