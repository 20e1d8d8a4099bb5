/** Turns a path into the spec's line and column; the work is done on the first question only. */
import { parseYamlTree, type SpecPath, type YamlNode } from './yaml-tree.ts';

/** Both 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `key`: where the key stands; `value`: where its value begins. A missing part gives the nearest parent there is. */
export type Locate = (path: SpecPath, part: 'key' | 'value') => Position;

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Line and column of an offset. */
export function positionAt(lineStarts: readonly number[], offset: number): Position {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

/** Line and column of an offset in a text, for the odd single question. */
export function positionInText(text: string, offset: number): Position {
  return positionAt(lineStartsOf(text), offset);
}

interface Found {
  readonly node: YamlNode;
  readonly keyStart: number;
  readonly isWhole: boolean;
}

function find(root: YamlNode, path: SpecPath): Found {
  let found: Found = { node: root, keyStart: root.start, isWhole: true };
  for (const part of path) {
    const entry = found.node.entries?.get(String(part));
    const item = typeof part === 'number' ? found.node.items?.[part] : undefined;
    if (entry !== undefined) found = { node: entry.value, keyStart: entry.keyStart, isWhole: true };
    else if (item !== undefined) found = { node: item, keyStart: item.start, isWhole: true };
    else return { ...found, isWhole: false };
  }
  return found;
}

export interface Places {
  readonly locate: Locate;
  /** The text of a scalar as it is written, such as `3.10` where the value is 3.1; null when there is none. */
  readonly source: (path: SpecPath) => string | null;
}

/** Answers about the places in one text; the tree is built when first asked for. */
export function createPlaces(text: string): Places {
  let prepared: { readonly root: YamlNode | null; readonly lineStarts: readonly number[] } | null = null;
  const prepare = () => {
    prepared ??= { root: parseYamlTree(text), lineStarts: lineStartsOf(text) };
    return prepared;
  };
  return {
    locate(path, part) {
      const { root, lineStarts } = prepare();
      if (root === null) return { line: 1, column: 1 };
      const { node, keyStart, isWhole } = find(root, path);
      const isEmpty = node.entries === null && node.items === null && node.end <= node.start;
      return positionAt(
        lineStarts,
        Math.max(0, part === 'key' || !isWhole || isEmpty ? keyStart : node.start),
      );
    },
    source(path) {
      const { root } = prepare();
      if (root === null) return null;
      const { node, isWhole } = find(root, path);
      return isWhole && node.end > node.start ? text.slice(node.start, node.end) : null;
    },
  };
}
