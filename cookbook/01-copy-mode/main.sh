#!/bin/sh
# Reads whole numbers from the file in, one a line; writes how many Collatz steps each takes to the file out.
set -eu

collatz() {
  n=$1 steps=0
  while [ "$n" -gt 1 ]; do
    if [ $((n % 2)) = 0 ]; then n=$((n / 2)); else n=$((3 * n + 1)); fi
    steps=$((steps + 1))
  done
  echo "$1 $steps"
}

total=$(grep -c . in)
step=0
while read -r number; do
  collatz "$number" >>out
  step=$((step + 1))
  echo "step $step of $total"
  sleep 0.4 # so that there is progress to see
done <in
