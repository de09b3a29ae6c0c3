import { installedForServing, installedVersions } from '../../serving/installed.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { workerEnvironment } from '../../system/process/child-environment.ts';
import type { HeldIdentity } from '../hold-identity.ts';
import type { Journal } from '../journal/journal.ts';
import { protocolSettings } from '../journal/protocol.ts';
import type { JournalState } from '../journal/state.ts';
import { emptyInventory } from '../questions/lm-eval-inventory.ts';
import type { TakenInventory } from '../questions/take-inventory.ts';
import type { EvaluationContext, EvaluationRequest } from '../request.ts';
import type { Asking } from './comparable.ts';
import type { DeviceKind } from './device-here.ts';
import { chooseSources, nameKnown, noteTakenOver, readSources } from './find-sources.ts';
import type { KnownAnswers } from './read-answers.ts';
import { whyEvaluate } from './same-model.ts';
import { takeOver } from './take-over.ts';

/** What is known of a run's model before anything is asked. */
export interface FoundAnswers {
  /** Those of the baseline, where it is of this very model. */
  baseline: KnownAnswers | null;
  /** Its and others', in the order in which they are taken. */
  all: KnownAnswers[];
}

/** Finds what records of this very model answered; without any the identity is not waited for. */
export async function findAnswers(
  { known, progress }: Pick<EvaluationContext, 'known' | 'progress'>,
  identifying: Promise<HeldIdentity>,
): Promise<FoundAnswers> {
  const none = { baseline: null, all: [] };
  if (known === undefined) return none;
  const digest = (await identifying).identity?.digest ?? null;
  if (digest === null) {
    progress.note(
      'No answers are taken from other records: what decides an answer of this model is not all known',
    );
    return none;
  }
  const isOfModel = ({
    record,
  }: {
    record: { model: { identity?: { digest: string | null } | undefined } };
  }) => record.model.identity?.digest === digest;
  const note = (text: string) => progress.note(text);
  const first = known.baseline !== null && isOfModel(known.baseline) ? known.baseline : null;
  const others = (await known.find(digest)).filter(
    (one) =>
      isOfModel(one) &&
      (first === null || one.record.commit === null || one.record.commit !== first.record.commit),
  );
  const [own] = first === null ? [] : await readSources([first], note);
  const baseline = own ?? null;
  return { baseline, all: [...(baseline === null ? [] : [baseline]), ...(await readSources(others, note))] };
}

interface Run {
  request: EvaluationRequest;
  context: EvaluationContext;
  python: string;
  /** SHA-256 of all that decides an answer. */
  model: string | null;
}

/** The baseline, where the model is the very same and was asked the same in the same way: nothing is to be evaluated then. */
export async function findSameModel(
  { baseline }: FoundAnswers,
  { request, context, python, model, stored }: Run & { stored: Plan | null },
): Promise<KnownAnswers | null> {
  // What runs elsewhere has versions of its own; its worker says which.
  if (baseline === null || request.launcher.length > 0) return null;
  const versions = await installedVersions(['lm_eval'], python, workerEnvironment(context.environment));
  const asking = { model, request, protocol: protocolSettings(request, emptyInventory()), versions };
  const reason = whyEvaluate(baseline, asking, request, stored);
  if (reason === null) return baseline;
  context.progress.note(`The model is that of ${nameKnown(baseline.source)}, but ${reason}`);
  return null;
}

/** Takes over what can be, and says what. */
export async function takeAnswers(
  { all }: FoundAnswers,
  {
    request,
    context,
    python,
    model,
    plan,
    state,
    journal,
    taken,
    device,
  }: Run & {
    device: DeviceKind | null;
    plan: Plan;
    state: JournalState;
    journal: Journal;
    taken: TakenInventory;
  },
): Promise<void> {
  if (all.length === 0) return;
  const { inventory, livebench, worker } = taken;
  const versions =
    worker?.versions ?? (await installedForServing(python, workerEnvironment(context.environment)));
  const protocol = protocolSettings(request, inventory);
  const asking: Asking = { model, request, protocol, versions, device };
  const note = (text: string) => context.progress.note(text);
  const sources = chooseSources(all, asking, note);
  const server = livebench.ready?.server ?? null;
  const askedTask = ({ benchmark, task }: { benchmark: string; task: string }) => ({
    ...{ benchmark, task, server },
    protocol: inventory.protocols.get(task),
  });
  noteTakenOver(await takeOver({ plan, state, journal, asking, askedTask }, sources), note);
}
