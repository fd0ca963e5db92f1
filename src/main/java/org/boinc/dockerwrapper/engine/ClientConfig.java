package org.boinc.dockerwrapper.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.AuthConfigurations;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.core.SSLConfig;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * docker-java's settings without its reading of the environment and of {@code ~/.docker}: a job
 * must not pull or build with the volunteer's registry passwords. No API version is pinned, because
 * newer engines raise the oldest one that they accept.
 */
final class ClientConfig implements DockerClientConfig {
  private @Nullable ObjectMapper json;

  @Override
  public URI getDockerHost() {
    return URI.create("unix:///engine");
  }

  @Override
  public RemoteApiVersion getApiVersion() {
    return RemoteApiVersion.UNKNOWN_VERSION;
  }

  @Override
  public @Nullable String getRegistryUsername() {
    return null;
  }

  @Override
  public @Nullable String getRegistryPassword() {
    return null;
  }

  @Override
  public @Nullable String getRegistryEmail() {
    return null;
  }

  @Override
  public @Nullable String getRegistryUrl() {
    return null;
  }

  @Override
  public @Nullable AuthConfig effectiveAuthConfig(String imageName) {
    return null;
  }

  @Override
  public AuthConfigurations getAuthConfigurations() {
    return new AuthConfigurations();
  }

  @Override
  @SuppressWarnings("deprecation") // the interface asks for it
  public @Nullable SSLConfig getSSLConfig() {
    return null;
  }

  /** One for all clients: a copy would have to learn docker-java's types anew. */
  @Override
  public synchronized ObjectMapper getObjectMapper() {
    if (json == null) {
      json = DockerClientConfig.getDefaultObjectMapper();
    }
    return json;
  }
}
