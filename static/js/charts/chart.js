// What every chart shares: the library, the theme's colours, and drawing again when they change.
import "../../chart.js/chart.umd.js";

const { Chart } = globalThis;

// On paper: the light theme, as wide as an A4 page between its margins, two to a page, three dots a
// pixel.
const PAPER = { width: 690, height: 378, devicePixelRatio: 3 };

const looks = ["print", "(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) =>
  matchMedia(query),
);
const LOOK_OF_PAGE = ["class", "data-theme", "data-bs-theme"];

// What the page was asked for its colours, as long as it looks as it did then.
const known = { look: "", colours: new Map() };

function lookOfPage() {
  const attributes = LOOK_OF_PAGE.map((name) => document.documentElement.getAttribute(name));
  return [...looks.map(({ matches }) => matches), ...attributes].join();
}

// The colour of a custom property as the page shows it now, if need be let through in part.
function colourOf(name, fallback, share = 100) {
  const value = `color-mix(in srgb, var(${name}, ${fallback}) ${share}%, transparent)`;
  if (known.look !== lookOfPage()) {
    known.look = lookOfPage();
    known.colours.clear();
  }
  if (!known.colours.has(value)) {
    known.colours.set(value, shownAs(value));
  }
  return known.colours.get(value);
}

function shownAs(value) {
  const probe = document.createElement("span");
  probe.style.forcedColorAdjust = "none"; // or all would be one colour where the person's own rule
  probe.style.color = value;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

// How wide words are when drawn, and how wide the drawing is: what is too long would be squeezed.
function measuring(canvas, font, isOnPaper) {
  const context = document.createElement("canvas").getContext("2d");
  return {
    isOnPaper,
    room: isOnPaper ? PAPER.width : canvas.parentElement.clientWidth,
    widthOf(text, style = "12px") {
      context.font = `${style} ${font}`;
      return context.measureText(text).width;
    },
  };
}

// Paper has no dark theme: there the names are not looked up, and what stands beside them counts.
function themeOf(canvas, isOnPaper) {
  const named = (name, light) => (share) => colourOf(isOnPaper ? "--none" : name, light, share);
  const { fontFamily: font } = getComputedStyle(canvas.parentElement);
  return {
    ...measuring(canvas, font, isOnPaper),
    treated: named("--chart-treated", "#1c5d6c"),
    wait: named("--chart-wait", "#bb701a"),
    leg: named("--chart-leg", "#5b3f9e"),
    back: named("--chart-back", "#cf5a86"),
    grid: named("--chart-grid", "#ccc"),
    text: named("--chart-text", "#333"),
    surface: named("--chart-surface", "#fff"),
    ink: named("--ink", "#000"),
    font,
  };
}

// The pain scale: whole numbers, 0 at the bottom, its direction in words above it.
export function painScale(theme, more = {}) {
  return {
    min: -0.5,
    max: 10.5,
    afterBuildTicks: (axis) => {
      axis.ticks = [0, 2, 4, 6, 8, 10].map((value) => ({ value }));
    },
    ticks: { color: theme.text(), autoSkip: false },
    grid: { color: theme.grid(), drawTicks: false },
    border: { display: false },
    ...more,
  };
}

// Weeks or days side by side, with the words of `ticks` below those that have some.
export function slotScale(ticks, theme, more) {
  return {
    type: "linear",
    afterBuildTicks: (axis) => {
      axis.ticks = ticks.map(({ at }) => ({ value: at }));
    },
    ticks: {
      color: theme.text(),
      maxRotation: 0,
      callback: (value) => ticks.find(({ at }) => at === value)?.label,
    },
    grid: { display: false },
    border: { display: false },
    ...more,
  };
}

// Words in as many lines as they need in this room.
export function wrapped(text, theme, room, font) {
  const found = [];
  for (const word of text.split(" ")) {
    const longer = found.length ? `${found.at(-1)} ${word}` : word;
    if (found.length && theme.widthOf(longer, font) <= room) {
      found[found.length - 1] = longer;
    } else {
      found.push(word);
    }
  }
  return found;
}

// `beside`: what the layout keeps free at the sides.
export function scaleWords(text, theme, room, beside = 0) {
  return {
    display: true,
    text: wrapped(text, theme, theme.room - beside),
    align: "start",
    color: theme.text(),
    font: { weight: "normal" },
    padding: { bottom: room },
  };
}

// Words in the theme's ink on its own ground, without the library's coloured boxes.
export function tooltip(theme, callbacks) {
  return {
    backgroundColor: theme.surface(),
    borderColor: theme.text(40),
    borderWidth: 1,
    titleColor: theme.ink(),
    bodyColor: theme.ink(),
    footerColor: theme.ink(),
    footerFont: { weight: "normal" },
    displayColors: false,
    padding: 10,
    callbacks,
  };
}

// Rows may stand closer on paper than under a finger, but not upon each other: a chart that has
// rows says itself how high it is there.
function heightOnPaper(height, said) {
  return said ?? (height && Math.max(Math.min(height, PAPER.height), height * 0.75));
}

// Draws the page's charts of this name, each when it comes near the screen, or on paper all.
// `build(drawing, theme)` gives { config, height } and maybe { onPaper }, the height on paper.
export function draw(name, build) {
  const canvas = document.querySelector(`canvas[data-chart="${name}"]`);
  const json = document.getElementById(name);
  if (!canvas || !json) {
    return;
  }
  const drawing = JSON.parse(json.textContent);
  canvas.parentElement.hidden = false;
  let chart;
  const redraw = (isOnPaper) => {
    chart?.destroy();
    const theme = themeOf(canvas, isOnPaper);
    const { config, height, onPaper } = build(drawing, theme);
    canvas.parentElement.style.width = isOnPaper ? `${PAPER.width}px` : "";
    reserve(canvas, height);
    Chart.defaults.animation = false;
    Chart.defaults.maintainAspectRatio = false;
    Chart.defaults.responsive = !isOnPaper;
    Chart.defaults.devicePixelRatio = isOnPaper ? PAPER.devicePixelRatio : undefined;
    Chart.defaults.font.family = theme.font;
    Chart.defaults.font.size = 12;
    Chart.defaults.plugins.legend.display = false;
    chart = new Chart(canvas, config);
    if (isOnPaper) {
      chart.resize(
        PAPER.width,
        heightOnPaper(height, onPaper) || canvas.parentElement.clientHeight,
      );
    }
  };
  const again = (isOnPaper) => chart && redraw(isOnPaper);
  if (looks[0].matches) {
    redraw(true);
  } else {
    reserve(canvas, build(drawing, themeOf(canvas, false)).height);
    whenNear(canvas.parentElement, () => chart || redraw(false));
  }
  looks[0].addEventListener("change", ({ matches }) => redraw(matches));
  for (const look of looks.slice(1)) {
    look.addEventListener("change", () => again(looks[0].matches));
  }
  new MutationObserver(() => again(looks[0].matches)).observe(document.documentElement, {
    attributeFilter: LOOK_OF_PAGE,
  });
  // Words are laid out for one width: a phone that is turned would squeeze them.
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) {
      width = innerWidth;
      again(looks[0].matches);
    }
  });
  addEventListener("beforeprint", () => redraw(true));
  addEventListener("afterprint", () => redraw(false));
}

// The height is there before the drawing is: nothing below it jumps.
function reserve(canvas, height) {
  if (height) {
    canvas.parentElement.style.height = `${height}px`;
  }
}

// Within a screen of what is seen; in a closed fold it is nowhere.
function whenNear(element, then) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) {
        observer.disconnect();
        then();
      }
    },
    { rootMargin: "100% 0px" },
  );
  observer.observe(element);
}
