package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import org.boinc.dockerwrapper.engine.BuildFailed;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.EngineHttpClient;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.engine.Images;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.ImagePlan;
import org.boinc.dockerwrapper.plan.ImagePlan.ContextFile;
import org.boinc.dockerwrapper.plan.Name;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ImagesIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir Path directory;
  private final List<String> output = new ArrayList<>();
  private final List<String> built = new ArrayList<>();
  private TestEngine real;
  private Images images;

  @BeforeEach
  void start() throws Exception {
    real = new TestEngine();
    images = real.engine().images();
  }

  @AfterEach
  void stop() throws Exception {
    real.removeContainers();
    for (String tag : built) {
      images.remove(tag);
    }
    real.close();
  }

  private String tag() {
    String tag = real.name() + ":1";
    built.add(tag);
    return tag;
  }

  private Path write(String name, String text) throws IOException {
    Path path = directory.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  private static ContextFile file(String name, Path source) {
    return new ContextFile(name, source, false, false);
  }

  private ImagePlan.Build plan(String dockerfile, ContextFile... others) throws IOException {
    List<ContextFile> files = new ArrayList<>(List.of(others));
    files.add(file("Dockerfile", write("Dockerfile", dockerfile)));
    return new ImagePlan.Build(
        new Name("a", "b"),
        real.labels(),
        files,
        "Dockerfile",
        Map.of("GREETING", "hello"),
        "",
        "",
        Optional.empty(),
        LIMIT,
        ImagePlan.BuildLimits.NONE);
  }

  private ImageFacts build(String dockerfile, ContextFile... others) throws Exception {
    return images.build(plan(dockerfile, others), tag(), output::add);
  }

  private String outputOf(ImageFacts image, String script) throws Exception {
    StringBuilder text = new StringBuilder();
    String id = real.engine().containers().create(real.name(), real.shell(script), image);
    real.engine().containers().start(id, LIMIT);
    assertEquals(0, real.engine().containers().awaitExit(id));
    real.engine()
        .containers()
        .logs(
            id,
            org.boinc.dockerwrapper.engine.LogRange.ALL,
            true,
            true,
            (stream, bytes) -> text.append(new String(bytes, StandardCharsets.UTF_8)));
    return text.toString();
  }

  @Test
  void anImageIsDescribed() throws Exception {
    ImageFacts image =
        build(
            "FROM "
                + TestEngine.IMAGE
                + "\nUSER 1234\nWORKDIR /w\nENTRYPOINT [\"/bin/echo\"]\nCMD [\"a\", \"b\"]\n");
    assertEquals("1234", image.user());
    assertEquals("/w", image.workdir());
    assertEquals(List.of("/bin/echo"), image.entrypoint());
    assertEquals(List.of("a", "b"), image.command());
    assertEquals("linux", image.os());
    assertEquals(real.engine().facts().architecture(), image.architecture());
    assertTrue(image.labels().entrySet().containsAll(real.labels().entrySet()));
    assertTrue(image.id().matches("sha256:[0-9a-f]{64}"), image.id());
    assertEquals(Optional.of(image), images.find(built.getFirst()));
    assertTrue(images.find("boinc-test/absent:1").isEmpty());
  }

  @Test
  void c46ABuildThatPrintsErrorAndUnreachableSucceeds() throws Exception {
    // Of this test alone: who builds what another test is just removing loses it under its hands.
    build(
        "FROM %s\nRUN echo Error: unreachable; echo failed >&2 # %s\n"
            .formatted(TestEngine.IMAGE, real.name()));
    assertTrue(output.contains("Error: unreachable"), output.toString());
  }

  @Test
  void c46AFailingBuildThatPrintsSuccessFails() throws Exception {
    EngineException e =
        assertThrows(
            EngineException.class,
            () ->
                build(
                    "FROM "
                        + TestEngine.IMAGE
                        + "\nRUN echo Successfully built 0123456789ab; exit 7\n"));
    assertEquals(OptionalInt.of(7), e.buildFailed().orElseThrow().exitCode());
    assertTrue(images.find(built.getFirst()).isEmpty());
  }

  @Test
  void c47TheLastLinesOfAFailingBuildAreKnown() throws Exception {
    EngineException e =
        assertThrows(
            EngineException.class,
            () ->
                build(
                    "FROM "
                        + TestEngine.IMAGE
                        + "\nRUN i=0; while [ $i -lt 100 ]; do echo line $i; i=$((i+1)); done;"
                        + " sleep 0.5; echo the reason >&2; exit 3\n"));
    BuildFailed failed = e.buildFailed().orElseThrow();
    assertEquals(Fault.REFUSED, e.fault());
    assertTrue(failed.tail().contains("the reason"), failed.tail().toString());
    assertTrue(failed.tail().contains("line 99") && !failed.tail().contains("line 1"));
    assertTrue(output.contains("line 1"));
  }

  @Test
  void aDockerfileThatCannotBeReadIsAFailedBuild() throws Exception {
    EngineException e =
        assertThrows(EngineException.class, () -> build("FROM " + TestEngine.IMAGE + "\nFORM x\n"));
    assertEquals(Fault.REFUSED, e.fault());
    assertTrue(e.buildFailed().isPresent());
    assertTrue(e.sentence().contains("FORM"), e.sentence());
  }

  @Test
  void theContextHasWhatDockerignoreLeavesAndExecutablesStayExecutable() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    Files.writeString(data.resolve("keep.txt"), "keep");
    Files.writeString(data.resolve("drop.tmp"), "drop");
    Files.createSymbolicLink(data.resolve("link"), Path.of("keep.txt"));
    ImageFacts image =
        build(
            "FROM " + TestEngine.IMAGE + "\nARG GREETING\nCOPY . /c/\nRUN echo $GREETING > /g\n",
            file(".dockerignore", write("ignore", "# no\n**/*.tmp\nDockerfile\nsecret\n")),
            file("secret", write("secret", "s")),
            new ContextFile("run.sh", write("run", "#!/bin/sh\necho ran\n"), false, true),
            new ContextFile("data", data, true, false));
    assertEquals(
        "data run.sh keep.txt link ran 755 644 1970 hello keep.txt\n",
        outputOf(
            image,
            "cd /c; echo $(ls) $(ls data) $(./run.sh) $(stat -c %a run.sh data/keep.txt)"
                + " $(date -u -r run.sh +%Y) $(cat /g) $(readlink data/link)"));
  }

  @Test
  void theSameFilesAreBuiltOnce() throws Exception {
    Path file = write("data", "data");
    String dockerfile = "FROM " + TestEngine.IMAGE + "\nCOPY data /\nRUN date +%N > /made\n";
    ImageFacts first = build(dockerfile, file("data", file));
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(0));
    assertEquals(first.id(), build(dockerfile, file("data", file)).id());
    Files.writeString(file, "changed");
    assertFalse(first.id().equals(build(dockerfile, file("data", file)).id()));
  }

  @Test
  void aLargeContextNeedsNoMemory() throws Exception {
    Path huge = directory.resolve("huge");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(300L << 20);
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long before = runtime.totalMemory() - runtime.freeMemory();
    build("FROM " + TestEngine.IMAGE + "\nRUN true\n", file("huge", huge));
    System.gc();
    long after = runtime.totalMemory() - runtime.freeMemory();
    assertTrue(after - before < 64L << 20, before + " → " + after);
  }

  @Test
  void aFileThatIsGoneIsThisHostsError() throws Exception {
    ImagePlan.Build plan = plan("FROM scratch\n", file("gone", directory.resolve("gone")));
    assertThrows(
        java.nio.file.NoSuchFileException.class, () -> images.build(plan, tag(), output::add));
    assertTrue(images.find(TestEngine.IMAGE).isPresent());
  }

  @Test
  void aBuildThatTakesTooLongIsATimeout() throws Exception {
    ImagePlan.Build slow = plan("FROM " + TestEngine.IMAGE + "\nRUN sleep 60 # " + tag() + "\n");
    ImagePlan.Build hurried =
        new ImagePlan.Build(
            slow.name(),
            slow.labels(),
            slow.files(),
            slow.dockerfile(),
            slow.buildArgs(),
            slow.target(),
            slow.platform(),
            slow.login(),
            Duration.ofSeconds(2),
            ImagePlan.BuildLimits.NONE);
    EngineException e =
        assertThrows(EngineException.class, () -> images.build(hurried, tag(), output::add));
    assertEquals(Fault.TIMEOUT, e.fault());
  }

  @Test
  void aRegistryThatDoesNotAnswerIsAnErrorAndSaysSo() {
    ImagePlan.Pull plan =
        new ImagePlan.Pull(
            "127.0.0.1:9/boinc/absent:1",
            ImagePlan.Pull.When.ALWAYS,
            "",
            "",
            Optional.empty(),
            LIMIT);
    EngineException e = assertThrows(EngineException.class, () -> images.pull(plan, output::add));
    assertEquals(Fault.REFUSED, e.fault());
    assertTrue(e.sentence().startsWith("pulling image 127.0.0.1:9/boinc/absent:1 failed"));
  }

  @Test
  void aManifestThatTheRegistryDoesNotHaveIsNotFound() throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(directory, real.socket());
        Engine engine = Engine.connect(proxy.endpoint(), LIMIT)) {
      proxy.spoil("/images/create", 1, new FaultyProxy.Spoil.Answer(404, "manifest unknown"));
      ImagePlan.Pull plan =
          new ImagePlan.Pull(
              "registry.example/a:1", ImagePlan.Pull.When.ALWAYS, "", "", Optional.empty(), LIMIT);
      EngineException e =
          assertThrows(EngineException.class, () -> engine.images().pull(plan, output::add));
      assertEquals(Fault.NOT_FOUND, e.fault());
      assertEquals(1, proxy.count("fromImage=registry.example%2Fa%3A1"));
    }
  }

  private Path save(ImageFacts image, boolean compressed) throws IOException {
    Path archive = directory.resolve(compressed ? "image.tar.gz" : "image.tar");
    Request request =
        Request.builder().method(Request.Method.GET).path("/images/" + image.id() + "/get").build();
    try (EngineHttpClient http = new EngineHttpClient(real.endpoint(), LIMIT);
        Response response = http.execute(request);
        InputStream body = response.getBody();
        OutputStream file = Files.newOutputStream(archive);
        OutputStream out = compressed ? new GZIPOutputStream(file) : file) {
      assertEquals(200, response.getStatusCode());
      body.transferTo(out);
    }
    return archive;
  }

  @Test
  void anArchiveIsLoadedPlainAndCompressedAndAgain() throws Exception {
    ImageFacts image = build("FROM " + TestEngine.IMAGE + "\nRUN date +%N > /unique\n");
    for (boolean compressed : new boolean[] {false, true}) {
      Path archive = save(image, compressed);
      assertTrue(images.remove(image.id()));
      assertTrue(images.find(image.id()).isEmpty());
      ImagePlan.Load load = new ImagePlan.Load(new Name("a", "b"), List.of(archive), "", "", LIMIT);
      String tag = tag();
      assertEquals(image.id(), images.load(load, tag, 0, output::add).id());
      assertEquals(image.id(), images.load(load, tag, 0, output::add).id());
      assertEquals(image.id(), images.find(tag).orElseThrow().id());
      Files.delete(archive);
    }
  }

  @Test
  void aDamagedArchiveIsRefused() throws Exception {
    Path archive = write("image.tar", "this is no archive");
    ImagePlan.Load load = new ImagePlan.Load(new Name("a", "b"), List.of(archive), "", "", LIMIT);
    EngineException e =
        assertThrows(EngineException.class, () -> images.load(load, tag(), 0, output::add));
    assertEquals(Fault.REFUSED, e.fault());
  }

  @Test
  void anImageInUseStaysAndOneThatIsGoneIsRemoved() throws Exception {
    ImageFacts image = build("FROM " + TestEngine.IMAGE + "\nRUN date +%N > /unique\n");
    String container = real.engine().containers().create(real.name(), real.shell("true"), image);
    assertFalse(images.remove(image.id()));
    real.engine().containers().remove(container);
    assertTrue(images.remove(image.id()));
    assertTrue(images.remove(image.id()));
  }

  @Test
  void aNameWithALineBreakReachesNoEngine() {
    EngineException e =
        assertThrows(EngineException.class, () -> images.remove("a HTTP/1.1\r\nX: y\r\n"));
    assertEquals(Fault.REFUSED, e.fault());
  }
}
