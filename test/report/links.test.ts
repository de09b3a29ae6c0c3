import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkAddress, checkLinks, linkTo, type ReportLinks } from '../../src/report/links.ts';

describe('an address in a report', () => {
  const CASES: [what: string, given: string | null, safe: string | null][] = [
    ['of a run', 'https://github.com/o/r/actions/runs/7', 'https://github.com/o/r/actions/runs/7'],
    ['of a server of its own', 'http://github.example:8080/o/r', 'http://github.example:8080/o/r'],
    ['that would run a script', 'javascript:alert(1)', null],
    ['that holds data', 'data:text/html,<b>', null],
    ['with a password', 'https://me:secret@github.com/', null],
    ['that is none', 'see below', null],
    ['that is missing', null, null],
    [
      'that would end the link',
      'https://a.example/x) [y](https://evil.example',
      'https://a.example/x%29%20[y]%28https://evil.example',
    ],
    ['that would end the cell', 'https://a.example/x|y`z`', 'https://a.example/x%7Cy%60z%60'],
    ['with a line of its own', 'https://a.example/x\n# Passed', 'https://a.example/x#%20Passed'],
    ['too long', `https://a.example/${'x'.repeat(2000)}`, null],
  ];
  for (const [what, given, safe] of CASES)
    test(`${what}: ${safe === null ? 'is left out' : safe.slice(0, 60)}`, () =>
      assert.equal(checkAddress(given), safe));
});

test('links that are no addresses are left out, and text stays without one', () => {
  const links: ReportLinks = checkLinks({ run: 'https://github.com/o/r', flips: 'javascript:x', docs: null });
  assert.deepEqual({ ...links }, { run: 'https://github.com/o/r' });
  assert.equal(linkTo('Run', links.run), '[Run](https://github.com/o/r)');
  assert.equal(linkTo('Run', links.flips), 'Run');
});
