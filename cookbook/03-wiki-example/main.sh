#!/bin/sh
# Prints the path of the project file that a soft link in the slot stands for.
resolve() {
  sed -e 's|<soft_link>\.\./\.\./projects/[^/]*/|/app/project/|' -e 's|</soft_link>||' "/app/slot/$1"
}

./worker params "$(resolve in)" "$(resolve out)" >log
