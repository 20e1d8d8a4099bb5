/** The tool that finds the labels which rules group or match by. */
import { expect, it } from 'vitest';
import { labelUses } from '../../support/grouping-labels.ts';

it('finds the labels of by, on and group_left with the selectors that must carry them', () => {
  expect(labelUses('sum by (a) (rate(m[5m])) / on (b) group_left (c) n{x="1"}')).toEqual([
    { label: 'a', selectors: ['m'] },
    { label: 'b', selectors: ['m'] },
    { label: 'b', selectors: ['n{x="1"}'] },
    { label: 'c', selectors: ['n{x="1"}'] },
  ]);
});

it('takes a label that label_replace makes for given', () => {
  expect(labelUses('max by (a) (label_replace(m, "a", "$1", "b", "(.*)"))')).toEqual([
    { label: 'a', selectors: [] },
  ]);
});

it('asks nothing of without and ignoring', () => {
  expect(labelUses('sum without (a) (m) / ignoring (b) n')).toEqual([]);
});
