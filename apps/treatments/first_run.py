"""The page after sign-up: which condition, which side, which treatments. It can be put off."""

from django import forms
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from apps.conditions.models import Condition, UsualSide
from apps.treatments.catalogue import kinds_by_name, treatment_of_kind
from apps.treatments.models import Kind, Treatment


class FirstRunForm(forms.Form):
    condition = forms.CharField(
        label=_("What is this diary about?"),
        max_length=Condition._meta.get_field("name").max_length,
        initial=_("Sciatica"),
        help_text=_("You can add more later."),
    )
    usual_side = forms.ChoiceField(
        label=_("Which side is it, usually?"),
        choices=UsualSide.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    kinds = forms.MultipleChoiceField(
        label=_("What do you use for it?"),
        choices=lambda: [(k.kind, k.name) for k in kinds_by_name() if k.kind != Kind.OTHER],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick any, or none. You can add your own later."),
    )

    @transaction.atomic
    def save(self, user):
        """Sent twice, it still makes each condition and each treatment once."""
        side = self.cleaned_data["usual_side"]
        condition = self._condition(user)
        condition.usual_side = side or condition.usual_side
        condition.save()
        own = list(Treatment.objects.for_user(user).values_list("kind", "name"))
        kinds = {kind for kind, _name in own}
        names = {name.casefold() for _kind, name in own}
        chosen = [treatment_of_kind(user, kind) for kind in self.cleaned_data["kinds"]]
        Treatment.objects.bulk_create(
            [
                treatment
                for treatment in chosen
                if treatment.kind not in kinds and str(treatment.name).casefold() not in names
            ],
            ignore_conflicts=True,
        )
        user.finish_set_up(at=timezone.now())

    def _condition(self, user):
        """The person's own of this name, in whatever capitals; else a new one."""
        name = self.cleaned_data["condition"]
        own = Condition.objects.for_user(user).filter(name__iexact=name)
        known = {condition.name: condition for condition in own}
        if known:
            return known.get(name) or next(iter(known.values()))
        return Condition.objects.get_or_create(user=user, name=name)[0]


@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request):
    if "later" in request.POST:
        request.user.finish_set_up(at=timezone.now())
        return redirect("diary:today")
    form = FirstRunForm(request.POST or None)
    if form.is_valid():
        form.save(request.user)
        return redirect("diary:today")
    return render(
        request, "treatments/first_run.html", {"form": form}, status=422 if form.errors else 200
    )
