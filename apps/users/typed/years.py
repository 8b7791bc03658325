"""Which years a date of the diary may have: earlier or later ones are slips of the keyboard."""

from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 9000
FIRST_DAY = date(FIRST_YEAR, 1, 1).isoformat()
