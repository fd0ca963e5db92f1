package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.boinc.dockerwrapper.plan.EngineFacts.Product;
import org.boinc.dockerwrapper.plan.HostFiles;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedFilesTest {
  @ParameterizedTest
  @CsvSource({
    "unix:///var/run/docker.sock, DOCKER, SAME",
    "tcp://127.0.0.1:2375, DOCKER, SAME",
    "tcp://localhost:2375, DOCKER, SAME",
    "tcp://[::1]:2375, DOCKER, SAME",
    "tcp://10.0.0.1:2375, DOCKER, NONE",
    "tcp://127.example.org:2375, DOCKER, NONE",
    "ssh://me@there, DOCKER, NONE",
    "npipe:////./pipe/docker_engine, DOCKER, SAME",
    "npipe:////./pipe/podman-machine-default, PODMAN, WSL",
    "command:C:/Windows/System32/wsl.exe -d Debian --exec docker system dial-stdio, DOCKER, WSL",
    "command:/usr/bin/docker system dial-stdio, DOCKER, SAME",
    "command:docker --host tcp://10.0.0.1 system dial-stdio, DOCKER, NONE",
    "command:docker --host=ssh://there system dial-stdio, DOCKER, NONE",
    "command:docker --host unix:///x.sock system dial-stdio, DOCKER, SAME"
  })
  void theWayToAnEngineTellsWhetherItSeesOurFiles(String way, Product product, HostFiles seen) {
    assertEquals(seen, SharedFiles.of(Endpoint.parse(way).orElseThrow(), product));
  }
}
