import { SosBenchError } from '../../error.ts';
import { asTrusted, type Trusted } from './trusted.ts';

/** What was seen of a path that is to judge. */
export interface SeenPath {
  /** The setting or input that names it, and what it names. */
  name: string;
  given: string;
  /** What stands before the path in the setting, such as `folder:`. */
  prefix: string;
  /** Absolute. */
  path: string;
  /** How a workflow names the base commit. */
  expression: string;
  /** Whether the workspace holds what a change claims. */
  isChange: boolean;
  /** Whether the path, or a link on its way, is in the workspace. */
  isInWorkspace: boolean;
  /** Why it is not what the base commit has there; null where it is, to the last byte. */
  change: string | null;
}

const TEMP = '$' + '{{ runner.temp }}';

/**
 * A path that may judge: one outside the workspace, or any where no change is judged, or an untouched checkout of the base commit.
 *
 * @throws SosBenchError `claimed-path`, naming the setting and what mends it.
 */
export function decidePath({
  name,
  given,
  prefix,
  path,
  expression,
  isChange,
  isInWorkspace,
  change,
}: SeenPath): Trusted<string> {
  if (!isChange || !isInWorkspace || change === null) return asTrusted(path);
  throw new SosBenchError(
    'claimed-path',
    `${name} ${prefix}${given} is part of the change's own checkout (${change})`,
    {
      hint:
        `a change must not edit what judges it: put it under ${TEMP} and give \`${name}: ${prefix}${TEMP}/...\`, or check the base out ` +
        `beside it (actions/checkout with ref: \${{ ${expression} }} and path: base) and give \`${name}: ${prefix}base/...\``,
    },
  );
}
