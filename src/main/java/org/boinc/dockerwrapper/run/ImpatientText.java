package org.boinc.dockerwrapper.run;

/**
 * A text that stops a regular expression which looks at it for too long: some patterns take
 * exponential time on some lines, and a job may bring both.
 */
record ImpatientText(CharSequence text, long deadline) implements CharSequence {
  /** Thrown into the middle of a match. */
  static final class TooSlow extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooSlow() {
      super("pattern too slow", null, false, false);
    }
  }

  @Override
  public char charAt(int index) {
    if (System.nanoTime() > deadline) {
      throw new TooSlow();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new ImpatientText(text.subSequence(start, end), deadline);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
