"""Draw the icons of the installed program from static/icons/icon.svg: python -m tests.browser.icons"""

import re

from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.servers import ROOT

ICONS = ROOT / "static" / "icons"
GROUND = "#1c5d6c"
# Size in pixels, and whether the ground reaches into the corners: phones cut those off.
DRAWN = {
    "icon-192.png": (192, False),
    "icon-512.png": (512, False),
    "maskable-192.png": (192, True),
    "maskable-512.png": (512, True),
    "apple-touch-icon.png": (180, True),
}


def picture(svg: str, size: int, is_full: bool) -> str:
    """The page to be photographed. What is cut off is at most a fifth, so the drawing is smaller."""
    if is_full:
        drawing = re.search(r"<rect[^>]*/>(.*)</svg>", svg, re.DOTALL)[1]
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
            f'<rect width="64" height="64" fill="{GROUND}"/>'
            f'<g transform="translate(32 32) scale(.82) translate(-32 -32)">{drawing}</g></svg>'
        )
    return f'<body style="margin:0">{svg.replace("<svg", f"<svg width={size} height={size}", 1)}'


def main():
    svg = (ICONS / "icon.svg").read_text()
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for name, (size, is_full) in DRAWN.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(picture(svg, size, is_full))
            page.screenshot(path=ICONS / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
