package org.boinc.dockerwrapper.clean;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.FileTrouble;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.boinc.InitDataException;
import org.boinc.dockerwrapper.boinc.SlotLock;
import org.boinc.dockerwrapper.plan.Names;
import org.boinc.dockerwrapper.run.Journal;

/**
 * Asks a slot who lives there: the client's init_data.xml, and the wrapper's journal where the
 * client is just rewriting that or there is no client.
 */
final class SlotReader {
  private SlotReader() {}

  /**
   * Looks once.
   *
   * @param claims results whose things were found, as this slot's
   */
  static Tenancy read(Path slot, Set<String> claims) {
    try {
      if (!Files.readAttributes(slot, BasicFileAttributes.class).isDirectory()) {
        return new Tenancy.Gone();
      }
      Tenancy said = tenant(slot);
      boolean claimed = said instanceof Tenancy.Taken taken && claims.contains(taken.result());
      return !claimed && !claims.isEmpty() && SlotLock.isHeld(slot) ? new Tenancy.Busy() : said;
    } catch (NoSuchFileException gone) {
      return new Tenancy.Gone();
    } catch (IOException trouble) {
      return new Tenancy.Unreadable(FileTrouble.sentence(trouble));
    }
  }

  private static Tenancy tenant(Path slot) throws IOException {
    try {
      InitData job = InitData.parse(Files.readAllBytes(slot.resolve(InitData.FILE)));
      return new Tenancy.Taken(Names.project(job), job.resultName(), job.workunitName());
    } catch (NoSuchFileException nothingSaid) {
      return byJournal(slot).orElseGet(Tenancy.Vacant::new);
    } catch (InitDataException cutOff) {
      return byJournal(slot).orElseGet(() -> new Tenancy.Unreadable(FileTrouble.sentence(cutOff)));
    }
  }

  private static Optional<Tenancy> byJournal(Path slot) throws IOException {
    return Journal.resultIn(slot).map(result -> new Tenancy.Taken("", result, ""));
  }
}
