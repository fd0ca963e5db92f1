package org.boinc.dockerwrapper.simulate;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The text of init_data.xml as the client writes it (BOINC lib/app_ipc.cpp): elements in its order,
 * most values raw (a {@code &} in a path is not well-formed XML), only a few escaped byte by byte.
 *
 * <p>Every element has the value it has for a simple job of a simulated host; a test may {@link
 * #set} or {@link #remove} any of them.
 */
public final class InitDataXml {
  /** The client version that is simulated. */
  static final int MAJOR_VERSION = 8;

  static final int MINOR_VERSION = 2;
  static final int RELEASE = 15;

  private static final double GIBI = 1L << 30;

  /** Element to raw content, in the client's order; "project_preferences" and such hold XML. */
  private final Map<String, String> elements = new LinkedHashMap<>();

  /** Elements that are left out but keep their place. */
  private final Set<String> omitted = new HashSet<>();

  InitDataXml() {
    version();
    job();
    runtime();
    resources();
    nested();
  }

  /** Replaces an element's content as it is, without escaping; a new element becomes the last. */
  public InitDataXml set(String element, String rawContent) {
    omitted.remove(element);
    elements.put(element, rawContent);
    return this;
  }

  /** Replaces an element by a floating-point number in the client's notation. */
  public InitDataXml set(String element, double value) {
    return set(element, number(value));
  }

  /** Replaces an element by an integer. */
  public InitDataXml set(String element, long value) {
    return set(element, Long.toString(value));
  }

  /** Leaves an element out, as older clients do with what they don't know. */
  public InitDataXml remove(String element) {
    omitted.add(element);
    return this;
  }

  /** The raw content of an element; empty text if there is none. */
  public String get(String element) {
    return elements.getOrDefault(element, "");
  }

  /** The whole file, in ASCII unless a raw value is not. */
  public String text(Iterable<String> appFiles) {
    StringBuilder text = new StringBuilder("<app_init_data>\n");
    elements.forEach(
        (name, content) -> {
          if (!omitted.contains(name)) {
            text.append("<%s>%s</%s>\n".formatted(name, content, name));
          }
        });
    appFiles.forEach(file -> text.append("<app_file>%s</app_file>\n".formatted(file)));
    return text.append("</app_init_data>\n").toString();
  }

  /** Escapes like the client: {@code <}, {@code &} and each byte above 127 of the UTF-8 text. */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      switch (b) {
        case '<' -> escaped.append("&lt;");
        case '&' -> escaped.append("&amp;");
        default -> {
          if (b < 0) {
            escaped.append("&#").append(b & 0xff).append(';');
          } else {
            escaped.append((char) b);
          }
        }
      }
    }
    return escaped.toString();
  }

  private void version() {
    set("major_version", MAJOR_VERSION);
    set("minor_version", MINOR_VERSION);
    set("release", RELEASE);
    set("app_version", 100);
    set("userid", 1);
    set("teamid", 0);
    set("hostid", 1);
  }

  private void job() {
    set("app_name", "simulated");
    set("plan_class", "docker");
    set("project_preferences", "\n<simulated>1</simulated>\n");
    set("user_name", escape("Zoë & Co"));
    set("project_dir", "");
    set("boinc_dir", "");
    set("authenticator", "00000000000000000000000000000000");
    set("wu_name", "");
    set("result_name", "");
    set("shm_key", -1);
    set("slot", 0);
    set("client_pid", 0);
  }

  private void runtime() {
    set("wu_cpu_time", 0.0);
    set("starting_elapsed_time", 0.0);
    set("using_sandbox", 0);
    set("vm_extensions_disabled", 0);
    set("user_total_credit", 0.0);
    set("user_expavg_credit", 0.0);
    set("host_total_credit", 0.0);
    set("host_expavg_credit", 0.0);
    set("resource_share_fraction", 1.0);
    set("checkpoint_period", 60.0);
    set("fraction_done_start", 0.0);
    set("fraction_done_end", 1.0);
  }

  private void resources() {
    set("gpu_type", "");
    set("gpu_device_num", -1);
    set("gpu_opencl_dev_index", -1);
    set("gpu_usage", 0.0);
    set("ncpus", 1.0);
    set("rsc_fpops_est", 3.6e12);
    set("rsc_fpops_bound", 8.64e13);
    set("rsc_memory_bound", 5e8);
    set("rsc_disk_bound", 1e9);
    set("computation_deadline", 2e9);
    set("vbox_window", 0);
    set("no_priority_change", 0);
    set("process_priority", -1);
    set("process_priority_special", -1);
  }

  private void nested() {
    dockerType(1);
    set("proxy_info", "");
    remove("proxy_info");
    set(
        "global_preferences",
        """

           <source_project></source_project>
           <mod_time>0.000000</mod_time>
           <run_on_batteries>0</run_on_batteries>
           <leave_apps_in_memory>0</leave_apps_in_memory>
           <disk_interval>60.000000</disk_interval>
        """);
  }

  /**
   * Describes the host.
   *
   * @param dockerType 0 none, 1 Docker, 2 Podman (BOINC lib/hostinfo.h); with 0 the elements are
   *     missing, as on a host where the client found no engine
   */
  void dockerType(int dockerType) {
    StringBuilder info = new StringBuilder("\n");
    line(info, "timezone", "0");
    line(info, "domain_name", "simulated-host");
    line(info, "ip_addr", "127.0.0.1");
    line(info, "host_cpid", "00000000000000000000000000000000");
    line(info, "p_ncpus", Integer.toString(Runtime.getRuntime().availableProcessors()));
    line(info, "p_vendor", "simulated");
    line(info, "p_model", "simulated");
    line(info, "m_nbytes", number(16 * GIBI));
    line(info, "d_free", number(100 * GIBI));
    line(info, "os_name", escape(System.getProperty("os.name")));
    line(info, "n_usable_coprocs", "0");
    if (dockerType != 0) {
      line(info, "docker_version", "28.0.0");
      line(info, "docker_type", Integer.toString(dockerType));
    }
    set("host_info", info.append("    <coprocs>\n    </coprocs>\n").toString());
  }

  private static void line(StringBuilder text, String element, String content) {
    text.append("    <%s>%s</%s>\n".formatted(element, content, element));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%f", value);
  }
}
