package org.boinc.dockerwrapper.client;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What the project answers (BOINC client/scheduler_op.cpp, SCHEDULER_REPLY::parse). */
final class SchedulerReply {
  private static final String PLATFORM = "x86_64-pc-linux-gnu";

  private final StringBuilder text = new StringBuilder("<scheduler_reply>\n");
  private final String url;
  private final CodeSigningKey key;

  /** The client calls again a second later, which means five: it looks so often. */
  SchedulerReply(String url, CodeSigningKey key) {
    this.url = url;
    this.key = key;
    text.append(
        """
        <master_url>%s</master_url>
        <project_name>Loopback</project_name>
        <user_name>tester</user_name>
        <hostid>1</hostid>
        <next_rpc_delay>1</next_rpc_delay>
        """
            .formatted(url));
  }

  /** Once: a second time the client would want it signed with itself. */
  void key() {
    text.append("<code_sign_key>\n%s</code_sign_key>\n".formatted(key.publicText()));
  }

  /** The client may forget the result. */
  void acknowledge(String resultName) {
    text.append("<result_ack>\n<name>%s</name>\n</result_ack>\n".formatted(resultName));
  }

  /** Workunits, with app and app version each time: the client keeps what it knows. */
  void work(AppVersion version, List<Workunit> workunits) throws IOException {
    if (!workunits.isEmpty()) {
      app(version);
      workunits.forEach(this::work);
    }
  }

  private void app(AppVersion version) throws IOException {
    ProjectFile main = version.main();
    text.append(
        "<app>\n<name>%s</name>\n<user_friendly_name>Wrapped</user_friendly_name>\n</app>\n"
            .formatted(AppVersion.APP));
    signed(main);
    version.files().forEach(this::signed);
    text.append(
        """
        <app_version>
        <app_name>%s</app_name>
        <version_num>%d</version_num>
        <platform>%s</platform>
        <plan_class>docker</plan_class>
        <avg_ncpus>%s</avg_ncpus>
        <flops>1e9</flops>
        <is_wrapper/>
        """
            .formatted(AppVersion.APP, AppVersion.NUMBER, PLATFORM, version.ncpus()));
    version
        .apiVersion()
        .ifPresent(api -> text.append("<api_version>%s</api_version>\n".formatted(api)));
    text.append(
        "<file_ref>\n<file_name>%s</file_name>\n<main_program/>\n</file_ref>\n"
            .formatted(main.physicalName()));
    version.files().forEach(this::reference);
    text.append("</app_version>\n");
  }

  private void work(Workunit workunit) {
    workunit.inputs().forEach(file -> describe(file, ""));
    for (Workunit.Output output : workunit.outputs()) {
      text.append(
          """
          <file_info>
          <name>%s</name>
          <generated_locally/>
          <upload_when_present/>
          <max_nbytes>1000000</max_nbytes>
          <url>%sfile_upload_handler</url>
          </file_info>
          """
              .formatted(output.physicalName(), url));
    }
    text.append(
        """
        <workunit>
        <name>%s</name>
        <app_name>%s</app_name>
        <version_num>%d</version_num>
        <rsc_fpops_est>1e11</rsc_fpops_est>
        <rsc_fpops_bound>1e15</rsc_fpops_bound>
        <rsc_memory_bound>1e8</rsc_memory_bound>
        <rsc_disk_bound>1e8</rsc_disk_bound>
        """
            .formatted(workunit.name(), AppVersion.APP, AppVersion.NUMBER));
    workunit.inputs().forEach(this::reference);
    text.append("</workunit>\n");
    result(workunit);
  }

  private void result(Workunit workunit) {
    text.append(
        """
        <result>
        <name>%s</name>
        <wu_name>%s</wu_name>
        <platform>%s</platform>
        <version_num>%d</version_num>
        <plan_class>docker</plan_class>
        <report_deadline>%d</report_deadline>
        """
            .formatted(
                workunit.resultName(),
                workunit.name(),
                PLATFORM,
                AppVersion.NUMBER,
                Instant.now().plus(7, ChronoUnit.DAYS).getEpochSecond()));
    for (Workunit.Output output : workunit.outputs()) {
      text.append(
          "<file_ref>\n<file_name>%s</file_name>\n<open_name>%s</open_name>\n</file_ref>\n"
              .formatted(output.physicalName(), output.openName()));
    }
    text.append("</result>\n");
  }

  private void signed(ProjectFile file) {
    String signature = key.signature(file.content());
    describe(file, "<file_signature>\n%s</file_signature>\n".formatted(signature));
  }

  private void describe(ProjectFile file, String signature) {
    text.append(
        """
        <file_info>
        <name>%s</name>
        <url>%sdownload/%s</url>
        <md5_cksum>%s</md5_cksum>
        <nbytes>%d</nbytes>
        %s%s</file_info>
        """
            .formatted(
                file.physicalName(),
                url,
                file.physicalName(),
                CodeSigningKey.md5(file.content()),
                file.content().length,
                file.executable() ? "<executable/>\n" : "",
                signature));
  }

  private void reference(ProjectFile file) {
    text.append(
        "<file_ref>\n<file_name>%s</file_name>\n<open_name>%s</open_name>\n%s</file_ref>\n"
            .formatted(
                file.physicalName(), file.openName(), file.copied() ? "<copy_file/>\n" : ""));
  }

  @Override
  public String toString() {
    return text + "</scheduler_reply>\n";
  }
}
