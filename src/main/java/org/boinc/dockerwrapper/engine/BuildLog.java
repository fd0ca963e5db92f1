package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.model.BuildResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stream of a build, pull or load. Only fields decide about success, never the text of
 * the output.
 */
final class BuildLog {
  private static final int TAIL = 40;
  private static final int LONGEST_LINE = 4096;

  /** The engine colours what a step writes to its standard error. */
  private static final Pattern CONTROL =
      Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]|[\\p{Cntrl}&&[^\t]]");

  private final Consumer<String> output;
  private final Deque<String> tail = new ArrayDeque<>();
  private final StringBuilder line = new StringBuilder();
  private @Nullable String error;
  private OptionalInt exitCode = OptionalInt.empty();
  private Optional<String> imageId = Optional.empty();

  BuildLog(Consumer<String> output) {
    this.output = output;
  }

  void accept(BuildResponseItem item) {
    accept((ResponseItem) item);
    // of this field docker-java itself reads only what a push says
    if (item.getRawValues().get("aux") instanceof Map<?, ?> aux
        && aux.get("ID") instanceof String id) {
      imageId = Optional.of(id);
    }
  }

  void accept(ResponseItem item) {
    if (item.getStream() != null) {
      text(item.getStream());
    }
    ResponseItem.ProgressDetail progress = item.getProgressDetail();
    boolean repeated = progress != null && progress.getCurrent() != null;
    if (item.getStatus() != null && !repeated) {
      text((item.getId() == null ? "" : item.getId() + ": ") + item.getStatus() + "\n");
    }
    if (item.isErrorIndicated()) {
      failed(item);
    }
  }

  @SuppressWarnings("deprecation") // older engines give only the old field
  private void failed(ResponseItem item) {
    ResponseItem.ErrorDetail detail = item.getErrorDetail();
    String message = detail == null ? null : detail.getMessage();
    error = message != null ? message : String.valueOf(item.getError());
    if (detail != null && detail.getCode() != null && detail.getCode() != 0) {
      exitCode = OptionalInt.of(detail.getCode());
    }
  }

  private void text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        flush();
      } else if (c != '\r' && line.length() < LONGEST_LINE) {
        line.append(c);
      }
    }
  }

  private void flush() {
    if (!line.isEmpty()) {
      String whole = CONTROL.matcher(line).replaceAll("");
      line.setLength(0);
      tail.addLast(whole);
      if (tail.size() > TAIL) {
        tail.removeFirst();
      }
      output.accept(whole);
    }
  }

  /** At the end of the stream. */
  void end() {
    flush();
  }

  Optional<String> error() {
    return Optional.ofNullable(error);
  }

  Optional<String> imageId() {
    return imageId;
  }

  BuildFailed failure() {
    return new BuildFailed(List.copyOf(tail), exitCode, false);
  }
}
