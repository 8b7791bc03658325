"""What a check-in can tick besides pain."""

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class Symptom(models.TextChoices):
    NUMBNESS = "numbness", _lazy("numbness")
    TINGLING = "tingling", _lazy("tingling")
    BURNING = "burning", _lazy("burning")
    WEAKNESS = "weakness", _lazy("weakness")
    NONE = "none", _lazy("none of these")


# What can be felt. "None of these" is an answer too: without it nobody could say so.
FELT = tuple(symptom for symptom in Symptom if symptom != Symptom.NONE)
