// Weekly pain before and since the start; the line before it carried forward with its band.
import { draw, painScale, scaleWords, tooltip } from "./chart.js";

function band(drawing, theme) {
  const side = (place, more) => ({
    data: drawing.line.map((at) => ({ x: at[0], y: at[place] })),
    borderWidth: 0,
    pointRadius: 0,
    pointHitRadius: 0,
    backgroundColor: theme.wait(22),
    ...more,
  });
  return [
    side(2, { fill: "+1" }),
    side(3, {}),
    side(1, {
      borderColor: theme.wait(),
      borderWidth: 2,
      segment: { borderDash: (segment) => (segment.p1.parsed.x > 0 ? [6, 4] : undefined) },
    }),
  ];
}

function weeks(drawing, isSince, theme) {
  const shown = drawing.weeks.filter(({ week }) => week >= 0 === isSince);
  return {
    data: shown.map(({ week, pain }) => ({ x: week, y: pain })),
    texts: shown.map(({ text }) => text),
    borderColor: theme.leg(),
    borderWidth: 1.5,
    backgroundColor: isSince ? theme.leg() : theme.surface(),
    pointStyle: isSince ? "circle" : "rectRot",
    pointRadius: isSince ? 4 : 5,
    pointHitRadius: 8,
    segment: {
      borderColor: (segment) =>
        segment.p1.parsed.x - segment.p0.parsed.x > 1 ? "transparent" : undefined,
    },
  };
}

// The start as a line; other starts and switches of side dashed, named above (switches) or
// at the bottom (starts) where there is room.
function events(drawing, theme) {
  return {
    id: "events",
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      const { top, bottom } = chartArea;
      const start = scales.x.getPixelForValue(-0.5);
      ctx.save();
      ctx.font = `600 12px ${theme.font}`;
      ctx.textAlign = "center";
      ctx.fillStyle = theme.ink();
      ctx.fillRect(start - 1, top, 2, bottom - top);
      ctx.fillText(drawing.start, start, top - 22);
      ctx.font = `11px ${theme.font}`;
      ctx.fillStyle = theme.text();
      ctx.strokeStyle = theme.text(70);
      const free = { top: chartArea.left, bottom: chartArea.left };
      for (const event of drawing.events) {
        const x = scales.x.getPixelForValue(event.week);
        ctx.setLineDash(event.switches ? [2, 3] : [8, 3]);
        ctx.beginPath();
        ctx.moveTo(x, top);
        ctx.lineTo(x, bottom);
        ctx.stroke();
        const half = ctx.measureText(event.text).width / 2;
        const middle = Math.min(Math.max(x, chartArea.left + half), chartArea.right - half);
        const row = event.switches ? "top" : "bottom";
        if (middle - half >= free[row]) {
          ctx.fillText(event.text, middle, event.switches ? top - 6 : bottom - 22);
          free[row] = middle + half + 8;
        }
      }
      ctx.restore();
    },
  };
}

function build(drawing, theme) {
  return {
    height: 380,
    config: {
      type: "line",
      data: {
        datasets: [
          ...band(drawing, theme),
          weeks(drawing, false, theme),
          weeks(drawing, true, theme),
        ],
      },
      options: {
        interaction: { mode: "nearest", intersect: false },
        scales: {
          x: {
            type: "linear",
            min: drawing.first - 0.6,
            max: drawing.last + 0.6,
            title: { display: true, text: drawing.axis, color: theme.text() },
            afterBuildTicks: (axis) => {
              const step = drawing.last - drawing.first > 14 ? 4 : 2;
              const from = Math.ceil(drawing.first / step) * step;
              const n = Math.max(Math.floor((drawing.last - from) / step) + 1, 1);
              axis.ticks = Array.from({ length: n }, (_, index) => ({
                value: from + index * step,
              }));
            },
            ticks: {
              color: theme.text(),
              autoSkip: false,
              maxRotation: 0,
              callback: (value) => String(value).replace("-", "−"),
            },
            grid: { display: false },
            border: { display: false },
          },
          y: painScale(theme),
        },
        plugins: {
          title: scaleWords(drawing.pain, theme, 34),
          tooltip: {
            ...tooltip(theme, {
              title: () => "",
              label: (item) => item.dataset.texts[item.dataIndex],
            }),
            filter: (item) => Boolean(item.dataset.texts),
          },
        },
      },
      plugins: [events(drawing, theme)],
    },
  };
}

draw("over_weeks", build);
