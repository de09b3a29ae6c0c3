import { C as readSettings, S as readDoorInputs, a as writeJobSummary, o as renderScores, t as start, w as connect, x as localConfig, y as reportFailure } from "./chunks/start.js";
import { d as info, p as setOutput } from "./chunks/dist-bundle.js";
import { t as EXIT } from "./chunks/exit-code.js";
import { V as readRecord } from "./chunks/factors.js";
import { n as summarise } from "./chunks/summary.js";
import { t as evaluateModel } from "./chunks/evaluate.js";
import { resolve } from "node:path";
// src/action/run/main.ts
async function main(world) {
	try {
		const inputs = readDoorInputs();
		const connection = await connect(world, {
			token: null,
			log: info
		});
		const settings = await readSettings("action", localConfig(inputs, world.cwd));
		const folder = resolve(world.cwd, settings.output);
		await evaluateModel("Evaluate the model", settings, inputs.hubToken, world, connection);
		const summary = summarise(await readRecord(folder), settings.preset);
		await writeJobSummary(renderScores(summary, {
			title: "Evaluated",
			text: "Another job compares it."
		}), world);
		setOutput("record-path", folder);
		return EXIT.passed;
	} catch (error) {
		return reportFailure(error);
	}
}
// src/action/run/bin.ts
await start(main);
export {};
