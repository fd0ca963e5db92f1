package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The terminal of this process, which passes every key on while this is open: also Ctrl-C, and
 * nothing is shown that the other side does not write. Set by stty(1), which every Unix has.
 */
final class RawTerminal implements AutoCloseable {

  /** In characters. */
  record Size(int rows, int columns) {
    /** Of {@code stty size}; empty where the terminal does not know. */
    static Optional<Size> parse(String text) {
      String[] words = text.strip().split(" ", -1);
      try {
        Size size = new Size(Integer.parseInt(words[0]), Integer.parseInt(words[words.length - 1]));
        return size.rows > 0 && size.columns > 0 ? Optional.of(size) : Optional.empty();
      } catch (NumberFormatException noNumbers) {
        return Optional.empty();
      }
    }
  }

  private final String before;
  private final Thread atEnd = new Thread(this::restore, "terminal");

  private RawTerminal(String before) {
    this.before = before;
  }

  /**
   * Begins.
   *
   * @throws IOException where the standard input is no terminal, or there is no stty
   */
  static RawTerminal open() throws IOException {
    RawTerminal terminal = new RawTerminal(stty("-g").strip());
    Runtime.getRuntime().addShutdownHook(terminal.atEnd);
    stty("raw", "-echo");
    return terminal;
  }

  /** How large it is now. */
  static Optional<Size> size() throws IOException {
    return Size.parse(stty("size"));
  }

  /**
   * Calls whenever the terminal changes its size. By reflection: javac knows no way to be told that
   * this class of the JDK, which all JDKs have, is meant.
   */
  static void onResize(Runnable changed) throws IOException {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object call =
          Proxy.newProxyInstance(
              RawTerminal.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, _) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      changed.run();
                      yield null;
                    }
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> false;
                    default -> "resize";
                  });
      Object winch = signal.getConstructor(String.class).newInstance("WINCH");
      signal.getMethod("handle", signal, handler).invoke(null, winch, call);
    } catch (ReflectiveOperationException missing) {
      throw new IOException("this JDK has no signals", missing);
    }
  }

  private static String stty(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(words));
    Process stty =
        new ProcessBuilder(command)
            .redirectInput(Redirect.INHERIT)
            .redirectErrorStream(true)
            .start();
    try (var output = stty.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      if (stty.waitFor() != 0) {
        throw new IOException("the terminal can't be set up: " + said.strip());
      }
      return said;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }

  private void restore() {
    try {
      stty(before);
    } catch (IOException closed) {
      System.err.println("boinc-docker: " + closed.getMessage() + "; run reset");
    }
  }

  @Override
  public void close() {
    restore();
    if (!atEnd.isAlive()) {
      try {
        Runtime.getRuntime().removeShutdownHook(atEnd);
      } catch (IllegalStateException shutdownHasBegun) {
        // The hook restores it once more.
      }
    }
  }
}
