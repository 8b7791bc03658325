"""How long a link lasts, from the moment it is made. Its owner can end it earlier at any time."""

from datetime import timedelta

USUAL_DAYS = 14
LONGEST = timedelta(days=90)
