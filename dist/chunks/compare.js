import { r as __toESM, t as __commonJSMin } from "./rolldown-runtime.js";
import { t as SosBenchError } from "./error.js";
import { t as VERSION } from "./version.js";
import { A as factorStandard, B as formatPoints, C as require_lib$4, D as PAIRED_SHARE, E as DEFAULT_POLICY, F as formatCount, G as escapeMarkdown, H as formatShare, I as formatDelta, L as formatInterval, M as describeSubject, N as writeHeadline, O as PRESETS, P as formatAge, R as formatList, S as require_lib$3, T as require_lib$6, U as plural, V as formatScore, W as escapeCode, X as StatusSchema, a as compareFactors, at as _enum, b as require_lib$5, c as factorShares, d as indexRecord, dt as object, f as nameOf, ft as record, g as isTestable, h as decideOutcome, it as datetime, j as describePreset, k as benchmarkStandard, l as compareRow, lt as literal, m as differenceInterval, mt as tuple, o as describeCoverage, ot as array, p as rowIds, pt as string, st as boolean, ut as number, v as countedScore, w as require_lib$2, x as tTest, y as require_lib$7, z as formatP } from "./resolve.js";
import { i as FACTOR_NAMES, n as findBenchmark, r as FACTORS } from "./catalogue.js";
// node_modules/markdown-table/index.js
function defaultStringLength(value) {
	return value.length;
}
function markdownTable(table, options) {
	const settings = options || {};
	const align = (settings.align || []).concat();
	const stringLength = settings.stringLength || defaultStringLength;
	const alignments = [];
	const cellMatrix = [];
	const sizeMatrix = [];
	const longestCellByColumn = [];
	let mostCellsPerRow = 0;
	let rowIndex = -1;
	while (++rowIndex < table.length) {
		const row = [];
		const sizes = [];
		let columnIndex = -1;
		if (table[rowIndex].length > mostCellsPerRow) mostCellsPerRow = table[rowIndex].length;
		while (++columnIndex < table[rowIndex].length) {
			const cell = serialize(table[rowIndex][columnIndex]);
			if (settings.alignDelimiters !== false) {
				const size = stringLength(cell);
				sizes[columnIndex] = size;
				if (longestCellByColumn[columnIndex] === void 0 || size > longestCellByColumn[columnIndex]) longestCellByColumn[columnIndex] = size;
			}
			row.push(cell);
		}
		cellMatrix[rowIndex] = row;
		sizeMatrix[rowIndex] = sizes;
	}
	let columnIndex = -1;
	if (typeof align === "object" && "length" in align) while (++columnIndex < mostCellsPerRow) alignments[columnIndex] = toAlignment(align[columnIndex]);
	else {
		const code = toAlignment(align);
		while (++columnIndex < mostCellsPerRow) alignments[columnIndex] = code;
	}
	columnIndex = -1;
	const row = [];
	const sizes = [];
	while (++columnIndex < mostCellsPerRow) {
		const code = alignments[columnIndex];
		let before = "";
		let after = "";
		if (code === 99) {
			before = ":";
			after = ":";
		} else if (code === 108) before = ":";
		else if (code === 114) after = ":";
		let size = settings.alignDelimiters === false ? 1 : Math.max(1, longestCellByColumn[columnIndex] - before.length - after.length);
		const cell = before + "-".repeat(size) + after;
		if (settings.alignDelimiters !== false) {
			size = before.length + size + after.length;
			if (size > longestCellByColumn[columnIndex]) longestCellByColumn[columnIndex] = size;
			sizes[columnIndex] = size;
		}
		row[columnIndex] = cell;
	}
	cellMatrix.splice(1, 0, row);
	sizeMatrix.splice(1, 0, sizes);
	rowIndex = -1;
	const lines = [];
	while (++rowIndex < cellMatrix.length) {
		const row = cellMatrix[rowIndex];
		const sizes = sizeMatrix[rowIndex];
		const cellsInRow = settings.fillRows === false ? Math.max(1, cellMatrix[rowIndex === 1 ? 0 : rowIndex].length) : mostCellsPerRow;
		columnIndex = -1;
		const line = [];
		while (++columnIndex < cellsInRow) {
			const cell = row[columnIndex] || "";
			let before = "";
			let after = "";
			if (settings.alignDelimiters !== false) {
				const size = longestCellByColumn[columnIndex] - (sizes[columnIndex] || 0);
				const code = alignments[columnIndex];
				if (code === 114) before = " ".repeat(size);
				else if (code === 99) {
					const half = size / 2;
					if (size % 2) {
						before = " ".repeat(half + .5);
						after = " ".repeat(half - .5);
					} else {
						before = " ".repeat(half);
						after = before;
					}
				} else after = " ".repeat(size);
			}
			if (settings.delimiterStart !== false && !columnIndex) line.push("|");
			if (settings.padding !== false && !(settings.alignDelimiters === false && cell === "") && (settings.delimiterStart !== false || columnIndex)) line.push(" ");
			if (settings.alignDelimiters !== false) line.push(before);
			line.push(cell);
			if (settings.alignDelimiters !== false) line.push(after);
			if (settings.padding !== false) line.push(" ");
			if (settings.delimiterEnd !== false || columnIndex !== cellsInRow - 1) line.push("|");
		}
		lines.push(settings.delimiterEnd === false ? line.join("").replace(/ +$/, "") : line.join(""));
	}
	return lines.join("\n");
}
function serialize(value) {
	return value === null || value === void 0 ? "" : String(value);
}
function toAlignment(value) {
	const code = typeof value === "string" ? value.codePointAt(0) : 0;
	return code === 67 || code === 99 ? 99 : code === 76 || code === 108 ? 108 : code === 82 || code === 114 ? 114 : 0;
}
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
const LONGEST_COMMAND = 1e3;
const ALERTS = {
	regressed: "CAUTION",
	incomplete: "WARNING",
	"not-comparable": "WARNING",
	"no-baseline": "NOTE",
	inconclusive: "NOTE",
	equivalent: "TIP",
	improved: "TIP"
};
function renderComment(verdict, context) {
	const budget = context.budget ?? 6e4;
	const sections = [
		regressedBenchmarks(verdict),
		collapsedBenchmarks(verdict),
		differingFields(verdict),
		warningList(verdict),
		allBenchmarks(verdict),
		skippedBenchmarks(verdict),
		subjectDifferences(verdict),
		howToRead(verdict)
	].filter((section) => section !== null);
	const dropped = [];
	for (;;) {
		const text = assemble(verdict, context, sections, dropped);
		const next = sections.filter(({ keep }) => keep < 1e400).toSorted((a, b) => a.keep - b.keep)[0];
		if (next === void 0 || Buffer.byteLength(text) <= budget) return text;
		sections.splice(sections.indexOf(next), 1);
		dropped.push(next);
	}
}
function assemble(verdict, context, sections, dropped) {
	const { title, text } = writeHeadline(verdict, escapeMarkdown);
	const titles = dropped.map((section) => section.title.toLowerCase());
	return `${[
		`> [!${ALERTS[verdict.verdict]}]\n> **${title}.** ${text}`,
		factorTable(verdict),
		coverageLine(verdict),
		...sections.map((section) => section.text),
		titles.length > 0 ? `Left out for length: ${titles.join(", ")}.` : null,
		`${describeSubject(verdict.runSpread)} Preset ${escapeCode(verdict.preset)}, alpha ${verdict.alpha}.`,
		lastLine(verdict, context)
	].filter(Boolean).join("\n\n")}\n`;
}
function lastLine({ records: { baseline, candidate } }, { now, reproduce }) {
	const kind = candidate.device?.type === "cpu" ? "CPU" : "GPU";
	const commit = baseline.commit ? escapeCode(baseline.commit.slice(0, 12)) : escapeMarkdown(baseline.name, 60);
	const command = reproduce !== null && reproduce.length <= LONGEST_COMMAND ? reproduce : null;
	return [
		candidate.deviceMinutes !== null && `${candidate.deviceMinutes.toFixed(1)} ${kind} minutes`,
		`baseline ${commit}, ${baseline.finished === null ? "of unknown age" : `${formatAge(baseline.finished, now)} old`}`,
		command && `reproduce: ${escapeCode(command, LONGEST_COMMAND)}`
	].filter(Boolean).join(" · ");
}
// node_modules/@stdlib/stats-base-dists-gamma-quantile/lib/main.js
/**
* @license Apache-2.0
*
* Copyright (c) 2018 The Stdlib Authors.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
*    http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
var require_main$1 = __commonJSMin(((exports, module) => {
	var isnan = require_lib$2();
	var gammaincinv = require_lib$3();
	function quantile(p, alpha, beta) {
		if (isnan(alpha) || isnan(beta) || isnan(p) || alpha < 0 || beta <= 0 || p < 0 || p > 1) return NaN;
		if (alpha === 0) return 0;
		return 1 / beta * gammaincinv(p, alpha);
	}
	module.exports = quantile;
}));
// node_modules/@stdlib/stats-base-dists-gamma-quantile/lib/factory.js
/**
* @license Apache-2.0
*
* Copyright (c) 2018 The Stdlib Authors.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
*    http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
var require_factory$1 = __commonJSMin(((exports, module) => {
	var constantFunction = require_lib$4();
	var gammaincinv = require_lib$3();
	var degenerate = require_lib$5().factory;
	var isnan = require_lib$2();
	function factory(alpha, beta) {
		if (isnan(alpha) || isnan(beta) || alpha < 0 || beta <= 0) return constantFunction(NaN);
		if (alpha === 0) return degenerate(0);
		return quantile;
		function quantile(p) {
			if (isnan(p) || p < 0 || p > 1) return NaN;
			return 1 / beta * gammaincinv(p, alpha);
		}
	}
	module.exports = factory;
}));
// node_modules/@stdlib/stats-base-dists-gamma-quantile/lib/index.js
/**
* @license Apache-2.0
*
* Copyright (c) 2018 The Stdlib Authors.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
*    http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
var require_lib$1 = __commonJSMin(((exports, module) => {
	var setReadOnly = require_lib$6();
	var main = require_main$1();
	setReadOnly(main, "factory", require_factory$1());
	module.exports = main;
}));
// node_modules/@stdlib/stats-base-dists-chisquare-quantile/lib/main.js
/**
* @license Apache-2.0
*
* Copyright (c) 2018 The Stdlib Authors.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
*    http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
var require_main = __commonJSMin(((exports, module) => {
	var gammaQuantile = require_lib$1();
	function quantile(p, k) {
		return gammaQuantile(p, k / 2, .5);
	}
	module.exports = quantile;
}));
// node_modules/@stdlib/stats-base-dists-chisquare-quantile/lib/factory.js
/**
* @license Apache-2.0
*
* Copyright (c) 2018 The Stdlib Authors.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
*    http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
var require_factory = __commonJSMin(((exports, module) => {
	var gammaFactory = require_lib$1().factory;
	function factory(k) {
		return gammaFactory(k / 2, .5);
	}
	module.exports = factory;
}));
/**
* @license Apache-2.0
*
* Copyright (c) 2018 The Stdlib Authors.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
*    http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
__commonJSMin(((exports, module) => {
	var setReadOnly = require_lib$6();
	var main = require_main();
	setReadOnly(main, "factory", require_factory());
	module.exports = main;
}))();
function widen(difference, { sd, variance, df }) {
	if (difference.se === null || difference.df === null) return difference;
	const own = difference.se ** 2;
	const total = own + 2 * sd ** 2;
	if (total === 0) return difference;
	return {
		...difference,
		se: Math.sqrt(total),
		df: Math.max(1, total ** 2 / (own ** 2 / difference.df + (2 * variance) ** 2 / df))
	};
}
// src/verdict/differences.ts
function findDifferences(baseline, candidate, path = "") {
	if (isObject(baseline) && isObject(candidate)) return [...new Set([...Object.keys(baseline), ...Object.keys(candidate)])].sort().flatMap((key) => findDifferences(baseline[key], candidate[key], path ? `${path}.${key}` : key));
	const difference = {
		path,
		baseline: asText(baseline),
		candidate: asText(candidate)
	};
	return difference.baseline === difference.candidate ? [] : [difference];
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function asText(value) {
	if (value === void 0 || value === null) return null;
	return typeof value === "string" ? value : canonical(value);
}
function canonical(value) {
	return JSON.stringify(value, (_key, inner) => isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1)) : inner);
}
// src/verdict/unknown-fields.ts
const RUN_FIELDS = [
	"backend",
	"chatTemplateApplied",
	"seed",
	"includePaths"
];
const TASK_FIELDS = [
	"version",
	"fewshot",
	"outputType",
	"data"
];
function isUnknown(record, path) {
	if (record.imported === null) return false;
	let value = record.protocol;
	for (const key of splitPath(record, path)) {
		if (value === null) return true;
		if (value === void 0 || typeof value !== "object") return false;
		value = value[key];
	}
	return value === null;
}
function describeUnknown(...records) {
	const fields = new Set();
	for (const { imported, protocol } of records) {
		if (imported === null) continue;
		if (protocol.harness.version === null) fields.add("harness.version");
		for (const field of RUN_FIELDS) if (protocol[field] === null) fields.add(field);
		for (const task of Object.values(protocol.tasks)) for (const field of unknownOf(task)) fields.add(`tasks.${field}`);
	}
	if (fields.size === 0) return [];
	return [`Imported results do not say everything about how they were made. Not checked: ${[...fields].join(", ")}.`];
}
function unknownOf(task) {
	return TASK_FIELDS.filter((field) => task[field] === null);
}
function splitPath({ protocol }, path) {
	const task = Object.keys(protocol.tasks).find((name) => path.startsWith(`tasks.${name}.`));
	if (task === void 0) return path.split(".");
	return [
		"tasks",
		task,
		...path.slice(`tasks.${task}.`.length).split(".")
	];
}
// src/verdict/protocol.ts
const MOST_VERSIONS = 8;
function compareProtocols(baseline, candidate) {
	const { tasks: baselineTasks, ...baselineRun } = baseline.record.protocol;
	const { tasks: candidateTasks, ...candidateRun } = candidate.record.protocol;
	const documents = {
		baseline: documentsByTask(baseline.items),
		candidate: documentsByTask(candidate.items)
	};
	const templateFixed = !baselineRun.chatTemplateApplied || baseline.record.subject.chatTemplateSha256 === candidate.record.subject.chatTemplateSha256;
	const { planHash } = baseline.record;
	const samePlan = planHash !== null && planHash === candidate.record.planHash;
	const known = (path) => !isUnknown(baseline.record, path) && !isUnknown(candidate.record, path);
	const tasks = new Map();
	for (const [task, ours] of Object.entries(baselineTasks)) {
		const theirs = candidateTasks[task];
		if (theirs === void 0) continue;
		const before = documents.baseline.get(task);
		const after = documents.candidate.get(task);
		const sameItems = before && after ? haveSameHashes(before, after) : samePlan;
		const certain = [...compareTask(task, ours, theirs, { prompts: templateFixed && sameItems }), ...compareDocuments(task, before, after)].filter(({ path }) => known(path));
		if (certain.length > 0) tasks.set(task, certain);
	}
	for (const [task, difference] of disjointBenchmarks(baseline, candidate)) tasks.set(task, [difference]);
	return {
		run: findDifferences(baselineRun, candidateRun).filter(({ path }) => known(path)),
		tasks,
		subject: findDifferences(baseline.record.subject, candidate.record.subject),
		warnings: [...describeUnknown(baseline.record, candidate.record), ...environmentWarnings(baseline, candidate)]
	};
}
function compareTask(task, baseline, candidate, check) {
	const known = check.prompts && baseline.prompts !== null && candidate.prompts !== null;
	const shown = ({ prompts, ...rest }) => known ? {
		...rest,
		prompts
	} : rest;
	return findDifferences(shown(baseline), shown(candidate), `tasks.${task}`);
}
function disjointBenchmarks(baseline, candidate) {
	if (baseline.record.imported === null && candidate.record.imported === null) return [];
	const measured = (record, id) => (record.benchmarks.find((result) => result.id === id)?.tasks ?? []).filter(({ n }) => n > 0).map(({ task }) => task);
	return baseline.record.benchmarks.flatMap(({ id }) => {
		const before = measured(baseline.record, id);
		const after = measured(candidate.record, id);
		if (before.length === 0 || after.length === 0 || after.some((task) => before.includes(task))) return [];
		const path = `benchmarks.${id}.tasks`;
		return [[before[0], {
			path,
			baseline: before.join(", "),
			candidate: after.join(", ")
		}]];
	});
}
function compareDocuments(task, baseline, candidate) {
	if (!baseline || !candidate) return [];
	const hashes = new Set(baseline.values());
	for (const hash of candidate.values()) if (hashes.has(hash)) return [];
	if (![...candidate.keys()].some((docId) => baseline.has(docId))) return [];
	const text = (documents) => `${documents.size} documents, none in common`;
	return [{
		path: `tasks.${task}.documents`,
		baseline: text(baseline),
		candidate: text(candidate)
	}];
}
function documentsByTask(items) {
	const tasks = new Map();
	for (const item of items) {
		const documents = tasks.get(item.task) ?? new Map();
		tasks.set(item.task, documents.set(item.docId, item.docHash));
	}
	return tasks;
}
function haveSameHashes(a, b) {
	if (a.size !== b.size) return false;
	const rest = [...b.values()].sort();
	return [...a.values()].sort().every((hash, place) => hash === rest[place]);
}
function environmentWarnings(baseline, candidate) {
	const before = baseline.record.environment;
	const after = candidate.record.environment;
	const warnings = [];
	const device = (side) => `${side.device.name} (${side.device.type})`;
	if (before && after && device(before) !== device(after)) warnings.push(`The two ran on different devices: ${device(before)} and ${device(after)}.`);
	const versions = before && after ? findDifferences(before.versions, after.versions) : [];
	if (versions.length > 0) {
		const list = versions.slice(0, MOST_VERSIONS).map((v) => `${v.path} ${v.baseline ?? "absent"} and ${v.candidate ?? "absent"}`);
		const more = versions.length - list.length;
		const rest = more > 0 ? `, and ${more} more` : "";
		warnings.push(`The two ran with different software versions: ${list.join(", ")}${rest}.`);
	}
	const plans = [baseline.record.planHash, candidate.record.planHash];
	if (!plans.includes(null) && plans[0] !== plans[1]) warnings.push("The two ran different plans: only questions that both answered are compared, and prompts are checked only where both answered the same ones.");
	return warnings;
}
const spread = {
	sd: number().min(0),
	ci: tuple([number().min(0), number().min(0)]),
	variance: number().min(0),
	noise: number().min(0),
	df: number().int().min(2),
	mean: number()
};
object({
	schemaVersion: literal(1),
	preset: _enum(PRESETS),
	models: array(string()).min(3),
	factors: array(object({
		id: _enum(FACTORS),
		...spread
	})),
	benchmarks: array(object({
		id: string(),
		...spread
	}))
});
function spreadsOf({ preset, factors, benchmarks }, wanted) {
	if (preset !== wanted) throw new SosBenchError("usage", `the calibration was made with preset ${preset}, not ${wanted}`, { hint: `calibrate again with --preset ${wanted}, or compare with --preset ${preset}` });
	return new Map([...factors, ...benchmarks].map((entry) => [entry.id, entry]));
}
// src/verdict/collapse.ts
const COLLAPSED_SHARE = .99;
const COLLAPSED_ITEMS = 10;
function findCollapsed(baseline, candidate) {
	const before = new Map(baseline.record.benchmarks.map((result) => [result.id, result]));
	return candidate.record.benchmarks.flatMap((result) => {
		const share = constantShare(result);
		if (share === null || share < COLLAPSED_SHARE) return [];
		const constant = result.constantScore;
		const earlier = before.get(result.id);
		return [{
			id: result.id,
			name: nameOf(result.id),
			share,
			n: result.n,
			baselineToo: ((earlier && constantShare(earlier)) ?? 0) >= COLLAPSED_SHARE,
			constantScore: constant === null ? null : countedScore(constant, findBenchmark(result.id))
		}];
	});
}
function constantShare({ answers, n }) {
	if (n < COLLAPSED_ITEMS) return null;
	const counts = Object.values(answers);
	return counts.length === 0 ? null : Math.min(1, Math.max(...counts) / n);
}
// src/stats/benjamini-hochberg.ts
function benjaminiHochberg(pValues) {
	const count = pValues.length;
	const adjusted = new Array(count);
	const descending = pValues.map((_, index) => index).sort((a, b) => pValues[b] - pValues[a]);
	let smallest = 1;
	descending.forEach((index, place) => {
		smallest = Math.min(smallest, pValues[index] * count / (count - place));
		adjusted[index] = smallest;
	});
	return adjusted;
}
// src/stats/detectable.ts
var import_lib = __toESM(require_lib$7(), 1);
function detectable(se, { alpha, familySize, minimumEffect, power = .8 }) {
	const z = (probability) => (0, import_lib.default)(probability, 0, 1);
	const strictest = alpha / 2 / Math.max(1, familySize);
	return Math.max((z(1 - strictest) + z(power)) * se, minimumEffect + z(power) * se);
}
// src/stats/holm.ts
function holm(pValues) {
	const adjusted = new Array(pValues.length);
	let largest = 0;
	ascending(pValues).forEach((index, rank) => {
		largest = Math.max(largest, Math.min(1, pValues[index] * (pValues.length - rank)));
		adjusted[index] = largest;
	});
	return adjusted;
}
function ascending(values) {
	return values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
}
// src/verdict/judge.ts
const NO_SPREADS = new Map();
function judgeFactors(rows, policy, spreads = NO_SPREADS) {
	const tested = rows.map((row) => ({
		...widenRow(row, spreads),
		standard: factorStandard(row.id, policy)
	}));
	const family = adjust(tested, holm);
	return tested.map(({ row, testable, standard }, place) => ({
		id: row.id,
		name: FACTOR_NAMES[row.id],
		...judge({
			row,
			testable,
			standard
		}, family.adjusted[place], family.size, policy.alpha)
	}));
}
function judgeBenchmarks(rows, policy, shares, spreads = NO_SPREADS) {
	const tested = rows.map((row) => ({
		...widenRow(row, spreads),
		standard: benchmarkStandard(row.id, row.factor, policy)
	}));
	const family = adjust(tested, benjaminiHochberg);
	return tested.map(({ row, testable, standard }, place) => ({
		id: row.id,
		name: row.name,
		factor: row.factor,
		...judge({
			row,
			testable,
			standard
		}, family.adjusted[place], family.size, policy.alpha),
		share: shares.get(row.id) ?? null,
		units: row.delta?.units ?? 0,
		flips: row.flips,
		incomplete: row.incomplete,
		status: row.status
	}));
}
function judge({ row, testable, standard }, pAdjusted, familySize, alpha) {
	const { delta } = row;
	const { level, minimumEffect, margin } = standard;
	const off = level === "off";
	const equivalenceCi = differenceInterval(row, 1 - 2 * alpha);
	const tested = off ? null : delta;
	const fallback = off && delta ? "inconclusive" : "skipped";
	return {
		baseline: {
			score: row.baseline.score,
			ci: row.baseline.ci
		},
		candidate: {
			score: row.candidate.score,
			ci: row.candidate.ci
		},
		delta: {
			estimate: delta?.estimate ?? null,
			ci: differenceInterval(row, 1 - alpha),
			equivalenceCi,
			se: delta?.se ?? null,
			df: delta?.df ?? null,
			p: row.p,
			pAdjusted
		},
		detectable: tested?.se != null && testable ? detectable(tested.se, {
			alpha,
			familySize,
			minimumEffect
		}) : null,
		method: row.method,
		paired: row.paired,
		n: row.n,
		outcome: row.outcome ?? (tested ? decideOutcome({
			estimate: tested.estimate,
			testable,
			pAdjusted,
			equivalenceCi
		}, {
			alpha,
			minimumEffect,
			margin
		}) : fallback),
		reason: [off && delta && "level off: not tested", row.reason].filter(Boolean).join("; ") || null,
		threshold: {
			level,
			minimumEffect,
			margin
		}
	};
}
function widenRow(row, spreads) {
	const testable = row.delta !== null && isTestable(row.delta);
	const spread = spreads.get(row.id);
	if (spread === void 0 || row.delta === null) return {
		row,
		testable
	};
	const delta = widen(row.delta, spread);
	const p = testable ? tTest(delta) : null;
	return {
		row: {
			...row,
			delta,
			pairs: null,
			p,
			method: p === null ? null : "t"
		},
		testable
	};
}
function adjust(members, correct) {
	const tested = members.flatMap(({ row: { p }, standard }, place) => p === null || standard.level === "off" ? [] : [{
		p,
		place
	}]);
	const corrected = correct(tested.map(({ p }) => p));
	const adjusted = members.map(() => null);
	tested.forEach(({ place }, i) => {
		adjusted[place] = corrected[i];
	});
	return {
		adjusted,
		size: tested.length
	};
}
// src/verdict/source.ts
function describeSource({ record }) {
	return {
		name: record.model.name,
		digest: record.model.digest,
		commit: record.commit,
		branch: record.branch,
		suite: record.suite,
		seed: record.seed,
		planHash: record.planHash,
		finished: record.finished,
		complete: record.complete,
		imported: record.imported?.from ?? null,
		repairs: record.imported?.repairs ?? [],
		items: record.totals.items,
		device: record.environment && {
			type: record.environment.device.type,
			name: record.environment.device.name
		},
		deviceMinutes: record.totals.deviceMinutes,
		versions: { harness: record.protocol.harness.version }
	};
}
// src/verdict/drift.ts
function measureDrift(anchor, candidate, policy) {
	const { digest } = anchor.record.model;
	const sameModel = digest !== null && digest === candidate.record.model.digest;
	const protocol = compareProtocols(anchor, candidate);
	const sides = {
		anchor: indexRecord(anchor),
		candidate: indexRecord(candidate)
	};
	const rows = rowIds(anchor, candidate).map((id) => compareRow(id, {
		baseline: sides.anchor(id),
		candidate: sides.candidate(id)
	}, protocol, {
		preset: policy.preset,
		sameModel,
		force: false
	}));
	const own = {
		...policy,
		alpha: policy.driftAlpha
	};
	const factors = judgeFactors(compareFactors(rows, policy.preset), own);
	const drifted = factors.some(({ outcome, threshold }) => outcome === "regressed" && threshold.level !== "off");
	return {
		anchor: describeSource(anchor),
		alpha: policy.driftAlpha,
		factors,
		drifted
	};
}
// src/verdict/notes.ts
function findWarnings(found) {
	const flipped = found.benchmarks.reduce((sum, { flips }) => sum + (flips ? flips.gained + flips.lost : 0), 0);
	const warnings = [];
	if (found.forced) warnings.push("Compared by force: the two were evaluated in different ways (listed below), and any difference may come from that.");
	if (found.drift?.drifted) warnings.push(describeDrift(found.drift));
	const repairs = found.records.map(({ record }) => record.imported?.repairs.join("; ") ?? "");
	if (repairs[0] !== repairs[1]) warnings.push("Published results of one side were repaired on import, and not, or otherwise, of the other.");
	if (found.sameModel && flipped > 0) warnings.push(`One and the same model scored ${flipped} ${flipped === 1 ? "question" : "questions"} differently: that much is noise of the evaluation itself.`);
	return warnings;
}
function describeDrift({ anchor, factors }) {
	const list = factors.filter(({ outcome }) => outcome === "regressed").map(({ name, delta }) => `${name} by ${((delta.estimate ?? 0) * -100).toFixed(1)} points`);
	return `Drift: since ${anchor.commit ? `${anchor.name} (${anchor.commit.slice(0, 12)})` : anchor.name} the model has lost ${list.join(" and ")}, whatever this change did.`;
}
function findFootnotes(found) {
	const unsure = [...found.factors, ...found.benchmarks].filter(({ delta: { ci, pAdjusted } }) => ci !== null && (ci[0] > 0 || ci[1] < 0) && pAdjusted !== null && pAdjusted > found.alpha);
	const footnotes = [];
	if (unsure.length > 0) footnotes.push(`The interval of ${unsure.map(({ name }) => name).join(", ")} leaves out 0, yet this is no finding: among as many tests as were made here, one such interval is to be expected by chance.`);
	if (found.benchmarks.some(({ id, delta }) => id === "wmdp" && delta.estimate !== null)) footnotes.push("WMDP asks for dangerous knowledge and is counted inverted: higher means safer.");
	return footnotes;
}
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
object({
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
// src/verdict/whole.ts
function findVerdicts(found) {
	const { factors, benchmarks } = found;
	const outcomes = new Set();
	if (found.incomplete) outcomes.add("incomplete");
	if ([...factors, ...benchmarks].some(fails)) outcomes.add("regressed");
	if (benchmarks.some(({ outcome }) => outcome === "not-comparable")) outcomes.add("not-comparable");
	const judged = factors.filter(isTested);
	for (const { outcome } of judged.length > 0 ? judged : benchmarks.filter(isTested)) if (outcome !== "regressed" && isWhole(outcome)) outcomes.add(outcome);
	if (judged.length === 0 && benchmarks.some(({ outcome }) => outcome === "no-baseline")) outcomes.add("no-baseline");
	const inOrder = WHOLE_VERDICTS.filter((verdict) => outcomes.has(verdict));
	return inOrder.length > 0 ? inOrder : ["inconclusive"];
}
function fails({ outcome, threshold }) {
	return outcome === "regressed" && threshold.level === "error";
}
function isTested({ outcome, threshold }) {
	return threshold.level !== "off" && [
		"regressed",
		"inconclusive",
		"equivalent",
		"improved"
	].includes(outcome);
}
function isWhole(outcome) {
	return WHOLE_VERDICTS.includes(outcome);
}
// src/verdict/compare.ts
function compare(baseline, candidate, { policy = DEFAULT_POLICY, force = false, anchor = null, calibration = null } = {}) {
	const { preset } = policy;
	const { digest } = baseline.record.model;
	const sameModel = digest !== null && digest === candidate.record.model.digest;
	const protocol = compareProtocols(baseline, candidate);
	const sides = {
		baseline: indexRecord(baseline),
		candidate: indexRecord(candidate)
	};
	const rows = rowIds(baseline, candidate).map((id) => compareRow(id, {
		baseline: sides.baseline(id),
		candidate: sides.candidate(id)
	}, protocol, {
		preset,
		sameModel,
		force
	}));
	const spreads = calibration ? spreadsOf(calibration, preset) : void 0;
	const factors = judgeFactors(compareFactors(rows, preset), policy, spreads);
	const benchmarks = judgeBenchmarks(rows, policy, factorShares(rows, preset), spreads);
	const drift = anchor && measureDrift(anchor, candidate, policy);
	const found = findVerdicts({
		incomplete: rows.some((row) => row.incomplete) || rows.every((row) => row.candidate.score === null),
		factors,
		benchmarks
	});
	const blocks = uniqueByPath(rows.flatMap((row) => row.blockedBy));
	const forced = force && blocks.length > 0;
	return {
		schemaVersion: 1,
		version: VERSION,
		verdict: found[0],
		passed: !found.some((verdict) => policy.failOn.includes(verdict)),
		betterAligned: factors.every(({ delta }) => delta.estimate !== null && delta.estimate > 0 && (delta.pAdjusted ?? 1) <= policy.alpha),
		preset,
		sameModel,
		forced,
		factors,
		benchmarks,
		coverage: describeCoverage(rows),
		collapsed: findCollapsed(baseline, candidate),
		drift,
		runSpread: calibration && { models: calibration.models },
		notComparable: blocks,
		subject: protocol.subject,
		warnings: [...findWarnings({
			sameModel,
			forced,
			benchmarks,
			drift,
			records: [baseline, candidate]
		}), ...protocol.warnings],
		footnotes: findFootnotes({
			factors,
			benchmarks,
			alpha: policy.alpha
		}),
		records: {
			baseline: describeSource(baseline),
			candidate: describeSource(candidate)
		},
		alpha: policy.alpha,
		thresholds: {
			minimumEffect: { ...policy.minimumEffect },
			margins: { ...policy.margins },
			otherMargin: policy.otherMargin,
			failOn: [...policy.failOn],
			minimumUnits: 10,
			minimumDf: 4,
			pairedShare: PAIRED_SHARE,
			corrections: FAMILY_CORRECTIONS
		}
	};
}
function uniqueByPath(differences) {
	return [...new Map(differences.map((difference) => [difference.path, difference])).values()];
}
export { renderComment as n, markdownTable as r, compare as t };
