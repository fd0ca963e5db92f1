package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.time.Duration;

/** The socket of Podman's service, which is started where nobody listens. */
final class ServiceWire extends UnixWire {
  private final PodmanService service;

  ServiceWire(PodmanService service) throws IOException {
    super(service.socket());
    this.service = service;
  }

  @Override
  public void connect(Duration patience) throws IOException {
    service.ensure(patience, channel()::isOpen);
    super.connect(patience);
  }
}
