package org.boinc.dockerwrapper.client;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tests with a real client, several at the same time. */
@Execution(ExecutionMode.CONCURRENT)
abstract class ClientTest {
  static final String UNTIL_GO = "until [ -e go ]; do sleep 0.1; done\n";

  static final String MOUNTED = "app-version-mount";

  @TempDir Path directory;

  @RegisterExtension final Installation host = new Installation(() -> directory);
}
