"""The linear algebra asks the environment how many threads it may have when it is imported."""

import os
import subprocess
import sys

import pytest

from tests.servers import ROOT

THREADS = (
    "import numpy, os; print(len(os.listdir('/proc/self/task')), os.environ['OMP_NUM_THREADS'])"
)


@pytest.mark.parametrize("begun_as", ["config.start.serve", "config.start.regular_work", "manage"])
def test_process_works_out_its_sums_in_one_thread(begun_as):
    unset = {"OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    answer = subprocess.run(
        [sys.executable, "-c", f"import {begun_as}; {THREADS}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == ["1", "1"]
