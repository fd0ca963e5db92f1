package org.boinc.dockerwrapper.engine;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An image as the engine lists it.
 *
 * @param id {@code sha256:…}
 * @param names with their tags, as the engine spells them; none where a later image has taken them
 * @param bytes with the layers that it shares with others
 */
public record ListedImage(
    String id, List<String> names, Map<String, String> labels, long bytes, Instant created) {}
