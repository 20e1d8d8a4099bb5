import { describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../../src/errors.ts';
import { formatLock, mergeDashboards, mergeLock, parseLock } from '../../../src/images/lock-file.ts';
import type { Lock, LockedImage } from '../../../src/stack/lock.ts';

const ID = `sha256:${'a'.repeat(64)}`;
const OTHER_ID = `sha256:${'b'.repeat(64)}`;

const built: LockedImage = {
  reference: 'localhost/pgmon/postgres:18.6-debian',
  version: '18.6',
  origin: 'build',
  digest: null,
  ids: { 'linux/amd64': ID },
};
const pulled: LockedImage = {
  reference: 'prom/prometheus:v3.5.3',
  version: '3.5.3',
  origin: 'registry',
  digest: ID,
  ids: { 'linux/arm64': OTHER_ID, 'linux/amd64': ID },
};
const lock: Lock = { images: { prometheus: pulled, postgres: built } };
const text = formatLock(lock, '1.2.3');

function refusal(changed: string): string {
  try {
    parseLock(changed, 'dir/pgmon.lock.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError);
    return (error as Error).message;
  }
  return 'accepted';
}

describe('formatLock', () => {
  it('writes what parseLock reads', () => {
    expect(parseLock(text, 'pgmon.lock.yaml')).toEqual(lock);
  });

  it('writes the same bytes whatever the order of its input', () => {
    const turned: Lock = {
      images: {
        postgres: built,
        prometheus: { ...pulled, ids: { 'linux/amd64': ID, 'linux/arm64': OTHER_ID } },
      },
    };
    expect(formatLock(turned, '1.2.3')).toBe(text);
  });

  it('opens with a header that names the version of pgmon', () => {
    expect(text.split('\n')[0]).toMatch(/^# Written by pgmon 1\.2\.3: /);
  });
});

describe('parseLock', () => {
  it.each([
    ['an unknown component', text.replace('prometheus:\n', 'prometeus:\n'), 'images'],
    ['an unknown key', text.replace('    version: 3.5.3', '    vresion: 3.5.3'), 'images.prometheus'],
    ['a version that YAML reads as a number', text.replace('"18.6"', '18.6'), 'images.postgres.version'],
    [
      'a digest that is cut',
      text.replace(`digest: ${ID}`, 'digest: sha256:aaaa'),
      'images.prometheus.digest',
    ],
    ['an unknown origin', text.replace('origin: build', 'origin: found'), 'images.postgres.origin'],
    ['a newer lock version', text.replace('lockVersion: 1', 'lockVersion: 2'), 'lockVersion'],
    ['a key that stands twice', `${text}lockVersion: 1\n`, 'duplicated'],
    ['an empty file', '', 'document'],
    ['broken YAML', `${text}  [`, ''],
  ])('refuses %s and names the place', (_reason, changed, place) => {
    const message = refusal(changed);
    expect(message).toContain('cannot use the lock file dir/pgmon.lock.yaml: ');
    expect(message).toContain(place);
  });

  it('refuses an alias bomb', () => {
    const bomb = 'a: &a [x, x]\nb: &b [*a, *a]\nlockVersion: 1\nimages: *b\n';
    expect(() => parseLock(bomb, 'pgmon.lock.yaml')).toThrow();
  });
});

describe('mergeLock', () => {
  it('keeps ids of other platforms while reference and digest are the same', () => {
    const next = { ...pulled, ids: { 'linux/amd64': OTHER_ID } };
    expect(mergeLock(lock, { prometheus: next }).images.prometheus?.ids).toEqual({
      'linux/amd64': OTHER_ID,
      'linux/arm64': OTHER_ID,
    });
  });

  it('forgets ids of other platforms when the image is another one', () => {
    const next = { ...pulled, digest: OTHER_ID, ids: { 'linux/amd64': OTHER_ID } };
    expect(mergeLock(lock, { prometheus: next }).images.prometheus).toEqual(next);
  });

  it('leaves other components alone', () => {
    expect(mergeLock(lock, { prometheus: pulled }).images.postgres).toEqual(built);
  });
});

describe('dashboards', () => {
  const one = { source: 'https://grafana.com', id: 9628, revision: 7, sha256: 'c'.repeat(64) };
  const other = { source: 'orders.json', id: null, revision: null, sha256: 'b'.repeat(64) };
  const both = mergeDashboards(mergeDashboards(lock, { 'b.json': one }), { 'a.json': other });
  const written = formatLock(both, '1.2.3');

  it('stand in the order of their files, and are read again', () => {
    expect(parseLock(written, 'pgmon.lock.yaml')).toEqual(both);
    expect(written.indexOf('a.json')).toBeLessThan(written.indexOf('b.json'));
    expect(written.startsWith(text)).toBe(true);
  });

  it('stay when images change', () => {
    expect(mergeLock(both, { prometheus: pulled }).dashboards).toEqual(both.dashboards);
  });

  it.each([
    ['a checksum that is cut', written.replace('c'.repeat(64), 'cccc'), 'dashboards.b.json.sha256'],
    ['a file outside the directory', written.replace('b.json', '../b.json'), 'dashboards'],
    ['a revision below 1', written.replace('revision: 7', 'revision: 0'), 'dashboards.b.json.revision'],
  ])('with %s are refused', (_what, changed, place) => {
    expect(refusal(changed)).toContain(place);
  });
});
