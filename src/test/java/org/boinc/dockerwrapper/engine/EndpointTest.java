package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  private static Endpoint parse(String text) {
    return Endpoint.parse(text).orElseThrow(() -> new AssertionError(text));
  }

  @ParameterizedTest
  @CsvSource({
    "unix:///run/x.sock, true",
    "npipe:////./pipe/docker_engine, true",
    "command:wsl.exe -d boinc-buda-runner --exec podman system dial-stdio, true",
    "command:C:\\Windows\\System32\\wsl.exe -d x --exec docker, true",
    "command:/usr/bin/wsl -d x, true",
    "command:/opt/notwsl -d x, false",
    "command:docker system dial-stdio, false",
    "ssh://user@host, false",
    "tcp://127.0.0.1:2375, false"
  })
  void whatMayHaveContainersOfOtherHostsIsKnown(String text, boolean ofThisHost) {
    assertEquals(ofThisHost, parse(text).isOfThisHost());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unix:///run/x.sock",
        "unix:///run/a directory/x.sock",
        "tcp://127.0.0.1:2375",
        "tcp://engine.example.org:1",
        "tcp://[::1]:2375",
        "tcp://10.0.0.1:2376?tls=/home/a b/.docker",
        "npipe:////./pipe/docker_engine",
        "command:docker system dial-stdio",
        "command:/opt/a%20b/relay 100%25"
      })
  void anEndpointIsReadAsItIsWritten(String text) {
    assertEquals(text, parse(text).toString());
    assertEquals(parse(text), parse(parse(text).toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/run/x.sock",
        "unix://relative",
        "unix://\0",
        "tcp://",
        "tcp://user@host:1",
        "tcp://host:0",
        "tcp://host:99999",
        "tcp://host:1?tls=relative",
        "tcp://host:1?x=y",
        "http://host:1",
        "npipe:x",
        "npipe:////./file/x",
        "command:",
        "command: ",
        "ssh://",
        "ssh://host/$(reboot)",
        "ssh://host/a b"
      })
  void whatIsNoneIsRefused(String text) {
    assertEquals(Optional.empty(), Endpoint.parse(text));
  }

  @Test
  void aPortOfDockersOwnIsMeantWhereNoneIsSaid() {
    assertEquals("tcp://host:2375", parse("tcp://host").toString());
    assertEquals("tcp://host:2376?tls=/c", parse("tcp://host?tls=/c").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "ssh://host, ssh -T -o BatchMode=yes -- host docker system dial-stdio",
    "ssh://me@host:22, ssh -T -o BatchMode=yes -l me -p 22 -- host docker system dial-stdio",
    "ssh://host/run/d.sock, ssh -T -o BatchMode=yes -- host docker --host unix:///run/d.sock"
        + " system dial-stdio"
  })
  void sshIsACommand(String text, String command) {
    assertEquals(new Endpoint.Command(List.of(command.split(" "))), parse(text));
    assertEquals(parse(text), parse(parse(text).toString()));
  }

  @Test
  void podmansServiceIsAWordThatSaysNothingElse() {
    assertEquals(new Endpoint.Service(), parse("podman-service"));
    assertEquals("podman-service", new Endpoint.Service().toString());
    assertEquals(Optional.empty(), Endpoint.parse("podman-service /bin/evil"));
  }

  @Test
  void podmanOnTheOtherSideIsAskedInItsOwnWords() {
    assertEquals(
        Optional.of(
            List.of(
                ("ssh -T -o BatchMode=yes -i /k -l core -p 5 -- h podman --url unix:///p.sock"
                        + " system dial-stdio")
                    .split(" "))),
        CommandText.ssh("ssh://core@h:5/p.sock", "podman", Optional.of(Path.of("/k"))));
  }

  @Property
  void everyCommandIsReadAsItIsWritten(
      @ForAll @NotEmpty @Size(max = 4)
          List<
                  @AlphaChars @Chars({' ', '%', '2', '0', '5', '/', '-'})
                  @StringLength(min = 1, max = 9) String>
              words) {
    Endpoint.Command command = new Endpoint.Command(words);
    assertEquals(command, parse(command.toString()));
  }

  @Test
  void aCommandHasWords() {
    assertThrows(IllegalArgumentException.class, () -> new Endpoint.Command(List.of()));
    assertThrows(IllegalArgumentException.class, () -> new Endpoint.Command(List.of("a", "")));
    assertThrows(IllegalArgumentException.class, () -> new Endpoint.Command(List.of("a\nb")));
  }
}
