package org.boinc.dockerwrapper.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.boinc.dockerwrapper.engine.LogSink;

/**
 * What a job wrote, on this process's own standard streams: byte for byte into a file or pipe; on a
 * terminal as text that can't command it, because a job is a stranger's.
 */
final class LogOutput implements LogSink {
  private final Target stdout;
  private final Target stderr;

  /**
   * @param terminal whether a person looks at it
   */
  LogOutput(boolean terminal) {
    this(
        terminal,
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err));
  }

  LogOutput(boolean terminal, OutputStream stdout, OutputStream stderr) {
    this.stdout = new Target(stdout, terminal);
    this.stderr = new Target(stderr, terminal);
  }

  @Override
  public void accept(Stream stream, byte[] bytes) throws IOException {
    switch (stream) {
      case STDOUT -> stdout.write(bytes);
      case STDERR -> stderr.write(bytes);
    }
  }

  /** One stream; a character may come in two pieces. */
  private static final class Target {
    private final OutputStream out;
    private final boolean terminal;
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer rest = ByteBuffer.allocate(0);

    Target(OutputStream out, boolean terminal) {
      this.out = out;
      this.terminal = terminal;
    }

    void write(byte[] bytes) throws IOException {
      out.write(terminal ? visible(bytes).getBytes(StandardCharsets.UTF_8) : bytes);
      out.flush();
    }

    private String visible(byte[] bytes) {
      ByteBuffer in =
          ByteBuffer.allocate(rest.remaining() + bytes.length).put(rest).put(bytes).flip();
      CharBuffer text = CharBuffer.allocate(in.remaining() + 1);
      decoder.decode(in, text, false);
      rest = in.slice();
      StringBuilder shown = new StringBuilder();
      text.flip()
          .chars()
          .forEach(
              c ->
                  shown.append(
                      Character.isISOControl(c) && "\n\r\t".indexOf(c) < 0
                          ? ShellLine.visible(Character.toString(c))
                          : Character.toString(c)));
      return shown.toString();
    }
  }
}
