package org.boinc.dockerwrapper.job;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the known name that takes the fewest changes of a letter. */
final class Nearest {
  private static final int LONGEST = 64;

  private Nearest() {}

  /** Empty where no name is near; names are compared from their last dot on. */
  static Optional<String> to(String name, Collection<String> names) {
    String wanted = plain(name);
    if (wanted.length() > LONGEST) {
      return Optional.empty();
    }
    return names.stream()
        .filter(known -> distance(wanted, plain(known)) <= Math.max(1, plain(known).length() / 3))
        .min(Comparator.comparingInt(known -> distance(wanted, plain(known))))
        .or(() -> names.stream().filter(known -> beginsAlike(wanted, plain(known))).findFirst());
  }

  private static String plain(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    return last.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  private static boolean beginsAlike(String wanted, String known) {
    return Math.min(wanted.length(), known.length()) >= 3
        && (wanted.startsWith(known) || known.startsWith(wanted));
  }

  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
