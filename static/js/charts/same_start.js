// From mild, middling and bad starts the mean change after it, beside that after waiting.
import { draw, tooltip } from "./chart.js";

const ROW_HEIGHT = 84;
const NAME_AT = 0.16;
const PLACES = { treated: 0.46, wait: 0.78 };

function ends(drawing, key, theme) {
  const rows = drawing.rows.map((row, index) => ({ end: row[key], index }));
  const found = rows.filter(({ end }) => end);
  return {
    data: found.map(({ end, index }) => ({ x: end.change, y: index + PLACES[key] })),
    words: found.map(({ end }) => end),
    kind: key,
    borderColor: theme[key](),
    backgroundColor: key === "wait" ? theme.surface() : theme.treated(),
    borderWidth: 2.5,
    pointRadius: 6,
    hoverRadius: 7,
    pointHitRadius: 8,
  };
}

// A line from "no change" to each end, dotted for waiting, and the numbers beyond it.
function arm(chart, point, set, index, zero, theme) {
  const { ctx } = chart;
  const { number, counts, change } = set.words[index];
  ctx.strokeStyle = set.borderColor;
  ctx.lineWidth = set.kind === "wait" ? 3 : 4;
  ctx.setLineDash(set.kind === "wait" ? [0.1, 7] : []);
  ctx.beginPath();
  ctx.moveTo(zero, point.y);
  ctx.lineTo(point.x, point.y);
  ctx.stroke();
  ctx.setLineDash([]);
  const beyond = change > 0 ? point.x + 12 : Math.max(zero, point.x) + 12;
  ctx.font = `700 13px ${theme.font}`;
  ctx.fillStyle = theme.ink();
  ctx.fillText(number, beyond, point.y);
  const after = beyond + ctx.measureText(`${number} `).width + 2;
  ctx.font = `12px ${theme.font}`;
  ctx.fillStyle = theme.text();
  ctx.fillText(counts, after, point.y, chart.width - after);
}

function ground(drawing, theme) {
  return {
    id: "ground",
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      const zero = scales.x.getPixelForValue(0);
      ctx.save();
      ctx.textBaseline = "middle";
      ctx.lineCap = "round";
      ctx.fillStyle = theme.text(70);
      ctx.fillRect(zero - 1, chartArea.top, 2, chartArea.height);
      ctx.font = `600 13px ${theme.font}`;
      ctx.fillStyle = theme.ink();
      drawing.rows.forEach((row, index) => {
        const y = scales.y.getPixelForValue(index + NAME_AT);
        ctx.fillText(row.name, chartArea.left, y, chartArea.width);
      });
      chart.data.datasets.forEach((set, number) => {
        chart.getDatasetMeta(number).data.forEach((point, index) => {
          arm(chart, point, set, index, zero, theme);
        });
      });
      names(ctx, chartArea, drawing, theme);
      ctx.restore();
    },
  };
}

function names(ctx, chartArea, drawing, theme) {
  const [own, wait] = drawing.names;
  ctx.font = `600 13px ${theme.font}`;
  ctx.fillStyle = theme.treated();
  ctx.fillText(`● ${own}`, chartArea.left, chartArea.top - 14, chartArea.width * 0.55);
  ctx.textAlign = "right";
  ctx.fillStyle = theme.wait();
  ctx.fillText(`○ ${wait}`, chartArea.right, chartArea.top - 14, chartArea.width * 0.4);
}

function build(drawing, theme) {
  const found = drawing.rows.flatMap((row) => [row.treated, row.wait]).filter(Boolean);
  const changes = found.map(({ change }) => change);
  const least = Math.min(...changes, -1) - 0.5;
  // The numbers stand to the right: they need as much room there as two fifths of the drawing.
  const most = Math.max(...changes, 0) + 0.5 + (Math.max(...changes, 0) - least) * 0.7;
  return {
    height: 86 + drawing.rows.length * ROW_HEIGHT,
    config: {
      type: "scatter",
      data: {
        datasets: [ends(drawing, "treated", theme), ends(drawing, "wait", theme)],
      },
      options: {
        layout: { padding: { top: 30 } },
        scales: {
          x: {
            min: least,
            max: most,
            afterBuildTicks: (axis) => {
              axis.ticks = axis.ticks.filter(({ value }) => Number.isInteger(value));
            },
            title: {
              display: true,
              text: `${drawing.axis}: ← ${drawing.less}, ${drawing.more} →`,
              color: theme.text(),
            },
            ticks: {
              stepSize: 1,
              color: theme.text(),
              callback: (value) => (value > 0 ? `+${value}` : String(value).replace("-", "−")),
            },
            grid: { color: theme.grid(60), drawTicks: false },
            border: { display: false },
          },
          y: {
            min: 0,
            max: Math.max(drawing.rows.length, 1),
            reverse: true,
            display: false,
          },
        },
        plugins: {
          tooltip: tooltip(theme, {
            title: () => "",
            label: ({ dataset, dataIndex }) => {
              const { number, counts } = dataset.words[dataIndex];
              return `${number} (${counts})`;
            },
          }),
        },
      },
      plugins: [ground(drawing, theme)],
    },
  };
}

draw("same_start", build);
