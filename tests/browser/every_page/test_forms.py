"""Every form, sent wrong: what is said, where, and that nothing typed is lost."""

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from apps.sharing.links.keys import Keys
from tests.browser import pages
from tests.browser.forms import FILTERS, FORMS, NOTHING_TO_TYPE, one_of_each
from tests.browser.looks import in_both_themes
from tests.factories import PASSWORD, SECRET, ShareLinkFactory, UserFactory
from tests.test_who_may import TABLE, rows_of
from tests.users.log_in.authenticator import stored

pytestmark = pytest.mark.django_db(transaction=True)

FILL = """(form, typed) => {
  const put = (element, value) => {
    if (element.type === "radio" || element.type === "checkbox") {
      element.checked = element.value === value;
    } else if (element.tagName === "SELECT") {
      if (![...element.options].some((each) => each.value === value)) {
        element.append(new Option(value, value));
      }
      element.value = value;
    } else if (element.type !== "hidden") {
      if (element.tagName === "INPUT" && element.type !== "password") element.type = "text";
      element.value = value;
    }
  };
  for (const [name, value] of Object.entries(typed)) {
    const found = [...form.elements].filter((each) => name === "*" || each.name === name);
    const choices = found.filter((each) => ["radio", "checkbox"].includes(each.type));
    if (value && choices.length > 0 && !choices.some((each) => each.value === value)) {
      choices[0].value = value;
    }
    for (const each of found) put(each, value);
  }
}"""
SEND = """(form, action) => {
  form.action = action;
  form.target = "";
  form.noValidate = true;
  form.dataset.native = "yes";
  const button = form.querySelector(".btn-primary[type=submit]");
  if (button) form.requestSubmit(button);
  else HTMLFormElement.prototype.submit.call(form);
}"""
SAID_FIRST = """() => {
  const summary = document.querySelector("[data-error-summary]");
  return {
    title: document.title,
    isAnnounced: summary?.getAttribute("role") === "alert",
    hasFocus: document.activeElement === summary,
  };
}"""
LINKS = """() => {
  const summary = document.querySelector("[data-error-summary]");
  const links = [...(summary?.querySelectorAll("a") ?? [])];
  const leads = (link) => {
    const field = document.getElementById(link.hash.slice(1));
    field?.focus();
    return field !== null && document.activeElement === field;
  };
  return {
    nowhere: links.filter((link) => !leads(link)).map((link) => link.outerHTML),
    links: links.length,
  };
}"""
MARKED = """() => Object.fromEntries(
  [...document.querySelectorAll("main [aria-invalid=true]")].map((element) => {
    const group = element.closest("fieldset[aria-describedby]") ?? element;
    const ids = [element, group].map((each) => each.getAttribute("aria-describedby") ?? "");
    const said = ids.join(" ").split(" ").filter(Boolean);
    const name = element.name || element.querySelector("[name]").name;
    const words = said.map((id) => document.getElementById(id)?.textContent.trim());
    return [name, said.length > 0 && words.every(Boolean)];
  }),
)"""
STILL_THERE = """(form, names) => Object.fromEntries(names.map((name) => {
  const found = [...form.elements].filter((each) => each.name === name && each.type !== "hidden");
  const values = found
    .filter((each) => !["radio", "checkbox"].includes(each.type) || each.checked)
    .map((each) => each.value);
  return [name, values.join()];
}))"""
# What no list offers is chosen by nobody; the first choice is shown again.
OFFERED_ANEW = {"currency", "one_in", "theme", "*"}
NOT_SHOWN_AGAIN = {"password", "oldpassword", "password1", "password2", "secret"}


STRANGERS = {
    "account_login",
    "account_passkey_signup",
    "account_signup",
    "account_reset_password",
    "account_reset_password_from_key",
    "mfa_authenticate",
    "sharing:exchange",
    "sharing:code",
    "sharing:room",
}


@pytest.fixture
def alice(transactional_db):
    user = UserFactory(email="alice@example.com")
    one_of_each(user, at=timezone.now())
    cache.clear()
    return user


@pytest.fixture
def link(alice):
    return ShareLinkFactory(
        user=alice, created_at=timezone.now(), code_hash=Keys.new(with_code=True).code_hash
    )


@pytest.fixture
def opened(name, page, log_in, alice, link):
    """The page that holds the form, open, with whoever may send it."""
    if name not in STRANGERS:
        log_in(alice)
    open_form(name, page, alice, link)


def open_form(name, page, user, link):
    cache.clear()  # which counts what an address has tried
    if prepare := PREPARED.get(name):
        prepare(page, user, link)
    else:
        page.goto(address_of(FORMS[name].page or name, user))


def address_of(name, user):
    parameters = dict(pages.all_names())[name]
    return pages.address(name, parameters, user)


def reset_password(page, user, _link):
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    page.goto(f"/accounts/password/reset/key/{key}/")


def withdraw(page, user, _link):
    user.withdraw_consent()
    page.goto("/settings/consent/")


def without_password(page, user, _link):
    session = page.context.cookies()
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{**session[0], "value": key}])
    page.goto("/accounts/password/set/")


def log_in_with_code(page, user, _link):
    TOTP.activate(user, generate_totp_secret())
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(user.email)
    confirm(page)
    page.wait_for_url("**/2fa/authenticate/")


def confirm(page):
    page.get_by_label("password", exact=False).first.fill(PASSWORD)
    page.locator("main form .btn-primary").click()


def switch_on_codes(page, _user, _link):
    page.goto("/accounts/2fa/totp/activate/")
    confirm(page)
    page.wait_for_url("**/totp/activate/")


def rename_passkey(page, user, _link):
    page.goto(f"/accounts/2fa/webauthn/keys/{stored(user).pk}/edit/")
    confirm(page)
    page.wait_for_url("**/edit/")


def confirm_by_code(page, user, _link):
    TOTP.activate(user, generate_totp_secret())
    page.goto("/accounts/2fa/reauthenticate/")


def open_link(page, _user, link):
    page.goto(f"/s/{link.public_id}#{SECRET}")
    page.get_by_label("Six digits").wait_for()


def open_filter(page, _user, _link):
    page.goto("/diary/?filter=1")


def open_filter_of_month(page, _user, _link):
    page.goto(f"/diary/{timezone.localdate():%Y/%-m}/?side=")


def come_without_the_secret(page, _user, link):
    page.goto(f"/s/{link.public_id}")


PREPARED = {
    "account_reset_password_from_key": reset_password,
    "account_set_password": without_password,
    "diary:list": open_filter,
    "diary:month": open_filter_of_month,
    "mfa_activate_totp": switch_on_codes,
    "mfa_authenticate": log_in_with_code,
    "mfa_edit_webauthn": rename_passkey,
    "mfa_reauthenticate": confirm_by_code,
    "sharing:code": open_link,
    "sharing:exchange": come_without_the_secret,
    "users:consent": withdraw,
}


def form_of(page, name):
    """The form that goes to this URL; of several the one with the field, or else the last."""
    wanted, forms = FORM_OF.get(name, name), page.locator("main form")
    found = [number for view, number in forms_on(page) if view == wanted]
    field = next(iter(FORMS[name].typed), "")
    with_it = [n for n in found if forms.nth(n).locator(f"[name='{field}']").count()]
    return forms.nth((with_it or found)[-1])


def forms_on(page):
    actions = page.locator("main form").evaluate_all(
        "(forms) => forms.map((form) => new URL(form.action).pathname)"
    )
    return [(resolve(action).view_name, n) for n, action in enumerate(actions)]


FORM_OF = {"sharing:preview_new": "sharing:create"}


def sent_wrong(name, page, axe):
    """What there is to see once the form on the open page has been sent wrong."""
    typed, refused, _page = FORMS[name]
    form = form_of(page, name)
    form.evaluate(FILL, typed)
    action = reverse(name) if name in FORM_OF else form.evaluate("(form) => form.action")
    with page.expect_navigation() as navigation:
        form.evaluate(SEND, action)
    page.wait_for_load_state("load")
    said, marked, led = (page.evaluate(each) for each in (SAID_FIRST, MARKED, LINKS))
    return {
        "status": navigation.value.status,
        "said": said | {"title": said["title"].split(" ")[0]},
        "marked": marked,
        "leads nowhere": led["nowhere"],
        "leads to all": led["links"] >= len(refused),
        "typed": form_of(page, name).evaluate(STILL_THERE, list(shown_again(name))),
        "axe": [problem for _theme, found in in_both_themes(page, axe) for problem in found],
    }


def shown_again(name):
    hidden = OFFERED_ANEW | NOT_SHOWN_AGAIN | ({"side"} if name in FILTERS else set())
    return {field: value for field, value in FORMS[name].typed.items() if field not in hidden}


def as_it_shall_be(name):
    return {
        "status": 404 if name == "sharing:exchange" else 422,
        "said": {"title": "Error:", "isAnnounced": True, "hasFocus": True},
        "marked": dict.fromkeys(FORMS[name].refused, True),
        "leads nowhere": [],
        "leads to all": True,
        "typed": shown_again(name),
        "axe": [],
    }


# What is done to the account, or in the browser, before there is such a form.
ALONE = [name for name in FORMS if name in PREPARED.keys() - FILTERS - {"sharing:exchange"}]
OF_STRANGERS = [name for name in FORMS if name in STRANGERS.difference(ALONE)]
TOGETHER = [name for name in FORMS if name not in {*ALONE, *OF_STRANGERS}]
PARTS = 3  # so that workers share them


@pytest.mark.parametrize("name", ALONE)
def test_form_sent_wrong_says_where_and_loses_nothing(name, opened, page, axe):
    assert sent_wrong(name, page, axe) == as_it_shall_be(name)


@pytest.mark.parametrize("first", range(PARTS))
def test_forms_of_one_person_sent_wrong_say_where_and_lose_nothing(
    first, page, axe, log_in, alice, link
):
    """One after another in one browser: to open that takes longer than to look at a form."""
    log_in(alice)
    assert_said(TOGETHER[first::PARTS], page, axe, alice, link)


def test_forms_of_strangers_sent_wrong_say_where_and_lose_nothing(page, axe, alice, link):
    assert_said(OF_STRANGERS, page, axe, alice, link)


def assert_said(names, page, axe, user, link):
    found = {}
    for name in names:
        open_form(name, page, user, link)
        found[name] = sent_wrong(name, page, axe)
    assert found == {name: as_it_shall_be(name) for name in names}


def test_every_url_that_takes_a_form_stands_in_the_table():
    answers = {name: row.split(" | ") for name, row in rows_of(TABLE).items()}
    takes_post = {
        name for name, columns in answers.items() if any(posts(column) for column in columns)
    }
    assert takes_post == (FORMS.keys() - FILTERS) | NOTHING_TO_TYPE
    assert FORMS.keys() & NOTHING_TO_TYPE == set()


def posts(column):
    """Whether a POST is answered otherwise than by "not allowed" and by sending to log in."""
    codes = column.split()
    return column not in {"=", "log-in"} and codes[2 if len(codes) > 1 else 0] not in {"405"}
