/**
 * Apache ECharts on the server: options in, an SVG picture as text out. The only place that imports ECharts; it costs some 150 ms
 * to load, so only `pgmon report` does.
 */
import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** What ECharts adds for a page with its script, and what the page's style sheet says once for all charts. */
const SUPERFLUOUS =
  /<style\b[\s\S]*?<\/style>| (?:ecmeta_\w+|class|pointer-events|xml:space|xmlns:xlink|baseProfile|version)="[^"]*"| style="font[^"]*"|<rect [^>]*fill="none"[^>]*><\/rect>|\n/g;

function escapeAttribute(text: string): string {
  return text.replace(
    /[&<>"]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign,
  );
}

/** An `<svg>` that fits its column; `label` tells people who cannot see it what it shows. */
export function drawChart(option: EChartsCoreOption, { width, height }: ChartSize, label: string): string {
  use([LineChart, BarChart, CustomChart, GridComponent, MarkLineComponent, SVGRenderer]);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return chart
      .renderToSVGString()
      .replaceAll(SUPERFLUOUS, '')
      .replace(
        /^<svg width="[^"]*" height="[^"]*"/,
        `<svg class="chart" role="img" aria-label="${escapeAttribute(label)}"`,
      );
  } finally {
    chart.dispose();
  }
}
