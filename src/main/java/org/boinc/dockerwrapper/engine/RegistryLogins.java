package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.AuthConfigurations;
import org.boinc.dockerwrapper.plan.RegistryLogin;

/** A job's login as the engine wants to be told of it. */
final class RegistryLogins {
  /** What a builder calls Docker Hub (Docker's registry/config.go, IndexServer). */
  private static final String DOCKER_HUB = "https://index.docker.io/v1/";

  private RegistryLogins() {}

  static AuthConfig forPull(RegistryLogin login) {
    return at(login.registries().getFirst(), login);
  }

  static AuthConfigurations forBuild(RegistryLogin login) {
    AuthConfigurations all = new AuthConfigurations();
    login.registries().forEach(registry -> all.addConfig(at(registry, login)));
    return all;
  }

  private static AuthConfig at(String registry, RegistryLogin login) {
    return new AuthConfig()
        .withRegistryAddress(registry.equals("docker.io") ? DOCKER_HUB : registry)
        .withUsername(login.user())
        .withPassword(login.password());
  }
}
