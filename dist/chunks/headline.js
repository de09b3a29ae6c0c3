import { a as isWaived } from "./preset.js";
import { E as formatList, O as formatPoints } from "./factors.js";
// src/report/headline.ts
function writeHeadline(verdict, show) {
	return writers[verdict.verdict](verdict, show);
}
const writers = {
	incomplete: (verdict, show) => {
		const missing = incompleteRows(verdict);
		const names = formatList(missing.map(({ name }) => show(name)));
		const dropped = regressedParts(verdict);
		const sight = dropped.length > 0 ? ` What did run shows a drop: ${describeDrops(dropped, show)}.` : "";
		return {
			title: "Incomplete",
			text: (missing.length === 0 ? "This run measured nothing." : `This run lacks results that the baseline has (${names}), so a drop there would go unseen.`) + sight
		};
	},
	regressed: (verdict, show) => ({
		title: "The model got worse",
		text: `${describeDrops(regressedParts(verdict), show)}. ` + (verdict.sameModel ? "Both sides have the same weights, though: look at the evaluation, not at the model." : "Chance alone hardly explains that.")
	}),
	"not-comparable": ({ notComparable, factors }, show) => {
		return {
			title: "Not comparable",
			text: `The two models were evaluated in different ways (${formatList([...new Set(notComparable.map(({ path }) => show(lastField(path))))])}), so ${factors.some(({ delta }) => delta.estimate !== null) ? "part of the benchmarks could not be" : "they were not"} compared.`
		};
	},
	"no-baseline": () => ({
		title: "No baseline",
		text: "There is nothing to compare this model with yet; its scores are below."
	}),
	inconclusive: ({ factors, sameModel }, show) => {
		if (sameModel) return {
			title: "Same model",
			text: "Both sides have the same weights; any difference is noise."
		};
		const tested = factors.filter(({ detectable }) => detectable !== null);
		const visible = formatList(tested.map((f) => `${formatPoints(f.detectable)} in ${show(f.name.toLowerCase())}`));
		return {
			title: "No drop found, but not ruled out",
			text: tested.length > 0 ? `This run would have noticed drops of about ${visible} (points); smaller ones may hide.` : "There were too few questions to tell."
		};
	},
	equivalent: ({ sameModel, factors }, show) => {
		if (sameModel) return {
			title: "Same model",
			text: "Both sides have the same weights, and score the same."
		};
		const margins = factors.filter(({ outcome }) => outcome === "equivalent" || outcome === "improved").map(({ name, threshold }) => `${show(name.toLowerCase())} ${formatPoints(threshold.margin)}`);
		return {
			title: "No loss",
			text: `The model scores as before${margins.length > 0 ? ` within the margins (points: ${formatList(margins)})` : ""}.`
		};
	},
	improved: ({ factors, betterAligned }, show) => {
		const gains = factors.filter(({ outcome }) => outcome === "improved").map((f) => describeChange(f, show(f.name)));
		const aligned = betterAligned ? " It is better in all three factors: better aligned, as the paper has it." : "";
		return {
			title: "The model got better",
			text: `${formatList(gains)}.${aligned}`
		};
	}
};
function incompleteRows({ benchmarks }) {
	return benchmarks.filter(({ incomplete }) => incomplete);
}
function regressedParts({ factors, benchmarks, waivers }) {
	const failed = (part) => part.outcome === "regressed" && part.threshold.level === "error" && !isWaived(part, waivers);
	const dropped = factors.filter(failed);
	return dropped.length > 0 ? dropped : benchmarks.filter(failed);
}
function describeDrops(parts, show) {
	return formatList(parts.map((part) => describeChange(part, show(part.name))));
}
function describeChange({ delta, baseline, candidate }, name) {
	const estimate = delta.estimate ?? 0;
	return `${name} ${estimate < 0 ? "fell" : "rose"} by ${formatPoints(Math.abs(estimate))} points (${formatPoints(baseline.score)} → ${formatPoints(candidate.score)})`;
}
function lastField(path) {
	const field = /^tasks\.[^.]+\.(.+)$/.exec(path);
	return field ? field[1] : path;
}
export { writeHeadline as t };
