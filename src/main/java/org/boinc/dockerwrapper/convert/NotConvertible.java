package org.boinc.dockerwrapper.convert;

/** A text that no job can be made of; the message says why, in one sentence. */
public final class NotConvertible extends Exception {
  private static final long serialVersionUID = 1;

  NotConvertible(String sentence) {
    super(sentence);
  }
}
