// A past for the generated fleet: series that its Prometheus has now, carried back a day, as blocks in its data directory.
// Texts in OpenMetrics are turned into blocks by promtool, two hours at a time; Prometheus finds the blocks by itself.
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { docker } from './bench-world.mjs';

const BLOCK_SECONDS = 7200;
const CHUNK_CHARACTERS = 2 ** 20;
/** What does not move in a healthy fleet. */
const STILL = /_settings_|_static|_(start_time|timestamp)_seconds|objective|:days$|declared|:info$/;

/** One series as text, the seconds between its samples, and its value at a Unix time; `end` = when the live samples begin. */
function describeSeries({ metric, value: [, text] }, { everySeconds, isCounter, startSeconds, endSeconds }) {
  const { __name__: name, ...labels } = metric;
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  const now = Number(text);
  const isStill = !Number.isFinite(now) || now === 0 || now === 1 || STILL.test(name);
  const phase = pairs.join().length + (Number(/\d+$/.exec(metric.instance ?? '')?.[0]) || 0);
  const gauge = (seconds) => Math.round(now * (1 + 0.05 * Math.sin(seconds / 900 + phase)) * 1e4) / 1e4;
  const counter = (seconds) => Math.floor((now * (seconds - startSeconds)) / (endSeconds - startSeconds));
  return {
    head: `${name}{${pairs.join(',')}}`,
    everySeconds,
    // Scrapes do not all come at once.
    offset: phase % everySeconds,
    valueAt: isStill ? () => text : isCounter ? counter : gauge,
  };
}

/** An hour of an alert on every tenth server, at different times of the day: a healthy fleet has none to draw. */
function pastAlerts(servers, startSeconds, endSeconds) {
  return servers
    .filter((_, i) => i % 10 === 0)
    .flatMap((instance, i) => {
      const labels = `alertname="PostgreSQLHighRollbackRate",datname="app",environment="prod",instance="${instance}",severity="warning",team="team-1"`;
      const from = startSeconds + ((i * 977) % (endSeconds - startSeconds - 3600));
      const span = { everySeconds: 15, offset: 0, from, to: from + 3600 };
      return [
        { ...span, head: `ALERTS{alertstate="firing",${labels}}`, valueAt: () => 1 },
        { ...span, head: `ALERTS_FOR_STATE{${labels}}`, valueAt: () => from },
      ];
    });
}

/** Writes the samples of [from, to) of all series; resolves to how many. */
async function writeText(file, series, from, to) {
  const out = createWriteStream(file);
  let samples = 0;
  let chunk = '';
  for (const one of series) {
    const last = Math.min(to, one.to ?? to);
    const first = Math.max(from, one.from ?? from);
    const begin = Math.ceil((first - one.offset) / one.everySeconds) * one.everySeconds + one.offset;
    for (let at = begin; at < last; at += one.everySeconds) {
      chunk += `${one.head} ${one.valueAt(at)} ${at}\n`;
      samples += 1;
    }
    if (chunk.length < CHUNK_CHARACTERS) continue;
    const isReady = out.write(chunk);
    chunk = '';
    if (!isReady) await new Promise((resolve) => void out.once('drain', resolve));
  }
  out.end(`${chunk}# EOF\n`);
  await finished(out);
  return samples;
}

/**
 * Puts the day before `endSeconds` into the running Prometheus. `dir` is mounted there as `mountedAt`; `found` are results of
 * instant queries, each series once. Resolves to the numbers of series and samples.
 */
export async function writeHistory({ dir, mountedAt, container, found, intervalOf, isCounter, ...times }) {
  const { startSeconds, endSeconds, servers } = times;
  const series = [
    ...found.map((one) =>
      describeSeries(one, {
        everySeconds: intervalOf(one.metric),
        isCounter: isCounter(one.metric.__name__),
        startSeconds,
        endSeconds,
      }),
    ),
    ...pastAlerts(servers, startSeconds, endSeconds),
  ];
  await mkdir(dir, { recursive: true });
  let samples = 0;
  for (let from = startSeconds; from < endSeconds; ) {
    const to = Math.min(endSeconds, (Math.floor(from / BLOCK_SECONDS) + 1) * BLOCK_SECONDS);
    const file = path.join(dir, `${from}.om`);
    const here = await writeText(file, series, from, to);
    samples += here;
    const args = ['exec', container, 'promtool', 'tsdb', 'create-blocks-from', 'openmetrics', '--quiet'];
    if (here > 0) await docker([...args, `${mountedAt}/${path.basename(file)}`, '/prometheus']);
    await rm(file);
    from = to;
  }
  return { series: series.length, samples };
}
