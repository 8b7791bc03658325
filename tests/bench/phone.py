"""A cheap phone: Chromium with a quarter of the processor's speed, on slow 4G.

Bytes are counted as they cross the wire. The times are those that browsers report: largest
contentful paint, and total blocking time (what tasks take beyond 50 ms each).
"""

import statistics

from playwright.sync_api import sync_playwright

from tests.browser import chromium

ROUNDS = 3
SLOWER = 4
SLOW_4G = {
    "offline": False,
    "latency": 150,  # ms
    "downloadThroughput": 1.6e6 / 8,  # bytes a second
    "uploadThroughput": 0.75e6 / 8,
}
PHONE = {"width": 360, "height": 740}
OBSERVE = """
window.lcp = 0; window.blocked = 0; window.drawn = Infinity;
new PerformanceObserver((list) => { window.lcp = list.getEntries().at(-1).startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.blocked += task.duration - 50;
}).observe({ type: "longtask", buffered: true });
document.addEventListener("DOMContentLoaded", () => {
  const look = () => {
    const canvases = [...document.querySelectorAll("canvas[data-chart]")];
    if (canvases.some((canvas) => canvas.style.display === "block")) {
      window.drawn = performance.now();
    } else if (canvases.length) requestAnimationFrame(look);
  };
  document.querySelector("canvas[data-chart]")?.closest("figure").scrollIntoView();
  look();
});
"""
# Name, path, then at most: KB at first and on the next visit, requests, LCP, blocking and the first
# drawing by a script in ms. What Answers and a card show first is drawn by the server.
TARGETS = {
    "Today": (
        "/today/",
        {"KB": 32, "KB next": 10, "requests": 12, "LCP ms": 1500, "blocked ms": 100},
    ),
    "Compare": ("/compare/", {"KB": 38, "LCP ms": 1200}),
    "Timeline": ("/timeline/", {"KB": 115, "drawn ms": 3000}),
    "Card": ("/treatments/{mat}/card/", {"KB": 115, "LCP ms": 1500, "blocked ms": 200}),
}


def visits(url, session, mat):
    """Medians over some first and next visits: {page: {what: value}}; `mat`: whose card is opened."""
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        found = {
            name: [
                visit_twice(browser, url, path.format(mat=mat), session) for _round in range(ROUNDS)
            ]
            for name, (path, _targets) in TARGETS.items()
        }
        browser.close()
    return {
        name: {what: statistics.median(each[what] for each in rounds) for what in rounds[0]}
        for name, rounds in found.items()
    }


def visit_twice(browser, url, path, session):
    # Without the service worker: what it has kept would not be counted as fetched.
    context = browser.new_context(base_url=url, viewport=PHONE, service_workers="block")
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    first, again = visit(context, path), visit(context, path)
    context.close()
    return first | {"KB next": again["KB"]}


def visit(context, path):
    page = context.new_page()
    page.add_init_script(OBSERVE)
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", SLOW_4G)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    sizes = []
    protocol.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    page.wait_for_timeout(1000)  # late tasks count, too
    lcp, blocked, drawn = page.evaluate("[window.lcp, window.blocked, window.drawn]")
    page.close()
    fetched = {"KB": sum(sizes) / 1024, "requests": sum(size > 0 for size in sizes)}
    return fetched | {"LCP ms": lcp, "blocked ms": blocked, "drawn ms": drawn}


def limits(found):
    """Sentence, value and target of each limit."""
    for name, (_path, targets) in TARGETS.items():
        for what, target in targets.items():
            yield (
                f"{name} on a cheap phone, {what}: {found[name][what]:.0f}",
                found[name][what],
                target,
            )
