package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.EngineHttpClient;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.ImagePlan;
import org.boinc.dockerwrapper.plan.Name;

/** An image that exists once in the world, built by a test. */
record SavedImage(TestEngine engine, String tag, ImageFacts facts) implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Built from the test image and one more line. */
  static SavedImage build(TestEngine engine, Path directory, String marker)
      throws EngineException, IOException {
    return run(engine, directory, "echo " + marker + " >/marker");
  }

  /** With a file that is not root's, which not every engine can unpack. */
  static SavedImage owned(TestEngine engine, Path directory, String owner)
      throws EngineException, IOException {
    return run(engine, directory, "touch /owned && chown " + owner + " /owned");
  }

  private static SavedImage run(TestEngine engine, Path directory, String command)
      throws EngineException, IOException {
    Path dockerfile = Files.createTempFile(directory, "Dockerfile", "");
    Files.writeString(dockerfile, "FROM " + TestEngine.IMAGE + "\nRUN " + command + "\n");
    String tag = engine.name() + ":1";
    ImageFacts facts =
        engine
            .engine()
            .images()
            .build(
                new ImagePlan.Build(
                    new Name(tag, tag),
                    Map.of(),
                    List.of(new ImagePlan.ContextFile("Dockerfile", dockerfile, false, false)),
                    "Dockerfile",
                    Map.of(),
                    "",
                    "",
                    Optional.empty(),
                    LIMIT,
                    ImagePlan.BuildLimits.NONE),
                tag,
                line -> {});
    return new SavedImage(engine, tag, facts);
  }

  /** What {@code docker save} writes, compressed where the name ends in gz. */
  SavedImage saveTo(Path archive) throws IOException {
    Request request =
        Request.builder().method(Request.Method.GET).path("/images/" + tag + "/get").build();
    try (EngineHttpClient http = new EngineHttpClient(engine.endpoint(), LIMIT);
        Response response = http.execute(request);
        InputStream body = response.getBody();
        OutputStream file = Files.newOutputStream(archive);
        OutputStream out = archive.toString().endsWith("gz") ? new GZIPOutputStream(file) : file) {
      assertEquals(200, response.getStatusCode());
      body.transferTo(out);
    }
    return this;
  }

  /** Takes its name from the engine, and the image with it. */
  @Override
  public void close() throws EngineException {
    engine.engine().images().remove(tag);
  }
}
