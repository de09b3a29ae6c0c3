import { S as info, a as writeJobSummary, d as reportFailure, g as connect, h as readSettings, m as readDoorInputs, o as renderScores, p as localConfig, t as start, w as setOutput } from "./chunks/start.js";
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
