"""How days, times and money are written in German."""

DATE_FORMAT = "j. F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j. F Y, H:i"
MONTH_DAY_FORMAT = "j. F"
# Our own, with the same names in each language:
WEEKDAY_DATE_FORMAT = "l, j. F Y"
WEEKDAY_MONTH_DAY_FORMAT = "l, j. F"
MONTH_DAY_TIME_FORMAT = "j. F, H:i"
WEEKDAY_TIME_FORMAT = "l, H:i"
SHORT_MONTH_DAY_FORMAT = "j. M"
SHORT_MONTH_DATE_FORMAT = "j. M Y"
CURRENCY_IS_FIRST = False
DAY_IN_WORDS = "%s %s. %s %s"  # weekday, day, month, year
