// Finds a Docker daemon; on Debian and Ubuntu, as root, installs and starts one where there is none.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WAIT_FOR_LOCK } from './apt-install.mjs';
import { root, run, Stop, say } from './run.mjs';

const START_SECONDS = 60;

function candidateSockets() {
  const host = process.env.DOCKER_HOST;
  if (host?.startsWith('unix://')) return [host.slice('unix://'.length)];
  const runtimeDir = process.env.XDG_RUNTIME_DIR;
  return [
    '/var/run/docker.sock',
    ...(runtimeDir
      ? [path.join(runtimeDir, 'docker.sock'), path.join(runtimeDir, 'podman/podman.sock')]
      : []),
    path.join(os.homedir(), '.docker/run/docker.sock'),
    path.join(os.homedir(), '.colima/default/docker.sock'),
    '/run/podman/podman.sock',
  ];
}

/** `ok`, or the error code of the attempt. */
function ping(socketPath) {
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path: '/_ping', timeout: 5000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? 'ok' : `HTTP ${answer.statusCode}`);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', (error) => resolve(error.code ?? 'ETIMEDOUT'));
  });
}

async function findDaemon() {
  const answers = await Promise.all(candidateSockets().map(ping));
  if (answers.includes('ok')) return 'ok';
  // A docker context or DOCKER_HOST=tcp://… is known to the client only.
  const client = await run('docker', ['version', '--format', '{{.Server.Version}}'], { quiet: true });
  if (client.code === 0 && client.stdout.trim() !== '') return 'ok';
  return answers.includes('EACCES') ? 'denied' : 'absent';
}

async function installDaemon() {
  say('installing docker.io with apt-get');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const update = await run('apt-get', ['-qq', 'update'], { env });
  // A half-reachable mirror list is no reason to stop: the install says what is really missing.
  if (update.code !== 0) say('apt-get update did not fully succeed; going on');
  // Newer releases have the client in a package of its own.
  const client = await run('apt-cache', ['show', 'docker-cli'], { quiet: true });
  const packages = ['docker.io', 'ca-certificates', ...(client.code === 0 ? ['docker-cli'] : [])];
  const args = [...WAIT_FOR_LOCK, '-qq', 'install', '-y', '--no-install-recommends', ...packages];
  const install = await run('apt-get', args, { env });
  if (install.code !== 0) throw new Stop('apt-get could not install docker.io', 4);
}

const PID_FILES = {
  dockerd: '/var/run/docker.pid',
  containerd: '/var/run/docker/containerd/containerd.pid',
};

/** A daemon that was killed leaves its number behind, and the next one does not start while any other process has it. */
async function removeStalePidFiles() {
  for (const [program, file] of Object.entries(PID_FILES)) {
    const pid = (await readFile(file, 'utf8').catch(() => '')).trim();
    const running = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (pid !== '' && running.trim() !== program) await rm(file, { force: true });
  }
}

function spawnDaemon(logFile) {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const child = spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log] });
  child.on('error', () => {});
  child.unref();
  closeSync(log);
}

async function startDaemon() {
  if (existsSync('/run/systemd/system')) {
    say('starting Docker with systemctl');
    await run('systemctl', ['start', 'docker']);
  } else {
    const logFile = path.join(root, '.cache/dockerd.log');
    say('starting dockerd; its log: .cache/dockerd.log');
    await removeStalePidFiles();
    spawnDaemon(logFile);
  }
  for (let waited = 0; waited < START_SECONDS * 5; waited += 1) {
    if ((await findDaemon()) === 'ok') return;
    await sleep(200);
  }
  const log = await readFile(path.join(root, '.cache/dockerd.log'), 'utf8').catch(() => '');
  throw new Stop(
    `Docker did not answer within ${START_SECONDS} s\n${log.split('\n').slice(-15).join('\n')}`,
    4,
  );
}

/** Ends with a daemon that answers, or throws with what to do. */
export async function ensureDaemon() {
  const found = await findDaemon();
  if (found === 'ok') return say('Docker daemon: answers');
  if (found === 'denied') {
    throw new Stop(
      'this user may not use the Docker daemon\nhint: sudo usermod -aG docker $USER, then log in again',
      4,
    );
  }
  if (process.env.DOCKER_HOST)
    throw new Stop(`no Docker daemon answers at DOCKER_HOST=${process.env.DOCKER_HOST}`, 4);
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const hasApt = isRoot && (await run('apt-get', ['--version'], { quiet: true })).code === 0;
  const hasDaemon = isRoot && (await run('dockerd', ['--version'], { quiet: true })).code === 0;
  if (!hasDaemon && !hasApt) {
    throw new Stop(
      'no Docker daemon answers\nhint: install and start Docker (https://docs.docker.com/engine/install/), then run this again',
      4,
    );
  }
  if (!hasDaemon) await installDaemon();
  await startDaemon();
  say('Docker daemon: started');
}
