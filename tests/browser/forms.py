"""Every form there is, by the name of the URL that it is sent to, and how to get it wrong.

A new URL that takes POST needs a row in FORMS, or stands in NOTHING_TO_TYPE: buttons only.
"""

from typing import NamedTuple

from tests.browser.pages import a_waiting_file
from tests.factories import (
    ActivityFactory,
    CheckInFactory,
    FunctionRatingFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)


class Wrong(NamedTuple):
    """``typed``: what is put in, by the name of the field; ``refused``: the fields then marked.

    ``page``: the URL whose page holds the form, where it is another. A password is never shown
    again, and of a file only its name was typed; all else must still be there.
    """

    typed: dict[str, str]
    refused: set[str]
    page: str = ""


def one_of_each(user, *, at):
    """Of each thing that a form can be about."""
    mat = TreatmentFactory(user=user)
    TreatmentPeriodFactory(user=user, treatment=mat)
    CheckInFactory(user=user, rated_at=at)
    TreatmentSessionFactory(user=user, started_at=at, treatments=[mat])
    FunctionRatingFactory(user=user, activity=ActivityFactory(user=user), rated_at=at)
    a_waiting_file(user)


LONG_AGO, TO_COME = "1066-10-14", "2999-01-01"
CHECK_IN = {"note": "a long thought", "rated_at": f"{TO_COME}T12:00", "leg_pain": "0"}
SESSION = {"did": "", "note": "a long thought", "minutes": "2000", "pain_before": "6"}
CONDITION = {
    "name": "",
    "note": "since the move",
    "wants": "to sit through a film",
    "since_on": TO_COME,
    "causes-0-description": "the sofa",
}
TREATMENT = {"name": "", "minutes": "0", "upfront_cost": "-1", "review_on": LONG_AGO}
TREATMENT_REFUSED = {"name", "minutes", "upfront_cost", "review_on"}
PERIOD = {"started_on": TO_COME, "ended_on": LONG_AGO, "why_stopped": "too warm"}
SHARE = {"for_whom": "", "span": "fixed", "first_day": "2026-01-01", "last_day": "", "sections": ""}
SHARE_REFUSED = {"for_whom", "last_day", "sections"}
FILTER = {"side": "upwards"}
REVERSED = {"from": "2026-03-10", "until": "2026-03-01"}
PASSWORDS = {"oldpassword": "not it", "password1": "short", "password2": "other"}

FORMS = {
    "account_login": Wrong({"login": "nobody@", "password": ""}, {"login", "password"}),
    "account_signup": Wrong(
        {"email": "new@", "password1": "short", "time_zone": "Mars/Base", "consent": ""},
        {"email", "password1", "time_zone", "consent"},
    ),
    "account_passkey_signup": Wrong(
        {"email": "new@", "time_zone": "Mars/Base", "consent": ""},
        {"email", "time_zone", "consent"},
    ),
    "account_reauthenticate": Wrong({"password": "wrong"}, {"password"}),
    "account_email": Wrong({"email": "new@"}, {"email"}),
    "account_change_password": Wrong(PASSWORDS, {"oldpassword", "password1"}),
    "account_set_password": Wrong({"password1": "short", "password2": "other"}, {"password1"}),
    "account_reset_password": Wrong({"email": "new@"}, {"email"}),
    "account_reset_password_from_key": Wrong(
        {"password1": "short", "password2": "other"}, {"password1"}
    ),
    "mfa_authenticate": Wrong({"code": "12ab"}, {"code"}),
    "mfa_reauthenticate": Wrong({"code": "12ab"}, {"code"}),
    "mfa_activate_totp": Wrong({"code": "12ab"}, {"code"}),
    "mfa_edit_webauthn": Wrong({"name": ""}, {"name"}),
    "users:settings": Wrong(
        {"time_zone": "Mars/Base", "currency": "shells"}, {"time_zone", "currency"}
    ),
    "appearance": Wrong({"theme": "pink"}, {"theme"}),
    "users:consent": Wrong({"consent": ""}, {"consent"}),
    "your_data:erase": Wrong({"password": "wrong"}, {"password"}),
    "conditions:create": Wrong(CONDITION, {"name", "since_on", "causes-0-kind"}),
    "conditions:edit": Wrong(CONDITION, {"name", "since_on", "causes-0-kind"}),
    "treatments:create": Wrong(TREATMENT, TREATMENT_REFUSED),
    "treatments:edit": Wrong(TREATMENT, TREATMENT_REFUSED),
    "treatments:first_run": Wrong({"condition": "", "usual_side": "left"}, {"condition"}),
    "treatments:first_run_use": Wrong({"own": "x" * 81}, {"own"}),
    "treatments:first_run_since": Wrong({"since": "longer", "started_on": TO_COME}, {"started_on"}),
    "treatments:period_create": Wrong(PERIOD, {"started_on"}),
    "treatments:period_edit": Wrong(PERIOD, {"started_on"}),
    "diary:checkin_create": Wrong(CHECK_IN, {"rated_at"}),
    "diary:checkin_edit": Wrong(CHECK_IN, {"rated_at"}),
    "diary:session_start": Wrong({"minutes": "2000"}, {"pain_before", "minutes"}),
    "diary:session_start_together": Wrong({"minutes": "2000"}, {"minutes"}),
    "diary:session_create": Wrong(SESSION, {"did", "minutes"}),
    "diary:session_finish": Wrong(
        {"minutes": "2000", "note": "a long thought"}, {"pain_after", "minutes"}
    ),
    "diary:session_edit": Wrong(SESSION, {"did", "minutes"}),
    "diary:red_flags": Wrong({"red_flags": ""}, {"red_flags"}),
    "diary:function": Wrong({"*": ""}, set()),
    "diary:agreed_create": Wrong(
        {"what": "", "times": "99", "exercises-0-how": "slowly"},
        {"what", "times", "exercises-0-name"},
    ),
    "diary:agreed_edit": Wrong({"times": "99", "until_on": LONG_AGO}, {"times", "until_on"}),
    "diary:activity_create": Wrong({"name": ""}, {"name"}),
    "diary:activity_edit": Wrong({"name": ""}, {"name"}),
    "diary:wait_settings": Wrong({"one_in": "7"}, {"one_in"}),
    "diary:reminders": Wrong({"daily_at": ""}, {"daily_at"}),
    "diary:calls": Wrong({"daily_at": ""}, {"daily_at"}),
    "your_data:import": Wrong({}, {"file"}, page="your_data:data"),
    "your_data:measures": Wrong({"days": "2026-03-01, many"}, {"days"}),
    "your_data:import_questions": Wrong({}, {"place"}),
    "your_data:import_columns": Wrong({"date": "", "note": "1"}, {"date"}),
    "sharing:create": Wrong(SHARE, SHARE_REFUSED),
    "sharing:preview_new": Wrong(SHARE, SHARE_REFUSED, page="sharing:create"),
    "sharing:exchange": Wrong({"secret": "wrong"}, {"secret"}, page="sharing:shared"),
    "sharing:room": Wrong({"letters": "BCDF GHJ"}, {"letters"}),
    "sharing:code": Wrong({"code": "000 000"}, {"code"}, page="sharing:shared"),
    "diary:list": Wrong({**FILTER, **REVERSED}, {"side", "until"}),
    "diary:month": Wrong(FILTER, {"side"}),
    "comparisons:compare": Wrong({**FILTER, **REVERSED}, {"side", "until"}),
    "comparisons:timeline": Wrong(REVERSED, {"until"}),
    "comparisons:sides": Wrong(REVERSED, {"until"}),
    "comparisons:function": Wrong(REVERSED, {"until"}),
    "comparisons:treatment": Wrong({**FILTER, **REVERSED}, {"side", "until"}),
    "comparisons:self_test_create": Wrong(
        {"moments": "24", "expectation": "7", "ends_on": LONG_AGO}, {"ends_on"}
    ),
    "comparisons:waits": Wrong({**FILTER, **REVERSED}, {"side", "until"}),
}
# Buttons, ticks that may be left out, and what only comes from a script.
NOTHING_TO_TYPE = {
    "your_data:measures_delete",
    "account_confirm_email",
    "account_confirm_login_code",  # not in use: always a redirect
    "account_logout",
    "account_passkey_make",
    "comparisons:seal_open",
    "comparisons:self_test_end",
    "conditions:archive",
    "conditions:delete",
    "conditions:make_one",
    "conditions:unarchive",
    "demo",
    "diary:activity_archive",
    "diary:activity_make_one",
    "diary:activity_delete",
    "diary:activity_unarchive",
    "diary:agreed_delete",
    "diary:agreed_tick",
    "diary:calendar_change",
    "diary:calendar_end",
    "diary:calendar_make",
    "diary:calls_declined",
    "diary:checkin_delete",
    "diary:device_add",  # filled in by a script
    "diary:device_end",
    "diary:device_renew",  # sent by the service worker
    "diary:function_skip",
    "diary:function_take_back",
    "diary:red_flags_not_seen",
    "diary:red_flags_seen",
    "your_data:import_leave",
    "your_data:import_take_back",
    "your_data:import_preview",
    "diary:reminders_again",
    "diary:reminders_off",
    "diary:home_screen_told",
    "treatments:decide",
    "diary:rhythm",
    "diary:rhythm_not_now",
    "diary:self_test_break_off",
    "diary:session_close",
    "diary:session_delete",
    "diary:session_finish_kept",
    "diary:take_back",
    "diary:undo",
    "mfa_add_webauthn",  # and the others: tests/browser/test_passkeys.py
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "sharing:renew",
    "sharing:room_code",
    "sharing:revoke",
    "sharing:revoke_all",
    "treatments:archive",
    "treatments:make_one",
    "treatments:delete",
    "treatments:period_delete",
    "treatments:unarchive",
    "users:clock",
    "users:end_session",
    "users:withdraw_consent",
    "usersessions_list",
}
# Answer by GET: the address says what to show.
FILTERS = {name for name in FORMS if name.startswith("comparisons:")} - {
    "comparisons:self_test_create"
} | {
    "diary:list",
    "diary:month",
}
# What is typed into these is about health, or long: an expired log-in must not lose it.
KEPT = {
    name
    for name in FORMS.keys() - FILTERS - {"your_data:erase", "your_data:import"}
    if name.startswith(
        (
            "conditions:",
            "treatments:",
            "diary:",
            "your_data:",
            "sharing:create",
            "sharing:preview",
            "comparisons:self_test",
        )
    )
}
