package org.boinc.dockerwrapper.boinc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.Channel.Name;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientChannelsTest {
  private static final AppStatus STATUS =
      new AppStatus(
          1234.5, 1000, OptionalDouble.of(0.25), OptionalLong.empty(), false, OptionalInt.empty());

  @TempDir Path slot;
  SharedMemory client;
  ClientChannels channels;

  @BeforeEach
  void attach() throws IOException {
    client = SharedMemory.create(slot);
    channels = new ClientChannels(SharedMemory.attach(slot));
  }

  private void clientSends(Name name, String text) {
    assertTrue(new Channel(client, name).send(text));
  }

  private Optional<String> clientTakes(Name name) {
    return new Channel(client, name).take();
  }

  @Test
  void eachRequestIsRecognisedAndConsumed() {
    for (ClientRequest request : ClientRequest.values()) {
      clientSends(Name.PROCESS_CONTROL_REQUEST, request.tag());
      assertEquals(Set.of(request), channels.takeRequests());
      assertEquals(Set.of(), channels.takeRequests());
    }
    assertEquals("<reread_app_info/>", ClientRequest.REREAD_APP_INFO.tag());
  }

  @Test
  void c17CompositeTextIsHonouredInTheOrderOfTheLibrary() {
    clientSends(Name.PROCESS_CONTROL_REQUEST, "<reread_app_info/><suspend/>");
    assertEquals(
        List.of(ClientRequest.SUSPEND, ClientRequest.REREAD_APP_INFO),
        List.copyOf(channels.takeRequests()));
  }

  @Test
  void c18AnUnknownTagIsConsumedAndIgnored() {
    clientSends(Name.PROCESS_CONTROL_REQUEST, "<network_available/>");
    assertEquals(Set.of(), channels.takeRequests());
    assertFalse(new Channel(client, Name.PROCESS_CONTROL_REQUEST).isFull());
  }

  @Test
  void c1AHeartbeatIsTakenByTheFirstCall() {
    clientSends(Name.HEARTBEAT, "<heartbeat/><wss>1.5e+08</wss><max_wss>8e+09</max_wss>");
    assertEquals(
        Optional.of(new Heartbeat(true, false, OptionalInt.empty())), channels.takeHeartbeat());
    assertFalse(new Channel(client, Name.HEARTBEAT).isFull());
    assertEquals(Optional.empty(), channels.takeHeartbeat());
  }

  @Test
  void eachHeartbeatSaysAnewWhetherTheNetworkIsSuspended() {
    clientSends(Name.HEARTBEAT, "<heartbeat/><network_suspended/><sporadic_ca>3</sporadic_ca>");
    Heartbeat first = channels.takeHeartbeat().orElseThrow();
    assertTrue(first.networkSuspended());
    assertEquals(OptionalInt.of(3), first.sporadicState());

    clientSends(Name.HEARTBEAT, "<heartbeat/>");
    assertFalse(channels.takeHeartbeat().orElseThrow().networkSuspended());
  }

  @Test
  void theNetworkFlagMayAlsoBeANumber() {
    assertTrue(Heartbeat.parse("<network_suspended>1</network_suspended>").networkSuspended());
    assertFalse(Heartbeat.parse("<network_suspended>0</network_suspended>").networkSuspended());
    assertFalse(Heartbeat.parse("<network_suspended>").networkSuspended());
  }

  @Test
  void aMessageWithoutTheHeartbeatTagIsNoSignOfLife() {
    assertFalse(Heartbeat.parse("<wss>1</wss>").alive());
  }

  @Test
  void numbersThatAreNoneAreIgnored() {
    for (String bad : List.of("inf", "nan", "1e999", "", "bytes", "-inf")) {
      AppStatus status = AppStatus.parse("<fraction_done>" + bad + "</fraction_done><wss>7");
      assertEquals(OptionalDouble.empty(), status.fractionDone(), bad);
      assertEquals(OptionalLong.of(7), status.workingSet(), "the end tag is not needed");
    }
    for (String bad : List.of("x", "0", "4", "-1", "99999999999999999999", "08")) {
      assertEquals(
          OptionalInt.empty(), Heartbeat.parse("<sporadic_ca>" + bad).sporadicState(), bad);
    }
    assertEquals(OptionalInt.of(2), Heartbeat.parse("<sporadic_ca> 0x2<").sporadicState());
  }

  @Test
  void c6EveryReportHoldsBothCpuTimes() {
    assertTrue(channels.report(STATUS));
    assertEquals(
        """
        <current_cpu_time>1234.5</current_cpu_time>
        <checkpoint_cpu_time>1000.0</checkpoint_cpu_time>
        <fraction_done>0.25</fraction_done>
        """,
        clientTakes(Name.APP_STATUS).orElseThrow());
  }

  @Test
  void c5AReportThatIsNotReadIsNotOverwritten() {
    AppStatus later =
        new AppStatus(
            2000, 1000, OptionalDouble.of(0.5), OptionalLong.empty(), false, OptionalInt.empty());
    assertTrue(channels.report(STATUS));
    assertFalse(channels.report(later));
    assertEquals(STATUS, AppStatus.parse(clientTakes(Name.APP_STATUS).orElseThrow()));
    assertTrue(channels.report(later));
    assertEquals(later, AppStatus.parse(clientTakes(Name.APP_STATUS).orElseThrow()));
  }

  @Test
  void aFullReportIsUnderstoodByTheClient() {
    AppStatus status =
        new AppStatus(
            0, 0, OptionalDouble.of(1), OptionalLong.of(123_456_789_012L), true, OptionalInt.of(2));
    assertTrue(status.toMessage().contains("<wss>123456789012</wss>\n"));
    assertEquals(status, AppStatus.parse(status.toMessage()));
  }

  @Test
  void theClientTakesMissingAndNegativeCpuTimesForZero() {
    AppStatus status = AppStatus.parse("<current_cpu_time>-5</current_cpu_time>");
    assertEquals(0, status.currentCpuTime());
    assertEquals(0, status.checkpointCpuTime());
    assertEquals(OptionalDouble.empty(), status.fractionDone());
  }

  @Test
  void aStatusThatMakesNoSenseCannotBeWritten() {
    assertThrows(IllegalArgumentException.class, () -> cpu(Double.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> cpu(0, -1));
    assertThrows(IllegalArgumentException.class, () -> cpu(Double.POSITIVE_INFINITY, 0));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new AppStatus(
                0,
                0,
                OptionalDouble.of(Double.NaN),
                OptionalLong.empty(),
                false,
                OptionalInt.empty()));
  }

  private static AppStatus cpu(double current, double checkpoint) {
    return new AppStatus(
        current,
        checkpoint,
        OptionalDouble.empty(),
        OptionalLong.empty(),
        false,
        OptionalInt.empty());
  }

  @Test
  void theGraphicsUrlIsSentWhenTheChannelIsFree() {
    assertTrue(channels.sendGraphicsUrl("http://localhost:8080"));
    assertFalse(channels.sendGraphicsUrl("http://localhost:8081"));
    assertEquals(
        Optional.of("<web_graphics_url>http://localhost:8080</web_graphics_url>"),
        clientTakes(Name.GRAPHICS_REPLY));
    assertThrows(
        IllegalArgumentException.class,
        () -> channels.sendGraphicsUrl("http://localhost/" + "x".repeat(255)));
    assertThrows(IllegalArgumentException.class, () -> channels.sendGraphicsUrl("http://a b"));
  }

  @Test
  void tricklesAndUploadsMayBeAnnouncedTogether() {
    assertTrue(channels.announce(false, false));
    assertTrue(channels.announce(true, true));
    assertFalse(channels.announce(true, false), "still unread");
    assertEquals(
        Optional.of("<have_new_trickle_up/>\n<have_new_upload_file/>\n"),
        clientTakes(Name.TRICKLE_UP));
    assertTrue(channels.announce(false, true));
    assertEquals(Optional.of("<have_new_upload_file/>\n"), clientTakes(Name.TRICKLE_UP));
  }

  @Test
  void newsOfTransfersAreToldApart() {
    assertEquals(Set.of(), channels.takeTransferNews());
    clientSends(Name.TRICKLE_DOWN, "<have_trickle_down/>\n");
    assertEquals(Set.of(TransferNews.TRICKLE_DOWN), channels.takeTransferNews());
    clientSends(Name.TRICKLE_DOWN, "<upload_file_status/>\n");
    assertEquals(Set.of(TransferNews.UPLOAD_STATUS), channels.takeTransferNews());
  }
}
