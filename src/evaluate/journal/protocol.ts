import { redactArguments } from '../../system/secrets.ts';
import type { Inventory } from '../questions/lm-eval-inventory.ts';
import type { EvaluationRequest } from '../request.ts';

/** What the journal's results depend on beside plan and model, as text that can be shown when it differs. */
export function protocolSettings(request: EvaluationRequest, inventory: Inventory): Record<string, string> {
  const tasks = [...inventory.protocols].map(([task, protocol]) => [
    `task ${task}`,
    `version ${protocol.version}, ${protocol.fewshot}-shot, ${protocol.data}, ${JSON.stringify(protocol.generation)}`,
  ]);
  return {
    backend: request.backend,
    'model-args': JSON.stringify(redactArguments(request.modelArgs)),
    'apply-chat-template': String(request.applyChatTemplate),
    'enable-thinking': String(request.enableThinking),
    ...(request.thinkEndToken == null ? {} : { 'think-end-token': request.thinkEndToken }),
    'system-instruction': String(request.systemInstruction),
    'batch-size': request.batchSize,
    device: request.devices.kind === 'cpu' ? 'cpu' : String(request.device),
    ...(request.tensorParallel === null ? {} : { 'tensor-parallel': String(request.tensorParallel) }),
    ...(request.serverModel === null ? {} : { 'server-model': request.serverModel }),
    ...Object.fromEntries(tasks),
  };
}
