// Each treatment's difference from waiting as a dot, its 95 % interval as a line, 0 = waiting.
import { draw, tooltip, wrapped } from "./chart.js";

const ROW = 64;
const ROW_ON_PAPER = 36;
const NOTICEABLE = 1;
const NAME = "600 14px";
const COUNTS = "12px";
const LINE = 15;
const BELOW = 4 / ROW; // of a row: where its dot and its line are

// As far out as the longest interval, the same both ways, in whole points.
function reach(treatments) {
  const ends = treatments.flatMap((each) => [each.low ?? 0, each.high ?? 0]).map(Math.abs);
  return Math.min(Math.max(Math.ceil(Math.max(...ends, 2)), 2), 10);
}

// What each way means, in as many lines as it needs in its half.
function ways(words, theme) {
  const half = theme.room / 2 - 20;
  return [`← ${words.less}`, `${words.more} →`].map((text) => wrapped(text, theme, half));
}

function writeAbove(ctx, lines, x, bottom) {
  for (const [index, line] of lines.entries()) {
    ctx.fillText(line, x, bottom - (lines.length - 1 - index) * LINE);
  }
}

function band([less, more], theme) {
  return {
    id: "band",
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      const left = scales.x.getPixelForValue(-NOTICEABLE);
      const right = scales.x.getPixelForValue(NOTICEABLE);
      const zero = scales.x.getPixelForValue(0);
      ctx.save();
      ctx.fillStyle = theme.grid(45);
      ctx.fillRect(left, chartArea.top, right - left, chartArea.height);
      ctx.fillStyle = theme.text(70);
      ctx.fillRect(zero - 1, chartArea.top, 2, chartArea.height);
      ctx.fillStyle = theme.text();
      ctx.font = `12px ${theme.font}`;
      ctx.textAlign = "left";
      writeAbove(ctx, less, chartArea.left, chartArea.top - 14);
      ctx.textAlign = "right";
      writeAbove(ctx, more, chartArea.right, chartArea.top - 14);
      ctx.restore();
    },
  };
}

function saidOf(drawing) {
  return drawing.treatments.map((each, index) =>
    each.difference === null ? drawing.words.not_yet : drawing.words.counts[index],
  );
}

// The name over each row, the counts beside it, and the interval through the dot. Where there is
// no room beside a name, all counts stand below their lines, unless rows are close (on paper).
function rows(drawing, theme) {
  const said = saidOf(drawing);
  return {
    id: "rows",
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      const rooms = said.map((text) => chartArea.width - theme.widthOf(text, COUNTS) - 12);
      const isTight = scales.y.getPixelForValue(1) - scales.y.getPixelForValue(0) < ROW - 4;
      const areBeside =
        isTight ||
        drawing.treatments.every(
          (each, index) => theme.widthOf(each.treatment, NAME) < rooms[index],
        );
      ctx.save();
      drawing.treatments.forEach((each, index) => {
        const y = scales.y.getPixelForValue(index);
        const line = scales.y.getPixelForValue(index + BELOW);
        ctx.textAlign = "left";
        ctx.fillStyle = theme.ink();
        ctx.font = `${NAME} ${theme.font}`;
        const room = areBeside ? rooms[index] : chartArea.width;
        ctx.fillText(each.treatment, chartArea.left, y - 16, room);
        ctx.textAlign = "right";
        ctx.fillStyle = theme.text();
        ctx.font = `${COUNTS} ${theme.font}`;
        ctx.fillText(said[index], chartArea.right, y + (areBeside ? -16 : 24), chartArea.width);
        if (each.difference !== null) {
          ctx.strokeStyle = theme.treated();
          ctx.lineWidth = 3;
          ctx.lineCap = "round";
          ctx.beginPath();
          ctx.moveTo(scales.x.getPixelForValue(Math.max(each.low, scales.x.min)), line);
          ctx.lineTo(scales.x.getPixelForValue(Math.min(each.high, scales.x.max)), line);
          ctx.stroke();
        }
      });
      ctx.restore();
    },
  };
}

function build(drawing, theme) {
  const { treatments, words } = drawing;
  const far = reach(treatments);
  const said = ways(words, theme);
  const above = 15 + Math.max(...said.map((lines) => lines.length)) * LINE;
  const known = treatments
    .map((each, index) => ({ x: each.difference, y: index + BELOW, index }))
    .filter((dot) => dot.x !== null);
  return {
    height: treatments.length * ROW + 72 + above,
    onPaper: treatments.length * ROW_ON_PAPER + 72 + above,
    config: {
      type: "scatter",
      data: {
        datasets: [
          {
            data: known,
            backgroundColor: theme.treated(),
            borderColor: theme.surface(),
            borderWidth: 2,
            pointRadius: 8,
            pointHitRadius: 16,
          },
        ],
      },
      options: {
        layout: { padding: { top: above } },
        scales: {
          x: {
            min: -far,
            max: far,
            title: { display: true, text: words.axis, color: theme.text() },
            ticks: {
              stepSize: 1,
              color: theme.text(),
              callback: (value) => (value > 0 ? `+${value}` : String(value).replace("-", "−")),
            },
            grid: { color: theme.grid(60), drawTicks: false },
            border: { display: false },
          },
          y: {
            min: -0.5,
            max: treatments.length - 0.5,
            reverse: true,
            display: false,
          },
        },
        plugins: {
          tooltip: tooltip(theme, {
            title: ([item]) => treatments[item.raw.index].treatment,
            label: (item) => words.texts[item.raw.index],
          }),
        },
      },
      plugins: [band(said, theme), rows(drawing, theme)],
    },
  };
}

draw("against_waiting", build);
