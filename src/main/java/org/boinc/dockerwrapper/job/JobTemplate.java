package org.boinc.dockerwrapper.job;

import java.util.Map;

/**
 * What a template says of itself.
 *
 * @param comment for people; empty: none
 * @param parent the template that it changes; empty: none
 */
public record JobTemplate(String comment, String parent) {

  /** Reads a template. What is wrong with it, {@link JobReader} says. */
  public static JobTemplate read(byte[] text) {
    Map<String, Object> root = TomlDocument.read(text, "template").root();
    return new JobTemplate(text(root, "comment"), text(root, "template"));
  }

  private static String text(Map<String, Object> root, String key) {
    return root.get(key) instanceof String text ? text : "";
  }
}
