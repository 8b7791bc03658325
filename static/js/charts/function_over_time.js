// How well each activity went: a line and a shape of its own for each.
import { draw, painScale, scaleWords, slotScale, tooltip } from "./chart.js";

const COLOURS = ["treated", "back", "leg"];
const SHAPES = ["circle", "rectRot", "triangle"];
const DASHES = [[], [6, 3], [2, 3]];

function set(line, index, theme) {
  const colour = theme[COLOURS[index % COLOURS.length]]();
  return {
    label: line.name,
    texts: line.marks.map(({ text }) => text),
    data: line.marks.map(({ at, rating }) => ({ x: at, y: rating })),
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 2,
    borderDash: DASHES[index % DASHES.length],
    pointStyle: SHAPES[index % SHAPES.length],
    pointRadius: 4.5,
    pointHitRadius: 10,
  };
}

function build(drawing, theme) {
  return {
    height: 320,
    config: {
      type: "line",
      data: { datasets: drawing.lines.map((line, index) => set(line, index, theme)) },
      options: {
        interaction: { mode: "nearest", intersect: false },
        scales: {
          x: slotScale(drawing.ticks, theme, {
            min: -0.6,
            max: drawing.slots - 0.4,
          }),
          y: painScale(theme),
        },
        plugins: {
          title: scaleWords(drawing.axis, theme, 8),
          legend: {
            display: true,
            position: "bottom",
            align: "start",
            labels: { color: theme.ink(), usePointStyle: true, padding: 16 },
            onClick: () => {},
          },
          tooltip: tooltip(theme, {
            title: () => "",
            label: (item) => item.dataset.texts[item.dataIndex],
          }),
        },
      },
    },
  };
}

draw("function_over_time", build);
