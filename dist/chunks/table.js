import { i as FACTOR_NAMES, n as findBenchmark } from "./catalogue.js";
import { D as formatP, O as formatPoints, P as escapeTerminal, k as formatScore, w as formatDelta } from "./factors.js";
import { t as writeHeadline } from "./headline.js";
import { t as layOut } from "./layout.js";
import { n as describeSubject } from "./preset.js";
// src/report/table.ts
const LONGEST_NAME = 40;
const CODES = {
	red: 31,
	green: 32,
	yellow: 33,
	bold: 1,
	dim: 2
};
const COLOURS = {
	regressed: "red",
	failed: "red",
	incomplete: "red",
	"not-comparable": "yellow",
	inconclusive: "yellow",
	improved: "green",
	equivalent: "green",
	skipped: "dim",
	"no-baseline": "dim"
};
function renderCompareTable(verdict, { colour }) {
	const paint = painter(colour);
	const { factors, benchmarks, records } = verdict;
	const { title, text } = writeHeadline(verdict, escapeTerminal);
	const heading = [
		"Factor, benchmark",
		escapeTerminal(records.baseline.name, LONGEST_NAME),
		escapeTerminal(records.candidate.name, LONGEST_NAME),
		"Difference",
		"p (adjusted)",
		"Visible drop",
		"n",
		"Outcome"
	].map((cell) => ({
		text: cell,
		colour: "bold"
	}));
	const compared = benchmarks.filter(({ delta }) => delta.estimate !== null);
	const row = (part, indent) => [
		{
			text: indent + escapeTerminal(part.name, LONGEST_NAME),
			colour: indent ? null : "bold"
		},
		{
			text: formatScore(part.baseline),
			colour: null
		},
		{
			text: formatScore(part.candidate),
			colour: null
		},
		{
			text: formatDelta(part.delta),
			colour: null
		},
		{
			text: formatP(part.delta.pAdjusted),
			colour: null
		},
		{
			text: formatPoints(part.detectable),
			colour: null
		},
		{
			text: String(part.n),
			colour: null
		},
		{
			text: part.outcome,
			colour: COLOURS[part.outcome] ?? null
		}
	];
	const rows = factors.flatMap((factor) => [row(factor, ""), ...compared.filter((benchmark) => benchmark.factor === factor.id).map((benchmark) => row(benchmark, "  "))]);
	const outside = compared.filter(({ factor }) => factor === null).map((benchmark) => row(benchmark, ""));
	const skipped = benchmarks.filter(({ delta }) => delta.estimate === null);
	return `${[
		`${paint(`${title}.`, COLOURS[verdict.verdict] ?? null)} ${text}`,
		"",
		...layOut([
			heading,
			...rows,
			...outside
		], "lrrrrrrl", paint),
		"",
		...benchmarks.flatMap((b) => b.delta.estimate !== null && b.reason ? [note(b.name, b.reason)] : []),
		...skipped.map(({ name, outcome, reason }) => note(name, `${outcome}${reason ? `, ${reason}` : ""}`)),
		...verdict.notComparable.map((d) => note(d.path, `baseline ${d.baseline ?? "–"}, candidate ${d.candidate ?? "–"}`)),
		...verdict.collapsed.map(({ name }) => note(name, "the candidate gives one and the same answer")),
		...[...verdict.warnings, ...verdict.footnotes].map((line) => escapeTerminal(line, 600)),
		"",
		`Verdict ${paint(verdict.verdict, COLOURS[verdict.verdict] ?? null)}, policy ${verdict.passed ? "passed" : "failed"}. Preset ${escapeTerminal(verdict.preset)}, alpha ${verdict.alpha}; scores in points, 95% intervals. ` + describeSubject(verdict.runSpread)
	].join("\n")}\n`;
}
function renderShowTable(summaries, { colour }) {
	const paint = painter(colour);
	const heading = ["Factor, benchmark", ...summaries.map(({ model }) => escapeTerminal(model, LONGEST_NAME))];
	const factorIds = summaries[0]?.factors.map(({ id }) => id) ?? [];
	const benchmarkIds = [...new Set(summaries.flatMap(({ benchmarks }) => benchmarks.map(({ id }) => id)))];
	const benchmarkRow = (id, indent) => [{
		text: indent + escapeTerminal(findBenchmark(id)?.name ?? id, LONGEST_NAME),
		colour: null
	}, ...summaries.map(({ benchmarks }) => {
		const found = benchmarks.find((benchmark) => benchmark.id === id);
		if (!found) return {
			text: "–",
			colour: "dim"
		};
		const status = found.status === "done" || found.score === null ? "" : ` (${found.status})`;
		return found.score === null ? {
			text: found.status,
			colour: COLOURS[found.status] ?? null
		} : {
			text: formatScore(found) + status,
			colour: null
		};
	})];
	const rows = factorIds.flatMap((factor) => [[{
		text: FACTOR_NAMES[factor],
		colour: "bold"
	}, ...summaries.map(({ factors }) => {
		const found = factors.find(({ id }) => id === factor);
		return {
			text: found ? formatScore(found) : "–",
			colour: "bold"
		};
	})], ...benchmarkIds.filter((id) => findBenchmark(id)?.factor === factor).map((id) => benchmarkRow(id, "  "))]);
	const outside = benchmarkIds.filter((id) => findBenchmark(id) === void 0).map((id) => benchmarkRow(id, ""));
	const presets = [...new Set(summaries.map(({ preset }) => escapeTerminal(preset)))].join(", ");
	return `${[
		...layOut([
			heading.map((text) => ({
				text,
				colour: "bold"
			})),
			...rows,
			...outside
		], `l${"r".repeat(summaries.length)}`, paint),
		"",
		`Preset ${presets}; scores in points, higher is better (WMDP inverted), 95% intervals.`
	].join("\n")}\n`;
}
function note(subject, text) {
	return `${escapeTerminal(subject, LONGEST_NAME)}: ${escapeTerminal(text)}`;
}
function painter(enabled) {
	return (text, colour) => enabled && colour ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
}
export { renderShowTable as n, renderCompareTable as t };
