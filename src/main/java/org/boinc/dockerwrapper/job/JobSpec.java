package org.boinc.dockerwrapper.job;

import java.util.Map;

/**
 * What a job.toml asks for, the same record for every dialect: defaults, template and file merged,
 * nothing clamped.
 *
 * @param dialect the form the file was written in, for the defaults that differ (network, links,
 *     user)
 * @param verbosity 0 quiet, 1 actions, 2 also polling
 * @param custom free strings, given to the job as {@code BOINC_CUSTOM_<KEY>}
 * @param origins where each set value came from, by dotted schema-1 key such as {@code
 *     resources.memory}; a key that is missing has its built-in default
 */
public record JobSpec(
    Dialect dialect,
    int verbosity,
    Map<String, String> custom,
    ImageSpec image,
    ContainerSpec container,
    FilesSpec files,
    ResourceSpec resources,
    GpuSpec gpu,
    NetworkSpec network,
    ProgressSpec progress,
    CheckpointSpec checkpoint,
    SecurityRequest security,
    ClusterSpec cluster,
    Map<String, Origin> origins) {

  /** Where the value of a dotted schema-1 key came from. */
  public Origin origin(String key) {
    return origins.getOrDefault(key, Origin.BUILT_IN);
  }
}
