package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.SlotListing.TargetState;
import org.junit.jupiter.api.Test;

/** The login that a job brings along for its registry. */
class RegistryPlanningTest {
  private static final String LOGIN =
      "image.registry = { user = \"u\", password_file = \"token\" }";
  private static final String PULLED = "image.name = \"registry.example.org:5000/team/app:1\"";

  private static Optional<RegistryLogin> login(PlanCase planned) {
    return switch (planned.plan().image()) {
      case ImagePlan.Build build -> build.login();
      case ImagePlan.Pull pull -> pull.login();
      case ImagePlan.Load load -> throw new AssertionError(load);
    };
  }

  @Test
  void aPullIsLoggedInAtTheRegistryOfTheImage() {
    assertEquals(
        new RegistryLogin(List.of("registry.example.org:5000"), "u", "s3cret"),
        login(PlanCase.bare(PULLED, LOGIN).text("token", "s3cret\n")).orElseThrow());
    assertEquals(
        List.of("docker.io"),
        login(PlanCase.bare("image.name = \"team/app:1\"", LOGIN).text("token", "x"))
            .orElseThrow()
            .registries());
  }

  @Test
  void aBuildIsLoggedInWhereItsStagesComeFrom() {
    String dockerfile =
        """
        FROM --platform=linux/amd64 registry.example.org/base:1 AS build
        from build
        FROM $ANY/image
        FROM debian:12
        FROM registry.example.org/other:1
        RUN echo FROM nowhere.example.org/x
        """;
    assertEquals(
        List.of("registry.example.org", "docker.io"),
        login(PlanCase.bare(LOGIN).text("token", "x").text("Dockerfile", dockerfile))
            .orElseThrow()
            .registries());
  }

  @Test
  void withoutTheKeyNobodyIsLoggedIn() {
    assertEquals(Optional.empty(), login(PlanCase.bare(PULLED)));
  }

  @Test
  void aPasswordThatIsNotThereIsRefused() {
    assertTrue(PlanCase.bare(PULLED, LOGIN).refusal().startsWith("image.registry: 'token'"));
    assertTrue(
        PlanCase.bare(PULLED, LOGIN)
            .text("token", " \n")
            .refusal()
            .startsWith("image.registry: the password file 'token' is empty"));
    assertTrue(
        PlanCase.bare(PULLED, LOGIN)
            .text("token", "x".repeat(70_000))
            .refusal()
            .contains("larger than 64 KiB"));
  }

  @Test
  void thePasswordIsMaskedInLogsAndInMessages() {
    JobPlan plan = PlanCase.bare(PULLED, LOGIN).text("token", "s3cret").plan();
    assertEquals(List.of("s3cret"), plan.secrets());
    assertFalse(plan.image().toString().contains("s3cret"), plan.image().toString());
  }

  @Test
  void thePasswordFileIsNotShownToTheJob() {
    JobPlan mounted =
        PlanCase.bare(
                PULLED,
                LOGIN,
                "files.project = \"/project\"",
                "files.in = [{ src = \"*\", dst = \"/in/\" }]")
            .text("token", "s3cret")
            .link("token", TargetState.FILE)
            .file("data")
            .plan();
    List<String> shown =
        mounted.container().mounts().stream()
            .filter(
                mount -> mount.target().endsWith("/token") || mount.target().endsWith("/token_1"))
            .map(mount -> assertInstanceOf(Mount.Bind.class, mount))
            .map(bind -> bind.target() + " < " + bind.source().getFileName())
            .toList();
    assertEquals(List.of("/project/token_1 < docker_wrapper_hidden"), shown);
    assertEquals(
        List.of("/in/data", "/in/job.toml"),
        mounted.copies().in().stream().map(CopyPlan.In::target).toList());

    ImagePlan.Build build =
        assertInstanceOf(
            ImagePlan.Build.class, PlanCase.of(LOGIN).text("token", "s3cret").plan().image());
    assertTrue(
        build.files().stream().noneMatch(file -> file.name().equals("token")),
        build.files().toString());
  }
}
