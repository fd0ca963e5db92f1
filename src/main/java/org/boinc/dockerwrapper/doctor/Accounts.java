package org.boinc.dockerwrapper.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.boinc.dockerwrapper.doctor.HostFacts.Account;
import org.boinc.dockerwrapper.doctor.HostFacts.RootSocket;

/** The users and groups of a host, as its files have them (passwd(5), group(5)). */
final class Accounts {
  /** A line of /etc/group. */
  private record Group(String name, long gid, Set<String> members) {}

  /** A line of /etc/passwd. */
  private record User(String name, long gid) {}

  private final HostTree tree;
  private final Map<Long, User> users = new HashMap<>();
  private final Map<Long, Group> groups = new HashMap<>();

  Accounts(HostTree tree) throws IOException {
    this.tree = tree;
    for (String line : tree.text("etc/passwd").lines().toList()) {
      String[] words = line.split(":", -1);
      if (words.length >= 4 && isNumber(words[2]) && isNumber(words[3])) {
        users.putIfAbsent(Long.valueOf(words[2]), new User(words[0], Long.parseLong(words[3])));
      }
    }
    for (String line : tree.text("etc/group").lines().toList()) {
      String[] words = line.split(":", -1);
      if (words.length == 4 && isNumber(words[2])) {
        long gid = Long.parseLong(words[2]);
        groups.put(gid, new Group(words[0], gid, Set.copyOf(List.of(words[3].split(",", -1)))));
      }
    }
  }

  private static boolean isNumber(String text) {
    return text.matches("\\d{1,10}");
  }

  /** The one of this process, with the groups that it has, which may not be those it would get. */
  Account ofProcess() throws IOException {
    long uid = 0;
    Set<String> names = new TreeSet<>();
    for (String line : tree.text("proc/self/status").lines().toList()) {
      String[] words = line.split("\\s+", -1);
      switch (words[0]) {
        case "Uid:" -> uid = Long.parseLong(words[1]);
        case "Gid:" -> names.add(group(Long.parseLong(words[1])));
        case "Groups:" ->
            Arrays.stream(words)
                .filter(Accounts::isNumber)
                .forEach(gid -> names.add(group(Long.parseLong(gid))));
        default -> {
          // of no interest
        }
      }
    }
    return new Account(name(uid), uid, names);
  }

  /** Empty where the file system knows no owners. */
  Optional<Account> ownerOf(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return Optional.empty();
    }
    long uid = ((Number) Files.getAttribute(file, "unix:uid")).longValue();
    Set<String> names = new TreeSet<>();
    User user = users.get(uid);
    if (user != null) {
      names.add(group(user.gid()));
      groups.values().stream()
          .filter(group -> group.members().contains(user.name()))
          .forEach(group -> names.add(group.name()));
    }
    return Optional.of(new Account(name(uid), uid, names));
  }

  private String name(long uid) {
    User user = users.get(uid);
    return user == null ? Long.toString(uid) : user.name();
  }

  private String group(long gid) {
    Group group = groups.get(gid);
    return group == null ? Long.toString(gid) : group.name();
  }

  /** Who may open a socket of root's; empty where there is none. */
  Optional<RootSocket> socket(Path path) throws IOException {
    if (!Files.exists(path)
        || !path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return Optional.empty();
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
    long gid = ((Number) Files.getAttribute(path, "unix:gid")).longValue();
    Group group = groups.get(gid);
    return Optional.of(
        new RootSocket(
            path.toString(),
            group(gid),
            gid != 0 && mode.contains(PosixFilePermission.GROUP_WRITE),
            mode.contains(PosixFilePermission.OTHERS_WRITE),
            group == null ? Set.of() : group.members()));
  }
}
