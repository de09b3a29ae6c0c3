import { n as interruptible, r as evaluate, t as createProgress } from "./progress.js";
import { t as EXIT } from "./exit-code.js";
import { R as settingsOf, V as readRecord } from "./factors.js";
import { n as renderShowTable } from "./table.js";
import { n as evaluationRequest, t as gitOrigin } from "./git.js";
import { n as summarise } from "./summary.js";
import { n as readSettings, t as addSettings } from "./flags.js";
import { resolve } from "node:path";
// src/cli/commands/run.ts
function registerRun(program, world, finish) {
	const keys = settingsOf("run");
	const command = program.command("run").description("Evaluate a model and leave a record.");
	addSettings(command, keys).option("--json", "Print the record (record.json) on stdout.").action(async (options) => {
		const settings = await readSettings(keys, options, world.cwd);
		const record = await interruptible(world, async (signal) => evaluate(evaluationRequest(settings), {
			cwd: world.cwd,
			environment: world.environment,
			progress: createProgress(world.stderr),
			signal,
			now: world.now,
			origin: {
				...await gitOrigin(world.cwd, world.environment),
				event: null
			}
		}));
		const summary = summarise(await readRecord(resolve(world.cwd, settings.output)));
		world.stderr.write(renderShowTable([summary], { colour: world.stderr.isTTY ?? false }));
		if (options.json) world.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
		finish(EXIT.passed);
	});
}
export { registerRun };
