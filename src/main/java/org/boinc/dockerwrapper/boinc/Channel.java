package org.boinc.dockerwrapper.boinc;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * One mailbox of the shared memory: room for one unread message, one writer, one reader, either of
 * which may be another process.
 *
 * <p>Byte 0 is the flag (0: empty), the NUL-terminated text follows (BOINC lib/app_ipc.cpp). There
 * is no lock: the flag is stored with release and loaded with acquire semantics, so whoever sees
 * the flag sees the text. By fences: for a variable handle the JVM generates code at every start.
 */
public final class Channel {
  /** The mailboxes in the order in which they lie in memory (BOINC lib/app_ipc.h). */
  public enum Name {
    /** Client to app: {@link ClientRequest}s. */
    PROCESS_CONTROL_REQUEST(0),
    /** Unused by client and library. */
    PROCESS_CONTROL_REPLY(1024),
    /** Unused by client and library. */
    GRAPHICS_REQUEST(2048),
    /** App to client: where the job's web graphics are. */
    GRAPHICS_REPLY(3072),
    /** Client to app, each second: {@link Heartbeat}. */
    HEARTBEAT(4096),
    /** App to client: {@link AppStatus}. */
    APP_STATUS(5120),
    /** App to client: there is a trickle-up message or a file to upload. */
    TRICKLE_UP(6144),
    /** Client to app: there is a trickle-down message or news of an upload. */
    TRICKLE_DOWN(7168);

    private final int offset;

    Name(int offset) {
      this.offset = offset;
    }
  }

  /** The longest text: 1024 bytes less the flag and the NUL. */
  public static final int MAX_TEXT = 1022;

  private static final int CHANNEL_SIZE = 1024;
  private static final int FLAG = 0;
  private static final int TEXT = 1;
  private static final byte EMPTY = 0;
  private static final byte UNREAD = 1;

  private final ByteBuffer memory;

  /**
   * A view of one mailbox.
   *
   * @param memory all of it
   */
  public Channel(SharedMemory memory, Name name) {
    this.memory = memory.part(name.offset, CHANNEL_SIZE);
  }

  /** Whether a message waits to be read. */
  public boolean isFull() {
    byte flag = memory.get(FLAG);
    VarHandle.acquireFence();
    return flag != EMPTY;
  }

  private void flag(byte flag) {
    VarHandle.releaseFence();
    memory.put(FLAG, flag);
  }

  /**
   * Leaves a message.
   *
   * @param text ASCII (anything else becomes a question mark), at most {@link #MAX_TEXT} characters
   * @return false: the previous message is still unread and stays as it is
   */
  public boolean send(String text) {
    if (text.length() > MAX_TEXT || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "not a message of at most %d characters without NUL: %s".formatted(MAX_TEXT, text));
    }
    if (isFull()) {
      return false;
    }
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    memory.put(TEXT, bytes);
    memory.put(TEXT + bytes.length, (byte) 0);
    flag(UNREAD);
    return true;
  }

  /** Takes the message, if there is one, and frees the mailbox. */
  public Optional<String> take() {
    if (!isFull()) {
      return Optional.empty();
    }
    byte[] bytes = new byte[MAX_TEXT];
    memory.get(TEXT, bytes);
    flag(EMPTY);
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return Optional.of(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
  }

  /**
   * What was last sent, read or not, for whoever takes no part in it.
   *
   * @param memory a copy of all of it, made while others may have written
   */
  static String last(byte[] memory, Name name) {
    int start = name.offset + TEXT;
    int end = start;
    while (end < start + MAX_TEXT && memory[end] != 0) {
      end++;
    }
    return new String(memory, start, end - start, StandardCharsets.ISO_8859_1);
  }

  /** As many whole elements, from the first on, as one message holds: half a tag would mislead. */
  static String fit(List<String> elements) {
    StringBuilder text = new StringBuilder();
    for (String element : elements) {
      if (text.length() + element.length() > MAX_TEXT) {
        break;
      }
      text.append(element);
    }
    return text.toString();
  }
}
