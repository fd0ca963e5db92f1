package org.boinc.dockerwrapper.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.boinc.dockerwrapper.boinc.InitData;

/**
 * Names for containers and images that the engine takes whatever BOINC's own names hold: result and
 * workunit names may have blanks, capitals and punctuation. None starts with {@code boinc__}, which
 * the client removes at its start (BOINC/boinc client/cs_apps.cpp).
 */
public final class Names {
  /** Docker takes 255 characters for an image; room is left for the prefix and the hash. */
  private static final int LONGEST = 200;

  private Names() {}

  /** {@code boinc_<result>}, or with the project where another project's job has that name. */
  public static Name container(InitData job) {
    return new Name(
        "boinc_" + containerPart(job.resultName()),
        "boinc_"
            + containerPart(project(job) + "_" + job.resultName())
            + "-"
            + hash(job, job.resultName()));
  }

  /** Of the job's own network: no other job's, whatever their names. */
  static String network(InitData job) {
    return container(job).qualified();
  }

  /** Of a further container of the job; it can be no other job's. */
  static String worker(InitData job, int number) {
    return container(job).qualified() + "_w" + number;
  }

  /** {@code boinc_<workunit>}. */
  public static Name workunitImage(InitData job) {
    return new Name(
        "boinc_" + imagePart(job.workunitName()),
        "boinc_"
            + imagePart(project(job) + "_" + job.workunitName())
            + "-"
            + hash(job, job.workunitName()));
  }

  /** {@code boinc_<project>_<app>_<plan class>_<version>}. */
  public static Name appVersionImage(InitData job) {
    String version = appVersion(job);
    String whole = project(job) + "_" + version;
    return new Name(
        "boinc_" + imagePart(whole), "boinc_" + imagePart(whole) + "-" + hash(job, version));
  }

  /**
   * A name of the job's choice: an image that has it already is the one meant. What the job makes
   * itself bears the project's name, too; under the chosen one alone it would be taken for the
   * image that others mean by it, {@code alpine} say.
   */
  static Name chosenImage(InitData job, String chosen) {
    int colon = chosen.lastIndexOf(':');
    boolean tagged = colon > chosen.lastIndexOf('/') && !chosen.contains("@");
    String repository = tagged ? chosen.substring(0, colon) : chosen;
    String name =
        "boinc_"
            + imagePart(project(job) + "_" + repository)
            + (tagged ? chosen.substring(colon) : "");
    return new Name(chosen, name);
  }

  /** App name, plan class and version number, the latter two where there are any. */
  static String appVersion(InitData job) {
    return job.appName()
        + (job.planClass().isEmpty() ? "" : "_" + job.planClass())
        + "_"
        + job.appVersion();
  }

  /** The project as the client names its directory: the escaped URL. */
  public static String project(InitData job) {
    return String.valueOf(job.projectDirectory().getFileName());
  }

  /** Container names match {@code [a-zA-Z0-9][a-zA-Z0-9_.-]*}. */
  private static String containerPart(String name) {
    String legal = name.replaceAll("[^a-zA-Z0-9_.-]", "-").replaceFirst("^[^a-zA-Z0-9]+", "");
    return shortened(name, legal.isEmpty() ? "x" : legal, legal.equals(name));
  }

  /**
   * Image names are lower case; runs of letters and digits are joined by one dot, one or two
   * underscores or any number of dashes.
   */
  private static String imagePart(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String legal =
        lower
            .replaceAll("[^a-z0-9._-]", "-")
            .replaceAll("(?<![._-])(?!(?:[.]|__?|-+)(?![._-]))[._-]{2,}", "-")
            .replaceFirst("^[._-]+", "")
            .replaceFirst("[._-]+$", "");
    return shortened(name, legal.isEmpty() ? "x" : legal, legal.equals(lower));
  }

  private static String shortened(String original, String legal, boolean unchanged) {
    if (unchanged && legal.length() <= LONGEST) {
      return legal;
    }
    String cut = legal.substring(0, Math.min(legal.length(), LONGEST));
    return cut.replaceFirst("[._-]+$", "") + "-" + hash(original);
  }

  private static String hash(InitData job, String name) {
    return hash(job.projectDirectory() + "\0" + name);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
