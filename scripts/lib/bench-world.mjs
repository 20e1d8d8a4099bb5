// What the benchmarks that need containers of their own share: local images, Docker by its own program, and clean ends.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pgmonProgram, run, Stop } from './run.mjs';

const COMPONENTS = [
  'postgres',
  'postgres-exporter',
  'sql-exporter',
  'prometheus',
  'node-exporter',
  'alertmanager',
];
/** For an answer of Prometheus. */
const ANSWER_MS = 60_000;
const execute = promisify(execFile);

export const sleep = (ms) => new Promise((resolve) => void setTimeout(resolve, ms));

/** Output of a docker command; rejects with its stderr. `input` goes to its stdin. */
export async function docker(args, { input } = {}) {
  const running = execute('docker', args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (input !== undefined) running.child.stdin.end(input);
  return (await running).stdout;
}

/** Runs pgmon in a directory; throws with what it printed. */
export async function pgmon(dir, ...words) {
  const env = { ...process.env, PGMON_BENCH_PASSWORD: 'unused' };
  const { code, stdout, stderr } = await run(process.execPath, [pgmonProgram, ...words], {
    cwd: dir,
    quiet: true,
    env,
  });
  if (code !== 0) throw new Stop(`pgmon ${words[0]} ended with exit code ${code}\n${stdout}${stderr}`, code);
  return stdout;
}

/** The spec's `images:` for stand-ins that are here; empty where upstream's own are, or nothing is. */
export async function standIns() {
  const found = [];
  for (const component of COMPONENTS) {
    const args = ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', '--filter'];
    const [first] = (await docker([...args, `reference=localhost/pgmon/${component}`])).split('\n');
    if (first === '') return {};
    found.push([component.replace(/-(.)/g, (_, letter) => letter.toUpperCase()), first]);
  }
  return Object.fromEntries(found);
}

/** First value that `look` gives (not null) before the time is over; what it throws counts as null. */
export async function eventually(what, timeoutMs, look) {
  const endMs = Date.now() + timeoutMs;
  for (let error = null; ; ) {
    try {
      const value = await look();
      if (value !== null) return value;
    } catch (caught) {
      error = caught;
    }
    if (Date.now() > endMs)
      throw new Stop(`${what}: not within ${timeoutMs / 1000} s${error ? ` (${error.message})` : ''}`);
    await sleep(500);
  }
}

/** Prometheus' HTTP API on a host port. */
export function createPrometheus(port) {
  const base = `http://127.0.0.1:${port}/api/v1`;
  const read = async (url) => {
    // A connection that Docker drops while the container starts can leave fetch waiting without end, and nothing keeps Node alive.
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), ANSWER_MS);
    try {
      const response = await fetch(url, { signal: ending.signal });
      const text = await response.text();
      if (!response.ok) throw new Stop(`Prometheus answered HTTP ${response.status} to ${url}`);
      return text;
    } finally {
      clearTimeout(timer);
    }
  };
  const ask = async (path) => JSON.parse(await read(`${base}/${path}`)).data;
  const query = async (expr) => (await ask(`query?query=${encodeURIComponent(expr)}`)).result;
  return {
    base,
    ask,
    query,
    /** Processor seconds that it has used so far, by its own count. */
    cpuSeconds: async () =>
      Number(/^process_cpu_seconds_total (\S+)$/m.exec(await read(`http://127.0.0.1:${port}/metrics`))?.[1]),
    /** The only value of an expression. */
    value: async (expr) => Number((await query(expr))[0]?.value[1] ?? Number.NaN),
  };
}
