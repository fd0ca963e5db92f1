package org.boinc.dockerwrapper;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The texts of source files that read like sentences: whole string expressions, with {@code …} for
 * what differs from case to case.
 */
final class Sentences extends TreeScanner<@Nullable Void, @Nullable Void> {
  private static final Pattern PLACEHOLDER = Pattern.compile("%(\\d+\\$)?[0-9.]*[a-z]");
  private static final Pattern SENTENCE = Pattern.compile("(?s).*[a-z…] .*[a-z].*");

  private final List<String> found = new ArrayList<>();

  private Sentences() {}

  /** By the name of the file without {@code .java}; a file that has none is missing. */
  static Map<String, List<String>> in(Collection<Path> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, List<String>> sentences = new TreeMap<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      for (CompilationUnitTree unit : task.parse()) {
        Sentences scanner = new Sentences();
        scanner.scan(unit, null);
        String file = Path.of(unit.getSourceFile().toUri()).getFileName().toString();
        if (!scanner.found.isEmpty()) {
          sentences.put(file.replace(".java", ""), scanner.found);
        }
      }
    }
    return sentences;
  }

  @Override
  public @Nullable Void visitBinary(BinaryTree tree, @Nullable Void unused) {
    if (isText(tree)) {
      add(tree);
      return null;
    }
    return super.visitBinary(tree, null);
  }

  @Override
  public @Nullable Void visitLiteral(LiteralTree tree, @Nullable Void unused) {
    if (isText(tree)) {
      add(tree);
    }
    return null;
  }

  private void add(Tree tree) {
    String text = PLACEHOLDER.matcher(text(tree)).replaceAll("…");
    if (SENTENCE.matcher(text).matches()) {
      found.add(text.replace("\n", "\\n").strip());
    }
  }

  private static boolean isText(Tree tree) {
    return switch (tree) {
      case LiteralTree literal -> literal.getValue() instanceof String;
      case BinaryTree sum when sum.getKind() == Tree.Kind.PLUS ->
          isText(sum.getLeftOperand()) || isText(sum.getRightOperand());
      case ParenthesizedTree inner -> isText(inner.getExpression());
      default -> false;
    };
  }

  private static String text(Tree tree) {
    return switch (tree) {
      case LiteralTree literal -> String.valueOf(literal.getValue());
      case BinaryTree sum when sum.getKind() == Tree.Kind.PLUS ->
          text(sum.getLeftOperand()) + text(sum.getRightOperand());
      case ParenthesizedTree inner -> text(inner.getExpression());
      default -> "…";
    };
  }
}
