import { describe, expect, it } from 'vitest';
import { isRunShared } from '../../../src/providers/native/credentials.ts';

const ROOT = '423 249 0:149 / / rw,relatime shared:12 - overlay overlay rw';
const PRIVATE_ROOT = '423 249 0:149 / / rw,relatime master:12 - overlay overlay rw';
const RUN = '430 423 0:24 / /run rw,nosuid - tmpfs tmpfs rw,shared:1';
const SHARED_RUN = '430 423 0:24 / /run rw,nosuid master:3 shared:7 - tmpfs tmpfs rw';

describe('whether mounts below /run are shared', () => {
  it.each([
    ['/run itself', [PRIVATE_ROOT, SHARED_RUN], true],
    ['/run itself, which is private', [ROOT, RUN], false],
    ['the topmost of two', [ROOT, SHARED_RUN, RUN], false],
    ['/ where /run is no mount', [ROOT], true],
    ['/ that receives only', [PRIVATE_ROOT], false],
    ['nothing', [], false],
  ])('is read from %s', (_, lines, isShared) => {
    expect(isRunShared(lines.map((line) => `${line}\n`).join(''))).toBe(isShared);
  });
});
