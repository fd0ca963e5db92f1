package org.boinc.dockerwrapper.cli;

/** The version that both commands show. */
final class Version {
  static final String TEXT = "0.1.0";

  private Version() {}
}
