// How many sessions each week had.
import { draw, scaleWords, slotScale, tooltip } from "./chart.js";

function build(drawing, theme) {
  return {
    height: 240,
    config: {
      type: "bar",
      data: {
        datasets: [
          {
            data: drawing.bars.map(({ n }, x) => ({ x, y: n })),
            backgroundColor: theme.treated(),
            borderRadius: 2,
            barPercentage: 0.8,
            categoryPercentage: 1,
          },
        ],
      },
      options: {
        interaction: { mode: "nearest", axis: "x", intersect: false },
        scales: {
          x: slotScale(drawing.ticks, theme, {
            min: -0.6,
            max: drawing.bars.length - 0.4,
            offset: false,
          }),
          y: {
            min: 0,
            suggestedMax: 4,
            ticks: { precision: 0, color: theme.text() },
            grid: { color: theme.grid(60), drawTicks: false },
            border: { display: false },
          },
        },
        plugins: {
          title: scaleWords(drawing.axis, theme, 8),
          tooltip: tooltip(theme, {
            title: () => "",
            label: (item) => drawing.bars[item.dataIndex].text,
          }),
        },
      },
    },
  };
}

draw("per_week", build);
