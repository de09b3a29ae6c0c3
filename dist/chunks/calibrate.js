import { t as EXIT } from "./exit-code.js";
import { O as formatPoints, P as escapeTerminal, R as settingsOf, T as formatInterval, V as readRecord } from "./factors.js";
import { i as FACTOR_NAMES, n as findBenchmark } from "./catalogue.js";
import { t as layOut } from "./layout.js";
import { T as writeFileAtomic, w as makeFolder } from "./combine.js";
import { n as calibrate } from "./calibration.js";
import { n as readSettings, t as addSettings } from "./flags.js";
import { dirname, resolve } from "node:path";
// src/report/calibration.ts
function renderCalibration({ models, preset, factors, benchmarks }) {
	const heading = [
		"Factor, benchmark",
		"Mean",
		"sd between runs",
		"95% interval",
		"Questions alone"
	];
	const row = (name, entry) => [
		name,
		formatPoints(entry.mean),
		formatPoints(entry.sd),
		formatInterval(entry.ci),
		formatPoints(Math.sqrt(entry.noise))
	];
	const nameOf = (id) => `  ${escapeTerminal(findBenchmark(id)?.name ?? id, 40)}`;
	const cells = [heading, ...[...factors.map((entry) => row(FACTOR_NAMES[entry.id], entry)), ...benchmarks.map((entry) => row(nameOf(entry.id), entry))]].map((line) => line.map((text) => ({
		text,
		colour: null
	})));
	return [
		...layOut(cells, "lrrrr", (text) => text),
		"",
		`${models.length} models of one recipe, preset ${preset}; points. "Questions alone": how much their scores would vary if all`,
		"were equally good. A difference of two recipes has 2 sd^2 more variance than one of two models:",
		"'sos-bench compare --run-spread FILE' allows for it, FILE being what --output wrote.",
		""
	].join("\n");
}
// src/cli/commands/calibrate.ts
function registerCalibrate(program, world, finish) {
	const keys = settingsOf("calibrate");
	const command = program.command("calibrate").description("Estimate how much scores vary between training runs of one recipe, from three or more models.");
	addSettings(command.argument("<RECORD...>", "Record folders of models that one recipe made."), keys).option("--output <FILE>", "Write the estimate as JSON, for 'compare --run-spread'.").option("--json", "Print the estimate as one JSON document.").action(async (folders, options) => {
		const { preset } = await readSettings(keys, options, world.cwd);
		const records = [];
		for (const folder of folders) records.push(await readRecord(resolve(world.cwd, folder)));
		const calibration = calibrate(records, preset);
		const json = `${JSON.stringify(calibration, null, 2)}\n`;
		if (options.output !== void 0) {
			const path = resolve(world.cwd, options.output);
			await makeFolder(dirname(path));
			await writeFileAtomic(path, json);
		}
		world.stdout.write(options.json ? json : renderCalibration(calibration));
		finish(EXIT.passed);
	});
}
export { registerCalibrate };
