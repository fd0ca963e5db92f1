package org.boinc.dockerwrapper.engine;

import java.util.Map;

/** A network as the engine lists it. */
public record ListedNetwork(String id, String name, Map<String, String> labels) {}
