package org.boinc.dockerwrapper.cli;

import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.job.Origin;
import org.boinc.dockerwrapper.plan.ImagePlan;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.RegistryLogin;

/** How the job comes by its image. */
record ImageSection(JobPlan plan, PlanOrigins origins) {
  PlanSection section() {
    PlanSection section = new PlanSection("image");
    switch (plan.image()) {
      case ImagePlan.Build build -> build(section, build);
      case ImagePlan.Pull pull -> pull(section, pull);
      case ImagePlan.Load load -> load(section, load);
    }
    section.addUnlessEmpty("platform", plan.image().platform(), origins.of("image.platform"));
    section.addSeconds("timeout", plan.image().timeout(), origins.of("image.timeout"));
    return section.add(
        "keep",
        plan.keepImage(),
        plan.keepImage() ? "yes, for the next job" : "no, it goes with the job",
        origins.of("image.keep", "image.scope"));
  }

  private void build(PlanSection section, ImagePlan.Build build) {
    section.add(
        "source", "build", "built from " + build.dockerfile(), origins.of("image.dockerfile"));
    section.add("name", build.name().preferred(), origins.of("image.name", "image.scope"));
    List<String> files = build.files().stream().map(ImagePlan.ContextFile::name).toList();
    section.add("context", files, String.join(" ", files), origins.of("image.context"));
    build
        .buildArgs()
        .forEach((name, value) -> section.add("build_args." + name, value, argument(name)));
    section.addUnlessEmpty("target", build.target(), origins.of("image.target"));
    boolean network = build.limits().network();
    section.add(
        "run_network",
        network,
        network ? "RUN commands have one" : "RUN commands have none",
        origins.of("network.mode"));
    login(section, build.login());
    build
        .labels()
        .forEach((name, value) -> section.add("label " + name, value, PlanOrigins.ALWAYS));
  }

  private Origin argument(String name) {
    boolean proxy = name.endsWith("_proxy") || name.endsWith("_PROXY");
    return proxy ? PlanOrigins.client("proxy_info") : origins.of("image.build_args");
  }

  private void pull(PlanSection section, ImagePlan.Pull pull) {
    String when =
        switch (pull.when()) {
          case MISSING -> "pulled where the host does not have it";
          case ALWAYS -> "pulled every time";
          case NEVER -> "must be on the host";
        };
    section.add("source", "pull", when, origins.of("image.pull"));
    section.add("name", pull.reference(), origins.of("image.name"));
    section.addUnlessEmpty("digest", pull.digest(), origins.of("image.digest"));
    login(section, pull.login());
  }

  private void login(PlanSection section, Optional<RegistryLogin> login) {
    login.ifPresent(
        shown -> section.add("registry", shown.toString(), origins.of("image.registry")));
  }

  private void load(PlanSection section, ImagePlan.Load load) {
    List<String> archives = load.archives().stream().map(Object::toString).toList();
    section.add(
        "source", "load", "loaded from " + String.join(" ", archives), origins.of("image.files"));
    section.add("name", load.name().preferred(), origins.of("image.name", "image.scope"));
    section.addUnlessEmpty("digest", load.digest(), origins.of("image.digest"));
  }
}
