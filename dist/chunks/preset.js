import { E as datetime, L as object, j as boolean, z as string } from "./combine.js";
const ShownWaiverSchema = object({
	target: string(),
	reason: string(),
	by: string(),
	created: datetime(),
	expires: datetime()
}).extend({ applied: boolean() });
function applyWaivers(waivers, now, factors, benchmarks) {
	const valid = waivers.filter(({ expires }) => new Date(expires) > now);
	const waived = new Set();
	return {
		shown: valid.map((waiver) => {
			const fallen = [...factors, ...benchmarks].filter((part) => covers(waiver, part)).filter(({ outcome, threshold }) => outcome === "regressed" && threshold.level === "error");
			for (const { id } of fallen) waived.add(id);
			return {
				...waiver,
				applied: fallen.length > 0
			};
		}),
		waived
	};
}
function isWaived(part, waivers) {
	return waivers.some((waiver) => covers(waiver, part));
}
function covers({ target }, part) {
	return part.id === target || part.factor === target;
}
// src/report/preset.ts
const DESCRIPTIONS = {
	paper: "a factor is the mean of its benchmarks, weighted by their sizes in the paper",
	chance: "a factor is the mean of its benchmarks, weighted by their sizes in the paper, after each task's score has been put on a scale where guessing is 0 and all right is 100",
	effective: "a factor is the mean of its benchmarks, weighted by the questions that were evaluated",
	macro: "a factor is the mean of its benchmarks, each with equal weight"
};
function describePreset(preset) {
	return DESCRIPTIONS[preset] ?? "not known to this version";
}
function describeSubject(runSpread) {
	return runSpread === null ? "Tested were these two models, not the recipe." : `Tested were the two recipes, by the spread between ${runSpread.models.length} runs of one.`;
}
export { isWaived as a, applyWaivers as i, describeSubject as n, ShownWaiverSchema as r, describePreset as t };
