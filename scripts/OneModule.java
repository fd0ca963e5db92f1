import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ModuleDesc;
import java.lang.module.ModuleDescriptor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Merges jars into one modular jar: {@code OneModule NAME OUT NEEDED,NEEDED JAR...}. jlink takes no
 * automatic modules, and an AOT cache survives copying only where no jar is on the class path.
 */
class OneModule {
  private static final String SERVICES = "META-INF/services/";

  private final Map<String, byte[]> entries = new TreeMap<>();
  private final Map<String, Set<String>> provided = new TreeMap<>();
  private final Set<String> used = new TreeSet<>();

  public static void main(String[] args) throws IOException {
    OneModule module = new OneModule();
    for (int i = 3; i < args.length; i++) {
      module.add(Path.of(args[i]));
    }
    module.entries.put("module-info.class", module.descriptor(args[0], args[2].split(",")));
    try (OutputStream out = Files.newOutputStream(Path.of(args[1]))) {
      module.write(out);
    }
  }

  private void add(Path jar) throws IOException {
    try (JarFile file =
        new JarFile(jar.toFile(), true, ZipFile.OPEN_READ, JarFile.runtimeVersion())) {
      for (JarEntry entry : file.versionedStream().filter(e -> !e.isDirectory()).toList()) {
        try (InputStream in = file.getInputStream(entry)) {
          add(jar, entry.getName(), in.readAllBytes());
        }
      }
    }
  }

  private void add(Path jar, String name, byte[] bytes) throws IOException {
    if (name.equals("module-info.class")) {
      used.addAll(ModuleDescriptor.read(ByteBuffer.wrap(bytes)).uses());
    } else if (name.startsWith(SERVICES)) {
      Set<String> providers =
          provided.computeIfAbsent(name.substring(SERVICES.length()), _ -> new TreeSet<>());
      new String(bytes, StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .forEach(providers::add);
    } else if (name.matches("META-INF/.*(LICENSE|NOTICE).*")) {
      entries.put("META-INF/licenses/" + jar.getFileName() + "/" + Path.of(name).getFileName(), bytes);
    } else if (!name.startsWith("META-INF/") && entries.put(name, bytes) != null) {
      throw new IOException(
          "%s is in %s and in another jar: leave one of them out".formatted(name, jar));
    }
  }

  private byte[] descriptor(String name, String[] needed) {
    used.addAll(provided.keySet());
    // A library also names services of libraries that are not here.
    used.removeIf(service -> !entries.containsKey(service.replace('.', '/') + ".class"));
    provided.keySet().retainAll(used);
    return ClassFile.of()
        .buildModule(
            ModuleAttribute.of(
                ModuleDesc.of(name),
                module -> {
                  for (String one : needed) {
                    int flags = one.equals("java.base") ? ClassFile.ACC_MANDATED : 0;
                    module.requires(ModuleDesc.of(one), flags, null);
                  }
                  used.forEach(service -> module.uses(ClassDesc.of(service)));
                  provided.forEach(
                      (service, providers) ->
                          module.provides(
                              ClassDesc.of(service),
                              providers.stream().map(ClassDesc::of).toArray(ClassDesc[]::new)));
                }));
  }

  /** Sorted and without times: the same jars give the same file. */
  private void write(OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setMethod(ZipOutputStream.DEFLATED);
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      ZipEntry header = new ZipEntry(entry.getKey());
      header.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
      zip.putNextEntry(header);
      zip.write(entry.getValue());
    }
    zip.finish();
  }
}
