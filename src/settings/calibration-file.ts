import { readFile } from 'node:fs/promises';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { parseIfJson } from '../json.ts';
import { fileError } from '../system/files/files.ts';
import { type Calibration, CalibrationSchema } from '../verdict/measure/calibration.ts';

/**
 * Reads what `calibrate --output` wrote.
 *
 * @throws SosBenchError `usage` for a file that is none.
 */
export async function readCalibration(path: string): Promise<Calibration> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw fileError(error, path, 'read');
    throw invalidCalibration(`there is no file ${path}`, error);
  }
  const parsed = CalibrationSchema.safeParse(parseIfJson(text));
  if (parsed.success) return parsed.data;
  throw invalidCalibration(`${path} is not a calibration`, parsed.error);
}

function invalidCalibration(message: string, cause: unknown): SosBenchError {
  return new SosBenchError('usage', message, {
    hint: "give the file that 'sos-bench calibrate --output FILE' wrote",
    cause,
  });
}
