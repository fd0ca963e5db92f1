package org.boinc.dockerwrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.cli.DockerWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts/PlainCode.java makes of compiled classes, in the build and by itself. */
class PlainCodeTest {
  /** An AOT cache keeps what these two make; what others make is made at each start. */
  private static final Set<String> CACHED = Set.of("LambdaMetafactory", "StringConcatFactory");

  @Test
  void noClassOfTheProgramNeedsCodeThatIsGeneratedAtEachStart() throws Exception {
    List<Path> classes = classes(home(DockerWrapper.class));

    assertTrue(classes.size() > 300, () -> "looked at " + classes.size());
    assertEquals(
        Set.of(), generators(classes, CACHED), "by what; mvn process-classes takes them out");
  }

  @Test
  void rewrittenClassesDoWhatTheyDid(@TempDir Path directory) throws Exception {
    for (Path file : classes(home(PlainCodeSample.class))) {
      if (file.getFileName().toString().startsWith("PlainCodeSample")) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    assertEquals(
        Set.of("ObjectMethods", "SwitchBootstraps"), generators(classes(directory), CACHED));

    assertEquals("", plainCode(directory));

    assertEquals(Set.of(), generators(classes(directory), CACHED));
    assertEquals(new PlainCodeSample().call(), rewrittenSample(directory).call());
  }

  @Test
  void aSecondRunChangesNothing(@TempDir Path directory) throws Exception {
    Path sample = directory.resolve("PlainCodeSample.class");
    Files.copy(
        home(PlainCodeSample.class)
            .resolve(PlainCodeSample.class.getName().replace('.', '/') + ".class"),
        sample);
    byte[] compiled = Files.readAllBytes(sample);
    assertEquals("", plainCode(directory));
    byte[] once = Files.readAllBytes(sample);

    assertEquals("", plainCode(directory));

    assertNotEquals(compiled.length, once.length);
    assertEquals(
        new String(once, StandardCharsets.ISO_8859_1),
        Files.readString(sample, StandardCharsets.ISO_8859_1));
    assertEquals(List.of(sample), classes(directory));
  }

  @Test
  void aSwitchThatItDoesNotKnowFailsTheBuildInOneSentence(@TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("Unknown.java");
    Files.writeString(
        file,
        """
        class Unknown {
          static int of(Object value) {
            return switch (value) { case Thread.State.NEW -> 1; case String _ -> 2; default -> 3; };
          }
        }
        """);
    assertEquals("", run(directory, "javac", "-d", directory.toString(), file.toString()));

    String said = plainCode(directory);

    assertTrue(said.startsWith("PlainCode: Unknown has a switch over types with the label "), said);
    assertEquals(1, said.lines().count(), said);
  }

  private static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static List<Path> classes(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }

  /** Who is asked for code at run time, apart from some. */
  private static Set<String> generators(List<Path> classes, Set<String> apart) throws IOException {
    Set<String> found = new TreeSet<>();
    for (Path file : classes) {
      for (MethodModel method : ClassFile.of().parse(file).methods()) {
        method.code().stream()
            .flatMap(code -> code.elementStream())
            .filter(InvokeDynamicInstruction.class::isInstance)
            .map(InvokeDynamicInstruction.class::cast)
            .map(call -> call.bootstrapMethod().owner().displayName())
            .filter(name -> !apart.contains(name))
            .forEach(found::add);
      }
    }
    return found;
  }

  /** What it says. */
  private static String plainCode(Path directory) throws Exception {
    Path program = Path.of("scripts", "PlainCode.java").toAbsolutePath();
    return run(
        directory,
        "java",
        "-cp",
        home(PlainCodeSample.class).toString(),
        program.toString(),
        directory.toString());
  }

  private static String run(Path directory, String tool, String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of(arguments));
    command.addFirst(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  @SuppressWarnings("unchecked")
  private static Callable<List<String>> rewrittenSample(Path directory) throws Exception {
    Path packaged =
        Files.createDirectories(
            directory.resolve(PlainCodeSample.class.getPackageName().replace('.', '/')));
    for (Path file : classes(directory)) {
      Files.move(file, packaged.resolve(file.getFileName()));
    }
    URL[] path = {directory.toUri().toURL()};
    Class<?> rewritten =
        new URLClassLoader(path, ClassLoader.getPlatformClassLoader())
            .loadClass(PlainCodeSample.class.getName());
    var constructor = rewritten.getDeclaredConstructor();
    constructor.setAccessible(true);
    return (Callable<List<String>>) constructor.newInstance();
  }
}
