# Docker. Sourced by scripts/engines.

readonly DOCKER_SOCKET=/var/run/docker.sock
readonly OWN_BRIDGE=boincbr0

docker_socket() {
  case ${DOCKER_HOST:-} in
    '') echo $DOCKER_SOCKET ;;
    unix://*) printf '%s\n' "${DOCKER_HOST#unix://}" ;;
    *) die "DOCKER_HOST=$DOCKER_HOST is not a unix socket, which this script cannot use; unset it or set unix:///path" ;;
  esac
}

docker_daemon() { echo dockerd; }

# The word of its command line by which it is known.
docker_mark() { printf '%s\n' "$PID_FILE"; }

docker_may_start() {
  [ "$SOCKET" = $DOCKER_SOCKET ] ||
    die "nobody answers on DOCKER_HOST=$DOCKER_HOST: unset it to have Docker started on $DOCKER_SOCKET"
}

docker_stopped() { :; }

docker_install() {
  local missing=()
  command -v dockerd >/dev/null || missing+=(docker.io)
  if command -v dpkg-query >/dev/null; then
    installed busybox-static || missing+=(busybox-static)
    installed tini || missing+=(tini)
  fi
  [ ${#missing[@]} = 0 ] || install_packages "$STATE/apt.log" "${missing[@]}"
}

docker_launch() {
  local options=(--host "unix://$SOCKET" --pidfile "$PID_FILE" --shutdown-timeout 5)
  if another_dockerd_runs; then
    make_own_bridge
    options+=(--bridge "$OWN_BRIDGE" --iptables=false --ip-masq=false)
    say "another dockerd runs here: ours gets its own bridge, from which containers reach this machine only"
  elif ! iptables --table nat --list --numeric >/dev/null 2>&1; then
    options+=(--iptables=false --ip-masq=false)
    say "iptables does not work here: containers will reach this machine only"
  fi
  # dockerd takes the mere presence of this socket for a running containerd and then waits for it in vain.
  local containerd=/run/containerd/containerd.sock
  if [ -S $containerd ] && ! grep -qF $containerd /proc/net/unix; then
    rm -f $containerd
  fi
  launch_daemon dockerd "${options[@]}"
}

another_dockerd_runs() {
  local comm
  for comm in /proc/[0-9]*/comm; do
    [ "$(cat "$comm" 2>/dev/null || true)" != dockerd ] || return 0
  done
  return 1
}

# A second dockerd on docker0 would hand out the first one's addresses, and rewrite its firewall rules.
make_own_bridge() {
  command -v ip >/dev/null || install_packages "$STATE/apt.log" iproute2
  if ! ip link show dev $OWN_BRIDGE >/dev/null 2>&1; then
    ip link add name $OWN_BRIDGE type bridge
    ip address add 172.30.77.1/24 dev $OWN_BRIDGE
  fi
  ip link set $OWN_BRIDGE up
}

docker_admit_test_user() {
  local group
  group=$(stat --format %G "$SOCKET")
  case $group in root | UNKNOWN) return 0 ;; esac
  if [ "$(id -u)" = 0 ] && id "$TEST_USER" >/dev/null 2>&1; then
    usermod --append --groups "$group" "$TEST_USER"
  fi
}
