import { r as Option } from "./esm.js";
import { t as EXIT } from "./exit-code.js";
import { R as settingsOf, V as readRecord } from "./factors.js";
import { n as renderComment } from "./comment.js";
import { t as renderCompareCsv } from "./csv.js";
import { t as renderCompareTable } from "./table.js";
import { t as readCalibration } from "./calibration-file.js";
import { t as policyOf } from "./policy.js";
import { t as compare } from "./compare.js";
import { n as readSettings, t as addSettings } from "./flags.js";
import { resolve } from "node:path";
// src/cli/commands/compare.ts
function registerCompare(program, world, finish) {
	const keys = settingsOf("compare");
	const command = program.command("compare").description("Compare a candidate's record with a baseline's.");
	addSettings(command, keys).requiredOption("--baseline <RECORD>", "Record folder of the main branch's model.").requiredOption("--candidate <RECORD>", "Record folder of the pull request's model.").option("--anchor <RECORD>", "Record folder of an earlier state (the last release), to tell slow drift from.").option("--run-spread <FILE>", "What 'calibrate --output' wrote: compares the recipes, not the two models.").option("--force", "Compare what was evaluated in different ways all the same; the report warns of it.").addOption(new Option("--format <FORMAT>", "How to print.").choices([
		"table",
		"markdown",
		"csv"
	]).default("table")).option("--json", "Print the verdict as one JSON document.").action(async (flags) => {
		const settings = await readSettings(keys, flags, world.cwd);
		const read = (folder) => readRecord(resolve(world.cwd, folder));
		const verdict = compare(await read(flags.baseline), await read(flags.candidate), {
			policy: policyOf(settings),
			force: flags.force ?? false,
			anchor: flags.anchor === void 0 ? null : await read(flags.anchor),
			calibration: flags.runSpread === void 0 ? null : await readCalibration(resolve(world.cwd, flags.runSpread))
		});
		world.stdout.write(print(verdict, flags, world));
		finish(verdict.passed ? EXIT.passed : EXIT.failedPolicy);
	});
}
function print(verdict, flags, world) {
	if (flags.json) return `${JSON.stringify(verdict, null, 2)}\n`;
	switch (flags.format) {
		case "csv": return renderCompareCsv(verdict);
		case "markdown": {
			const reproduce = `sos-bench compare --baseline ${flags.baseline} --candidate ${flags.candidate}`;
			return renderComment(verdict, {
				now: world.now(),
				reproduce
			});
		}
		case "table": return renderCompareTable(verdict, { colour: world.stdout.isTTY ?? false });
	}
}
export { registerCompare };
