"""What is looked for on a page that is open: axe, small screens, large text, fingers, the keyboard.

Each look leaves the page as it was, so that one visit does for all of them: to load a page takes
the browser longer than to look at it.
"""

# Colours that are still changing to the other theme have the wrong contrast.
SETTLED = """async () => {
  const frame = () => new Promise((shown) => requestAnimationFrame(shown));
  await frame();
  await frame();
  await Promise.all(document.getAnimations().map((animation) => animation.finished));
  await frame();
}"""

ABOUT_COLOURS = ("color-contrast", "link-in-text-block")

# Whatever is cut off: hidden overflow that holds more than it shows. For the eye only: what is
# read out but not shown (.visually-hidden), cells whose long text ends in an ellipsis, and fields,
# in which the cursor moves to what is longer.
CUT_OFF = """() => [...document.querySelectorAll("body *")]
  .filter((element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || style.visibility === "hidden") return false;
    if (element.closest("svg, datalist") || element.matches("canvas, input")) return false;
    const wide = ["hidden", "clip"].includes(style.overflowX);
    const high = ["hidden", "clip"].includes(style.overflowY);
    return (wide && element.scrollWidth > element.clientWidth + 1) ||
      (high && element.scrollHeight > element.clientHeight + 1);
  })
  .map((element) => element.outerHTML.slice(0, 120))"""

# WCAG 2.5.8 exempts links within a sentence; what a label encloses is tapped by the label.
TOO_SMALL = """() => [...document.querySelectorAll("a[href], button, summary, input, select, textarea")]
  .filter((element) => {
    if (element.type === "hidden" || !element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.matches(".skip-link")) return false;
    const label = element.matches("input[type=radio], input[type=checkbox]")
      ? element.labels[0] : null;
    const target = label ?? element;
    const isInText = getComputedStyle(element).display === "inline" &&
      element.parentElement.matches("p, li, dd, td, th, span, strong, div.form-text, label, .notice, small") &&
      element.parentElement.textContent.trim() !== element.textContent.trim();
    if (isInText) return false;
    const box = target.getBoundingClientRect();
    return box.width > 1 && (box.width < 43.5 || box.height < 43.5);
  })
  .map((element) => {
    const box = element.getBoundingClientRect();
    return `${Math.round(box.width)}x${Math.round(box.height)} ${element.outerHTML.slice(0, 140)}`;
  })"""

# Every stop of the Tab key that there should be: of radio buttons, one in each group.
STOPS = """() => {
  const groups = new Set();
  return [...document.querySelectorAll("a[href], button, summary, input, select, textarea")]
    .filter((element) => {
      if (element.type === "hidden" || element.disabled || element.tabIndex < 0) return false;
      if (!element.checkVisibility({ visibilityProperty: true })) return false;
      if (element.type !== "radio") return true;
      const group = `${element.form?.action} ${element.name}`;
      if (groups.has(group)) return false;
      groups.add(group);
      return true;
    }).length;
}"""

# Notes every element that comes into focus, and those of them that do not show it.
NOTE_STOPS = """() => {
  const noted = { reached: new Set(), unseen: new Set() };
  window.noted = noted;
  document.addEventListener("focusin", ({ target }) => {
    const drawn = target.matches("input[type=radio], input[type=checkbox]")
      ? [target, target.nextElementSibling, target.parentElement] : [target];
    const isSeen = drawn.filter(Boolean).some((each) => {
      const style = getComputedStyle(each);
      return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) ||
        style.boxShadow !== "none";
    });
    noted.reached.add(target);
    if (!isSeen) noted.unseen.add(target.outerHTML.slice(0, 100));
  });
}"""
REACHED = "window.noted.reached.size"
UNSEEN = "[...window.noted.unseen]"

MOVING = """() => document.getAnimations()
  .filter((animation) => animation.effect.getComputedTiming().duration > 1)
  .map((animation) => animation.effect.target.outerHTML.slice(0, 100))"""

WITHOUT_WORDS = """() => [...document.querySelectorAll("figure.chart")]
  .filter((chart) => !chart.querySelector("table td") ||
    !/[.]$/.test(chart.querySelector(".chart-summary, .chart-lead")?.textContent.trim() ?? ""))
  .map((chart) => chart.outerHTML.slice(0, 100))"""

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenwärmekissenbezugsreißverschluss"
# Where a line of a name of 80 letters lies outside of the page, or is cut off by what it stands in.
OUTSIDE = """(part) => {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.textContent.includes(part)) continue;
    if (node.parentElement.closest(".visually-hidden")) continue; // read out, not seen
    const wrap = node.parentElement.closest(".table-wrap"); // is moved sideways into sight
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      let left = 0;
      let right = document.documentElement.clientWidth;
      for (let each = node.parentElement; each; each = each.parentElement) {
        if (getComputedStyle(each).overflowX === "visible") continue;
        const limits = each.getBoundingClientRect();
        left = Math.max(left, limits.left);
        right = Math.min(right, limits.right);
      }
      const outside = box.width > 1 && (box.left < left - 1 || box.right > right + 1);
      if (wrap ? box.width > wrap.clientWidth : outside) {
        found.push(node.parentElement.outerHTML.slice(0, 160));
        break;
      }
    }
  }
  return found;
}"""

# Day, month and year of one date field are a stop each, and the browser's own.
STOPS_WITHIN = (
    "document.querySelectorAll('[type=date], [type=datetime-local], [type=time]').length * 7"
)

# Pressed and not let go: a message less for each of some thousand stops.
TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}


def width(page):
    return page.evaluate("document.documentElement.scrollWidth")


def everything(page, axe):
    """Yield the name of each rule with what breaks it on the page, which is open on a phone."""
    yield "too wide", [width(page)] if width(page) > 360 else []
    yield "long name outside of its row", page.evaluate(OUTSIDE, LONG[:30])
    yield "moves", page.evaluate(MOVING)
    yield "chart without a table or a sentence", page.evaluate(WITHOUT_WORDS)
    yield "too small for a finger", page.evaluate(TOO_SMALL)
    yield from in_both_themes(page, axe)
    yield from on_a_narrow_screen(page)
    yield from with_large_text(page)
    yield from by_the_tab_key(page)


def in_both_themes(page, axe):
    """All that axe knows, and in the other theme what is about colours: nothing else changes."""
    for theme, rules in (("light", ()), ("dark", ABOUT_COLOURS)):
        page.emulate_media(color_scheme=theme)
        page.evaluate(SETTLED)
        yield theme, axe(*rules)
    page.emulate_media(color_scheme="light")


def on_a_narrow_screen(page):
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate(SETTLED)  # charts follow the width a frame later
    yield "too wide at 320 px", [width(page)] if width(page) > 320 else []
    yield "cut off at 320 px", page.evaluate(CUT_OFF)
    page.set_viewport_size(size)


def with_large_text(page):
    size = page.viewport_size
    page.set_viewport_size({"width": 640, "height": 740})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.evaluate(SETTLED)
    yield "too wide with text at 200 %", [width(page)] if width(page) > 640 else []
    yield "cut off with text at 200 %", page.evaluate(CUT_OFF)
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(size)
    page.evaluate(SETTLED)


def by_the_tab_key(page):
    """Each stop is reached, and is seen to be reached."""
    wanted, within = page.evaluate(STOPS), page.evaluate(STOPS_WITHIN)
    page.evaluate(NOTE_STOPS)
    keyboard = page.context.new_cdp_session(page)
    for presses in range(1, wanted + 6 + within):
        keyboard.send("Input.dispatchKeyEvent", TAB)
        if presses >= wanted and page.evaluate(REACHED) >= wanted:
            break
    yield "not seen to be reached", page.evaluate(UNSEEN)
    reached = page.evaluate(REACHED)
    yield "not reached", [f"{reached} of {wanted} stops"] if reached < wanted else []
