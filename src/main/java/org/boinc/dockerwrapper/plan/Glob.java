package org.boinc.dockerwrapper.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A pattern of file names. Takes time in proportion to pattern and name, whatever a job wrote: as a
 * regular expression {@code *a*a*a*a*a*b} could keep us for years.
 */
public final class Glob {
  private static final char SLASH = '/';

  /** A place in the pattern. From all but the first kind one goes on without a character, too. */
  private sealed interface Place {
    /** One character. */
    record One(IntPredicate wanted) implements Place {}

    /** Any number of characters, with slashes or without. */
    record Many(boolean slashes) implements Place {}

    /** Goes on at each of these places. */
    record Fork(List<Integer> next) implements Place {}

    /** Goes on elsewhere. */
    record Jump(int next) implements Place {}
  }

  private final String text;
  private final boolean dockerignore;
  private final List<Place> places = new ArrayList<>();
  private int at;

  private Glob(String text, boolean dockerignore) {
    this.text = text;
    this.dockerignore = dockerignore;
    while (at < text.length()) {
      next();
    }
  }

  /**
   * As a slot path has it: {@code *}, {@code ?}, {@code [a-z]}, {@code {a,b}}, and {@code **} also
   * across directories.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Glob ofPath(String text) {
    return new Glob(text, false);
  }

  /**
   * As a {@code .dockerignore} has it, where {@code **}{@code /} is any number of directories, or
   * none, and there are no braces.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Glob ofDockerignore(String text) {
    return new Glob(text, true);
  }

  /** Whether the whole name fits. */
  public boolean matches(String name) {
    return end(name, false);
  }

  /** Whether the name or a directory above it fits. */
  public boolean matchesWithin(String name) {
    return end(name, true);
  }

  private boolean end(String name, boolean within) {
    BitSet here = new BitSet();
    enter(0, here);
    for (int i = 0; i < name.length() && !here.isEmpty(); i++) {
      char c = name.charAt(i);
      if (within && c == SLASH && here.get(places.size())) {
        return true;
      }
      BitSet then = new BitSet();
      for (int place = here.nextSetBit(0); place >= 0; place = here.nextSetBit(place + 1)) {
        step(place, c, then);
      }
      here = then;
    }
    return here.get(places.size());
  }

  private void step(int place, char c, BitSet then) {
    if (place == places.size()) {
      return;
    }
    switch (places.get(place)) {
      case Place.One(IntPredicate wanted) -> {
        if (wanted.test(c)) {
          enter(place + 1, then);
        }
      }
      case Place.Many(boolean slashes) -> {
        if (slashes || c != SLASH) {
          enter(place, then);
        }
      }
      case Place.Fork _, Place.Jump _ -> {}
    }
  }

  /** Without recursion along the pattern: it may be a row of stars. */
  private void enter(int first, BitSet set) {
    int place = first;
    while (!set.get(place)) {
      set.set(place);
      if (place == places.size()) {
        return;
      }
      switch (places.get(place)) {
        case Place.One _ -> {
          return;
        }
        case Place.Many _ -> place++;
        case Place.Jump(int next) -> place = next;
        case Place.Fork(List<Integer> next) -> {
          next.subList(1, next.size()).forEach(other -> enter(other, set));
          place = next.getFirst();
        }
      }
    }
  }

  private void next() {
    char c = text.charAt(at++);
    switch (c) {
      case '*' -> star();
      case '?' -> places.add(new Place.One(other -> other != SLASH));
      case '[' -> set();
      case '{' -> {
        if (dockerignore) {
          literal(c);
        } else {
          group();
        }
      }
      case '\\' -> {
        check(at < text.length(), "nothing after \\");
        literal(text.charAt(at++));
      }
      default -> literal(c);
    }
  }

  private void literal(char c) {
    places.add(new Place.One(other -> other == c));
  }

  private void star() {
    boolean two = at < text.length() && text.charAt(at) == '*';
    while (at < text.length() && text.charAt(at) == '*') {
      at++;
    }
    if (!two) {
      places.add(new Place.Many(false));
    } else if (dockerignore && at < text.length() && text.charAt(at) == SLASH) {
      at++;
      places.add(new Place.Fork(List.of(places.size() + 1, places.size() + 3)));
      places.add(new Place.Many(true));
      literal(SLASH);
    } else {
      places.add(new Place.Many(true));
    }
  }

  /** Nothing in brackets fits a slash. */
  private void set() {
    int end = text.indexOf(']', at + 1);
    check(end > 0, "[ without ]");
    boolean not = text.charAt(at) == '!' || text.charAt(at) == '^';
    String inside = text.substring(not ? at + 1 : at, end);
    check(!inside.isEmpty(), "nothing in []");
    at = end + 1;
    places.add(new Place.One(c -> c != SLASH && not != inSet(inside, c)));
  }

  private static boolean inSet(String inside, int c) {
    for (int i = 0; i < inside.length(); i++) {
      boolean range = i + 2 < inside.length() && inside.charAt(i + 1) == '-';
      if (range ? c >= inside.charAt(i) && c <= inside.charAt(i + 2) : c == inside.charAt(i)) {
        return true;
      }
      i += range ? 2 : 0;
    }
    return false;
  }

  private void group() {
    int end = text.indexOf('}', at);
    check(end > 0, "{ without }");
    int fork = places.size();
    places.add(new Place.Jump(0));
    List<Integer> begins = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    begins.add(places.size());
    while (at < end) {
      check(text.charAt(at) != '{', "{ in {");
      if (text.charAt(at) == ',') {
        at++;
        ends.add(places.size());
        places.add(new Place.Jump(0));
        begins.add(places.size());
      } else {
        next();
      }
    }
    at = end + 1;
    places.set(fork, new Place.Fork(List.copyOf(begins)));
    ends.forEach(place -> places.set(place, new Place.Jump(places.size())));
  }

  private void check(boolean good, String fault) {
    if (!good) {
      throw new IllegalArgumentException(fault + " in " + text);
    }
  }
}
