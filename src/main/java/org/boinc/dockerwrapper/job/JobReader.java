package org.boinc.dockerwrapper.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Turns what people wrote into a {@link JobSpec}, or into all problems at once.
 *
 * <p>A value counts in this order: built-in default, template's parent, template, job.toml, command
 * line. Tables with free keys (env, custom, build_args, hosts, ulimits) add up, anything else is
 * replaced whole. A template's name comes as {@code name} and is asked for by the function given;
 * it answers with the text of {@code name.toml}.
 */
public final class JobReader {
  private static final int MOST_TEMPLATES = 3;
  private static final int MOST_PROBLEMS = 100;
  private static final int MOST_CUSTOM = 32;
  private static final int MOST_CUSTOM_BYTES = 4096;

  private final Function<String, Optional<byte[]>> templates;
  private final JobOverrides commandLine;
  private final List<String> files = new ArrayList<>();
  private final Set<Problem> problems = new LinkedHashSet<>();
  private final List<Layer> layers = new ArrayList<>();
  private Dialect dialect = Dialect.UPSTREAM;
  private boolean signed = true;

  private JobReader(Function<String, Optional<byte[]>> templates, JobOverrides commandLine) {
    this.templates = templates;
    this.commandLine = commandLine;
  }

  /**
   * Reads a job.toml. Never throws, whatever the bytes.
   *
   * @param fileName as it shall stand in messages
   */
  public static JobReading read(
      byte[] text,
      String fileName,
      Function<String, Optional<byte[]>> templates,
      JobOverrides commandLine) {
    return read(text, fileName, new JobReader(templates, commandLine));
  }

  /**
   * The same for a file that comes with a workunit, and so can lower what its template sets, and
   * never raise it.
   */
  public static JobReading readUnsigned(
      byte[] text,
      String fileName,
      Function<String, Optional<byte[]>> templates,
      JobOverrides commandLine) {
    JobReader reader = new JobReader(templates, commandLine);
    reader.signed = false;
    return read(text, fileName, reader);
  }

  private static JobReading read(byte[] text, String fileName, JobReader reader) {
    TomlDocument document = reader.document(text, fileName);
    reader.dialect = dialect(document);
    if (reader.dialect == Dialect.SCHEMA_1) {
      reader.layers.add(reader.schema1(document, Origin.Source.JOB_FILE, fileName));
    } else {
      reader.layers.add(reader.legacy(document, fileName));
    }
    return reader.finish();
  }

  /** A job without a job.toml: upstream's defaults, a Dockerfile and the slot at /app. */
  public static JobReading absent(
      Function<String, Optional<byte[]>> templates, JobOverrides commandLine) {
    return new JobReader(templates, commandLine).finish();
  }

  /** Asks for every key that schema 1 has, but for {@code schema} itself. */
  static void ask(AskedKeys asked) {
    JobReader reader = new JobReader(_ -> Optional.empty(), JobOverrides.NONE);
    reader.dialect = Dialect.SCHEMA_1;
    reader.spec(asked, Map.of());
  }

  private TomlDocument document(byte[] text, String file) {
    TomlDocument document = TomlDocument.read(text, file);
    files.add(file);
    problems.addAll(document.problems());
    return document;
  }

  private static Dialect dialect(TomlDocument document) {
    Set<String> keys = document.root().keySet();
    if (keys.contains("schema")) {
      return Dialect.SCHEMA_1;
    }
    return keys.stream().anyMatch(LegacyKeys.WIKI::contains) ? Dialect.WIKI : Dialect.UPSTREAM;
  }

  private Layer schema1(TomlDocument document, Origin.Source source, String file) {
    Layer layer = new Layer(problems::add);
    document
        .root()
        .forEach(
            (key, value) -> {
              Setting at = Setting.of(document, source, file, TomlText.join("", key), value);
              Optional<LegacyKeys.Row> legacy = Optional.ofNullable(LegacyKeys.table().get(key));
              if (legacy.isPresent()) {
                problems.add(JobProblems.legacyKey(at, legacy.get().instead()));
              } else if (!key.equals("schema")) {
                layer.addTop(key, at);
              } else if (!value.equals(1L)) {
                problems.add(JobProblems.otherSchema(at));
              }
            });
    return layer;
  }

  private Layer legacy(TomlDocument document, String file) {
    Layer layer = new Layer(problems::add);
    document
        .root()
        .forEach(
            (key, value) -> {
              String path = TomlText.join("", key);
              Setting at = Setting.of(document, Origin.Source.JOB_FILE, file, path, value);
              Optional<LegacyKeys.Row> row = Optional.ofNullable(LegacyKeys.table().get(key));
              if (key.equals("workdir") && dialect == Dialect.WIKI) {
                problems.add(JobProblems.dialectsMixed(at));
              } else if (row.isPresent()) {
                row.get().meaning().add(at, layer, problems::add);
              } else {
                layer.addTop(key, at);
              }
            });
    document.root().keySet().stream()
        .filter(Layer.TABLES::contains)
        .map(key -> Setting.of(document, Origin.Source.JOB_FILE, file, key, 0L))
        .findFirst()
        .ifPresent(at -> problems.add(JobProblems.schemaMissing(at)));
    return layer;
  }

  private JobReading finish() {
    Map<String, Setting> merged = new LinkedHashMap<>();
    Map<String, Setting> over = new LinkedHashMap<>();
    layers.forEach(layer -> Layer.over(over, layer.settings()));
    Layer.over(over, commandLine.settings());
    int own = layers.size();
    addTemplates(Optional.ofNullable(over.get("template")));
    layers.reversed().forEach(layer -> Layer.over(merged, layer.settings()));
    Layer.over(merged, commandLine.settings());

    Settings settings = new Settings(merged, problems::add);
    JobSpec spec =
        underTemplates(spec(settings, merged), merged, layers.subList(own, layers.size()));
    Unsupported.check(spec, settings);
    Macros.check(merged, problems::add);
    reportUnknown(settings.known());
    List<Problem> sorted = sorted();
    boolean usable = sorted.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR);
    return new JobReading(usable ? Optional.of(spec) : Optional.empty(), sorted);
  }

  private JobSpec underTemplates(
      JobSpec spec, Map<String, Setting> merged, List<Layer> templateLayers) {
    if (signed || templateLayers.isEmpty()) {
      return spec;
    }
    Map<String, Setting> set = new LinkedHashMap<>();
    templateLayers.reversed().forEach(layer -> Layer.over(set, layer.settings()));
    JobSpec template = spec(new Settings(set, problems::add), set);
    return Ceilings.lower(spec, template, set, merged, problems::add);
  }

  /** Each template may name its parent; the layers come out nearest first. */
  private void addTemplates(Optional<Setting> named) {
    Set<String> seen = new LinkedHashSet<>();
    Optional<Setting> next = named;
    while (next.isPresent()) {
      Setting at = next.get();
      String name =
          new Settings(Map.of("template", at), problems::add)
              .text("template", "", Rules.TEMPLATE.orEmpty());
      if (name.isEmpty()) {
        return;
      }
      if (!seen.add(name)) {
        problems.add(JobProblems.templateCycle(at, name));
        return;
      }
      if (seen.size() > MOST_TEMPLATES) {
        problems.add(JobProblems.templateDepth(at, MOST_TEMPLATES));
        return;
      }
      Optional<byte[]> text = templates.apply(name);
      if (text.isEmpty()) {
        problems.add(JobProblems.templateUnknown(at, name));
        return;
      }
      Layer layer = template(text.get(), name + ".toml");
      layers.add(layer);
      next = Optional.ofNullable(layer.settings().get("template"));
    }
  }

  private Layer template(byte[] text, String file) {
    TomlDocument document = document(text, file);
    if (!document.root().containsKey("schema")) {
      problems.add(JobProblems.templateNotSchema1(file));
    }
    return schema1(document, Origin.Source.TEMPLATE, file);
  }

  private JobSpec spec(Settings settings, Map<String, Setting> merged) {
    boolean strict = dialect == Dialect.SCHEMA_1;
    settings.text("template", "", Rules.ANY);
    settings.text("comment", "", Rules.NO_NUL.and(Check.shorterThan(MOST_CUSTOM_BYTES + 1)));
    ContainerTables container = new ContainerTables(settings, strict);
    LimitTables limits = new LimitTables(settings, strict);
    int verbosity = settings.number("verbose", 1, 0, 2);
    ImageSpec image = container.image();
    FilesSpec named = container.files(dialect);
    FilesSpec files =
        image.registry().map(login -> named.alsoHiding(login.passwordFile())).orElse(named);
    Map<String, Origin> origins = new LinkedHashMap<>();
    merged.forEach((key, at) -> origins.put(key, at.origin()));
    return new JobSpec(
        dialect,
        verbosity,
        settings.table("custom", MOST_CUSTOM, MOST_CUSTOM_BYTES, Rules.NAME, Rules.NO_NUL),
        image,
        container.container(),
        files,
        limits.resources(),
        limits.gpu(),
        limits.network(dialect),
        limits.progress(!files.slot().isEmpty()),
        limits.checkpoint(!files.slot().isEmpty()),
        limits.security(),
        limits.cluster(),
        java.util.Collections.unmodifiableMap(origins));
  }

  private void reportUnknown(Set<String> known) {
    for (Layer layer : layers) {
      for (Setting at : layer.unknown(known)) {
        boolean strict = dialect == Dialect.SCHEMA_1 || at.source() == Origin.Source.TEMPLATE;
        problems.add(JobProblems.unknownKey(at, strict, nearest(at.path(), known)));
      }
    }
  }

  /** Within the same table first, so that a name is not taken from a far one. */
  private Optional<String> nearest(String path, Set<String> known) {
    String table = path.substring(0, path.lastIndexOf('.') + 1);
    Set<String> names = new TreeSet<>();
    known.stream()
        .filter(key -> key.startsWith(table) && key.indexOf('.', table.length()) < 0)
        .filter(key -> !Layer.isOurs(key))
        .forEach(names::add);
    if (table.isEmpty()) {
      names.addAll(Layer.TABLES);
      names.add("schema");
      if (dialect != Dialect.SCHEMA_1) {
        names.addAll(LegacyKeys.table().keySet());
      }
    }
    return Nearest.to(path, names)
        .or(
            () ->
                known.stream()
                    .filter(key -> key.endsWith("." + path) && !Layer.isOurs(key))
                    .findFirst());
  }

  /** File by file, line by line; not more than anyone reads. */
  private List<Problem> sorted() {
    List<Problem> sorted = new ArrayList<>(problems);
    sorted.sort(this::byPlace);
    if (sorted.size() <= MOST_PROBLEMS) {
      return List.copyOf(sorted);
    }
    List<Problem> first = new ArrayList<>(sorted.subList(0, MOST_PROBLEMS));
    first.add(JobProblems.more(sorted.subList(MOST_PROBLEMS, sorted.size())));
    return List.copyOf(first);
  }

  private int byPlace(Problem one, Problem other) {
    int byFile = Integer.compare(fileRank(one.file()), fileRank(other.file()));
    return byFile != 0 ? byFile : Integer.compare(one.line(), other.line());
  }

  private int fileRank(String file) {
    int rank = files.indexOf(file);
    return rank < 0 ? files.size() : rank;
  }
}
