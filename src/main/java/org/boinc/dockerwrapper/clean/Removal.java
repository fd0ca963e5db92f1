package org.boinc.dockerwrapper.clean;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.boinc.dockerwrapper.boinc.FileTrouble;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Images;
import org.boinc.dockerwrapper.engine.ListedImage;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.run.ImageLedger;
import org.boinc.dockerwrapper.run.ImageUse;
import org.boinc.dockerwrapper.run.ProjectLock;

/** Removes left-overs one by one; what resists is told, and the next one tried. */
final class Removal {
  /** Asked once more, now that no wrapper can make an image of the project. */
  interface StillLeftOver {
    boolean test(Finding finding) throws EngineException;
  }

  private final Engine engine;
  private final Path projects;
  private final Duration patience;
  private final StillLeftOver stillLeftOver;

  Removal(Engine engine, Path client, Duration patience, StillLeftOver stillLeftOver) {
    this.engine = engine;
    this.projects = Survey.projectsDirectory(client);
    this.patience = patience;
    this.stillLeftOver = stillLeftOver;
  }

  /** Whether it is gone. */
  boolean remove(Finding finding, List<String> problems)
      throws EngineException, InterruptedException {
    try {
      boolean gone =
          switch (finding.kind()) {
            case CONTAINER -> {
              engine.containers().remove(finding.id());
              yield true;
            }
            case NETWORK -> engine.networks().remove(finding.id());
            case IMAGE -> removeImage(finding);
          };
      if (!gone) {
        problems.add("%s came into use and stays".formatted(finding.title()));
      }
      return gone;
    } catch (EngineException e) {
      switch (e.fault()) {
        case UNREACHABLE, TIMEOUT, CANCELLED -> throw e;
        case DENIED, NOT_FOUND, CONFLICT, NO_SPACE, NO_COMMAND, REFUSED ->
            problems.add(e.sentence());
      }
    } catch (IOException e) {
      problems.add(FileTrouble.sentence(e));
    }
    return false;
  }

  private boolean removeImage(Finding finding)
      throws EngineException, IOException, InterruptedException {
    Path project = projects.resolve(finding.project());
    if (!Files.isDirectory(project)) {
      return stillLeftOver.test(finding) && removeNames(finding);
    }
    Optional<ProjectLock> lock = ProjectLock.acquire(project, patience);
    if (lock.isEmpty()) {
      throw new IOException(
          "image %s stays: a wrapper is making or removing an image of project %s"
              .formatted(finding.title(), finding.project()));
    }
    try (ProjectLock _ = lock.get()) {
      return stillLeftOver.test(finding) && removeNames(finding);
    }
  }

  /** A name that has moved to another image is not ours to take. */
  private boolean removeNames(Finding finding) throws EngineException {
    Images images = engine.images();
    boolean free = true;
    for (String name : finding.names()) {
      Optional<ImageFacts> named = images.find(name);
      if (named.isPresent() && named.get().id().equals(finding.id())) {
        free &= images.remove(name);
      }
    }
    boolean nameless =
        images.list().stream()
            .anyMatch(image -> image.id().equals(finding.id()) && image.names().isEmpty());
    return nameless ? images.remove(finding.id()) : free;
  }

  /** Forgets images that are no longer there, whoever removed them. */
  void tidyLedgers(List<String> problems) throws EngineException, InterruptedException {
    try {
      Set<String> there = imageIds();
      for (ImageLedger ledger : ImageLedger.all(projects)) {
        if (ledger.read().stream().anyMatch(use -> isGone(use, there))) {
          tidy(ledger);
        }
      }
    } catch (IOException e) {
      problems.add(FileTrouble.sentence(e));
    }
  }

  private void tidy(ImageLedger ledger) throws EngineException, IOException, InterruptedException {
    Path project = projects.resolve(ledger.project());
    if (!Files.isDirectory(project)) {
      forgetWhatIsGone(ledger);
      return;
    }
    Optional<ProjectLock> lock = ProjectLock.acquire(project, patience);
    if (lock.isPresent()) {
      try (ProjectLock _ = lock.get()) {
        forgetWhatIsGone(ledger);
      }
    }
  }

  private void forgetWhatIsGone(ImageLedger ledger) throws EngineException, IOException {
    // Both anew: before we had the lock a wrapper may have noted an image that it made.
    Set<String> there = imageIds();
    List<ImageUse> uses = new ArrayList<>(ledger.read());
    if (uses.removeIf(use -> isGone(use, there))) {
      ledger.write(uses);
    }
  }

  private boolean isGone(ImageUse use, Set<String> there) {
    return use.endpoint().equals(engine.facts().endpoint()) && !there.contains(use.id());
  }

  private Set<String> imageIds() throws EngineException {
    return engine.images().list().stream().map(ListedImage::id).collect(Collectors.toSet());
  }
}
