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
unittest.defaultTestLoader.loadTestsFromName(sys.argv[1]).run(Told())
`;

/** Runs the tests of `folder/name.py` with the worker's Python; what is no line of JSON there is the tested code's own. */
export function runUnittests(folder: string, name: string): void {
  test(`worker: ${basename(name)}`, async (context) => {
    const { stdout } = await execa(await testPython(), ['-c', RUN, name], {
      env: {
        PYTHONPATH: `${packageRoot()}/worker:${packageRoot()}/test/support:${folder}`,
        PYTHONDONTWRITEBYTECODE: '1',
        HF_HUB_OFFLINE: '1',
        TQDM_DISABLE: '1',
      },
    });
    const told: { name: string; faults: string[] }[] = stdout
      .split('\n')
      .filter((line) => line.startsWith('{"name"'))
      .map((line) => JSON.parse(line));
    if (told.length === 0) throw new Error('no test ran');
    for (const { name: title, faults } of told) {
      await context.test(title, () => {
        if (faults.length > 0) throw new Error(faults.join('\n'));
      });
    }
  });
}
