package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of {@code simulate --html} of a real run, as a real browser shows it. */
@Tag(EngineUnderTest.ANY)
@Timeout(600)
final class RunPageIT {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");

  /** Says which texts cover each other, stand outside the picture, or are hard to read. */
  private static final String LOOK =
      """
      <script>
      const faults = [], texts = [...document.querySelectorAll('svg text')];
      const frame = document.querySelector('svg').getBoundingClientRect();
      const boxes = texts.map(t => t.getBoundingClientRect());
      boxes.forEach((a, i) => {
        if (a.left < frame.left || a.right > frame.right || a.top < frame.top || a.bottom > frame.bottom)
          faults.push(texts[i].textContent + ' is outside');
        boxes.slice(i + 1).forEach((b, j) => {
          if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
            faults.push(texts[i].textContent + ' covers ' + texts[i + 1 + j].textContent);
        });
      });
      document.querySelectorAll('.n, .who').forEach(cell => {
        if (cell.clientHeight > 60 && innerWidth > 1000) faults.push(cell.textContent + ' is broken');
      });
      if (document.documentElement.scrollWidth > innerWidth) faults.push('wider than the window');
      document.body.dataset.seen = `${texts.length} texts, ${document.querySelectorAll('tr').length} rows`;
      document.body.dataset.faults = faults.join('; ');
      </script>
      """;

  @TempDir static Path directory;
  private static Path page;

  @BeforeAll
  static void aRun() throws Exception {
    TestEngine.locate();
    page = directory.resolve("run.html");
    Verb.run(
            directory,
            "simulate",
            "--at",
            "20%",
            "suspend",
            "--at",
            "8s",
            "resume",
            "--at",
            "60%",
            "restart",
            "--html",
            page.toString(),
            "cookbook/06-progress")
        .ended(0);
  }

  private static String browser() {
    for (String name : BROWSERS) {
      for (String place : System.getenv("PATH").split(":", -1)) {
        if (Files.isExecutable(Path.of(place, name))) {
          return name;
        }
      }
    }
    throw new AssertionError("no browser: apt-get install chromium, or another of " + BROWSERS);
  }

  private static String browse(Path shown, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                browser(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--user-data-dir=" + Files.createTempDirectory(directory, "profile")));
    command.addAll(List.of(options));
    command.add(shown.toUri().toString());
    Path out = Files.createTempFile(directory, "browser", "");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertTrue(process.waitFor(4, TimeUnit.MINUTES), "the browser ends");
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(out);
  }

  @ParameterizedTest
  @CsvSource({"1, ffffff, 0969da", "0, 0d1117, 58a6ff"})
  void itIsLightOrDarkAsTheReaderHasItAndTheCurvesAreSeen(
      int scheme, String background, String progress) throws Exception {
    Path picture = directory.resolve("page" + scheme + ".png");
    browse(
        page,
        "--window-size=1100,1000",
        "--blink-settings=preferredColorScheme=" + scheme,
        "--screenshot=" + picture);
    BufferedImage seen = ImageIO.read(picture.toFile());
    assertTrue(count(seen, background) > seen.getWidth() * seen.getHeight() / 2, picture::toString);
    assertTrue(count(seen, progress) > 100, picture::toString);
  }

  private static int count(BufferedImage picture, String colour) {
    int wanted = 0xff000000 | Integer.parseInt(colour, 16);
    int count = 0;
    for (int pixel :
        picture.getRGB(
            0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth())) {
      count += pixel == wanted ? 1 : 0;
    }
    return count;
  }

  @Test
  void noTextCoversAnotherAlsoInANarrowWindow() throws Exception {
    Path looked = directory.resolve("looked.html");
    Files.writeString(
        looked,
        Files.readString(page)
            .replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "")
            .replace("</body>", LOOK + "</body>"));
    for (String size : List.of("1100,1000", "600,1000")) {
      String dom = browse(looked, "--window-size=" + size, "--dump-dom");
      assertTrue(dom.contains("data-faults=\"\""), dom.substring(dom.indexOf("<body")));
      assertTrue(dom.matches("(?s).*data-seen=\"\\d\\d texts, \\d+ rows\".*"), dom);
    }
    assertEquals(0, Files.readString(page).split("<script", -1).length - 1);
  }
}
