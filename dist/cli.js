#!/usr/bin/env node
import { n as CommanderError, t as Command } from "./chunks/esm.js";
import { n as hasSystemCode, t as SosBenchError } from "./chunks/error.js";
import { t as EXIT } from "./chunks/exit-code.js";
import { t as VERSION } from "./chunks/version.js";
// src/cli/main.ts
const COMMANDS = {
	demo: async () => (await import("./chunks/demo.js")).registerDemo,
	list: async () => (await import("./chunks/list.js")).registerList,
	run: async () => (await import("./chunks/run.js")).registerRun,
	import: async () => (await import("./chunks/import.js")).registerImport,
	show: async () => (await import("./chunks/show.js")).registerShow,
	gate: async () => (await import("./chunks/gate.js")).registerGate,
	calibrate: async () => (await import("./chunks/calibrate.js")).registerCalibrate,
	compare: async () => (await import("./chunks/compare2.js")).registerCompare
};
async function main(world) {
	let exitCode = EXIT.passed;
	const program = new Command("sos-bench").description("Did the model lose substance? SOS-Bench, compared item by item with a baseline.").version(VERSION).exitOverride().showSuggestionAfterError().configureOutput({
		writeOut: (text) => void world.stdout.write(text),
		writeErr: (text) => void world.stderr.write(text)
	});
	const finish = (code) => {
		exitCode = code;
	};
	const asked = COMMANDS[world.argv[0] ?? ""];
	for (const load of asked === void 0 ? Object.values(COMMANDS) : [asked]) (await load())(program, world, finish);
	program.addHelpText("after", "\nExit codes: 0 done and passed, 1 done and failed the policy, 2 could not be done.");
	try {
		await program.parseAsync(world.argv, { from: "user" });
		return exitCode;
	} catch (error) {
		return report(error, world);
	}
}
function report(error, world) {
	if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.notDone;
	if (error instanceof SosBenchError) {
		world.stderr.write(`error: ${error.message} [${error.code}]\n`);
		if (error.hint !== void 0) world.stderr.write(`hint: ${error.hint}\n`);
		return EXIT.notDone;
	}
	if (hasSystemCode(error, "ENOSPC", "EDQUOT")) {
		world.stderr.write("error: no space left on the disk [disk-full]\nhint: free some space and run it again\n");
		return EXIT.notDone;
	}
	const text = error instanceof Error ? error.stack ?? error.message : String(error);
	world.stderr.write(`error: this should not happen [internal]: ${text}\n`);
	world.stderr.write("hint: please report it with the lines above\n");
	return EXIT.notDone;
}
// src/cli/bin.ts
for (const stream of [process.stdout, process.stderr]) stream.on("error", (error) => {
	if (error.code === "EPIPE") process.exit();
	throw error;
});
process.exitCode = await main({
	argv: process.argv.slice(2),
	cwd: process.cwd(),
	environment: process.env,
	stdout: process.stdout,
	stderr: process.stderr,
	now: () => new Date(),
	onInterrupt(stop) {
		const signals = [
			"SIGINT",
			"SIGTERM",
			"SIGHUP"
		];
		for (const signal of signals) process.on(signal, stop);
		return () => {
			for (const signal of signals) process.off(signal, stop);
		};
	}
});
export {};
