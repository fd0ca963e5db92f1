package org.boinc.dockerwrapper.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileSourcesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "COPY main.sh .|main.sh|true",
        "COPY main.sh .|other.sh|false",
        "copy --chown=1:1 a b /app/|b|true",
        "COPY [\"a\", \"/app\"]|a|true",
        "COPY a \\N b /app/|b|true",
        "COPY . /app|deep/down|true",
        "COPY ./src/ /app|src/x.py|true",
        "COPY src /app|src2/x.py|false",
        "COPY *.py /app|x.py|true",
        "COPY *.py /app|x.sh|false",
        "COPY data* /app|data1/x|true",
        "COPY $WHAT /app|x|true",
        "COPY --from=build /a /b|a|false",
        "ADD https://example.org/x /x|x|false",
        "# COPY x y|x|false",
        "RUN cp x y|x|false"
      })
  void whatIsCopiedBelongsToTheImage(String dockerfile, String name, boolean held) {
    assertEquals(held, DockerfileSources.of(dockerfile.replace("N", "\n")).holds(name));
  }
}
