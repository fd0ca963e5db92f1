package org.boinc.dockerwrapper.run;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.boinc.dockerwrapper.plan.ClusterPlan;

/**
 * A key for the nodes of one job, made with their containers: who has it may log in from node to
 * node, and each node shows it as its own. It leads nowhere else, as the nodes' network has no way
 * in.
 */
final class JobKeys {
  private static final String TYPE = "ssh-ed25519";
  private static final int RAW_KEY = 32;

  /** The format pads to the cipher's block, and without cipher to this. */
  private static final int BLOCK = 8;

  private final ClusterPlan.Keys plan;

  JobKeys(ClusterPlan.Keys plan) {
    this.plan = plan;
  }

  /** Makes key and settings anew. */
  void make() throws IOException {
    KeyPair pair = pair();
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] raw = Arrays.copyOfRange(encoded, encoded.length - RAW_KEY, encoded.length);
    byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
    String line = TYPE + " " + Base64.getEncoder().encodeToString(publicBlob(raw)) + "\n";
    Files.createDirectories(plan.directory());
    restrict("rwx------", plan.directory());
    write("key", pem(raw, seed));
    write("authorized_keys", line);
    write("known_hosts", "* " + line);
    write(ClusterPlan.Keys.CLIENT_SETTINGS, clientSettings());
    write(ClusterPlan.Keys.SERVER_SETTINGS, serverSettings());
  }

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = plan.directory().resolve(name);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  private static void restrict(String mode, Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private String clientSettings() {
    return """
        Host *
          Port %d
          User %s
          IdentityFile %3$s/key
          IdentitiesOnly yes
          UserKnownHostsFile %3$s/known_hosts
          StrictHostKeyChecking yes
          BatchMode yes
          ConnectionAttempts 30
          LogLevel ERROR
        """
        .formatted(plan.port(), plan.user(), ClusterPlan.Keys.IN_CONTAINER);
  }

  /** The user's alone: a daemon without root lets in nobody else anyway. */
  private String serverSettings() {
    return """
        Port %d
        HostKey %2$s/key
        AuthorizedKeysFile %2$s/authorized_keys
        AuthenticationMethods publickey
        StrictModes no
        UsePAM no
        PidFile none
        AllowTcpForwarding no
        X11Forwarding no
        """
        .formatted(plan.port(), ClusterPlan.Keys.IN_CONTAINER);
  }

  /** Format of OpenSSH's PROTOCOL.key. */
  private static String pem(byte[] raw, byte[] seed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII));
    text(out, "none");
    text(out, "none");
    text(out, "");
    out.writeInt(1);
    block(out, publicBlob(raw));
    block(out, privateBlob(raw, seed));
    return "-----BEGIN OPENSSH PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(bytes.toByteArray())
        + "\n-----END OPENSSH PRIVATE KEY-----\n";
  }

  private static byte[] publicBlob(byte[] raw) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    text(out, TYPE);
    block(out, raw);
    return bytes.toByteArray();
  }

  private static byte[] privateBlob(byte[] raw, byte[] seed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    // Twice the same number, by which a wrong pass phrase would be noticed.
    out.writeLong(0);
    text(out, TYPE);
    block(out, raw);
    out.writeInt(seed.length + raw.length);
    out.write(seed);
    out.write(raw);
    text(out, "");
    for (int i = 1; bytes.size() % BLOCK != 0; i++) {
      out.write(i);
    }
    return bytes.toByteArray();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    block(out, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void block(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
