#!/bin/sh
# Stands in for java where a stub is tried: says what it was started with.
[ "$1" != -version ] || exit 0
shift
printf '%s\n' "$1"
shift
case ${1:-} in
  status) exit "$2" ;;
  sleep) printf '%s\n' $$ >"$2" && exec sleep 600 ;;
esac
for argument; do
  printf '[%s]\n' "$argument"
done
printf 'options: %s\n' "${JAVA_TOOL_OPTIONS-none}"
