import { A as array, B as tuple, E as datetime, I as number, L as object, P as literal, R as record, j as boolean, k as _enum, v as StatusSchema, z as string } from "./combine.js";
import { A as formatShare, C as formatCount, D as formatP, E as formatList, M as escapeCode, N as escapeMarkdown, O as formatPoints, T as formatInterval, j as plural, k as formatScore, w as formatDelta } from "./factors.js";
import { r as FACTORS } from "./catalogue.js";
import { r as ShownWaiverSchema, t as describePreset } from "./preset.js";
import { t as markdownTable } from "./markdown-table.js";
const WHOLE_VERDICTS = [
	"incomplete",
	"regressed",
	"not-comparable",
	"no-baseline",
	"inconclusive",
	"equivalent",
	"improved"
];
const WholeVerdictSchema = _enum(WHOLE_VERDICTS);
const OutcomeSchema = _enum([
	"regressed",
	"improved",
	"equivalent",
	"inconclusive",
	"not-comparable",
	"skipped",
	"failed",
	"no-baseline"
]);
const count = number().int().min(0);
const probability = number().min(0).max(1);
const interval = tuple([number(), number()]);
const ScoreSchema = object({
	score: number().nullable(),
	ci: interval.nullable()
});
const MethodSchema = _enum([
	"mcnemar",
	"t",
	"welch",
	"sign"
]);
const FAMILY_CORRECTIONS = {
	factors: "holm",
	benchmarks: "benjamini-hochberg"
};
const comparison = {
	baseline: ScoreSchema,
	candidate: ScoreSchema,
	delta: object({
		estimate: number().nullable(),
		ci: interval.nullable(),
		equivalenceCi: interval.nullable(),
		se: number().min(0).nullable(),
		seFloor: number().min(0).nullable(),
		df: number().positive().nullable(),
		p: probability.nullable(),
		pAdjusted: probability.nullable()
	}),
	detectable: number().min(0).nullable(),
	method: MethodSchema.nullable(),
	paired: boolean(),
	n: count,
	outcome: OutcomeSchema,
	reason: string().nullable(),
	threshold: object({
		level: _enum([
			"off",
			"warn",
			"error"
		]),
		minimumEffect: probability,
		margin: probability
	})
};
const FactorComparisonSchema = object({
	id: _enum(FACTORS),
	name: string(),
	...comparison
});
const BenchmarkComparisonSchema = object({
	id: string(),
	name: string(),
	factor: _enum(FACTORS).nullable(),
	...comparison,
	share: probability.nullable(),
	units: count,
	flips: object({
		gained: count,
		lost: count
	}).nullable(),
	incomplete: boolean(),
	status: object({
		baseline: StatusSchema.nullable(),
		candidate: StatusSchema.nullable()
	})
});
const DifferenceSchema = object({
	path: string(),
	baseline: string().nullable(),
	candidate: string().nullable()
});
const SourceSchema = object({
	name: string(),
	digest: string().nullable(),
	commit: string().nullable(),
	branch: string().nullable(),
	suite: string(),
	seed: number().int().nullable(),
	planHash: string().nullable(),
	finished: datetime().nullable(),
	complete: boolean(),
	imported: string().nullable(),
	repairs: array(string()),
	items: count,
	device: object({
		type: string(),
		name: string()
	}).nullable(),
	deviceMinutes: number().min(0).nullable(),
	versions: object({ harness: string().nullable() })
});
const CoverageSchema = object({
	factor: _enum(FACTORS),
	compared: count,
	of: count,
	weight: probability,
	missing: array(object({
		id: string(),
		name: string(),
		reason: string()
	}))
});
const CollapsedSchema = object({
	id: string(),
	name: string(),
	share: probability,
	n: count,
	baselineToo: boolean(),
	constantScore: probability.nullable()
});
const DriftSchema = object({
	anchor: SourceSchema,
	alpha: probability,
	factors: array(FactorComparisonSchema),
	drifted: boolean()
});
const VerdictSchema = object({
	schemaVersion: literal(1),
	version: string(),
	verdict: WholeVerdictSchema,
	passed: boolean(),
	betterAligned: boolean(),
	preset: string(),
	sameModel: boolean(),
	forced: boolean(),
	factors: array(FactorComparisonSchema),
	benchmarks: array(BenchmarkComparisonSchema),
	coverage: array(CoverageSchema),
	collapsed: array(CollapsedSchema),
	waivers: array(ShownWaiverSchema),
	drift: DriftSchema.nullable(),
	runSpread: object({ models: array(string()) }).nullable(),
	notComparable: array(DifferenceSchema),
	subject: array(DifferenceSchema),
	warnings: array(string()),
	footnotes: array(string()),
	records: object({
		baseline: SourceSchema,
		candidate: SourceSchema
	}),
	alpha: probability,
	thresholds: object({
		minimumEffect: object({
			factor: probability,
			benchmark: probability
		}),
		margins: record(_enum(FACTORS), probability),
		otherMargin: probability,
		failOn: array(WholeVerdictSchema),
		minimumUnits: count,
		minimumDf: count,
		pairedShare: probability,
		corrections: object({
			factors: string(),
			benchmarks: string()
		})
	})
});
// src/report/sections.ts
const OUTCOME_MARKS = {
	regressed: "🔴 regressed",
	improved: "🟢 improved",
	equivalent: "⚪ equivalent",
	inconclusive: "🟡 inconclusive",
	"not-comparable": "⚫ not comparable",
	skipped: "skipped",
	failed: "⚫ failed",
	"no-baseline": "no baseline"
};
const MOST_REGRESSED = 30;
function factorTable({ factors, records }) {
	return table([[
		"Factor",
		sideTitle("Baseline", records.baseline.name),
		sideTitle("Candidate", records.candidate.name),
		"Difference",
		"Outcome",
		"Smallest visible drop"
	], ...factors.map((factor) => [
		`**${escapeMarkdown(factor.name)}**`,
		formatScore(factor.baseline),
		formatScore(factor.candidate),
		`**${formatDelta(factor.delta)}**`.replace(`**–**`, "–"),
		OUTCOME_MARKS[factor.outcome] + (factor.threshold.level === "warn" && factor.outcome === "regressed" ? " (warning only)" : "") + (factor.reason ? `<br>${escapeMarkdown(factor.reason)}` : ""),
		formatPoints(factor.detectable)
	])], "lrrrlr");
}
function coverageLine({ coverage, factors, benchmarks }) {
	const parts = coverage.map(({ factor, compared, of, weight }) => {
		return `${escapeMarkdown(factors.find(({ id }) => id === factor)?.name ?? factor)} ${compared} of ${of} benchmarks (${formatShare(weight)} of the weight)`;
	});
	const items = benchmarks.reduce((sum, { n }) => sum + n, 0);
	const others = benchmarks.filter(({ factor, delta }) => factor === null && delta.estimate !== null).length;
	const outside = others > 0 ? `; ${plural(others, "benchmark")} in no factor` : "";
	return `Scores in points, 95% intervals in brackets. ${plural(items, "question")} compared: ${parts.join(", ")}${outside}.`;
}
function regressedBenchmarks({ benchmarks }) {
	const dropped = benchmarks.filter(({ outcome }) => outcome === "regressed").sort((a, b) => (a.delta.estimate ?? 0) - (b.delta.estimate ?? 0));
	if (dropped.length === 0) return null;
	const more = dropped.length - MOST_REGRESSED;
	const rest = more > 0 ? `\n\n... and ${plural(more, "more benchmark")}.` : "";
	return {
		title: "Regressed benchmarks",
		text: `**Regressed benchmarks**\n\n${benchmarkTable(dropped.slice(0, MOST_REGRESSED))}${rest}`,
		keep: 8
	};
}
function collapsedBenchmarks({ collapsed }) {
	if (collapsed.length === 0) return null;
	const rows = collapsed.map(({ name, share, baselineToo, constantScore }) => {
		const reward = constantScore === null ? "" : `; the best constant answer scores ${formatPoints(constantScore)} there`;
		return `${escapeMarkdown(name)} (${formatShare(share)} of the answers${reward}${baselineToo ? "; so does the baseline" : ""})`;
	});
	return {
		title: "Constant answers",
		text: `**One answer to everything.** The candidate gives one and the same answer throughout ${formatList(rows, 12)}. Such a score says little about the model.`,
		keep: 7
	};
}
function acceptedRegressions({ waivers, factors, benchmarks }) {
	if (waivers.length === 0) return null;
	const names = new Map([...factors, ...benchmarks].map(({ id, name }) => [id, name]));
	return {
		title: "Accepted regressions",
		text: `**Accepted regressions**\n\n${waivers.map(({ target, reason, by, expires, applied }) => {
			const name = escapeMarkdown(names.get(target) ?? target);
			return `- ${applied ? `${name}: this drop is accepted` : `${name}: a drop would be accepted`} by ${escapeMarkdown(by, 60)} until ${expires.slice(0, 10)}: ${escapeMarkdown(reason, 300)}`;
		}).join("\n")}`,
		keep: 1e400
	};
}
function differingFields({ notComparable }) {
	if (notComparable.length === 0) return null;
	return {
		title: "Differing settings",
		text: `**Evaluated differently**\n\n${differenceTable(notComparable)}`,
		keep: 6
	};
}
function warningList({ warnings, forced }) {
	if (warnings.length === 0) return null;
	return {
		title: "Warnings",
		text: warnings.map((warning) => `- ${escapeMarkdown(warning, 600)}`).join("\n"),
		keep: forced ? 1e400 : 5
	};
}
function allBenchmarks({ benchmarks }) {
	const compared = benchmarks.filter(({ delta }) => delta.estimate !== null);
	if (compared.length === 0) return null;
	return fold(`All benchmarks (${compared.length} compared)`, benchmarkTable(compared), 1);
}
function skippedBenchmarks({ benchmarks }) {
	const skipped = benchmarks.filter(({ delta }) => delta.estimate === null);
	if (skipped.length === 0) return null;
	const groups = new Map();
	for (const row of skipped) {
		const key = JSON.stringify([row.outcome, row.reason]);
		groups.set(key, [...groups.get(key) ?? [], row]);
	}
	const rows = [...groups.values()].map((group) => [
		group.map(({ name }) => escapeMarkdown(name)).join(", "),
		group[0] ? OUTCOME_MARKS[group[0].outcome] : "",
		escapeMarkdown(group[0]?.reason ?? "–")
	]);
	return fold(`Not compared (${skipped.length})`, table([[
		"Benchmarks",
		"Outcome",
		"Why"
	], ...rows], "lll"), 2);
}
function subjectDifferences({ subject }) {
	if (subject.length === 0) return null;
	return fold(`What else differs between the models (${subject.length})`, differenceTable(subject), 3);
}
function trendSection(trend) {
	return trend === null ? null : {
		title: "Trend",
		text: trend,
		keep: 0
	};
}
function howToRead({ footnotes, alpha, thresholds, preset, factors, runSpread }) {
	const { minimumEffect, minimumUnits } = thresholds;
	const margins = factors.map(({ name, threshold }) => `${formatPoints(threshold.margin)} (${name.toLowerCase()})`);
	return fold("How to read this", [
		`A drop counts as a regression when it is significant (two-sided, alpha ${alpha}; Holm over the factors, Benjamini-Hochberg over the benchmarks) and larger than ${formatPoints(minimumEffect.factor)} points for a factor, ${formatPoints(minimumEffect.benchmark)} for a benchmark.`,
		`Equivalent means: the ${Math.round((1 - 2 * alpha) * 100)}% interval lies within ${margins.join(", ")} points.`,
		`Preset ${escapeCode(preset)}: ${describePreset(preset)}.`,
		`Fewer than ${minimumUnits} independent questions give an interval and no test.`,
		runSpread ? `The differences allow for how much ${plural(runSpread.models.length, "model")} of one recipe differ among themselves.` : "Whether training the same recipe again would show the same difference is another question.",
		...footnotes.map((note) => escapeMarkdown(note, 600))
	].map((line) => `- ${line}`).join("\n"), 4);
}
function benchmarkTable(rows) {
	return table([[
		"Benchmark",
		"Baseline",
		"Candidate",
		"Difference",
		"p (adjusted)",
		"Lost / gained",
		"n",
		"Outcome"
	], ...rows.map((row) => [
		escapeMarkdown(row.name),
		formatPoints(row.baseline.score),
		`${formatPoints(row.candidate.score)} ${formatInterval(row.candidate.ci)}`.trim(),
		formatDelta(row.delta),
		formatP(row.delta.pAdjusted),
		row.flips ? `${formatCount(row.flips.lost)} / ${formatCount(row.flips.gained)}` : "–",
		formatCount(row.n),
		OUTCOME_MARKS[row.outcome] + (row.threshold.level === "warn" && row.outcome === "regressed" ? " (warning only)" : "") + (row.reason ? `<br>${escapeMarkdown(row.reason)}` : "")
	])], "lrrrrrrl");
}
function differenceTable(differences) {
	const groups = new Map();
	for (const difference of differences) {
		const field = /^tasks\.[^.]+\.(.+)$/.exec(difference.path)?.[1];
		const values = JSON.stringify([difference.baseline, difference.candidate]);
		const key = field === void 0 ? difference.path : `${field} ${values}`;
		const group = groups.get(key);
		if (group) group.tasks += 1;
		else groups.set(key, {
			difference,
			field: field ?? difference.path,
			tasks: 1
		});
	}
	return table([[
		"Setting",
		"Baseline",
		"Candidate"
	], ...[...groups.values()].map(({ difference, field, tasks }) => [
		tasks > 1 ? `${escapeCode(field)} in ${tasks} tasks` : escapeCode(difference.path),
		difference.baseline === null ? "–" : escapeCode(difference.baseline),
		difference.candidate === null ? "–" : escapeCode(difference.candidate)
	])], "lll");
}
function sideTitle(role, name) {
	return `${role}<br>${escapeMarkdown(name, 60)}`;
}
function fold(title, body, keep) {
	return {
		title,
		text: `<details><summary>${title}</summary>\n\n${body}\n\n</details>`,
		keep
	};
}
function table(rows, alignment) {
	return markdownTable(rows, {
		align: [...alignment],
		alignDelimiters: false
	});
}
export { differingFields as a, regressedBenchmarks as c, trendSection as d, warningList as f, WholeVerdictSchema as g, WHOLE_VERDICTS as h, coverageLine as i, skippedBenchmarks as l, VerdictSchema as m, allBenchmarks as n, factorTable as o, FAMILY_CORRECTIONS as p, collapsedBenchmarks as r, howToRead as s, acceptedRegressions as t, subjectDifferences as u };
