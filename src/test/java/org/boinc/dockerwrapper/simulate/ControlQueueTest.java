package org.boinc.dockerwrapper.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.Channel;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.boinc.SharedMemory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlQueueTest {
  private final Channel channel;
  private final ControlQueue queue;

  ControlQueueTest(@TempDir Path another) throws IOException {
    channel = new Channel(SharedMemory.create(another), Channel.Name.PROCESS_CONTROL_REQUEST);
    queue = new ControlQueue(channel);
  }

  @BeforeEach
  void fillTheMailbox() {
    queue.post(ClientRequest.SUSPEND, 0);
  }

  @Test
  void firstRequestIsSentAtOnce() {
    assertEquals(Optional.of("<suspend/>"), channel.take());
  }

  @Test
  void requestsBehindItAreSentOneByOneInOrder() {
    queue.post(ClientRequest.REREAD_APP_INFO, 0);
    queue.post(ClientRequest.QUIT, 0);
    channel.take();
    queue.flush(1);
    assertEquals(Optional.of("<reread_app_info/>"), channel.take());
    queue.flush(2);
    assertEquals(Optional.of("<quit/>"), channel.take());
  }

  @Test
  void suspendCancelsResumeThatIsStillQueued() {
    queue.post(ClientRequest.RESUME, 0);
    queue.post(ClientRequest.SUSPEND, 0);
    channel.take();
    queue.flush(1);
    assertEquals(Optional.empty(), channel.take());
  }

  @Test
  void sentRequestIsNotCancelled() {
    queue.post(ClientRequest.RESUME, 0);
    assertEquals(Optional.of("<suspend/>"), channel.take());
    queue.flush(1);
    assertEquals(Optional.of("<resume/>"), channel.take());
  }

  @Test
  void blockedTimeRunsFromTheLastSendingOn() {
    assertEquals(Duration.ZERO, queue.blocked(5));
    queue.post(ClientRequest.QUIT, 10);
    assertEquals(Duration.ofNanos(15), queue.blocked(25));
  }
}
