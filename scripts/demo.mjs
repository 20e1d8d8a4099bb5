// `npm run demo`: from a fresh clone to a running, checked stack. Safe to run again; needs Node and nothing else.
import { copyFile, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureDaemon } from './lib/docker-daemon.mjs';
import { main, pgmonProgram, root, run, Stop, say } from './lib/run.mjs';
import { ensureImages } from './lib/stack-images.mjs';

const dir = path.join(root, '.demo');
const spec = path.join(dir, 'pgmon.yaml');

/** A spec that is there already may have been edited: it stays. */
async function ensureSpec() {
  await mkdir(dir, { recursive: true });
  const isThere = await stat(spec).then(
    () => true,
    () => false,
  );
  if (!isThere) await copyFile(path.join(root, 'stacks/demo.yaml'), spec);
}

async function pgmonStep(title, args) {
  say(`\n== ${title}`);
  const { code } = await run(process.execPath, [pgmonProgram, ...args], { cwd: dir });
  if (code === 0) return;
  say('\nports and everything else can be changed in .demo/pgmon.yaml; then run this again');
  throw new Stop(`${title}: pgmon ${args[0]} ended with exit code ${code}`, code);
}

await main(async () => {
  await ensureDependencies();
  say('\n== setting up Docker');
  await ensureDaemon();
  await ensureSpec();
  say('\n== getting the images');
  const noGrafana = await ensureImages(dir);
  const without = noGrafana === null ? [] : ['--without', 'grafana'];
  if (noGrafana !== null) {
    say(
      `GRAFANA IS LEFT OUT: its image ${noGrafana} is not on this machine, no registry gives it, and Debian has no package.`,
    );
    say('With the image (docker pull, or pgmon images load FILE), run this again and Grafana is added.');
  }
  await pgmonStep('starting the stack', ['up', '--yes', ...without]);
  await pgmonStep('checking every hop', ['check', '--wait', '2m', ...without]);
  say('\nLook around:  node bin/pgmon.js status -f .demo/pgmon.yaml');
  say('Stop it:      node bin/pgmon.js down -f .demo/pgmon.yaml');
});
