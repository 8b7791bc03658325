"""A check-in's form that may read the day's letter of a self-test."""

from django.urls import reverse

from apps.diary.entries.form import EntryForm
from apps.diary.self_tests import days


class DrawsForTheDay(EntryForm):
    """The day's first check-in of a complaint may use a letter: then that is shown first."""

    moment = None

    def _store(self):
        super()._store()
        if self.is_new:
            self.moment = days.draw(self.instance, at=self.at)

    def repeats(self, entry) -> bool:
        self.moment = days.moment_of(entry)
        return super().repeats(entry)

    def comes_first(self, entry):
        """What the letter says; only the question about both legs comes before it."""
        if first := super().comes_first(entry):
            return first
        if self.is_new and self.moment and not self.leads_to(entry):
            return reverse("diary:self_test_moment", args=[self.moment.pk])
        return None

    def leads_to(self, entry):
        """To the self-test that may be ended, where a side effect of it was written down."""
        is_said = "adverse_effect" in self.changed_data and entry.adverse_effect
        self_test = days.running(entry).first() if is_said else None
        return self_test.get_absolute_url() if self_test else super().leads_to(entry)
