package org.boinc.dockerwrapper.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.boinc.dockerwrapper.simulate.SimulatedFile.Realisation;
import org.boinc.dockerwrapper.simulate.SimulatedFile.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobDirectoryTest {
  @TempDir Path directory;

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private SimulatedFile only(Role role) throws IOException {
    List<SimulatedFile> files =
        JobDirectory.read(directory).files().stream().filter(f -> f.role() == role).toList();
    assertEquals(1, files.size(), files::toString);
    return files.getFirst();
  }

  @Test
  void withoutTemplatesFilesAreAppFilesAndInputs() throws Exception {
    write("job.toml", "");
    write("scripts/main.sh", "");
    write("README.md", "");
    write("inputs/sub/in", "");
    write("expected/out", "");
    JobDirectory job = JobDirectory.read(directory);
    assertEquals(
        List.of("APP_VERSION job.toml", "APP_VERSION scripts/main.sh", "INPUT sub/in"),
        job.files().stream().map(f -> f.role() + " " + f.logicalName()).toList());
    assertEquals(List.of(), job.problems());
    assertTrue(job.files().stream().allMatch(f -> f.realisation() == Realisation.SOFT_LINK));
    assertTrue(
        job.withCopies().files().stream().allMatch(f -> f.realisation() == Realisation.COPY));
  }

  @Test
  void versionXmlNamesTheAppFiles() throws Exception {
    write("job_1.toml", "");
    write("not_listed", "");
    write(
        "version.xml",
        """
        <version>
          <file><physical_name>docker_wrapper_1</physical_name><main_program/></file>
          <file>
            <physical_name>job_1.toml</physical_name>
            <logical_name>job.toml</logical_name>
            <copy_file/>
          </file>
          <api_version>8.2.0</api_version>
        </version>
        """);
    SimulatedFile file = only(Role.APP_VERSION);
    assertEquals("job.toml", file.logicalName());
    assertEquals("job_1.toml", file.physicalName());
    assertEquals(Realisation.COPY, file.realisation());
    assertEquals(List.of(), JobDirectory.read(directory).remarks());
  }

  @Test
  void versionXmlWithoutApiVersionIsRemarked() throws Exception {
    write("version.xml", "<version></version>");
    assertTrue(JobDirectory.read(directory).remarks().getFirst().contains("<api_version>"));
  }

  @Test
  void missingListedFilesAreAllReported() throws Exception {
    write("version.xml", "<version><file><physical_name>a</physical_name></file></version>");
    write("input_template.xml", "<file_ref><open_name>in</open_name></file_ref>");
    assertEquals(
        List.of(
            "version.xml: lists a, but there is no such file",
            "input_template.xml: declares in, but there is no file inputs/in"),
        JobDirectory.read(directory).problems());
  }

  @Test
  void inputTemplateWithoutRootGivesCommandLineAndBounds() throws Exception {
    write("inputs/in", "x");
    write(
        "input_template.xml",
        """
        <?xml version="1.0"?>
        <file_info><number>0</number></file_info>
        <workunit>
          <file_ref><file_number>0</file_number><open_name>in</open_name><copy_file/></file_ref>
          <command_line>--mode 'a b' it's "c d</command_line>
          <rsc_memory_bound>2e9</rsc_memory_bound>
        </workunit>
        """);
    JobDirectory job = JobDirectory.read(directory);
    assertEquals(List.of("--mode", "a b", "it's", "c d"), job.arguments());
    assertEquals(2e9, job.bounds().get("rsc_memory_bound"));
    assertEquals(Realisation.COPY, only(Role.INPUT).realisation());
  }

  @Test
  void outputTemplateLimitsBelongToTheirFile() throws Exception {
    write(
        "output_template.xml",
        """
        <output_template>
        <file_info><name><OUTFILE_0/></name><max_nbytes>10</max_nbytes></file_info>
        <file_info><name><OUTFILE_1/></name><max_nbytes>20</max_nbytes></file_info>
        <result>
          <file_ref>
            <file_name><OUTFILE_1/></file_name><open_name>out</open_name><optional>1</optional>
          </file_ref>
        </result>
        </output_template>
        """);
    SimulatedFile output = only(Role.OUTPUT);
    assertEquals(OptionalLong.of(20), output.maxNbytes());
    assertTrue(output.optional());
    assertEquals(Realisation.SOFT_LINK, output.realisation());
  }

  @Test
  void filePrefixMakesRealInputsInItsDirectory() throws Exception {
    write("version.xml", "<version><file_prefix>shared</file_prefix></version>");
    write("inputs/in", "x");
    SimulatedFile input = only(Role.INPUT);
    assertEquals("shared/in", input.logicalName());
    assertEquals(Realisation.COPY, input.realisation());
  }

  @Test
  void nameThatTheClientRefusesIsAProblem() throws Exception {
    write("output_template.xml", "<file_ref><open_name>../out</open_name></file_ref>");
    assertTrue(
        JobDirectory.read(directory).problems().getFirst().startsWith("output_template.xml: "));
  }

  @Test
  void brokenXmlIsReportedWithFileAndLine() throws Exception {
    write("version.xml", "<version>\n<file></version>");
    IOException broken = assertThrows(IOException.class, () -> JobDirectory.read(directory));
    assertTrue(
        String.valueOf(broken.getMessage()).startsWith("version.xml:2: "), broken::getMessage);
  }

  @Test
  void documentTypesAreRefused() throws Exception {
    write("version.xml", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><v>&b;</v>");
    assertThrows(IOException.class, () -> JobDirectory.read(directory));
  }
}
