package org.boinc.dockerwrapper.pack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What BOINC's create_work and its scheduler make of a workunit's and a result's template, by the
 * rules of the project's documentation: an element that they don't know is dropped in silence
 * there, and a fault here.
 */
public final class ServerTemplates {
  private static final Set<String> FILE_FLAGS =
      Set.of("sticky", "no_delete", "gzip", "executable", "report_on_rpc", "physical_name");
  private static final Set<String> REFERENCE = Set.of("open_name", "copy_file", "optional");
  private static final Set<String> OUTPUT_REFERENCE =
      Set.of("file_name", "open_name", "copy_file", "optional");
  private static final Set<String> WORKUNIT =
      Set.of(
          "file_ref",
          "command_line",
          "rsc_fpops_est",
          "rsc_fpops_bound",
          "rsc_memory_bound",
          "rsc_disk_bound",
          "delay_bound",
          "min_quorum",
          "target_nresults",
          "max_error_results",
          "max_total_results",
          "max_success_results",
          "priority",
          "batch");
  private static final Set<String> OUTPUT_FILE =
      Set.of(
          "name",
          "generated_locally",
          "upload_when_present",
          "max_nbytes",
          "url",
          "gzip_when_done",
          "no_delete");

  private final List<String> faults = new ArrayList<>();

  private ServerTemplates() {}

  /** What is wrong with a workunit's template. */
  public static List<String> input(Path file) throws IOException {
    ServerTemplates check = new ServerTemplates();
    Element root = root(file);
    List<Element> infos = children(root, "file_info");
    infos.forEach(info -> check.only(info, FILE_FLAGS));
    check.only(root, Set.of("file_info", "workunit"));
    List<Element> workunits = children(root, "workunit");
    check.is(workunits.size() == 1, "one workunit");
    for (Element workunit : workunits) {
      check.only(workunit, WORKUNIT);
      List<Element> references = children(workunit, "file_ref");
      for (Element reference : references) {
        check.only(reference, REFERENCE);
        check.openName(reference);
      }
      check.is(references.size() == infos.size(), "a file_info for each file_ref");
    }
    return check.faults;
  }

  /** What is wrong with a result's template. */
  public static List<String> output(Path file) throws IOException {
    ServerTemplates check = new ServerTemplates();
    Element root = root(file);
    check.only(root, Set.of("file_info", "result"));
    List<Element> infos = children(root, "file_info");
    for (int i = 0; i < infos.size(); i++) {
      Element info = infos.get(i);
      check.only(info, OUTPUT_FILE);
      check.is(placeholder(info, "name").equals("OUTFILE_" + i), "names in order");
      check.is(placeholder(info, "url").equals("UPLOAD_URL"), "an upload address");
      check.is(!children(info, "generated_locally").isEmpty(), "generated_locally");
      check.is(Double.parseDouble(text(info, "max_nbytes")) > 0, "max_nbytes");
    }
    List<Element> results = children(root, "result");
    check.is(results.size() == 1, "one result");
    for (Element result : results) {
      for (Element reference : children(result, "file_ref")) {
        check.only(reference, OUTPUT_REFERENCE);
        check.is(placeholder(reference, "file_name").startsWith("OUTFILE_"), "a file_name");
        check.openName(reference);
      }
    }
    return check.faults;
  }

  private void openName(Element reference) {
    String name = text(reference, "open_name");
    is(!name.isEmpty() && !name.contains("..") && !name.contains("%"), "an open_name");
  }

  private void only(Element element, Set<String> known) {
    for (Element child : children(element)) {
      is(known.contains(child.getTagName()), "nothing like " + child.getTagName());
    }
  }

  private void is(boolean good, String needed) {
    if (!good) {
      faults.add("needs " + needed);
    }
  }

  private static Element root(Path file) throws IOException {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(file.toFile())
          .getDocumentElement();
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static List<Element> children(Element element) {
    NodeList nodes = element.getChildNodes();
    return IntStream.range(0, nodes.getLength())
        .mapToObj(nodes::item)
        .filter(Element.class::isInstance)
        .map(Element.class::cast)
        .toList();
  }

  private static List<Element> children(Element element, String name) {
    return children(element).stream().filter(child -> child.getTagName().equals(name)).toList();
  }

  private static String text(Element element, String name) {
    return children(element, name).stream()
        .findFirst()
        .map(Element::getTextContent)
        .map(String::strip)
        .orElse("");
  }

  private static String placeholder(Element element, String name) {
    return children(element, name).stream()
        .flatMap(child -> children(child).stream())
        .findFirst()
        .map(Element::getTagName)
        .orElse("");
  }
}
