package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.job.ProgressSpec;

/**
 * What is observed while the job runs.
 *
 * @param progressFile on the host, where the slot is mounted
 * @param progressPath in the container, where it is not
 * @param patterns matched against the output
 * @param stallTimeout run time without output and progress; zero: not looked at
 * @param timeLimit run time without pauses; zero: none
 * @param diskBytes writable layer and work directory together; 0: not watched
 * @param stdout slot file that also gets the standard output
 * @param stderr slot file that also gets the standard error
 */
public record WatchPlan(
    Optional<Path> progressFile,
    Optional<String> progressPath,
    List<Pattern> patterns,
    ProgressSpec.Source source,
    Duration stallTimeout,
    Duration timeLimit,
    long diskBytes,
    Optional<Path> stdout,
    Optional<Path> stderr) {}
