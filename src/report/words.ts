/** Times and shares as the report writes them. All times are UTC. Pure. */

const pad = (value: number): string => String(value).padStart(2, '0');

/** `2026-01-31 12:00`. */
export function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
}

/** `12:00`, with the day before it when that is another one than the range's last. */
export function formatShortTime(seconds: number, endSeconds: number): string {
  const text = formatTime(seconds);
  return text.slice(0, 10) === formatTime(endSeconds).slice(0, 10) ? text.slice(11) : text;
}

/** `45 s`, `12 min`, `3 h 05 min`, `2 d 4 h`. */
export function formatLength(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) {
    const rest = minutes % 60;
    return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${pad(rest)} min`;
  }
  const hours = Math.round(seconds / 3600);
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `12%`; never 100% unless it is the whole, so that a short fault does not vanish. */
export function formatShare(share: number): string {
  if (share >= 1) return '100%';
  const percent = share * 100;
  const digits = percent >= 99 || (percent < 1 && percent > 0) ? 2 : percent >= 10 ? 0 : 1;
  const rounded = Number(percent.toFixed(digits));
  return `${rounded >= 100 ? 99.99 : rounded}%`;
}

/** `1 server`, `3 servers`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

/** Leaves out what can only be done in Grafana: nobody clicks on paper. */
export function onPaper(text: string): string {
  const isForPaper = (part: string) => !/\bclicks?\b/i.test(part);
  const sentences = text.split(/(?<=[.!?]) +/).map((sentence) => {
    if (isForPaper(sentence)) return sentence;
    const clauses = sentence.split(/; */).filter(isForPaper).join('; ');
    return clauses === '' ? '' : clauses.replace(/[.;]?$/, '.');
  });
  return sentences.filter((sentence) => sentence !== '').join(' ');
}
