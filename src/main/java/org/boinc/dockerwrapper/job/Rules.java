package org.boinc.dockerwrapper.job;

import java.net.InetAddress;
import java.nio.file.FileSystems;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** The rules for names, paths and addresses that hold on every host. */
final class Rules {
  private Rules() {}

  private static final int LONGEST_PATH = 4096;

  /** Slot files that BOINC or the wrapper own, besides everything that begins with boinc_. */
  private static final Set<String> CONTROL_FILES =
      Set.of("init_data.xml", "job.toml", "stderr.txt", "trickle_up.xml");

  private static final List<String> CLOSED = List.of("/proc", "/sys", "/dev", "/boinc");

  static final Check ANY = value -> Optional.empty();

  static final Check NO_CONTROL =
      Check.matches("[^\\p{Cntrl}]*", "has a control character in it; take it out");

  /** Long text may have line breaks, but no engine takes a zero character. */
  static final Check NO_NUL = Check.matches("[^\\x00]*", "has a zero character in it; take it out");

  static final Check SLOT_PATH =
      Check.shorterThan(LONGEST_PATH).and(NO_CONTROL).and(Rules::slotPath).and(Rules::names);

  static final Check SLOT_DIRECTORY =
      Check.shorterThan(LONGEST_PATH).and(NO_CONTROL).and(Rules::slotPath);

  /** Each is held against each of what may be very many names. */
  private static final Check PATTERN = Check.shorterThan(257).and(Rules::glob);

  /** A pattern relative to what is copied. */
  static final Check EXCLUDE = NO_CONTROL.and(PATTERN);

  static final Check SLOT_GLOB =
      SLOT_PATH.and(value -> isGlob(value) ? PATTERN.fault(value) : Optional.empty());

  /** A slot file the job may write. */
  static final Check SLOT_OUTPUT = SLOT_PATH.and(Rules::writable);

  /** Where something is mounted. */
  static final Check MOUNT_POINT =
      Check.shorterThan(LONGEST_PATH)
          .and(NO_CONTROL)
          .and(Rules::normalised)
          .and(Rules::open)
          .and(Check.matches("[^:]*", "has a colon in it, which engines take for a separator"));

  static final Check CONTAINER_PATH =
      Check.shorterThan(LONGEST_PATH).and(NO_CONTROL).and(Rules::normalised);

  /** A container path for a copy; one that ends in / is a directory. */
  static final Check COPY_PATH =
      value -> {
        String path = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
        return CONTAINER_PATH.and(Rules::open).fault(path);
      };

  static final Check COPY_GLOB =
      COPY_PATH.and(value -> isGlob(value) ? PATTERN.fault(value) : Optional.empty());

  /** Where the job's processes start: not in what a runtime may have left open in /proc. */
  static final Check WORKDIR =
      CONTAINER_PATH.and(
          value ->
              value.matches("/(proc|sys|dev)(/.*)?")
                  ? Optional.of("is the kernel's; choose a path outside /proc, /sys and /dev")
                  : Optional.empty());

  static final Check NAME =
      Check.matches(
          "[A-Za-z_][A-Za-z0-9_]{0,127}", "is not a name; write letters, digits and _ only");

  static final Check ENV_NAME =
      NAME.and(
          Check.matches(
              "(?!BOINC_).*", "is reserved; names that begin with BOINC_ come from the wrapper"));

  static final Check HOST_LABEL =
      Check.matches(
          "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
          "is not a host name; write up to 63 letters, digits and -");

  static final Check HOST_NAME =
      Check.matches(
          "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
              + "(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*",
          "is not a host name; write letters, digits, - and dots");

  static final Check ADDRESS = Rules::address;

  static final Check DIGEST =
      Check.matches("sha256:[0-9a-f]{64}", "is not a digest; write sha256: and 64 hex digits");

  static final Check IMAGE = ImageReference::fault;

  static final Check PLATFORM =
      Check.matches(
          "[a-z0-9_]+/[a-z0-9_]+(/[a-z0-9_]+)?", "is not a platform; write one like linux/arm64");

  static final Check STAGE =
      Check.matches(
          "[A-Za-z0-9][A-Za-z0-9._-]{0,127}", "is not the name or number of a build stage");

  static final Check USER =
      Check.matches(
          "auto|image|[0-9]{1,10}(:[0-9]{1,10})?",
          "is not a user; write auto, image or numbers like 1000:1000");

  private static final Pattern SIGNALS =
      Pattern.compile(
          "(SIG)?(HUP|INT|QUIT|TRAP|ABRT|KILL|USR1|USR2|ALRM|TERM|CONT|STOP|TSTP|WINCH|PWR|XCPU"
              + "|RTMIN(\\+[0-9]{1,2})?|RTMAX(-[0-9]{1,2})?)|[1-9]|[1-5][0-9]|6[0-4]");

  static final Check SIGNAL =
      value ->
          SIGNALS.matcher(value).matches()
              ? Optional.empty()
              : Optional.of("is not a signal; write one like SIGTERM");

  static final Check TEMPLATE =
      Check.matches(
          "[a-z0-9-]{1,64}", "is not a template's name; write lower-case letters, digits and -");

  /** What kind of trickle-up message; the server keeps 255 characters. */
  static final Check TRICKLE =
      Check.matches(
          "[A-Za-z0-9_.-]{1,255}",
          "is not a variety of trickle-up messages; write letters, digits, dots, _ and - only");

  static final Check EGRESS =
      Check.matches(
          "(\\*\\.)?[A-Za-z0-9.-]{1,253}:[0-9]{1,5}",
          "is not host:port, such as \"example.org:443\"");

  /** Named as Docker names them. */
  static final Check ULIMIT =
      Check.matches(
          "core|cpu|data|fsize|locks|memlock|msgqueue|nice|nofile|nproc|rss|rtprio|rttime"
              + "|sigpending|stack",
          "is not a limit; write one like nofile");

  static final Check CAPABILITY =
      Check.matches("(CAP_)?[A-Z_]{3,40}", "is not a capability; write one like SYS_ADMIN");

  static final Check GPU_CAPABILITY =
      Check.matches(
          "compute|utility|graphics|video|display|compat32|ngx",
          "is not a capability of the NVIDIA toolkit; write one like compute");

  /** Without {@code ./}, doubled and closing slashes. */
  static String normal(String slotPath) {
    String path =
        Arrays.stream(slotPath.split("/", -1))
            .filter(part -> !part.isEmpty() && !part.equals("."))
            .collect(Collectors.joining("/"));
    return path.isEmpty() ? "." : path;
  }

  private static Optional<String> slotPath(String value) {
    if (value.isEmpty()) {
      return Optional.of("is empty; name a file in the slot");
    }
    if (value.startsWith("/") || value.matches("[A-Za-z]:.*")) {
      return Optional.of("is absolute; name a file in the slot, without a leading directory");
    }
    if (value.contains("\\")) {
      return Optional.of("has a backslash; write / between directories");
    }
    return Arrays.asList(value.split("/", -1)).contains("..")
        ? Optional.of("leaves the slot; .. is not allowed")
        : Optional.empty();
  }

  private static Optional<String> names(String value) {
    return normal(value).equals(".")
        ? Optional.of("is the slot itself; name a file in it")
        : Optional.empty();
  }

  /** Windows takes "JOB.TOML", "job.toml." and "job.toml::$DATA" for job.toml, too. */
  private static Optional<String> writable(String value) {
    String first = normal(value).split("/", 2)[0].toLowerCase(Locale.ROOT);
    if (value.contains(":") || Arrays.stream(value.split("/", -1)).anyMatch(Rules::endsBadly)) {
      return Optional.of("has a colon, or a dot or blank at the end of a name; choose another");
    }
    return CONTROL_FILES.contains(first) || first.startsWith("boinc_")
        ? Optional.of("belongs to BOINC; choose another name")
        : Optional.empty();
  }

  private static boolean endsBadly(String name) {
    return !name.equals(".") && (name.endsWith(".") || name.endsWith(" "));
  }

  private static Optional<String> normalised(String value) {
    if (!value.startsWith("/")) {
      return Optional.of("is not a path in the container; begin it with /");
    }
    List<String> parts = Arrays.asList(value.substring(1).split("/", -1));
    boolean plain =
        value.equals("/") || parts.stream().noneMatch(part -> Set.of("", ".", "..").contains(part));
    return plain
        ? Optional.empty()
        : Optional.of("is not normalised; leave out //, . and .. and a / at the end");
  }

  private static Optional<String> open(String value) {
    return value.equals("/") || CLOSED.stream().anyMatch(dir -> (value + "/").startsWith(dir + "/"))
        ? Optional.of("is taken; choose a path outside /, /proc, /sys, /dev and /boinc")
        : Optional.empty();
  }

  private static boolean isGlob(String value) {
    return value.chars().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == '{');
  }

  private static Optional<String> glob(String value) {
    try {
      FileSystems.getDefault().getPathMatcher("glob:" + value);
      return Optional.empty();
    } catch (PatternSyntaxException bad) {
      return Optional.of("is not a pattern: " + JobProblems.shortened(bad.getDescription()));
    }
  }

  private static Optional<String> address(String value) {
    // ofLiteral never asks a name server, but takes "1" and "1.2" for addresses, too.
    try {
      boolean dotted = value.contains(":") || value.matches("[0-9]+(\\.[0-9]+){3}");
      if (dotted && !value.contains("%") && !InetAddress.ofLiteral(value).isAnyLocalAddress()) {
        return Optional.empty();
      }
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.of("is not an IP address");
    }
    return Optional.of("is not an IP address");
  }
}
