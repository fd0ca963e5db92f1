package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.Timeline;
import org.junit.jupiter.api.Test;

/** The network of a job is the client's to give and to take away. */
final class NetworkIT extends JobTest {
  private static final String NAT = "[network]\nmode = \"nat\"\n";

  private static final String GRAPHICS = NAT + "graphics_port = 8080\n";

  /** Says ten times a second which network interfaces there are. */
  private static final String WATCH =
      """
      until [ -e /app/go ]; do
        ls /sys/class/net >net.new; mv net.new net
        sleep 0.1
      done
      """;

  @Test
  void aSuspendedNetworkIsGoneAtOnceAndComesBackWithItsPorts() throws Exception {
    Job job =
        jobs.mounted(
                "network",
                GRAPHICS,
                "mkdir www; echo a picture >www/index.html; httpd -p 8080 -h /app/www\n" + WATCH)
            .start();
    ends(job, true);
    Instant started = job.container().startedAt().orElseThrow();
    Await.value("the picture", Job.PATIENCE, () -> get(url(job)));

    job.client().networkOff();
    Duration left = ends(job, false);
    assertTrue(left.toSeconds() < 10, "it took " + left);
    assertEquals(Optional.empty(), get(url(job)));

    job.client().networkOn();
    ends(job, true);
    Await.value("the picture again", Job.PATIENCE, () -> get(url(job)));
    Await.until(
        "the job knows its port",
        Job.PATIENCE,
        () ->
            Files.readString(job.file("docker_wrapper_ports"))
                .equals("8080/tcp " + URI.create(url(job)).getPort() + "\n"));
    assertEquals(started, job.container().startedAt().orElseThrow(), "it was not started anew");
    job.go();
    job.endOfJob();
  }

  @Test
  void theJobReadsItsPortsFromAFile() throws Exception {
    Job job =
        jobs.mounted(
                "ports",
                NAT + "ports = [{ container = 80 }, { container = 53, proto = \"udp\" }]\n",
                "until [ -s /boinc/ports ]; do sleep 0.1; done; cat /boinc/ports >seen\n"
                    + "echo no >/boinc/ports; [ $? != 0 ] && "
                    + UNTIL_GO)
            .start();
    Await.until("the job has seen them", Job.PATIENCE, () -> Files.exists(job.work("seen")));
    Map<String, Integer> ports =
        jobs.engine().engine().containers().hostPorts(job.container().id());
    assertEquals(
        "53/udp %d\n80/tcp %d\n".formatted(ports.get("53/udp"), ports.get("80/tcp")),
        Files.readString(job.work("seen")));
    job.go();
    job.endOfJob();
  }

  @Test
  void aWrapperThatWasKilledLeavesTheNextToPutTheContainerWhereItBelongs() throws Exception {
    Job job = jobs.mounted("adopted", NAT, WATCH).start();
    ends(job, true);
    job.client().kill9();
    job.end();
    job.client().networkOff();
    job.start();
    ends(job, false);

    job.client().kill9();
    job.end();
    job.start();
    job.awaitStderr("RUNNING without network");
    job.client().networkOn();
    ends(job, true);
    job.go();
    job.endOfJob();
  }

  @Test
  void aJobThatStartsWhileTheNetworkIsSuspendedHasNone() throws Exception {
    Job job = jobs.mounted("later", NAT, "ls /sys/class/net >first\n" + WATCH).prepare();
    job.client().networkOff();
    job.start();
    ends(job, false);
    job.client().suspend();
    job.await(ContainerState.PAUSED);
    job.client().networkOn();
    job.client().resume();
    ends(job, true);
    job.go();
    job.endOfJob();
  }

  @Test
  void aJobWithoutANetworkIsNotTouched() throws Exception {
    Job job = jobs.mounted("none", WATCH).start();
    ends(job, false);
    job.client().networkOff();
    Await.throughout(
        "nothing happens", Duration.ofSeconds(3), () -> !job.stderr().contains("NECTING"));
    job.go();
    job.endOfJob();
    assertFalse(job.stderr().contains("without network"), job.stderr());
  }

  /** Waits until the job itself sees a network or none. */
  private static Duration ends(Job job, boolean connected) throws Exception {
    return Await.until(
        "a job that is %s the network".formatted(connected ? "on" : "off"),
        Job.PATIENCE,
        () -> isConnected(job).equals(Optional.of(connected)));
  }

  private static Optional<Boolean> isConnected(Job job) throws IOException {
    if (!Files.exists(job.work("net"))) {
      return Optional.empty();
    }
    return Optional.of(
        Files.readAllLines(job.work("net")).stream().anyMatch(name -> name.startsWith("eth")));
  }

  /** The newest that the client was told; empty: none yet. */
  private static String url(Job job) {
    List<String> urls =
        job.client().timeline().entries().stream()
            .filter(entry -> entry.kind() == Timeline.Kind.GRAPHICS)
            .map(Timeline.Entry::text)
            .toList();
    return urls.isEmpty() ? "" : urls.getLast();
  }

  private static Optional<String> get(String address) throws Exception {
    if (address.isEmpty()) {
      return Optional.empty();
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(5)).build(),
              HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }
}
