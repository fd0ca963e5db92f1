# Podman as root, in its usual storage, with an API service of our own. Sourced by scripts/engines.

# Named as that of Podman's own unit: the wrapper then knows it as one of this host.
readonly PODMAN_SOCKET=$STATE/podman/podman.sock
readonly PODMAN_SETTINGS=/etc/containers/containers.conf.d/50-boinc-docker-engines.conf
readonly PODMAN_REGISTRIES=/etc/containers/registries.conf.d/50-boinc-docker-engines.conf
# What Podman asks for where it is told nothing (rlimits of its containers).
readonly PODMAN_LIMIT=1048576

podman_socket() { printf '%s\n' "$PODMAN_SOCKET"; }
podman_daemon() { echo podman; }
podman_mark() { printf 'unix://%s\n' "$PODMAN_SOCKET"; }
podman_may_start() { :; }
podman_stopped() { :; }

podman_install() {
  local missing=()
  command -v podman >/dev/null || missing+=(podman)
  if command -v dpkg-query >/dev/null; then
    installed netavark || missing+=(netavark)
    installed busybox-static || missing+=(busybox-static)
    installed tini || missing+=(tini)
    ! crun_refuses_cgroups || installed runc || missing+=(runc)
  fi
  [ ${#missing[@]} = 0 ] || install_packages "$STATE/apt.log" "${missing[@]}"
}

# crun takes either version of the kernel's groups, but no mixture of both (libcrun: "hybrid mode not supported").
crun_refuses_cgroups() { [ -n "$(cat /sys/fs/cgroup/unified/cgroup.controllers 2>/dev/null)" ]; }

# What Podman must be told to run on this machine at all; nothing on an ordinary one.
podman_settings() {
  local nofile nproc init=
  nofile=$(ulimit -Hn) nproc=$(ulimit -Hu)
  if ! [ -x /usr/libexec/podman/catatonit ] && ! [ -x /usr/bin/catatonit ]; then
    init=$(command -v tini-static) || true
  fi
  echo "[containers]"
  if below_podmans_wish "$nofile" || below_podmans_wish "$nproc"; then
    # Both, or Podman asks for the other one; it has put this many processes on itself before.
    printf 'default_ulimits = ["nofile=%s:%s", "nproc=32768:32768"]\n' "$nofile" "$nofile"
  fi
  # The command line reads the one, the service the other.
  [ -z "$init" ] || printf 'init_path = "%s"\n' "$init"
  echo "[engine]"
  [ -z "$init" ] || printf 'init_path = "%s"\n' "$init"
  if crun_refuses_cgroups; then
    echo 'runtime = "runc"'
  fi
}

# below_podmans_wish LIMIT: and root may not raise it (CAP_SYS_RESOURCE is bit 24).
below_podmans_wish() {
  local bounding
  bounding=$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status)
  [ "$1" != unlimited ] && [ "$1" -lt $PODMAN_LIMIT ] && [ $((0x$bounding >> 24 & 1)) = 0 ]
}

write_podman_settings() {
  local wanted
  wanted=$(podman_settings)
  if ! grep -q = <<<"$wanted"; then
    return 0
  fi
  mkdir -p "${PODMAN_SETTINGS%/*}"
  printf '# Written by scripts/engines for this machine.\n%s\n' "$wanted" >"$PODMAN_SETTINGS"
}

# Podman speaks plain HTTP to no registry that it is not told of; the tests have theirs on these ports.
write_registry_settings() {
  local port
  mkdir -p "${PODMAN_REGISTRIES%/*}"
  echo "# Written by scripts/engines for the tests' registries." >"$PODMAN_REGISTRIES"
  for port in {47100..47131}; do
    printf '[[registry]]\nlocation = "127.0.0.1:%s"\ninsecure = true\n' "$port" >>"$PODMAN_REGISTRIES"
  done
}

podman_launch() {
  write_podman_settings
  write_registry_settings
  mkdir -p "${SOCKET%/*}"
  rm -f "$SOCKET"
  launch_daemon podman --log-level warn system service --time=0 "unix://$SOCKET"
}

# Whoever may open it is root, as with Docker's: so only this user's own group.
podman_admit_test_user() {
  if [ "$(id -u)" = 0 ] && id "$TEST_USER" >/dev/null 2>&1; then
    chgrp "$TEST_USER" "$SOCKET"
    chmod 660 "$SOCKET"
  fi
}
