/** Texts of alerts, filled in as Prometheus does. */
import { describe, expect, it } from 'vitest';
import { EVERY_ALERT } from '../../../src/catalog/alerts/every-alert.ts';
import { expandText } from '../../../src/panels/expand-text.ts';

const labels = { instance: 'orders' };

describe('a template of an alert', () => {
  it.each([
    ['{{ $value | humanize }}', 1_234_567, '1.235M'],
    ['{{ $value | humanize1024 }}B', 3 * 1024 ** 3, '3GiB'],
    ['{{ $value | humanizePercentage }}', 0.8765, '87.65%'],
    ['{{ $value | humanizeDuration }}', 3725, '1h 2m 5s'],
    ['{{ $value | humanizeDuration }}', 0.25, '250ms'],
    ['{{ $value }}', 42, '42'],
  ])('%s of %d is %s', (template, value, text) => {
    expect(expandText(template, { labels, value })).toBe(text);
  });

  it('is not known where the value is needed and nobody knows it', () => {
    expect(
      expandText('{{ $labels.instance }} has {{ $value | humanize }}', { labels, value: null }),
    ).toBeNull();
    expect(expandText('{{ $labels.instance }} is down', { labels, value: null })).toBe('orders is down');
  });

  it('may have parts for a label or a value', () => {
    const text =
      'The query{{ with $labels.datname }} in {{ . }}{{ end }} is {{ if eq $value 0.0 }}off{{ else }}on{{ end }}';
    expect(expandText(text, { labels: { datname: 'app' }, value: 0 })).toBe('The query in app is off');
    expect(expandText(text, { labels, value: 2 })).toBe('The query is on');
    expect(expandText(text, { labels, value: null })).toBeNull();
  });

  it('is filled in once: a label that looks like a template stays as it is', () => {
    const odd = { datname: '{{ $value }}' };
    expect(
      expandText('{{ $labels.datname }} {{ with $labels.datname }}{{ . }}{{ end }}', {
        labels: odd,
        value: 7,
      }),
    ).toBe('{{ $value }} {{ $value }}');
  });

  it('of the catalogue is always known with a value', () => {
    const texts = EVERY_ALERT.flatMap(({ alert }) => [alert.summary, alert.description]);
    expect(texts.filter((text) => expandText(text, { labels, value: 1 }) === null)).toEqual([]);
  });
});
