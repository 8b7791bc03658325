"""What no page may do, whatever a test is about."""

from urllib.parse import urlsplit

from playwright.sync_api import Page

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} refuses ${event.blockedURI || "inline"}`);
});
"""
# Chromium's own line for an answer of 4xx or 5xx, which `_answered` judges.
STATUS_LINE = "Failed to load resource: the server responded with a status of"
# Playwright's, in a browser that shall have none.
NO_WORKER = "Service Worker registration blocked by Playwright"


class Guard:
    """Collects what went wrong in a page: violations, foreign requests, errors, missing files."""

    def __init__(self, page: Page, base_url: str):
        self.complaints: list[str] = []
        self.host = urlsplit(base_url).netloc
        page.add_init_script(REPORT_VIOLATIONS)
        page.on("request", self._requested)
        page.on("response", self._answered)
        page.on("console", self._printed)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))

    def _requested(self, request):
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob"} and url.netloc != self.host:
            self.complaints.append(f"foreign request: {request.url}")

    def _answered(self, response):
        request = response.request
        is_entry = request.resource_type == "document" or "x-kept-form" in request.headers
        worst = 500 if is_entry else 400  # refused input is answered, and shown, as 4xx
        if response.status >= worst:
            self.complaints.append(f"{response.status} for {response.url}")

    def _printed(self, message):
        is_known = message.text.startswith((STATUS_LINE, NO_WORKER))
        if message.type in {"error", "warning"} and not is_known:
            self.complaints.append(f"console: {message.text}")
