package org.boinc.dockerwrapper.plan;

import java.util.List;
import java.util.Map;

/**
 * What the engine says of an image.
 *
 * @param id {@code sha256:…}
 * @param user USER, or empty for root
 * @param workdir WORKDIR, or empty
 * @param architecture as the engine spells it, such as {@code amd64}
 * @param environment ENV, each as {@code name=value}
 */
public record ImageFacts(
    String id,
    List<String> repoDigests,
    String user,
    String workdir,
    List<String> entrypoint,
    List<String> command,
    String os,
    String architecture,
    Map<String, String> labels,
    List<String> environment) {}
