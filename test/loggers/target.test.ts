/** Addresses of `log`: what they name, and what is refused in words. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { localPathOf, openedBy, parseLogTarget } from '../../src/loggers/target.ts';
import { SETTINGS } from '../../src/settings/table.ts';

describe('an address', () => {
  const GOOD: [text: string, logger: string, project: string, uri: string][] = [
    ['wandb:evals', 'wandb', 'evals', ''],
    ['wandb:my-team/evals', 'wandb', 'my-team/evals', ''],
    ['trackio:evals', 'trackio', 'evals', ''],
    ['mlflow:https://mlflow.example.com', 'mlflow', 'sos-bench', 'https://mlflow.example.com'],
    ['mlflow:http://127.0.0.1:5000#gate', 'mlflow', 'gate', 'http://127.0.0.1:5000'],
    ['mlflow:databricks', 'mlflow', '/Shared/sos-bench', 'databricks'],
    [
      'mlflow:databricks://team#/Users/me@example.org/gate',
      'mlflow',
      '/Users/me@example.org/gate',
      'databricks://team',
    ],
    ['mlflow:sqlite:///runs.db', 'mlflow', 'sos-bench', 'sqlite:///runs.db'],
    ['mlflow:file:runs', 'mlflow', 'sos-bench', 'file:runs'],
    ['mlflow:./runs', 'mlflow', 'sos-bench', './runs'],
    ['tensorboard:/shared/tb', 'tensorboard', '', '/shared/tb'],
  ];
  for (const [text, logger, project, uri] of GOOD)
    test(`${text} is taken`, () => assert.deepEqual(parseLogTarget(text), { logger, text, project, uri }));

  const BAD: [text: string, why: RegExp][] = [
    ['wandb', /not an address such as wandb:PROJECT/],
    ['wanbd:evals', /not an address such as/],
    ['constructor:x', /not an address such as/],
    ['wandb:', /not a project of wandb/],
    ['wandb:a/b/c', /not a project of wandb/],
    ['wandb:a b', /not a project of wandb/],
    ['wandb:../x', /not a project of wandb/],
    ['trackio:team/evals', /not a project of trackio/],
    ['tensorboard:', /without a folder/],
    ['tensorboard:a\u001b[2J', /one short line/],
    ['tensorboard:s3://bucket/tb', /not a folder of this machine: give its path/],
    ['tensorboard:file:///shared/tb', /not a folder of this machine: give its path/],
    ['mlflow:databrick', /neither http\(s\):\/\/HOST/],
    ['mlflow:databricks#gate', /in Databricks an experiment is a path, such as #\/Shared\/sos-bench/],
    ['mlflow:databricks#', /not URI#EXPERIMENT/],
    ['mlflow:databricks://scope:prefix', /neither http/],
    ['mlflow:databricks://me:secret@host', /neither http/],
    ['mlflow:postgresql://me:secret@host/db', /neither http/],
    ['mlflow:https://me:secret@host', /MLFLOW_TRACKING_USERNAME/],
    ['mlflow:https://host?token=abc', /holds a query/],
    ['mlflow:https://', /not the address of a server/],
    ['mlflow:./runs#', /not URI#EXPERIMENT/],
    ['mlflow:https://host/#/experiments/3', /the experiment's name, not its page/],
    ['mlflow:file://host/runs', /not file:\/\/\/DIR of this machine/],
    ['mlflow:file:///a%2Fb', /not file:\/\/\/DIR of this machine/],
    ['mlflow:sqlite:///runs.db?mode=ro', /holds a query/],
    ['mlflow:sqlite:///~/runs.db', /no shell replaces '~'/],
    ['mlflow:file:~/runs', /no shell replaces '~'/],
    ['mlflow:~/runs', /no shell replaces '~'/],
    ['tensorboard:~/runs', /no shell replaces '~'/],
  ];
  for (const [text, why] of BAD)
    test(`${JSON.stringify(text)} is refused`, () => {
      const found = parseLogTarget(text);
      assert.ok(typeof found === 'string');
      assert.match(found, why);
    });
});

describe('what a target opens, with its path made absolute', () => {
  const CASES: [text: string, path: string | null, opened: string][] = [
    ['tensorboard:tb', '/home/me/tb', '/home/me/tb'],
    ['mlflow:./runs', '/home/me/runs', 'file:///home/me/runs'],
    ['mlflow:file:runs', '/home/me/runs', 'file:///home/me/runs'],
    ['mlflow:file:///srv/runs', '/srv/runs', 'file:///srv/runs'],
    ['mlflow:sqlite:///runs.db', '/home/me/runs.db', 'sqlite:////home/me/runs.db'],
    ['mlflow:sqlite:////srv/runs.db', '/srv/runs.db', 'sqlite:////srv/runs.db'],
    ['mlflow:http://127.0.0.1:5000', null, 'http://127.0.0.1:5000'],
    ['mlflow:databricks', null, 'databricks'],
    ['wandb:evals', null, ''],
  ];
  for (const [text, path, opened] of CASES)
    test(text, () => {
      const target = parseLogTarget(text);
      assert.ok(typeof target !== 'string');
      assert.deepEqual([localPathOf(target, '/home/me'), openedBy(target, '/home/me')], [path, opened]);
    });
});

describe('the setting log', () => {
  const { schema } = SETTINGS.log;
  test('takes several, by commas or lines or as a list', () => {
    const texts = (value: unknown) => schema.parse(value).map(({ text }) => text);
    const both = ['wandb:evals', 'tensorboard:/tb'];
    assert.deepEqual(texts('wandb:evals, tensorboard:/tb'), both);
    assert.deepEqual(texts('wandb:evals\ntensorboard:/tb\n'), both);
    assert.deepEqual(texts(both), both);
    assert.deepEqual(texts(''), []);
  });
  test('refuses one that is given twice', () =>
    assert.match(String(schema.safeParse('wandb:a,wandb:a').error), /given twice/));
  test('repeats no password of an address, whatever its characters are', () => {
    const said = String(schema.safeParse('mlflow:https://me:hunter22@host').error);
    assert.match(said, /MLFLOW_TRACKING_PASSWORD/);
    for (const password of ['hunter22', 'hunter,hunter', 'hunter#hunter', 'hunter/hunter', '7,hunter@hunter'])
      assert.doesNotMatch(String(schema.safeParse(`mlflow:https://me:${password}@host`).error), /hunter/);
  });
  test('repeats an address without a password as it is', () => {
    const said = String(schema.safeParse('mlflow:http://127.0.0.1:5000/x#').error);
    assert.match(said, /'mlflow:http:\/\/127\.0\.0\.1:5000\/x#' is not URI#EXPERIMENT/);
  });
});
