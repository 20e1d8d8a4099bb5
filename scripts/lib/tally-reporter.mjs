// A vitest reporter that counts tests over all projects and keeps why some were skipped, for scripts/test.mjs.
import { writeFileSync } from 'node:fs';

function reasonOf(test) {
  const note = test.result().note;
  if (note) return note;
  for (let parent = test.parent; parent && parent.type !== 'module'; parent = parent.parent) {
    if (parent.options.mode === 'skip') return `see "${parent.name}"`;
  }
  return test.options.mode === 'todo' ? 'to do' : 'see its name';
}

export default class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tally = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      // A file that could not be loaded has no tests, yet it is a failure.
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed'))
        tally.failed += 1;
      for (const test of tests) {
        const { state } = test.result();
        if (state === 'passed') tally.passed += 1;
        else if (state === 'failed') tally.failed += 1;
        else
          tally.skipped.push({
            name: `${module.relativeModuleId} > ${test.fullName}`,
            reason: reasonOf(test),
          });
      }
    }
    writeFileSync(process.env.PGMON_TEST_TALLY, JSON.stringify(tally));
  }
}
