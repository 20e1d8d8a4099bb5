import { describe, expect, it } from 'vitest';
import { createTemplateEngine } from '../../../src/render/template-engine.ts';

function fill(template: string, view: object): string {
  return createTemplateEngine(new Map([['t.hbs', template]]))('t.hbs', view);
}

describe('the template engine', () => {
  it('refuses a value that the view lacks', () => {
    expect(() => fill('{{missing}}', {})).toThrow('missing');
  });

  it.each(['yaml', 'composeValue', 'grafanaValue', 'prometheusValue', 'json', 'sqlLiteral'])(
    'refuses to print undefined through %s',
    (helper) => {
      expect(() => fill(`{{${helper} value}}`, { value: undefined })).toThrow(`helper ${helper}`);
    },
  );

  it('does not turn quotes and ampersands into entities', () => {
    expect(fill('{{value}}', { value: `<a & "b">` })).toBe(`<a & "b">\n`);
  });

  it('keeps escaped braces for Prometheus', () => {
    expect(fill('summary: \\{{ $labels.instance }}', {})).toBe('summary: {{ $labels.instance }}\n');
  });

  it('never expands what a value contains', () => {
    expect(fill('{{yaml value}}', { value: '{{other}}', other: 'x' })).toBe('"{{other}}"\n');
  });

  it('says which template is missing', () => {
    expect(() => createTemplateEngine(new Map())('nope.hbs', {})).toThrow('nope.hbs is missing');
  });

  it('takes an empty result for an error', () => {
    expect(() => fill('{{#if no}}x{{/if}}', { no: false })).toThrow('rendered to nothing');
  });
});
