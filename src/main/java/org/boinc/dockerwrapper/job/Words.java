package org.boinc.dockerwrapper.job;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The words of a job.toml for the constants of an enum: the same in lower case. */
final class Words {
  private Words() {}

  @SafeVarargs
  static <E extends Enum<E>> Map<String, E> of(E... constants) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E constant : constants) {
      words.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return words;
  }
}
