import { n as hasSystemCode, t as SosBenchError } from "./error.js";
import { C as fileError } from "./combine.js";
import { t as CalibrationSchema } from "./calibration.js";
import { readFile } from "node:fs/promises";
// src/settings/calibration-file.ts
async function readCalibration(path) {
	let text;
	try {
		text = await readFile(path, "utf8");
	} catch (error) {
		if (!hasSystemCode(error, "ENOENT", "ENOTDIR", "EISDIR")) throw fileError(error, path, "read");
		throw invalid(`there is no file ${path}`, error);
	}
	const parsed = CalibrationSchema.safeParse(parse(text));
	if (parsed.success) return parsed.data;
	throw invalid(`${path} is no calibration`, parsed.error);
}
function invalid(message, cause) {
	return new SosBenchError("usage", message, {
		hint: "give the file that 'sos-bench calibrate --output FILE' wrote",
		cause
	});
}
function parse(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
export { readCalibration as t };
