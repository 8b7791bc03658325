"""Break it while people write, and count what was lost: `make faults`.

    python -m tests.faults [--kills 1000] [--seed 12] [--minutes 60] [--write docs/reliability.md]

Serves a scratch directory as `make run` does, lets eight people log in and write, and does to the
program what a machine does. Which, and to whom, is drawn from the seed; how long it takes is up to
the machine. Ends with status 1 where an answered entry is lost or there twice, where an answer was
neither "saved" nor "not now", or where it does not go on by itself. Where the master or the
supervisor is killed, the rig starts the program again, as an init system does.
"""

import argparse
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from config.postgres import supervisor
from tests.config.recovery.databases import ask, manage
from tests.faults.program import Program, small_disk
from tests.faults.writers import MAKE, Crowd

WRITERS, ACCOUNTS = 8, 60
WELL_AGAIN_SECONDS = 120
KILLS = {"one backend": 30, "postmaster": 25, "worker": 30, "master": 8, "supervisor": 7}  # %
SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "k" * 50}
SAVED = "SELECT client_id FROM diary_checkin"
BETWEEN = re.compile(r"(?<=<!-- faults -->\n).*(?=<!-- end of faults -->)", re.S)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--frozen", type=float, default=30, help="seconds")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    found = run(asked.kills, asked.seed, asked.minutes * 60, asked.frozen)
    print(found.table())
    if asked.write:
        asked.write.write_text(BETWEEN.sub(lambda _: found.table(), asked.write.read_text()))
    sys.exit(not found.is_well())


class Found:
    """Seconds until everybody was answered again, by fault; and what the diary held in the end."""

    def __init__(self, seed: int) -> None:
        self.seed, self.seconds = seed, defaultdict(list)
        self.did_not_go_on: Counter = Counter()
        self.answered = self.lost = self.twice = self.starts = 0
        self.odd: Counter = Counter()
        self.left_out: list[str] = []

    def note(self, fault: str, seconds: float | None) -> None:
        if seconds is None:
            self.did_not_go_on[fault] += 1
        else:
            self.seconds[fault].append(seconds)
        print(f"{fault}: {'did not go on' if seconds is None else f'{seconds:.1f} s'}", flush=True)

    def compare(self, answered: set, saved: list) -> None:
        self.answered = len(answered)
        self.lost = len(answered - set(saved))
        self.twice = len(saved) - len(set(saved))

    def is_well(self) -> bool:
        return not (self.lost or self.twice or self.odd or self.did_not_go_on)

    def table(self) -> str:
        lines = ["| what happened | times | well again, median | at most |", "|---|---|---|---|"]
        for fault, seconds in self.seconds.items():
            middle, most = statistics.median(seconds), max(seconds)
            lines.append(f"| {fault} | {len(seconds)} | {middle:.1f} s | {most:.1f} s |")
        lines += [
            f"| {fault}: did not go on | {n} | | |" for fault, n in self.did_not_go_on.items()
        ]
        ends = sum(len(self.seconds.get(whom, ())) for whom in ("master", "supervisor"))
        kills = sum(len(self.seconds[fault]) for fault in KILLS if fault in self.seconds)
        said = (
            f"Seed {self.seed}: {kills} kills while {WRITERS} people wrote. Answered: "
            f"{self.answered:,} entries; lost: {self.lost}; there twice: {self.twice}; answers that "
            f"were neither “saved” nor “not now”: {sum(self.odd.values())}. The master or the "
            f"supervisor was killed {ends} times, and the program was started {self.starts} times."
        )
        odd = [f"{status} {leads_to}: {n}" for (status, leads_to), n in self.odd.most_common(5)]
        return "\n".join([said, *odd, *self.left_out, "", *lines, ""])


def run(
    kills: int,
    seed: int,
    seconds: float,
    frozen: float | None = None,
    accounts: int = ACCOUNTS,
    begun: Path | None = None,
) -> Found:
    """``frozen`` is for how many seconds; without it nothing but kills.

    ``begun`` is a data directory in which the program has been started before; otherwise the first
    start is its first of all.
    """
    chance, found, over_at = random.Random(seed), Found(seed), time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="did-it-work-faults-") as folder:
        place = Path(folder)
        place.chmod(0o711)
        with small_disk(place, begun) as is_small, Program(place) as program:
            make_people(program, accounts)
            with Crowd(program.place, WRITERS, accounts) as crowd:
                found.note("the start", crowd.all_write_again(WELL_AGAIN_SECONDS, program.tend))
                for fault in drawn(chance, kills):
                    if time.monotonic() > over_at:
                        break
                    program.kill(fault, chance)
                    found.note(fault, crowd.all_write_again(WELL_AGAIN_SECONDS, program.tend))
                    if found.did_not_go_on:
                        print(program.last_words(), flush=True)
                        break
                    time.sleep(chance.uniform(0, 0.5))
                if frozen and not found.did_not_go_on:
                    for fault, happen in program.other_faults(frozen, is_small, found.left_out):
                        happen()
                        found.note(fault, crowd.all_write_again(WELL_AGAIN_SECONDS, program.tend))
            found.odd.update(crowd.refused)
            found.starts = program.starts
            found.compare(crowd.answered, ask(supervisor.database_url(program.data_dir), SAVED))
    return found


def drawn(chance: random.Random, kills: int) -> list[str]:
    return chance.choices(list(KILLS), list(KILLS.values()), k=kills)


def make_people(program: Program, accounts: int) -> None:
    url = supervisor.database_url(program.data_dir)
    done = manage(url, code=MAKE.format(count=WRITERS * accounts), **SETTINGS)
    if done.returncode:
        raise RuntimeError(done.stderr)


if __name__ == "__main__":
    main()
