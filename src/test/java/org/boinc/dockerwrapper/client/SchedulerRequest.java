package org.boinc.dockerwrapper.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the client says when it calls. Its text is no XML that a parser would accept, but has one
 * element a line (BOINC client/cs_scheduler.cpp).
 *
 * @param knowsKey whether the client has the project's code signing key already
 * @param results finished ones
 */
record SchedulerRequest(String clientVersion, boolean knowsKey, List<Report> results) {
  private static final Pattern RESULT =
      Pattern.compile("^<result>\\n(.*?)^</result>", Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern STDERR =
      Pattern.compile("<stderr_out>(.*)</stderr_out>", Pattern.DOTALL);

  private static final Pattern FILE =
      Pattern.compile("<file_info>(.*?)</file_info>", Pattern.DOTALL);

  static SchedulerRequest parse(String text) {
    String version =
        value(text, "core_client_major_version")
            + "."
            + value(text, "core_client_minor_version")
            + "."
            + value(text, "core_client_release");
    return new SchedulerRequest(
        version,
        text.contains("<code_sign_key>"),
        RESULT.matcher(text).results().map(result -> report(result.group(1))).toList());
  }

  private static Report report(String result) {
    Matcher stderr = STDERR.matcher(result);
    Map<String, String> outputs = new LinkedHashMap<>();
    // What the job wrote can't pass for an element of the result.
    String rest = stderr.replaceFirst("");
    for (MatchResult file : FILE.matcher(rest).results().toList()) {
      outputs.put(value(file.group(1), "name"), value(file.group(1), "md5_cksum"));
    }
    stderr.reset();
    return new Report(
        value(rest, "name"),
        Integer.parseInt(value(rest, "exit_status")),
        Integer.parseInt(value(rest, "state")),
        Double.parseDouble(value(rest, "final_cpu_time")),
        stderr.find() ? stderr.group(1) : "",
        outputs);
  }

  private static String value(String text, String tag) {
    Matcher matcher = Pattern.compile("<" + tag + ">([^<]*)</" + tag + ">").matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("the client sent no <" + tag + ">: " + text);
    }
    return matcher.group(1).strip();
  }
}
