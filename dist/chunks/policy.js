import { f as DEFAULT_POLICY } from "./combine.js";
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
export { policyOf as t };
