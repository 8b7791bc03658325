"""Calls are claimed, then sent, as mails are: none twice; what nobody can have had comes again."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings

from apps.diary.calls.due import due
from apps.diary.calls.endpoint import Endpoint, NotAllowedError, allowed
from apps.diary.calls.message import Message, message
from apps.diary.calls.vapid import authorization
from apps.diary.calls.wire import Answer, Line, NotReachedError, UnansweredError, seconds_of
from apps.diary.models import PushSubscription
from apps.diary.reminders.claims import claim, give_back
from apps.diary.reminders.due import Due, Way, in_turns

GONE = {404, 410}
WAITS_SECONDS = (60, 3600)  # at least, at most, where a push service asks for later
REFUSED_FOR = timedelta(days=1)
logger = logging.getLogger(__name__)


class Outcome(Enum):
    TAKEN = "taken"
    NOT_TAKEN = "not taken"
    UNKNOWN = "unknown"  # sent, and not answered


def call_due(*, at: datetime, line: Callable[[str], Line] = Line) -> int:
    """Make every call that is due, and return to how many people one got through.

    A call is claimed (stored, and committed) once a connection is open and before it is sent. If
    no device can have had it, the claim is given back: it is made again while it is due. If a push
    service does not answer, or this process dies in between, **that one is lost**, never repeated.
    """
    exchange, got_through = Exchange(at, line), 0
    try:
        for way, reminder, own in with_devices(due(at=at), at=at):
            devices = exchange.within_reach(own)
            plan = claim(reminder, at=at, way=way) if devices else None
            if plan is None:
                continue
            said = message(reminder, plan, at=at)
            outcomes = {exchange.send(said, device, to) for device, to in devices}
            got_through += Outcome.TAKEN in outcomes
            if outcomes == {Outcome.NOT_TAKEN}:
                give_back(reminder, plan, way=way)
    finally:
        exchange.close()
    return got_through


def with_devices(reminders: Iterator[tuple[Way, Due]], *, at: datetime) -> Iterator[tuple]:
    """Each with the devices of its person; for so few at a time that one ended since is hardly
    called."""
    for some in in_turns(reminders):
        devices = defaultdict(list)
        people = {reminder.user_id for _way, reminder in some}
        for device in PushSubscription.objects.ready(at=at).filter(user__in=people):
            devices[device.user_id].append(device)
        yield from ((way, reminder, devices[reminder.user_id]) for way, reminder in some)


class Exchange:
    """The connections of one run. A push service that fails is left alone until the next."""

    def __init__(self, at: datetime, line: Callable[[str], Line]) -> None:
        self.at, self.line = at, line
        self.lines: dict[str, Line] = {}
        self.passes: dict[str, dict[str, str]] = {}
        self.given_up: set[str] = set()

    def close(self) -> None:
        for line in self.lines.values():
            line.close()

    def within_reach(
        self, devices: Iterable[PushSubscription]
    ) -> list[tuple[PushSubscription, Endpoint]]:
        """Those that nothing was said of in this run, and to whose service a connection is open."""
        ready = [each for each in devices if each.pk and each.is_ready_at(self.at)]
        found = ((device, self._endpoint(device)) for device in ready)
        return [(device, to) for device, to in found if to and self._is_open(to.host)]

    def send(self, said: Message, device: PushSubscription, to: Endpoint) -> Outcome:
        if not self._is_open(to.host):
            return Outcome.NOT_TAKEN
        try:
            headers = said.headers | self.passes[to.host]
            answer = self.lines[to.host].post(to, said.sealed(device), headers)
        except UnansweredError as error:
            self._give_up(to.host, error)
            return Outcome.UNKNOWN
        if 200 <= answer.status < 300:
            return Outcome.TAKEN
        self._keep_away(device, to, answer)
        return Outcome.NOT_TAKEN

    def _keep_away(self, device: PushSubscription, to: Endpoint, answer: Answer) -> None:
        """As the push service wants it: for good, for some time, or where it says no, for a day."""
        if answer.status in GONE:
            device.delete()
            return
        least, most = WAITS_SECONDS
        wait = timedelta(seconds=seconds_of(answer.retry_after, least=least, most=most))
        if answer.status >= 500:
            self.given_up.add(to.host)
        elif answer.status != 429:
            wait = REFUSED_FOR
        # Only what kind of failure: the address rings the device.
        logger.error("A push service refused a call (%s).", answer.status)
        device.waits_until = self.at + wait
        own = PushSubscription.objects.for_user(device.user_id).filter(pk=device.pk)
        own.update(waits_until=device.waits_until)

    def _endpoint(self, device: PushSubscription) -> Endpoint | None:
        try:
            return allowed(device.endpoint, settings.PUSH_HOSTS)
        except NotAllowedError:
            device.delete()  # the list has changed since, or somebody wrote into the table
            return None

    def _is_open(self, host: str) -> bool:
        if host in self.given_up:
            return False
        if host not in self.lines:
            self.lines[host] = self.line(host)
        try:
            self.lines[host].open()
        except NotReachedError as error:
            self._give_up(host, error)
            return False
        if host not in self.passes:
            self.passes[host] = authorization(host)
        return True

    def _give_up(self, host: str, error: OSError) -> None:
        self.given_up.add(host)
        logger.error("A push service could not be asked (%s).", error)
