import { r as Option } from "./esm.js";
import { t as EXIT } from "./exit-code.js";
import { i as settingsOf, q as readRecord } from "./resolve.js";
import { n as renderComment, t as compare } from "./compare.js";
import { n as readSettings, r as renderCompareTable, t as addSettings } from "./flags.js";
import { t as policyOf } from "./policy.js";
import { resolve } from "node:path";
// src/cli/commands/compare.ts
function registerCompare(program, world, finish) {
	const keys = settingsOf("compare");
	const command = program.command("compare").description("Compare a candidate's record with a baseline's.");
	addSettings(command, keys).requiredOption("--baseline <RECORD>", "Record folder of the main branch's model.").requiredOption("--candidate <RECORD>", "Record folder of the pull request's model.").addOption(new Option("--format <FORMAT>", "How to print.").choices(["table", "markdown"]).default("table")).option("--json", "Print the verdict as one JSON document.").action(async (options) => {
		const settings = await readSettings(keys, options, world.cwd);
		const baseline = await readRecord(resolve(world.cwd, options.baseline));
		const candidate = await readRecord(resolve(world.cwd, options.candidate));
		const verdict = compare(baseline, candidate, { policy: policyOf(settings) });
		if (options.json) world.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
		else if (options.format === "markdown") {
			const reproduce = `sos-bench compare --baseline ${options.baseline} --candidate ${options.candidate}`;
			world.stdout.write(renderComment(verdict, {
				now: world.now(),
				reproduce
			}));
		} else world.stdout.write(renderCompareTable(verdict, { colour: world.stdout.isTTY ?? false }));
		finish(verdict.passed ? EXIT.passed : EXIT.failedPolicy);
	});
}
export { registerCompare };
