# Finds a JDK and starts the program from target/. Sourced, also by a launcher that a BOINC client starts:
# no needless fork, and nothing on stdout.

readonly JDK_NEEDED=25

# Small and quick to start. -Xlog: without it the JVM's warnings go to stdout. useNativeAccessorOnly: no code is
# generated for the few calls by reflection. The two intervals: while the job runs the JVM wakes up less often.
readonly JVM_OPTIONS=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xms8m -Xmn4m -Xmx64m -Xss512k
  -Djdk.reflect.useNativeAccessorOnly=true
  -XX:+UnlockDiagnosticVMOptions -XX:AsyncDeflationInterval=5000 -XX:ServiceThreadCleanupInterval=5000
  -Xlog:disable -Xlog:all=error:stderr --enable-native-access=ALL-UNNAMED)

# find_jdk: sets JDK to the home of the first JDK that is new enough; 1 where there is none.
find_jdk() {
  local home java
  if java=$(type -P java) && [ -L "$java" ]; then
    java=$(readlink -f "$java")
  fi
  for home in "${JAVA_HOME:-}" "${java%/bin/java}" /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
    if is_new_enough "$home"; then
      JDK=$home
      return 0
    fi
  done
  return 1
}

# The JDK's own `release` file has the version; `java -version` would cost a JVM's start.
is_new_enough() {
  local line version
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      JAVA_VERSION=*)
        version=${line#JAVA_VERSION=}
        version=${version//\"/}
        version=${version%%[!0-9]*}
        [ "${version:-0}" -ge $JDK_NEEDED ]
        return
        ;;
    esac
  done <"$1/release"
  return 1
}

no_jdk() {
  printf '%s: no JDK %s or newer found; unpack one (https://adoptium.net) below /usr/lib/jvm or ~/.jdks, or set %s to it\n' \
    "${0##*/}" "$JDK_NEEDED" JAVA_HOME >&2
  exit 1
}

# run_main ROOT CLASS ARGUMENT...: becomes the JVM, so that a client's signals reach it.
run_main() {
  local root=$1 main=$2 jar=$1/target/docker-wrapper.jar cache=$1/target/wrapper.aot
  shift 2
  if [ ! -e "$root/target/classes/${main//.//}.class" ] || [ ! -d "$root/target/lib" ]; then
    printf '%s: the program is not built yet: run scripts/demo or mvn package first\n' "${0##*/}" >&2
    exit 1
  fi
  find_jdk || no_jdk
  # A client that a service manager starts has no locale, and a JVM then can't form a path that is not ASCII.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *[Uu][Tt][Ff]*8*) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
  # A cache that scripts/train made of these very classes; a JVM takes it for jars only.
  if [ "$cache" -nt "$jar" ] && [ "$jar" -nt "$root/target/classes/${main//.//}.class" ]; then
    exec "$JDK/bin/java" "${JVM_OPTIONS[@]}" -XX:AOTCache="$cache" -cp "$jar:$root/target/lib/*" "$main" "$@"
  fi
  exec "$JDK/bin/java" "${JVM_OPTIONS[@]}" -cp "$root/target/classes:$root/target/lib/*" "$main" "$@"
}
