/** Makes a shared dashboard fit this stack: its inputs get values, and what names another Prometheus names pgmon's data source. */
import { DATA_SOURCE_NAME, DATA_SOURCE_UID } from '../conventions.ts';
import type { Json, JsonObject } from '../stack/dashboard-file.ts';
import { isList, isObject } from './canonical.ts';

export type Filled =
  | { readonly ok: true; readonly content: JsonObject }
  | { readonly ok: false; readonly problem: string };

const PROMETHEUS = 'prometheus';
const REFERENCE = { type: PROMETHEUS, uid: DATA_SOURCE_UID } as const;
/** Grafana's own, which every Grafana has. */
const BUILT_IN: ReadonlySet<string> = new Set(['grafana', 'datasource', '__expr__', 'mixed', 'dashboard']);

class Unfit extends Error {}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** Name of an input -> the text that takes its place. */
function inputValues(content: JsonObject): ReadonlyMap<string, string> {
  const inputs = isList(content.__inputs) ? content.__inputs.filter(isObject) : [];
  return new Map(
    inputs.map(({ name, type, pluginId, value }) => {
      if (type === 'datasource' && BUILT_IN.has(text(pluginId))) return [text(name), text(pluginId)];
      if (type === 'datasource' && pluginId !== PROMETHEUS)
        throw new Unfit(
          `it wants a data source of the kind "${text(pluginId)}", and the stack has Prometheus only`,
        );
      if (type === 'datasource') return [text(name), DATA_SOURCE_UID];
      if (typeof value === 'string') return [text(name), value];
      throw new Unfit(`its input "${text(name)}" has no value: write one into the file and import that`);
    }),
  );
}

function replaceInputs(value: Json, inputs: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string')
    return value.replace(/\$\{([^{}]+)\}/g, (whole, name: string) => inputs.get(name) ?? whole);
  if (isList(value)) return value.map((item) => replaceInputs(item, inputs));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaceInputs(inner, inputs)]));
}

/** A variable, or one of Grafana's own such as `-- Mixed --`. */
const isKept = (name: string): boolean => name.startsWith('$') || name.startsWith('-- ');

/** `"Prometheus"`, `"$datasource"`, `{type, uid}` or null, as the versions of Grafana wrote it. Null is the default one: pgmon's. */
function dataSource(value: Json): Json {
  if (typeof value === 'string') return isKept(value) || BUILT_IN.has(value) ? value : REFERENCE;
  if (!isObject(value)) return value;
  const type = text(value.type);
  const uid = text(value.uid);
  if (isKept(uid) || BUILT_IN.has(type) || BUILT_IN.has(uid)) return value;
  if (type !== '' && type !== PROMETHEUS)
    throw new Unfit(
      `a panel or variable asks a data source of the kind "${type}", and the stack has Prometheus only`,
    );
  return REFERENCE;
}

function fitDataSources(value: Json): Json {
  if (isList(value)) return value.map(fitDataSources);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'datasource' ? dataSource(inner) : fitDataSources(inner),
    ]),
  );
}

/** The values that its author had chosen mean nothing here. */
function fitVariable(variable: Json): Json {
  if (!isObject(variable)) return variable;
  if (variable.type === 'datasource') {
    if (text(variable.query) !== PROMETHEUS)
      throw new Unfit(
        `its variable "${text(variable.name)}" chooses among data sources of the kind "${text(variable.query)}", and the stack has Prometheus only`,
      );
    return { ...variable, current: { text: DATA_SOURCE_NAME, value: DATA_SOURCE_UID } };
  }
  if (variable.type !== 'query') return variable;
  // 0 = never: it would stay without a value.
  return { ...variable, current: {}, refresh: variable.refresh === 2 ? 2 : 1 };
}

function fitVariables(content: JsonObject): JsonObject {
  const { templating } = content;
  if (!isObject(templating) || !isList(templating.list)) return content;
  return { ...content, templating: { ...templating, list: templating.list.map(fitVariable) } };
}

/** Panels of a library come with the file and become ordinary ones. */
function inlineLibraryPanels(content: JsonObject): JsonObject {
  const elements = isObject(content.__elements) ? content.__elements : {};
  const inline = (panel: Json): Json => {
    if (!isObject(panel)) return panel;
    if (isList(panel.panels)) return { ...panel, panels: panel.panels.map(inline) };
    if (!isObject(panel.libraryPanel)) return panel;
    const element = elements[text(panel.libraryPanel.uid)];
    if (!isObject(element) || !isObject(element.model))
      throw new Unfit(
        'a panel comes from a library that is not in the file: unlink it in Grafana before exporting',
      );
    const { libraryPanel: _, ...own } = panel;
    return { ...element.model, ...own };
  };
  return isList(content.panels) ? { ...content, panels: content.panels.map(inline) } : content;
}

/** The dashboard with every input filled in; not ok when it needs what the stack does not have. */
export function fillInputs(content: JsonObject): Filled {
  try {
    const { __inputs: _, ...rest } = inlineLibraryPanels(content);
    const replaced = replaceInputs(rest, inputValues(content)) as JsonObject;
    return { ok: true, content: fitVariables(fitDataSources(replaced) as JsonObject) };
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    return { ok: false, problem: error.message };
  }
}
