/** `pgmon schema`: prints the JSON Schema of the spec, for completion and checks in editors. */
import { EXIT_CODES } from '../errors.ts';
import type { CommandResult } from '../output/reporter.ts';
import { buildJsonSchema } from '../spec/json-schema.ts';
import type { CommandContext, GlobalOptions } from './context.ts';

/** Reads nothing; never rejects. */
export async function schema(_context: CommandContext, _options: GlobalOptions): Promise<CommandResult> {
  const jsonSchema = buildJsonSchema();
  return {
    exitCode: EXIT_CODES.done,
    text: `${JSON.stringify(jsonSchema, null, 2)}\n`,
    json: { schema: jsonSchema },
  };
}
