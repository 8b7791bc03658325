"""A self-test of the demo: what it asks about, and the letters that its seed sealed."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoTest:
    """Of a treatment against waiting, agreed to on a day of the half year, counted from 0."""

    treatment: str
    from_day: int
    seed: uuid.UUID
    order: str
    is_running: bool

    @property
    def moments(self) -> int:
        return len(self.order)
