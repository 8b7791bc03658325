import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.comparisons.reading.results import comparison_of
from apps.comparisons.self_tests.answer import as_rows
from apps.conditions.models import Condition
from apps.treatments.models import Treatment
from apps.users.account_by_email import account


class Command(BaseCommand):
    help = "Compare each treatment with waiting, as JSON (docs/method.md says what it means)."

    def add_arguments(self, parser):
        parser.add_argument("--user", required=True, metavar="EMAIL", help="whose diary")
        parser.add_argument("--condition", metavar="NAME", help="which, if there are several")
        parser.add_argument("--format", choices=["json"], default="json")

    def handle(self, *, user, condition, **options):
        owner = account(user)
        chosen = chosen_condition(owner, condition)
        kinds = Treatment.objects.for_user(owner).values_list("name", "kind")
        values = comparison_of(owner, chosen).as_dict(
            as_of=timezone.now(), condition=chosen.name, kinds=dict(kinds)
        )
        values |= {"self_tests": as_rows(owner, chosen)}
        self.stdout.write(json.dumps(values, indent=2, ensure_ascii=False))


def chosen_condition(owner, name) -> Condition:
    """The one named, or the only one."""
    conditions = Condition.objects.for_user(owner)
    if name:
        conditions = conditions.filter(name=name)
    found = list(conditions)
    if len(found) == 1:
        return found[0]
    if name or not found:
        raise CommandError(f"There is no condition {name!r}." if name else "There is no condition.")
    names = ", ".join(condition.name for condition in found)
    raise CommandError(f"Say which condition with --condition: {names}.")
