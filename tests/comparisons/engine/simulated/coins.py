"""The coins of the simulated app: by counts alone as the diary has it, and two fixed ones."""

from apps.diary.waiting.how_often_it_asks import one_in

FIVE, ADAPTIVE, TWO = 5, None, 2
COINS = {"one in 5": FIVE, "adaptive": ADAPTIVE, "one in 2": TWO}

__all__ = ["ADAPTIVE", "COINS", "FIVE", "TWO", "one_in"]
