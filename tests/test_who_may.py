"""Who may do what: every URL, for everybody, by every method, with the answer that is expected.

A row is ``name  strangers | owner | other``, each the answers to GET, HEAD, POST, PUT and DELETE
(forms are sent empty). ``log-in`` stands for five redirects to the log-in page, ``=`` for the same
as the column before; one number stands for five of it. Whoever holds the pass of a link is a
stranger everywhere but on that link, which has a table of its own.

For a new URL: run this test; it prints the row that is missing. Read it before you copy it.
"""

import re
import uuid
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from apps.sharing.models import ShareLink
from tests.browser import pages
from tests.factories import (
    CheckInFactory,
    PendingImportFactory,
    ShareLinkFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)
from tests.sharing.reading import reader
from tests.test_public_views import patterns, sample

METHODS = ("get", "head", "post", "put", "delete")
TABLE = """
home                                       200 200 405 405 405 | 302 302 405 405 405 | =
method                                     200 200 405 405 405 | = | =
demo                                       405 405 302 405 405 | = | =
privacy                                    200 200 405 405 405 | = | =
source                                     200 200 405 405 405 | = | =
appearance                                 200 200 302 405 405 | = | =
help_now                                   200 200 405 405 405 | = | =
healthz                                    200 200 405 405 405 | = | =
readyz                                     200 200 405 405 405 | = | =
offline                                    200 200 405 405 405 | = | =
worker                                     200 200 405 405 405 | = | =
manifest                                   200 200 405 405 405 | = | =
robots                                     200 200 405 405 405 | = | =
security_txt                               404 404 405 405 405 | = | =
change_password                            302 302 405 405 405 | = | =
account_login                              200 200 422 200 405 | 302 | =
account_logout                             302 302 302 405 405 | 200 200 302 405 405 | =
account_passkey_signup                     200 200 422 405 405 | 302 302 302 405 405 | =
account_passkey_make                       302 302 302 405 405 | = | =
account_inactive                           200 200 405 405 405 | = | =
account_signup                             200 200 422 200 405 | 302 | =
account_reauthenticate                     log-in | 200 200 422 200 405 | =
account_email                              log-in | 200 200 302 302 405 | =
account_email_verification_sent            200 200 405 405 405 | = | =
account_change_password                    log-in | 200 200 422 200 405 | =
account_set_password                       log-in | 302 | =
account_reset_password                     200 200 422 200 405 | = | =
account_confirm_login_code                 302 | = | =
account_confirm_email                      200 200 404 405 405 | = | =
account_reset_password_from_key_done       200 200 405 405 405 | = | =
account_reset_password_from_key            200 200 422 200 200 | = | =
account_reset_password_done                200 200 405 405 405 | = | =
mfa_index                                  log-in | 200 200 405 405 405 | =
mfa_authenticate                           302 | = | =
mfa_reauthenticate                         log-in | 302 | =
mfa_activate_totp                          log-in | 302 | =
mfa_deactivate_totp                        log-in | 404 | =
mfa_view_recovery_codes                    log-in | 404 404 405 405 405 | =
mfa_generate_recovery_codes                log-in | 302 | =
mfa_download_recovery_codes                log-in | 404 | =
mfa_list_webauthn                          log-in | 200 200 405 405 405 | =
mfa_add_webauthn                           log-in | 302 | =
mfa_edit_webauthn                          log-in | 302 | =
mfa_remove_webauthn                        log-in | 302 | =
mfa_reauthenticate_webauthn                log-in | 302 | =
mfa_login_webauthn                         302 302 302 405 405 | 302 | =
usersessions_list                          log-in | 200 200 302 302 405 | =
users:settings                             log-in | 200 200 200 405 405 | =
users:clock                                log-in | 200 200 400 405 405 | =
users:consent                              log-in | 200 200 200 405 405 | =
users:security                             log-in | 200 200 405 405 405 | =
users:withdraw_consent                     log-in | 405 405 302 405 405 | =
your_data:erase                            log-in | 200 200 422 405 405 | =
users:end_session                          log-in | 405 405 302 405 405 | 405 405 404 405 405
conditions:list                            log-in | 200 200 405 405 405 | =
conditions:create                          log-in | 200 200 422 200 200 | =
conditions:detail                          log-in | 200 200 405 405 405 | 404 404 405 405 405
conditions:edit                            log-in | 200 200 422 200 200 | 404
conditions:delete                          log-in | 200 200 409 200 200 | 404
conditions:archive                         log-in | 405 405 302 405 405 | 405 405 404 405 405
conditions:make_one                        log-in | 405 405 302 405 405 | 405 405 404 405 405
conditions:unarchive                       log-in | 405 405 302 405 405 | 405 405 404 405 405
treatments:list                            log-in | 200 200 405 405 405 | =
treatments:create                          log-in | 200 200 422 200 200 | =
treatments:first_run                       log-in | 200 200 200 405 405 | =
treatments:first_run_use                   log-in | 200 200 302 405 405 | =
treatments:first_run_since                 log-in | 200 200 302 405 405 | 404 404 404 405 405
treatments:kinds                           log-in | 200 200 405 405 405 | =
treatments:kind                            log-in | 200 200 405 405 405 | =
treatments:detail                          log-in | 200 200 405 405 405 | 404 404 405 405 405
treatments:edit                            log-in | 200 200 422 200 200 | 404
treatments:delete                          log-in | 200 200 409 200 200 | 404
treatments:decide                          log-in | 405 405 400 405 405 | 405 405 404 405 405
treatments:archive                         log-in | 405 405 302 405 405 | 405 405 404 405 405
treatments:make_one                        log-in | 405 405 302 405 405 | 405 405 404 405 405
treatments:unarchive                       log-in | 405 405 302 405 405 | 405 405 404 405 405
treatments:period_create                   log-in | 200 200 422 200 200 | 404
treatments:period_edit                     log-in | 200 200 422 200 200 | 404
treatments:period_delete                   log-in | 200 200 302 200 200 | 404
comparisons:compare                        log-in | 200 200 405 405 405 | =
comparisons:what_it_can_tell               log-in | 200 200 405 405 405 | =
comparisons:timeline                       log-in | 200 200 405 405 405 | =
comparisons:sides                          log-in | 200 200 405 405 405 | =
comparisons:treatment                      log-in | 200 200 405 405 405 | 404 404 405 405 405
comparisons:self_test_create               log-in | 200 200 422 405 405 | 404 404 404 405 405
comparisons:self_test                      log-in | 200 200 405 405 405 | 404 404 405 405 405
comparisons:self_test_end                  log-in | 405 405 302 405 405 | 405 405 404 405 405
comparisons:seal_open                      log-in | 405 405 302 405 405 | 405 405 404 405 405
comparisons:waits                          log-in | 200 200 405 405 405 | =
diary:today                                log-in | 200 200 405 405 405 | =
diary:take_back                            log-in | 405 405 302 405 405 | =
diary:list                                 log-in | 200 200 405 405 405 | =
diary:this_month                           log-in | 302 302 405 405 405 | =
diary:month                                log-in | 200 200 405 405 405 | =
diary:day                                  log-in | 200 200 405 405 405 | =
diary:undo                                 log-in | 405 405 302 405 405 | =
diary:checkin_create                       log-in | 200 200 422 405 405 | =
diary:checkin_edit                         log-in | 200 200 422 405 405 | 404 404 404 405 405
diary:checkin_delete                       log-in | 405 405 302 405 405 | 405 405 404 405 405
diary:session_start                        log-in | 200 200 422 405 405 | =
diary:session_start_together               log-in | 200 200 422 405 405 | =
diary:session_create                       log-in | 200 200 422 405 405 | =
diary:session_running                      log-in | 200 200 405 405 405 | 404 404 405 405 405
diary:session_finish                       log-in | 200 200 422 405 405 | 404 404 404 405 405
diary:session_after                        log-in | 302 302 405 405 405 | 404 404 405 405 405
diary:session_finish_kept                  log-in | 302 302 422 405 405 | 404 404 404 405 405
diary:session_close                        log-in | 405 405 302 405 405 | 405 405 404 405 405
diary:session_edit                         log-in | 200 200 422 405 405 | 404 404 404 405 405
diary:session_delete                       log-in | 405 405 302 405 405 | 405 405 404 405 405
diary:red_flags                            log-in | 200 200 422 405 405 | =
diary:red_flags_ticked                     log-in | 200 200 405 405 405 | 404 404 405 405 405
diary:both_legs                            log-in | 200 200 405 405 405 | 404 404 405 405 405
diary:red_flags_seen                       log-in | 405 405 302 405 405 | =
diary:red_flags_not_seen                   log-in | 405 405 404 405 405 | =
comparisons:function                       log-in | 200 200 405 405 405 | =
diary:home_screen_told                     log-in | 405 405 302 405 405 | =
diary:rhythm                               log-in | 405 405 400 405 405 | =
diary:rhythm_not_now                       log-in | 405 405 302 405 405 | =
diary:function                             log-in | 200 200 422 405 405 | =
diary:function_skip                        log-in | 405 405 302 405 405 | =
diary:function_take_back                   log-in | 405 405 302 405 405 | =
diary:activity_create                      log-in | 200 200 422 405 405 | =
diary:activity_edit                        log-in | 200 200 422 405 405 | 404 404 404 405 405
diary:activity_archive                     log-in | 405 405 302 405 405 | 405 405 404 405 405
diary:activity_make_one                    log-in | 405 405 302 405 405 | 405 405 404 405 405
diary:activity_unarchive                   log-in | 405 405 302 405 405 | 405 405 404 405 405
diary:activity_delete                      log-in | 405 405 302 405 405 | 405 405 404 405 405
diary:agreed_list                          log-in | 200 200 405 405 405 | =
diary:agreed_create                        log-in | 200 200 422 405 405 | =
diary:agreed_edit                          log-in | 200 200 422 405 405 | 404 404 404 405 405
diary:agreed_delete                        log-in | 405 405 302 405 405 | 405 405 404 405 405
diary:agreed_tick                          log-in | 405 405 400 405 405 | 405 405 404 405 405
diary:self_test_moment                     log-in | 200 200 405 405 405 | 404 404 405 405 405
diary:self_test_break_off                  log-in | 405 405 302 405 405 | 405 405 404 405 405
diary:wait_settings                        log-in | 200 200 422 405 405 | =
diary:reminders                            log-in | 200 200 422 405 405 | =
diary:reminders_again                      log-in | 405 405 302 405 405 | =
diary:calendar_make                        log-in | 405 405 200 405 405 | =
diary:calendar_change                      log-in | 405 405 302 405 405 | =
diary:calendar_end                         log-in | 405 405 302 405 405 | =
diary:calls                                log-in | 200 200 422 405 405 | =
diary:calls_declined                       log-in | 405 405 302 405 405 | =
diary:device_add                           log-in | 405 405 422 405 405 | =
diary:device_renew                         log-in | 405 405 404 405 405 | =
diary:device_end                           log-in | 405 405 302 405 405 | 405 405 404 405 405
diary:reminders_off                        200 200 200 405 405 | = | =
diary:calendar                             200 200 405 405 405 | = | =
diary:kept                                 log-in | 200 200 405 405 405 | =
your_data:data                                 log-in | 200 200 405 405 405 | =
your_data:import                               log-in | 405 405 422 405 405 | =
your_data:import_preview                       log-in | 200 200 302 405 405 | 404 404 302 405 405
your_data:import_columns                       log-in | 302 302 302 405 405 | 404 404 404 405 405
your_data:import_questions                     log-in | 302 302 302 405 405 | 404 404 404 405 405
your_data:import_leave                         log-in | 405 405 302 405 405 | =
your_data:import_take_back                     log-in | 405 405 404 405 405 | =
your_data:measures                             log-in | 200 200 422 405 405 | =
your_data:measures_delete                      log-in | 405 405 302 405 405 | =
your_data:export                               log-in | 200 200 405 405 405 | =
sharing:list                               log-in | 200 200 405 405 405 | =
sharing:create                             log-in | 200 200 422 405 405 | =
sharing:preview_new                        log-in | 405 405 422 405 405 | =
sharing:revoke_all                         log-in | 405 405 302 405 405 | =
sharing:preview                            log-in | 200 200 405 405 405 | 404 404 405 405 405
sharing:renew                              log-in | 405 405 200 405 405 | 405 405 404 405 405
sharing:revoke                             log-in | 405 405 302 405 405 | 405 405 404 405 405
sharing:room_code                          log-in | 405 405 200 405 405 | 405 405 404 405 405
sharing:room                               200 200 422 405 405 | = | =
sharing:shared                             200 200 405 405 405 | = | =
sharing:exchange                           405 405 404 405 405 | = | =
sharing:code                               405 405 404 405 405 | = | =
sharing:mistyped                           302 302 405 405 405 | = | =
"""
# The same for the three pages of a link, by the pass that the reader holds:
# valid | of another link | of this one, which is over | of this one, which was ended.
VIEWERS = """
sharing:shared    200 200 405 405 405 | = | 404 404 405 405 405 | =
sharing:exchange  405 405 404 405 405 | = | = | =
sharing:code      405 405 422 405 405 | 405 405 404 405 405 | = | =
"""


def rows_of(table):
    return dict(line.split(maxsplit=1) for line in table.strip().splitlines())


def written(columns):
    """A row's columns in the notation of the tables."""
    short = [_short(answers) for answers in columns]
    return " | ".join("=" if n and short[n - 1] == s else s for n, s in enumerate(short))


def _short(answers):
    return answers[0] if len(set(answers)) == 1 else " ".join(answers)


@pytest.fixture
def alice(alice):
    """With one of each thing that an address can name."""
    now = timezone.now()
    mat = TreatmentFactory(user=alice)
    TreatmentPeriodFactory(user=alice, treatment=mat)
    CheckInFactory(user=alice, rated_at=now)
    TreatmentSessionFactory(user=alice, started_at=now, treatments=[mat])
    ShareLinkFactory(user=alice, created_at=now)
    PendingImportFactory(user=alice, uploaded_at=now)
    return alice


def addresses(user):
    """Name, path and parameters of every URL, with the person's own things in it."""
    for name, parameters, _pattern in patterns(get_resolver()):
        kwargs = {key: sample(value) for key, value in parameters.items()}
        if not name.startswith("account_") and name != "users:end_session":
            kwargs = {key: pages.argument(name, key, user) for key in parameters}
        if name == "users:end_session":
            kwargs["pk"] = other_device_of(user).pk
        yield name, kwargs


def other_device_of(user):
    device = {"ip": "192.0.2.1", "user_agent": "phone", "session_key": f"{user.pk:k>32}"}
    return UserSession.objects.get_or_create(user=user, defaults=device)[0]


def asked(client, path):
    """What each method is answered with; whatever it changed is taken back."""
    answers, copy = [], Client(raise_request_exception=False)
    for method in METHODS:
        cache.clear()
        attempt = transaction.savepoint()
        copy.cookies = client.cookies.copy()
        answers.append(getattr(copy, method)(path))
        transaction.savepoint_rollback(attempt)
    return answers


def code(response):
    to_log_in = response.headers.get("Location", "").startswith(f"{reverse('account_login')}?next=")
    return "log-in" if to_log_in else str(response.status_code)


def codes(client, path):
    return [code(response) for response in asked(client, path)]


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_every_url_answers_everybody_as_the_table_says(alice, charlie):
    people = [Client(), logged_in(alice), logged_in(charlie)]
    found = {
        name: written([codes(client, reverse(name, kwargs=kwargs)) for client in people])
        for name, kwargs in addresses(alice)
    }
    assert found == rows_of(TABLE)


def test_holder_of_a_pass_is_a_stranger_elsewhere(alice):
    link = ShareLink.objects.get()
    holder = reader(link)
    strangers = {name: row.split(" | ")[0] for name, row in rows_of(TABLE).items()}
    found = {
        name: _short(codes(holder, reverse(name, kwargs=kwargs)))
        for name, kwargs in addresses(alice)
    }
    assert found == strangers


def test_pages_of_a_link_by_what_the_reader_holds(alice):
    link = ShareLink.objects.get()
    passes = {"valid": reader(link), "other": reader(ShareLinkFactory(created_at=timezone.now()))}
    passes |= {"expired": reader(link), "revoked": reader(link)}
    ends = {
        "expired": {"expires_at": link.created_at + timedelta(microseconds=1)},
        "revoked": {"revoked_at": timezone.now()},
    }
    found = {}
    for name in ("shared", "exchange", "code"):
        path = reverse(f"sharing:{name}", args=[link.public_id])
        columns = []
        for holder, client in passes.items():
            attempt = transaction.savepoint()
            if holder in ends:
                ShareLink.objects.filter(pk=link.pk).update(**ends[holder])
            columns.append(codes(client, path))
            transaction.savepoint_rollback(attempt)
        found[f"sharing:{name}"] = written(columns)
    assert found == rows_of(VIEWERS)


def without_token(response):
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


def missing(kwargs):
    """The same address for things that are nobody's."""
    strange = {int: lambda value: value + 10**6, uuid.UUID: lambda _value: uuid.uuid4()}
    return {key: strange.get(type(value), lambda v: v)(value) for key, value in kwargs.items()}


def test_things_of_somebody_else_answer_byte_by_byte_as_missing_ones(alice, charlie):
    client, differing, compared = logged_in(charlie), set(), 0
    for name, kwargs in addresses(alice):
        if not {"pk", "treatment_pk", "client_id"} & set(kwargs):
            continue
        foreign = asked(client, reverse(name, kwargs=kwargs))
        absent = asked(client, reverse(name, kwargs=missing(kwargs)))
        compared += 1
        differing |= {
            f"{name} {method}"
            for method, one, two in zip(METHODS, foreign, absent, strict=True)
            if (one.status_code, without_token(one)) != (two.status_code, without_token(two))
        }
    assert (differing, compared > 20) == (set(), True)
