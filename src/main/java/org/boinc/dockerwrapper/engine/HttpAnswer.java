package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** An answer whose body is still being read. */
record HttpAnswer(HttpHead head, HttpBody body) implements Response {
  @Override
  public int getStatusCode() {
    return head.status();
  }

  @Override
  public Map<String, List<String>> getHeaders() {
    return head.headers();
  }

  @Override
  public InputStream getBody() {
    return body;
  }

  @Override
  public void close() {
    body.close();
  }
}
