"""Speed and memory against the targets in docs/scaling.md: `make bench`.

Fills a scratch database, serves it as in production, and asks for everything in turns: a page, the
floor that it is held against, the next page, and so on, so that a busy moment of the machine hits
all alike. Ends with status 1 where a target is missed.
"""

import os
import re
import statistics
import sys
import uuid
from collections import defaultdict
from contextlib import ExitStack

import django

from tests.bench import copying, exports, in_process, phone, saving
from tests.bench.browser import Browser, FormFields
from tests.bench.server import BARE_BACKEND, Server, session_of
from tests.servers import scratch_database

ROUNDS, WARM_UP = 40, 5
EXPORTS = 5
SMALL, LARGE = 100, 50_000
FLOORS = {"bare view": "/view/", "bare list": "/rows/", "bare save": "/save/"}
# What each is held against, and at most how many times as long it may take.
AGAINST = {
    "save": ("bare save", 2.5),
    "Today": ("bare view", 3),
    "Today, changed": ("bare view", None),
    "diary list": ("bare list", 1.5),
    "compare": ("bare view", 2),
    "compare, changed": ("bare view", None),
    "treatment card": ("bare view", 4.2),
    "card, changed": ("bare view", None),
    "sides": ("bare view", 2.5),
    "sides, changed": ("bare view", None),
    "timeline": ("bare view", 3.5),
    "timeline, changed": ("bare view", None),
}
# Counted anew after a change of the diary, then kept: at so many entries, at most how many times
# the bare view. Of the others, which show what the diary says as well, there is no target.
CHANGED = ", changed"
COUNTED_ANEW = {
    "compare, changed": {1_000: 5, 10_000: 8, 50_000: 20},
    "card, changed": {1_000: 13, 10_000: 20, 50_000: 45},
}
# Pages that draw sessions: kilobytes of what their charts are drawn from, at so many entries.
DRAWING_SESSIONS, CHART_KILOBYTES = ("compare", "treatment card"), {2_500: 60, 25_000: 60}
GROWTH = 1.3
BY_PHONE = 1_000  # entries in the diary of whoever looks at it on a cheap phone
EXPORT_SECONDS, EXPORT_MEGABYTES = 2, 200


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    with scratch_database(), ExitStack() as stack:
        django.setup()
        people, longest = prepare()
        product = Server(stack, "tests.bench.settings")
        floor = Server(stack, "tests.bench.floor")
        visitors = {entries: Visitor(user, product) for entries, user in people.items()}
        bare = Bare(people[SMALL], floor)
        times, details = time_in_turns(visitors, bare)
        judged = [
            *report_pages(times, details),
            *report_exports(visitors, product),
            *report_phone(people[BY_PHONE], product),
            *report_in_this_process(people[BY_PHONE]),
            *report_files(longest),
            *report_saves(product, floor),
        ]
    short = list(filter(None, judged))
    print("\nshort: ".join(["", *short]) if short else "\nall targets met")
    return 1 if short else 0


def prepare():
    from django.core.management import call_command

    from tests.bench.filling import fill

    call_command("migrate", verbosity=0)
    print("Filling the scratch database…", flush=True)
    return fill()


class Visitor:
    """One person's browser and what they do in it."""

    def __init__(self, user, server):
        from django.urls import reverse

        from apps.treatments.models import Treatment

        self.user = user
        self.browser = Browser(server.url, session_of(user))
        mat = Treatment.objects.for_user(user).order_by("pk").first()
        self.save_path = reverse("diary:checkin_create")
        self.export_path = reverse("your_data:export", args=["csv"])
        self.paths = {
            "Today, changed": reverse("diary:today"),
            "Today": reverse("diary:today"),
            "diary list": reverse("diary:list"),
            "compare, changed": reverse("comparisons:compare"),
            "compare": reverse("comparisons:compare"),
            "card, changed": reverse("comparisons:treatment", args=[mat.pk]),
            "treatment card": reverse("comparisons:treatment", args=[mat.pk]),
            "sides, changed": reverse("comparisons:sides"),
            "sides": reverse("comparisons:sides"),
            "timeline, changed": reverse("comparisons:timeline"),
            "timeline": reverse("comparisons:timeline"),
        }
        form = FormFields(self.save_path)
        form.feed(self.browser.get(self.paths["Today"]).body.decode())
        self.fields = form.fields | {"leg_pain": "4", "back_pain": "2"}

    def actions(self):
        yield "save", self.save
        for name, path in self.paths.items():
            if name.endswith(CHANGED):
                yield name, lambda path=path, **headers: self.get_changed(path, **headers)
            else:
                yield name, lambda path=path, **headers: self.browser.get(path, **headers)

    def get_changed(self, path, **headers):
        """As after something was written: nothing that is kept is of this diary any more."""
        from django.db.models import F

        from apps.diary.models import Revision

        Revision.objects.filter(user=self.user).update(number=F("number") + 1)
        return self.browser.get(path, **headers)

    def save(self, **headers):
        """Save a check-in, and take it away again: all rounds shall meet the same diary."""
        from apps.diary.models import CheckIn

        client_id = uuid.uuid4()
        fields = self.fields | {"client_id": str(client_id)}
        answer = self.browser.post(self.save_path, fields, **headers)
        deleted, _by_model = CheckIn.objects.filter(client_id=client_id).delete()
        if deleted != 1:
            raise RuntimeError("The check-in was not saved.")
        return answer

    def export(self):
        return self.browser.get(self.export_path)


class Bare:
    """The floor's views."""

    def __init__(self, user, server):
        from apps.conditions.models import Condition

        self.browser = Browser(server.url, session_of(user, BARE_BACKEND))
        self.condition = Condition.objects.for_user(user).first().pk

    def actions(self):
        for name, path in FLOORS.items():
            if name == "bare save":
                yield name, self.save
            else:
                yield name, lambda path=path: self.browser.get(path)

    def save(self):
        from apps.diary.models import CheckIn

        fields = {"condition": self.condition, "leg_pain": 4}
        answer = self.browser.post(FLOORS["bare save"], fields)
        CheckIn.objects.filter(condition_id=self.condition).latest("pk").delete()
        return answer


def time_in_turns(visitors, bare):
    """Seconds by what and by number of entries (of the floor: by 0), and one answer of each."""
    actions = [((name, 0), action) for name, action in bare.actions()]
    for entries, visitor in visitors.items():
        actions += [((name, entries), action) for name, action in visitor.actions()]
    times, details = defaultdict(list), {}
    for number in range(WARM_UP + ROUNDS):
        for key, action in actions:
            answer = action()
            if number >= WARM_UP:
                times[key].append(answer.seconds)
    for key, action in actions:
        if key[1]:
            details[key] = action(**{"X-Count-Queries": "1"})
    return times, details


def report_pages(times, details):
    medians = {key: statistics.median(seconds) for key, seconds in times.items()}
    print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"\n{'':<16}{'entries':>8}{'median':>10}{'95 %':>10}{'queries':>9}{'bytes':>11}  ratio")
    for name in FLOORS:
        print_line(name, "", times[name, 0])
    for (name, entries), answer in sorted(details.items()):
        floor, target = AGAINST[name]
        ratio = medians[name, entries] / medians[floor, 0]
        print_line(name, f"{entries:,}", times[name, entries], answer, f"{ratio:.2f} × {floor}")
    print()
    for name, (floor, target) in AGAINST.items():
        if target:
            worst = max(
                medians[name, entries] / medians[floor, 0] for _, entries in details if _ == name
            )
            yield judge(f"{name}: {worst:.2f} × {floor}", worst, target)
    for name in (each for each in AGAINST if not each.endswith(CHANGED)):
        growth = medians[name, LARGE] / medians[name, SMALL]
        yield judge(f"{name}: {growth:.2f} × as slow at {LARGE:,} as at {SMALL}", growth, GROWTH)
    for name, targets in COUNTED_ANEW.items():
        for entries, target in targets.items():
            ratio = medians[name, entries] / medians["bare view", 0]
            yield judge(f"{name} at {entries:,}: {ratio:.2f} × bare view", ratio, target)
    for name in DRAWING_SESSIONS:
        for entries, target in CHART_KILOBYTES.items():
            size = chart_kilobytes(details[name, entries].body)
            yield judge(f"{name} at {entries:,}: {size:.0f} KB for its charts", size, target)


def chart_kilobytes(page):
    """What the page's charts are drawn from."""
    return sum(map(len, re.findall(rb'type="application/json">(.*?)</script>', page, re.S))) / 1024


def print_line(name, entries, seconds, answer=None, ratio=""):
    median, worst = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
    queries, size = (answer.queries, f"{len(answer.body):,}") if answer else ("", "")
    milliseconds = f"{median * 1000:>7.1f} ms{worst * 1000:>7.1f} ms"
    print(f"{name:<16}{entries:>8}{milliseconds}{queries:>9}{size:>11}  {ratio}")


def report_exports(visitors, product):
    print()
    for entries, visitor in visitors.items():
        answers = [visitor.export() for _number in range(EXPORTS)]
        seconds = [answer.seconds for answer in answers]
        rows = answers[0].body.count(b"\n") - 1
        print_line("CSV export", f"{entries:,}", seconds, answers[0], f"{rows:,} rows")
    megabytes = product.peak_megabytes()
    median = statistics.median(seconds)
    yield judge(f"export of {LARGE:,}: {median:.2f} s", median, EXPORT_SECONDS)
    yield judge(f"peak of the worker: {megabytes:.0f} MB", megabytes, EXPORT_MEGABYTES)


def report_phone(user, product):
    from apps.treatments.models import Treatment

    print()
    mat = Treatment.objects.for_user(user).earliest("pk")
    for limit in phone.limits(phone.visits(product.url, session_of(user), mat.pk)):
        yield judge(*limit)


def report_in_this_process(user):
    print()
    for limit in (*in_process.limits(user), *copying.limits(user)):
        yield judge(*limit)


def report_files(user):
    print()
    for limit in exports.limits(user):
        yield judge(*limit)


def report_saves(product, floor):
    print()
    yield judge(*saving.measured(product.url, floor.url), saving.AT_LEAST, is_least=True)


def judge(sentence, value, target, *, is_least=False):
    """The sentence again where it is short, else nothing."""
    is_met = value >= target if is_least else value <= target
    limit = f"at {'least' if is_least else 'most'} {target}"
    print(f"{'ok   ' if is_met else 'short'}  {sentence} (target: {limit})")
    return "" if is_met else f"{sentence}, {limit}"


if __name__ == "__main__":
    sys.exit(main())
