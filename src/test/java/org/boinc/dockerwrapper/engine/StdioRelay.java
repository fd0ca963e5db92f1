package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** A program that relays between its standard input and output and a Unix socket. */
final class StdioRelay {
  private StdioRelay() {}

  /** The command that runs it. */
  static Endpoint.Command to(Path socket) {
    return new Endpoint.Command(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            classes(StdioRelay.class),
            StdioRelay.class.getName(),
            socket.toString()));
  }

  private static String classes(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends when the socket's side does; an end of the input is passed on. */
  public static void main(String[] args) throws IOException {
    SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(args[0]));
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                copy(System.in, Channels.newOutputStream(socket));
                socket.shutdownOutput();
              } catch (IOException gone) {
                System.err.println(gone);
              }
            });
    copy(Channels.newInputStream(socket), System.out);
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
      to.write(buffer, 0, count);
      to.flush();
    }
  }
}
