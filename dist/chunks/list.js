import { t as EXIT } from "./exit-code.js";
import { i as FACTOR_NAMES, t as CATALOGUE } from "./catalogue.js";
// src/report/catalogue.ts
const HEADINGS = [
	"ID",
	"Factor",
	"Harness",
	"Tasks",
	"Size",
	"Items",
	"Metric",
	"Chance",
	"Data set"
];
const RIGHT = new Set([
	3,
	4,
	5,
	7
]);
function renderCatalogue(catalogue) {
	const rows = [HEADINGS, ...catalogue.map(cells)];
	const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	const lines = rows.map((row) => row.map((cell, column) => RIGHT.has(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])).join("  ").trimEnd());
	const total = (pick) => catalogue.reduce((sum, benchmark) => sum + pick(benchmark), 0).toLocaleString("en");
	const foot = `${catalogue.length} benchmarks; paper size ${total((row) => row.size)}, items there ${total((row) => row.items)}`;
	return `${lines.join("\n")}\n\n${foot}\n`;
}
function cells(benchmark) {
	return [
		benchmark.id,
		FACTOR_NAMES[benchmark.factor],
		benchmark.harness,
		String(benchmark.tasks.length),
		benchmark.size.toLocaleString("en"),
		benchmark.items.toLocaleString("en"),
		benchmark.direction === "lower" ? `${benchmark.metric} (inverted)` : benchmark.metric,
		benchmark.chance.toFixed(3),
		`${benchmark.dataset.id}${benchmark.dataset.gated ? " (gated)" : ""}`
	];
}
// src/cli/commands/list.ts
function registerList(program, world, finish) {
	program.command("list").description("Show the 24 benchmarks of SOS-Bench.").option("--json", "Print one JSON document.").action((options) => {
		world.stdout.write(options.json ? `${JSON.stringify(catalogueDocument(), null, 2)}\n` : renderCatalogue(CATALOGUE));
		finish(EXIT.passed);
	});
}
function catalogueDocument() {
	return { benchmarks: CATALOGUE.map((benchmark) => ({
		id: benchmark.id,
		name: benchmark.name,
		factor: benchmark.factor,
		harness: benchmark.harness,
		tasks: benchmark.tasks.map((task) => task.name),
		size: benchmark.size,
		items: benchmark.items,
		metric: benchmark.metric,
		direction: benchmark.direction,
		chance: benchmark.chance,
		constantScore: benchmark.constantScore,
		dataset: benchmark.dataset
	})) };
}
export { registerList };
