import { readFile } from 'node:fs/promises';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import { firstIssue } from '../../first-issue.ts';
import { parseJson } from '../../json.ts';
import { fileError } from '../../system/files/files.ts';
import { type JudgeAudit, JudgeAuditSchema } from './schema.ts';

/**
 * Reads what `judge audit` left.
 *
 * @throws SosBenchError `usage` for a file that is none.
 */
export async function readJudgeAudit(path: string): Promise<JudgeAudit> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw fileError(error, path, 'read');
    throw invalidAudit(`there is no file ${path}`, error);
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw invalidAudit(`${path} is no audit of a judge: it is not JSON`, cause);
  }
  const parsed = JudgeAuditSchema.safeParse(value);
  if (parsed.success) {
    if (parsed.data.status === 'failed' && parsed.data.reason === null)
      throw invalidAudit(`${path} is no audit of a judge: it failed, and does not say why`, null);
    return parsed.data;
  }
  throw invalidAudit(`${path} is no audit of a judge: ${firstIssue(parsed.error)}`, parsed.error);
}

function invalidAudit(message: string, cause: unknown): SosBenchError {
  return new SosBenchError('usage', message, {
    hint: "give the file judge-audit.json that 'sos-bench judge audit' left in its folder",
    cause,
  });
}
