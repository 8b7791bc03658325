"""The page to read in thirty years opens from a disk, by itself."""

import pytest

from apps.your_data.html.page import export_html
from tests.browser.conftest import AXE
from tests.your_data.html.test_page import plant


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_page_opens_from_a_disk(browser, transactional_db, alice, tmp_path, scheme, width):
    plant(alice)
    file = tmp_path / "diary.html"
    file.write_bytes(b"".join(export_html(alice)))
    context = browser.new_context(
        viewport={"width": width, "height": 740}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    requests, said = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(file.as_uri())
    assert page.locator("svg circle").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert wrong(page) == []
    assert (requests, said) == ([file.as_uri()], [])
    context.close()


def wrong(page):
    """What axe-core finds, by the debugging protocol: the page's own policy lets no script in."""
    source = AXE.read_text()
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": source})
    return [each["id"] for each in page.evaluate("async () => (await axe.run()).violations")]
