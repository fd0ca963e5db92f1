package org.boinc.dockerwrapper.job;

import java.util.Optional;

/**
 * A number of bytes.
 *
 * @param bytes not negative
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  /** What {@link #parse} takes, but for numbers that are too large, for a JSON Schema. */
  static final String FORM = "^\\s*[0-9]{1,18}\\s*[bkmgtBKMGT]?\\s*$";

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative size: " + bytes);
    }
  }

  /**
   * {@code 512m}, {@code 4g}, {@code 1024}: a number with an optional 1024-based unit b, k, m, g or
   * t.
   */
  public static Optional<ByteSize> parse(String text) {
    String trimmed = text.strip().toLowerCase(java.util.Locale.ROOT);
    int unit = trimmed.isEmpty() ? -1 : "bkmgt".indexOf(trimmed.charAt(trimmed.length() - 1));
    String digits = unit < 0 ? trimmed : trimmed.substring(0, trimmed.length() - 1).strip();
    if (digits.isEmpty()
        || digits.length() > 18
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ByteSize(Math.multiplyExact(Long.parseLong(digits), 1L << (10 * Math.max(unit, 0)))));
    } catch (ArithmeticException tooLarge) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** The largest 1024-based unit that is exact, such as {@code 64m}. */
  @Override
  public String toString() {
    int unit = bytes == 0 ? 0 : Math.min(4, Long.numberOfTrailingZeros(bytes) / 10);
    return (bytes >> (10 * unit)) + (unit == 0 ? "" : "bkmgt".substring(unit, unit + 1));
  }
}
