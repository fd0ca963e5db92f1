package org.boinc.dockerwrapper.engine;

import java.util.Map;

/**
 * A container as the engine lists it.
 *
 * @param name without the API's leading slash
 * @param image as it was named when the container was created
 * @param imageId {@code sha256:…}
 */
public record ListedContainer(
    String id,
    String name,
    ContainerState state,
    String image,
    String imageId,
    Map<String, String> labels) {}
