package org.boinc.dockerwrapper.clean;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.clean.Finding.Fate;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;

/** Looks for one client's left-overs on one engine, and removes them. */
public final class Sweep {
  /** Bytes that all images of a client may take, where nobody says otherwise: 20 GiB. */
  public static final long DISK_CAP = 20L << 30;

  private final Engine engine;
  private final Path client;
  private final long limit;
  private final Duration betweenLooks;
  private final Duration lockPatience;

  /**
   * Nothing is looked at yet.
   *
   * @param engine of this host
   * @param client the data directory, without links in its path; need not be there any more
   * @param limit bytes that all its images may take together
   * @param betweenLooks so long a thing must have been left over
   * @param lockPatience how long to wait while a wrapper makes or removes an image of a project
   */
  public Sweep(
      Engine engine, Path client, long limit, Duration betweenLooks, Duration lockPatience) {
    if (!engine.isOfThisHost()) {
      throw new IllegalArgumentException(
          engine.facts().endpoint() + " may have containers of other hosts");
    }
    this.engine = engine;
    this.client = client;
    this.limit = limit;
    this.betweenLooks = betweenLooks;
    this.lockPatience = lockPatience;
  }

  /**
   * What was found.
   *
   * @param findings all things of the client
   * @param removed those that are no longer there
   * @param problems what could not be read or removed, one sentence each
   */
  public record Report(List<Finding> findings, List<Finding> removed, List<String> problems) {}

  /** Looks and touches nothing. */
  public Report look() throws EngineException, InterruptedException {
    Inventory first = Survey.take(engine, client);
    List<Finding> atFirst = judge(first);
    if (atFirst.stream().noneMatch(Sweep::goes)) {
      return new Report(atFirst, List.of(), first.problems());
    }
    Thread.sleep(betweenLooks);
    Inventory second = Survey.take(engine, client);
    return new Report(
        judge(second).stream().map(finding -> seenTwice(finding, atFirst)).toList(),
        List.of(),
        second.problems());
  }

  private static Finding seenTwice(Finding now, List<Finding> atFirst) {
    boolean before = atFirst.stream().anyMatch(found -> found.isSameAs(now) && goes(found));
    return goes(now) && !before
        ? now.but(Fate.STAYS, "%s, but only since a moment".formatted(now.why()))
        : now;
  }

  /** Looks, and removes what is left over. */
  public Report clean() throws EngineException, InterruptedException {
    Report seen = look();
    List<Finding> removed = new ArrayList<>();
    List<String> problems = new ArrayList<>(seen.problems());
    Removal removal =
        new Removal(
            engine,
            client,
            lockPatience,
            finding ->
                judge(Survey.take(engine, client)).stream()
                    .anyMatch(now -> now.isSameAs(finding) && goes(now)));
    for (Finding finding : seen.findings()) {
      if (goes(finding) && removal.remove(finding, problems)) {
        removed.add(finding);
      }
    }
    removal.tidyLedgers(problems);
    return new Report(seen.findings(), removed, problems);
  }

  private List<Finding> judge(Inventory all) {
    List<Finding> findings = new ArrayList<>(ContainerRules.of(all));
    findings.addAll(ImageRules.of(all, List.copyOf(findings), limit));
    return findings;
  }

  private static boolean goes(Finding finding) {
    return finding.fate() == Fate.GOES;
  }
}
