"""How often the coin asks to wait first: by counts alone (docs/method.md, "The coin"). No Django.

It asks often while that is worth most. ``asked_pairs`` are the waits of a condition that the app
asked for and that make a pair.
"""

NEVER = 0
STAGES = ((12, 2), (24, 3))  # until so many such waits are in, one in so many
LAST = 5

# With one session a day, a true effect of 1.5 points and every wait asked for taken: how many
# days until half the invented diaries have their first "probably" (docs/method.md, section 3).
DAYS_ADAPTIVE, DAYS_ONE_IN_FIVE = 72, 135


def one_in(asked_pairs: int, chosen: int | None = None) -> int:
    """One in how many the next toss asks: 2, then 3, then 5; 0 is never.

    Whoever has ``chosen`` a number, "never more often than one in k", gets that throughout.
    """
    if chosen is not None:
        return chosen
    return next((each for until, each in STAGES if asked_pairs < until), LAST)


def next_stage(asked_pairs: int) -> int | None:
    """With how many such waits it asks less; None where it asks as seldom as it ever will."""
    return next((until for until, _one_in in STAGES if asked_pairs < until), None)
