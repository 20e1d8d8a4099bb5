import { defineConfig } from 'vitest/config';

const tier = (name: string, options: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], ...options },
});

// One project per tier. Docker tests run file after file because they share one daemon; package tests because they
// share the build.
export default defineConfig({
  test: {
    projects: [
      tier('unit', { testTimeout: 30_000, hookTimeout: 30_000 }),
      tier('golden', { testTimeout: 60_000, hookTimeout: 60_000 }),
      tier('cli', { testTimeout: 60_000, hookTimeout: 60_000 }),
      tier('docker', { testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false }),
      tier('package', { testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false }),
    ],
  },
});
