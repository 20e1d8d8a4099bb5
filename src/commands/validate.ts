/** `pgmon validate`: says whether the spec can be used, every problem at once. Reads the spec and the lock, writes nothing. */
import { EXIT_CODES } from '../errors.ts';
import type { CommandResult } from '../output/reporter.ts';
import { imagesOf } from '../stack/images-of.ts';
import type { Image, Stack } from '../stack/stack.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { loadStack } from './load-stack.ts';

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

function formatStack(stack: Stack): string {
  const components = [...imagesOf(stack)].map(([name, { version }]) => `${name} ${version}`);
  const receivers = stack.delivery.receivers.length;
  return `valid: stack ${stack.name}, ${count(stack.servers.length, 'server')}, ${count(receivers, 'receiver')}; ${components.join(', ')}\n`;
}

function describeStack(stack: Stack): Readonly<Record<string, unknown>> {
  const images = Object.fromEntries(
    [...imagesOf(stack)].map(([name, image]): [string, Image] => [name, image]),
  );
  return {
    valid: true,
    name: stack.name,
    runtime: stack.runtime,
    servers: stack.servers.map(({ name }) => name),
    receivers: stack.delivery.receivers.map(({ name }) => name),
    images,
  };
}

/** Rejects with SpecError when the spec is not valid. Warnings go to the reporter. */
export async function validate(context: CommandContext, options: StackOptions): Promise<CommandResult> {
  const { stack } = await loadStack(context, options);
  return { exitCode: EXIT_CODES.done, text: formatStack(stack), json: describeStack(stack) };
}
