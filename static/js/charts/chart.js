// What every chart shares: the library, the theme's colours, and drawing again when they change.
import "../../chart.js/chart.umd.js";

const { Chart } = globalThis;

// The colour of a custom property as the page shows it now, if need be let through in part.
function colourOf(canvas, name, fallback, share = 100) {
  const probe = document.createElement("span");
  probe.style.color = `color-mix(in srgb, var(${name}, ${fallback}) ${share}%, transparent)`;
  canvas.parentElement.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function themeOf(canvas) {
  return {
    treated: (share) => colourOf(canvas, "--chart-treated", "#1c5d6c", share),
    wait: (share) => colourOf(canvas, "--chart-wait", "#bb701a", share),
    leg: (share) => colourOf(canvas, "--chart-leg", "#5b3f9e", share),
    back: (share) => colourOf(canvas, "--chart-back", "#cf5a86", share),
    grid: (share) => colourOf(canvas, "--chart-grid", "#ddd", share),
    text: (share) => colourOf(canvas, "--chart-text", "#555", share),
    surface: (share) => colourOf(canvas, "--chart-surface", "#fff", share),
    ink: (share) => colourOf(canvas, "--ink", "#222", share),
    font: getComputedStyle(canvas.parentElement).fontFamily,
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

export function scaleWords(text, theme, room) {
  return {
    display: true,
    text,
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

// Draws the page's charts of this name. `build(drawing, theme)` gives { config, height }.
export function draw(name, build) {
  const canvas = document.querySelector(`canvas[data-chart="${name}"]`);
  const json = document.getElementById(name);
  if (!canvas || !json) {
    return;
  }
  const drawing = JSON.parse(json.textContent);
  canvas.parentElement.hidden = false;
  let chart;
  const redraw = () => {
    chart?.destroy();
    const theme = themeOf(canvas);
    const { config, height } = build(drawing, theme);
    if (height) {
      canvas.parentElement.style.height = `${height}px`;
    }
    Chart.defaults.animation = false;
    Chart.defaults.maintainAspectRatio = false;
    Chart.defaults.font.family = theme.font;
    Chart.defaults.font.size = 12;
    Chart.defaults.plugins.legend.display = false;
    chart = new Chart(canvas, config);
  };
  redraw();
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(query).addEventListener("change", redraw);
  }
  const attributeFilter = ["class", "data-theme", "data-bs-theme"];
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter });
  addEventListener("beforeprint", () => chart.resize());
  addEventListener("afterprint", () => chart.resize());
}
