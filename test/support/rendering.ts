/** Renders stacks the way the product does, with made-up secret values. */
import { renderStack } from '../../src/render/render-stack.ts';
import type { RenderedFile, RenderedStack, Service } from '../../src/stack/rendered-stack.ts';
import type { Stack } from '../../src/stack/stack.ts';
import { readTemplatesForTest } from './stack-fixture.ts';

export const TEST_VERSION = '0.0.0-test';

const TEMPLATES = readTemplatesForTest();

export function renderForTest(stack: Stack): RenderedStack {
  return renderStack(stack, { version: TEST_VERSION, templates: TEMPLATES });
}

/** Every secret's value is `value of <id>`. */
export function secretValuesForTest(rendered: RenderedStack): ReadonlyMap<string, string> {
  const ids = rendered.secretFiles.flatMap((file) => file.secrets);
  return new Map(ids.map((id) => [id, `value of ${id}`]));
}

/** Plain files and filled secret files in one list. */
export function allFiles(
  rendered: RenderedStack,
  values: ReadonlyMap<string, string> = secretValuesForTest(rendered),
): readonly RenderedFile[] {
  const secretFiles = rendered.secretFiles.map(({ path, render }) => ({ path, content: render(values) }));
  return [...rendered.files, ...secretFiles];
}

/** The text of one file; fails when it is not rendered. */
export function textOf(rendered: RenderedStack, path: string): string {
  const file = allFiles(rendered).find((one) => one.path === path);
  if (file === undefined) throw new Error(`${path} is not rendered`);
  return file.content;
}

export function serviceOf(rendered: RenderedStack, name: Service['name']): Service {
  const service = rendered.services.find((one) => one.name === name);
  if (service === undefined) throw new Error(`there is no service ${name}`);
  return service;
}
