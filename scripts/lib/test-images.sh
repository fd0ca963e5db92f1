# Makes the images that the tests run, without a registry. Sourced by scripts/engines.

readonly IMAGE=boinc-test/busybox:1
readonly ALIASES=(boinc-test/busybox:latest busybox:stable)

image_exists() {
  [ "$(engine_curl --output /dev/null --write-out '%{http_code}' "http://engine/images/$1/json")" = 200 ]
}

static_busybox() {
  local candidate
  candidate=$(command -v busybox) || return 1
  # A dynamic one would not run FROM scratch; ldd fails for a static one.
  ! ldd "$candidate" >/dev/null 2>&1 && printf '%s\n' "$candidate"
}

make_context() {
  mkdir -p "$1/root/bin" "$1/root/etc" "$1/root/tmp" "$1/root/usr/bin" "$1/root/root"
  chmod 1777 "$1/root/tmp"
  cp "$2" "$1/root/bin/busybox"
  ln -s ../../bin/env "$1/root/usr/bin/env"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$1/root/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$1/root/etc/group"
  cat >"$1/Dockerfile" <<'DOCKERFILE'
FROM scratch
COPY root/ /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN ["/bin/busybox", "--install", "-s", "/bin"]
CMD ["sh"]
DOCKERFILE
}

# The classic builder's API: neither the docker command nor BuildKit is needed, nor a registry.
build_image() {
  local context answer
  context=$(mktemp -d)
  make_context "$context" "$1"
  answer=$(tar --create --numeric-owner --owner=0 --group=0 --directory "$context" . |
    engine_curl --max-time 120 --header 'Content-Type: application/x-tar' --data-binary @- \
      "http://engine/build?t=$IMAGE&networkmode=none&forcerm=1&q=1") || answer="nothing more"
  rm -rf "$context"
  # A failed build is an HTTP 200 whose last line says so.
  image_exists "$IMAGE" || die "building $IMAGE failed, the engine says: $answer"
}

pull_image() {
  local answer
  answer=$(engine_curl --max-time 120 --request POST \
    "http://engine/images/create?fromImage=docker.io/library/busybox&tag=stable") || answer="nothing more"
  image_exists busybox:stable ||
    die "no static busybox here to build $IMAGE from (package busybox-static), and the registry gives none: $answer"
  engine_curl --fail --output /dev/null --request POST "http://engine/images/busybox:stable/tag?repo=${IMAGE%:*}&tag=${IMAGE#*:}"
}

make_images() {
  local busybox alias
  if ! image_exists "$IMAGE"; then
    if busybox=$(static_busybox); then
      build_image "$busybox"
    else
      pull_image
    fi
    say "made the image $IMAGE"
  fi
  for alias in "${ALIASES[@]}"; do
    image_exists "$alias" ||
      engine_curl --fail --output /dev/null --request POST "http://engine/images/$IMAGE/tag?repo=${alias%:*}&tag=${alias#*:}"
  done
}
