/** Where each part of a YAML text stands: a light tree over the parser's events, built only when a place must be named. */
import {
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE_DOUBLE_QUOTED,
  SCALAR_STYLE_SINGLE_QUOTED,
} from 'js-yaml';

/** Keys and indexes from the top, such as `['servers', 0, 'port']`. */
export type SpecPath = readonly (string | number)[];

export interface YamlNode {
  /** Offset into the text where the value begins. */
  readonly start: number;
  readonly end: number;
  readonly entries: ReadonlyMap<string, YamlEntry> | null;
  readonly items: readonly YamlNode[] | null;
}

export interface YamlEntry {
  readonly keyStart: number;
  readonly value: YamlNode;
}

interface Cursor {
  readonly text: string;
  readonly events: readonly Event[];
  readonly anchors: Map<string, YamlNode>;
  at: number;
}

function isQuoted({ style }: { readonly style: number }): boolean {
  return style === SCALAR_STYLE_SINGLE_QUOTED || style === SCALAR_STYLE_DOUBLE_QUOTED;
}

function readMapping(cursor: Cursor, start: number): YamlNode {
  const entries = new Map<string, YamlEntry>();
  while (cursor.events[cursor.at]?.type !== EVENT_ID.POP) {
    const keyEvent = cursor.events[cursor.at];
    if (keyEvent === undefined) break;
    const key = readNode(cursor);
    const name = keyEvent.type === EVENT_ID.SCALAR ? getScalarValue(cursor.text, keyEvent) : '';
    entries.set(name, { keyStart: key.start, value: readNode(cursor) });
  }
  cursor.at += 1;
  return { start, end: start, entries, items: null };
}

function readSequence(cursor: Cursor, start: number): YamlNode {
  const items: YamlNode[] = [];
  while (cursor.at < cursor.events.length && cursor.events[cursor.at]?.type !== EVENT_ID.POP)
    items.push(readNode(cursor));
  cursor.at += 1;
  return { start, end: start, entries: null, items };
}

function nodeOf(cursor: Cursor, event: Event): YamlNode {
  const leaf = (start: number, end: number): YamlNode => ({ start, end, entries: null, items: null });
  switch (event.type) {
    case EVENT_ID.MAPPING:
      return readMapping(cursor, event.start);
    case EVENT_ID.SEQUENCE:
      return readSequence(cursor, event.start);
    case EVENT_ID.SCALAR:
      return isQuoted(event)
        ? leaf(event.valueStart - 1, event.valueEnd + 1)
        : leaf(event.valueStart, event.valueEnd);
    case EVENT_ID.ALIAS: {
      const target = cursor.anchors.get(cursor.text.slice(event.anchorStart, event.anchorEnd));
      return target ?? leaf(event.anchorStart, event.anchorEnd);
    }
    default:
      return leaf(0, 0);
  }
}

function readNode(cursor: Cursor): YamlNode {
  const event = cursor.events[cursor.at];
  cursor.at += 1;
  if (event === undefined)
    return { start: cursor.text.length, end: cursor.text.length, entries: null, items: null };
  const node = nodeOf(cursor, event);
  if ('anchorStart' in event && event.anchorStart >= 0 && event.type !== EVENT_ID.ALIAS) {
    cursor.anchors.set(cursor.text.slice(event.anchorStart, event.anchorEnd), node);
  }
  return node;
}

/** The tree of the one document in `text`, which has been read as YAML before; null when it is empty. */
export function parseYamlTree(text: string): YamlNode | null {
  const events = parseEvents(text, {});
  const first = events.findIndex((event) => event.type !== EVENT_ID.DOCUMENT);
  return first < 0 ? null : readNode({ text, events, anchors: new Map(), at: first });
}
