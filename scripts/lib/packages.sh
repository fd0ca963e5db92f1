# Installs Debian packages without questions. Sourced; the caller has `set -euo pipefail`.

# install_packages LOG PACKAGE...: exits with a sentence where that is not possible.
install_packages() {
  local log=$1 policy=/usr/sbin/policy-rc.d own_policy='' rc=0
  shift
  command -v apt-get >/dev/null ||
    die "cannot install $* here (no apt-get): install what provides it with this system's packages"
  [ "$(id -u)" = 0 ] || die "installing $* needs root: run once with sudo, or install it yourself"
  say "installing $*"
  if [ ! -e $policy ]; then
    # A package must not start its service: whoever needs the service starts it with options of his own.
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    own_policy=$policy
  fi
  apt_install "$@" >"$log" 2>&1 || rc=$?
  if [ $rc != 0 ]; then
    # No package lists yet, or older ones than the mirror. A third party's broken list is no reason to give up.
    apt-get --quiet -o Acquire::http::Timeout=20 -o Acquire::Retries=1 update >>"$log" 2>&1 || true
    rc=0
    apt_install "$@" >>"$log" 2>&1 || rc=$?
  fi
  [ -z "$own_policy" ] || rm -f "$own_policy"
  if [ $rc != 0 ]; then
    tail -n 15 "$log" >&2
    die "apt-get install $* failed with status $rc; the last lines of $log are above"
  fi
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes -o DPkg::Lock::Timeout=60 \
    install --no-install-recommends "$@" </dev/null
}
