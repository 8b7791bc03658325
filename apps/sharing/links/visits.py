"""When a report was opened, for its owner to see; never by which address or browser."""

import re
from datetime import datetime, timedelta

from django.db import IntegrityError

from apps.sharing.links.passes import Pass
from apps.sharing.models import ShareLink, ShareVisit
from apps.users.security_events import Kind, record
from config.postgres.read_only import written_if_possible

ONE_VISIT = timedelta(minutes=30)
# Programs that look at links in messages. Few get this far: they would have to give the secret.
PREVIEWS = re.compile(
    r"bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|slack|telegram|skype|discord|"
    r"safelinks|headless|curl|wget|python|go-http",
    re.IGNORECASE,
)


def count_visit(request, link: ShareLink, given: Pass, *, at: datetime) -> None:
    """One visit of this reader, unless they only loaded the page again within half an hour.

    Whoever gave the secret and got the report counts, also what calls itself a program.
    """
    is_program = bool(PREVIEWS.search(request.headers.get("User-Agent", "")))
    own = {"user": link.user, "link": link, "opening": given.opening}
    same = ShareVisit.objects.for_user(link.user).filter(link=link, opening=given.opening)
    if same.filter(visited_at__gt=at - ONE_VISIT).exists():
        return
    try:
        with written_if_possible():
            ShareVisit.objects.create(**own, visited_at=at, is_program=is_program)
            record(link.user, Kind.LINK_OPENED)
    except IntegrityError:
        pass  # the owner has just deleted the link, and with it its visits
