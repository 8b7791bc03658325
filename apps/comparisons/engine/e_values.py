"""Evidence that may be looked at after every block of a self-test, as e-values.

An e-value is what one coin staked on "it makes a difference" has grown to; where it makes none
it exceeds 20 in at most one test of 20, however often one looks (Ville 1939; Ramdas et al.,
Statist Sci 2023;38:576). It bets on block k with nothing but the blocks before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from apps.comparisons.engine.rows import Floats
from apps.comparisons.engine.sealed_order import BLOCK, BLOCKS, IS_TREATED, whole_blocks

Rating = tuple[float, float | None]  # before, after; NRS points

DELTAS = np.array([0.5, 1.0, 1.5, 2.0, 3.0])  # NRS points that T may take off
WEIGHTS = np.array([0.2, 0.3, 0.25, 0.15, 0.1])
MIDDLE = 5.0  # of the scale; both ratings are taken from it


@dataclass(slots=True)
class _Expected:
    """What an after-rating would be of its before-rating, learned block by block (ridge).

    Before any block: an after-rating 0.6 of the way from 5 to the before-rating, with a standard
    deviation of 1.4 points that counts like four ratings.
    """

    ridge: Floats = field(default_factory=lambda: np.diag([0.25, 4.0]))
    pull: Floats = field(default_factory=lambda: np.diag([0.25, 4.0]) @ [0.0, 0.6])
    squares: float = 7.84
    counted: int = 4

    @property
    def variance(self) -> float:
        return self.squares / self.counted

    def residuals(self, block: Sequence[Rating]) -> Floats:
        """What each after-rating of a block has over the expected one, 0 where unrated."""
        level, slope = np.linalg.solve(self.ridge, self.pull)
        return np.array(
            [0.0 if y is None else y - MIDDLE - level - slope * (x - MIDDLE) for x, y in block]
        )

    def learn(self, block: Sequence[Rating], residuals: Floats) -> None:
        rated = [(x - MIDDLE, y - MIDDLE) for x, y in block if y is not None]
        columns = np.array([(1.0, x) for x, _ in rated]).reshape(-1, 2)
        self.ridge = self.ridge + columns.T @ columns
        self.pull = self.pull + columns.T @ np.array([y for _, y in rated])
        self.squares += float(residuals @ residuals)
        self.counted += len(rated)


def e_values(drawn: str, ratings: Sequence[Rating]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """After each whole block: the evidence for less, and for more, pain after T than after W.

    A mixture over five sizes of the difference. Each block multiplies it by how much likelier the
    drawn arrangement is than the mean of the six, so by 6 at most.
    """
    expected = _Expected()
    lower, higher = np.ones(len(DELTAS)), np.ones(len(DELTAS))
    found = []
    for number, block in enumerate(whole_blocks(drawn)):
        rows = ratings[number * BLOCK : (number + 1) * BLOCK]
        residuals = expected.residuals(rows)
        lower *= _factors(block, -residuals / expected.variance)
        higher *= _factors(block, residuals / expected.variance)
        expected.learn(rows, residuals)
        found.append((float(WEIGHTS @ lower), float(WEIGHTS @ higher)))
    return tuple(one for one, _ in found), tuple(other for _, other in found)


def _factors(block: str, pulls: Floats) -> Floats:
    """Per size of the difference: the drawn arrangement's likelihood over the mean of all six.

    Worked out from the largest, because the exponents can be too large for a number.
    """
    exponents = np.outer(DELTAS, IS_TREATED @ pulls)
    relative = np.exp(exponents - exponents.max(axis=1, keepdims=True))
    factors: Floats = relative[:, BLOCKS.index(block)] / relative.mean(axis=1)
    return factors
