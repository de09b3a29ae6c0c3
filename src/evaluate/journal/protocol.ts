import { camelCase } from '../../camel-case.ts';
import { redactArguments } from '../../system/secrets.ts';
import type { Inventory } from '../questions/lm-eval-inventory.ts';
import type { EvaluationRequest } from '../request.ts';

/** Settings that results depend on, in the order in which a journal tells them. */
const KEYS = [
  'backend',
  'model-args',
  'apply-chat-template',
  'enable-thinking',
  'think-end-token',
  'system-instruction',
  'batch-size',
  'device',
  'tensor-parallel',
  'server-model',
] as const;

/** Told only where they are set: journals of earlier versions do not have them. */
const WHERE_SET: readonly string[] = ['think-end-token', 'tensor-parallel', 'server-model'];

/** What the journal's results depend on beside plan and model, as text that can be shown when it differs. */
export function protocolSettings(request: EvaluationRequest, inventory: Inventory): Record<string, string> {
  const told = {
    ...request,
    modelArgs: JSON.stringify(redactArguments(request.modelArgs)),
    device: request.devices.kind === 'cpu' ? 'cpu' : request.device,
  };
  const settings = KEYS.map((key) => [key, told[camelCase(key)] ?? null] as const)
    .filter(([key, value]) => value !== null || !WHERE_SET.includes(key))
    .map(([key, value]) => [key, String(value)]);
  const tasks = [...inventory.protocols].map(([task, protocol]) => [
    `task ${task}`,
    `version ${protocol.version}, ${protocol.fewshot}-shot, ${protocol.data}, ${JSON.stringify(protocol.generation)}`,
  ]);
  return Object.fromEntries([...settings, ...tasks]);
}
