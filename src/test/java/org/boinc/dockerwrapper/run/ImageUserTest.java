package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As the engines find a user in an image's /etc/passwd (moby/sys/user). */
class ImageUserTest {
  private static final String PASSWD =
      """
      root:x:0:0:root:/root:/bin/sh
      toor:x:0:0::/:/bin/sh
      zero:x:00:0::/:/bin/sh
      plus:x:+0:0::/:/bin/sh
      none:x::0::/:/bin/sh
      1234:x:0:0::/:/bin/sh
      job:x:1000:1000::/:/bin/sh
      twice:x:1000:1000::/:/bin/sh
       twice:x:0:0::/:/bin/sh
      """;

  @ParameterizedTest
  @CsvSource({
    "'', false",
    "root, false",
    "0, false",
    "00, false",
    "+0, false",
    "-0, false",
    "0x1, false",
    "toor, false",
    "zero, false",
    "plus, false",
    "none, false",
    "1234, false",
    "twice, false",
    "unknown, false",
    "job, true",
    "1000, true",
    "4321, true",
  })
  void onlyWhoIsSurelyNotRootIsTakenForSomebodyElse(String user, boolean somebodyElse) {
    assertEquals(somebodyElse, ImageUser.isSomebodyElse(user, PASSWD));
  }
}
