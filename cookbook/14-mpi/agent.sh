#!/bin/sh
# What mpirun calls in place of ssh, as "agent.sh node1 COMMAND": the slot is the same for all nodes, so a file will do.
node=$1
shift
printf '%s\n' "$*" >"launch.$node.new"
mv "launch.$node.new" "launch.$node"
