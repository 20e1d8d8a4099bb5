/** Room on narrow screens: texts give way first, then the last columns; numbers and ids are whole or not there. */
import { describe, expect, it } from 'vitest';
import { fitColumns, shareRows } from '../../../src/top/columns.ts';

const text = (width: number) => ({ width, isFixed: false });
const number = (width: number) => ({ width, isFixed: true });

describe('columns', () => {
  it('are as wide as they want where there is room', () => {
    expect(fitColumns([text(20), number(6)], 28)).toEqual([20, 6]);
  });

  it('take it from the widest text first', () => {
    expect(fitColumns([text(30), text(20), number(6)], 50)).toEqual([20, 20, 6]);
  });

  it('leave the last out before a text gets too narrow or a number is cut', () => {
    expect(fitColumns([number(20), number(6), text(30)], 40)).toEqual([20, 6, 10]);
    expect(fitColumns([number(20), number(6), text(30)], 39)).toEqual([20, 6]);
    expect(fitColumns([number(20), number(6), text(30)], 5)).toEqual([5]);
  });
});

describe('rows', () => {
  it('go to every list in turns until each has what it wants', () => {
    expect(shareRows([1, 10, 3], 100)).toEqual([1, 10, 3]);
    expect(shareRows([50, 10, 1], 9)).toEqual([4, 4, 1]);
    expect(shareRows([5, 5], 0)).toEqual([0, 0]);
    expect(shareRows([5, 5], -3)).toEqual([0, 0]);
  });
});
