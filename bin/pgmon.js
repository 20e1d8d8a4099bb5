#!/usr/bin/env node
// Starts pgmon: hands the command line and the outside world to `run`. Must parse on old Node versions, to say so.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`error: pgmon needs Node 20.19 or newer, this is ${process.versions.node}\n`);
  process.exitCode = 4;
} else {
  const [{ run }, { createNodeHost }] = await Promise.all([
    import('../dist/cli.js'),
    import('../dist/host/node-host.js'),
  ]);
  process.exitCode = await run(process.argv, createNodeHost());
}
