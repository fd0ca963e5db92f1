# The JDK that a bundle is linked from. Sourced; the caller has `set -euo pipefail`, JDK, BUNDLE_JDK and die.

# unpack_target_jdk DIR|ARCHIVE SHA256 INTO: sets TARGET_JDK to the JDK's home.
unpack_target_jdk() {
  local archive=$1 sum=$2 into=$3 seen release base
  if [ -d "$archive" ]; then
    [ -z "$sum" ] || die "--sha256 is for an archive, and $archive is a directory"
    TARGET_JDK=$(cd "$archive" && pwd)
    [ ! -d "$TARGET_JDK/Contents/Home" ] || TARGET_JDK=$TARGET_JDK/Contents/Home
    return
  fi
  [ -f "$archive" ] || die "--jdk $archive: there is no such file or directory"
  [ -n "$sum" ] || die "--jdk $archive is an archive: give its checksum with --sha256, as its publisher states it"
  seen=$(sha256sum "$archive")
  [ "${seen%% *}" = "$sum" ] || die "$archive has the SHA-256 ${seen%% *} and not $sum: download it again"
  mkdir "$into"
  case $archive in
    *.zip) (cd "$into" && "$JDK/bin/jar" --extract --file "$(readlink -f "$archive")") ;;
    *) tar --extract --file "$archive" --directory "$into" ;;
  esac
  release=$(find "$into" -maxdepth 4 -name release -type f -print -quit)
  base=$(find "$into" -maxdepth 5 -name java.base.jmod -type f -print -quit)
  [ -n "$release$base" ] || die "$archive holds no JDK: there is neither a file named release nor java.base.jmod in it"
  TARGET_JDK=${release%/release}
  if [ -z "$release" ]; then
    # The archive of the modules alone, that some publishers have.
    TARGET_JDK=$into/modules
    mkdir "$TARGET_JDK"
    ln -s "${base%/*}" "$TARGET_JDK/jmods"
  fi
}

# release_value HOME KEY: from the JDK's own description.
release_value() { sed -n "s/^$2=\"\\(.*\\)\"/\\1/p" "$1/release" | tr -d '\r'; }

# describe_jdk HOME: sets JDK_IS (its version) and JDK_FOR (its platform). Where only the modules are, they are asked.
describe_jdk() {
  local base
  if [ -r "$1/release" ]; then
    JDK_IS=$(release_value "$1" JAVA_VERSION) JDK_FOR=$(release_value "$1" OS_NAME)-$(release_value "$1" OS_ARCH)
  elif [ -r "$1/jmods/java.base.jmod" ]; then
    base=$("$JDK/bin/jmod" describe "$1/jmods/java.base.jmod") || die "$1/jmods/java.base.jmod can't be read: $base"
    JDK_IS=$(sed -n 's/^java.base@//p' <<<"$base") JDK_FOR=$(sed -n 's/^platform //p' <<<"$base")
  else
    die "$1 is no JDK: it has neither a file named release nor jmods/java.base.jmod"
  fi
  case ${JDK_FOR,,} in
    linux-x86_64 | linux-amd64) JDK_FOR=linux-x64 ;;
    linux-aarch64) JDK_FOR=linux-arm64 ;;
    windows-x86_64 | windows-amd64) JDK_FOR=windows-x64 ;;
    darwin-x86_64 | macos-x86_64 | macos-amd64) JDK_FOR=macos-x64 ;;
    darwin-aarch64 | macos-aarch64) JDK_FOR=macos-arm64 ;;
  esac
}

# check_target_jdk HOME TARGET: exits with a sentence where jlink would fail or make something else.
check_target_jdk() {
  local home=$1 target=$2
  describe_jdk "$home"
  [ "${JDK_IS%%[!0-9]*}" = "$BUNDLE_JDK" ] ||
    die "$home is JDK $JDK_IS, and the bundle is made from JDK $BUNDLE_JDK: name one with --jdk, or set JAVA_HOME to it"
  [ "$JDK_FOR" = "$target" ] || die "$home is a JDK for $JDK_FOR, not for $target"
  [ "$home" != "$JDK" ] || return 0
  [ -f "$home/jmods/java.base.jmod" ] ||
    die "$home has no jmods, which jlink needs of another JDK: unpack its jmods archive into $home/jmods"
  describe_jdk "$JDK"
  [ "${JDK_IS%%[!0-9]*}" = "$BUNDLE_JDK" ] ||
    die "this machine's JDK, $JDK, is $JDK_IS, and jlink links modules of its own release only: set JAVA_HOME to a JDK $BUNDLE_JDK"
}
