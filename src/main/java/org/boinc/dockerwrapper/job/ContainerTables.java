package org.boinc.dockerwrapper.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the tables that say what runs: image, container, files. */
final class ContainerTables {
  private static final int MOST_COMMAND_BYTES = 256 << 10;
  private static final int MOST_ENV_BYTES = 128 << 10;
  private static final int MOST_FILES = 256;
  private static final int MOST_EXCLUDES = 32;
  private static final long LARGEST_ID = 4_294_967_294L;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Settings settings;
  private final boolean strict;

  ContainerTables(Settings settings, boolean strict) {
    this.settings = settings;
    this.strict = strict;
  }

  ImageSpec image() {
    return new ImageSpec(
        settings.slotPath("image.dockerfile", "Dockerfile", Rules.SLOT_PATH),
        settings.slotPath("image.context", ".", Rules.SLOT_DIRECTORY),
        settings.table("image.build_args", 128, MOST_ENV_BYTES, Rules.NAME, Rules.NO_NUL),
        settings.text("image.target", "", Rules.STAGE.orEmpty()),
        settings.text("image.name", "", Rules.IMAGE.orEmpty()),
        slotPaths("image.files", List.of(), 64),
        settings.text("image.digest", "", Rules.DIGEST.orEmpty()),
        settings.text("image.platform", "", Rules.PLATFORM.orEmpty()),
        settings.choice(
            "image.pull", ImageSpec.PullPolicy.MISSING, Words.of(ImageSpec.PullPolicy.values())),
        settings.choice("image.scope", ImageSpec.Scope.AUTO, Words.of(ImageSpec.Scope.values())),
        settings.choice("image.keep", ImageSpec.Keep.AUTO, Words.of(ImageSpec.Keep.values())),
        registry(),
        settings.duration("image.timeout", Duration.ofHours(1), SECOND, Duration.ofHours(24)));
  }

  private Optional<ImageSpec.RegistryLogin> registry() {
    return settings
        .tableIfAny("image.registry")
        .map(
            row -> {
              var login =
                  new ImageSpec.RegistryLogin(
                      row.required("user", Rules.NO_CONTROL),
                      row.required("password_file", Rules.SLOT_PATH));
              row.finish(strict);
              return login;
            });
  }

  ContainerSpec container() {
    return new ContainerSpec(
        settings.words("container.command", MOST_COMMAND_BYTES),
        settings.words("container.args", MOST_COMMAND_BYTES),
        settings.words("container.entrypoint", MOST_COMMAND_BYTES),
        settings.text("container.workdir", "", Rules.WORKDIR.orEmpty()),
        user(),
        settings.flag("container.add_user", true),
        settings.text("container.hostname", "", Rules.HOST_LABEL.orEmpty()),
        settings.table("container.env", 1024, MOST_ENV_BYTES, Rules.ENV_NAME, Rules.NO_NUL),
        slotPaths("container.env_files", List.of(), 16),
        settings.flag("container.init", true),
        settings.words("container.shutdown", MOST_COMMAND_BYTES),
        settings.text("container.stop_signal", "SIGTERM", Rules.SIGNAL),
        settings.duration(
            "container.stop_timeout", Duration.ofSeconds(30), SECOND, Duration.ofSeconds(45)),
        settings.duration(
            "container.start_timeout", Duration.ofSeconds(60), SECOND, Duration.ofHours(1)),
        settings.flag(CreateArgs.READ_ONLY_ROOT, false),
        settings.table(CreateArgs.LABELS, 64, 4096, CreateArgs.LABEL_NAME, Rules.NO_NUL));
  }

  private ContainerSpec.User user() {
    String user = settings.text("container.user", "auto", Rules.USER);
    if (user.equals("auto")) {
      return new ContainerSpec.User.Auto();
    }
    if (user.equals("image")) {
      return new ContainerSpec.User.OfImage();
    }
    String[] ids = user.split(":", -1);
    return new ContainerSpec.User.Ids(id(ids[0]), id(ids[ids.length - 1]));
  }

  private long id(String digits) {
    long id = Long.parseLong(digits);
    if (id > LARGEST_ID) {
      settings
          .setting("container.user")
          .ifPresent(at -> settings.report(JobProblems.outOfRange(at, id, 0, LARGEST_ID)));
    }
    return id;
  }

  FilesSpec files(Dialect dialect) {
    boolean v1 = dialect == Dialect.SCHEMA_1;
    FilesSpec files =
        new FilesSpec(
            settings.text(
                "files.slot", dialect == Dialect.WIKI ? "" : "/app", Rules.MOUNT_POINT.orEmpty()),
            settings.text("files.project", "", Rules.MOUNT_POINT.orEmpty()),
            settings.choice(
                "files.project_access", FilesSpec.ProjectAccess.READ_ONLY, Words.ACCESS),
            settings.choice(
                "files.links",
                v1 ? FilesSpec.Links.AUTO : FilesSpec.Links.OFF,
                Words.of(FilesSpec.Links.values())),
            settings.rows("files.in", MOST_FILES).stream().map(this::copyIn).toList(),
            settings.rows("files.out", MOST_FILES).stream().map(this::copyOut).toList(),
            settings.rows("files.uploads", MOST_FILES).stream().map(this::upload).toList(),
            slotPaths("files.hide", List.of("init_data.xml"), MOST_FILES),
            settings.slotPath("files.stdout", "", Rules.SLOT_OUTPUT.orEmpty()),
            settings.slotPath("files.stderr", "", Rules.SLOT_OUTPUT.orEmpty()),
            settings.slotPath("files.receipt", "", Rules.SLOT_OUTPUT.orEmpty()),
            settings.rows(CreateArgs.MOUNTS, 64).stream().map(this::extraMount).toList());
    checkOverlap(files.slot(), files.project(), v1);
    return files;
  }

  /** Upstream's files may have the project below the slot; nothing may hide the slot. */
  private void checkOverlap(String slot, String project, boolean v1) {
    if (slot.isEmpty() || project.isEmpty()) {
      return;
    }
    boolean projectInside = project.startsWith(slot + "/");
    boolean slotInside = (slot + "/").startsWith(project + "/");
    Optional<Setting> at =
        settings.setting("files.project").or(() -> settings.setting("files.slot"));
    if (at.isPresent() && (slotInside || (v1 && projectInside))) {
      settings.report(JobProblems.mountsOverlap(at.get(), project, slot));
    } else if (at.isPresent() && projectInside) {
      settings.report(JobProblems.mountInsideSlot(at.get(), project, slot));
    }
  }

  private FilesSpec.CopyIn copyIn(Settings row) {
    var copy =
        new FilesSpec.CopyIn(
            Rules.normal(row.required("src", Rules.SLOT_GLOB)),
            row.required("dst", Rules.COPY_PATH));
    row.finish(strict);
    return copy;
  }

  private FilesSpec.CopyOut copyOut(Settings row) {
    var copy =
        new FilesSpec.CopyOut(
            row.required("src", Rules.COPY_GLOB),
            Rules.normal(row.required("dst", Rules.SLOT_OUTPUT)),
            row.flag("required", true),
            row.flag("always", false),
            row.choice("archive", "", Words.plain("", "tar", "tgz")),
            row.strings("exclude", List.of(), MOST_EXCLUDES, Rules.EXCLUDE));
    row.finish(strict);
    return copy;
  }

  private FilesSpec.Upload upload(Settings row) {
    var upload =
        new FilesSpec.Upload(
            Rules.normal(row.required("file", Rules.SLOT_GLOB)),
            row.text("trickle", "", Rules.TRICKLE.orEmpty()));
    row.finish(strict);
    return upload;
  }

  private FilesSpec.ExtraMount extraMount(Settings row) {
    return new FilesSpec.ExtraMount(
        row.required("source", Rules.ANY),
        row.required("at", Rules.MOUNT_POINT),
        row.flag("read_only", false));
  }

  private List<String> slotPaths(String key, List<String> fallback, int most) {
    List<String> paths = new ArrayList<>();
    settings.strings(key, fallback, most, Rules.SLOT_PATH).forEach(p -> paths.add(Rules.normal(p)));
    return List.copyOf(paths);
  }
}
