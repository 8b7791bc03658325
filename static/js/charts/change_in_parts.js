// The change after it, and of it what waiting would have brought too and what is left over.
import { draw, tooltip } from "./chart.js";

const LOOKS = { treated: "treated", wait: "wait", left_over: "ink" };

// Each bar's name above it and its number beyond its end, and which way is less pain.
function words(drawing, theme) {
  return {
    id: "words",
    afterDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      ctx.save();
      ctx.textBaseline = "middle";
      drawing.bars.forEach((bar, index) => {
        const y = scales.y.getPixelForValue(index);
        const isLess = bar.to < bar.from;
        ctx.fillStyle = theme.ink();
        ctx.font = `700 15px ${theme.font}`;
        ctx.textAlign = isLess ? "right" : "left";
        ctx.fillText(bar.text, scales.x.getPixelForValue(bar.to) + (isLess ? -8 : 8), y);
        ctx.font = `13px ${theme.font}`;
        ctx.textAlign = "left";
        ctx.fillText(bar.name, chartArea.left, y - 26, chartArea.width);
      });
      ctx.font = `12px ${theme.font}`;
      ctx.fillStyle = theme.text();
      ctx.fillText(`← ${drawing.less}`, chartArea.left, chartArea.top - 12);
      ctx.textAlign = "right";
      ctx.fillText(`${drawing.more} →`, chartArea.right, chartArea.top - 12);
      ctx.restore();
    },
  };
}

// 0 as a line through all, and where waiting ends as a dashed one down to what is left over.
function lines(drawing, theme) {
  return {
    id: "lines",
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      const zero = scales.x.getPixelForValue(0);
      const expected = scales.x.getPixelForValue(drawing.bars[1].to);
      ctx.save();
      ctx.fillStyle = theme.text(70);
      ctx.fillRect(zero - 1, chartArea.top, 2, chartArea.height);
      ctx.strokeStyle = theme.text();
      ctx.setLineDash([3, 3]);
      ctx.beginPath();
      ctx.moveTo(expected, scales.y.getPixelForValue(1));
      ctx.lineTo(expected, scales.y.getPixelForValue(2));
      ctx.stroke();
      ctx.restore();
    },
  };
}

function build(drawing, theme) {
  const { bars } = drawing;
  const ends = bars.flatMap((bar) => [bar.from, bar.to]);
  return {
    height: 290,
    config: {
      type: "bar",
      data: {
        labels: bars.map(({ name }) => name),
        datasets: [
          {
            data: bars.map(({ from, to }) => [from, to]),
            backgroundColor: bars.map(({ look }) =>
              theme[LOOKS[look]](look === "left_over" ? 75 : 100),
            ),
            barThickness: 24,
            borderRadius: 3,
            borderSkipped: false,
          },
        ],
      },
      options: {
        indexAxis: "y",
        layout: { padding: { top: 26 } },
        scales: {
          x: {
            min: Math.min(...ends, -1) - 0.7,
            max: Math.max(...ends, 1) + 0.7,
            afterBuildTicks: (axis) => {
              axis.ticks = axis.ticks.filter(({ value }) => Number.isInteger(value));
            },
            title: { display: true, text: drawing.axis, color: theme.text() },
            ticks: {
              stepSize: 1,
              color: theme.text(),
              callback: (value) => (value > 0 ? `+${value}` : String(value).replace("-", "−")),
            },
            grid: { color: theme.grid(), drawTicks: false },
            border: { display: false },
          },
          y: { display: false },
        },
        plugins: {
          tooltip: tooltip(theme, {
            title: () => "",
            label: (item) => `${bars[item.dataIndex].name}: ${bars[item.dataIndex].text}`,
          }),
        },
      },
      plugins: [lines(drawing, theme), words(drawing, theme)],
    },
  };
}

draw("change_in_parts", build);
