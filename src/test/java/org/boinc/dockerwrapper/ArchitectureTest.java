package org.boinc.dockerwrapper;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the packages, and who alone may do what. */
class ArchitectureTest {
  private static final String ROOT = ArchitectureTest.class.getPackageName();

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  /**
   * What each package may use of ours. {@code run} sees no job.toml: of {@code job} only {@link
   * #RECORDS_OF_JOB}.
   */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("boinc", Set.of()),
          Map.entry("job", Set.of()),
          Map.entry("plan", Set.of("job", "boinc")),
          Map.entry("engine", Set.of("plan")),
          Map.entry("run", Set.of("plan", "engine", "boinc")),
          Map.entry("clean", Set.of("plan", "engine", "boinc", "run")),
          Map.entry("doctor", Set.of("plan", "engine", "job")),
          Map.entry("convert", Set.of("job")),
          Map.entry("simulate", Set.of("boinc")),
          Map.entry("pack", Set.of("boinc", "job", "simulate")),
          Map.entry(
              "cli",
              Set.of(
                  "boinc",
                  "job",
                  "plan",
                  "engine",
                  "run",
                  "clean",
                  "doctor",
                  "convert",
                  "simulate",
                  "pack")));

  /** Plain values that the plan's own records hold, so that whoever reads a plan meets them. */
  private static final DescribedPredicate<JavaClass> RECORDS_OF_JOB =
      nameMatching(ROOT.replace(".", "\\.") + "\\.job\\.(ByteSize|Origin|ProgressSpec)(\\$.*)?");

  private static final DescribedPredicate<JavaClass> THE_DECIDERS =
      resideInAnyPackage(ROOT + ".job", ROOT + ".plan")
          .or(nameMatching(".*\\.(run|clean|doctor)\\.(JobMachine|JobState|\\w+Rules)(\\$.*)?"))
          .as("job, plan, the state machine, what is left over and what is wrong with a host");

  private static final DescribedPredicate<JavaClass> THE_CLI = resideInAPackage(ROOT + ".cli");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "boinc",
        "job",
        "plan",
        "engine",
        "run",
        "clean",
        "doctor",
        "convert",
        "simulate",
        "pack",
        "cli"
      })
  void theArrowsBetweenPackagesPointOneWay(String name) {
    Set<String> forbidden = new TreeSet<>(ARROWS.keySet());
    forbidden.removeAll(ARROWS.getOrDefault(name, Set.of()));
    forbidden.remove(name);
    boolean readsPlans = Set.of("engine", "run", "clean").contains(name);

    DescribedPredicate<JavaClass> target =
        resideInAnyPackage(forbidden.stream().map(ArchitectureTest::ours).toArray(String[]::new));
    check(
        noClasses()
            .that()
            .resideInAPackage(ours(name))
            .should()
            .dependOnClassesThat(readsPlans ? target.and(not(RECORDS_OF_JOB)) : target)
            .allowEmptyShould(false),
        resideInAPackage(ours(name)),
        name.equals("cli") ? 4 : 10);
  }

  @Test
  void thereAreNoOtherPackages() {
    assertEquals(
        new TreeSet<>(ARROWS.keySet()),
        MAIN.stream()
            .map(c -> c.getPackageName().substring(ROOT.length() + 1))
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void noPackagesFormACycle() {
    assertTrue(MAIN.size() > 150, "classes seen");
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void onlyTheEngineSpeaksToDocker() {
    onlyMayUse("com.github.dockerjava..", resideInAPackage(ours("engine")), 10);
  }

  @Test
  void onlyOneClassReadsToml() {
    onlyMayUse("com.moandjiezana..", nameMatching(".*\\.job\\.TomlDocument(\\$.*)?"), 1);
  }

  @Test
  void onlyTheCommandsKnowTheirOptions() {
    onlyMayUse("picocli..", THE_CLI, 1);
  }

  /**
   * Whoever holds the client's shared memory passes it on as a whole and can't look into it. The
   * one call of the kernel that the JDK does not have, a signal to a container's process, is no
   * memory.
   */
  @Test
  void onlyBoincMapsMemory() {
    DescribedPredicate<JavaClass> mapped =
        resideInAPackage("java.lang.foreign..")
            .or(nameMatching("java\\.nio\\.MappedByteBuffer"))
            .as("mapped memory");
    DescribedPredicate<JavaClass> boinc = resideInAPackage(ours("boinc"));
    DescribedPredicate<JavaClass> others =
        not(boinc.or(nameMatching(".*\\.engine\\.Signal(\\$.*)?"))).as("others");
    check(noClasses().that(others).should().dependOnClassesThat(mapped), others, 100);
    assertTrue(users("java.lang.foreign.", boinc) >= 2);
  }

  @Test
  void whoDecidesReadsNoClockAndNoHost() {
    DescribedPredicate<JavaAccess<?>> host =
        describe(
            "asks clock or host",
            access ->
                is(access, "java.time.Instant", "now")
                    || is(access, "java.lang.System", "nanoTime", "currentTimeMillis")
                    || is(access, "java.lang.System", "getenv", "getProperty")
                    || is(access, "java.lang.Thread", "sleep")
                    || access.getTargetOwner().getName().startsWith("java.lang.ProcessHandle")
                    || access.getTargetOwner().isEquivalentTo(ProcessBuilder.class));
    check(noClasses().that(THE_DECIDERS).should().accessTargetWhere(host), THE_DECIDERS, 60);
    assertSeen(
        host, "the rule knows such calls when it sees them, as in SlotLock, Observer and Host", 5);
  }

  @Test
  void whoDecidesOpensNoFile() {
    check(
        noClasses()
            .that(THE_DECIDERS)
            .should()
            .dependOnClassesThat(
                nameMatching(
                    "java\\.nio\\.file\\.Files|java\\.io\\.(File|RandomAccessFile|File\\w+Stream)"
                        + "|java\\.net\\.(http\\..*|Socket|URLConnection)")),
        THE_DECIDERS,
        60);
  }

  @Test
  void onlyTheMainProgramEndsTheProcess() {
    DescribedPredicate<JavaAccess<?>> end =
        describe(
            "ends the process",
            access ->
                is(access, "java.lang.System", "exit")
                    || is(access, "java.lang.Runtime", "halt", "exit"));
    check(noClasses().that(not(THE_CLI)).should().accessTargetWhere(end), not(THE_CLI), 150);
    assertSeen(end, "cli ends the process", 2);
  }

  @Test
  void onlyTheMainProgramPrints() {
    DescribedPredicate<JavaAccess<?>> stream =
        describe(
            "uses a standard stream",
            access ->
                access.getTargetOwner().isEquivalentTo(System.class)
                    && Set.of("out", "err", "in").contains(access.getTarget().getName()));
    check(noClasses().that(not(THE_CLI)).should().accessTargetWhere(stream), not(THE_CLI), 150);
    assertTrue(
        MAIN.stream().flatMap(c -> c.getAccessesFromSelf().stream()).anyMatch(stream),
        "cli prints");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "boinc",
        "job",
        "plan",
        "engine",
        "run",
        "clean",
        "doctor",
        "convert",
        "simulate",
        "pack",
        "cli"
      })
  void everyPackageIsNullMarked(String name) {
    assertTrue(
        MAIN.getPackage(ours(name)).isAnnotatedWith(NullMarked.class),
        () -> "package-info.java of " + name + " has no @NullMarked");
  }

  @Test
  void noClassHasANameThatSaysNothing() {
    check(
        noClasses().should().haveNameMatching(".*(Utils?|Helpers?|Manager|Impl)(\\$.*)?"),
        DescribedPredicate.alwaysTrue(),
        150);
  }

  @Test
  void aRuleThatSeesTooFewClassesFails() {
    assertThrows(
        AssertionError.class,
        () -> check(noClasses().should().bePublic(), nameMatching("no\\.such\\.Class"), 1));
  }

  private static DescribedPredicate<JavaClass> nameMatching(String pattern) {
    return HasName.Predicates.nameMatching(pattern).forSubtype();
  }

  private static String ours(String name) {
    return ROOT + "." + name;
  }

  /** A rule that looked at nothing would hold. */
  private static void check(ArchRule rule, DescribedPredicate<? super JavaClass> seen, int least) {
    long count = MAIN.stream().filter(seen).count();
    assertTrue(count >= least, () -> rule.getDescription() + ": saw only " + count + " classes");
    rule.check(MAIN);
  }

  private static void onlyMayUse(
      String library, DescribedPredicate<JavaClass> allowed, int leastUsers) {
    check(
        noClasses().that(not(allowed)).should().dependOnClassesThat().resideInAPackage(library),
        not(allowed),
        100);
    long users = users(library.replace("..", "."), allowed);
    assertTrue(users >= leastUsers, () -> library + " is used by only " + users + " classes");
  }

  private static long users(String prefix, DescribedPredicate<JavaClass> among) {
    return MAIN.stream()
        .filter(among)
        .filter(
            c ->
                c.getDirectDependenciesFromSelf().stream()
                    .anyMatch(d -> d.getTargetClass().getName().startsWith(prefix)))
        .count();
  }

  private static void assertSeen(DescribedPredicate<JavaAccess<?>> calls, String what, int least) {
    long count = MAIN.stream().flatMap(c -> c.getAccessesFromSelf().stream()).filter(calls).count();
    assertTrue(count >= least, () -> what + ": " + count);
  }

  private static boolean is(JavaAccess<?> access, String owner, String... names) {
    return access.getTargetOwner().getName().equals(owner)
        && Set.of(names).contains(access.getTarget().getName());
  }
}
