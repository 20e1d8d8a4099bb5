/**
 * Handlebars' compiler behind one small door: scripts/build.mjs puts templates compiled beforehand in this module's
 * place, because compiling them at every start costs more than all the rest of rendering.
 */
import Handlebars from 'handlebars';

export type Environment = typeof Handlebars;
export type FillTemplate = (view: object) => string;

/** A Handlebars of its own: helpers registered here are seen nowhere else. */
export function createHandlebars(): Environment {
  return Handlebars.create();
}

/** Throws when the text is no template. In pages (`*.html.hbs`) values are escaped; elsewhere helpers escape them for their format. */
export function compileTemplate(environment: Environment, name: string, source: string): FillTemplate {
  return environment.compile<object>(source, { strict: true, noEscape: !name.endsWith('.html.hbs') });
}
