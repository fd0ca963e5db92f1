package org.boinc.dockerwrapper.clean;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.boinc.dockerwrapper.engine.ListedContainer;
import org.boinc.dockerwrapper.engine.ListedImage;
import org.boinc.dockerwrapper.engine.ListedNetwork;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.run.ImageUse;

/**
 * All that there is, at one moment.
 *
 * @param client the data directory, as labels say it
 * @param containers all of the engine, also foreign ones
 * @param networks likewise
 * @param images likewise
 * @param uses of images of this engine, by the name of the project's directory
 * @param slots that the client has or a label names, by path
 * @param allSlotsKnown whether the client's slots could be listed
 * @param projects by name
 * @param problems what could not be read, one sentence each
 */
record Inventory(
    String client,
    List<ListedContainer> containers,
    List<ListedNetwork> networks,
    List<ListedImage> images,
    Map<String, List<ImageUse>> uses,
    Map<String, Tenancy> slots,
    boolean allSlotsKnown,
    Map<String, ProjectState> projects,
    Instant now,
    List<String> problems) {

  /** Whether the label says that it is this client's. */
  boolean isOurs(Map<String, String> labels) {
    return client.equals(labels.get(Labels.CLIENT));
  }
}
