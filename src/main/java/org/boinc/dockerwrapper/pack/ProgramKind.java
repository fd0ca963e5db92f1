package org.boinc.dockerwrapper.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What kind of program a file is, by its first bytes, and which kind a BOINC platform runs.
 *
 * @param machine empty: any
 */
record ProgramKind(Format format, String machine) {
  private static final int HEAD = 4096;
  private static final String X86_64 = "x86_64";
  private static final String ARM64 = "arm64";
  private static final String X86 = "x86";

  enum Format {
    ELF,
    PE,
    MACH_O,
    SCRIPT
  }

  /** Empty: none that is known. */
  static Optional<ProgramKind> of(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD);
    }
    ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    if (head.length >= 2 && head[0] == '#' && head[1] == '!') {
      return Optional.of(new ProgramKind(Format.SCRIPT, ""));
    }
    if (head.length < 64) {
      return Optional.empty();
    }
    if (bytes.getInt(0) == 0x464c457f) {
      return Optional.of(new ProgramKind(Format.ELF, elfMachine(bytes.getShort(18))));
    }
    if (head[0] == 'M' && head[1] == 'Z') {
      return Optional.of(new ProgramKind(Format.PE, peMachine(bytes)));
    }
    return switch (bytes.getInt(0)) {
      case 0xfeedfacf -> Optional.of(new ProgramKind(Format.MACH_O, machMachine(bytes.getInt(4))));
      case 0xbebafeca -> Optional.of(new ProgramKind(Format.MACH_O, ""));
      default -> Optional.empty();
    };
  }

  private static String elfMachine(short machine) {
    return switch (machine) {
      case 3 -> X86;
      case 62 -> X86_64;
      case 183 -> ARM64;
      default -> "machine " + machine;
    };
  }

  private static String peMachine(ByteBuffer bytes) {
    int header = bytes.getInt(0x3c);
    if (header < 0 || header > bytes.limit() - 6) {
      return "";
    }
    return switch (bytes.getShort(header + 4) & 0xffff) {
      case 0x014c -> X86;
      case 0x8664 -> X86_64;
      case 0xaa64 -> ARM64;
      default -> "machine " + (bytes.getShort(header + 4) & 0xffff);
    };
  }

  private static String machMachine(int cpu) {
    return switch (cpu) {
      case 0x01000007 -> X86_64;
      case 0x0100000c -> ARM64;
      default -> "machine " + cpu;
    };
  }

  /** Whether a host of that BOINC platform can start it. */
  boolean runsOn(String platform) {
    boolean formatFits =
        switch (format) {
          case PE -> isWindows(platform);
          case MACH_O -> platform.endsWith("apple-darwin");
          case ELF -> !isWindows(platform) && !platform.endsWith("apple-darwin");
          case SCRIPT -> !isWindows(platform);
        };
    return formatFits && (machine.isEmpty() || machine.equals(machine(platform)));
  }

  static boolean isWindows(String platform) {
    return platform.startsWith("windows");
  }

  private static String machine(String platform) {
    if (platform.contains(X86_64)) {
      return X86_64;
    }
    if (platform.contains("aarch64") || platform.contains(ARM64)) {
      return ARM64;
    }
    return platform.contains("86") ? X86 : platform;
  }

  /** For people. */
  @Override
  public String toString() {
    String what =
        switch (format) {
          case ELF -> "a Linux program";
          case PE -> "a Windows program";
          case MACH_O -> "a macOS program";
          case SCRIPT -> "a script";
        };
    return machine.isEmpty() ? what : what + " for " + machine;
  }
}
