"""Inputs drawn without a template are those that Django draws with one."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

from config.web.plain_inputs import Renderer

AN_INPUT = {"id": "id_a", "required": True, "disabled": False, "data-words": 'a "b" & <c>'}
CHOICES = [("", "---"), (1, "One & all"), ("<", SafeString("<b>"))]
GROUPED = [("Fruit", [("a", "Apple"), ("b", "Pear")]), ("c", "None")]


@pytest.mark.parametrize(
    "widget",
    [
        forms.HiddenInput(),
        forms.TextInput(),
        forms.NumberInput(),
        forms.DateInput(),
        forms.EmailInput(),
        forms.PasswordInput(render_value=True),
        forms.CheckboxInput(),
        forms.Select(choices=CHOICES),
        forms.Select(choices=GROUPED),
        forms.Select(),
        forms.Select(choices=[(1.5, 1.5), (2000, 2000)]),
    ],
    ids=lambda widget: type(widget).__name__,
)
@pytest.mark.parametrize("value", [None, "", "x", 'a "b" & <c>', 1, 2000, SafeString("<b>"), True])
@pytest.mark.parametrize("attrs", [{}, AN_INPUT], ids=["bare", "told more"])
def test_it_is_what_django_draws(widget, value, attrs):
    ours = widget.render("name & more", value, attrs, renderer=Renderer())
    assert ours == widget.render("name & more", value, attrs, renderer=TemplatesSetting())


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_radio_button_is_what_django_draws(wrapped):
    class Sided(forms.Form):
        side = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)

    drawn = [
        [option.tag(wrap_label=wrapped) for option in Sided({"side": "1"}, renderer=each())["side"]]
        for each in (Renderer, TemplatesSetting)
    ]
    assert drawn[0] == drawn[1]
