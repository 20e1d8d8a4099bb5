// Runs in a container: answers scrapes of any number of servers with the text of one real server, numbers moving with time.
// Argument: a JSON file, "host/path" -> text. Counters grow, gauges that are no settings go up and down a little.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const PORTS = [9187, 9399, 9093, 9100];
const STILL =
  /^(up$|pg_up|pg_settings|pg_static|pgmon_server|pg_roles|pg_replication_is|pg_.*(limit|success|start_time)|pgmon_.*(success|enabled|loaded|max$))/;
const startedMs = Date.now();

function parseLine(line, types) {
  const at = line.lastIndexOf(' ');
  const series = line.slice(0, at);
  const [name] = series.split('{', 1);
  const base = Number(line.slice(at + 1));
  if (!Number.isFinite(base)) return { text: `${line}\n` };
  // What never happened on the real server does not happen here: no deadlocks, no checksum failures.
  if (STILL.test(name) || base === 0 || base === 1) return { text: `${line}\n` };
  if (types.get(name) === 'counter') return { series, base, growth: base / 3600 };
  return { series, base, swing: 0.05 };
}

function parsePage(text) {
  const types = new Map();
  const lines = [];
  for (const line of text.split('\n')) {
    const [, name, type] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    if (name !== undefined) types.set(name, type);
    // The real page has its comments, so this one does.
    if (line.startsWith('#')) lines.push({ text: `${line}\n` });
    else if (line !== '') lines.push(parseLine(line, types));
  }
  return lines;
}

/** The same moment on two servers gives different numbers. */
function writePage(lines, server) {
  const seconds = (Date.now() - startedMs) / 1000;
  const wave = Math.sin(seconds / 100 + server);
  let page = '';
  for (const { text, series, base, growth, swing } of lines) {
    if (text !== undefined) page += text;
    else if (growth !== undefined)
      page += `${series} ${Math.floor(base + growth * seconds * (1 + (server % 7) / 7))}\n`;
    else page += `${series} ${Math.round(base * (1 + swing * wave) * 1000) / 1000}\n`;
  }
  return page;
}

const pages = new Map(
  Object.entries(JSON.parse(readFileSync(process.argv[2], 'utf8'))).map(([key, text]) => [
    key,
    parsePage(text),
  ]),
);

function answer(request, response) {
  const url = new URL(request.url, `http://${request.headers.host}`);
  if (request.method === 'POST')
    return void request.resume().on('end', () => void response.end('{"status":"success"}'));
  const lines = pages.get(`${url.hostname}${url.pathname}`);
  const server = Number(
    /\d+$/.exec(url.searchParams.get('auth_module') ?? url.searchParams.get('server') ?? '0')?.[0] ?? 0,
  );
  response.writeHead(lines === undefined ? 404 : 200, { 'content-type': 'text/plain; version=0.0.4' });
  response.end(lines === undefined ? '' : writePage(lines, server));
}

for (const port of PORTS) createServer({ keepAliveTimeout: 120_000 }, answer).listen(port);
