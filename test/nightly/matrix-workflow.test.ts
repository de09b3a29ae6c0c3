/** The ready workflow for several models, by a real workflow runner against an emulated GitHub: one comment, one check. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findAct, readyWorkflow } from '../support/act.ts';
import { type ActRepository, startActRepository } from '../support/act-repository.ts';
import { pullPayload, REPOSITORY } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';

const act = await findAct();

describe('matrix.yml', { skip: act === null && 'neither act nor Go to build it with is here' }, () => {
  const folder = temporaryFolder();
  let here: ActRepository;
  let main: string;

  /**
   * The ready file, whose small model is damaged. This runner fills the outputs of a matrix in once, at its first job, so each report
   * fetches its record by name, and no digest arrives.
   */
  const workflow = () =>
    readyWorkflow('matrix.yml')
      .replace(
        './train.sh --output model "$MODEL"',
        'if [ "$MODEL" = small ]; then cp -R "$TRAINED_MODEL/../damaged" model; else cp -R "$TRAINED_MODEL" model; fi',
      )
      .replace(/^ +if: fromJSON\(.*\n/m, '')
      .replace(/artifact-ids: .*fromJSON.*/, `name: sos-bench-record-\${{ matrix.model }}`)
      .replace(/^ +record-digest: \$\{\{ needs\.evaluate.*\n/m, '');

  before(async () => {
    here = await startActRepository(act!, folder, {
      workflows: ['main.yml'],
      files: { '.github/workflows/matrix.yml': workflow() },
      settings: 'thresholds: { wk: off, if: off }\n',
      questions: 60,
    });
    main = await here.tip('main');
    await here.run({
      ...{ workflow: 'main.yml', event: 'push', model: 'main', sha: main },
      payload: { ref: 'refs/heads/main', after: main, repository: REPOSITORY },
    });
    for (const model of ['small', 'large'])
      await here.setBranch(`sos-bench-${model}`, await here.tip('sos-bench'));
  });
  after(() => here.close());

  test('both models have a section in one comment, and the check fails with the one that got worse', async () => {
    const head = await here.commitInClone('change', { 'train.txt': 'more noise' });
    const number = await here.openPull('change');
    const jobs = await here.run({
      ...{ workflow: 'matrix.yml', event: 'pull_request', model: 'main' },
      payload: pullPayload({ number, headSha: head }, main),
    });
    const log = [...jobs.values()].map((job) => job.log).join('\n');
    assert.equal(jobs.get('conclude')?.result, 'success', log);
    const [comment, second] = await here.comments(number);
    assert.equal(second, undefined);
    assert.match(
      comment?.body ?? log,
      /## model: large\n\n### .*\n\n> \[!(TIP|NOTE)\].*## model: small\n\n### .*\n\n> \[!CAUTION\]\n> \*\*The model got worse/s,
    );
    assert.deepEqual(
      (await here.checks(head)).map(({ name, status, conclusion }) => [name, status, conclusion]),
      [['SOS-Bench', 'completed', 'failure']],
      'the newest check run of that name',
    );
    assert.match(jobs.get('conclude')!.log, /The check needs nothing/);
  });
});
