// The change after every session of a self-test: dots for one arm, triangles for the other.
import { draw, tooltip } from "./chart.js";

const APART = 1.4;
const PIXELS = 133; // of one unit of height, so that two low rows are 380 high
const MANY = 5; // equal changes from which on their marks stand close

// How far apart the marks of a stack are, and the rows: names must stay above the tallest.
function spacing(arms) {
  const tallest = Math.max(0, ...arms.flatMap((arm) => arm.marks.map(([, height]) => height)));
  const step = tallest > MANY ? 0.08 : 0.13;
  return { step, apart: Math.max(APART, 0.85 + tallest * step) };
}

function marks(arm, index, theme, { step, apart }) {
  const colour = arm.is_wait ? theme.wait : theme.treated;
  return {
    data: arm.marks.map(([x, height]) => ({ x, y: index * apart - height * step })),
    backgroundColor: colour(70),
    borderColor: colour(),
    borderWidth: 1,
    pointStyle: arm.is_wait ? "triangle" : "circle",
    pointRadius: 5,
    pointHitRadius: 8,
    text: `${arm.name}: ${arm.text}`,
  };
}

// A line at "no change", each arm's name above its row, its mean as an upright line with its number.
function words(drawing, theme, apart) {
  return {
    id: "words",
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      ctx.save();
      ctx.fillStyle = theme.text(45);
      ctx.fillRect(scales.x.getPixelForValue(0) - 1, chartArea.top, 2, chartArea.height);
      drawing.arms.forEach((arm, index) => {
        const top = scales.y.getPixelForValue(index * apart - (apart - 0.62));
        ctx.font = `600 13px ${theme.font}`;
        ctx.fillStyle = arm.is_wait ? theme.wait() : theme.treated();
        ctx.fillText(
          `${arm.is_wait ? "▲" : "●"} ${arm.name}`,
          chartArea.left,
          top,
          chartArea.width,
        );
        if (arm.mean !== null) {
          const x = scales.x.getPixelForValue(arm.mean);
          const y = scales.y.getPixelForValue(index * apart + 0.09);
          ctx.fillStyle = theme.ink();
          ctx.fillRect(x - 1.5, y, 3, 12);
          ctx.textAlign = "center";
          ctx.fillText(arm.text, x, y + 26);
          ctx.textAlign = "left";
        }
      });
      ctx.restore();
    },
  };
}

function build(drawing, theme) {
  const changes = drawing.arms.flatMap((arm) => arm.marks.map(([change]) => change));
  const placed = spacing(drawing.arms);
  const lowest = placed.apart + 0.45;
  const highest = 0.45 - placed.apart;
  return {
    height: Math.round(PIXELS * (lowest - highest)) + 8,
    config: {
      type: "scatter",
      data: { datasets: drawing.arms.map((arm, index) => marks(arm, index, theme, placed)) },
      options: {
        scales: {
          x: {
            min: Math.min(...changes, -2) - 0.6,
            max: Math.max(...changes, 2) + 0.6,
            title: { display: true, text: drawing.axis, color: theme.text() },
            afterBuildTicks: (axis) => {
              axis.ticks = axis.ticks.filter(({ value }) => Number.isInteger(value));
            },
            ticks: {
              stepSize: 1,
              maxRotation: 0,
              color: theme.text(),
              callback: (value) => (value > 0 ? `+${value}` : String(value).replace("-", "−")),
            },
            grid: { color: theme.grid(60), drawTicks: false },
            border: { display: false },
          },
          y: { min: highest, max: lowest, reverse: true, display: false },
        },
        plugins: {
          tooltip: tooltip(theme, { title: () => "", label: (item) => item.dataset.text }),
        },
      },
      plugins: [words(drawing, theme, placed.apart)],
    },
  };
}

draw("self_test", build);
