import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { prepareJudge, whyNoJudge } from '../../evaluate/judge/prepare.ts';
import type { JudgeRequest } from '../../evaluate/request.ts';
import { isPinned } from '../../judge/ask/pinned.ts';
import { parseModelSource } from '../../model/source.ts';
import { requireChatTemplate } from '../../serving/chat-template.ts';
import { type Check, fail, ok, warn } from '../check.ts';

interface JudgeIntent {
  judge: JudgeRequest;
  cwd: string;
  environment: Record<string, string | undefined>;
  maxGenToks: number | null;
}

/** The judge's questions, who is to judge, and who so gets to see questions and answers. No judge is asked. */
export async function checkJudge({ judge, cwd, environment, maxGenToks }: JudgeIntent): Promise<Check> {
  const { server, model } = judge;
  let asked: string;
  try {
    const asking = { maxGenToks, enableThinking: null, seed: 0 };
    const { questions, benchmark } = await prepareJudge(judge, asking, { cwd, environment });
    asked = `${plural(questions.length, 'question')} of ${benchmark}`;
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return fail('judge', error.message, error.hint ?? 'check judge-questions and judge-prompt');
  }
  const unjudged = whyNoJudge(judge, environment.JUDGE_API_KEY?.trim() || null);
  if (unjudged !== null)
    return warn(
      'judge',
      `${asked}: ${unjudged.text}`,
      unjudged.reason === 'no-key'
        ? 'set JUDGE_API_KEY in the environment of this step; answers are kept without it, and not judged'
        : 'give judge-server and judge-model; answers are kept without them, and not judged',
    );
  if (server === null) {
    const fault = await localFault(judge, cwd);
    if (fault !== null)
      return warn('judge', `${asked}: ${fault.message}`, fault.hint ?? 'answers are kept, and not judged');
    return ok('judge', `${asked}, judged by a model of this machine, ${model}`);
  }
  const seen = `${asked} and models' answers to them go to ${new URL(server).host}, and nowhere else`;
  if (isPinned(model!)) return ok('judge', `${seen}; the judge is ${model}`);
  return warn(
    'judge',
    `${seen}; '${model}' may be an alias, behind which the judge can change`,
    'name the judge with its date or revision; main and the change are then judged alike for good',
  );
}

/** What is wrong with a judge of this machine, as far as its folder tells; a model of the Hub is found when it is loaded. */
async function localFault(
  { model, modelArgs }: Pick<JudgeRequest, 'model' | 'modelArgs'>,
  cwd: string,
): Promise<SosBenchError | null> {
  try {
    const source = parseModelSource(model!, cwd);
    const { gguf_file: gguf, tokenizer } = modelArgs;
    if (source.kind === 'path' && gguf === undefined && tokenizer === undefined)
      await requireChatTemplate(source.path);
    return null;
  } catch (error) {
    if (error instanceof SosBenchError) return error;
    throw error;
  }
}
