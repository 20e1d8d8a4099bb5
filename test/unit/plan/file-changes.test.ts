import { describe, expect, it } from 'vitest';
import { GENERATED_MARK } from '../../../src/conventions.ts';
import { compareFiles, foreignPaths, isGenerated } from '../../../src/plan/file-changes.ts';

const own = (text: string) => `# ${GENERATED_MARK} 1.0.0 from a.yaml. DO NOT EDIT.\n${text}\n`;

describe('compareFiles', () => {
  it('creates what is missing, updates what differs, removes what is no longer rendered', () => {
    const rendered = [
      { path: 'a', content: own('1') },
      { path: 'b', content: own('2') },
      { path: 'c', content: own('3') },
    ];
    const existing = new Map([
      ['b', own('old')],
      ['c', own('3')],
      ['z', own('gone')],
    ]);
    expect(compareFiles(rendered, existing)).toEqual([
      { path: 'a', action: 'create', before: null, after: own('1') },
      { path: 'b', action: 'update', before: own('old'), after: own('2') },
      { path: 'z', action: 'remove', before: own('gone'), after: null },
    ]);
  });

  it('leaves alone what pgmon did not write', () => {
    expect(compareFiles([], new Map([['notes.md', 'mine\n']]))).toEqual([]);
  });

  it('names files that it would overwrite although pgmon did not write them', () => {
    const changes = compareFiles([{ path: 'a', content: own('1') }], new Map([['a', 'mine\n']]));
    expect(foreignPaths(changes)).toEqual(['a']);
  });
});

describe('isGenerated', () => {
  it('looks at the first line only', () => {
    expect(isGenerated(own('x'))).toBe(true);
    expect(isGenerated(`mine\n${own('x')}`)).toBe(false);
    expect(isGenerated('')).toBe(false);
  });
});
