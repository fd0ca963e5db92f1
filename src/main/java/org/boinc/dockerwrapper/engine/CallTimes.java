package org.boinc.dockerwrapper.engine;

import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** How long the engine takes for what it is asked, for whoever wants to hear it. */
final class CallTimes {
  /** Told to nobody. */
  static final CallTimes UNHEARD = new CallTimes();

  private volatile @Nullable BiConsumer<String, Duration> listener;

  void tell(BiConsumer<String, Duration> to) {
    listener = to;
  }

  void took(String what, long nanos) {
    BiConsumer<String, Duration> told = listener;
    if (told != null) {
      told.accept(what, Duration.ofNanos(nanos));
    }
  }
}
