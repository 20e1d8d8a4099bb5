// Small tools of the benchmark: timing whole processes, medians and paired ratios. Decides nothing.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Runs a program to its end and returns the wall time in ms; rejects with its stderr when it fails. */
export function timeProgram([file, ...args], options = {}) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      if (code === 0) resolve(ms);
      else reject(new Error(`${[file, ...args].join(' ')} ended with ${code}:\n${stderr}`));
    });
  });
}

/** Wall time in ms and peak resident memory in MiB of a Node script, told by the process itself as it ends. */
export async function timeNode(args, options = {}) {
  const file = path.join(os.tmpdir(), `pgmon-bench-rss-${process.pid}`);
  const report = `import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(${JSON.stringify(file)},String(process.resourceUsage().maxRSS)))`;
  const probe = `data:text/javascript,${encodeURIComponent(report)}`;
  const ms = await timeProgram([process.execPath, '--import', probe, ...args], options);
  const peakMiB = Number(readFileSync(file, 'utf8')) / 1024;
  rmSync(file, { force: true });
  return { ms, peakMiB };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs both sides `rounds` times, next to each other and in turns first, so that a busy machine hurts both alike.
 * Each side is a function that returns its milliseconds.
 */
export async function measurePairs(rounds, ours, theirs) {
  const pairs = [];
  for (let round = 0; round < rounds; round += 1) {
    const sides = round % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours'];
    const pair = {};
    for (const side of sides) pair[side] = await (side === 'ours' ? ours : theirs)(round);
    pairs.push(pair);
  }
  return pairs;
}

/** One table row: medians of both sides, median and range of the paired ratios. */
export function summarise(name, pairs, goal) {
  const ratios = pairs.map(({ ours, theirs }) => ours / theirs);
  const ms = (side) => Math.round(median(pairs.map((pair) => pair[side])));
  return {
    name,
    rounds: pairs.length,
    oursMs: ms('ours'),
    theirsMs: ms('theirs'),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    goal,
  };
}
