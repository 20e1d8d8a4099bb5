// Gets the images of the spec in a directory: from the registries, or built from Debian's packages where none answers.
import { pgmonProgram, run, Stop, say } from './run.mjs';

async function absentImages(dir) {
  const { code, stdout, stderr } = await run(process.execPath, [pgmonProgram, 'images', 'list', '--json'], {
    cwd: dir,
    quiet: true,
  });
  if (code !== 0) throw new Stop(`pgmon images list failed with exit code ${code}\n${stdout}${stderr}`, code);
  return JSON.parse(stdout).images.filter((image) => image.state === 'absent');
}

const onlyGrafana = (images) => images.every(({ component }) => component === 'grafana');

/** The reference of Grafana's image when it cannot be had (it has no distribution package), else null. */
export async function ensureImages(dir) {
  const pgmon = (...args) => run(process.execPath, [pgmonProgram, 'images', ...args], { cwd: dir });
  let absent = await absentImages(dir);
  if (!onlyGrafana(absent)) {
    say('pulling the images');
    const pulled = await run(process.execPath, [pgmonProgram, 'images', 'pull', '--quiet'], {
      cwd: dir,
      quiet: true,
    });
    if (pulled.code === 130) throw new Stop('interrupted', 130);
    absent = await absentImages(dir);
  }
  if (!onlyGrafana(absent)) {
    say('the registries do not give all of them; building them from Debian packages');
    const { code } = await pgmon('build');
    if (code !== 0) throw new Stop(`pgmon images build failed with exit code ${code}`, code);
    absent = await absentImages(dir);
  }
  return absent.find(({ component }) => component === 'grafana')?.reference ?? null;
}
