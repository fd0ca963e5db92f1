package org.boinc.dockerwrapper.convert;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** An element of a small XML file, which may be anybody's. */
record XmlText(Element element) {

  /** The file's outermost element; nothing outside the file is ever read. */
  static XmlText parse(String text) throws NotConvertible {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler());
      return new XmlText(
          builder.parse(new InputSource(new StringReader(text.strip()))).getDocumentElement());
    } catch (ParserConfigurationException | IOException impossible) {
      throw new IllegalStateException(impossible);
    } catch (SAXException broken) {
      throw new NotConvertible("the XML can't be read: " + broken.getMessage());
    }
  }

  String name() {
    return element.getTagName();
  }

  String text() {
    return element.getTextContent().strip();
  }

  List<XmlText> children() {
    List<XmlText> children = new ArrayList<>();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        children.add(new XmlText(child));
      }
    }
    return children;
  }

  List<XmlText> children(String name) {
    return children().stream().filter(child -> child.name().equals(name)).toList();
  }

  Optional<String> text(String name) {
    return children(name).stream().map(XmlText::text).filter(text -> !text.isEmpty()).findFirst();
  }

  /** As BOINC reads a truth: empty or not 0. */
  boolean flag(String name) {
    return children(name).stream().anyMatch(child -> !child.text().equals("0"));
  }
}
