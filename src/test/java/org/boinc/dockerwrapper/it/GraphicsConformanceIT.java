package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.Timeline;
import org.junit.jupiter.api.Test;

/** Where the job's web graphics are. */
final class GraphicsConformanceIT extends JobTest {

  @Test
  void c51TheClientIsToldALocalAddressInEveryEpisode() throws Exception {
    Job job =
        jobs.mounted(
                "c51",
                """
                [network]
                mode = "nat"
                graphics_port = 8080
                """,
                "mkdir -p www; echo a picture >www/index.html\n"
                    + "httpd -p 8080 -h /app/www\n"
                    + UNTIL_GO)
            .start();
    job.await(ContainerState.RUNNING);
    URI first = URI.create(told(job, 1));
    assertEquals("localhost", first.getHost());
    assertEquals("a picture\n", Await.value("an answer", Job.PATIENCE, () -> get(first)));
    assertEquals(List.of("127.0.0.1"), listening(first.getPort()));

    job.client().kill9();
    job.end();
    job.start();
    assertEquals(first, URI.create(told(job, 2)));
    job.go();
    job.endOfJob();
  }

  /** What was told for the n-th time. */
  private static String told(Job job, int times) throws Exception {
    return Await.value(
        "a URL, for the %d. time".formatted(times),
        Job.PATIENCE,
        () -> {
          List<String> urls =
              job.client().timeline().entries().stream()
                  .filter(entry -> entry.kind() == Timeline.Kind.GRAPHICS)
                  .map(Timeline.Entry::text)
                  .toList();
          return urls.size() < times ? Optional.empty() : Optional.of(urls.get(times - 1));
        });
  }

  private static Optional<String> get(URI address) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(5)).build(),
              HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
    } catch (java.io.IOException notYet) {
      return Optional.empty();
    }
  }

  /** The local addresses on which somebody listens at this port (proc(5), net/tcp). */
  private static List<String> listening(int port) throws Exception {
    List<String> addresses = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] words = line.strip().split("\\s+", -1);
        if (words[1].endsWith(":%04X".formatted(port)) && words[3].equals("0A")) {
          addresses.add(words[1].startsWith("0100007F:") ? "127.0.0.1" : words[1]);
        }
      }
    }
    assertTrue(!addresses.isEmpty(), "somebody listens at port " + port);
    return addresses;
  }
}
