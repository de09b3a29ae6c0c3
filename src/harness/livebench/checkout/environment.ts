import { dirname, join } from 'node:path';
import { BUILD_TOOLS, type EnvironmentSpec } from '../../../system/python/environment-spec.ts';
import {
  findManagedPython,
  type ManagedPythonOptions,
  managedPython,
} from '../../../system/python/managed.ts';
import type { Checkout } from './checkout.ts';

/** What LiveBench's scripts run with: their Python, NLTK's data, and the checkout. */
export interface LiveBenchEnvironment {
  python: string;
  nltkData: string;
  checkout: Checkout;
}

/**
 * LiveBench's scoring, its table script and its driver. The versions are those of the day of the pinned commit: it names
 * none, and later ones of pandas or openai break it.
 */
export const LIVEBENCH_ENVIRONMENT: EnvironmentSpec = {
  name: "LiveBench's Python environment",
  installs: [
    BUILD_TOOLS,
    { lock: 'livebench/requirements.lock', contents: "what LiveBench's scoring imports", wheels: false },
  ],
  minors: { oldest: 10, newest: 12 },
  nltk: { lock: 'nltk-data.lock', needed: 'LiveBench instruction following' },
  // LiveBench downloads the model when its package is missing, at import; nothing ever loads it.
  markers: [{ name: 'en_core_web_sm', version: '0' }],
  warmUp:
    'import nltk, numpy, tqdm, yaml, sympy, lark, Levenshtein, spacy, emoji, syllapy, langdetect, immutabledict, ' +
    'shortuuid, dotenv, rich.traceback, openai, httpx, tenacity, pandas, dataclasses_json, unidiff, jinja2, ' +
    'platformdirs, scipy.stats, sortedcontainers, lxml.html, antlr4, sympy.parsing.latex',
};

/**
 * The Python that LiveBench's scripts run with, built on first use.
 *
 * @throws SosBenchError as `managedPython`.
 */
export async function liveBenchPython(
  options: Omit<ManagedPythonOptions, 'spec'>,
): Promise<Omit<LiveBenchEnvironment, 'checkout'>> {
  const python = await managedPython({ ...options, spec: LIVEBENCH_ENVIRONMENT });
  return { python, nltkData: join(dirname(dirname(python)), 'nltk_data') };
}

/**
 * Where that Python is, and whether it has been built.
 *
 * @throws SosBenchError `python-missing`, `python-unsuitable`.
 */
export async function findLiveBenchPython(
  options: Pick<ManagedPythonOptions, 'cache' | 'environment'>,
): Promise<{ python: string; built: boolean }> {
  return await findManagedPython({ ...options, spec: LIVEBENCH_ENVIRONMENT });
}
