package org.boinc.dockerwrapper.job;

import java.util.Locale;

/**
 * What the volunteer agrees that one project's jobs may have.
 *
 * @param url the project's, as the client shows it
 * @param agreed the most that a job gets if it asks
 * @param given what every job gets, asked for or not
 * @param unsigned whether it also holds for a job.toml that came with a workunit, which nobody has
 *     signed
 */
public record ProjectConsent(
    String url, SecurityRequest agreed, SecurityRequest given, boolean unsigned) {

  /** Nothing was agreed. */
  public static final ProjectConsent NONE =
      new ProjectConsent("", SecurityRequest.NOTHING, SecurityRequest.NOTHING, false);

  /** The name of the project's directory (runtime reference 7.4, client's lib/url.cpp). */
  public String directory() {
    return directory(url);
  }

  /**
   * The name of a project's directory.
   *
   * @param url with or without {@code https://} and a slash at the end
   */
  public static String directory(String url) {
    int scheme = url.indexOf("://");
    String rest = scheme < 0 ? url : url.substring(scheme + "://".length());
    int slash = rest.indexOf('/');
    // The client keeps a URL with its host in lower case and without a slash at the end.
    String host = (slash < 0 ? rest : rest.substring(0, slash)).toLowerCase(Locale.ROOT);
    String path = slash < 0 ? "" : rest.substring(slash);
    return (host + path).replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("_$", "");
  }
}
