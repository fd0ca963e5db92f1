package org.boinc.dockerwrapper.engine;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Private keys as OpenSSL writes them. */
final class PemKey {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ((?:RSA )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  /** Version 0, and the algorithm rsaEncryption without parameters (RFC 5208, RFC 8017). */
  private static final byte[] RSA =
      HexFormat.of().parseHex("020100" + "300d06092a864886f70d0101010500");

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;

  private PemKey() {}

  /**
   * The key as PKCS#8, the only form that the JDK reads; older versions of OpenSSL write RSA keys
   * as PKCS#1, which PKCS#8 merely wraps. Empty for any other form and for an encrypted key.
   */
  static Optional<byte[]> pkcs8(String pem) {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      return Optional.empty();
    }
    try {
      byte[] key = Base64.getMimeDecoder().decode(block.group(2));
      return Optional.of(
          "PRIVATE KEY".equals(block.group(1))
              ? key
              : element(SEQUENCE, join(RSA, element(OCTETS, key))));
    } catch (IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }

  /** A DER element: its tag, its length in one or more bytes, its content. */
  private static byte[] element(int tag, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(tag);
    if (content.length < 0x80) {
      bytes.write(content.length);
    } else {
      bytes.write(0x82);
      bytes.write(content.length >> 8);
      bytes.write(content.length);
    }
    bytes.writeBytes(content);
    return bytes.toByteArray();
  }

  private static byte[] join(byte[] first, byte[] second) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(first);
    bytes.writeBytes(second);
    return bytes.toByteArray();
  }
}
