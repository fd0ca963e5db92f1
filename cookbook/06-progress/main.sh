# Finds the primes below the number in the file in, in five steps; tells its progress in three ways.
set -eu

read -r limit <in
: >out

primes() {
  awk -v from="$1" -v to="$2" 'BEGIN {
    for (n = from; n < to; n++) {
      prime = n > 1
      for (d = 2; d * d <= n && prime; d++) if (n % d == 0) prime = 0
      if (prime) print n
    }
  }' >>out
}

step=0
while [ "$step" -lt 5 ]; do
  primes $((limit * step / 5)) $((limit * (step + 1) / 5))
  step=$((step + 1))
  case $step in
    1 | 2) echo "step $step of 5" ;;
    3) echo "60.0% done" ;;
    *) awk "BEGIN { print $step / 5 }" >fraction_done ;;
  esac
  sleep 0.4 # so that there is progress to see
done
