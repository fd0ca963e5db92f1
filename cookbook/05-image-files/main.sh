# Adds up the whole numbers of the file in, one a line; writes the running sum to the file out.
# Nothing here knows of BOINC: in and out are ordinary files.
set -eu

total=$(grep -c . in)
step=0
sum=0
: >out
while read -r number; do
  sum=$((sum + number))
  echo "$sum" >>out
  step=$((step + 1))
  awk "BEGIN { print $step / $total }" >fraction_done
  sleep 0.4 # so that there is progress to see
done <in
