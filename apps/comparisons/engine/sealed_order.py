"""The order a seed seals for a self-test, and how rare its result is among all such orders.

Permuted blocks of four, two of each letter: an order is one of 6^blocks, each as likely. So the
exact test needs no assumption about pain at all: it counts (Fisher 1935; Edgington 1980).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence

import numpy as np

from apps.comparisons.engine.rows import Floats

TREATED, WAITED = "T", "W"
BLOCKS = ("TTWW", "TWTW", "TWWT", "WTTW", "WTWT", "WWTT")
BLOCK = 4
MOST_BLOCKS = 16  # half of them make 6^8 sums, which still fit into a moment and 14 MB
TIE = 1e-9
IS_TREATED = np.array([[letter == TREATED for letter in block] for block in BLOCKS], dtype=float)


def letters(seed: uuid.UUID, moments: int) -> str:
    """The first `moments` letters of the order that a seed seals, "T" or "W" each.

    Which of the six arrangements a block is comes from SHA-256 of seed, "self-test", the block's
    number and a counter that goes on until the number drawn lies below the largest multiple of
    six, so that no arrangement is likelier than another.
    """
    blocks = -(-moments // BLOCK)
    return "".join(_block(seed, number) for number in range(blocks))[:moments]


def _block(seed: uuid.UUID, number: int) -> str:
    fair = 2**64 - 2**64 % len(BLOCKS)
    return BLOCKS[next(drawn for drawn in _draws(seed, number) if drawn < fair) % len(BLOCKS)]


def _draws(seed: uuid.UUID, block: int) -> Iterator[int]:
    for attempt in range(2**32):
        text = seed.bytes + b"self-test" + block.to_bytes(8, "big") + attempt.to_bytes(4, "big")
        yield int.from_bytes(hashlib.sha256(text).digest()[:8], "big")


def whole_blocks(drawn: str) -> list[str]:
    """The order's whole blocks; an unfinished last one is left out.

    ValueError where a block is none of the six arrangements, or where there are more than 16.
    """
    blocks = [drawn[at : at + BLOCK] for at in range(0, len(drawn) - BLOCK + 1, BLOCK)]
    if len(blocks) > MOST_BLOCKS or not set(blocks) <= set(BLOCKS):
        raise ValueError("no order of a self-test")
    return blocks


def as_extreme(drawn: str, residuals: Sequence[float]) -> tuple[float, int, int]:
    """S = the sum of the residuals of T; how many orders part as widely; how many there are.

    Over the whole blocks alone. Two-sided: an order counts whose S lies at least as far from the
    mean of all orders' S as the drawn one's, ties within 1e-9 counted. Without a whole block
    there is one order, the empty one.
    """
    blocks = whole_blocks(drawn)
    left = np.reshape(residuals[: len(blocks) * BLOCK], (len(blocks), BLOCK)).astype(float)
    sums = left @ IS_TREATED.T
    statistic = sum(float(sums[k, BLOCKS.index(block)]) for k, block in enumerate(blocks))
    limit = abs(statistic - float(left.sum()) / 2) - TIE
    return statistic, _beyond(sums - left.sum(axis=1, keepdims=True) / 2, limit), 6 ** len(blocks)


def _beyond(sums: Floats, limit: float) -> int:
    """How many choices of one entry a row have a total of at least `limit` in size.

    Meeting in the middle: all totals of the first half of the rows are looked up among the sorted
    ones of the second, so that 6^12 orders take two lists of 6^6. Each block has its opposite, so
    that as many totals lie as far above the mean as below it.
    """
    total: int = len(BLOCKS) ** len(sums)
    if limit <= 0:
        return total
    half = len(sums) // 2
    one, other = _totals(sums[:half]), _totals(sums[half:])
    return 2 * (total - int(np.searchsorted(other, limit - one, "left").sum()))


def _totals(sums: Floats) -> Floats:
    """In order: for each row six runs that are, which a stable sort only merges."""
    totals = np.zeros(1)
    for row in np.sort(sums):
        totals = np.sort(np.add.outer(row, totals).ravel(), kind="stable")
    return totals
