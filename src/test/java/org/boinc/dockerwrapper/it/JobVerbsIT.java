package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code boinc-docker logs}, {@code exec} and {@code stats} beside real jobs. */
final class JobVerbsIT extends JobTest {
  private static final Path NOTHING = Path.of("/dev/null");

  private Verb verb(String... words) throws Exception {
    return Verb.run(data, words(words));
  }

  private String[] words(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(1, List.of("--data-dir", data.toString()));
    return all.toArray(String[]::new);
  }

  private Job running(String prefix, String script) throws Exception {
    Job job = jobs.mounted(prefix, script).start();
    job.await(ContainerState.RUNNING);
    return job;
  }

  private static String name(Job job) {
    return job.slot().resultName();
  }

  @Test
  void theContainersTwoStreamsAreShownAsTheyWereWritten() throws Exception {
    Job job = running("logs", "echo to-out; echo to-err >&2\n" + UNTIL_GO);
    Await.until("output", Job.PATIENCE, () -> job.containerOutput().contains("to-err"));
    Verb shown = verb("logs", name(job));
    assertEquals("to-out\n", shown.ended(0));
    assertEquals("to-err\n", shown.err());
    assertTrue(verb("logs", "--wrapper", name(job)).ended(0).contains("RUNNING"), shown::out);
    job.go();
    job.endOfJob();
  }

  @Test
  void aFollowedLogEndsWithTheJob() throws Exception {
    Job job = running("follow", "echo first\n" + UNTIL_GO + "echo last\n");
    Path container = data.resolve("container");
    Path wrapper = data.resolve("wrapper");
    Process first = Verb.start(container, Map.of(), NOTHING, words("logs", "-f", name(job)));
    Process second =
        Verb.start(wrapper, Map.of(), NOTHING, words("logs", "--wrapper", "-f", name(job)));
    Await.until(
        "the log so far", Job.PATIENCE, () -> Files.readString(container).equals("first\n"));
    Await.until("the wrapper's", Job.PATIENCE, () -> Files.size(wrapper) > 0);
    job.go();
    job.endOfJob();
    assertEquals(0, Job.statusOf(first));
    assertEquals("first\nlast\n", Files.readString(container));
    assertEquals(0, Job.statusOf(second));
    assertEquals(job.stderr(), Files.readString(wrapper));
  }

  @Test
  void everyWordOfACommandArrivesAsItIsAndItsStatusComesBack() throws Exception {
    Job job = running("exec", UNTIL_GO);
    String[] odd = {"a b", "", "$HOME", "'", "\"", "*", "-x", "--", "ä\n;"};
    List<String> command =
        new ArrayList<>(
            List.of(
                "exec", name(job), "sh", "-c", "for w; do printf '[%s]' \"$w\"; done; exit 41"));
    command.add("sh");
    command.addAll(List.of(odd));
    Verb said = verb(command.toArray(String[]::new));
    assertEquals("[" + String.join("][", odd) + "]", said.ended(41));
    job.go();
    job.endOfJob();
  }

  @Test
  void aCommandRunsAsTheJobInItsDirectory() throws Exception {
    Job job = running("whoami", "id -u >id; pwd >pwd; echo $HOME >home\n" + UNTIL_GO);
    Await.until("the job's words", Job.PATIENCE, () -> Files.exists(job.work("home")));
    String said = verb("exec", name(job), "--", "sh", "-c", "id -u; pwd; echo $HOME").ended(0);
    assertEquals(
        Files.readString(job.work("id"))
            + Files.readString(job.work("pwd"))
            + Files.readString(job.work("home")),
        said);
    job.go();
    job.endOfJob();
  }

  @Test
  void inputReachesTheCommandToItsEndHoweverMuchComesBack() throws Exception {
    Job job = running("input", UNTIL_GO);
    byte[] bytes = new byte[3 << 20];
    new Random(1).nextBytes(bytes);
    Path input = Files.write(data.resolve("input"), bytes);
    List<Map<String, String>> ways =
        List.of(
            Map.of(),
            Map.of(
                "DOCKER_HOST",
                "command:" + String.join(" ", EngineUnderTest.IT.dialing(jobs.engine().socket()))));
    for (Map<String, String> way : ways) {
      Path out = data.resolve("cat" + way.size());
      Process cat = Verb.start(out, way, input, words("exec", "-i", name(job), "cat"));
      assertEquals(0, Job.statusOf(cat), () -> way.toString());
      assertArrayEquals(bytes, Files.readAllBytes(out));
    }
    // One that does not listen is not waited for.
    Verb.run(data, Map.of(), input, words("exec", "-i", name(job), "sh", "-c", "exit 5")).ended(5);
    job.go();
    job.endOfJob();
  }

  @Test
  void aSuspendedJobIsNotDisturbed() throws Exception {
    Job job = running("paused", UNTIL_GO);
    job.client().suspend();
    job.await(ContainerState.PAUSED);
    Verb refused = verb("exec", name(job), "true");
    refused.ended(3);
    assertTrue(refused.err().contains("is suspended"), refused::err);
    JsonObject row = stats(1).get(0).getAsJsonObject();
    assertEquals("paused", row.get("state").getAsString());
    job.client().resume();
    job.await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
  }

  @Test
  void aNameThatTwoJobsHaveIsAnsweredWithBoth() throws Exception {
    Job one = running("twin_a", UNTIL_GO);
    Job two = running("twin_b", UNTIL_GO);
    Verb both = verb("exec", "twin", "true");
    both.ended(3);
    assertTrue(both.err().contains(name(one)) && both.err().contains(name(two)), both::err);
    assertTrue(verb("exec", "--", "true").err().contains("say which"));
    String slot = String.valueOf(two.slot().directory().getFileName());
    assertEquals(name(two) + "\n", verb("exec", slot, "sh", "-c", "echo $BOINC_RESULT").ended(0));
    assertEquals(
        name(one) + "\n",
        Verb.run(
                data,
                Map.of("DOCKER_CONT_NAME", one.container().name()),
                NOTHING,
                words("exec", "--", "sh", "-c", "echo $BOINC_RESULT"))
            .ended(0));
    for (Job job : List.of(one, two)) {
      job.go();
      job.endOfJob();
    }
  }

  @Test
  void oneTableTellsCpuMemoryProgressAndState() throws Exception {
    Job job = running("stats", "echo 0.25 >fraction_done\nuntil [ -e /app/go ]; do :; done\n");
    job.awaitReport("a quarter", status -> status.fractionDone().orElse(0) == 0.25);
    JsonObject row = stats(1).get(0).getAsJsonObject();
    assertEquals(name(job), row.get("result").getAsString());
    assertEquals("running", row.get("state").getAsString());
    assertEquals(0.25, row.get("fraction_done").getAsDouble());
    assertTrue(row.get("cpu_percent").getAsDouble() > 1, row::toString);
    assertTrue(row.get("cpu_seconds").getAsDouble() > 0, row::toString);
    assertTrue(row.get("memory_bytes").getAsLong() > 0, row::toString);
    String text = verb("stats").ended(0);
    assertTrue(
        text.lines().anyMatch(line -> line.contains(name(job)) && line.contains("25.0 %")), text);
    job.go();
    job.endOfJob();
  }

  private JsonArray stats(int jobs) throws Exception {
    JsonArray rows = new Gson().fromJson(verb("stats", "--json").ended(0), JsonArray.class);
    assertEquals(jobs, rows.size(), rows::toString);
    return rows;
  }

  @Test
  @Tag(EngineUnderTest.ANY)
  void aShellOnATerminalKnowsItsSizeAndLeavesTheTerminalAsItWas() throws Exception {
    Job job = running("tty", UNTIL_GO);
    Path screen = data.resolve("screen");
    String before = "stty rows 31 cols 97; stty -a >%s/before; ".formatted(data);
    String exec =
        "scripts/boinc-docker exec --data-dir %s -t %s sh; echo status $?; stty -a >%s/after"
            .formatted(data, name(job), data);
    Process terminal =
        new ProcessBuilder("script", "-qec", before + exec, "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(screen.toFile())
            .start();
    try {
      OutputStream keys = terminal.getOutputStream();
      awaitSize("31 97", keys, screen);
      resize(terminal, 33, 101);
      awaitSize("33 101", keys, screen);
      type(keys, "echo beg''un; sleep 1000\n");
      Await.until("a command", Job.PATIENCE, () -> Files.readString(screen).contains("begun\r\n"));
      type(keys, "\u0003");
      type(keys, "tty; exit 7\n");
      assertEquals(0, Job.statusOf(terminal), () -> "script");
      String seen = Files.readString(screen);
      assertTrue(seen.contains("/dev/pts/"), seen);
      assertTrue(seen.contains("status 7"), seen);
      assertEquals(
          Files.readString(data.resolve("before"))
              .replace("rows 31; columns 97", "rows 33; columns 101"),
          Files.readString(data.resolve("after")));
    } finally {
      terminal.descendants().forEach(ProcessHandle::destroyForcibly);
      terminal.destroyForcibly();
    }
    job.go();
    job.endOfJob();
  }

  /** Asked again and again: the engine hears of a size after the shell has begun. */
  private static void awaitSize(String size, OutputStream keys, Path screen) throws Exception {
    Await.until(
        "the size " + size,
        Job.PATIENCE,
        () -> {
          type(keys, "stty size\n");
          return Files.readString(screen).contains(size + "\r\n");
        });
  }

  private static void type(OutputStream keys, String text) throws Exception {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
    Thread.sleep(200);
  }

  /** As a terminal's window does it: whoever is in the foreground gets a signal. */
  private static void resize(Process terminal, int rows, int columns) throws Exception {
    Path device;
    try (Stream<ProcessHandle> below = terminal.descendants()) {
      device =
          Files.readSymbolicLink(
              Path.of("/proc", Long.toString(below.findFirst().orElseThrow().pid()), "fd/0"));
    }
    Matcher pts = Pattern.compile("/dev/pts/\\d+").matcher(device.toString());
    assertTrue(pts.matches(), device::toString);
    Process stty =
        new ProcessBuilder("stty", "-F", device.toString(), "rows", "" + rows, "cols", "" + columns)
            .start();
    assertEquals(0, stty.waitFor());
  }
}
