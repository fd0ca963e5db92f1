package org.boinc.dockerwrapper.convert;

import java.util.List;
import java.util.stream.Collectors;

/** The systems that are known, the most telling first. */
final class Formats {
  private static final List<Format> ALL =
      List.of(
          new VboxJobXml(),
          new WrapperJobXml(),
          new Boinc2DockerCall(),
          new NqsvTemplate(),
          new LsfEnvironment(),
          new DockerRunLine(),
          new QarnotConstants());

  private Formats() {}

  static String names() {
    return ALL.stream().map(Format::name).collect(Collectors.joining(", "));
  }

  static Format named(String name) throws NotConvertible {
    return ALL.stream()
        .filter(format -> format.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new NotConvertible("'%s' is no format; known are %s".formatted(name, names())));
  }

  static Format of(String text) throws NotConvertible {
    return ALL.stream()
        .filter(format -> format.recognises(text))
        .findFirst()
        .orElseThrow(
            () ->
                new NotConvertible(
                    "the text looks like none of the known formats; name one with --from: "
                        + names()));
  }
}
