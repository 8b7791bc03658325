// From each starting pain the changes of sessions, as dots, beside those of waits, as triangles.
import { draw, tooltip } from "./chart.js";

const APART = 0.22;

function words(text, [before, change, n]) {
  return text
    .replace("{n}", n)
    .replace("{before}", before)
    .replace("{after}", before + change);
}

function marks(group, place, theme) {
  const colour = group.is_wait ? theme.wait : theme.treated;
  return {
    data: group.marks.map(([before, change]) => ({ x: before + place, y: change })),
    texts: group.marks.map((mark) => words(group.mark, mark)),
    backgroundColor: colour(55),
    borderColor: colour(),
    borderWidth: 1,
    pointStyle: group.is_wait ? "triangle" : "circle",
    pointRadius: group.marks.map(([, , n]) => Math.min(2.5 + 1.3 * Math.sqrt(n), 9)),
    pointHitRadius: 8,
  };
}

function means(group, place, theme) {
  return {
    data: group.means.map((mean) => ({ x: mean.before + place, y: mean.change })),
    texts: group.means.map(({ text }) => text),
    borderColor: theme.ink(),
    borderWidth: 3,
    pointStyle: "line",
    pointRadius: 7,
    pointHitRadius: 8,
    order: -1,
  };
}

// A pale ground under every second column, a line at "no change", and the two names above.
function ground(drawing, theme) {
  return {
    id: "ground",
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      ctx.save();
      ctx.fillStyle = theme.grid(45);
      for (let start = 0; start <= 10; start += 2) {
        const left = Math.max(scales.x.getPixelForValue(start - 0.5), chartArea.left);
        const right = Math.min(scales.x.getPixelForValue(start + 0.5), chartArea.right);
        if (right > left) {
          ctx.fillRect(left, chartArea.top, right - left, chartArea.height);
        }
      }
      ctx.fillStyle = theme.text(70);
      ctx.fillRect(chartArea.left, scales.y.getPixelForValue(0) - 1, chartArea.width, 2);
      ctx.font = `600 13px ${theme.font}`;
      const [first, second] = drawing.groups;
      ctx.fillStyle = theme.treated();
      ctx.fillText(`● ${first.name}`, chartArea.left, chartArea.top - 10, chartArea.width * 0.55);
      ctx.textAlign = "right";
      ctx.fillStyle = theme.wait();
      ctx.fillText(`▲ ${second.name}`, chartArea.right, chartArea.top - 10, chartArea.width * 0.4);
      ctx.restore();
    },
  };
}

function build(drawing, theme) {
  const all = drawing.groups.flatMap((group) => group.marks);
  const starts = all.map(([before]) => before);
  const changes = all.map(([, change]) => change);
  return {
    height: 380,
    config: {
      type: "scatter",
      data: {
        datasets: drawing.groups.flatMap((group, index) => {
          const place = index ? APART : -APART;
          return [marks(group, place, theme), means(group, place, theme)];
        }),
      },
      options: {
        layout: { padding: { top: 26 } },
        scales: {
          x: {
            min: Math.min(...starts, 10) - 0.5,
            max: Math.max(...starts, 0) + 0.5,
            title: { display: true, text: drawing.axis, color: theme.text() },
            afterBuildTicks: (axis) => {
              const shown = Array.from({ length: 11 }, (_, value) => ({ value }));
              axis.ticks = shown.filter(({ value }) => value > axis.min && value < axis.max);
            },
            ticks: { color: theme.text(), autoSkip: false, maxRotation: 0 },
            grid: { display: false },
            border: { display: false },
          },
          y: {
            min: Math.min(...changes, -1) - 0.6,
            max: Math.max(...changes, 1) + 0.6,
            title: { display: true, text: drawing.change, color: theme.text() },
            afterBuildTicks: (axis) => {
              axis.ticks = axis.ticks.filter(({ value }) => Number.isInteger(value));
            },
            ticks: {
              stepSize: 1,
              color: theme.text(),
              callback: (value) => (value > 0 ? `+${value}` : String(value).replace("-", "−")),
            },
            grid: { color: theme.grid(60), drawTicks: false },
            border: { display: false },
          },
        },
        plugins: {
          tooltip: tooltip(theme, {
            title: () => "",
            label: (item) => item.dataset.texts[item.dataIndex],
          }),
        },
      },
      plugins: [ground(drawing, theme)],
    },
  };
}

draw("same_start", build);
