import { i as __toESM } from "./rolldown-runtime.js";
import { t as require_papaparse } from "./papaparse.js";
import { n as findBenchmark } from "./catalogue.js";
// src/report/csv.ts
var import_papaparse = __toESM(require_papaparse(), 1);
const POINTS = 100;
function renderScoresCsv(models) {
	const columns = new Set();
	const rows = models.map(({ model, tasks }) => {
		const row = { Name: model };
		for (const { benchmark, task, metric, mean, stderr } of tasks) {
			if (findBenchmark(benchmark)?.harness === "livebench") {
				row[task] = mean * POINTS;
				columns.add(task);
				continue;
			}
			row[`${task}/${metric}`] = mean;
			if (stderr !== null) row[`${task}/${metric}_stderr`] = stderr;
			columns.add(`${task}/${metric}`).add(`${task}/${metric}_stderr`);
		}
		return row;
	});
	return toCsv(["Name", ...columns], rows);
}
const COMPARISON_COLUMNS = [
	...[
		"kind",
		"id",
		"name",
		"factor",
		"outcome",
		"n",
		"paired",
		"method"
	],
	...[
		"baseline",
		"baseline_low",
		"baseline_high",
		"candidate",
		"candidate_low",
		"candidate_high"
	],
	...[
		"difference",
		"difference_low",
		"difference_high",
		"se",
		"p",
		"p_adjusted",
		"detectable",
		"gained",
		"lost",
		"reason"
	]
];
function renderCompareCsv({ factors, benchmarks }) {
	const rows = [...factors.map((factor) => ({
		kind: "factor",
		factor: factor.id,
		...cells(factor)
	})), ...benchmarks.map((row) => ({
		kind: "benchmark",
		factor: row.factor ?? "",
		...cells(row),
		gained: row.flips?.gained,
		lost: row.flips?.lost
	}))];
	return toCsv([...COMPARISON_COLUMNS], rows);
}
function cells(part) {
	const { baseline, candidate, delta } = part;
	return {
		id: part.id,
		name: part.name,
		outcome: part.outcome,
		n: part.n,
		paired: part.paired,
		method: part.method,
		baseline: baseline.score,
		baseline_low: baseline.ci?.[0],
		baseline_high: baseline.ci?.[1],
		candidate: candidate.score,
		candidate_low: candidate.ci?.[0],
		candidate_high: candidate.ci?.[1],
		difference: delta.estimate,
		difference_low: delta.ci?.[0],
		difference_high: delta.ci?.[1],
		se: delta.se,
		p: delta.p,
		p_adjusted: delta.pAdjusted,
		detectable: part.detectable,
		reason: part.reason
	};
}
function toCsv(columns, rows) {
	return `${import_papaparse.default.unparse({
		fields: [...columns],
		data: [...rows]
	}, {
		newline: "\n",
		escapeFormulae: /^[=@\t\r]|^[+-](?![\d.])/
	})}\n`;
}
export { renderScoresCsv as n, renderCompareCsv as t };
