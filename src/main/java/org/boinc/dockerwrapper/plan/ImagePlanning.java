package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.AppVersionFiles;
import org.boinc.dockerwrapper.boinc.SlotListing;
import org.boinc.dockerwrapper.job.ImageReference;
import org.boinc.dockerwrapper.job.ImageSpec;
import org.boinc.dockerwrapper.job.ImageSpec.Scope;
import org.boinc.dockerwrapper.job.Origin;
import org.boinc.dockerwrapper.plan.JobPlan.ImageLife;

/** Which image, under which name, and whether it outlives the job. */
final class ImagePlanning {
  /** How to come by the image, and how long it stays. */
  record Choice(ImagePlan image, ImageLife life) {}

  private final PlanRequest request;
  private final ImageSpec asked;
  private final ResourceLimits limits;
  private final List<Refusal> refusals;
  private final Map<String, Origin> origins;

  ImagePlanning(
      PlanRequest request,
      ResourceLimits limits,
      List<Refusal> refusals,
      Map<String, Origin> origins) {
    this.request = request;
    this.limits = limits;
    this.asked = request.spec().image();
    this.refusals = refusals;
    this.origins = origins;
  }

  /** Archives before Dockerfile before name; empty after a refusal. */
  Optional<Choice> choose() {
    if (!asked.files().isEmpty()) {
      return load();
    }
    if (request.slot().find(asked.dockerfile()).isPresent()) {
      return build();
    }
    if (!asked.name().isEmpty()) {
      return Optional.of(pull());
    }
    refusals.add(Refusals.noImage(asked.dockerfile()));
    return Optional.empty();
  }

  private Choice pull() {
    ImagePlan.Pull.When when =
        switch (asked.pull()) {
          case MISSING -> ImagePlan.Pull.When.MISSING;
          case ALWAYS -> ImagePlan.Pull.When.ALWAYS;
          case NEVER -> ImagePlan.Pull.When.NEVER;
        };
    String reference =
        ImageReference.parse(asked.name()).map(ImageReference::qualified).orElse(asked.name());
    return new Choice(
        new ImagePlan.Pull(
            reference,
            when,
            asked.digest(),
            asked.platform(),
            new RegistryPlanning(request, refusals).forImage(reference),
            asked.timeout()),
        life(Scope.APP_VERSION));
  }

  private Optional<Choice> load() {
    List<Path> archives = new ArrayList<>();
    for (String name : asked.files()) {
      Optional<Path> archive = readable("image.files", name);
      archive.ifPresent(archives::add);
    }
    if (archives.size() < asked.files().size()) {
      return Optional.empty();
    }
    Scope scope = scope(asked.files());
    return Optional.of(
        new Choice(
            new ImagePlan.Load(
                name(scope), archives, asked.digest(), asked.platform(), asked.timeout()),
            life(scope)));
  }

  private Optional<Choice> build() {
    if (readable("image.dockerfile", asked.dockerfile()).isEmpty()) {
      return Optional.empty();
    }
    Scope scope = scope(List.of(asked.dockerfile()));
    List<ImagePlan.ContextFile> context = context(scope);
    return Optional.of(
        new Choice(
            new ImagePlan.Build(
                name(scope),
                labels(scope),
                context,
                inContext(asked.dockerfile()),
                buildArguments(),
                asked.target(),
                asked.platform(),
                new RegistryPlanning(request, refusals).forStages(asked.dockerfile()),
                asked.timeout(),
                buildLimits()),
            life(scope)));
  }

  /**
   * A build may need more memory than the job, but not the whole host's. An engine without root
   * often has no control groups to limit it by. Its commands reach what the job itself may reach; a
   * list can't be enforced there.
   */
  private ImagePlan.BuildLimits buildLimits() {
    EngineFacts engine = request.engine();
    long memory = engine.rootless() ? 0 : Math.max(limits.memoryBytes(), engine.memoryBytes() / 2);
    return new ImagePlan.BuildLimits(
        engine.memoryBytes() > 0 ? memory : 0,
        limits.cpuShares(),
        NetworkPlanning.isOutside(request));
  }

  /**
   * The job's own, and where the build has a network the client's proxies under the names that
   * builders know without declaration.
   */
  private Map<String, String> buildArguments() {
    Map<String, String> arguments = new LinkedHashMap<>();
    if (NetworkPlanning.isOutside(request)) {
      arguments.putAll(ProxyUrl.variables(request));
    }
    arguments.putAll(asked.buildArgs());
    return arguments;
  }

  private Scope scope(List<String> sources) {
    if (asked.scope() != Scope.AUTO) {
      return asked.scope();
    }
    boolean ofAppVersion = request.appVersionFiles().containsAll(sources);
    origins.put(
        "image.scope",
        new Origin(
            Origin.Source.CLIENT,
            sources.getFirst()
                + (ofAppVersion ? " is" : " is not")
                + " a file of the app version"));
    return ofAppVersion ? Scope.APP_VERSION : Scope.WORKUNIT;
  }

  private ImageLife life(Scope scope) {
    return switch (asked.keep()) {
      case JOB -> ImageLife.JOB;
      case FOREVER -> ImageLife.FOREVER;
      case SCOPE, AUTO -> scope == Scope.APP_VERSION ? ImageLife.APP_VERSION : ImageLife.JOB;
    };
  }

  private Name name(Scope scope) {
    if (!asked.name().isEmpty()) {
      return Names.chosenImage(request.job(), asked.name());
    }
    return scope == Scope.APP_VERSION
        ? Names.appVersionImage(request.job())
        : Names.workunitImage(request.job());
  }

  /**
   * A name the job chose itself is shared with whoever uses it; only our own names are told apart
   * by label.
   */
  private Map<String, String> labels(Scope scope) {
    if (!asked.name().isEmpty()) {
      return Map.of();
    }
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(Labels.PROJECT, Names.project(request.job()));
    labels.put(Labels.CLIENT, request.job().dataDirectory().toString());
    if (scope == Scope.APP_VERSION) {
      labels.put(Labels.APP_VERSION, Names.appVersion(request.job()));
    } else {
      labels.put(Labels.WORKUNIT, request.job().workunitName());
    }
    return labels;
  }

  /**
   * Everything below the context directory that is the job's own; links to elsewhere are left out.
   */
  private List<ImagePlan.ContextFile> context(Scope scope) {
    List<ImagePlan.ContextFile> files = new ArrayList<>();
    Set<String> archives = Set.copyOf(asked.files());
    for (SlotListing.Entry entry : request.slot().entries().values()) {
      String name = inContext(entry.name());
      if (name.isEmpty()
          || archives.contains(entry.name())
          || hidden(entry.name())
          || (scope == Scope.APP_VERSION && isOfWorkunit(entry))) {
        continue;
      }
      switch (entry) {
        case SlotListing.RegularFile file ->
            files.add(new ImagePlan.ContextFile(name, file.path(), false, file.executable()));
        case SlotListing.Directory directory ->
            files.add(new ImagePlan.ContextFile(name, directory.path(), true, false));
        case SlotListing.Link link -> {
          if (link.state() == SlotListing.TargetState.FILE) {
            files.add(new ImagePlan.ContextFile(name, link.target(), false, true));
          }
        }
      }
    }
    return files;
  }

  /**
   * An image that serves a whole app version holds no workunit's input. A large copy may be
   * either's (see {@link org.boinc.dockerwrapper.boinc.AppVersionFiles}) and is left in.
   */
  private boolean isOfWorkunit(SlotListing.Entry entry) {
    return switch (entry) {
      case SlotListing.Link link -> !request.appVersionFiles().contains(link.name());
      case SlotListing.RegularFile file ->
          file.size() <= AppVersionFiles.LARGEST_COMPARED
              && !request.appVersionFiles().contains(file.name());
      case SlotListing.Directory directory ->
          request.slot().entries().values().stream()
              .filter(child -> child.name().startsWith(directory.name() + "/"))
              .allMatch(this::isOfWorkunit);
    };
  }

  private boolean hidden(String name) {
    return request.spec().files().hides(name);
  }

  /** The name within the context; empty where the slot's file is outside. */
  private String inContext(String name) {
    String context = asked.context();
    if (context.equals(".") || context.isEmpty()) {
      return name;
    }
    return name.startsWith(context + "/") ? name.substring(context.length() + 1) : "";
  }

  private Optional<Path> readable(String key, String name) {
    return SlotFiles.readable(request.slot(), key, name, refusals);
  }
}
