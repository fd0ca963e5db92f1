package org.boinc.dockerwrapper.engine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Signals that the JDK has no call for, with their numbers on Linux. */
enum Signal {
  CONTINUE(18),
  STOP(19);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  /** Sends it; who has ended, or may not be signalled, does not get it. */
  void send(long pid) {
    try {
      int _ = (int) Kill.CALL.invokeExact(Math.toIntExact(pid), number);
    } catch (Throwable impossible) {
      throw new IllegalStateException("kill(2) can't be called", impossible);
    }
  }

  /** Linked where it is needed only: most engines can freeze. */
  @SuppressWarnings("restricted") // of two numbers nothing can go wrong
  private static final class Kill {
    static final MethodHandle CALL =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }
}
