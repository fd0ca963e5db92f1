package org.boinc.dockerwrapper.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/** Labels on everything we create; containers are found by them, never by a name's pattern. */
public final class Labels {
  /** Name of the project directory, such as {@code example.org_project}. */
  public static final String PROJECT = "boinc.project";

  /** Result name. */
  public static final String RESULT = "boinc.result";

  /** Workunit name. */
  public static final String WORKUNIT = "boinc.wu";

  /** Absolute path of the slot directory: tells two clients of one host apart. */
  public static final String SLOT = "boinc.slot";

  /** Version of the wrapper that made it. */
  public static final String WRAPPER = "boinc.wrapper";

  /** App name, plan class and version of an image that belongs to an app version. */
  public static final String APP_VERSION = "boinc.app_version";

  private Labels() {}

  /** The part of a container's labels by which its job finds it again. */
  public static Map<String, String> identity(Map<String, String> labels) {
    Map<String, String> identity = new LinkedHashMap<>();
    for (String key : new String[] {PROJECT, RESULT, SLOT}) {
      String value = labels.get(key);
      if (value != null) {
        identity.put(key, value);
      }
    }
    return identity;
  }
}
