// Each treatment's difference from waiting as a dot, its 95 % interval as a line, 0 = waiting.
import { draw, tooltip, wrapped } from "./chart.js";

const ROW = 64;
const ROW_ON_PAPER = 36;
const ROW_BESIDE = 24; // on paper, where the words stand to the left and to the right of the lines
const ROW_OF_TWO = 32; // where a name beside its line takes two lines
const MOST_BESIDE = 0.35; // of the width
const GAP = 14;
const NOTICEABLE = 1;
const NAME = "600 14px";
const NAME_BESIDE = "600 12px";
const COUNTS = "12px";
const LINE = 15;
const NAME_LINE = 14;
const BELOW = 4 / ROW; // of a row: where its dot and its line are, if its name is above them

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

// Both ways are said at the ends of the axis, or, where it is short, from 0 on.
function band([less, more], theme, isShort) {
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
      ctx.textAlign = isShort ? "right" : "left";
      writeAbove(ctx, less, isShort ? zero - GAP : chartArea.left, chartArea.top - 14);
      ctx.textAlign = isShort ? "left" : "right";
      writeAbove(ctx, more, isShort ? zero + GAP : chartArea.right, chartArea.top - 14);
      ctx.restore();
    },
  };
}

function saidOf(drawing) {
  return drawing.treatments.map((each, index) =>
    each.difference === null ? drawing.words.not_yet : drawing.words.counts[index],
  );
}

function widest(texts, theme, font) {
  return Math.max(0, ...texts.map((text) => theme.widthOf(text, font))) + GAP;
}

// The names in a line or two, and how wide they and the counts are, where all that can stand
// beside the lines; else null.
function besideOf(drawing, theme) {
  const most = theme.room * MOST_BESIDE;
  const names = drawing.treatments.map(({ treatment }) =>
    wrapped(treatment, theme, most - GAP, NAME_BESIDE),
  );
  const lines = Math.max(0, ...names.map(({ length }) => length));
  const left = widest(names.flat(), theme, NAME_BESIDE);
  const right = widest(saidOf(drawing), theme, COUNTS);
  const isRoom = lines <= 2 && Math.max(left, right) <= most;
  const row = lines > 1 ? ROW_OF_TWO : ROW_BESIDE;
  return theme.isOnPaper && isRoom ? { names, left, right, row } : null;
}

function lineOf({ low, high }, y, { ctx, scales }, theme) {
  ctx.strokeStyle = theme.treated();
  ctx.lineWidth = 3;
  ctx.lineCap = "round";
  ctx.beginPath();
  ctx.moveTo(scales.x.getPixelForValue(Math.max(low, scales.x.min)), y);
  ctx.lineTo(scales.x.getPixelForValue(Math.min(high, scales.x.max)), y);
  ctx.stroke();
}

// The name to the left of each line, its counts to the right.
function rowsBeside(drawing, theme, names) {
  const said = saidOf(drawing);
  return {
    id: "rows",
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      ctx.save();
      ctx.textBaseline = "middle";
      ctx.textAlign = "left";
      drawing.treatments.forEach((each, index) => {
        const y = scales.y.getPixelForValue(index);
        ctx.fillStyle = theme.ink();
        ctx.font = `${NAME_BESIDE} ${theme.font}`;
        for (const [line, words] of names[index].entries()) {
          ctx.fillText(words, 0, y + (line - (names[index].length - 1) / 2) * NAME_LINE);
        }
        ctx.fillStyle = theme.text();
        ctx.font = `${COUNTS} ${theme.font}`;
        ctx.fillText(said[index], chartArea.right + GAP, y);
        if (each.difference !== null) lineOf(each, y, chart, theme);
      });
      ctx.restore();
    },
  };
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
          lineOf(each, line, chart, theme);
        }
      });
      ctx.restore();
    },
  };
}

function build(drawing, theme) {
  const { treatments, words } = drawing;
  const beside = besideOf(drawing, theme);
  const below = beside ? 0 : BELOW;
  const axis = wrapped(words.axis, theme, theme.room - (beside ? beside.left + beside.right : 0));
  const far = reach(treatments);
  const said = ways(words, theme);
  const above = 15 + Math.max(...said.map((lines) => lines.length)) * LINE;
  const known = treatments
    .map((each, index) => ({ x: each.difference, y: index + below, index }))
    .filter((dot) => dot.x !== null);
  return {
    height: treatments.length * ROW + 72 + above,
    onPaper: treatments.length * (beside?.row ?? ROW_ON_PAPER) + 49 + axis.length * LINE + above,
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
        layout: { padding: { top: above, ...beside } },
        scales: {
          x: {
            min: -far,
            max: far,
            title: { display: true, text: axis, color: theme.text() },
            ticks: {
              stepSize: 1,
              color: theme.text(),
              maxRotation: 0,
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
      plugins: [
        band(said, theme, Boolean(beside)),
        beside ? rowsBeside(drawing, theme, beside.names) : rows(drawing, theme),
      ],
    },
  };
}

draw("against_waiting", build);
