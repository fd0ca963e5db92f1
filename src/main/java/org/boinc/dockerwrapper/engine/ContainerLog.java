package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one container writes.
 *
 * @param podman whether Podman keeps it
 */
record ContainerLog(
    Session session, boolean podman, String id, LogRange range, boolean stdout, boolean stderr) {

  /** What there is. */
  void read(LogSink sink) throws EngineException, IOException {
    read(sink, false);
  }

  /**
   * Goes on until the container ends. To a reader that lags behind Docker 20.10 ends the stream
   * with the container and loses the rest, so that is read again. Podman 4.3 loses lines in the
   * middle of a flood: then everything comes once more. Neither is done where the range counts from
   * the end.
   */
  void follow(LogSink sink) throws EngineException, IOException {
    LogCount count = new LogCount(sink);
    read(count, true);
    if (range.tail().isPresent()) {
      return;
    }
    if (!podman) {
      read(count.rest(), false);
      return;
    }
    LogCount whole = new LogCount((_, _) -> {});
    read(whole, false);
    if (!whole.isAsLongAs(count)) {
      read(sink, false);
    }
  }

  private void read(LogSink sink, boolean follow) throws EngineException, IOException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("stdout", Boolean.toString(stdout));
    query.put("stderr", Boolean.toString(stderr));
    query.put("follow", Boolean.toString(follow));
    range.since().ifPresent(since -> query.put("since", Long.toString(since.getEpochSecond())));
    range.tail().ifPresent(lines -> query.put("tail", Integer.toString(lines)));
    session.read(
        "reading the output of container " + id,
        EngineRequest.get(EngineRequest.container(id, "/logs"), query),
        body -> {
          LogFrames.read(body, sink);
          return true;
        });
  }
}
