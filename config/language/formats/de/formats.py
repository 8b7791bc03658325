"""How days, times and money are written in German.

A day keeps its month beside it: “9.” alone at the end of a line reads as its full stop.
"""

DATE_FORMAT = "j.\N{NO-BREAK SPACE}F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j.\N{NO-BREAK SPACE}F Y, H:i"
MONTH_DAY_FORMAT = "j.\N{NO-BREAK SPACE}F"
# Our own, with the same names in each language:
WEEKDAY_DATE_FORMAT = "l, j.\N{NO-BREAK SPACE}F Y"
WEEKDAY_MONTH_DAY_FORMAT = "l, j.\N{NO-BREAK SPACE}F"
MONTH_DAY_TIME_FORMAT = "j.\N{NO-BREAK SPACE}F, H:i"
WEEKDAY_TIME_FORMAT = "l, H:i"
SHORT_MONTH_DAY_FORMAT = "j.\N{NO-BREAK SPACE}M"
SHORT_MONTH_DATE_FORMAT = "j.\N{NO-BREAK SPACE}M Y"
CURRENCY_IS_FIRST = False
DAY_IN_WORDS = "%s %s.\N{NO-BREAK SPACE}%s %s"  # weekday, day, month, year
