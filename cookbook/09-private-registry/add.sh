# Adds up the whole numbers of standard input.
sum=0
while read -r number; do sum=$((sum + number)); done
echo "$sum"
