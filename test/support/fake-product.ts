import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../src/system/paths.ts';

export interface FakeProduct {
  /** The machine's own Python, which environments are built from. */
  base: string;
  /** Folders of wheels: `wheels`, `late` and `poisoned`. */
  packages: string;
  /** The product as an action's checkout has it, with lock files of these wheels. */
  product: string;
  /** As much of a model as is looked at before a worker is started. */
  model: string;
}

/** The built product with locks of fake packages, in `folder`: pip, uv, the environment and its Python are real. */
export async function makeFakeProduct(folder: string): Promise<FakeProduct> {
  const root = packageRoot();
  const { stdout: base } = await execa('python3', ['-c', 'import sys; print(sys.executable)']);
  const packages = join(folder, 'packages');
  await execa(base, [join(root, 'test', 'support', 'fake_wheels.py'), packages]);
  const product = join(folder, 'product');
  for (const name of ['package.json', 'dist', 'worker', 'tasks'])
    cpSync(join(root, name), join(product, name), { recursive: true });
  cpSync(join(packages, 'locks'), join(product, 'worker'), { recursive: true });
  return { base, packages, product, model: makeModel(join(folder, 'model')) };
}

function makeModel(model: string): string {
  mkdirSync(model);
  writeFileSync(join(model, 'config.json'), '{"architectures":["LlamaForCausalLM"],"model_type":"llama"}');
  const header = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const content = Buffer.concat([length, Buffer.from(header), Buffer.alloc(4)]);
  writeFileSync(join(model, 'model.safetensors'), content);
  return model;
}
