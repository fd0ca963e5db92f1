"""Solves A x = b: the file in has A, a row each line, then b, a number each line."""

import os
import sys

import numpy as np

rows = [np.array(line.split(), dtype=float) for line in open("in")]
size = rows[0].size
a, b = np.vstack(rows[:size]), np.concatenate(rows[size:])
print(f"numpy {np.__version__}, {os.environ['OMP_NUM_THREADS']} threads")
sys.stdout.flush()
np.savetxt("out", np.linalg.solve(a, b), fmt="%.4f")
with open("fraction_done", "w") as progress:
    progress.write("1")
