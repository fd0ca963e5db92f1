package org.boinc.dockerwrapper.job;

import java.util.function.Consumer;

/** Upstream's {@code build_args}: options of the engines' build command. */
final class BuildArgs {
  private static final Flags FLAGS =
      new Flags()
          .value(
              "--build-arg",
              (line, value) ->
                  line.pair(value, "=", (name, arg) -> line.put("image.build_args", name, arg)))
          .value("--target", (line, value) -> line.set("image.target", value))
          .value("--platform", (line, value) -> line.set("image.platform", value));

  private BuildArgs() {}

  static void add(Setting at, Layer layer, Consumer<Problem> problems) {
    FLAGS.read(at, problems).ifPresent(line -> line.eachSaid(layer::putLegacy));
  }
}
