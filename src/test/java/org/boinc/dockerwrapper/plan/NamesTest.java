package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.job.ImageReference;
import org.junit.jupiter.api.Test;

class NamesTest {
  /** Docker's own, moby/moby daemon/names. */
  private static final Pattern CONTAINER = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");

  /** Docker's own, distribution/reference, one path component. */
  private static final Pattern IMAGE = Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*");

  private static final Path PROJECT = Path.of("/boinc/projects/example.org_Proj");
  private static final Path OTHER = Path.of("/boinc/projects/example.com_Proj");

  private static InitData job(Path project, String workunit, String result) {
    return PlanCase.named(project, workunit, result, "app", "");
  }

  private static List<Name> all(InitData job) {
    return List.of(Names.container(job), Names.workunitImage(job), Names.appVersionImage(job));
  }

  /** What people write, and what they don't. */
  @Provide
  Arbitrary<String> names() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMinLength(1).ofMaxLength(300),
        Arbitraries.strings().withChars("aZ09._- /:@%\u00e4\u0130").ofMinLength(1).ofMaxLength(260),
        Arbitraries.strings().withChars("a._-").ofMinLength(1).ofMaxLength(12));
  }

  @Property
  void anyNameOfBoincsGivesNamesThatEnginesTake(
      @ForAll("names") String workunit, @ForAll("names") String app) {
    InitData job = PlanCase.named(PROJECT, workunit, workunit + "_0", app, "mt");
    for (String name :
        List.of(Names.container(job).preferred(), Names.container(job).qualified())) {
      assertTrue(CONTAINER.matcher(name).matches(), name);
    }
    for (Name image : List.of(Names.workunitImage(job), Names.appVersionImage(job))) {
      for (String name : List.of(image.preferred(), image.qualified())) {
        assertTrue(IMAGE.matcher(name).matches(), name);
        assertTrue(ImageReference.parse(name).isPresent(), name);
      }
    }
    for (Name name : all(job)) {
      for (String text : List.of(name.preferred(), name.qualified())) {
        assertTrue(text.startsWith("boinc_"), text);
        assertFalse(text.startsWith("boinc__"), "the client removes it: " + text);
        assertTrue(text.length() <= 255, text);
      }
    }
  }

  @Property
  void theSameJobHasTheSameNamesAndAnotherProjectsHasOthers(@ForAll("names") String workunit) {
    assertEquals(all(job(PROJECT, workunit, workunit)), all(job(PROJECT, workunit, workunit)));
    List<Name> mine = all(job(PROJECT, workunit, workunit));
    List<Name> theirs = all(job(OTHER, workunit, workunit));
    for (int i = 0; i < mine.size(); i++) {
      assertNotEquals(mine.get(i).qualified(), theirs.get(i).qualified());
    }
  }

  @Property
  void twoResultsNeverShareAQualifiedName(
      @ForAll("names") String one, @ForAll("names") String two) {
    if (!one.equals(two)) {
      assertNotEquals(
          Names.container(job(PROJECT, "w", one)).qualified(),
          Names.container(job(PROJECT, "w", two)).qualified());
      assertNotEquals(
          Names.workunitImage(job(PROJECT, one, "r")).qualified(),
          Names.workunitImage(job(PROJECT, two, "r")).qualified());
    }
  }

  /** With one underscore, where BOINC's own wrapper has two and the client cleans up after it. */
  @Test
  void c42NamesAreTheOnesPeopleKnow() {
    InitData job = PlanCase.named(PROJECT, "WU_One", "WU_One_0", "MyApp", "mt");
    assertEquals("boinc_WU_One_0", Names.container(job).preferred());
    assertEquals("boinc_wu_one", Names.workunitImage(job).preferred());
    assertEquals("boinc_example.org_proj_myapp_mt_805", Names.appVersionImage(job).preferred());
    assertEquals(
        "boinc_example.org_proj_app_805",
        Names.appVersionImage(job(PROJECT, "w", "r")).preferred());
    assertTrue(
        Names.container(job).qualified().matches("boinc_example\\.org_Proj_WU_One_0-[0-9a-f]{12}"));
  }

  @Test
  void c43OddNamesGetASubstituteThatTellsThemApart() {
    for (String odd : List.of("a b", "a___b", "trailing_", "x".repeat(240), "___", "\u4e2d")) {
      InitData job = job(PROJECT, odd, odd);
      String image = Names.workunitImage(job).preferred();
      assertTrue(image.matches("boinc_.*-[0-9a-f]{12}"), image);
      assertEquals(image, image.toLowerCase(Locale.ROOT));
    }
    assertNotEquals(
        Names.workunitImage(job(PROJECT, "a b", "r")).preferred(),
        Names.workunitImage(job(PROJECT, "a/b", "r")).preferred());
    assertTrue(Names.container(job(PROJECT, "w", "trailing_")).preferred().endsWith("trailing_"));
  }
}
