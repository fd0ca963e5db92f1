package org.boinc.dockerwrapper.job;

import java.util.List;

/**
 * The table {@code [cluster]}: several containers on one host.
 *
 * @param slots per node in the host file; 0: CPUs divided by nodes
 * @param hostfile container path of the host file
 */
public record ClusterSpec(
    int nodes,
    List<String> master,
    List<String> worker,
    int slots,
    String hostfile,
    boolean ssh,
    int sshPort,
    boolean sharedMemory) {}
