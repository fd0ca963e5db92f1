# Podman for an unprivileged user, with an API service of its own. Sourced by scripts/engines.

readonly ROOTLESS_USER=boincrootless
readonly ROOTLESS_HOME=/var/lib/$ROOTLESS_USER
# XDG_RUNTIME_DIR of the user; the socket in it is where Podman's own unit would put it.
readonly ROOTLESS_RUNTIME=$STATE/rootless
readonly ROOTLESS_SOCKET=$ROOTLESS_RUNTIME/podman/podman.sock
readonly SUBORDINATE_IDS=65536

podman_rootless_socket() { printf '%s\n' "$ROOTLESS_SOCKET"; }
podman_rootless_daemon() { echo podman-rootless; }
podman_rootless_mark() { printf 'unix://%s\n' "$ROOTLESS_SOCKET"; }
podman_rootless_may_start() { :; }

podman_rootless_install() {
  local missing=()
  podman_install
  if command -v dpkg-query >/dev/null; then
    installed uidmap || missing+=(uidmap)
    installed slirp4netns || missing+=(slirp4netns)
  fi
  [ ${#missing[@]} = 0 ] || install_packages "$STATE/apt.log" "${missing[@]}"
}

podman_rootless_launch() {
  write_podman_settings
  make_rootless_user
  open_devices
  # The first command of a user starts the process that keeps the namespace; the service then is one process, not two.
  as_rootless podman info >"$LOG" 2>&1 || give_up "does not work for user $ROOTLESS_USER"
  rm -f "$SOCKET"
  launch_daemon "${AS_ROOTLESS[@]}" podman --log-level warn system service --time=0 "unix://$SOCKET"
}

make_rootless_user() {
  id $ROOTLESS_USER >/dev/null 2>&1 ||
    useradd --user-group --create-home --home-dir $ROOTLESS_HOME --shell /usr/sbin/nologin $ROOTLESS_USER
  give_subordinate_ids /etc/subuid --add-subuids
  give_subordinate_ids /etc/subgid --add-subgids
  install -d -m 755 "$STATE"
  install -d -m 700 -o $ROOTLESS_USER -g $ROOTLESS_USER "$ROOTLESS_RUNTIME" "${ROOTLESS_SOCKET%/*}"
  AS_ROOTLESS=(setpriv --reuid=$ROOTLESS_USER --regid=$ROOTLESS_USER --init-groups
    env -i "HOME=$(getent passwd $ROOTLESS_USER | cut -d: -f6)" "XDG_RUNTIME_DIR=$ROOTLESS_RUNTIME"
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
  # Podman may not look into the caller's directory.
  cd /
  # Podman chooses vfs where it is not told: a copy of the whole image for each container.
  as_rootless sh -c 'mkdir -p ~/.config/containers && printf "[storage]\ndriver = \"overlay\"\n" >~/.config/containers/storage.conf'
}

as_rootless() { "${AS_ROOTLESS[@]}" "$@"; }

# give_subordinate_ids FILE OPTION: useradd has done it where the system is set up so.
give_subordinate_ids() {
  local next
  if ! grep -q "^$ROOTLESS_USER:" "$1" 2>/dev/null; then
    next=$(awk -F: -v least=100000 '$2 + $3 > least { least = $2 + $3 } END { print least }' "$1" 2>/dev/null) || next=100000
    usermod "$2" "$next-$((next + SUBORDINATE_IDS - 1))" $ROOTLESS_USER
  fi
}

# A machine without udev has them for root only.
open_devices() {
  local device
  for device in /dev/net/tun /dev/fuse; do
    [ ! -c $device ] || chmod 666 $device
  done
}

# The user owns the socket and is the one that the tests run as.
podman_rootless_admit_test_user() { :; }

# The process that keeps the user's namespace.
podman_rootless_stopped() {
  make_rootless_user
  as_rootless podman system migrate >/dev/null 2>&1 || say "Podman's pause process of user $ROOTLESS_USER may be left"
}
