package org.boinc.dockerwrapper.job;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A rule for a string: what is wrong with it, as the end of a sentence that begins with it. It has
 * no constants: an AOT cache does not keep the lambdas of an interface that must be initialised.
 */
@FunctionalInterface
interface Check {
  Optional<String> fault(String value);

  static Check matches(String regex, String fault) {
    Pattern pattern = Pattern.compile(regex);
    return value -> pattern.matcher(value).matches() ? Optional.empty() : Optional.of(fault);
  }

  static Check shorterThan(int limit) {
    return value ->
        value.length() < limit
            ? Optional.empty()
            : Optional.of("is too long; " + (limit - 1) + " characters are the limit");
  }

  default Check and(Check next) {
    return value -> fault(value).or(() -> next.fault(value));
  }

  /** The empty string means "not set" and is always good. */
  default Check orEmpty() {
    return value -> value.isEmpty() ? Optional.empty() : fault(value);
  }
}
