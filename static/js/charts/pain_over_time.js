// Leg and back pain per day, treatments in strips below, dashed where the side switched.
import { draw, painScale, scaleWords, slotScale, tooltip } from "./chart.js";

const PLOT_HEIGHT = 300;
const STRIP_HEIGHT = 34;
const SHAPES = { leg: "circle", back: "rectRot" };
const DASHES = { leg: [], back: [5, 3] };

function lineSets(line, theme) {
  const points = line.means.map((y, x) => ({ x, y }));
  const spread = line.ranges.map((y, x) => ({ x, y }));
  const colour = theme[line.key]();
  return [
    {
      type: "line",
      yAxisID: "y",
      data: points,
      texts: line.texts,
      label: line.name,
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: 1.5,
      borderDash: DASHES[line.key],
      pointStyle: SHAPES[line.key],
      pointRadius: points.length > 120 ? 2 : 2.5,
      pointHitRadius: 8,
      spanGaps: false,
    },
    {
      type: "bar",
      yAxisID: "y",
      data: spread,
      grouped: false,
      barThickness: 3,
      borderRadius: 2,
      backgroundColor: theme[line.key](30),
    },
  ];
}

function stripSet(strip, row, slots, theme) {
  const colour = strip.is_wait ? theme.wait() : theme.treated();
  return {
    type: "scatter",
    yAxisID: "strips",
    data: strip.marks.map((mark) => ({ x: mark.at, y: row + 0.72 })),
    texts: strip.marks.map((mark) => mark.text),
    borderColor: colour,
    backgroundColor: strip.is_wait ? theme.surface() : colour,
    borderWidth: 1.5,
    pointStyle: strip.is_wait ? "triangle" : "rectRounded",
    pointRadius: slots > 40 ? 3 : 4,
  };
}

// A strip's name above its marks, and pale bars where the treatment was in use.
function stripNames(drawing, theme) {
  return {
    id: "stripNames",
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      ctx.save();
      ctx.font = `11px ${theme.font}`;
      ctx.textBaseline = "middle";
      drawing.strips.forEach((strip, row) => {
        const middle = scales.strips.getPixelForValue(row + 0.72);
        ctx.fillStyle = theme.treated(18);
        for (const period of strip.periods) {
          const left = scales.x.getPixelForValue(period.from - 0.5);
          const right = scales.x.getPixelForValue(period.until + 0.5);
          ctx.fillRect(left, middle - 6, right - left, 12);
        }
        ctx.fillStyle = theme.text();
        ctx.fillText(strip.name, chartArea.left, scales.strips.getPixelForValue(row + 0.24));
      });
      ctx.restore();
    },
  };
}

// A dashed line at each switch of side, with its words where there is room for them.
function switches(drawing, theme) {
  return {
    id: "switches",
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      const { top, bottom } = scales.y;
      let free = chartArea.left;
      ctx.save();
      ctx.font = `11px ${theme.font}`;
      ctx.textAlign = "center";
      ctx.strokeStyle = theme.text(70);
      ctx.fillStyle = theme.text();
      ctx.setLineDash([2, 3]);
      for (const event of drawing.switches) {
        const x = scales.x.getPixelForValue(event.at);
        ctx.beginPath();
        ctx.moveTo(x, top);
        ctx.lineTo(x, bottom);
        ctx.stroke();
        const half = ctx.measureText(event.text).width / 2;
        const middle = Math.min(Math.max(x, chartArea.left + half), chartArea.right - half);
        if (middle - half >= free) {
          ctx.fillText(event.text, middle, top - 4);
          free = middle + half + 8;
        }
      }
      ctx.restore();
    },
  };
}

// "leg" and "back" at the end of their lines, in place of a legend.
function lineNames(theme) {
  return {
    id: "lineNames",
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      let taken;
      ctx.save();
      ctx.font = `600 12px ${theme.font}`;
      ctx.textBaseline = "middle";
      chart.data.datasets.forEach((set, index) => {
        const end = set.label && chart.getDatasetMeta(index).data.findLast((point) => !point.skip);
        if (!end) {
          return;
        }
        const isNear = taken !== undefined && Math.abs(taken - end.y) < 14;
        const y = isNear ? taken + (end.y < taken ? -14 : 14) : end.y;
        ctx.fillStyle = set.borderColor;
        ctx.fillText(set.label, end.x + 8, y);
        taken = y;
      });
      ctx.restore();
    },
  };
}

function build(drawing, theme) {
  const rows = drawing.strips.length;
  const lines = drawing.lines.flatMap((line) => lineSets(line, theme));
  const strips = drawing.strips.map((strip, row) =>
    stripSet(strip, row, drawing.slots.length, theme),
  );
  const time = slotScale(drawing.ticks, theme, {
    offset: false,
    min: -0.5,
    max: drawing.slots.length - 0.5,
    grid: { color: theme.grid(60), drawTicks: false, offset: false },
  });
  const below = {
    type: "linear",
    axis: "y",
    stack: "plot",
    stackWeight: Math.max(rows * STRIP_HEIGHT, 1),
    min: 0,
    max: Math.max(rows, 1),
    reverse: true,
    ticks: { display: false },
    grid: { display: false },
    border: { display: false },
  };
  const names = drawing.lines.map((line) => theme.widthOf(line.name, "600 12px"));
  const right = Math.max(26, ...names) + 12;
  return {
    height: PLOT_HEIGHT + rows * STRIP_HEIGHT,
    config: {
      data: { datasets: [...lines, ...strips] },
      options: {
        layout: { padding: { right } },
        interaction: { mode: "nearest", axis: "x", intersect: false },
        scales: {
          x: time,
          strips: below,
          y: painScale(theme, { stack: "plot", stackWeight: PLOT_HEIGHT - 70 }),
        },
        plugins: {
          title: scaleWords(drawing.axis, theme, 22, right),
          tooltip: {
            ...tooltip(theme, {
              title: ([item]) => item && drawing.slots[item.parsed.x],
              label: (item) => item.dataset.texts[item.dataIndex],
              footer: ([item]) =>
                drawing.switches.filter(({ at }) => at === item?.parsed.x).map(({ text }) => text),
            }),
            filter: (item) => Boolean(item.dataset.texts),
          },
        },
      },
      plugins: [stripNames(drawing, theme), switches(drawing, theme), lineNames(theme)],
    },
  };
}

draw("pain_over_time", build);
