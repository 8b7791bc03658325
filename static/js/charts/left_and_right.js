// Mean pain of each week by side; below it, how much of the week's ratings each side had.
import { draw, painScale, scaleWords, slotScale, tooltip } from "./chart.js";

const PLOT_HEIGHT = 270;
const ROW_HEIGHT = 40;
const LOOKS = {
  left: { colour: "leg", shape: "circle", dash: [] },
  right: { colour: "back", shape: "rectRot", dash: [6, 3] },
  both: { colour: "text", shape: "triangle", dash: [2, 3] },
};

function sets(side, row, theme) {
  const { colour, shape, dash } = LOOKS[side.side];
  const common = {
    texts: side.marks.map(({ text }) => text),
    borderColor: theme[colour](),
    backgroundColor: theme[colour](),
    pointStyle: shape,
    pointHitRadius: 8,
  };
  return [
    {
      ...common,
      type: "line",
      yAxisID: "y",
      label: side.name,
      data: side.marks.map(({ week, pain }) => ({ x: week, y: pain })),
      borderWidth: 1.5,
      borderDash: dash,
      pointRadius: 3.5,
      segment: {
        borderColor: ({ p0, p1 }) => (p1.parsed.x - p0.parsed.x > 1 ? "transparent" : undefined),
      },
    },
    {
      ...common,
      type: "scatter",
      yAxisID: "shares",
      data: side.marks.map(({ week }) => ({ x: week, y: row + 0.66 })),
      pointRadius: side.marks.map(({ share }) => 1.5 + 6.5 * Math.sqrt(share)),
    },
  ];
}

// Each side's name over its row, and a dashed line where the side switched.
function words(drawing, theme) {
  return {
    id: "words",
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      ctx.save();
      ctx.textBaseline = "middle";
      ctx.font = `600 12px ${theme.font}`;
      drawing.sides.forEach((side, row) => {
        ctx.fillStyle = theme[LOOKS[side.side].colour]();
        ctx.fillText(side.name, chartArea.left, scales.shares.getPixelForValue(row + 0.2));
      });
      ctx.strokeStyle = theme.text(50);
      ctx.setLineDash([2, 3]);
      for (const { week } of drawing.switches) {
        const x = scales.x.getPixelForValue(week);
        ctx.beginPath();
        ctx.moveTo(x, scales.y.top);
        ctx.lineTo(x, scales.y.bottom);
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}

function build(drawing, theme) {
  const rows = Math.max(drawing.sides.length, 1);
  return {
    height: PLOT_HEIGHT + rows * ROW_HEIGHT,
    config: {
      data: { datasets: drawing.sides.flatMap((side, row) => sets(side, row, theme)) },
      options: {
        interaction: { mode: "nearest", intersect: false },
        scales: {
          x: slotScale(drawing.ticks, theme, {
            min: -0.6,
            max: drawing.weeks - 0.4,
          }),
          shares: {
            type: "linear",
            axis: "y", // without a dataset Chart.js cannot tell
            stack: "plot",
            stackWeight: rows * ROW_HEIGHT,
            min: 0,
            max: rows,
            reverse: true,
            ticks: { display: false },
            grid: { display: false },
            border: { display: false },
          },
          y: painScale(theme, { stack: "plot", stackWeight: PLOT_HEIGHT - 60 }),
        },
        plugins: {
          title: scaleWords(drawing.axis, theme, 8),
          tooltip: tooltip(theme, {
            title: () => "",
            label: (item) => item.dataset.texts[item.dataIndex],
          }),
        },
      },
      plugins: [words(drawing, theme)],
    },
  };
}

draw("left_and_right", build);
