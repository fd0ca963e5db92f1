package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.boinc.SharedMemory;
import org.boinc.dockerwrapper.boinc.StderrLog;

/**
 * The unprivileged user of scripts/engines, who may use the engine as the BOINC client's user does.
 * The tests run as root, who may read and delete everything and so proves nothing. An engine
 * without root is this user's own: then all wrappers run as this user.
 */
public final class TestUser {
  /** Whether the engine of the tests belongs to the user. */
  static final boolean OWNS_ENGINE = System.getProperty("engine", "").startsWith("podman-rootless");

  public static final String NAME = OWNS_ENGINE ? "boincrootless" : "boinctest";

  private static final List<String> AS_TEST_USER =
      List.of("setpriv", "--reuid=" + NAME, "--regid=" + NAME, "--init-groups");

  private TestUser() {}

  /** What makes a command the user's; nothing where the tests run without rights themselves. */
  public static List<String> prefix() {
    return areRoot() ? AS_TEST_USER : List.of();
  }

  private static boolean areRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** What a wrapper runs under where it needs not be root. */
  static List<String> asOwnerOfEngine() {
    return OWNS_ENGINE ? prefix() : List.of();
  }

  /** A job of this user: wrapper, slot and project directory are theirs. */
  static Job prepare(Job.Builder builder) throws IOException {
    return prepare(builder, AS_TEST_USER);
  }

  /**
   * The same with other groups.
   *
   * @param command becomes the user
   */
  static Job prepare(Job.Builder builder, List<String> command) throws IOException {
    if (OWNS_ENGINE) {
      return builder.prepare();
    }
    Job job = builder.under(command).prepare();
    handOver(job);
    return job;
  }

  /** Slot and project directory become the user's. */
  static void handOver(Job job) throws IOException {
    Path slot = job.slot().directory();
    // The simulated client, which is root, would otherwise make them its own.
    Files.createFile(slot.resolve(StderrLog.FILE));
    SharedMemory.create(slot);
    Path data = job.slot().dataDirectory();
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    own(data);
  }

  /**
   * Gives the user everything below a directory, where that is possible and needed; what is gone
   * meanwhile needs no owner.
   */
  public static void own(Path top) throws IOException {
    if (!areRoot()) {
      return;
    }
    UserPrincipalLookupService accounts = top.getFileSystem().getUserPrincipalLookupService();
    UserPrincipal user = accounts.lookupPrincipalByName(NAME);
    GroupPrincipal group = accounts.lookupPrincipalByGroupName(NAME);
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            return visitFile(directory, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isOther()) {
              try {
                Files.setAttribute(file, "posix:group", group, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(file, "posix:owner", user, LinkOption.NOFOLLOW_LINKS);
              } catch (NoSuchFileException gone) {
                return FileVisitResult.SKIP_SUBTREE;
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
  }

  /** The user's numbers, as in {@code 1001:1001}. */
  static String ids() throws IOException, InterruptedException {
    return sh("echo $(id -u):$(id -g)");
  }

  /** The same as a container shows them: an engine without root has its user for root. */
  static String idsInContainer() throws IOException, InterruptedException {
    return OWNS_ENGINE ? "0:0" : ids();
  }

  /** Runs a shell command as the user; it must succeed. Returns what it printed. */
  static String sh(String command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(AS_TEST_USER);
    words.addAll(List.of("sh", "-c", command));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, process.waitFor(), command + ": " + output);
    return output;
  }
}
