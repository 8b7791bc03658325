"""Argon2 is slow on purpose, which shows nothing in tests that are about something else."""

from apps.users.passwords import TwoAtATime


class QuickArgon2(TwoAtATime):
    time_cost = 1
    memory_cost = 8  # KiB, the least there is
