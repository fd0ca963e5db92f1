package org.boinc.dockerwrapper.doctor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A program that needs nothing around it, so that an image can be made of it alone: no registry, no
 * shell, no library. It makes the file {@code /probe/out} and waits for ever; where it can't, its
 * exit status is the error number (errno(3)).
 */
final class TrialProgram {
  /** Such as the engine names it. */
  static final String ARCHITECTURE = "amd64";

  static final String DIRECTORY = "/probe";
  static final String FILE = "out";

  /**
   * <pre>{@code
   *       mov  $-100, %edi          # AT_FDCWD
   *       lea  path(%rip), %rsi
   *       mov  $0x41, %edx          # O_WRONLY | O_CREAT
   *       mov  $0644, %r10d
   *       mov  $257, %eax           # openat
   *       syscall
   *       test %eax, %eax
   *       js   fail
   * wait: mov  $34, %eax            # pause
   *       syscall
   *       jmp  wait
   * fail: neg  %eax
   *       mov  %eax, %edi
   *       mov  $231, %eax           # exit_group
   *       syscall
   * path:
   * }</pre>
   */
  private static final String CODE =
      "bf9cffffff488d352a000000ba4100000041baa4010000b8010100000f05"
          + "85c07809b8220000000f05ebf7f7d889c7b8e70000000f05";

  private static final long ADDRESS = 0x400000;
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;

  private TrialProgram() {}

  /** An ELF file of one segment (elf(5)). */
  static byte[] bytes() {
    byte[] code = HexFormat.of().parseHex(CODE);
    byte[] path = (DIRECTORY + "/" + FILE + "\0").getBytes(StandardCharsets.US_ASCII);
    int size = HEADER + PROGRAM_HEADER + code.length + path.length;
    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    elf.putShort((short) 2).putShort((short) 62).putInt(1); // executable, x86-64
    elf.putLong(ADDRESS + HEADER + PROGRAM_HEADER).putLong(HEADER).putLong(0).putInt(0);
    elf.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 1);
    elf.position(HEADER);
    elf.putInt(1).putInt(5); // to be loaded, readable and executable
    elf.putLong(0).putLong(ADDRESS).putLong(ADDRESS).putLong(size).putLong(size).putLong(0x1000);
    return elf.put(code).put(path).array();
  }
}
