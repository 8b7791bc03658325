"""Ask for known holes in the locked packages: `make audit`.

    python -m config.audit

PyPI is asked about the Python packages, npm's registry about the others. A mirror often has no
advisories, and then pip-audit finds nothing and is content: so each package that was not looked up
is counted, and said. Ends with status 1 for a known hole, and with 0 where there is none or nobody
could be asked; the lines that it prints say which.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = "requirements-dev.txt"  # has all that requirements.txt has, in the same versions
PATIENCE_SECONDS = 600  # pip-audit asks about one package after the other
PIP_AUDIT = (
    *(sys.executable, "-m", "pip_audit", "--requirement", REQUIREMENTS),
    *("--disable-pip", "--require-hashes", "--format=json", "--progress-spinner=off"),
)
NPM_AUDIT = ("audit", "--json", "--package-lock-only", "--fetch-retries=0")


@dataclass(slots=True)
class Answer:
    """What a source of advisories knew: of ``asked`` of ``locked`` packages, and their holes."""

    locked: int
    asked: int = 0
    holes: list[str] = field(default_factory=list)


def main() -> int:
    answers = {"Python": python_answer(_output(*PIP_AUDIT)), "npm": npm_answer(_npm_output())}
    for source, answer in answers.items():
        print("\n".join(lines(source, answer)))
    return 1 if any(answer.holes for answer in answers.values()) else 0


def python_answer(printed: str) -> Answer:
    """From pip-audit's JSON; whatever else it printed is no answer."""
    packages = _object(printed).get("dependencies", [])
    looked_up = [each for each in packages if "skip_reason" not in each]
    holes = [
        f"{each['name']} {each['version']}: {hole['id']}, cured in "
        f"{', '.join(hole['fix_versions']) or 'no version yet'}"
        for each in looked_up
        for hole in each["vulns"]
    ]
    # A package may be locked in several versions, for several Pythons.
    locked = re.findall(r"^([\w.-]+).*==", (ROOT / REQUIREMENTS).read_text(), re.MULTILINE)
    return Answer(len(set(locked)), len(looked_up), holes)


def npm_answer(printed: str) -> Answer:
    """From npm's JSON, which has the key ``vulnerabilities`` only where somebody answered."""
    report = _object(printed)
    lock = json.loads((ROOT / "package-lock.json").read_text())
    locked = len([path for path in lock["packages"] if path])
    if "vulnerabilities" not in report:
        return Answer(locked)
    found = report["vulnerabilities"].values()
    return Answer(locked, locked, [f"{each['name']}: {each['severity']}" for each in found])


def lines(source: str, answer: Answer) -> list[str]:
    """What to print of it, the sum last."""
    if not answer.asked:
        return [
            f"{source}: NOT audited. No source of advisories could be asked from here about the "
            f"{answer.locked} locked packages."
        ]
    total = f"{source}: {answer.asked} of {answer.locked} locked packages were looked up"
    holes = [f"{source}: {hole}" for hole in answer.holes]
    return [*holes, f"{total}; known holes: {len(holes)}."]


def _npm_output() -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    npm = shutil.which("npm", path=path)
    return _output(npm, *NPM_AUDIT, PATH=path) if npm else ""


def _output(*command: str, **environment: str) -> str:
    """What the command prints, whatever its exit status; nothing where it takes too long."""
    try:
        return subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=PATIENCE_SECONDS,
        ).stdout
    except subprocess.TimeoutExpired:
        return ""


def _object(printed: str) -> dict[str, Any]:
    try:
        found = json.loads(printed)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


if __name__ == "__main__":
    sys.exit(main())
