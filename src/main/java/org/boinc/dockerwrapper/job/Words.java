package org.boinc.dockerwrapper.job;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The words a key takes, in the order in which people see them. */
final class Words {
  static final Map<String, FilesSpec.ProjectAccess> ACCESS = access();

  private Words() {}

  private static Map<String, FilesSpec.ProjectAccess> access() {
    Map<String, FilesSpec.ProjectAccess> words = new LinkedHashMap<>();
    words.put("ro", FilesSpec.ProjectAccess.READ_ONLY);
    words.put("rw", FilesSpec.ProjectAccess.READ_WRITE);
    return words;
  }

  /** Words that stand for themselves. */
  static Map<String, String> plain(String... texts) {
    Map<String, String> words = new LinkedHashMap<>();
    for (String text : texts) {
      words.put(text, text);
    }
    return words;
  }

  /** The constants of an enum in lower case. */
  @SafeVarargs
  static <E extends Enum<E>> Map<String, E> of(E... constants) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E constant : constants) {
      words.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return words;
  }
}
