// Pain as a calm line with its band and faint days; below it side, treatments and waits in lanes.
import { draw, painScale, scaleWords, tooltip, wrapped } from "./chart.js";

const PLOT_HEIGHT = 130;
const TIME_HEIGHT = 22;
// Each lane has its name above its marks, or where there is room to the left of them.
const NAMES_ABOVE = { lane: 25, name: 6.5, mark: 19, left: 0 };
const NAMES_BESIDE = { lane: 18, name: 9, mark: 9 };
const BESIDE_FROM = 600;
const MOST_BESIDE = 0.3; // of the width
const LINE_WORDS = 14.4;
const EVENT_WORDS = 20;
const DASHES = { leg: [], back: [6, 4] };
const LONG = 130;

function bandSets(line, at, theme) {
  const side = (place, more) => ({
    type: "line",
    yAxisID: "y",
    data: line.bands.map((band, slot) => ({ x: at[slot], y: band ? band[place] : null })),
    borderWidth: 0,
    pointRadius: 0,
    pointHitRadius: 0,
    cubicInterpolationMode: "monotone",
    backgroundColor: theme[line.key](16),
    order: 3,
    ...more,
  });
  return [side(0, { fill: "+1" }), side(1, {})];
}

function dotSet(line, isLong, theme) {
  return {
    type: "scatter",
    yAxisID: "y",
    data: line.days.map(([x, y]) => ({ x, y })),
    borderWidth: 0,
    backgroundColor: theme[line.key](32),
    pointRadius: isLong ? 1.5 : 2.5,
    pointHitRadius: 0,
    order: 2,
  };
}

// A point of its own where both neighbours are missing: a line of one point is not seen.
function radii(line, isDaily) {
  const isThere = (slot) => line.means[slot] !== null && line.means[slot] !== undefined;
  return line.means.map((_, slot) =>
    isDaily || !(isThere(slot - 1) || isThere(slot + 1)) ? 3.5 : 0,
  );
}

function lineSet(line, drawing, theme) {
  const isDaily = drawing.at.length === drawing.days;
  const colour = theme[line.key]();
  return {
    type: "line",
    yAxisID: "y",
    data: line.means.map((y, slot) => ({ x: drawing.at[slot], y })),
    texts: line.texts,
    whens: drawing.slots,
    label: line.name,
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: line.key === "leg" ? 2.5 : 2,
    borderDash: DASHES[line.key],
    borderCapStyle: "round",
    borderJoinStyle: "round",
    cubicInterpolationMode: isDaily ? "default" : "monotone", // which never overshoots a point
    pointStyle: line.key === "leg" ? "circle" : "rectRot",
    pointRadius: radii(line, isDaily),
    pointHitRadius: 8,
    spanGaps: false,
    order: 1,
  };
}

function lineSets(line, drawing, theme) {
  const rest = [dotSet(line, drawing.days > LONG, theme), lineSet(line, drawing, theme)];
  return line.bands.some(Boolean) ? [...bandSets(line, drawing.at, theme), ...rest] : rest;
}

// A tick for what was done, as high as it was often; of waits rings, one upon the other.
function laneSet(lane, row, drawing, theme, rows) {
  const isByDay = drawing.lane_at.length === drawing.days;
  const middle = row * rows.lane + TIME_HEIGHT + rows.mark;
  const marks = lane.marks.flatMap(([slot, level, n]) => {
    const rings = lane.is_wait && !isByDay ? level : 1;
    return Array.from({ length: rings }, (_, ring) => ({
      x: drawing.lane_at[slot],
      y: middle + (ring - (rings - 1) / 2) * 5.2,
      level,
      slot,
      n,
    }));
  });
  const colour = lane.is_wait ? theme.wait() : theme.treated();
  return {
    type: "scatter",
    yAxisID: "lanes",
    data: marks,
    texts: marks.map(({ n }) => (n === 1 ? lane.name : `${lane.name} × ${n}`)),
    whens: marks.map(({ slot }) => drawing.lane_slots[slot]),
    borderColor: colour,
    backgroundColor: lane.is_wait ? theme.surface() : colour,
    borderWidth: lane.is_wait ? (isByDay ? 1.5 : 1.2) : 2.5,
    pointStyle: lane.is_wait ? "circle" : "line",
    rotation: lane.is_wait ? 0 : 90,
    pointRadius: lane.is_wait ? (isByDay ? 3.5 : 1.6) : marks.map(({ level }) => 1.8 * level),
    hoverRadius: lane.is_wait ? 4 : 7,
    pointHitRadius: 6,
  };
}

// Months dotted through all, and their names between the line and the lanes.
function time({ ctx, chartArea, scales }, drawing, theme) {
  const below = scales.lanes.getPixelForValue(TIME_HEIGHT / 2);
  let free = chartArea.left - 20;
  ctx.strokeStyle = theme.grid();
  ctx.setLineDash([1, 4]);
  ctx.textAlign = "center";
  for (const tick of drawing.ticks) {
    const x = scales.x.getPixelForValue(tick.at);
    ctx.beginPath();
    ctx.moveTo(x, scales.y.top);
    ctx.lineTo(x, chartArea.bottom);
    ctx.stroke();
    const half = ctx.measureText(tick.label).width / 2;
    const middle = Math.min(Math.max(x, chartArea.left + half), chartArea.right - half);
    if (middle - half >= free) {
      ctx.fillText(tick.label, middle, below);
      free = middle + half + 8;
    }
  }
  ctx.setLineDash([]);
}

// On which side it was: a bar, dark where it was the right one, with as many words as fit.
function sides({ ctx, scales }, drawing, theme, rows) {
  const looks = {
    left: [theme.grid(), theme.ink()],
    right: [theme.text(), theme.surface()],
    both: [theme.text(35), theme.ink()],
  };
  const middle = scales.lanes.getPixelForValue(TIME_HEIGHT + rows.mark);
  const words = (stretch, room) =>
    [stretch.words, stretch.letter].find((text) => ctx.measureText(text).width + 6 <= room);
  ctx.textAlign = "center";
  for (const stretch of drawing.stretches) {
    const left = scales.x.getPixelForValue(stretch.from - 0.5);
    const width = Math.max(scales.x.getPixelForValue(stretch.until - 0.5) - left - 1, 2);
    const [ground, ink] = looks[stretch.side];
    ctx.fillStyle = ground;
    ctx.beginPath();
    ctx.roundRect(left, middle - 6.5, width, 13, 3);
    ctx.fill();
    ctx.font = `600 11px ${theme.font}`;
    ctx.fillStyle = ink;
    const text = words(stretch, width);
    if (text) {
      ctx.fillText(text, left + width / 2, middle + 0.5);
    }
  }
}

// Where a treatment was in use, pale, with an edge where that began.
function periods({ ctx, scales }, lane, middle, theme) {
  for (const period of lane.periods) {
    const left = scales.x.getPixelForValue(period.from - 0.5);
    const width = scales.x.getPixelForValue(period.until + 0.5) - left;
    ctx.fillStyle = theme.treated(14);
    ctx.fillRect(left, middle - 5, width, 10);
    if (period.is_start) {
      ctx.fillStyle = theme.treated(70);
      ctx.fillRect(left, middle - 5, 1.5, 10);
    }
  }
}

function namesOf(drawing) {
  const names = drawing.lanes.map(({ name }) => name);
  return drawing.stretches.length ? [drawing.side, ...names] : names;
}

function rowsOf(drawing, theme) {
  const widest = Math.max(0, ...namesOf(drawing).map((name) => theme.widthOf(name)));
  const isBeside = theme.room >= BESIDE_FROM && widest <= theme.room * MOST_BESIDE;
  return isBeside ? { ...NAMES_BESIDE, left: widest } : NAMES_ABOVE;
}

function laneNames(chart, drawing, theme, rows) {
  const { ctx, chartArea, scales } = chart;
  const at = (value) => scales.lanes.getPixelForValue(value);
  const names = namesOf(drawing);
  const first = names.length - drawing.lanes.length;
  const left = rows.left ? 0 : chartArea.left;
  ctx.textAlign = "left";
  names.forEach((name, row) => {
    const top = TIME_HEIGHT + row * rows.lane;
    if (row >= first) {
      ctx.fillStyle = theme.grid();
      ctx.fillRect(chartArea.left, at(top + rows.mark) - 0.5, chartArea.width, 1);
      periods(chart, drawing.lanes[row - first], at(top + rows.mark), theme);
    }
    ctx.font = `12px ${theme.font}`;
    ctx.fillStyle = theme.ink();
    ctx.fillText(name, left, at(top + rows.name), chartArea.width);
  });
}

// What was done once: a line through all with its name above, where there is room.
function events({ ctx, chartArea, scales }, drawing, theme) {
  let free = chartArea.left - 40;
  ctx.font = `12px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.fillStyle = theme.ink();
  for (const event of drawing.events) {
    const x = scales.x.getPixelForValue(event.at);
    ctx.fillRect(x - 0.75, scales.y.top - 2, 1.5, scales.y.bottom - scales.y.top + 2);
    const half = Math.min(ctx.measureText(event.text).width, chartArea.width) / 2;
    const middle = Math.min(Math.max(x, chartArea.left + half), chartArea.right - half);
    if (middle - half >= free) {
      ctx.fillText(event.text, middle, scales.y.top - 10, chartArea.width);
      free = middle + half + 8;
    }
  }
}

// "leg" and "back" at the end of their lines, in place of a legend.
function lineNames(chart, theme) {
  const { ctx } = chart;
  let taken;
  ctx.font = `600 12px ${theme.font}`;
  ctx.textAlign = "left";
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
}

function ground(drawing, theme, rows) {
  return {
    id: "ground",
    beforeDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.textBaseline = "middle";
      ctx.font = `12px ${theme.font}`;
      ctx.fillStyle = theme.text();
      time(chart, drawing, theme);
      laneNames(chart, drawing, theme, rows);
      sides(chart, drawing, theme, rows);
      ctx.restore();
    },
    afterDatasetsDraw(chart) {
      chart.ctx.save();
      chart.ctx.textBaseline = "middle";
      events(chart, drawing, theme);
      if (drawing.lines.length > 1) {
        lineNames(chart, theme);
      }
      chart.ctx.restore();
    },
  };
}

function scales(drawing, theme, below) {
  const plot = { stack: "plot", stackWeight: PLOT_HEIGHT };
  return {
    x: {
      type: "linear",
      display: false,
      min: -0.5,
      max: Math.max(drawing.days - 0.5, 0.5),
    },
    lanes: {
      type: "linear",
      axis: "y",
      stack: "plot",
      stackWeight: below,
      min: 0,
      max: below,
      reverse: true,
      ticks: { display: false },
      grid: { display: false },
      border: { display: false },
    },
    y: painScale(theme, {
      ...plot,
      min: -0.25,
      max: 10.25,
      afterBuildTicks: (axis) => {
        axis.ticks = [0, 5, 10].map((value) => ({ value }));
      },
    }),
  };
}

function build(drawing, theme) {
  const first = drawing.stretches.length ? 1 : 0;
  const rows = rowsOf(drawing, theme);
  const below = TIME_HEIGHT + (drawing.lanes.length + first) * rows.lane;
  const names = drawing.lines.map((line) => theme.widthOf(line.name, "600 12px"));
  const right = drawing.lines.length > 1 ? Math.max(...names) + 12 : 6;
  const room = drawing.events.length ? EVENT_WORDS + 2 : 8;
  const above = wrapped(drawing.axis, theme, theme.room - right).length * LINE_WORDS + room;
  return {
    height: Math.round(above + PLOT_HEIGHT + below),
    onPaper: Math.round(above + PLOT_HEIGHT + below),
    config: {
      data: {
        datasets: [
          ...drawing.lines.flatMap((line) => lineSets(line, drawing, theme)),
          ...drawing.lanes.map((lane, row) => laneSet(lane, row + first, drawing, theme, rows)),
        ],
      },
      options: {
        layout: { padding: { left: rows.left && rows.left - 10, right } },
        interaction: { mode: "nearest", intersect: false },
        scales: scales(drawing, theme, below),
        plugins: {
          title: scaleWords(drawing.axis, theme, room, right),
          tooltip: {
            ...tooltip(theme, {
              title: ([item]) => item?.dataset.whens[item.dataIndex],
              label: (item) => item.dataset.texts[item.dataIndex],
            }),
            filter: (item) => Boolean(item.dataset.texts),
          },
        },
      },
      plugins: [ground(drawing, theme, rows)],
    },
  };
}

draw("pain_over_time", build);
