package org.boinc.dockerwrapper.pack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** First bytes of programs, as linkers write them, and what follows. */
public final class Programs {
  private Programs() {}

  /** For x86_64 Linux. */
  public static Path elf(Path file, String... strings) throws IOException {
    return write(file, elfHead((short) 62), strings);
  }

  /** For 64-bit ARM Linux. */
  public static Path armElf(Path file) throws IOException {
    return write(file, elfHead((short) 183));
  }

  /** For x86_64 Windows. */
  public static Path pe(Path file) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    head.put((byte) 'M').put((byte) 'Z');
    head.putInt(0x3c, 128).putInt(128, 0x4550).putShort(132, (short) 0x8664);
    return write(file, head.array());
  }

  private static byte[] elfHead(short machine) {
    ByteBuffer head = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(0x464c457f).putShort(18, machine);
    return head.array();
  }

  private static Path write(Path file, byte[] head, String... strings) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(head);
    for (String text : strings) {
      content.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
      content.write(0);
    }
    return Files.write(file, content.toByteArray());
  }
}
