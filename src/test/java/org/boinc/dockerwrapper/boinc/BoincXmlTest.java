package org.boinc.dockerwrapper.boinc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BoincXmlTest {
  @Property
  void whatIsEncodedIsDecodedAgain(@ForAll String text) {
    String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    assertEquals(wellFormed, BoincXml.decode(BoincXml.encode(wellFormed)));
  }

  @Property
  void anElementIsFoundAfterAnyBytes(@ForAll byte[] bytes) {
    String text = "<r>" + new String(bytes, StandardCharsets.ISO_8859_1) + "<x>1</x></r>";
    BoincXml xml = BoincXml.document(text.getBytes(StandardCharsets.ISO_8859_1), "r").orElseThrow();
    assertEquals("1", xml.text("x"), "whatever comes before");
  }

  @Test
  void whatIsNoReferenceStandsForItself() {
    assertEquals("a&b &; &#; &#x; &unknown; &", BoincXml.decode("a&b &; &#; &#x; &unknown; &"));
    assertEquals("<>&\"'A\u20ac", BoincXml.decode("&lt;&gt;&amp;&quot;&apos;&#x41;&#8364;"));
    assertEquals("&#9999999;", BoincXml.decode("&#9999999;"));
  }
}
