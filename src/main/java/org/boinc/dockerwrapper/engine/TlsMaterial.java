package org.boinc.dockerwrapper.engine;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What Docker keeps for TLS in one directory: {@code ca.pem} says whom to trust (without it: whom
 * the JDK trusts), {@code cert.pem} and {@code key.pem} say who we are (without them: nobody).
 */
final class TlsMaterial {
  private final SSLContext context;

  private TlsMaterial(SSLContext context) {
    this.context = context;
  }

  /**
   * Reads it.
   *
   * @throws TransportException DENIED where a file can't be used, saying which
   */
  static TlsMaterial read(Path directory) throws TransportException {
    if (!Files.isDirectory(directory)) {
      throw unusable(directory, "there is no such directory", null);
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(identity(directory), trust(directory), null);
      return new TlsMaterial(context);
    } catch (GeneralSecurityException | IOException e) {
      throw e instanceof TransportException known
          ? known
          : unusable(directory, String.valueOf(e.getMessage()), e);
    }
  }

  /** One side of a connection to this host, whose certificate must name it. */
  SSLEngine client(String host, int port) {
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static TrustManager[] trust(Path directory) throws GeneralSecurityException, IOException {
    Path file = directory.resolve("ca.pem");
    KeyStore authorities = null;
    if (Files.exists(file)) {
      authorities = emptyStore();
      int number = 0;
      for (Certificate authority : certificates(file)) {
        authorities.setCertificateEntry("ca" + number++, authority);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    return factory.getTrustManagers();
  }

  private static KeyManager[] identity(Path directory)
      throws GeneralSecurityException, IOException {
    Path file = directory.resolve("cert.pem");
    if (!Files.exists(file)) {
      return new KeyManager[0];
    }
    Certificate[] chain = certificates(file).toArray(Certificate[]::new);
    PrivateKey key =
        privateKey(directory.resolve("key.pem"), chain[0].getPublicKey().getAlgorithm());
    KeyStore store = emptyStore();
    store.setKeyEntry("key", key, new char[0], chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    Collection<? extends Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
    if (found.isEmpty()) {
      throw unusable(file, "it holds no certificate", null);
    }
    return found;
  }

  private static PrivateKey privateKey(Path file, String algorithm)
      throws GeneralSecurityException, IOException {
    byte[] key =
        PemKey.pkcs8(Files.readString(file))
            .orElseThrow(
                () ->
                    unusable(
                        file,
                        "its key is of a form that is not read; convert it with: openssl pkcs8"
                            + " -topk8 -nocrypt",
                        null));
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key));
  }

  private static TransportException unusable(Path file, String why, @Nullable Exception cause) {
    return new TransportException(Fault.DENIED, file + " can't be used for TLS: " + why, cause);
  }
}
