package org.boinc.dockerwrapper.engine;

import java.util.List;
import java.util.OptionalInt;

/**
 * How an image build ended badly.
 *
 * @param tail the last lines of the build's output, oldest first
 * @param exitCode of the RUN step that failed, where the engine reports one
 * @param badRequest the engine did not begin: it does not understand the Dockerfile
 */
public record BuildFailed(List<String> tail, OptionalInt exitCode, boolean badRequest) {

  /** Whether a RUN step said that the disk is full, which its exit code does not tell. */
  public boolean ranFull() {
    return tail.stream().anyMatch(EngineException::isFull);
  }
}
