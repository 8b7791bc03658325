"""End the first `make run` of a fresh clone at seeded moments: the next start always serves.

    python -m tests.config.start.interrupted [--moments 30] [--seed 11] [--seconds 120]

Each clone fetches its packages anew, so this takes minutes for each moment and is no part of
`make test`; tests/config/start/test_install.py and tests/config/recovery/test_migrating.py end it
at three and two moments without a network. ``--seconds``: how long a first start takes here.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.servers import ROOT, free_port, status_of

PATIENCE_SECONDS = 900


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--seconds", type=float, default=120)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    moments = [chance.uniform(0, asked.seconds) for _ in range(asked.moments)]
    served = sum(serves_after_an_end(moment) for moment in moments)
    print(f"{served} of {len(moments)} starts served after an end.")
    sys.exit(served != len(moments))


def serves_after_an_end(seconds: float) -> bool:
    with tempfile.TemporaryDirectory(prefix="did-it-work-clone-") as folder:
        place = Path(folder)
        place.chmod(0o711)
        clone, port = place / "clone", str(free_port())
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        first = start(clone, port)
        time.sleep(seconds)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        second = start(clone, port)
        is_well = answers(second, port)
        end(second)
    print(f"Ended after {seconds:.1f} s: {'serves' if is_well else 'DOES NOT SERVE'}", flush=True)
    return is_well


def start(clone: Path, port: str) -> subprocess.Popen[bytes]:
    unset = {"DATABASE_URL": "", "SECRET_KEY": "", "PORT": port}
    return subprocess.Popen(
        ["make", "run", f"PYTHON={sys.executable}", f"VENV={clone}/.venv"],
        cwd=clone,
        env=os.environ | unset | {"DATA_DIR": str(clone.parent / "data")},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def answers(process: subprocess.Popen[bytes], port: str) -> bool:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < give_up_at:
        if status_of(f"http://127.0.0.1:{port}/readyz") == 200:
            return True
        time.sleep(0.5)
    return False


def end(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    process.wait(60)


if __name__ == "__main__":
    main()
