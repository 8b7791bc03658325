"""Parts of pages that are kept once drawn: nothing of anybody is among them."""

import pytest
from django.template import Context, engines
from django.template.base import TextNode
from django.test.utils import override_script_prefix
from django.urls import reverse
from django.utils import translation

from config.web.fixed_parts import Fixed, fixed, fold
from tests.factories import CheckInFactory, ConditionFactory, TreatmentFactory, UserFactory

LOADED = "{% load i18n static integrity %}"
PAGES = ["diary:today", "diary:list", "comparisons:compare", "treatments:list", "conditions:list"]


def folded(source):
    template = engines["django"].from_string(LOADED + source).template
    fold(template.nodelist, template.engine)
    return template


def drawn(template, **context):
    return template.render(Context(context))


def kept(nodelist):
    """The fixed parts in it, and in all that is inside of it."""
    return nodelist.get_nodes_by_type(Fixed)


def test_what_is_fixed_becomes_one_part_for_each_language():
    template = folded("<a href=\"{% url 'diary:today' %}\">{% translate 'Today' %}</a>")
    assert [type(node) for node in template.nodelist] == [Fixed]
    assert drawn(template) == '<a href="/today/">Today</a>'
    with translation.override("de"):
        assert drawn(template) == '<a href="/today/">Heute</a>'
    assert drawn(template) == '<a href="/today/">Today</a>'
    assert len(template.nodelist[0].drawn) == 2


def test_addresses_follow_where_the_program_is_served():
    template = folded("{% url 'diary:today' %}")
    assert drawn(template) == "/today/"
    with override_script_prefix("/elsewhere/"):
        assert drawn(template) == "/elsewhere/today/"


@pytest.mark.parametrize(
    "source",
    [
        "{{ words }}",
        "{% translate words %}",
        "{% translate 'Today' as said %}{{ said }}",
        "{% blocktranslate %}{{ words }}{% endblocktranslate %}",
        "{% blocktranslate with name=words %}{{ name }}{% endblocktranslate %}",
        "{% url words %}",
        "{% static words %}",
        "{% static 'css/app.css'|add:words %}",
        "{% integrity words %}",
        "{% include words %}",
        "{% csrf_token %}",
        "{% if words %}{{ words }}{% endif %}",
    ],
)
def test_what_looks_at_the_page_is_never_kept(source):
    template = folded(source)
    assert [node.nodes for node in kept(template.nodelist) if len(node.nodes) > 1] == []
    assert isinstance(template.nodelist[-1], (Fixed, TextNode)) is False


def test_what_stands_inside_of_others_is_kept_as_well():
    template = folded("{% if words %}{% translate 'Today' %}: {{ words }}{% endif %}")
    assert (drawn(template, words="mine"), drawn(template, words="yours")) == (
        "Today: mine",
        "Today: yours",
    )
    assert [list(node.drawn.values()) for node in kept(template.nodelist)][-1] == ["Today: "]


def test_a_tag_that_does_not_say_so_is_asked_each_time():
    def tag():
        return ""

    assert not hasattr(tag, "is_fixed")
    assert fixed(tag).is_fixed


def test_no_words_of_a_person_are_kept(client, db):
    """Drawn for one person first, then for another: neither stands in what is kept."""
    for name in ("Quagga", "Okapi"):
        person = UserFactory(email=f"{name.lower()}@example.com")
        condition = ConditionFactory(user=person, name=f"{name} hip")
        TreatmentFactory(user=person, name=f"{name} mat")
        CheckInFactory(user=person, condition=condition, note=f"{name} slept")
        client.force_login(person)
        pages = [client.get(reverse(page)).content.decode() for page in PAGES]
        other = {"Quagga": "Okapi", "Okapi": "Quagga"}[name]
        assert [name in page and other not in page for page in pages] == [True] * len(pages)
    (loader,) = engines["django"].engine.template_loaders
    parts = [
        part
        for template in loader.get_template_cache.values()
        if hasattr(template, "nodelist")
        for node in kept(template.nodelist)
        for part in node.drawn.values()
    ]
    assert "Today" in "".join(parts)
    assert [part for part in parts if "quagga" in part.lower() or "okapi" in part.lower()] == []
