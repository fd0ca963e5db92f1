package org.boinc.dockerwrapper.pack;

import java.util.List;

/**
 * The app version of one platform.
 *
 * @param directory below the project's directory
 * @param apiVersion what the client takes the kind of shared memory from
 * @param files the main program first
 */
public record AppVersion(
    String platform, String directory, String apiVersion, List<ReleaseFile> files) {

  /** The text of its version.xml, as BOINC's tools/update_versions reads it. */
  String versionXml(VersionFlags flags) {
    StringBuilder xml = new StringBuilder("<version>\n");
    for (ReleaseFile file : files) {
      xml.append("    <file>\n");
      element(xml, "physical_name", file.physicalName());
      if (!file.logicalName().isEmpty()) {
        element(xml, "logical_name", file.logicalName());
      }
      xml.append(file.copied() ? "        <copy_file/>\n" : "");
      xml.append(file.mainProgram() ? "        <main_program/>\n" : "");
      xml.append("    </file>\n");
    }
    xml.append("    <api_version>").append(apiVersion).append("</api_version>\n");
    xml.append("    <is_wrapper/>\n");
    flags.flags().forEach(flag -> xml.append("    <").append(flag).append("/>\n"));
    if (!flags.filePrefix().isEmpty()) {
      xml.append("    <file_prefix>").append(flags.filePrefix()).append("</file_prefix>\n");
    }
    return xml.append("</version>\n").toString();
  }

  private static void element(StringBuilder xml, String name, String text) {
    xml.append("        <%s>%s</%s>\n".formatted(name, text, name));
  }
}
