package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over each kind of connection: whatever carries the bytes, a call behaves the same. */
@Timeout(20)
@ParameterizedClass
@EnumSource
class EngineHttpClientTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  @TempDir Path directory;
  private final CannedServer.Reach reach;

  EngineHttpClientTest(CannedServer.Reach reach) {
    this.reach = reach;
  }

  private static Request get() {
    return Request.builder().method(Request.Method.GET).path("/x").build();
  }

  /** The bodies of so many requests in a row. */
  private String bodies(CannedServer server, int requests) throws IOException {
    StringBuilder bodies = new StringBuilder();
    try (EngineHttpClient http = new EngineHttpClient(server.endpoint(), LIMIT)) {
      for (int i = 0; i < requests; i++) {
        try (Response response = http.execute(get());
            InputStream body = response.getBody()) {
          bodies.append(new String(body.readAllBytes(), StandardCharsets.UTF_8)).append(';');
        }
      }
    }
    return bodies.toString();
  }

  @Test
  void everyFramingIsUnderstoodAndTheConnectionKept() throws Exception {
    try (CannedServer server =
        new CannedServer(
            reach,
            directory,
            OK + "content-LENGTH: 3\r\n\r\nabc",
            OK + "Transfer-Encoding: chunked\r\n\r\n2;ext=1\r\nde\r\n1\r\nf\r\n0\r\nT: t\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n" + OK + "Content-Length: 0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            OK + "\r\nuntil the end" + CannedServer.CLOSE)) {
      assertEquals("abc;def;;;until the end;", bodies(server, 5));
      assertEquals(1, server.connections());
    }
  }

  @Test
  void aConnectionThatIsToBeClosedIsNotUsedAgain() throws Exception {
    try (CannedServer server =
        new CannedServer(
            reach, directory, OK + "Connection: close\r\nContent-Length: 1\r\n\r\nx")) {
      assertEquals("x;x;", bodies(server, 2));
      assertEquals(2, server.connections());
    }
  }

  @Test
  void aReaderThatStopsEarlyLeavesAUsableConnectionBehind() throws Exception {
    try (CannedServer server =
            new CannedServer(
                reach, directory, OK + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
        EngineHttpClient http = new EngineHttpClient(server.endpoint(), LIMIT)) {
      for (int i = 0; i < 3; i++) {
        try (Response response = http.execute(get())) {
          assertEquals('{', response.getBody().read());
          assertEquals('}', response.getBody().read());
        }
      }
      assertEquals(1, server.connections());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no HTTP at all\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nwithout a colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc\u0000",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n\u0000",
        "HTTP/1.1 200 O\u0000",
        "\u0000"
      })
  void aDamagedAnswerIsAnErrorOfTheConnection(String answer) throws Exception {
    try (CannedServer server = new CannedServer(reach, directory, answer)) {
      IOException e =
          assertThrows(
              IOException.class,
              () -> {
                try {
                  bodies(server, 1);
                } catch (UncheckedIOException wrapped) {
                  throw wrapped.getCause();
                }
              });
      assertEquals(Fault.UNREACHABLE, ((TransportException) e).fault());
    }
  }

  @Test
  void aHeadWithoutAnEndIsGivenUp() throws Exception {
    try (CannedServer server =
        new CannedServer(reach, directory, OK + "X: " + "x".repeat(1 << 20))) {
      assertThrows(UncheckedIOException.class, () -> bodies(server, 1));
    }
  }

  @Test
  void aBodyThatStallsIsATimeout() throws Exception {
    try (CannedServer server =
            new CannedServer(
                reach,
                directory,
                OK + "Content-Length: 0\r\n\r\n",
                OK + "Content-Length: 5\r\n\r\nabc");
        EngineHttpClient http = new EngineHttpClient(server.endpoint(), LIMIT)) {
      http.execute(get()).close();
      try (Response response = http.with(Duration.ofMillis(100)).execute(get())) {
        TransportException e =
            assertThrows(TransportException.class, () -> response.getBody().readAllBytes());
        assertEquals(Fault.TIMEOUT, e.fault());
      }
    }
  }

  @Test
  void anAnswerThatDoesNotComeIsATimeoutAndACancelledCallEndsAtOnce() throws Exception {
    try (CannedServer server =
            new CannedServer(reach, directory, OK + "Content-Length: 0\r\n\r\n", "");
        EngineHttpClient http = new EngineHttpClient(server.endpoint(), LIMIT)) {
      http.execute(get()).close();
      assertEquals(Fault.TIMEOUT, faultOf(() -> http.with(Duration.ofMillis(100)).execute(get())));
      Thread cancelling =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (server.heads().size() < 3) {
                      Thread.onSpinWait();
                    }
                    http.cancel();
                  });
      assertEquals(Fault.CANCELLED, faultOf(() -> http.with(Duration.ZERO).execute(get())));
      cancelling.join();
    }
  }

  private static Fault faultOf(Executable call) {
    UncheckedIOException e = assertThrows(UncheckedIOException.class, call);
    return ((TransportException) Objects.requireNonNull(e.getCause())).fault();
  }

  @Test
  void aBodyIsSentInChunksAndASmallOneWhole() throws Exception {
    try (CannedServer server =
            new CannedServer(reach, directory, OK + "Content-Length: 0\r\n\r\n");
        EngineHttpClient http = new EngineHttpClient(server.endpoint(), LIMIT)) {
      Request.Builder post = Request.builder().method(Request.Method.POST).path("/y");
      http.execute(post.bodyBytes(new byte[0]).build()).close();
      http.execute(
              Request.builder()
                  .method(Request.Method.PUT)
                  .path("/z")
                  .body(new ByteArrayInputStream(new byte[0]))
                  .build())
          .close();
      assertTrue(server.heads().get(0).contains("\r\nContent-Length: 0\r\n"));
      assertTrue(server.heads().get(1).contains("\r\nTransfer-Encoding: chunked\r\n"));
    }
  }

  @Test
  void anOperationThatBeganBeforeACancelIsCancelledAsAWhole() throws Exception {
    try (CannedServer server =
            new CannedServer(reach, directory, OK + "Content-Length: 0\r\n\r\n");
        EngineHttpClient http = new EngineHttpClient(server.endpoint(), LIMIT)) {
      EngineHttpClient operation = http.operation(LIMIT);
      operation.execute(get()).close();
      http.cancel();
      UncheckedIOException e =
          assertThrows(UncheckedIOException.class, () -> operation.execute(get()));
      assertEquals(
          Fault.CANCELLED, ((TransportException) Objects.requireNonNull(e.getCause())).fault());
      http.operation(LIMIT).execute(get()).close();
      http.execute(get()).close();
    }
  }
}
