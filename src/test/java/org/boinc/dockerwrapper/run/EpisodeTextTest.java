package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.boinc.dockerwrapper.run.UploadState.Stage;
import org.junit.jupiter.api.Test;

class EpisodeTextTest {
  private static Episode full() {
    Episode episode = new Episode();
    episode.version = 2;
    episode.result = "wu_0";
    episode.setUpAt = "5";
    episode.endpoint = "unix:///s";
    episode.bootId = "boot";
    episode.outputs = List.of("a", "b/\u201ec\u201c");
    episode.uploads = Map.of("part", new UploadState(Stage.UPLOADED, 2, true, 1L << 40, "t"));
    episode.imageTag = "image:1";
    episode.cpu = new CpuAccount(12.5, 3);
    episode.received = new ByteAccount(1L << 40, 5);
    episode.sent = new ByteAccount(1, 2);
    episode.runSeconds = 7.25;
    episode.checkpointCpu = 6.5;
    episode.parked = true;
    episode.unwatchedDeaths = 1;
    episode.temporaryExits = 3;
    episode.stopsBySignals = true;
    episode.toldOfNoLimits = true;
    episode.phase = "RUNNING";
    episode.limit = new Episode.Decided("MEMORY", 0, "too much");
    episode.decided = new Episode.Decided("failed", 3, "\"3\"\n");
    return episode;
  }

  /** Whoever adds a field and forgets it here would lose it with the wrapper's death. */
  @Test
  void everyFieldComesBackAsItWas() throws Exception {
    Episode written = full();
    String text = EpisodeText.of(written);
    Episode read = EpisodeText.read(text);
    List<Field> fields =
        Arrays.stream(Episode.class.getDeclaredFields()).filter(f -> !f.isSynthetic()).toList();

    for (Field field : fields) {
      assertEquals(field.get(written), field.get(read), field.getName());
    }
    JsonObject json = JsonParser.parseString(text).getAsJsonObject();
    assertEquals(fields.stream().map(Field::getName).collect(Collectors.toSet()), json.keySet());
  }

  @Test
  void anEpisodeThatHasNotBegunIsAsItBegins() {
    String text = EpisodeText.of(new Episode());
    assertEquals(text, EpisodeText.of(EpisodeText.read(text)));
    assertEquals(text, EpisodeText.of(EpisodeText.read("{}")));
  }
}
