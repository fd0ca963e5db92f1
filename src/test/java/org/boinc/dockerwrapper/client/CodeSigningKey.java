package org.boinc.dockerwrapper.client;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import javax.crypto.Cipher;

/**
 * The key with which a project signs the files of its app versions, made for one run. The client
 * knows one size only, and has a notation of its own: the bits in decimal, then modulus and
 * exponent as hexadecimal lines that end with a dot (BOINC lib/crypt.cpp).
 */
final class CodeSigningKey {
  private static final int BITS = 1024;

  private static final int DIGITS_PER_LINE = 64;

  private final KeyPair pair;

  private CodeSigningKey(KeyPair pair) {
    this.pair = pair;
  }

  static CodeSigningKey generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      return new CodeSigningKey(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }

  /** What the client gets to know of it. */
  String publicText() {
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    return BITS + "\n" + lines(digits(key.getModulus()) + digits(key.getPublicExponent()));
  }

  /** Of a file: its MD5 in hexadecimal, encrypted with the private key. */
  String signature(byte[] file) {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
      cipher.init(Cipher.ENCRYPT_MODE, pair.getPrivate());
      byte[] signature = cipher.doFinal(md5(file).getBytes(StandardCharsets.US_ASCII));
      return lines(HexFormat.of().formatHex(signature));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing failed", e);
    }
  }

  /** As BOINC names a file's content: MD5, 32 hexadecimal digits. */
  static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  private static String digits(BigInteger number) {
    String digits = number.toString(16);
    return "0".repeat(BITS / 4 - digits.length()) + digits;
  }

  private static String lines(String digits) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < digits.length(); at += DIGITS_PER_LINE) {
      text.append(digits, at, Math.min(digits.length(), at + DIGITS_PER_LINE)).append('\n');
    }
    return text.append(".\n").toString();
  }
}
