package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A Unix socket. */
class UnixWire extends ChannelWire {
  private final Path path;

  UnixWire(Path path) throws IOException {
    super(SocketChannel.open(StandardProtocolFamily.UNIX));
    this.path = path;
  }

  /** The kernel connects a Unix socket at once or says no, so patience plays no part. */
  @Override
  public void connect(Duration patience) throws IOException {
    try {
      if (!channel().connect(UnixDomainSocketAddress.of(path))) {
        throw new IOException("too many connections are waiting");
      }
    } catch (IOException refused) {
      throw unreachable(refused);
    }
  }

  private TransportException unreachable(IOException cause) {
    if (Files.notExists(path)) {
      return new TransportException(Fault.UNREACHABLE, "there is no socket " + path, cause);
    }
    return Files.isWritable(path)
        ? new TransportException(
            Fault.UNREACHABLE, "nobody answers at " + path + ": " + cause.getMessage(), cause)
        : new TransportException(Fault.DENIED, SocketPermission.sentence(path), cause);
  }
}
