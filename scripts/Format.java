import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks or fixes the format of every Java file below a directory: {@code Format check|fix DIR}. */
class Format {
  public static void main(String[] args) throws Exception {
    boolean fix = args[0].equals("fix");
    List<Path> unformatted = new ArrayList<>();
    try (var files = Files.walk(Path.of(args[1]))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        String text = Files.readString(file);
        String formatted =
            new Formatter()
                .formatSource(
                    ImportOrderer.reorderImports(
                        RemoveUnusedImports.removeUnusedImports(text), Style.GOOGLE));
        if (!formatted.equals(text)) {
          unformatted.add(file);
          if (fix) {
            Files.writeString(file, formatted);
          }
        }
      }
    }
    unformatted.forEach(file -> System.out.println((fix ? "formatted " : "not formatted: ") + file));
    if (!fix && !unformatted.isEmpty()) {
      System.out.println("run: mvn process-sources -Dformat.mode=fix");
      System.exit(1);
    }
  }
}
