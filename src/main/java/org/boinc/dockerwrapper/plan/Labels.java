package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.Map;
import org.boinc.dockerwrapper.boinc.InitData;

/** Labels on everything we create; containers are found by them, never by a name's pattern. */
public final class Labels {
  /** Name of the project directory, such as {@code example.org_project}. */
  public static final String PROJECT = "boinc.project";

  /** Result name. */
  public static final String RESULT = "boinc.result";

  /** Workunit name. */
  public static final String WORKUNIT = "boinc.wu";

  /** Absolute path of the slot directory. */
  public static final String SLOT = "boinc.slot";

  /** Data directory of the client, without links in its path: each client removes only its own. */
  public static final String CLIENT = "boinc.client";

  /** Version of the wrapper that made it. */
  public static final String WRAPPER = "boinc.wrapper";

  /** App name, plan class and version of an image that belongs to an app version. */
  public static final String APP_VERSION = "boinc.app_version";

  /** Hash of an image's build context, so that a changed context is built again. */
  public static final String CONTEXT = "boinc.context";

  /** Address and port where a container with {@code network.allow} finds the wrapper. */
  public static final String EGRESS = "boinc.egress";

  /** Number of a further container of a job of several; the first one has no such label. */
  public static final String NODE = "boinc.node";

  private Labels() {}

  /** Whether these are a job's own container's, not a further one's. */
  public static boolean isMain(Map<String, String> labels) {
    return !labels.containsKey(NODE);
  }

  /**
   * The least goes first where a job's containers are removed: an engine keeps one whose shared
   * memory others have.
   */
  public static int removalOrder(Map<String, String> labels) {
    return isMain(labels) ? 1 : 0;
  }

  /** The labels by which a job finds its own container again. */
  public static Map<String, String> identity(InitData job, Path slot) {
    return Map.of(PROJECT, Names.project(job), RESULT, job.resultName(), SLOT, slot.toString());
  }

  /** The label that every container of a slot has, this job's and forgotten ones. */
  public static Map<String, String> ofSlot(Path slot) {
    return Map.of(SLOT, slot.toString());
  }
}
