package org.boinc.dockerwrapper.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The jobs of one test. When the test is over their wrappers are killed and their containers and
 * images removed; a test that fails shows what happened in each, and one that passes must not have
 * left a container or image behind where the client would never start the job again.
 *
 * <pre>{@code
 * @TempDir Path data;
 * @RegisterExtension final Jobs jobs = new Jobs(() -> data);
 * }</pre>
 */
final class Jobs implements BeforeEachCallback, AfterEachCallback {
  private final Supplier<Path> data;
  private final List<Job> prepared = new ArrayList<>();
  private final List<FaultyProxy> proxies = new ArrayList<>();
  private TestEngine engine;

  /**
   * @param data the simulated client's data directory
   */
  Jobs(Supplier<Path> data) {
    this.data = data;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws EngineException {
    engine = new TestEngine();
  }

  /** A job with nothing but a name of its own, which is the prefix and something unique. */
  Job.Builder job(String prefix) {
    return new Job.Builder(prefix, data.get(), this);
  }

  /** A job whose shell script {@code job.sh} runs in its slot, which is mounted. */
  Job.Builder mounted(String prefix, String script) {
    return mounted(prefix, "", script);
  }

  /**
   * The same with more lines in its job.toml: further keys of [container], then tables.
   *
   * @param more must not name [image] or [container]
   */
  Job.Builder mounted(String prefix, String more, String script) {
    return shell(prefix, "/app/job.sh", more, script);
  }

  /**
   * A job whose shell script runs in {@code /work} of a container that shares nothing with the
   * host; {@code /work/out} becomes the output {@code out}.
   */
  Job.Builder copying(String prefix, String script) {
    return copying(prefix, List.of(), "out = [{ src = \"/work/out\", dst = \"out\" }]", script)
        .file(SimulatedFile.output("out"));
  }

  /**
   * Such a job with inputs and outputs of its own.
   *
   * @param inputs further ones, as {@code src->dst}
   * @param more the end of table [files]; further tables may follow
   */
  Job.Builder copying(String prefix, List<String> inputs, String more, String script) {
    StringBuilder in = new StringBuilder("{ src = \"job.sh\", dst = \"/work/job.sh\" }");
    for (String pair : inputs) {
      String[] ends = pair.split("->", -1);
      in.append(", { src = \"%s\", dst = \"%s\" }".formatted(ends[0], ends[1]));
    }
    return shell(
        prefix,
        "/work/job.sh",
        """
        workdir = "/work"
        [files]
        slot = ""
        in = [%s]
        %s
        """
            .formatted(in, more),
        script);
  }

  /**
   * A job whose shell script the container finds somewhere.
   *
   * @param path of the script in the container
   * @param more further keys of [container], then tables
   */
  Job.Builder shell(String prefix, String path, String more, String script) {
    return job(prefix).toml(toml(path, "stop_timeout = \"1s\"\n" + more)).script("job.sh", script);
  }

  /**
   * The job.toml of a shell script.
   *
   * @param more further keys of [container], then tables
   */
  static String toml(String path, String more) {
    return """
        schema = 1
        [image]
        name = "%s"
        pull = "never"
        [container]
        command = ["sh", "%s"]
        %s
        """
        .formatted(TestEngine.IMAGE, path, more);
  }

  /** A job with an image of its own workunit, in whose slot {@code job.sh} runs. */
  Job.Builder building(String prefix, String dockerfile, String script) {
    return job(prefix)
        .toml(
            """
            schema = 1
            [container]
            command = ["sh", "/app/job.sh"]
            stop_timeout = "1s"
            """)
        .file(SimulatedFile.input("Dockerfile", dockerfile))
        .script("job.sh", script);
  }

  /** A proxy before the engine, for {@link Job.Builder#through}. */
  FaultyProxy proxy() throws IOException {
    FaultyProxy proxy = new FaultyProxy(data.get(), engine.socket());
    proxies.add(proxy);
    return proxy;
  }

  TestEngine engine() {
    return engine;
  }

  void prepared(Job job) {
    prepared.add(job);
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    boolean failed = context.getExecutionException().isPresent();
    List<String> left = new ArrayList<>();
    StringBuilder reports = new StringBuilder();
    try {
      for (Job job : prepared) {
        job.close();
        reports.append(job.report(context.getDisplayName()));
        List<String> leftOvers = job.removeLeftOvers();
        if (job.isOver()) {
          left.addAll(leftOvers);
        }
      }
    } finally {
      for (FaultyProxy proxy : proxies) {
        proxy.close();
      }
      engine.close();
    }
    if (failed || !left.isEmpty()) {
      System.out.println(reports);
    }
    if (!failed && !left.isEmpty()) {
      throw new AssertionError("the job is over and these are left: " + left);
    }
  }
}
