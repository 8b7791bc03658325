// Every session as a line from its rating before to the one after; waits beside it, same scale.
import { draw, painScale, scaleWords, tooltip } from "./chart.js";

const WIDTH = 1;
const STEP = 1.7;

function look(group, theme) {
  const key = group.is_wait ? "wait" : "treated";
  return { colour: theme[key], shape: group.is_wait ? "triangle" : "circle" };
}

function sessionSet(line, left, { colour, shape }, theme) {
  return {
    data: [
      { x: left, y: line.before },
      { x: left + WIDTH, y: line.after },
    ],
    when: line.when,
    text: line.text,
    borderColor: line.is_pair ? colour(45) : theme.text(45),
    backgroundColor: line.is_pair ? colour(60) : theme.surface(),
    borderDash: line.is_pair ? [] : [3, 3],
    borderWidth: 1,
    pointStyle: shape,
    pointRadius: 2.5,
    pointHitRadius: 6,
  };
}

function meanSet(group, left, { colour, shape }, theme) {
  return {
    data: [
      { x: left, y: group.mean.before },
      { x: left + WIDTH, y: group.mean.after },
    ],
    when: group.mean.when,
    text: group.mean.text,
    labels: group.mean.labels,
    borderColor: colour(),
    backgroundColor: colour(),
    pointBorderColor: theme.surface(),
    pointBorderWidth: 1.5,
    borderWidth: 4,
    pointStyle: shape,
    pointRadius: 7,
    order: -1,
  };
}

// Each group's name above it, and the means beside their ends.
function names(drawing, theme) {
  return {
    id: "names",
    afterDatasetsDraw(chart) {
      const { ctx, scales } = chart;
      ctx.save();
      ctx.textAlign = "center";
      ctx.font = `600 13px ${theme.font}`;
      drawing.groups.forEach((group, index) => {
        const middle = scales.x.getPixelForValue(index * STEP + WIDTH / 2);
        const room = scales.x.getPixelForValue(STEP) - scales.x.getPixelForValue(0) - 6;
        ctx.fillStyle = look(group, theme).colour();
        ctx.fillText(group.name, middle, chart.chartArea.top - 6, room);
      });
      ctx.font = `700 13px ${theme.font}`;
      ctx.textBaseline = "middle";
      chart.data.datasets.forEach((set, index) => {
        const ends = set.labels ? chart.getDatasetMeta(index).data : [];
        ends.forEach((end, side) => {
          ctx.textAlign = side ? "left" : "right";
          ctx.fillStyle = theme.ink();
          ctx.fillText(set.labels[side], end.x + (side ? 12 : -12), end.y);
        });
      });
      ctx.restore();
    },
  };
}

function build(drawing, theme) {
  const sets = drawing.groups.flatMap((group, index) => {
    const left = index * STEP;
    const its = look(group, theme);
    const lines = group.lines.map((line) => sessionSet(line, left, its, theme));
    return group.mean ? [...lines, meanSet(group, left, its, theme)] : lines;
  });
  const ends = drawing.groups.flatMap((_group, index) => [index * STEP, index * STEP + WIDTH]);
  const columns = {
    type: "linear",
    min: -0.45,
    max: ends.at(-1) + 0.45,
    afterBuildTicks: (axis) => {
      axis.ticks = ends.map((value) => ({ value }));
    },
    ticks: {
      color: theme.text(),
      autoSkip: false,
      maxRotation: 0,
      callback: (_value, index) => (index % 2 ? drawing.after : drawing.before),
    },
    grid: { color: theme.grid(), drawTicks: false },
    border: { display: false },
  };
  return {
    height: 400,
    config: {
      type: "line",
      data: { datasets: sets },
      options: {
        interaction: { mode: "nearest", intersect: true },
        scales: { x: columns, y: painScale(theme) },
        plugins: {
          title: scaleWords(drawing.axis, theme, 28),
          tooltip: tooltip(theme, {
            title: ([item]) => item?.dataset.when,
            label: (item) => item.dataset.text,
          }),
        },
      },
      plugins: [names(drawing, theme)],
    },
  };
}

draw("before_and_after", build);
