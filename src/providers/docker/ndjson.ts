/** Reads a stream of JSON objects, one a line, however its bytes are cut into chunks. */

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`not a JSON line: ${line.slice(0, 80)}`, { cause });
  }
}

/** Each value in order; empty lines are skipped, a last line needs no line break. Rejects for a line that is no JSON, as the last one of a broken stream is. */
export async function* readNdjson(source: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of source) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield parseLine(line);
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield parseLine(rest);
}
