package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The memory that client and wrapper share, eight {@link Channel}s of 1 KiB (BOINC lib/app_ipc.h):
 * on Linux and macOS the first 8 KiB of {@code boinc_mmap_file} in the slot, on Windows a section
 * with a name.
 */
public final class SharedMemory {
  /** Bytes in all eight channels. */
  public static final int SIZE = 8192;

  /** The mapped file's name in the slot. */
  public static final String FILE = "boinc_mmap_file";

  private final ByteBuffer memory;

  private SharedMemory(ByteBuffer memory) {
    this.memory = memory;
  }

  private static SharedMemory map(FileChannel file) throws IOException {
    MappedByteBuffer memory = file.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
    return new SharedMemory(memory);
  }

  /** A part of it, with positions of its own. */
  ByteBuffer part(int offset, int size) {
    return memory.slice(offset, size);
  }

  /**
   * The wrapper's side: maps what the client prepared and init_data.xml tells of. Only a client on
   * Windows names a section, and gives no key beside it.
   *
   * @return mapped until nobody refers to it any more
   * @throws IOException if it is not there or can't be mapped
   */
  public static SharedMemory attach(Path slot, InitData job) throws IOException {
    return job.shmKey().isEmpty() && job.commObjName().isPresent()
        ? new SharedMemory(NamedSection.attach(job.commObjName().get()).asByteBuffer())
        : attach(slot);
  }

  /**
   * The wrapper's side on Linux and macOS.
   *
   * @return mapped until nobody refers to it any more
   * @throws java.nio.file.NoSuchFileException if the client prepared nothing
   * @throws IOException if the file is shorter than the eight channels, or can't be mapped
   */
  public static SharedMemory attach(Path slot) throws IOException {
    Path file = slot.resolve(FILE);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (channel.size() < SIZE) {
        throw new IOException(
            "%s: has %d bytes, the shared memory needs %d".formatted(file, channel.size(), SIZE));
      }
      return map(channel);
    }
  }

  /**
   * The client's side, before each launch: creates the file or makes it long enough, and empties
   * all channels.
   */
  public static SharedMemory create(Path slot) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            slot.resolve(FILE),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      SharedMemory empty = map(channel);
      empty.memory.put(0, new byte[SIZE]);
      return empty;
    }
  }
}
