import { type Choices, INIT_NAMES, MODEL_FROM } from '../../src/init/choices.ts';
import { suggestedTraining } from '../../src/init/jobs.ts';

const GPU = { group: null, labels: ['self-hosted', 'gpu'] };

/** Choices as `sos-bench init` makes them of no flag. */
export const PLAIN_CHOICES: Choices = {
  action: {
    repository: 'octo/sos-bench',
    ref: '0123456789abcdef0123456789abcdef01234567',
    version: 'v1.2.3',
  },
  modelFrom: 'artifact',
  model: 'model',
  train: suggestedTraining('artifact'),
  folder: null,
  secrets: [],
  repository: 'octo/models',
  branch: 'main',
  runner: GPU,
  trainRunner: GPU,
  forkGroup: 'forks',
  suite: 'pr',
  ...{ forks: false, nightly: false, gate: false, bot: false },
  names: INIT_NAMES,
};

const MODELS: Record<Choices['modelFrom'], Pick<Choices, 'model' | 'train' | 'secrets'>> = {
  artifact: { model: 'out/my model', train: 'python train.py --out "out/my model"', secrets: [] },
  hub: { model: 'octo/model-7b', train: suggestedTraining('hub'), secrets: [] },
  disk: { model: '/shared/models', train: suggestedTraining('disk'), secrets: [] },
  command: {
    model: 'aws s3 sync "s3://bucket/$MODEL_SHA" model >&2 && echo model',
    train: suggestedTraining('command'),
    secrets: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  },
};

/** Every combination of what `sos-bench init` takes, by what it is called. */
export function allChoices(): Map<string, Choices> {
  const found = new Map<string, Choices>();
  const both = [false, true];
  const places = [
    { name: 'one kind of runner', folder: null, branch: 'main', runner: GPU, trainRunner: GPU },
    {
      name: 'groups, a folder with a space, another branch',
      folder: 'packages/my model',
      branch: 'release/next',
      runner: { group: 'GPU machines', labels: ['self-hosted', 'gpu'] },
      trainRunner: { group: 'trainers', labels: [] },
    },
  ];
  for (const modelFrom of MODEL_FROM)
    for (const { name, ...place } of places)
      for (const forks of both)
        for (const nightly of both)
          for (const gate of both)
            for (const bot of both) {
              const extras = Object.entries({ forks, nightly, gate, bot }).filter(([, wanted]) => wanted);
              found.set([modelFrom, ...extras.map(([extra]) => extra), name].join(', '), {
                ...PLAIN_CHOICES,
                ...MODELS[modelFrom],
                ...place,
                ...{ modelFrom, forks, nightly, gate, bot },
              });
            }
  return found;
}
