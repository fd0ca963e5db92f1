package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * The few functions of Windows that Java does not offer. Each is looked up when it is first called,
 * so that other systems load nothing of this (signatures from Windows' documentation; none of them
 * has run on Windows yet).
 */
@SuppressWarnings("restricted")
final class Kernel32 {
  /** A file, or a process, that this user may not open. */
  static final int ERROR_ACCESS_DENIED = 5;

  /** The file is open elsewhere, and not shared. */
  static final int ERROR_SHARING_VIOLATION = 32;

  /** What opening gave: a handle, or the error of GetLastError. */
  record Opened(long handle, int error) {
    boolean succeeded() {
      return error == 0;
    }
  }

  private static final int FILE_MAP_ALL_ACCESS = 0xf001f;
  private static final int PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
  private static final int GENERIC_WRITE = 0x40000000;
  private static final int DELETE = 0x00010000;
  private static final int OPEN_ALWAYS = 4;
  private static final int FILE_FLAG_DELETE_ON_CLOSE = 0x04000000;
  private static final int NOT_SHARED = 0;
  private static final int NOT_INHERITED = 0;
  private static final long INVALID_HANDLE = -1;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  /** Pointers and handles have one size on the systems that we run on. */
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;

  private Kernel32() {}

  /** A named section that another process made, to be mapped. */
  static Opened openSection(String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Call call = Call.of("OpenFileMappingW", FunctionDescriptor.of(WORD, INT, INT, WORD), arena);
      long handle =
          (long)
              call.function.invokeExact(
                  call.state, FILE_MAP_ALL_ACCESS, NOT_INHERITED, text(name, arena));
      return call.opened(handle, 0);
    } catch (Throwable e) {
      throw failed("OpenFileMappingW", e);
    }
  }

  /** Maps a section; the address stays valid after the section's handle is closed. */
  static Opened map(long section, long size) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Call call =
          Call.of("MapViewOfFile", FunctionDescriptor.of(WORD, WORD, INT, INT, INT, WORD), arena);
      long address =
          (long) call.function.invokeExact(call.state, section, FILE_MAP_ALL_ACCESS, 0, 0, size);
      return call.opened(address, 0);
    } catch (Throwable e) {
      throw failed("MapViewOfFile", e);
    }
  }

  /** Asks for as little as can be asked of a process. */
  static Opened openProcess(long pid) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Call call = Call.of("OpenProcess", FunctionDescriptor.of(WORD, INT, INT, INT), arena);
      long handle =
          (long)
              call.function.invokeExact(
                  call.state, PROCESS_QUERY_LIMITED_INFORMATION, NOT_INHERITED, (int) pid);
      return call.opened(handle, 0);
    } catch (Throwable e) {
      throw failed("OpenProcess", e);
    }
  }

  /** Opens or makes a file that nobody else can open meanwhile; it is deleted with the handle. */
  static Opened openAlone(String path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Call call =
          Call.of(
              "CreateFileW",
              FunctionDescriptor.of(WORD, WORD, INT, INT, WORD, INT, INT, WORD),
              arena);
      long handle =
          (long)
              call.function.invokeExact(
                  call.state,
                  text(path, arena),
                  GENERIC_WRITE | DELETE,
                  NOT_SHARED,
                  0L,
                  OPEN_ALWAYS,
                  FILE_FLAG_DELETE_ON_CLOSE,
                  0L);
      return call.opened(handle, INVALID_HANDLE);
    } catch (Throwable e) {
      throw failed("CreateFileW", e);
    }
  }

  static void close(long handle) throws IOException {
    free("CloseHandle", handle);
  }

  static void unmap(long address) throws IOException {
    free("UnmapViewOfFile", address);
  }

  private static void free(String name, long argument) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Call call = Call.of(name, FunctionDescriptor.of(INT, WORD), arena);
      int succeeded = (int) call.function.invokeExact(call.state, argument);
      if (succeeded == 0) {
        throw new IOException("%s failed with error %d".formatted(name, call.lastError()));
      }
    } catch (Throwable e) {
      throw failed(name, e);
    }
  }

  private static long text(String text, Arena arena) {
    return arena.allocateFrom(text, StandardCharsets.UTF_16LE).address();
  }

  private static IOException failed(String name, Throwable cause) {
    return switch (cause) {
      case IOException ours -> ours;
      case Error fatal -> throw fatal;
      default -> new IOException("%s can't be called: %s".formatted(name, cause), cause);
    };
  }

  /** One call; the linker keeps GetLastError's value before the JVM itself can change it. */
  private record Call(MethodHandle function, MemorySegment state) {
    private static final String LAST_ERROR = "GetLastError";

    static Call of(String name, FunctionDescriptor type, Arena arena) {
      MethodHandle function =
          Linker.nativeLinker()
              .downcallHandle(
                  SymbolLookup.libraryLookup("kernel32", Arena.global()).findOrThrow(name),
                  type,
                  Linker.Option.captureCallState(LAST_ERROR));
      return new Call(function, arena.allocate(Linker.Option.captureStateLayout()));
    }

    Opened opened(long handle, long none) {
      return handle == none ? new Opened(0, Math.max(1, lastError())) : new Opened(handle, 0);
    }

    int lastError() {
      VarHandle error =
          Linker.Option.captureStateLayout()
              .varHandle(MemoryLayout.PathElement.groupElement(LAST_ERROR));
      return (int) error.get(state, 0L);
    }
  }
}
