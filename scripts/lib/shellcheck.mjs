// Makes sure that tests of the install script have shellcheck, Debian's, installed with apt-get where this user may.
import { installWithApt } from './apt-install.mjs';
import { run, say } from './run.mjs';

async function findVersion() {
  const { code, stdout } = await run('shellcheck', ['--version'], { quiet: true });
  return code === 0 ? (/^version: (.+)$/m.exec(stdout)?.[1] ?? 'unknown') : null;
}

/** Never fails: without it the test that needs it is skipped with a reason. */
export async function ensureShellcheck() {
  const reason = (await findVersion()) === null ? await installWithApt(['shellcheck']) : null;
  const version = await findVersion();
  if (version !== null) say(`shellcheck: ${version}`);
  else say(`shellcheck: none (${reason ?? 'not found'}); its test will be skipped`);
}
