package org.boinc.dockerwrapper.it;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tests that start the real wrapper on the real engine, several at the same time. */
@Execution(ExecutionMode.CONCURRENT)
abstract class JobTest {
  /** A script that comes to its end when {@link Job#go} is called. */
  static final String UNTIL_GO = "until [ -e /app/go ]; do sleep 0.1; done\n";

  /** A script that never comes to its end. */
  static final String ENDLESS = "while true; do sleep 1; done\n";

  /** The client's data directory. */
  @TempDir Path data;

  /** What this test started. */
  @RegisterExtension final Jobs jobs = new Jobs(() -> data);
}
