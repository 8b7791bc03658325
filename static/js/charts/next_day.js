// Ratings on the day after: dots after days with it, triangles below them after days without.
import { draw, tooltip } from "./chart.js";

const ROW = 92;
const LINES = { with: 0, without: 0.3 };

function marks(drawing, kind, theme) {
  const colour = kind === "with" ? theme.treated : theme.wait;
  const found = drawing.rows.flatMap((row, index) => {
    const { counts, text, n } = row[kind];
    return counts.map(([x, times]) => ({
      x,
      y: index + LINES[kind],
      share: times / n,
      text,
      times,
    }));
  });
  return {
    data: found,
    texts: found.map(({ text, times, x }) => `${x}: ${times} × (${text})`),
    backgroundColor: colour(55),
    borderColor: colour(),
    borderWidth: 1,
    pointStyle: kind === "with" ? "circle" : "triangle",
    pointRadius: found.map(({ share }) => 2 + 12 * Math.sqrt(share) * 0.75),
    pointHitRadius: 6,
  };
}

// Names and scales above each row, means as upright lines with their numbers.
function words(drawing, theme) {
  return {
    id: "words",
    afterDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      ctx.save();
      drawing.rows.forEach((row, index) => {
        const top = scales.y.getPixelForValue(index - 0.36);
        ctx.textAlign = "left";
        ctx.fillStyle = theme.ink();
        ctx.font = `600 13px ${theme.font}`;
        ctx.fillText(row.name, chartArea.left, top, chartArea.width * 0.4);
        ctx.textAlign = "right";
        ctx.fillStyle = theme.text();
        ctx.font = `12px ${theme.font}`;
        ctx.fillText(row.scale, chartArea.right, top, chartArea.width * 0.55);
        for (const kind of ["with", "without"]) {
          if (row[kind].mean !== null) {
            const x = scales.x.getPixelForValue(row[kind].mean);
            const y = scales.y.getPixelForValue(index + LINES[kind]);
            ctx.fillStyle = theme.ink();
            ctx.fillRect(x - 1.5, y - 12, 3, 24);
          }
          const y = scales.y.getPixelForValue(index + LINES[kind]);
          ctx.textAlign = "left";
          ctx.fillStyle = theme.ink();
          ctx.font = `600 12px ${theme.font}`;
          ctx.fillText(row[kind].label, chartArea.right + 8, y + 4);
        }
      });
      ctx.textAlign = "left";
      ctx.font = `600 13px ${theme.font}`;
      ctx.fillStyle = theme.treated();
      ctx.fillText(`● ${drawing.kinds.with}`, chartArea.left, chartArea.top - 12);
      ctx.textAlign = "right";
      ctx.fillStyle = theme.wait();
      ctx.fillText(`▲ ${drawing.kinds.without}`, chartArea.right, chartArea.top - 12);
      ctx.restore();
    },
  };
}

function build(drawing, theme) {
  return {
    height: drawing.rows.length * ROW + 100,
    config: {
      type: "scatter",
      data: { datasets: ["with", "without"].map((kind) => marks(drawing, kind, theme)) },
      options: {
        layout: { padding: { top: 26, right: 34 } },
        scales: {
          x: {
            min: -0.7,
            max: 10.7,
            title: { display: true, text: drawing.axis, color: theme.text() },
            afterBuildTicks: (axis) => {
              axis.ticks = [0, 2, 4, 6, 8, 10].map((value) => ({ value }));
            },
            ticks: { color: theme.text(), autoSkip: false },
            grid: { color: theme.grid(60), drawTicks: false },
            border: { display: false },
          },
          y: {
            min: -0.6,
            max: drawing.rows.length - 0.4,
            reverse: true,
            display: false,
          },
        },
        plugins: {
          tooltip: tooltip(theme, {
            title: ([item]) => drawing.rows[Math.floor(item.parsed.y)].name,
            label: (item) => item.dataset.texts[item.dataIndex],
          }),
        },
      },
      plugins: [words(drawing, theme)],
    },
  };
}

draw("next_day", build);
