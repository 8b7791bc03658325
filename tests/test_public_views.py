"""Every page is private unless it stands in this list."""

import re

from django.urls import URLResolver, get_resolver, reverse

PUBLIC = {
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_passkey_make",
    "account_passkey_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "appearance",
    "change_password",
    "demo",
    "diary:calendar",
    "diary:reminders_off",
    "healthz",
    "readyz",
    "help_now",
    "home",
    "manifest",
    "method",
    "offline",
    "privacy",
    "robots",
    "security_txt",
    "sharing:code",
    "sharing:exchange",
    "sharing:mistyped",
    "sharing:room",
    "sharing:shared",
    "source",
    "worker",
}
# Answer strangers by sending them to log in: they belong to a log-in that has begun.
ONLY_WHILE_LOGGING_IN = {"account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn"}

SAMPLES = ["1", "x-1", "2026-03-10", "2026", "3", "00000000-0000-4000-8000-000000000000", ","]


def patterns(resolver, namespaces=(), parameters=()):
    """Every URL of the site: its full name, and what its parameters have to look like."""
    for pattern in resolver.url_patterns:
        found = (*parameters, *expressions(pattern.pattern).items())
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from patterns(pattern, inner, found)
        else:
            yield ":".join((*namespaces, pattern.name or "")), dict(found), pattern


def expressions(pattern):
    """Name of each parameter → the regular expression it must match."""
    if converters := pattern.converters:
        return {name: converter.regex for name, converter in converters.items()}
    return dict.fromkeys(pattern.regex.groupindex, r"[-:\w]+")


def sample(expression):
    return next(text for text in SAMPLES if re.fullmatch(expression, text))


def urls():
    for name, parameters, _ in patterns(get_resolver()):
        yield name, reverse(name, kwargs={key: sample(value) for key, value in parameters.items()})


def test_every_url_has_a_name():
    assert [str(p.pattern) for name, _, p in patterns(get_resolver()) if not p.name] == []


def test_only_the_listed_pages_are_open_to_strangers(client, db):
    answered = {
        name
        for name, url in urls()
        if client.get(url).headers.get("Location") != f"{reverse('account_login')}?next={url}"
    }
    assert answered == PUBLIC | ONLY_WHILE_LOGGING_IN


def test_strangers_cannot_post_to_private_pages(client, db):
    opened = {
        name
        for name, url in urls()
        if name not in PUBLIC | ONLY_WHILE_LOGGING_IN
        and not client.post(url).headers.get("Location", "").startswith(reverse("account_login"))
    }
    assert opened == set()


def test_pages_of_a_log_in_that_has_not_begun_lead_to_log_in(client, db):
    for name in ONLY_WHILE_LOGGING_IN:
        assert client.get(reverse(name)).headers["Location"] == reverse("account_login")
