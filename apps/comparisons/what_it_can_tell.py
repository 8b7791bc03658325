"""The end of the first questions: what this diary can tell, and from when on."""

from django.db.models.functions import Lower
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.comparisons.beside_waiting import pips
from apps.comparisons.engine.trend import FEWEST_WEEKS
from apps.comparisons.engine.verdicts import FEWEST_PAIRS
from apps.treatments.models import Treatment


@require_safe
def what_it_can_tell(request):
    own = Treatment.objects.for_user(request.user).current().order_by(Lower("name"))
    treatments = list(own)
    context = {
        "treatments": treatments,
        "remembered": [each for each in treatments if each.pain_before_from_memory is not None],
        "weeks": FEWEST_WEEKS,
        "pairs": FEWEST_PAIRS,
        "pips": pips(0, FEWEST_PAIRS),
    }
    return render(request, "comparisons/what_it_can_tell.html", context)
