"""The colours can be read, in both themes."""

import re

import pytest
from django.conf import settings

CSS = settings.BASE_DIR / "static/css"
BLOCK = re.compile(r":root \{([^}]*--paper: #[^}]*)\}")
GROUNDS = ["paper", "surface", "sunk", "chip", "accent-soft", "danger-soft", "warning-soft"]
TEXT = 4.5  # WCAG 2.2, 1.4.3
SHAPES = 3.0  # WCAG 2.2, 1.4.11
PAIRS = [
    *((text, ground, TEXT) for text in ("ink", "ink-soft") for ground in GROUNDS),
    *(("accent", ground, TEXT) for ground in ("paper", "surface", "sunk", "accent-soft")),
    *(("danger", ground, TEXT) for ground in ("paper", "surface", "danger-soft")),
    ("accent-strong", "accent-soft", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("on-danger", "danger", TEXT),
    ("on-danger", "danger-strong", TEXT),
    ("chart-text", "chart-surface", TEXT),
    *(("line-strong", ground, SHAPES) for ground in ("paper", "surface")),
    *((f"chart-{name}", "chart-surface", SHAPES) for name in ("treated", "wait", "leg", "back")),
]


def blocks():
    return [BLOCK.search((CSS / path).read_text())[1] for path in ("app/tokens.css", "dark.css")]


def tokens(theme):
    """Name → #rrggbb. The dark theme's sheet changes only what differs."""
    light, dark = blocks()
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if theme == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))
    return colours


def luminance(colour):
    """Relative luminance, 0 to 1, as WCAG 2 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(
        weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )


def contrast(one, other):
    """From 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_the_standards_own_examples():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_colour_stands_out_from_its_ground(theme, front, ground, least):
    colours = tokens(theme)
    assert contrast(colours[front], colours[ground]) >= least


def test_both_themes_give_every_colour():
    names = [set(re.findall(r"--([\w-]+): #", block)) for block in blocks()]
    assert names[0] == names[1]
