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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.ListedNetwork;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.boinc.dockerwrapper.run.JobEvent;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
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
    job.awaitReport(
        "the picture's bytes", status -> status.sentBytes() > 0 && status.receivedBytes() > 0);

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

  @Test
  void aPrivateNetworkLeadsNowhereAndGoesWithTheJob() throws Exception {
    Job job =
        jobs.mounted(
                "private",
                "[network]\nmode = \"private\"\n",
                "ls /sys/class/net >net\nwget -q -T 3 -O - http://%s:8080/x >got 2>&1\necho >tried\n"
                        .formatted(server())
                    + UNTIL_GO)
            .start();
    await(job, "tried", "");
    assertTrue(Files.readString(job.work("net")).contains("eth0"));
    assertFalse(Files.readString(job.work("got")).contains("from outside"));
    assertEquals(1, networks(job).size());
    job.client().kill9();
    job.end();
    job.start();
    job.go();
    job.endOfJob();
    assertEquals(List.of(), networks(job));
  }

  /** The job's own networks. */
  private List<ListedNetwork> networks(Job job) throws Exception {
    String result = job.slot().resultName();
    return jobs.engine().engine().networks().list().stream()
        .filter(network -> result.equals(network.labels().get(Labels.RESULT)))
        .toList();
  }

  @Test
  void aListOfWhatMayBeReachedIsKeptAndLeftByNoOtherWay() throws Exception {
    String server = server();
    if (!EngineUnderTest.IT.hasNetworksOnThisHost()) {
      Job refused = jobs.mounted("allow", allow("example.org:443"), "echo ran").prepare();
      assertEquals(new EpisodeEnd.ComputeError(201), refused.run().end(), refused.stderr());
      assertTrue(refused.stderr().contains("could keep the job to its list"), refused.stderr());
      return;
    }
    Job job =
        jobs.mounted(
                "allow",
                allow(server + ":8080"),
                """
                gateway=${http_proxy#http://}
                fetch() { until [ -e /app/go$1 ]; do sleep 0.1; done; wget -q -O - http://%1$s:$2/x; }
                fetch 1 8080 >first
                fetch 2 8081 2>refused
                wget -q -T 3 -Y off -O - http://%1$s:8080/x >direct 2>&1
                printf 'CONNECT %1$s:8080 HTTP/1.1\\r\\n\\r\\nGET /x HTTP/1.0\\r\\n\\r\\n' |
                  nc ${gateway%%:*} ${gateway##*:} >tunnel
                while fetch 2 8080 >/dev/null; do sleep 0.2; done; echo >off
                until fetch 3 8080 >third; do sleep 0.2; done
                """
                        .formatted(server)
                    + UNTIL_GO)
            .start();
    Files.createFile(awaitWork(job).resolve("go1"));
    await(job, "first", "from outside");
    Files.createFile(job.work("go2"));
    await(job, "refused", "403 Forbidden");
    await(job, "tunnel", "from outside");
    assertFalse(Files.readString(job.work("direct")).contains("from outside"));

    job.client().networkOff();
    await(job, "off", "");
    job.client().networkOn();

    job.client().kill9();
    job.end();
    job.start();
    Files.createFile(job.work("go3"));
    await(job, "third", "from outside");
    job.go();
    job.endOfJob();
    assertEquals(List.of(), networks(job));
    assertTrue(
        job.stderr().contains("network.allow does not name " + server + ":8081"), job.stderr());
    assertTrue(job.stderr().contains("through network.allow the job received"), job.stderr());
    JobEvent end = JobEvent.in(job.slot().directory()).getLast();
    assertTrue((double) end.more().get("received_bytes") > 10, end::toString);
    assertTrue((double) end.more().get("sent_bytes") > 10, end::toString);
  }

  private static String allow(String target) {
    return NAT + "allow = [\"%s\"]\n".formatted(target);
  }

  private static Path awaitWork(Job job) throws Exception {
    Await.until("it runs", Job.PATIENCE, () -> Files.isDirectory(job.work("")));
    job.await(ContainerState.RUNNING);
    return job.work("");
  }

  private static void await(Job job, String file, String text) throws Exception {
    Await.until(
        "%s: %s".formatted(file, text),
        Job.PATIENCE,
        () -> Files.exists(job.work(file)) && Files.readString(job.work(file)).contains(text));
  }

  /** A host that is not this one, where both ports answer. */
  private String server() throws Exception {
    NetworkPlan outside =
        new NetworkPlan(true, Optional.empty(), List.of(), 0, Map.of(), List.of());
    TestEngine engine = jobs.engine();
    String id =
        engine
            .engine()
            .containers()
            .create(
                engine.name(),
                engine.shell(
                    "cd /tmp; echo from outside >x; httpd -p 8080 -h /tmp; exec httpd -f -p 8081 -h /tmp",
                    List.of(),
                    outside),
                engine.image());
    engine.engine().containers().start(id, Duration.ofSeconds(60));
    return InspectedContainer.of(engine, id)
        .path("NetworkSettings")
        .path("Networks")
        .path(0)
        .path("IPAddress")
        .asText(
            InspectedContainer.of(engine, id).path("NetworkSettings").path("IPAddress").asText());
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
