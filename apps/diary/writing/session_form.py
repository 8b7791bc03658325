"""The forms of a session: started, rated again, or written down afterwards."""

import math
from datetime import datetime, timedelta

from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.diary.entries.form import LONG_TEXTS
from apps.diary.entries.layout import (
    Folded,
    buttons,
    rating,
    rating_that_sends,
    short_buttons,
)
from apps.diary.models import WAIT, TreatmentSession
from apps.diary.models.session import MINUTES, NOT_THESE_MINUTES, due_minutes_of, over_after
from apps.diary.red_flags.form import WatchedForm
from apps.diary.self_tests import plan as self_tests
from apps.diary.waiting import coin
from apps.diary.waiting.form import how_often_field
from apps.treatments.models import Treatment
from apps.users.typed.numbers import TypedWholeNumber


class SessionForm(WatchedForm):
    """A session written down afterwards, or changed: everything that can be said of it."""

    moment_field = "started_at"
    rated_then = ("pain_before",)
    did = forms.MultipleChoiceField(
        label=_("What did you do?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = TreatmentSession
        fields = [
            "started_at",
            "side",
            "pain_before",
            "pain_after",
            "after_rated_at",
            "had_something_else",
            "minutes",
            "position",
            "adverse_effect",
            "note",
        ]
        widgets = {"position": forms.RadioSelect, **LONG_TEXTS}
        field_classes = {"minutes": TypedWholeNumber}

    def __init__(self, *args, treatments=None, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer_treatments(treatments)
        if "position" in self.fields:
            self.fields["position"].choices = TreatmentSession.position.field.choices
        self._offer_clock_time("after_rated_at")
        if "minutes" in self.fields:
            # The database says it too, but only once all the rest is right.
            self.fields["minutes"].validators = [
                MinValueValidator(MINUTES[0], NOT_THESE_MINUTES),
                MaxValueValidator(MINUTES[1], NOT_THESE_MINUTES),
            ]

    def _offer_treatments(self, treatments):
        used = [] if self.is_new else [link.treatment_id for link in self.instance.links.all()]
        if treatments is None:
            treatments = Treatment.objects.for_user(self.user)
        self.treatments = {
            str(treatment.pk): treatment
            for treatment in treatments
            if treatment.archived_at is None or treatment.pk in used
        }
        self.fields["did"].choices = [
            *((pk, treatment.name) for pk, treatment in self.treatments.items()),
            (WAIT, _("Nothing: I waited")),
        ]
        if not self.is_new:
            self.initial["did"] = used or [WAIT]

    def layout(self):
        return Layout(
            "client_id",
            "version",
            "condition",
            buttons("did"),
            "started_at",
            rating("pain_before"),
            "after_rated_at",
            rating("pain_after"),
            "had_something_else",
            short_buttons("side"),
            Folded(
                "minutes",
                short_buttons("position"),
                Field("adverse_effect", rows=2),
                Field("note", rows=3),
            ),
        )

    def start_with(self, treatments):
        """Preset what is done (the minutes of one too), or wait and see for none; never a pain."""
        self.initial["did"] = [treatment.pk for treatment in treatments] or [WAIT]
        if len(treatments) == 1:
            self.initial["minutes"] = treatments[0].minutes

    def clean_did(self):
        did = self.cleaned_data["did"]
        if not did:
            raise ValidationError(
                _("Say what you did, or choose “Nothing: I waited”."), code="required"
            )
        if WAIT in did and set(did) != {WAIT}:
            raise ValidationError(
                _("You cannot have waited and done something in the same session."), code="both"
            )
        return [self.treatments[pk] for pk in dict.fromkeys(did) if pk != WAIT]

    def clean(self):
        cleaned = super().clean()
        if "after_rated_at" in self.fields:
            started = cleaned.get("started_at") or self.instance.started_at or self.typed_at
            self._clean_moment("after_rated_at", not_before=started)
            self._refuse_before_its_end(started)
        return cleaned

    def _refuse_before_its_end(self, started):
        """A class cannot have been rated again before it was over."""
        after, minutes = (self.cleaned_data.get(name) for name in ("after_rated_at", "minutes"))
        lasts = over_after(self.cleaned_data.get("did", []), minutes)
        if lasts and after and after < started + timedelta(minutes=lasts):
            message = _("It takes %(minutes)s minutes: rate it again when it is over.")
            params = {"minutes": lasts}
            self.add_error("after_rated_at", ValidationError(message, params=params))

    def _post_clean(self):
        after_then = self.instance.pain_after
        super()._post_clean()
        has_after = self.instance.pain_after is not None
        if self.instance.pain_after != after_then:
            self.instance.after_entered_at = self.typed_at if has_after else None
        self.instance.is_closed_unrated &= not has_after

    def repeats(self, entry) -> bool:
        did = {treatment.pk for treatment in self.cleaned_data.get("did", [])}
        return super().repeats(entry) and did == {link.treatment_id for link in entry.links.all()}

    def _store(self):
        if self.cleaned_data.get("did"):
            self.instance.asked_by_app = None  # only of waits; this one became something else
        if self.is_new or "did" in self.changed_data:
            treatments = self.due_by()
            over = over_after(treatments, self.instance.minutes)
            self.instance.due_minutes = max(due_minutes_of(treatments), over)
        super()._store()
        if "did" in self.cleaned_data:
            self.instance.link(self.cleaned_data["did"])

    def leads_to(self, entry):
        """To the self-test that may be ended, where a side effect of it was written down."""
        is_said = "adverse_effect" in self.changed_data and entry.adverse_effect
        self_test = self_tests.asking_about(entry) if is_said else None
        return self_test.get_absolute_url() if self_test else super().leads_to(entry)

    def due_by(self) -> list:
        """The treatments that say when it is to be rated again."""
        return self.cleaned_data.get("did", [])


class StartForm(SessionForm):
    """Start now: the pain buttons are the submit buttons, so it takes two taps.

    Before it is stored the app may ask whether to wait first; the form then comes back with
    everything typed, an ``answer`` and the ``question`` that it answers. Before the first toss of
    all it comes back with ``how_often`` the coin may ask; whoever says that in answer to its
    question has started now.
    """

    answer = forms.ChoiceField(choices=coin.Answer, required=False)
    how_often = how_often_field(required=False, empty_value="", widget=forms.HiddenInput)
    question = forms.CharField(required=False)
    tossed = asked_with = None
    moment = None  # of a self-test, once the session used its letter
    arms = ()  # of that self-test

    class Meta(SessionForm.Meta):
        fields = ["side", "pain_before", "minutes", "position"]

    def layout(self):
        return Layout(
            "client_id",
            "condition",
            "how_often",
            short_buttons("side"),
            rating_that_sends("pain_before", _("Pain now, on the worse side: tap to start")),
            Folded(buttons("did"), "minutes", short_buttons("position")),
        )

    def clean(self):
        cleaned = super().clean()
        self.planned = cleaned.get("did", [])
        answer, question = cleaned.get("answer"), cleaned.get("question")
        if answer or question:
            self.asked_with = self._asked_with(question)
        if self.asked_with and cleaned.get("how_often") != "":
            answer = cleaned["answer"] = coin.Answer.NOW
        if answer == coin.Answer.WAIT:
            cleaned |= {"did": [], "minutes": None, "position": ""}
        return cleaned

    def _asked_with(self, question):
        client_id, kept_for = self.cleaned_data.get("client_id"), self.at - self.typed_at
        asked_with = coin.asked_with(question, client_id, kept_for=kept_for)
        if asked_with is None:
            raise ValidationError(
                _("You rated your pain some time ago. Tap how it is now."), code="rated_long_ago"
            )
        return asked_with

    def create(self):
        """As for every entry; where something is asked first, AskFirstError is raised and
        nothing stored.

        Whoever started without a connection has started: they are not asked, then or later.
        """
        coin.keep_plan(self.user)
        with transaction.atomic():
            tests = self_tests.running(self.user, self.planned)
            if drawn := self._draw(tests):
                session = self._create_as_drawn(drawn)
            else:
                session = self._create_as_planned(is_in_self_test=bool(tests))
            if session and self.says_how_often:
                coin.choose(self.user, self.cleaned_data["how_often"], at=self.at)
            return session

    @property
    def says_how_often(self) -> bool:
        return self.cleaned_data["how_often"] != ""

    @property
    def may_be_asked(self) -> bool:
        """Not without a connection, and not whoever has just said how often: they start now."""
        return bool(self.cleaned_data["answer"]) or not (self.was_kept or self.says_how_often)

    def _draw(self, tests):
        """The letter of a running self-test, where this session may use one.

        Not without a connection, nor in answer to the coin, which asked before the test began.
        """
        if self.was_kept or self.cleaned_data["answer"]:
            return None
        condition = self.cleaned_data["condition"]
        return self_tests.draw(self.instance, condition, self.planned, tests, at=self.typed_at)

    def _create_as_drawn(self, drawn):
        self.cleaned_data["did"], self.arms = drawn.done, drawn.self_test.treatments
        if not drawn.done:
            self.instance.minutes, self.instance.position = None, ""
            self.instance.asked_by_app = True
        session = super().create()
        if session:
            self.moment = drawn.use(session, at=self.typed_at)
        return session

    def _create_as_planned(self, *, is_in_self_test):
        answer = self.cleaned_data["answer"]
        waits = answer == coin.Answer.WAIT
        toss = self.tossed = coin.toss(
            self.instance,
            self.cleaned_data["condition"],
            self.planned,
            at=self.typed_at,
            may_ask=self.may_be_asked,
            asked_with=self.asked_with,
            is_in_self_test=is_in_self_test,
        )
        asks = toss is not None and toss.asks
        self.instance.asked_by_app = True if asks and waits else None
        session = super().create()
        if session and toss and toss.must_choose:
            raise coin.HowOftenError
        if session and asks and not answer:
            raise coin.WaitFirstError
        if session:
            session.end_open_waits(at=self.typed_at)
        # A wait to which another tab's toss had led is the person's own by now.
        if session and toss and (asks or not waits):
            toss.resolve(session, answer, at=self.typed_at)
        return session

    def due_by(self) -> list:
        """A wait that the coin asked for lasts as long as what it puts off would have; in a
        self-test both arms last as long."""
        if self.arms:
            return self.arms
        return self.planned if self.instance.asked_by_app else super().due_by()

    def repeats(self, entry) -> bool:
        """As for every entry; what a self-test's letter made of it is nothing that was typed."""
        self.moment = self_tests.moment_of(entry)
        if self.moment:
            done = self.moment.self_test.done(self.moment.letter)
            self.cleaned_data |= {"did": done} | ({} if done else {"minutes": None, "position": ""})
        return super().repeats(entry)

    def comes_first(self, entry):
        """What a self-test's letter says; only the question about both legs comes before it."""
        if self.moment and not super().leads_to(entry):
            return reverse("diary:self_test_moment", args=[self.moment.pk])
        return super().comes_first(entry)

    def leads_to(self, entry):
        """To the session's own screen; what a device had kept was seen running there."""
        running = None if self.was_kept else reverse("diary:session_running", args=[entry.pk])
        return super().leads_to(entry) or running

    def chosen(self):
        """The treatments that are named on the page, bound or not; none is wait and see."""
        return [
            self.treatments[pk] for pk in map(str, self["did"].value()) if pk in self.treatments
        ]

    def open_waits(self):
        """The waits that go on now: the rating that starts something else ends them."""
        waits = TreatmentSession.objects.for_user(self.user).going_on(at=self.at)
        return waits.select_related("condition").order_by("started_at", "id")

    def sent_along(self):
        """Name and value of everything that was typed, for the page that asks something first."""
        names = self.fields.keys() - {"answer", "how_often", "question"}
        typed = [(name, value) for name in sorted(names) for value in self.data.getlist(name)]
        client_id, one_in = self.cleaned_data["client_id"], self.tossed.asks_with
        return [*typed, ("question", coin.question_token(client_id, one_in))]


class FinishForm(SessionForm):
    """Rate again now: the pain buttons are the submit buttons."""

    did = condition = None

    class Meta(SessionForm.Meta):
        fields = [
            "pain_after",
            "had_something_else",
            "minutes",
            "position",
            "adverse_effect",
            "note",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pain_after"].required = True
        if "minutes" in self.fields and self.goes_on_until:
            self.initial["minutes"] = self.minutes_so_far

    def _offer_treatments(self, treatments):
        """What was done was said at the start."""

    def layout(self):
        return Layout(
            "client_id",
            "version",
            "had_something_else",
            rating_that_sends("pain_after", _("Pain now, on the worse side: tap to save")),
            Folded(
                "minutes",
                short_buttons("position"),
                Field("adverse_effect", rows=2),
                Field("note", rows=3),
            ),
        )

    @cached_property
    def _over_at(self) -> datetime:
        """When an appointment is over; of anything else its start."""
        minutes = over_after(self.instance.treatments.all(), self.instance.minutes)
        return self.instance.started_at + timedelta(minutes=minutes)

    @property
    def goes_on_until(self) -> datetime | None:
        """The end of an appointment that was not over when this was typed."""
        return self._over_at if self._over_at > self.typed_at else None

    @property
    def minutes_so_far(self) -> int:
        return max(1, (self.typed_at - self.instance.started_at) // timedelta(minutes=1))

    def clean(self):
        cleaned = super().clean()
        if "minutes" in cleaned and self.goes_on_until:
            self._refuse_while_it_goes_on(cleaned["minutes"])
        return cleaned

    def _refuse_while_it_goes_on(self, minutes):
        """What is over sooner took less time: that is to be said with the rating."""
        if minutes is None or minutes > self.minutes_so_far:
            message = _("It is not over yet. If it is, it took at most %(minutes)s minutes.")
            params = {"minutes": self.minutes_so_far}
            self.add_error("minutes", ValidationError(message, params=params))

    @property
    def minutes_to_go(self) -> int:
        """Until a rating counts, begun minutes as whole ones; 0 once it does."""
        return max(0, math.ceil((self.instance.counts_from - self.at) / timedelta(minutes=1)))

    def _post_clean(self):
        if "pain_after" in self.cleaned_data:
            self.instance.after_rated_at = self.typed_at
        super()._post_clean()

    def comes_first(self, entry):
        """How far a running self-test is: no rating before beside the one after, it is sealed."""
        moment = self_tests.moment_of(entry)
        return moment.self_test.get_absolute_url() if moment else super().comes_first(entry)


class RateAgainForm(FinishForm):
    """The pain after and nothing else: from a device that has not seen the rest of the session."""

    class Meta(FinishForm.Meta):
        fields = ["pain_after", "had_something_else"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client_id"].required = False

    def layout(self):
        return Layout("client_id", "version")

    def clean_version(self):
        """The newest: nothing that is stored is written over."""
        return self.instance.version
