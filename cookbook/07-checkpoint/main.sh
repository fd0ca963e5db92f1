# Adds up the whole numbers up to the one in the file in; saves its state when it hears SIGUSR1.
set -eu

save() {
  echo "$step $sum" >state.new
  mv state.new state # in one go: a checkpoint is whole, or it is the one before
  echo "saved step $step"
}

read -r limit <in
step=0
sum=0
if [ -e state ]; then
  read -r step sum <state
  echo "going on from step $step"
fi
trap save USR1

while [ "$step" -lt "$limit" ]; do
  sum=$((sum + step + 1)) step=$((step + 1)) # one command: a trap finds both as they belong together
  echo "step $step of $limit"
  sleep 0.2 # so that there is time to quit
done
echo "$sum" >out
