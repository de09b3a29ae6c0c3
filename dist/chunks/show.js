import { t as EXIT } from "./exit-code.js";
import { i as settingsOf, q as readRecord } from "./resolve.js";
import { i as renderShowTable, n as readSettings, t as addSettings } from "./flags.js";
import { t as summarise } from "./summary.js";
import { resolve } from "node:path";
// src/cli/commands/show.ts
function registerShow(program, world, finish) {
	const keys = settingsOf("show");
	const command = program.command("show").description("Show records' scores by factor and benchmark.");
	addSettings(command.argument("<RECORD...>", "Record folders."), keys).option("--json", "Print one JSON document.").action(async (folders, options) => {
		const { preset } = await readSettings(keys, options, world.cwd);
		const records = [];
		for (const folder of folders) records.push(summarise(await readRecord(resolve(world.cwd, folder)), preset));
		const colour = world.stdout.isTTY ?? false;
		world.stdout.write(options.json ? `${JSON.stringify({ records }, null, 2)}\n` : renderShowTable(records, { colour }));
		finish(EXIT.passed);
	});
}
export { registerShow };
