/** Writes docs/spec.md from the schema, so that the page cannot say anything else than what pgmon checks. */
import { z } from 'zod';
import { NOT_YET } from '../../src/spec/not-yet.ts';
import { archiveFile, archivePlace } from '../../src/spec/schema/native.ts';
import * as places from '../../src/spec/schema/places.ts';
import * as primitives from '../../src/spec/schema/primitives.ts';
import * as secrets from '../../src/spec/schema/secrets.ts';
import { specSchema } from '../../src/spec/schema/spec.ts';
import { SPEC_DOCS_INTRO, SPEC_EXAMPLES } from './spec-docs-text.ts';

export interface DocumentedKey {
  /** `servers[].tls.mode`. */
  readonly path: string;
  readonly type: string;
  /** As YAML; `required` or `-` when there is none. */
  readonly standard: string;
  readonly example: string;
  readonly description: string;
}

const TYPE_WORDS: readonly (readonly [z.ZodType, string])[] = [
  [primitives.stackName, 'name (`a-z`, `0-9`, `-`)'],
  [primitives.objectName, 'name'],
  [primitives.duration, 'duration'],
  [primitives.secondsDuration, 'duration'],
  [primitives.durationOrNone, 'duration or `none`'],
  [primitives.size, 'size'],
  [primitives.sizeOrNone, 'size or `none`'],
  [primitives.memory, 'size, 16MiB to 4TiB'],
  [primitives.ipAddress, 'IP address'],
  [places.hostName, 'host name or IP address'],
  [places.serverHost, 'host name, IP address or path'],
  [primitives.hostPort, 'host:port'],
  [primitives.filePath, 'path'],
  [places.systemPath, 'absolute path'],
  [archivePlace, 'https URL or absolute path'],
  [archiveFile, 'https URL or absolute path'],
  [primitives.labels, 'map of labels'],
  [secrets.secret, 'secret'],
  [secrets.givenSecret, 'secret, not generated'],
  [secrets.httpUrl, 'http(s) URL'],
];

interface Unwrapped {
  readonly schema: z.core.$ZodType;
  readonly standard: unknown;
  readonly isRequired: boolean;
}

function unwrap(schema: z.core.$ZodType): Unwrapped {
  if (schema instanceof z.ZodOptional) return { ...unwrap(schema.unwrap()), isRequired: false };
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return { ...unwrap(schema.unwrap()), standard: schema.def.defaultValue, isRequired: false };
  }
  return { schema, standard: undefined, isRequired: true };
}

/** `describe` copies a schema but keeps its definition. */
function isSame(a: z.core.$ZodType, b: z.core.$ZodType): boolean {
  return a._zod.def === b._zod.def;
}

function numberWords(schema: z.ZodNumber): string {
  const word = schema.format === 'safeint' ? 'whole number' : 'number';
  const { minValue, maxValue } = schema;
  const isOpen = (value: number | null) => value === null || Math.abs(value) >= Number.MAX_SAFE_INTEGER;
  if (isOpen(minValue) && isOpen(maxValue)) return word;
  if (isOpen(maxValue)) return `${word}, at least ${minValue}`;
  return `${word}, ${minValue} to ${maxValue}`;
}

function typeWords(schema: z.core.$ZodType): string {
  const known = TYPE_WORDS.find(([each]) => isSame(each, schema));
  if (known !== undefined) return known[1];
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => `\`${option}\``).join(', ');
  if (schema instanceof z.ZodLiteral)
    return [...schema.values].map((value) => `\`${String(value)}\``).join(', ');
  if (schema instanceof z.ZodBoolean) return '`true`, `false`';
  if (schema instanceof z.ZodNumber) return numberWords(schema);
  if (schema instanceof z.ZodUnion)
    return [...new Set(schema.options.map((option) => typeWords(unwrap(option).schema)))].join(' or ');
  if (schema instanceof z.ZodArray) return `list of ${typeWords(unwrap(schema.element).schema)}`;
  if (schema instanceof z.ZodRecord) return 'map';
  if (schema instanceof z.ZodObject) return 'map';
  if (schema instanceof z.ZodPipe) return typeWords(schema.in);
  return 'text';
}

function standardWords({ standard, isRequired }: Unwrapped): string {
  if (isRequired) return 'required';
  if (standard === undefined) return '-';
  if (typeof standard === 'object' && standard !== null && Object.keys(standard).length === 0) return '-';
  return `\`${formatValue(standard)}\``;
}

/** Flow YAML as a person would write it. */
function formatValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatValue).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key}: ${formatValue(inner)}`)
      .join(', ')}}`;
  }
  if (typeof value !== 'string') return String(value);
  return /^[A-Za-z][\w.\-/]*$|^\d+[a-zA-Z]+$|^[\d.]+\.[\d.]+\.[\d.]+$/.test(value)
    ? value
    : JSON.stringify(value);
}

function exampleFor(path: string, { schema, standard }: Unwrapped): string {
  const own = SPEC_EXAMPLES[path];
  if (own !== undefined) return `\`${own}\``;
  if (schema instanceof z.ZodEnum) return `\`${schema.options.at(-1)}\``;
  if (schema instanceof z.ZodBoolean) return `\`${String(standard !== true)}\``;
  return standard === undefined ? '' : `\`${formatValue(standard)}\``;
}

function inner(schema: z.core.$ZodType, path: string): readonly DocumentedKey[] {
  if (TYPE_WORDS.some(([each]) => isSame(each, schema))) return [];
  if (schema instanceof z.ZodObject) return keysOf(schema, path);
  if (schema instanceof z.ZodArray) return inner(unwrap(schema.element).schema, `${path}[]`);
  if (schema instanceof z.ZodRecord) return inner(unwrap(schema.valueType).schema, `${path}.<name>`);
  return [];
}

function keysOf(schema: z.ZodObject, parent: string): readonly DocumentedKey[] {
  return Object.entries(schema.shape).flatMap(([key, value]) => {
    const path = parent === '' ? key : `${parent}.${key}`;
    const unwrapped = unwrap(value);
    const nested = inner(unwrapped.schema, path);
    const documented: DocumentedKey = {
      path,
      type:
        nested.length > 0 && unwrapped.schema instanceof z.ZodArray
          ? 'list of maps'
          : typeWords(unwrapped.schema),
      standard: standardWords(unwrapped),
      example: nested.length > 0 ? '' : exampleFor(path, unwrapped),
      description: value instanceof z.ZodType ? (value.description ?? '') : '',
    };
    return [documented, ...nested];
  });
}

/** Every key of the spec, in the order of the schema. */
export function documentedKeys(): readonly DocumentedKey[] {
  return keysOf(specSchema, '');
}

function notYetMark(path: string): string {
  const row = NOT_YET.find((each) => each.path.join('.').replaceAll('.*', '[]') === path);
  if (row === undefined) return '';
  return row.harmless === undefined
    ? ' *(not yet)*'
    : ` *(anything but \`${String(row.harmless)}\`: not yet)*`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function formatRow({ path, type, standard, example, description }: DocumentedKey): string {
  return `| \`${path}\` | ${cell(type)} | ${cell(standard)} | ${cell(example)} | ${cell(description)}${notYetMark(path)} |`;
}

const TABLE_HEAD = ['| Key | Type | Default | Example | What it is for |', '|---|---|---|---|---|'];

/** The whole page. */
export function formatSpecDocs(): string {
  const keys = documentedKeys();
  const rootOf = (path: string): string => path.split(/[.[]/)[0] ?? path;
  const roots = [...new Set(keys.map(({ path }) => rootOf(path)))];
  const sections = roots.filter((root) => keys.some(({ path }) => path !== root && rootOf(path) === root));
  const simple = keys.filter(({ path }) => !sections.includes(rootOf(path)));
  const parts = sections.map((section) => {
    const rows = keys.filter(({ path }) => rootOf(path) === section);
    return [`## ${section}`, '', ...TABLE_HEAD, ...rows.map(formatRow), ''].join('\n');
  });
  return [SPEC_DOCS_INTRO, '## Top level', '', ...TABLE_HEAD, ...simple.map(formatRow), '', ...parts].join(
    '\n',
  );
}
