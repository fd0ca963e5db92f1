#!/bin/sh
# docker_wrapper for @PLATFORM@. What follows this text is a compressed image of the program, which is unpacked
# once per version, beside this file or where this user may write. For BOINC's server tools: API_VERSION_@API_VERSION@
#
# The stub of systems for which there is no compiler here. Its rules are those of the stub in C; no lock tells which
# jobs run from a copy, so that is asked of ps before an old version is removed.
set -u
PATH=/usr/bin:/bin:/usr/sbin:/sbin:${PATH:-}
umask 022

id=@ID@ sum=@SHA256@ offset=@OFFSET@ length=@LENGTH@
self=$0 name=docker_wrapper class=DockerWrapper
case ${0##*/} in
  boinc-docker*) name=boinc-docker class=BoincDocker ;;
esac

say() { printf '%s: %s\n' "$name" "$*" >&2; }

# A java that a client starts must not obey what stands in its environment, nor load a library from the slot.
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS CLASSPATH JDK_AOT_VM_OPTIONS _JAVA_LAUNCHER_DEBUG
unset LD_LIBRARY_PATH DYLD_LIBRARY_PATH DYLD_INSERT_LIBRARIES
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]*8*) ;;
  *) LC_ALL=@UTF8_LOCALE@ && export LC_ALL ;;
esac

# find_self: the file itself, with an absolute path, so that the copy stands beside it.
find_self() {
  case $self in
    */*) ;;
    *) self=$(command -v -- "$self") || self=./$0 ;;
  esac
  while [ -L "$self" ]; do
    link=$(readlink "$self")
    case $link in
      /*) self=$link ;;
      *) self=${self%/*}/$link ;;
    esac
  done
  directory=$(CDPATH='' cd -- "${self%/*}/" && pwd) || return 1
  self=$directory/${self##*/}
  [ -r "$self" ]
}

# listing DIRECTORY: names, kinds, rights, owners, sizes and times of all that is in it.
listing() { (cd "$1" 2>/dev/null && TZ=UTC LC_ALL=C ls -lnAR . | sed '/^total /d'); }

# owner PATH
owner() {
  set -- "$(LC_ALL=C ls -dn "$1" 2>/dev/null)"
  # shellcheck disable=SC2086 # its words are wanted
  set -- $1
  printf '%s\n' "${3:-none}"
}

# is_trusted PATH: nobody else may have written there.
is_trusted() {
  case $(LC_ALL=C ls -dn "$1" 2>/dev/null) in
    d????w????* | d???????w?*) why="$1 can be written by other users, so nothing is run from there" && return 1 ;;
  esac
  case $(owner "$1") in
    0 | "$(id -u)" | "$(owner "$self")") ;;
    *) why="$1 belongs to another user, so nothing is run from there" && return 1 ;;
  esac
}

# The directory around it may be its group's: the client's sandbox needs that.
is_trusted_around() {
  case $(LC_ALL=C ls -dn "$1" 2>/dev/null) in
    d???????w[!tT]*) why="$1 can be written by other users, so nothing is run from there" && return 1 ;;
  esac
  case $(owner "$1") in
    0 | "$(id -u)" | "$(owner "$self")") ;;
    *) why="$1 belongs to another user, so nothing is run from there" && return 1 ;;
  esac
}

is_complete() { [ -s "$home.list" ] && [ -x "$home/bin/java" ] && [ "$(listing "$home")" = "$(cat "$home.list")" ]; }

checksum() {
  if command -v shasum >/dev/null; then
    shasum -a 256
  else
    sha256sum
  fi
}

payload() { tail -c "+$((offset + 1))" "$self"; }

# The only one that unpacks: a directory is made by one process, and a dead one's is taken over.
lock() {
  tries=0
  until mkdir "$home.lock" 2>/dev/null; do
    [ $tries -lt 120 ] && [ -w "$place" ] || return 1
    tries=$((tries + 1))
    pid=$(cat "$home.lock/pid" 2>/dev/null) || pid=
    if { [ -n "$pid" ] || [ $tries -gt 10 ]; } && ! kill -0 "$pid" 2>/dev/null; then
      # By a name of its own: of several that see the dead one, one moves it away.
      mv "$home.lock" "$home.tmp.lock.$$" 2>/dev/null
      rm -rf "$home.tmp.lock.$$"
    else
      sleep 1
    fi
  done
  printf '%s\n' $$ >"$home.lock/pid"
}

unpack() {
  rm -rf "$home".tmp.[0-9]*
  new=$home.tmp.$$
  if mkdir "$new" 2>/dev/null && payload | gzip -dc | (cd "$new" && tar -xof -) 2>/dev/null; then
    sync
    rm -rf "$home"
    if listing "$new" >"$new.list" && mv "$new" "$home" && mv "$new.list" "$home.list"; then
      return 0
    fi
  fi
  rm -rf "$new" "$new.list"
  return 1
}

# Whether the image's java starts here; a file for another architecture does not.
starts_here() { "$home/bin/java" -version >/dev/null 2>&1; }

is_running() {
  case $(ps -Ao args 2>/dev/null) in
    *"$1/bin/java"*) return 0 ;;
  esac
  return 1
}

remove_old() {
  for old in "$place"/dw_rt_*.list; do
    version=${old%.list}
    if [ "$version" != "$home" ] && [ -n "$(find "$version.used" -mtime +30 2>/dev/null)" ] && ! is_running "$version"; then
      rm -rf "$old" "$version" "$version.used"
    fi
  done
}

# use PLACE: whether a whole copy is there, or could be made.
use() {
  place=$1 home=$1/dw_rt_$id
  [ -d "$place" ] || { why="there is no directory $place" && return 1; }
  is_trusted_around "$place" || return 1
  if [ -e "$home" ]; then
    is_trusted "$home" || return 1
    is_complete && return 0
  fi
  [ -w "$place" ] || { why="$place can't be written" && return 1; }
  lock || { why="$place: another process has been unpacking for 120 s" && return 1; }
  made=yes
  if ! is_complete; then
    if [ "$(payload | checksum | cut -c 1-64)" != "$sum" ]; then
      rm -rf "$home.lock"
      say "$self: this program file is damaged (its content is not the one it was made with); download it again"
      exit 127
    fi
    if unpack && is_complete && ! starts_here; then
      rm -rf "$home" "$home.list" "$home.lock"
      say "$self is for @PLATFORM@ and can't run on this machine ($(uname -s) $(uname -m)); take the file for its platform"
      exit 127
    elif is_complete; then
      remove_old
    else
      rm -rf "$home" "$home.list"
      made=no why="$place: unpacking failed (is the disk full, or mounted noexec?)"
    fi
  fi
  rm -rf "$home.lock"
  [ $made = yes ]
}

# try PLACE ARGUMENT...
try() {
  place=$1
  shift
  use "$place" || { reasons=${reasons:+$reasons; }$why && return; }
  ( : >"$home.used" ) 2>/dev/null
  exec "$home/bin/java" -m "docker.wrapper/org.boinc.dockerwrapper.cli.$class" "$@"
}

find_self || { say "this program can't find its own file ($0)" && exit 127; }
size=$(wc -c <"$self")
if [ "$((size))" != $((offset + length)) ]; then
  say "$self has $((size)) bytes instead of $((offset + length)): it is not complete; download it again"
  exit 127
fi
reasons=''
case ${BOINC_DOCKER_CACHE:-} in
  '') ;;
  /*) try "$BOINC_DOCKER_CACHE" "$@" ;;
  *) say "BOINC_DOCKER_CACHE=$BOINC_DOCKER_CACHE is not an absolute path and is not used" ;;
esac
try "$directory" "$@"
case ${HOME:-} in
  /?*)
    mkdir -p "@USER_CACHE@/boinc-docker" 2>/dev/null
    try "@USER_CACHE@/boinc-docker" "$@"
    ;;
esac
[ ! -e init_data.xml ] || try "$(pwd)" "$@"
say "no place to unpack the program into: $reasons"
[ -e init_data.xml ] || exit 127
# An error of this host is no error of the job: it is to try again.
printf '300\nno place to unpack the program into: %s\n' "$reasons" >boinc_temporary_exit
exit 0
# The rest is no text.
