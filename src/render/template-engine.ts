/**
 * Handlebars as pgmon uses it: strict, one escaping helper per target format. Pages (`*.html.hbs`) escape every value, the others
 * none. Templates hold layout only.
 */

import { sqlIdentifier, sqlLiteral } from '../stack/sql-text.ts';
import {
  compileTemplate,
  createHandlebars,
  type Environment,
  type FillTemplate,
} from './compile-template.ts';
import { dollarSafe, type Scalar, shellWord, templateSafe, unitValue, yamlScalar } from './scalars.ts';

/** Template name (`prometheus.yml.hbs`) -> text. */
export type Templates = ReadonlyMap<string, string>;

/** Fills one template; the same view gives the same bytes. */
export type RenderTemplate = (name: string, view: object) => string;

/** `strict` does not cover helper arguments: a missing value must fail here, not print `undefined`. */
function scalarHelper(name: string, format: (value: Scalar) => string): (value: unknown) => string {
  return (value) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return format(value);
    throw new Error(`template helper ${name} got ${value === null ? 'null' : typeof value}`);
  };
}

function textHelper(name: string, format: (value: string) => string): (value: unknown) => string {
  return (value) => {
    if (typeof value === 'string') return format(value);
    throw new Error(`template helper ${name} wants text, got ${value === null ? 'null' : typeof value}`);
  };
}

function createEnvironment(): Environment {
  const environment = createHandlebars();
  environment.registerHelper({
    yaml: scalarHelper('yaml', yamlScalar),
    composeValue: scalarHelper('composeValue', dollarSafe),
    grafanaValue: scalarHelper('grafanaValue', dollarSafe),
    prometheusValue: scalarHelper('prometheusValue', dollarSafe),
    json: scalarHelper('json', (value) => JSON.stringify(value)),
    goTemplateValue: textHelper('goTemplateValue', templateSafe),
    unitValue: textHelper('unitValue', unitValue),
    sqlIdentifier: textHelper('sqlIdentifier', sqlIdentifier),
    sqlLiteral: textHelper('sqlLiteral', sqlLiteral),
    shellWord: textHelper('shellWord', shellWord),
    // For pages: escaped, and what stands between backquotes becomes code.
    prose: (value: unknown) => {
      if (typeof value !== 'string') throw new Error(`template helper prose wants text, got ${typeof value}`);
      const escaped = environment.escapeExpression(value);
      return new environment.SafeString(escaped.replace(/&#x60;(.*?)&#x60;/g, '<code>$1</code>'));
    },
    // `{{{{raw}}}} … {{{{/raw}}}}`: what is inside belongs to another template language.
    raw: (options: { readonly fn: () => string }) => options.fn(),
  });
  return environment;
}

/** Throws for a text that is not there. */
export function templateText(templates: Templates, name: string): string {
  const source = templates.get(name);
  if (source === undefined) throw new Error(`template ${name} is missing`);
  return source;
}

/** Templates are compiled on first use. Throws for a template that is not there, does not parse, or renders to nothing. */
export function createTemplateEngine(templates: Templates): RenderTemplate {
  const environment = createEnvironment();
  const compiled = new Map<string, FillTemplate>();
  const compile = (name: string) => {
    return compileTemplate(environment, name, templateText(templates, name));
  };
  return (name, view) => {
    const template = compiled.get(name) ?? compile(name);
    compiled.set(name, template);
    const text = template(view);
    if (text.trim() === '') throw new Error(`template ${name} rendered to nothing`);
    return text.endsWith('\n') ? text : `${text}\n`;
  };
}
