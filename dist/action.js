import { d as info } from "./chunks/dist-bundle.js";
import { t as SosBenchError } from "./chunks/error.js";
import { t as EXIT } from "./chunks/exit-code.js";
import { V as readRecord } from "./chunks/factors.js";
import { C as readSettings, S as readDoorInputs, _ as conclude, a as writeJobSummary, c as openStore, i as postReport, l as subjectOf, n as beginCheck, r as conclusionOf, s as findReferences, t as start, v as describeFailure, w as connect, y as reportFailure } from "./chunks/start.js";
import { a as setOutputs, i as findConfig, n as judge, r as writeReport, t as keepRecord } from "./chunks/keep.js";
import { t as evaluateModel } from "./chunks/evaluate.js";
import { t as execa } from "./chunks/execa.js";
import { join, resolve, sep } from "node:path";
import { realpath } from "node:fs/promises";
// src/action/steps/include-path.ts
async function requireTrustedTasks(paths, workspace, { base }) {
	if (base === null) return;
	const root = await realpath(workspace);
	for (const path of paths) {
		const folder = await realpath(resolve(workspace, path)).catch(() => null);
		if (folder === null || !`${folder}${sep}`.startsWith(`${root}${sep}`)) continue;
		const head = await execa("git", [
			"-C",
			folder,
			"rev-parse",
			"HEAD"
		], { reject: false });
		if (head.exitCode === 0 && head.stdout.trim() === base.sha) continue;
		throw new SosBenchError("usage", `include-path ${path} is part of the pull request's own checkout`, { hint: "what judges a change must not be its own to edit: check the base out beside it (actions/checkout with ref: ${{ github.event.pull_request.base.sha }} and path: base) and give include-path: base/..." });
	}
}
// src/action/main.ts
async function main(world) {
	let check = null;
	try {
		const inputs = readDoorInputs();
		const connection = await connect(world, {
			token: inputs.githubToken,
			log: info
		});
		const subject = subjectOf(connection.event);
		const config = await findConfig(inputs, world.cwd, connection, subject.base?.sha ?? null);
		const settings = await readSettings("action", config.source);
		await requireTrustedTasks(settings["include-path"], world.cwd, subject);
		const place = placeOf(connection);
		check = await beginCheck(inputs, connection, place);
		const store = openStore(inputs, world, connection);
		const references = await findReferences(inputs, world, connection, store, subject, settings.suite);
		const folder = resolve(world.cwd, settings.output);
		if (references.rerun) references.baseline = await rerunBaseline(inputs, settings, folder, world, connection);
		await evaluateModel("Evaluate the model", settings, inputs.hubToken, world, connection);
		const candidate = await readRecord(folder);
		const label = connection.event?.kind === "pull" ? "PR" : subject.sha?.slice(0, 7) ?? "now";
		const report = judge(candidate, references, settings, {
			now: world.now(),
			notes: config.notes,
			label
		});
		const reportPath = await writeReport(folder, report);
		await writeJobSummary(report.render(), world);
		const commentUrl = await postReport(inputs, connection, place, report);
		setOutputs({
			...report,
			recordPath: folder,
			reportPath,
			commentUrl
		});
		const { conclusion, title } = conclusionOf(report);
		await check.conclude(conclusion, title, report.render);
		const kept = await keepRecord(store, folder, report.verdict, connection, world);
		const exitCode = conclude(report.verdict);
		return kept ? exitCode : EXIT.notDone;
	} catch (error) {
		const interrupted = error instanceof SosBenchError && error.code === "interrupted";
		const title = interrupted ? "Cancelled" : "Could not run";
		await check?.conclude(interrupted ? "cancelled" : "failure", title, () => describeFailure(error));
		return reportFailure(error);
	}
}
async function rerunBaseline(inputs, settings, folder, world, connection) {
	if (inputs.baselineModel === null) throw new SosBenchError("usage", "baseline: rerun needs baseline-model", { hint: "give the main branch's model, as `model` is given" });
	const output = join(folder, "baseline");
	const given = {
		...settings,
		model: inputs.baselineModel,
		"model-name": void 0,
		output
	};
	await evaluateModel("Evaluate the baseline", given, inputs.hubToken, world, connection);
	return await readRecord(output);
}
function placeOf({ event }) {
	if (event?.kind === "pull") return {
		pull: event.pull,
		sha: event.pull.headSha
	};
	if (event?.kind === "commit" && event.event === "merge_group") return {
		pull: null,
		sha: event.sha
	};
	return null;
}
// src/action/bin.ts
await start(main);
export {};
