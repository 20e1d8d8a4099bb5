// The result of the comparisons as Markdown.

const seconds = (ms) => (ms / 1000).toFixed(2);

function pairTable(rows) {
  const lines = rows.map(({ name, rounds, oursMs, theirsMs, ratio, lowest, highest, goal }) => {
    const verdict = ratio <= goal ? 'yes' : 'no';
    return `| ${name} | ${rounds} | ${oursMs} | ${theirsMs} | **${ratio.toFixed(2)}** | ${lowest.toFixed(2)} to ${highest.toFixed(2)} | ${goal} | ${verdict} |`;
  });
  return [
    '| what | rounds | pgmon, ms | other, ms | ratio | range | goal at most | met |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

function renderTable(rows) {
  const lines = rows.map(
    ({ servers, ms, peakMiB }) =>
      `| ${servers.toLocaleString('en')} | ${seconds(ms)} | ${Math.round(peakMiB)} |`,
  );
  return ['| servers | wall time, s | peak memory, MiB |', '|---|---|---|', ...lines].join('\n');
}

const bullets = (lines) => lines.map((line) => `- ${line}`).join('\n');

/** The sections of a run that compares pgmon with Compose and Node; without stacks, theirs is left as it stands. */
export function comparisonSections({ machine, notes, stackRows, startRows, renderRows, command }) {
  return {
    intro: `# Benchmarks\n\nWritten by \`${command}\`; run it on your machine to replace this file. Times are medians of whole processes; a ratio is the median over pairs that ran next to each other in turns, so that it holds on a busy machine too. Below 1: pgmon is faster.`,
    machine: bullets(machine),
    ...(stackRows.length > 0 && { stack: `${bullets(notes)}\n\n${pairTable(stackRows)}` }),
    start: pairTable(startRows),
    render: `Goal: linear in the number of servers; 10,000 in under 5 s and 400 MiB.\n\n${renderTable(renderRows)}`,
  };
}
