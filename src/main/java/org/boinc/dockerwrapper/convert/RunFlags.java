package org.boinc.dockerwrapper.convert;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A command line's options: which take a value, and what each means for a job. */
final class RunFlags {
  /** What an option does to the draft; its value is empty where it takes none. */
  interface Meaning {
    void apply(JobDraft draft, String value);
  }

  private record Flag(boolean takesValue, Meaning meaning) {}

  private final Map<String, Flag> flags = new HashMap<>();

  /**
   * Options with a value.
   *
   * @param names with blanks between them
   */
  RunFlags value(String names, Meaning meaning) {
    return add(names, true, meaning);
  }

  /** Options without. */
  RunFlags toggle(String names, Meaning meaning) {
    return add(names, false, meaning);
  }

  /** Options that can't be carried over. */
  RunFlags no(String names, boolean takesValue, String why) {
    for (String name : names.split(" ", -1)) {
      add(name, takesValue, (draft, value) -> draft.note((name + " " + value).strip(), why));
    }
    return this;
  }

  private RunFlags add(String names, boolean takesValue, Meaning meaning) {
    for (String name : names.split(" ", -1)) {
      flags.put(name, new Flag(takesValue, meaning));
    }
    return this;
  }

  /** Applies the options and returns the words from the first that is none. */
  List<String> apply(List<String> words, JobDraft draft) {
    List<String> rest = new ArrayList<>(words);
    while (!rest.isEmpty() && rest.getFirst().startsWith("-") && rest.getFirst().length() > 1) {
      String word = rest.removeFirst();
      if (word.equals("--")) {
        break;
      }
      one(word, rest, draft);
    }
    return rest;
  }

  private void one(String word, List<String> rest, JobDraft draft) {
    int equals = word.indexOf('=');
    String name = equals > 0 ? word.substring(0, equals) : word;
    Flag flag = flags.get(name);
    if (flag == null && word.length() > 2 && word.charAt(1) != '-') {
      bundled(word, rest, draft);
    } else if (flag == null) {
      draft.note(word, "this option is not known here");
    } else if (!flag.takesValue()) {
      flag.meaning().apply(draft, equals > 0 ? word.substring(equals + 1) : "");
    } else if (equals > 0) {
      flag.meaning().apply(draft, word.substring(equals + 1));
    } else {
      flag.meaning().apply(draft, rest.isEmpty() ? "" : rest.removeFirst());
    }
  }

  /** Such as -it, or -p80:80. */
  private void bundled(String word, List<String> rest, JobDraft draft) {
    Flag first = flags.get(word.substring(0, 2));
    if (first == null) {
      draft.note(word, "this option is not known here");
    } else if (first.takesValue()) {
      first.meaning().apply(draft, word.substring(2));
    } else {
      first.meaning().apply(draft, "");
      one("-" + word.substring(2), rest, draft);
    }
  }
}
