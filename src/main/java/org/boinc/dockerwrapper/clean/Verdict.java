package org.boinc.dockerwrapper.clean;

import java.util.Collection;
import java.util.List;
import org.boinc.dockerwrapper.clean.Finding.Fate;

/** A fate and the reason for it. */
record Verdict(Fate fate, String why) {
  static Verdict goes(String why) {
    return new Verdict(Fate.GOES, why);
  }

  static Verdict stays(String why) {
    return new Verdict(Fate.STAYS, why);
  }

  static Verdict inDoubt(String why) {
    return new Verdict(Fate.IN_DOUBT, why);
  }

  /** Of what several depend on: one is enough for it to stay, and one in doubt for doubt. */
  static Verdict together(Collection<Verdict> of) {
    for (Fate fate : List.of(Fate.STAYS, Fate.IN_DOUBT)) {
      for (Verdict verdict : of) {
        if (verdict.fate == fate) {
          return verdict;
        }
      }
    }
    return of.iterator().next();
  }
}
