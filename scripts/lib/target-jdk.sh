# The JDK that a bundle is linked from. Sourced; the caller has `set -euo pipefail`, JDK, BUNDLE_JDK and die.

# unpack_target_jdk DIR|ARCHIVE SHA256 INTO: sets TARGET_JDK to the JDK's home.
unpack_target_jdk() {
  local archive=$1 sum=$2 into=$3 seen release
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
  release=$(find "$into" -maxdepth 4 -name release -type f | head -n 1)
  [ -n "$release" ] || die "$archive holds no JDK: there is no file named release in it"
  TARGET_JDK=${release%/release}
}

# release_value HOME KEY: from the JDK's own description.
release_value() { sed -n "s/^$2=\"\\(.*\\)\"/\\1/p" "$1/release" | tr -d '\r'; }

# check_target_jdk HOME TARGET: exits with a sentence where jlink would fail or make something else.
check_target_jdk() {
  local home=$1 target=$2 version own platform
  [ -r "$home/release" ] || die "$home is no JDK: it has no file named release"
  version=$(release_value "$home" JAVA_VERSION)
  [ "${version%%[!0-9]*}" = "$BUNDLE_JDK" ] ||
    die "$home is JDK $version, and the bundle is made from JDK $BUNDLE_JDK: name one with --jdk, or set JAVA_HOME to it"
  platform=$(release_value "$home" OS_NAME)-$(release_value "$home" OS_ARCH)
  case $platform in
    Linux-x86_64 | Linux-amd64) platform=linux-x64 ;;
    Linux-aarch64) platform=linux-arm64 ;;
    Windows-x86_64 | Windows-amd64) platform=windows-x64 ;;
    Darwin-x86_64) platform=macos-x64 ;;
    Darwin-aarch64) platform=macos-arm64 ;;
  esac
  [ "$platform" = "$target" ] || die "$home is a JDK for $platform, not for $target"
  [ "$home" != "$JDK" ] || return 0
  own=$(release_value "$JDK" JAVA_VERSION)
  [ "$version" = "$own" ] ||
    die "$home is JDK $version and this machine's $JDK is $own: jlink links its own version only; take the same of both"
  [ -f "$home/jmods/java.base.jmod" ] ||
    die "$home has no jmods, which jlink needs of another JDK: unpack its jmods archive into $home/jmods"
}
