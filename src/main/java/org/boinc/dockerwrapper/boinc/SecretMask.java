package org.boinc.dockerwrapper.boinc;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Replaces secrets by {@code ***}, also where they stand percent-encoded in a URL. */
final class SecretMask {
  /** Shorter ones can't be hidden: their stars would tell them in every other word. */
  private static final int SHORTEST = 4;

  private final List<String> spellings = new ArrayList<>();

  void add(String secret) {
    if (secret.length() < SHORTEST) {
      return;
    }
    String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    String percent = form.replace("+", "%20");
    for (String spelling :
        List.of(secret, form, percent, percent.replace("*", "%2A").replace("%7E", "~"))) {
      if (!spellings.contains(spelling)) {
        spellings.add(spelling);
      }
    }
    // A secret may be the beginning of another.
    spellings.sort(Comparator.comparingInt(String::length).reversed());
  }

  String apply(String text) {
    String masked = text;
    for (String spelling : spellings) {
      masked = masked.replace(spelling, "***");
    }
    return masked;
  }
}
