/** Runs a pgmon command line in this process. */
import { run } from '../../src/cli.ts';
import { createFakeHost, type FakeHostOptions } from './fake-host.ts';

export interface CliOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runCli(words: readonly string[], options: FakeHostOptions): Promise<CliOutcome> {
  const host = createFakeHost(options);
  const code = await run(['node', 'pgmon', ...words], host);
  return { code, stdout: host.written.stdout(), stderr: host.written.stderr() };
}
