# The environment: what all jobs of this app share. A real one is an interpreter with its packages.
total() { awk '{ sum += $1 } END { print sum }'; }
