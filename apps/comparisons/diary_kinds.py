"""What docs/method.md calls the kinds of invented diaries, to be translated."""

from django.utils.translation import gettext_noop

KINDS = (
    gettext_noop("default"),
    gettext_noop("strong treat-when-bad"),
    gettext_noop("recovery from a peak"),
    gettext_noop("rising trend"),
    gettext_noop("flares"),
    gettext_noop("evening users"),
    gettext_noop("slow heavy swings"),
    gettext_noop("side switching"),
    gettext_noop("floor (mild pain)"),
    gettext_noop("effect proportional to pain"),
    gettext_noop("carry-over of a day"),
    gettext_noop("40 % missing at random"),
    gettext_noop("40 % missing, not at random"),
    gettext_noop("unequal intervals"),
    gettext_noop("one month"),
    gettext_noop("two months"),
    gettext_noop("six months"),
    gettext_noop("twelve months"),
    gettext_noop("two treatments per session"),
    gettext_noop("five treatments"),
    gettext_noop("half the waits given up early"),
)
HABITS = (
    gettext_noop("waits that eased are not rated"),
    gettext_noop("both kinds rated selectively"),
    gettext_noop("rests at the weekend and treats only then"),
    gettext_noop("treats when it is about to ease"),
    gettext_noop("treats when it is about to ease and skips the coin then"),
    gettext_noop("waits unasked while it rises"),
    gettext_noop("rates late when it still hurts"),
    gettext_noop("rates one treatment after 90 minutes and waits after 45"),
    gettext_noop("says yes to the coin mostly when it will rise"),
    gettext_noop("treats only mornings and waits only evenings"),
    gettext_noop("treats when it is about to ease and skips then, 5 % missing"),
    gettext_noop("40 % skipped, mostly when it will ease, 5 % missing"),
    gettext_noop("says yes mostly when it will rise, 5 % missing"),
)
UNSEEN = (
    gettext_noop("a tablet in 30 % of treated sessions, not written down"),
    gettext_noop("rates half a point kinder after doing something"),
)
WAITING_TIMES = (
    gettext_noop("one treatment"),
    gettext_noop("three treatments"),
    gettext_noop("one treatment, 45 % of asks skipped"),
    gettext_noop("one treatment, 15 % missing"),
    gettext_noop("three treatments, 45 % of asks skipped"),
    gettext_noop("one treatment, waits only when asked"),
    gettext_noop("one treatment, waits only when asked, one in 5"),
)
NAMES = KINDS + HABITS + UNSEEN + WAITING_TIMES
