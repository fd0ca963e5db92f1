package org.boinc.dockerwrapper.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageReferenceTest {
  private static final String HASH = "sha256:" + "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "alpine, docker.io/library/alpine:latest",
    "alpine:3.20, docker.io/library/alpine:3.20",
    "example/app, docker.io/example/app:latest",
    "docker.io/alpine, docker.io/library/alpine:latest",
    "localhost/app, localhost/app:latest",
    "localhost:5000/app, localhost:5000/app:latest",
    "registry.x:5000/a:b, registry.x:5000/a:b",
    "ghcr.io/team/sub/app:1_2.3-x, ghcr.io/team/sub/app:1_2.3-x",
    "a.b/c__d/e--f/g.h, a.b/c__d/e--f/g.h:latest",
    "boinc__project__wu, docker.io/library/boinc__project__wu:latest",
  })
  void aShortNameIsCompleted(String text, String qualified) {
    ImageReference image = ImageReference.parse(text).orElseThrow();

    assertEquals(text, image.toString());
    assertEquals(qualified, image.qualified());
  }

  @Test
  void theThreePartsComeApart() {
    ImageReference image = ImageReference.parse("registry.x:5000/a/b:c@" + HASH).orElseThrow();

    assertEquals(Optional.of("registry.x:5000"), image.registry());
    assertEquals("a/b", image.repository());
    assertEquals(Optional.of("c"), image.tag());
    assertEquals(Optional.of(HASH), image.digest());
  }

  @Test
  void aDigestNeedsNoTag() {
    assertEquals(
        "docker.io/library/alpine@" + HASH,
        ImageReference.parse("alpine@" + HASH).orElseThrow().qualified());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Alpine",
        "a//b",
        "/a",
        "a/",
        "a:",
        "a:b:c",
        "a___b",
        "a..b",
        "a-",
        "-a",
        "a b",
        "a\nb",
        "a@sha256:12",
        "a@md5:12",
        "http://a/b",
        "a:" + "b",
        "ä",
        "a;b",
        "$(id)",
        "a:-x"
      })
  void whatIsNoNameIsRefusedWithASentence(String text) {
    boolean good = text.equals("a:b");

    assertEquals(good, ImageReference.parse(text).isPresent(), text);
    assertEquals(good, ImageReference.fault(text).isEmpty(), text);
  }

  @Test
  void aLongNameTakesNoLongTime() {
    String text = "a-".repeat(100_000);

    assertTrue(ImageReference.parse(text).isEmpty());
    assertTrue(ImageReference.parse("a-".repeat(200) + "!").isEmpty());
    assertTrue(ImageReference.parse("a".repeat(256)).isEmpty());
    assertTrue(ImageReference.parse("a".repeat(255)).isPresent());
  }

  @Test
  void anIdIsNoName() {
    assertTrue(ImageReference.fault(HASH).orElseThrow().contains("image's ID"));
    assertTrue(ImageReference.fault(HASH.substring(7)).orElseThrow().contains("image's ID"));
  }
}
