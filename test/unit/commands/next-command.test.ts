/** What a message tells the user to type next. */
import { expect, test } from 'vitest';
import { nextCommand, withFlags } from '../../../src/commands/next-command.ts';

test('is bare for the default spec', () => {
  expect(nextCommand('check', { file: './pgmon.yaml', without: [] })).toBe('pgmon check');
});

test('repeats the flags of this run, so that it looks at the same stack', () => {
  const options = { file: 'shop.yaml', out: 'build', without: ['grafana', 'workload'] };
  expect(nextCommand('check', options)).toBe('pgmon check -f shop.yaml -o build --without grafana,workload');
});

test('quotes what a shell would not take for one word', () => {
  expect(nextCommand('up', { file: "it's my.yaml", without: [] })).toBe("pgmon up -f 'it'\\''s my.yaml'");
});

test("gives the commands in a hint this run's flags, and leaves the rest of it alone", () => {
  const options = { file: 'pgmon.yaml', without: ['grafana'] };
  expect(withFlags('see `pgmon logs prometheus`, then `pgmon up`; or add `--without x`', options)).toBe(
    'see `pgmon logs prometheus --without grafana`, then `pgmon up --without grafana`; or add `--without x`',
  );
  expect(withFlags('run `pgmon up`', { file: 'pgmon.yaml', without: [] })).toBe('run `pgmon up`');
});
