/** A headless Chromium for tests of pages: what is found on this machine, or why there is none. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { SETUP_COMMAND } from './images.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const named = process.env.PGMON_TEST_CHROMIUM;
const executablePath = (named === undefined || named === '' ? PLACES : [named]).find((file) =>
  existsSync(file),
);

/** Null when there is a browser; otherwise why tests are skipped. */
export const browserMissing: string | null =
  executablePath === undefined ? ` (skipped: no Chromium on this machine, see ${SETUP_COMMAND})` : null;

/** Screenshots and other things to look at; not in git. */
export async function artifactDir(name: string): Promise<string> {
  const dir = path.resolve(import.meta.dirname, '../../test-results', name);
  await mkdir(dir, { recursive: true });
  return dir;
}

/** Closed after the test. */
export async function openBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error('no Chromium');
  // As root, as in containers, its sandbox does not start.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  onTestFinished(() => browser.close());
  return browser;
}

export interface Watched {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions. */
  readonly complaints: readonly string[];
  /** Addresses that the page asked for, itself included. */
  readonly requests: readonly string[];
}

/** A page of this width with everything that it says and asks written down. */
export async function watchPage(
  browser: Browser,
  options: { readonly width: number; readonly colorScheme: 'light' | 'dark' },
): Promise<Watched> {
  const { width, colorScheme } = options;
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('pageerror', (error) => void complaints.push(String(error)));
  page.on('request', (request) => void requests.push(request.url()));
  return { page, complaints, requests };
}
