"""Imported first, before any package that reads what is set here only once."""

import os

# Each process works its sums out in one thread (OpenBLAS, MKL and OpenMP; Accelerate): workers are
# as many as the cores, and their threads would fight over these.
for name in ("OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(name, "1")
