package org.boinc.dockerwrapper.engine;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Where the entries of an output go. Nothing half-written is ever seen under its final name; closed
 * without {@link #complete} it leaves nothing of what was in progress.
 */
sealed interface OutputTarget extends Closeable permits OutputTree, OutputTar {

  /**
   * @return bytes, or -1 if this host cannot hold such a name
   */
  long file(ContainerArchive.Item item, InputStream content) throws IOException;

  void directory(ContainerArchive.Item item) throws IOException;

  /**
   * A further name of a file that came before.
   *
   * @return bytes, or -1 if that file did not come
   */
  long hardLink(ContainerArchive.Item item) throws IOException;

  void complete() throws IOException;
}
