package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Sporadic mode, in which job and client agree when to compute, through two files that the job
 * sees: {@code ca} holds the client's state, {@code ac} the app's (BOINC api/boinc_api.cpp).
 *
 * <p>Unlike the library this writes {@code ca} exactly, and reads the content of {@code ac}, not
 * its time, so that no change within a second is lost.
 */
public final class SporadicFiles {
  /** Client to app: 1 don't compute, 2 could compute, 3 computing. */
  public static final String CLIENT_FILE = "ca";

  /** App to client: 1 doesn't want to compute, 2 wants to compute. */
  public static final String APP_FILE = "ac";

  private static final int DONT_COMPUTE = 1;
  private static final int LONGEST_NUMBER = 32;

  private final Path directory;
  private int clientState;
  private OptionalInt appState = OptionalInt.empty();

  private SporadicFiles(Path directory, int clientState) {
    this.directory = directory;
    this.clientState = clientState;
  }

  /**
   * Starts in state 1, whatever an earlier episode left.
   *
   * @param directory the one that the job sees
   */
  public static SporadicFiles open(Path directory) throws IOException {
    SporadicFiles files = new SporadicFiles(directory, DONT_COMPUTE);
    files.write();
    return files;
  }

  /** Tells the job the client's state; writes only if it is a new one. */
  public void clientState(int state) throws IOException {
    if (state != clientState) {
      clientState = state;
      write();
    }
  }

  private void write() throws IOException {
    AtomicFile.write(directory.resolve(CLIENT_FILE), clientState + "\n");
  }

  /**
   * The state that the job wrote last; a file that holds none, being half written, changes nothing.
   *
   * @return 1 or 2; empty: none, as the job never said, or said 0
   */
  public OptionalInt appState() throws IOException {
    Optional<byte[]> content = UntrustedFile.readStart(directory.resolve(APP_FILE), LONGEST_NUMBER);
    if (content.isPresent()) {
      OptionalLong state =
          MessageText.leadingInteger(new String(content.get(), StandardCharsets.ISO_8859_1));
      if (state.isPresent() && state.getAsLong() >= 0 && state.getAsLong() <= 2) {
        appState =
            state.getAsLong() == 0 ? OptionalInt.empty() : OptionalInt.of((int) state.getAsLong());
      }
    }
    return appState;
  }
}
