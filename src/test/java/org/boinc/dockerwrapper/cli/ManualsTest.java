package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What {@code scripts/Manuals.java} writes at each build. */
@Timeout(120)
class ManualsTest {
  @TempDir static Path share;

  @BeforeAll
  static void made() throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "scripts/Manuals.java",
            share.toString());
    assertEquals("", said(command));
  }

  /** What a program prints, on both of its streams. */
  private static String said(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "it ends");
    return said;
  }

  /** The words that bash offers behind a line, sorted. */
  private static List<String> offered(String line) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
    String script =
        """
        source "$1"
        shift
        compopt() { :; } # wants to be called by readline
        function=$(complete -p boinc-docker | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        "$function" "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    List<String> command =
        new ArrayList<>(
            List.of(
                "bash",
                "--norc",
                "-c",
                script,
                "bash",
                share.resolve("bash-completion/completions/boinc-docker").toString()));
    command.addAll(words);
    return said(command)
        .lines()
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .sorted()
        .toList();
  }

  private static Set<String> verbs() {
    return BoincDocker.commandLine().getSubcommands().keySet();
  }

  @Test
  void bashCompletesEveryVerb() throws Exception {
    assertEquals(List.copyOf(new TreeSet<>(verbs())), offered("boinc-docker "));
  }

  @ParameterizedTest
  @CsvSource({
    "boinc-docker val, validate",
    "boinc-docker init --mod, --mode --model",
    "boinc-docker init --mode , copy mount",
    "boinc-docker init --model uni, universal",
    "boinc-docker template , list show",
    "boinc-docker template show --j, --json",
    "boinc-docker policy al, allow"
  })
  void bashCompletesOptionsAndTheirWords(String line, String words) throws Exception {
    String typed = line.endsWith("mode") || line.endsWith("template") ? line + " " : line;
    assertEquals(List.of(words.split(" ", -1)), offered(typed));
  }

  /** Tabs as a person types them, in a bash on a terminal of its own. */
  @Test
  void aTabCompletesTheWordInBash() throws Exception {
    Path input = share.resolve("typed");
    Files.writeString(
        input,
        """
        source %s
        boinc-docker() { echo "words: $*"; }
        boinc-docker val\t--js\tmyjob
        boinc-docker init --mode c\t--model u\tmyjob
        exit
        """
            .formatted(share.resolve("bash-completion/completions/boinc-docker")));
    String said =
        said(
            List.of(
                "bash",
                "-c",
                "script -qec 'bash --norc --noprofile -i' /dev/null <\"$1\"",
                "bash",
                input.toString()));
    assertTrue(said.contains("words: validate --json myjob\r\n"), said);
    assertTrue(said.contains("words: init --mode copy --model universal myjob\r\n"), said);
  }

  @Test
  void fishKnowsEveryVerbAndOption() throws IOException {
    String fish = Files.readString(share.resolve("fish/vendor_completions.d/boinc-docker.fish"));
    for (Map.Entry<String, CommandLine> verb :
        BoincDocker.commandLine().getSubcommands().entrySet()) {
      assertTrue(fish.contains(" -a " + verb.getKey() + " -d "), verb.getKey());
      for (var option : verb.getValue().getCommandSpec().options()) {
        String name = option.longestName().replaceFirst("^-+", "");
        assertTrue(
            option.hidden()
                ^ fish.lines()
                    .anyMatch(
                        line ->
                            line.contains("__fish_seen_subcommand_from " + verb.getKey())
                                && line.contains("-l " + name)),
            verb.getKey() + " --" + name);
      }
    }
    assertTrue(fish.contains("-l mode -x -a 'mount copy'"), fish);
    fish.lines()
        .forEach(
            line ->
                assertEquals(
                    0, line.replace("\\'", "").chars().filter(c -> c == '\'').count() % 2, line));
  }

  @Test
  void zshKnowsWhoseCompletionItIs() throws IOException {
    String zsh = Files.readString(share.resolve("zsh/site-functions/_boinc-docker"));
    assertTrue(zsh.startsWith("#compdef boinc-docker\n"), zsh);
    assertTrue(zsh.contains("bashcompinit"), zsh);
  }

  @Test
  void everyVerbHasAPageWithItsOptionsAndStatuses() throws IOException {
    Set<String> pages = new TreeSet<>();
    try (Stream<Path> files = Files.list(share.resolve("man/man1"))) {
      files.forEach(file -> pages.add(file.getFileName().toString()));
    }
    for (String verb : verbs()) {
      String name = "boinc-docker-" + verb + ".1";
      assertTrue(pages.contains(name), pages::toString);
      String page = Files.readString(share.resolve("man/man1/" + name));
      assertTrue(page.contains("\\-\\-help"), page);
      assertTrue(page.contains(".SH EXIT STATUS"), page);
    }
    assertTrue(pages.contains("boinc-docker.1"));
    assertTrue(pages.contains("boinc-docker-policy-allow.1"));
  }

  @Test
  void noPageHasALineThatRoffWouldTakeForACommand() throws IOException {
    Set<String> macros = Set.of("TH", "SH", "TP", "PP", "RS", "RE", "nf", "fi");
    try (Stream<Path> files = Files.list(share.resolve("man/man1"))) {
      for (Path file : files.toList()) {
        Set<String> commands =
            Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(".") || line.startsWith("'"))
                .map(line -> line.substring(1).split(" ", 2)[0])
                .collect(Collectors.toSet());
        assertTrue(macros.containsAll(commands), file + " " + commands);
        assertFalse(Files.readString(file).contains("${"), file.toString());
        assertFalse(Files.readString(file).matches("(?s).*%[n%].*"), file.toString());
      }
    }
  }
}
