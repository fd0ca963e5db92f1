package org.boinc.dockerwrapper.convert;

/** One system's way to write a job down. */
interface Format {
  /** As it is chosen by. */
  String name();

  /** For people. */
  String title();

  /** Whether a text looks like it. */
  boolean recognises(String text);

  /**
   * Fills the draft.
   *
   * @throws NotConvertible where there is nothing to make a job of
   */
  void convert(String text, JobDraft draft) throws NotConvertible;
}
