"""Inputs and selects of forms, drawn without a template.

A select of five choices takes Django eleven templates, which was most of the time of a filter. What
is drawn is the same, letter by letter: a test holds both side by side.
"""

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString

OF_WIDGETS = "django/forms/widgets/{}.html"
INPUTS = ("hidden", "text", "number", "date", "email", "password", "checkbox", "radio_option")


class Renderer(TemplatesSetting):
    def render(self, template_name, context, request=None):
        draw = DRAWN.get(template_name)
        drawn = draw and draw(context["widget"])
        return drawn or super().render(template_name, context, request)


def drawn_input(widget) -> SafeString | None:
    if widget.get("wrap_label"):
        return None
    value = {} if widget["value"] is None else {"value": str(widget["value"])}
    named = {"type": widget["type"], "name": widget["name"]} | value
    return format_html("<input{}{}>", attributes(named), attributes(widget["attrs"]))


def drawn_select(widget) -> SafeString | None:
    if any(group for group, _options, _index in widget["optgroups"]):
        return None
    options = [_option(each) for _group, (each,), _index in widget["optgroups"]]
    return format_html(
        '<select name="{}"{}>{}\n</select>',
        widget["name"],
        attributes(widget["attrs"]),
        SafeString("".join(options)),
    )


def _option(option) -> SafeString:
    return format_html(
        '\n  <option value="{}"{}>{}</option>\n',
        str(option["value"]),
        attributes(option["attrs"]),
        localize(option["label"]),
    )


def attributes(given: dict) -> SafeString:
    """As Django writes them: True stands by its name alone, False is left out."""
    return SafeString("".join(map(_attribute, given.items())))


def _attribute(given) -> str:
    name, value = given
    if value is False:
        return ""
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, str(value))


DRAWN = {OF_WIDGETS.format(name): drawn_input for name in INPUTS}
DRAWN[OF_WIDGETS.format("select")] = drawn_select
