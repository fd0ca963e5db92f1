package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A socket. A selector, not a watchdog thread, keeps the deadlines. */
abstract class ChannelWire implements Wire {
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;

  ChannelWire(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.selector = Selector.open();
    channel.configureBlocking(false);
    this.key = channel.register(selector, 0);
  }

  final SocketChannel channel() {
    return channel;
  }

  @Override
  public final int read(ByteBuffer to) throws IOException {
    return channel.read(to);
  }

  @Override
  public final int write(ByteBuffer from) throws IOException {
    return channel.write(from);
  }

  @Override
  public final boolean await(boolean toRead, boolean toWrite, long millis) throws IOException {
    return select(
        (toRead ? SelectionKey.OP_READ : 0) | (toWrite ? SelectionKey.OP_WRITE : 0), millis);
  }

  final boolean select(int operations, long millis) throws IOException {
    try {
      key.interestOps(operations);
      int ready = selector.select(millis);
      selector.selectedKeys().clear();
      return ready > 0;
    } catch (ClosedSelectorException | CancelledKeyException closed) {
      AsynchronousCloseException gone = new AsynchronousCloseException();
      gone.initCause(closed);
      throw gone;
    }
  }

  @Override
  public final void wake() {
    selector.wakeup();
  }

  @Override
  public final boolean endOutput() throws IOException {
    channel.shutdownOutput();
    return true;
  }

  @Override
  public final void close() throws IOException {
    try (selector;
        channel) {
      // closing both is all; the selector last, because only it frees the descriptor
    }
  }
}
