#!/bin/sh
# Waits for what mpirun wants done on this node, and does it.
until [ -e "launch.$(hostname)" ]; do sleep 0.1; done
exec sh "launch.$(hostname)"
