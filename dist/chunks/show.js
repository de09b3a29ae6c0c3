import { r as Option } from "./esm.js";
import { t as EXIT } from "./exit-code.js";
import { M as escapeCode, N as escapeMarkdown, R as settingsOf, V as readRecord, k as formatScore } from "./factors.js";
import { n as clusteredMean } from "./combine.js";
import { n as renderScoresCsv } from "./csv.js";
import { t as markdownTable } from "./markdown-table.js";
import { i as FACTOR_NAMES, n as findBenchmark } from "./catalogue.js";
import { t as describePreset } from "./preset.js";
import { n as renderShowTable } from "./table.js";
import { n as summarise } from "./summary.js";
import { n as readSettings, t as addSettings } from "./flags.js";
import { resolve } from "node:path";
// src/record/task-scores.ts
function taskScores({ record, items }) {
	const grouped = new Map();
	for (const item of items) {
		const own = grouped.get(item.task);
		if (own) own.push(item);
		else grouped.set(item.task, [item]);
	}
	return record.benchmarks.flatMap(({ id, mean, stderr, tasks }) => tasks.flatMap((entry) => {
		const metric = record.protocol.tasks[entry.task]?.metric ?? "score";
		const known = {
			benchmark: id,
			task: entry.task,
			metric
		};
		const own = grouped.get(entry.task);
		const estimate = own && meanOf(own);
		if (estimate) return [{
			...known,
			mean: estimate.estimate,
			stderr: estimate.se
		}];
		const kept = entry.mean ?? (tasks.length === 1 ? mean : null);
		if (kept === null) return [];
		return [{
			...known,
			mean: kept,
			stderr: entry.mean === null ? stderr : entry.stderr
		}];
	}));
}
function meanOf(items) {
	const numbers = new Map();
	return clusteredMean(Float64Array.from(items, ({ score }) => score), {
		weights: Float64Array.from(items, ({ inclusionP }) => 1 / inclusionP),
		clusters: Int32Array.from(items, ({ cluster, docHash }) => {
			const key = cluster ?? docHash;
			const known = numbers.get(key);
			if (known !== void 0) return known;
			numbers.set(key, numbers.size);
			return numbers.size - 1;
		})
	});
}
// src/report/markdown-scores.ts
function renderShowMarkdown(summaries) {
	const ids = [...new Set(summaries.flatMap(({ benchmarks }) => benchmarks.map(({ id }) => id)))];
	const factors = summaries[0]?.factors.map(({ id }) => id) ?? [];
	const benchmarkRow = (id) => [escapeMarkdown(findBenchmark(id)?.name ?? id), ...summaries.map(({ benchmarks }) => {
		const found = benchmarks.find((benchmark) => benchmark.id === id);
		if (!found) return "–";
		return found.score === null ? found.status : formatScore(found);
	})];
	const rows = factors.flatMap((factor) => [[`**${FACTOR_NAMES[factor]}**`, ...summaries.map((summary) => {
		const found = summary.factors.find(({ id }) => id === factor);
		return found ? formatScore(found) : "–";
	})], ...ids.filter((id) => findBenchmark(id)?.factor === factor).map(benchmarkRow)]);
	const outside = ids.filter((id) => findBenchmark(id) === void 0).map(benchmarkRow);
	const heading = ["Factor, benchmark", ...summaries.map(({ model }) => escapeMarkdown(model, 60))];
	const how = [...new Set(summaries.map(({ preset }) => preset))].map((preset) => `Preset ${escapeCode(preset)}: ${describePreset(preset)}.`).join(" ");
	return [markdownTable([
		heading,
		...rows,
		...outside
	], {
		align: ["l", ...summaries.map(() => "r")],
		alignDelimiters: false
	}), `${how} Scores in points, higher is better (WMDP inverted), 95% intervals.\n`].join("\n\n");
}
// src/cli/commands/show.ts
function registerShow(program, world, finish) {
	const keys = settingsOf("show");
	const command = program.command("show").description("Show records' scores by factor and benchmark.");
	addSettings(command.argument("<RECORD...>", "Record folders."), keys).addOption(new Option("--format <FORMAT>", "How to print; csv has the published files' columns, by task.").choices([
		"table",
		"markdown",
		"csv"
	]).default("table")).option("--json", "Print one JSON document.").action(async (folders, options) => {
		const { preset } = await readSettings(keys, options, world.cwd);
		const summaries = [];
		const scores = [];
		for (const folder of folders) {
			const loaded = await readRecord(resolve(world.cwd, folder));
			summaries.push(summarise(loaded, preset));
			if (options.format === "csv") scores.push({
				model: loaded.record.model.name,
				tasks: taskScores(loaded)
			});
		}
		world.stdout.write(print(summaries, scores, options, world.stdout.isTTY ?? false));
		finish(EXIT.passed);
	});
}
function print(summaries, scores, { json, format }, colour) {
	if (json) return `${JSON.stringify({ records: summaries }, null, 2)}\n`;
	if (format === "csv") return renderScoresCsv(scores);
	return format === "markdown" ? renderShowMarkdown(summaries) : renderShowTable(summaries, { colour });
}
export { registerShow };
