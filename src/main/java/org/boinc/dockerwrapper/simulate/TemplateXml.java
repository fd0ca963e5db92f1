package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** One element of a BOINC template or version.xml; old templates without a root are welcome. */
public final class TemplateXml {
  private static final Pattern DECLARATION = Pattern.compile("^\\s*<\\?xml.*?\\?>");

  private final Element element;

  private TemplateXml(Element element) {
    this.element = element;
  }

  /**
   * Reads a file without following anything that it refers to.
   *
   * @throws IOException with file, line and reason, if it is not XML
   */
  public static TemplateXml read(Path file) throws IOException {
    String text = DECLARATION.matcher(Files.readString(file)).replaceFirst("");
    try {
      return new TemplateXml(
          parser()
              .parse(new InputSource(new StringReader("<any>" + text + "</any>")))
              .getDocumentElement());
    } catch (SAXParseException e) {
      throw new IOException(
          "%s:%d: %s".formatted(file.getFileName(), e.getLineNumber(), e.getMessage()), e);
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException(file.getFileName() + ": " + e.getMessage(), e);
    }
  }

  private static DocumentBuilder parser() throws ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    DocumentBuilder parser = factory.newDocumentBuilder();
    parser.setErrorHandler(SILENT);
    return parser;
  }

  /** All elements of a name, at any depth. */
  public List<TemplateXml> all(String name) {
    List<TemplateXml> found = new ArrayList<>();
    var nodes = element.getElementsByTagName(name);
    for (int i = 0; i < nodes.getLength(); i++) {
      if (nodes.item(i) instanceof Element match) {
        found.add(new TemplateXml(match));
      }
    }
    return found;
  }

  /** The text of the first element of a name, trimmed; empty if there is none. */
  public String text(String name) {
    List<TemplateXml> found = all(name);
    return found.isEmpty() ? "" : found.getFirst().element.getTextContent().strip();
  }

  /** Whether {@code <name/>} or {@code <name>1</name>} occurs. */
  public boolean flag(String name) {
    return !all(name).isEmpty() && !text(name).equals("0");
  }

  /** The number in the first element of a name; empty if there is none or it is no number. */
  public OptionalDouble number(String name) {
    try {
      String text = text(name);
      return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException notANumber) {
      return OptionalDouble.empty();
    }
  }

  /** What stands for a name in output templates: {@code OUTFILE_0} for {@code <OUTFILE_0/>}. */
  public String placeholder(String name) {
    for (TemplateXml found : all(name)) {
      for (Node node = found.element.getFirstChild(); node != null; node = node.getNextSibling()) {
        if (node instanceof Element placeholder) {
          return placeholder.getTagName();
        }
      }
    }
    return text(name);
  }

  /** The parser's own handler prints to standard error, which belongs to the job. */
  private static final ErrorHandler SILENT =
      new ErrorHandler() {
        @Override
        public void warning(SAXParseException e) {}

        @Override
        public void error(SAXParseException e) throws SAXException {
          throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
          throw e;
        }
      };
}
