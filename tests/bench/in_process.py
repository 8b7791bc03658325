"""Today beside the bare view in one process, in turns: without a server, and without a client."""

import statistics
import time

ROUNDS, WARM_UP, AT_MOST = 40, 5, 5
TODAY, BARE = "/today/", "/view/"


def limits(user):
    """What was measured in words, the value, and at most."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    from tests.bench import floor
    from tests.bench.server import BARE_BACKEND, session_of

    middleware = ["tests.bench.in_process.on_the_floor", *floor.MIDDLEWARE]
    with override_settings(MIDDLEWARE=middleware, SESSION_ENGINE=floor.SESSION_ENGINE):
        bare = WSGIHandler(), BARE, session_of(user, BARE_BACKEND)
    ours = WSGIHandler(), TODAY, session_of(user)
    turns = []
    with override_settings(AUTHENTICATION_BACKENDS=[*ours_and_bare()]):
        for number in range(WARM_UP + ROUNDS):
            turn = [seconds(*each) for each in (ours, bare)]
            turns += [turn] if number >= WARM_UP else []
    taken, floor_taken = (statistics.median(each) for each in zip(*turns, strict=True))
    ratio = taken / floor_taken
    said = f"Today in process: {taken * 1000:.1f} ms, {ratio:.2f} × the bare view there"
    yield said, ratio, AT_MOST


def ours_and_bare():
    from django.conf import settings

    from tests.bench.server import BARE_BACKEND

    return [*settings.AUTHENTICATION_BACKENDS, BARE_BACKEND]


def on_the_floor(get_response):
    def middleware(request):
        request.urlconf = "tests.bench.floor_urls"
        return get_response(request)

    return middleware


def seconds(handler, path, session) -> float:
    """Of the processor: others that are at work take their turns elsewhere."""
    from django.test import RequestFactory

    factory = RequestFactory()
    factory.cookies["sessionid"] = session
    environ, statuses = factory.get(path).environ, []
    started = time.process_time()
    body = handler(environ, lambda status, headers, error=None: statuses.append(status))
    b"".join(body)
    body.close()
    taken = time.process_time() - started
    if not statuses[0].startswith("200"):
        raise RuntimeError(f"{path} answered {statuses[0]}")
    return taken
