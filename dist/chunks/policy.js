import { n as hasSystemCode, t as SosBenchError } from "./error.js";
import { S as fileError, u as DEFAULT_POLICY } from "./value-types.js";
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
// src/settings/policy.ts
const POINTS = 100;
function policyOf(settings) {
	const margins = { ...DEFAULT_POLICY.margins };
	for (const [factor, points] of Object.entries(settings.margin)) margins[factor] = points / POINTS;
	return {
		...DEFAULT_POLICY,
		preset: settings.preset,
		alpha: settings.alpha,
		driftAlpha: settings["drift-alpha"],
		failOn: settings["fail-on"],
		minimumEffect: {
			...DEFAULT_POLICY.minimumEffect,
			factor: settings["minimum-effect"] / POINTS
		},
		margins,
		thresholds: Object.fromEntries(Object.entries(settings.thresholds).map(([id, { level, ...limits }]) => [id, {
			level,
			minimumEffect: inFractions(limits["minimum-effect"]),
			margin: inFractions(limits.margin)
		}]))
	};
}
function inFractions(points) {
	return points === void 0 ? void 0 : points / POINTS;
}
export { readCalibration as n, policyOf as t };
