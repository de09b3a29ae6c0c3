/** The worker's own tests in Python: each method of a `unittest` file is a test here. */
import { basename } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { packageRoot } from '../../src/system/paths.ts';
import { testPython } from './python.ts';

const RUN = `
import json, sys, unittest
class Told(unittest.TestResult):
    def startTest(self, test):
        super().startTest(test)
        self.told = {"name": test.id(), "faults": []}
    def stopTest(self, test):
        print("\\n" + json.dumps(self.told), flush=True)
    def addError(self, test, error):
        self.told["faults"].append(self._exc_info_to_string(error, test))
    addFailure = addError
    def addSubTest(self, test, part, error):
        if error is not None:
            self.told["faults"].append(f"{part.id()}\\n{self._exc_info_to_string(error, test)}")
    def addSkip(self, test, reason):
        self.told["faults"].append(f"skipped: {reason}")
unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:]).run(Told())
`;

/**
 * Runs the tests of `folder/name.py`, of all names in one process of the worker's Python: importing the harness takes longer than
 * most tests. What is no line of JSON there is the tested code's own.
 */
export function runUnittests(folder: string, ...names: string[]): void {
  const run = testPython().then((python) =>
    execa(python, ['-c', RUN, ...names], {
      env: {
        PYTHONPATH: `${packageRoot()}/worker:${packageRoot()}/test/support:${folder}`,
        PYTHONDONTWRITEBYTECODE: '1',
        HF_HUB_OFFLINE: '1',
        TQDM_DISABLE: '1',
      },
    }),
  );
  for (const name of names) {
    test(`worker: ${basename(name)}`, async (context) => {
      const { stdout } = await run;
      const told: { name: string; faults: string[] }[] = stdout
        .split('\n')
        .filter((line) => line.startsWith(`{"name": "${name}.`))
        .map((line) => JSON.parse(line));
      if (told.length === 0) throw new Error('no test ran');
      for (const { name: title, faults } of told) {
        await context.test(title, () => {
          if (faults.length > 0) throw new Error(faults.join('\n'));
        });
      }
    });
  }
}
