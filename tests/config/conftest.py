import os
import subprocess
import sys

import pytest

from tests.once import once_in_a_run
from tests.servers import ROOT, SUPERVISED, UNSET


def prepare(directory):
    """A cluster with the tables and the roles, as the program's first start leaves them behind."""
    directory.mkdir(mode=0o711)
    environment = os.environ | UNSET | {"DATA_DIR": str(directory)}
    command = [*SUPERVISED, sys.executable, "-m", "config.start.prepare"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@pytest.fixture
def served_before(tmp_path, tmp_path_factory):
    """A data directory that need not be made anew: that takes ten times as long as a copy."""
    prepared = once_in_a_run(tmp_path_factory, "prepared", prepare)
    for each in prepared.iterdir():
        subprocess.run(["cp", "-a", each, tmp_path], check=True)
    return tmp_path
