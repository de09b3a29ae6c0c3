import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listGpus } from '../../src/system/gpus.ts';
import { fakeDriver } from '../support/fake-driver.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();
let drivers = 0;
const none = join(folder, 'no-devices');
mkdirSync(none);

/** What is known where nvidia-smi (a fake) does this. */
async function listing(script: string, { environment = {}, timeout = 20_000 } = {}) {
  const driver = fakeDriver(join(folder, `driver-${drivers++}`), script);
  return await listGpus({ ...driver, ...environment }, { devices: none, timeout });
}

const print = (...lines: string[]) => `cat <<'END'\n${lines.join('\n')}\nEND`;
const row = (index: number) => `${index}, GPU-${index}a, NVIDIA A100, 81920, 80000`;
const A100 = (index: number) => ({
  index: `${index}`,
  uuid: `GPU-${index}a`,
  name: 'NVIDIA A100',
  memoryTotal: 81_920,
  memoryFree: 80_000,
});

test('GPUs with their memory', async () => {
  assert.deepEqual(await listing(print(row(0), row(1))), {
    gpus: [A100(0), A100(1)],
    driver: 'answers',
    faults: [],
  });
});

test('a GPU whose memory the driver does not tell is a GPU', async () => {
  const { gpus, faults } = await listing(print('0, GPU-0a, NVIDIA GB10, [N/A], [N/A]'));
  assert.deepEqual(gpus, [{ ...A100(0), name: 'NVIDIA GB10', memoryTotal: null, memoryFree: null }]);
  assert.deepEqual(faults, []);
});

test('of a GPU that fell off the bus there is no row and a code: the others count, and it is said', async () => {
  const lost = 'Unable to determine the device handle for GPU0000:C1:00.0: Unknown Error';
  const { gpus, driver, faults } = await listing(`${print(row(0), lost, row(2))}\nexit 255`);
  assert.deepEqual([gpus, driver], [[A100(0), A100(2)], 'answers']);
  assert.deepEqual(faults, [`nvidia-smi: ${lost}`]);
});

for (const broken of [
  '1, GPU-1a, NVIDIA A100, [Unknown Error], [Unknown Error]',
  '1, [N/A], ERR!, [N/A], [N/A]',
  '1, GPU-1a, NVIDIA A100, [GPU requires reset], [GPU requires reset]',
]) {
  test(`a row such as "${broken}" is a broken GPU's: the others count, and it is said`, async () => {
    const { gpus, faults } = await listing(print(row(0), broken));
    assert.deepEqual(gpus, [A100(0)]);
    assert.match(faults.join('\n'), /^GPU 1 does not work and is left out/);
  });
}

test('a driver that fails is told from none', async () => {
  const message = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.";
  assert.deepEqual(await listing(`echo "${message}"; exit 9`), {
    gpus: [],
    driver: 'failing',
    faults: [`nvidia-smi: ${message}`],
  });
  assert.deepEqual((await listing('exit 3')).faults, ['nvidia-smi: it ended with code 3']);
  assert.equal((await listing('echo No devices were found')).driver, 'failing');
});

test('an answer that does not come is waited for no longer than so; what came before counts', async () => {
  const { gpus, driver, faults } = await listing(`${print(row(0))}\nexec sleep 600`, { timeout: 4000 });
  assert.deepEqual([gpus, driver], [[A100(0)], 'answers']);
  assert.deepEqual(faults, ['nvidia-smi did not answer within 4 s']);
});

test('without nvidia-smi, device files tell of a driver', async () => {
  const devices = join(folder, 'devices');
  mkdirSync(devices);
  const environment = { PATH: none };
  writeFileSync(join(devices, 'nvidiactl'), '');
  assert.deepEqual(await listGpus(environment, { devices }), { gpus: [], driver: 'none', faults: [] });
  writeFileSync(join(devices, 'nvidia0'), '');
  assert.deepEqual(await listGpus(environment, { devices }), { gpus: [], driver: 'untold', faults: [] });
});

test('what CUDA_VISIBLE_DEVICES names and is not there is said', async () => {
  const faults = async (ids: string) =>
    (await listing(print(row(0), row(1)), { environment: { CUDA_VISIBLE_DEVICES: ids } })).faults;
  assert.deepEqual(await faults('1,9,GPU-9'), [
    'CUDA_VISIBLE_DEVICES names 9,GPU-9, and there is no such GPU that works',
  ]);
  for (const fine of ['0', 'GPU-1', 'MIG-77', '', '-1']) assert.deepEqual(await faults(fine), [], fine);
});
