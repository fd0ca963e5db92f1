# Talks to the engine in use and keeps its daemon. Sourced by scripts/engines, which sets ENGINE, SOCKET, PID_FILE, LOG.

readonly START_DEADLINE_SECONDS=60
readonly TEST_USER=boinctest

engine_curl() { curl --silent --show-error --unix-socket "$SOCKET" "$@"; }

answers() { [ -S "$SOCKET" ] && engine_curl --fail --max-time 5 --output /dev/null http://engine/_ping 2>/dev/null; }

# "Docker/20.10.24 (linux)": the ping's headers say it without a JSON parser.
engine_version() {
  engine_curl --max-time 5 --dump-header - --output /dev/null http://engine/_ping |
    tr -d '\r' | sed -n 's/^[Ss]erver: *//p'
}

# The daemon that this script started: a recycled pid, or somebody else's daemon, has another command line.
our_pid() {
  local pid
  pid=$(cat "$PID_FILE" 2>/dev/null || true)
  [ -n "$pid" ] && tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF "$(call mark)" && printf '%s\n' "$pid"
}

installed() { dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# launch_daemon COMMAND...: returns when it answers on $SOCKET.
launch_daemon() {
  rm -f "$PID_FILE"
  (
    # A caller's pipes must not stay open for as long as the daemon lives.
    for fd in /proc/self/fd/*; do
      fd=${fd##*/}
      [ "$fd" -le 2 ] || eval "exec $fd>&-"
    done
    # Podman's monitor processes leave a file where it was started when a container wants too much memory.
    cd "$STATE"
    exec setsid "$@" >"$LOG" 2>&1 </dev/null
  ) &
  local child=$! deadline=$((SECONDS + START_DEADLINE_SECONDS)) trouble=
  until answers; do
    if ! kill -0 $child 2>/dev/null; then
      trouble="ended before it answered"
    elif [ $SECONDS -ge $deadline ]; then
      kill $child
      trouble="did not answer on $SOCKET within $START_DEADLINE_SECONDS s"
    fi
    [ -z "$trouble" ] || give_up "$trouble"
    sleep 0.1
  done
  # dockerd has written its own.
  [ -e "$PID_FILE" ] || printf '%s\n' $child >"$PID_FILE"
}

# give_up WHAT: the log's last lines that are no chatter, and what they usually mean.
give_up() {
  local lines
  lines=$(grep -v level=info "$LOG" | tail -n 6) || lines="(nothing but chatter in the log)"
  printf '%s\n' "$lines" >&2
  die "$(call daemon) $1; likely cause: $(cause "$(printf '%s\n' "$lines" | tail -n 1)"); the last lines of $LOG are above"
}

cause() {
  case $1 in
    *[Ii]ptables*) echo "no iptables support in this kernel or container" ;;
    *cgroup*) echo "the cgroup file systems are not mounted (package cgroupfs-mount mounts them)" ;;
    *[Oo]verlay* | *"storage driver"* | *graphdriver*)
      echo "the file system of the engine's storage below /var/lib carries no overlay (inside a container it must be a volume)"
      ;;
    *"ermission denied"* | *"ot permitted"*) echo "this root lacks capabilities (an unprivileged container?)" ;;
    *"ead-only file system"*) echo "/var/lib or /run cannot be written" ;;
    *"o space left"*) echo "the disk is full" ;;
    *"pid file found"* | *"already in use"* | *"already running"*) echo "another daemon uses the same files" ;;
    *) echo "see the log" ;;
  esac
}

# A user as the BOINC client's: may open the sockets, is not root, must be able to delete all that is in a slot.
make_test_user() {
  if [ "$(id -u)" != 0 ] || ! command -v useradd >/dev/null || id "$TEST_USER" >/dev/null 2>&1; then
    return 0
  fi
  useradd --user-group --no-create-home --shell /usr/sbin/nologin "$TEST_USER"
}
