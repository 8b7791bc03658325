"""How often the simulated app asks to wait first: one in so many, as counts alone have it."""

FIVE, ADAPTIVE, TWO = 5, None, 2
COINS = {"one in 5": FIVE, "adaptive": ADAPTIVE, "one in 2": TWO}
STAGES = ((12, 2), (24, 3))  # until so many asked waits are pairs, one in so many
LAST = 5


def one_in(asked_pairs: int, chosen: int | None) -> int:
    """2, 3 and then 5 as `asked_pairs` grow; whoever has `chosen` a number gets that."""
    if chosen is not None:
        return chosen
    return next((stage for until, stage in STAGES if asked_pairs < until), LAST)
