package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;

/**
 * Adds to the query of each request.
 *
 * @param query such as {@code &name=value}
 */
record LongerQuery(DockerHttpClient http, String query) implements DockerHttpClient {
  @Override
  public Response execute(Request request) {
    return http.execute(Request.builder().from(request).path(request.path() + query).build());
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}
