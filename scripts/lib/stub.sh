# What makes a program file of an image. Sourced by scripts/bundle, which has its names.

# tar of an image: sorted, of one time, and nothing but directories and files.
image_tar() {
  tar --create --format=ustar --sort=name --dereference --hard-dereference --owner=0 --group=0 --numeric-owner \
    --mtime=2026-01-01T00:00:00Z --mode='u+w,go-w,a+rX' --directory "$1" .
}

# compile COMPILER OUT PAYLOAD SOURCE...: a stub that knows its payload. FLAGS are the compiler's.
compile() {
  local compiler=$1 out=$2 payload=$3 sum
  shift 3
  sum=$(sha256sum "$payload")
  sum=${sum%% *}
  BUNDLE_ID=${sum:0:16}
  "$compiler" -std=gnu11 -O2 -Wall -Wextra -Werror -s \
    -DPAYLOAD_OFFSET="${PAYLOAD_OFFSET}ULL" -DPAYLOAD_LENGTH="$(stat --format %s "$payload")ULL" \
    -DPAYLOAD_SHA256="\"$sum\"" -DBUNDLE_ID="\"$BUNDLE_ID\"" -DPLATFORM="\"$target\"" -DAPI_VERSION="\"$API_VERSION\"" \
    -o "$out" "$@" "${FLAGS[@]}"
}

# join STUB PAYLOAD FILE OFFSET: complete, or not there.
join() {
  local size
  size=$(stat --format %s "$1")
  [ "$size" -le "$4" ] || die "the stub has $size bytes, and there is room for $4"
  { cat "$1" && head -c $(($4 - size)) /dev/zero && cat "$2"; } >"$3.new"
  chmod 755 "$3.new"
  mv "$3.new" "$3"
  # The other command: the stub goes by the name that it is started under.
  ln -sf "${3##*/}" "${3/docker_wrapper/boinc-docker}"
  say "$3: $(stat --format %s "$3") bytes, version $BUNDLE_ID"
}

# need COMMAND PACKAGE
need() { command -v "$1" >/dev/null || install_packages "${TMPDIR:-/tmp}/boinc-docker-apt.log" "$2"; }

readonly STUB=$root/src/main/c
readonly STUB_SOURCES=("$STUB"/{stub,copy,manifest,unpack,old,lock,trust,text,payload,sha256,stream_zstd}.c)
readonly WINDOWS_SOURCES=("$STUB"/{windows,windows_copy,windows_old,windows_trust,payload,sha256,stream_gzip}.c)

# musl_here WORK: the compiler of this machine's own Linux, as COMPILER and FLAGS.
musl_here() {
  local library
  library=/usr/lib/$(uname -m)-linux-gnu/libzstd.a
  need musl-gcc musl-tools
  [ -f "$library" ] || install_packages "${TMPDIR:-/tmp}/boinc-docker-apt.log" libzstd-dev
  # musl-gcc does not look where the system's headers are.
  mkdir "$1/include"
  cp /usr/include/zstd.h /usr/include/zstd_errors.h "$1/include"
  COMPILER=musl-gcc FLAGS=(-static -isystem "$1/include" "$library")
}

# musl_for_arm64 WORK: the same for 64-bit ARM, from Debian's packages for it.
musl_for_arm64() {
  local from=$root/target/debian-arm64/c/usr gcc=aarch64-linux-gnu-gcc
  need $gcc gcc-aarch64-linux-gnu
  fetch_debian arm64 "${from%/usr}" musl-dev libzstd-dev
  mkdir "$1/include"
  cp "$from"/include/zstd.h "$from"/include/zstd_errors.h "$1/include"
  COMPILER=$gcc FLAGS=(-static -no-pie -nostdinc -isystem "$from/include/aarch64-linux-musl" -isystem "$1/include"
    -isystem "$($gcc -print-file-name=include)" -nostdlib "$from"/lib/aarch64-linux-musl/crt{1,i}.o
    "$from/lib/aarch64-linux-gnu/libzstd.a" "$from/lib/aarch64-linux-musl/libc.a"
    "$($gcc -print-libgcc-file-name)" "$from/lib/aarch64-linux-musl/libc.a" "$from/lib/aarch64-linux-musl/crtn.o")
}

# pack_linux WORK FILE LEVEL
pack_linux() {
  local work=$1 file=$2
  need zstd zstd
  if [ "$target" = "$own" ]; then
    musl_here "$work"
  else
    musl_for_arm64 "$work"
  fi
  image_tar "$work/image" | zstd --quiet --force -T0 "-$3" --check -o "$work/payload"
  compile "$COMPILER" "$work/stub" "$work/payload" "${STUB_SOURCES[@]}"
  join "$work/stub" "$work/payload" "$file" "$PAYLOAD_OFFSET"
}

# pack_windows WORK FILE LEVEL: gzip, since Debian has zlib for mingw and no zstd.
pack_windows() {
  local work=$1 file=$2 level=$3
  [ "$level" -le 9 ] || level=9
  need x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64
  [ -f /usr/x86_64-w64-mingw32/lib/libz.a ] ||
    install_packages "${TMPDIR:-/tmp}/boinc-docker-apt.log" libz-mingw-w64-dev
  image_tar "$work/image" | gzip --no-name "-$level" >"$work/payload"
  FLAGS=(-municode -static -lz -ladvapi32)
  compile x86_64-w64-mingw32-gcc "$work/stub.exe" "$work/payload" "${WINDOWS_SOURCES[@]}"
  join "$work/stub.exe" "$work/payload" "$file" "$PAYLOAD_OFFSET"
}

# pack_script WORK FILE LEVEL: where no stub can be compiled. The system's own tools unpack it, so gzip.
pack_script() {
  local work=$1 file=$2 level=$3 cache=/.cache locale=C.UTF-8 sum
  [ "$level" -le 9 ] || level=9
  case $target in
    macos-*) cache=/Library/Caches locale=en_US.UTF-8 ;;
  esac
  image_tar "$work/image" | gzip --no-name "-$level" >"$work/payload"
  sum=$(sha256sum "$work/payload")
  sum=${sum%% *}
  BUNDLE_ID=${sum:0:16}
  sed -e "s|@PLATFORM@|$target|; s|@API_VERSION@|$API_VERSION|; s|@ID@|$BUNDLE_ID|; s|@SHA256@|$sum|" \
    -e "s|@OFFSET@|$SCRIPT_OFFSET|; s|@LENGTH@|$(stat --format %s "$work/payload")|" \
    -e "s|@USER_CACHE@|\$HOME$cache|; s|@UTF8_LOCALE@|$locale|" "$root/src/main/sh/stub.sh" >"$work/stub"
  join "$work/stub" "$work/payload" "$file" "$SCRIPT_OFFSET"
}
