package org.boinc.dockerwrapper.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that stands in a file is dropped or misread in silence. */
final class TomlDocumentTest {
  private static TomlDocument read(String text) {
    return TomlDocument.read(text.getBytes(UTF_8), "job.toml");
  }

  private static List<String> problems(String text) {
    return read(text).problems().stream().map(Problem::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a = 1 | 1",
        "a = +1 | 1",
        "a = -0 | 0",
        "a = 1_000 | 1000",
        "a = 9223372036854775807 | 9223372036854775807",
        "a = -9223372036854775808 | -9223372036854775808",
        "a = 1.5 | 1.5",
        "a = -0.25 | -0.25",
        "a = 3.0 | 3.0",
        "a = true | true",
        "a = false # x | false",
        "a = 'x' | x",
        "a = \"x\" | x",
        "a = \"\" | ``",
        "a = '' | ``",
        "a = \"# no comment\" | # no comment",
        "a = \"\\u00e4\" | ä",
        "a = \"ä€😀\" | ä€😀",
        "a = \"say \\\"hi\\\"\" | say \"hi\"",
        "a = 'C:\\dir\\' | C:\\dir\\",
        "a = '''it's''' | it's",
        "a = [] | []",
        "a = [ ] # x | []",
        "a = {} | {}",
        "a = [1, 2, 3,] | [1, 2, 3]",
        "a = [[1], ['x'], []] | [[1], [x], []]",
        "a = { b = { c = [1] } } | {b={c=[1]}}",
        "a = [ {b=1}, {c=\"}\"} ] | [{b=1}, {c=}}]",
        "\"a\" = 1 | 1",
        "'a' = 1 | 1",
        "  a  =  1   | 1",
      })
  void whatIsLegalIsReadAsItStands(String text, String value) {
    TomlDocument document = read(text);

    assertEquals(List.of(), document.problems());
    assertEquals(value, String.valueOf(document.root().get("a")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a =",
        "a = # none",
        "a",
        "= 1",
        "a = 0123",
        "a = -01",
        "a = 1__0",
        "a = _1",
        "a = 1_",
        "a = 1.",
        "a = .5",
        "a = 1e",
        "a = 0x10",
        "a = 0o7",
        "a = 0b1",
        "a = inf",
        "a = -nan",
        "a = 1979-05-27",
        "a = 1979-05-27T07:32:00Z",
        "a = 07:32:00",
        "a = True",
        "a = yes",
        "a = x",
        "a = \"x",
        "a = 'x",
        "a = \"x\ny\"",
        "a = \"\"\"x",
        "a = '''x",
        "a = \"\\x41\"",
        "a = \"\\u12\"",
        "a = \"\\U0001F600\"",
        "a = \"\\/\"",
        "a = \"\"\"\\q\"\"\"",
        "a = \"\"\"x \\  y\"\"\"",
        "a = \"C:\\\\new\"",
        "a = [1 2]",
        "a = [1,,2]",
        "a = [,]",
        "a = [1",
        "a = [1, 'x']",
        "a = [1, 1.0]",
        "a = { b = 1",
        "a = { b = 1, }",
        "a = { b = 1 c = 2 }",
        "a = { b }",
        "a = { b = 1\n}",
        "a = { b = 1, b = 2 }",
        "a = { b.c = 1 }",
        "a.b = 1",
        "a . b = 1",
        "a = 1 b = 2",
        "a = 1\na = 2",
        "a = 1\n\"a\" = 2",
        "[a]\n[a]",
        "a = 1\n[a]",
        "a = 1\n[[a]]",
        "[a]\n[[a]]",
        "[[a]]\n[a]",
        "a = []\n[[a]]",
        "a = {}\n[a.b]",
        "[]",
        "[a",
        "[a]]",
        "[[a]",
        "[a..b]",
        "[a] b = 1",
        "ä = 1",
        "a = 9223372036854775808",
        "a = 1e999",
        "a = \"\u0007\"",
        "a = 1\u000b",
      })
  void whatIsNotIsAProblemWithItsLine(String text) {
    TomlDocument document = read("# a comment\n\n" + text);

    assertFalse(document.problems().isEmpty(), text);
    assertTrue(document.problems().getFirst().line() >= 3, document.problems().toString());
  }

  @Test
  void everyProblemOfTheTextIsFoundAndTheRestIsRead() {
    TomlDocument document =
        read("a = 01\nb = 2\nc = [1 2]\nd = \"ok\"\n[t\ne = 1\n[u]\nf = x\ng = 3");

    assertEquals(List.of(1, 3, 5, 8), document.problems().stream().map(Problem::line).toList());
    assertEquals("{b=2, d=ok, u={g=3}}", document.root().toString());
  }

  @Test
  void linesAreKnownForEveryPathInside() {
    Map<String, Integer> lines =
        read("[files]\nin = [\n  { src = \"a\" },\n  { src = \"b\",\tdst = \"c\" }\n]\n[[x]]\n[[x]]\ny = 1")
            .lines();

    assertEquals(2, lines.get("files.in"));
    assertEquals(3, lines.get("files.in[0].src"));
    assertEquals(4, lines.get("files.in[1].dst"));
    assertEquals(8, lines.get("x[1].y"));
  }

  @Test
  void aTextThatIsNoTextIsRefused() {
    assertEquals(
        List.of("job.toml: has a zero byte in it, so it is not a text file; save it as UTF-8 text"),
        problems("a = 1\u0000"));
    assertEquals(
        List.of("job.toml:2: the text is not UTF-8 from here on; save it as UTF-8"),
        TomlDocument.read(new byte[] {'a', '=', '1', '\n', 'b', (byte) 0xff}, "job.toml")
            .problems()
            .stream()
            .map(Problem::toString)
            .toList());
    assertEquals(
        List.of("job.toml:1: the text is not UTF-8 from here on; save it as UTF-8"),
        TomlDocument.read(new byte[] {'a', (byte) 0xe2, (byte) 0x82}, "job.toml")
            .problems()
            .stream()
            .map(Problem::toString)
            .toList());
  }

  @Test
  void tooMuchIsRefusedBeforeTheLibrarySeesIt() {
    assertEquals(
        List.of("job.toml: is 10000000 bytes, the limit is 1 MiB"),
        TomlDocument.read(new byte[10_000_000], "job.toml").problems().stream()
            .map(Problem::toString)
            .toList());
    assertTrue(problems("a = " + "[".repeat(100_000)).getFirst().contains("levels deep"));
    assertTrue(problems("[" + "a.".repeat(100_000) + "a]").getFirst().contains("levels deep"));
    assertTrue(problems("a = [" + "1,".repeat(200_000) + "]").getFirst().contains("4096 values"));
    assertTrue(problems("[[a]]\n".repeat(100_000)).getFirst().contains("4096 values"));
    assertEquals(200, problems("x\n".repeat(400_000)).size());
  }

  @Test
  void aTextJustBelowTheLimitIsRead() {
    String text = "a = \"" + "x".repeat(TomlDocument.MOST_BYTES - 6) + "\"";

    assertEquals(List.of(), problems(text));
  }

  @Property(tries = 300)
  void aWrittenTreeIsReadBackExactly(@ForAll("tables") Map<String, Object> tree) {
    StringBuilder text = new StringBuilder();
    tree.forEach(
        (key, value) -> text.append(key).append(" = ").append(written(value)).append('\n'));
    TomlDocument document = read(text.toString());

    assertEquals(List.of(), document.problems(), text.toString());
    assertEquals(tree, document.root(), text.toString());
  }

  @Property(tries = 500)
  void noTextIsReadToLessThanItSays(@ForAll("scraps") List<String> scraps) {
    String text = String.join("", scraps);
    TomlDocument document = read(text);
    Set<String> assigned =
        text.lines()
            .filter(line -> line.matches("[a-z] = .*"))
            .map(line -> line.substring(0, 1))
            .collect(Collectors.toSet());

    if (document.problems().isEmpty()) {
      Set<String> found =
          document.lines().keySet().stream()
              .map(path -> path.substring(path.lastIndexOf('.') + 1))
              .collect(Collectors.toSet());
      assertTrue(found.containsAll(assigned), text);
    }
  }

  @Provide
  Arbitrary<List<String>> scraps() {
    return Arbitraries.of(
            "a = ", "b = ", "c = 1\n", "\n", "[t]\n", "[[u]]\n", "1", "\"x\"", "'", "[", "]", "{",
            "}", ",", "#", "\\", "\"\"\"", "=", ".", " ", "true")
        .list()
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<Map<String, Object>> tables() {
    return table(2);
  }

  private static Arbitrary<Map<String, Object>> table(int depth) {
    return Arbitraries.maps(keys(), value(depth)).ofMaxSize(4).map(LinkedHashMap::new);
  }

  private static Arbitrary<String> keys() {
    return Arbitraries.strings().alpha().numeric().withChars("_-").ofMinLength(1).ofMaxLength(6);
  }

  private static Arbitrary<Object> value(int depth) {
    Arbitrary<Object> scalar =
        Arbitraries.oneOf(
            Arbitraries.longs().asGeneric(),
            Arbitraries.doubles().between(-1e6, 1e6).ofScale(3).filter(d -> d != 0).asGeneric(),
            Arbitraries.of(true, false).asGeneric(),
            texts().asGeneric());
    if (depth == 0) {
      return scalar;
    }
    return Arbitraries.oneOf(
        scalar,
        texts().list().ofMaxSize(3).asGeneric(),
        table(depth - 1).list().ofMaxSize(2).asGeneric(),
        table(depth - 1).asGeneric());
  }

  /** A single quote and a backslash together have no plain form. */
  private static Arbitrary<String> texts() {
    return Arbitraries.strings()
        .withChars(" #=[]{},.\"'\\äß€abcn\t")
        .ofMaxLength(8)
        .filter(text -> !(text.contains("'") && text.contains("\\")));
  }

  private static String written(Object value) {
    return switch (value) {
      case String text when text.contains("'") ->
          '"' + text.replace("\"", "\\\"").replace("\t", "\\t") + '"';
      case String text -> "'" + text + "'";
      case Double number -> java.math.BigDecimal.valueOf(number).toPlainString();
      case List<?> list ->
          list.stream().map(TomlDocumentTest::written).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> e.getKey() + " = " + written(e.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      default -> String.valueOf(value);
    };
  }
}
