# Debian's packages for another architecture: unpacked, not installed. Sourced; the caller has `set -euo pipefail`, say
# and die.

# fetch_debian ARCHITECTURE INTO PACKAGE...: unpacks packages of Debian's stable release below INTO, once. This machine's
# apt fetches them from its own mirror, with a configuration of its own, and checks signatures and checksums.
fetch_debian() {
  local architecture=$1 into=$2 mirror state package
  shift 2
  [ ! -e "$into/complete" ] || return 0
  # shellcheck disable=SC2016 # apt's own variable
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null) || mirror=''
  [ -n "$mirror" ] || die "this machine's apt knows no mirror of Debian (apt-get update?): name a JDK with --jdk"
  say "fetching $* for $architecture from Debian"
  rm -rf "$into"
  state=$into/apt
  mkdir -p "$state"/{lists/partial,archives/partial,sources,packages}
  cat >"$state/sources/debian.sources" <<SOURCES
Types: deb
URIs: ${mirror%%$'\n'*}
Suites: stable
Components: main
Architectures: $architecture
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
  cat >"$state/apt.conf" <<CONFIGURATION
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$state/sources";
Dir::State::lists "$state/lists";
Dir::State::status "/dev/null";
Dir::Cache "$state";
APT::Architectures "$architecture";
APT::Sandbox::User "root";
CONFIGURATION
  if ! (cd "$state/packages" && export APT_CONFIG=$state/apt.conf && apt-get --quiet update &&
    apt-get --quiet download "${@/%/:$architecture}") >"$state/log" 2>&1; then
    tail -n 5 "$state/log" >&2
    die "Debian's packages can't be fetched; the last lines of $state/log are above"
  fi
  for package in "$state"/packages/*.deb; do
    dpkg-deb --extract "$package" "$into"
  done
  cp "$state/log" "$into/complete"
  rm -r "$state"
}
