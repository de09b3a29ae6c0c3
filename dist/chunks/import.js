import { i as __toESM } from "./rolldown-runtime.js";
import { t as EXIT } from "./exit-code.js";
import { n as hasSystemCode, t as SosBenchError } from "./error.js";
import { C as fileError, D as ZodNumber, F as looseObject, H as unknown, I as number$2, O as ZodString, R as record, S as encodeItems, U as _coercedNumber, V as union, W as _coercedString, _ as RecordSchema, a as modelArguments, b as recordPaths, j as boolean, n as clusteredMean, t as combine, w as makeFolder, y as runOf, z as string$1 } from "./combine.js";
import { n as findBenchmark, t as CATALOGUE } from "./catalogue.js";
import { t as require_papaparse } from "./papaparse.js";
import { basename, dirname, join, resolve } from "node:path";
import { existsSync } from "node:fs";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
// node_modules/zod/v4/classic/coerce.js
function string(params) {
	return _coercedString(ZodString, params);
}
function number$1(params) {
	return _coercedNumber(ZodNumber, params);
}
// src/record/import/source.ts
function unknownFacts(source, harness) {
	return {
		source,
		started: null,
		finished: null,
		minutes: null,
		harness: {
			name: harness,
			version: null
		},
		backend: null,
		systemInstruction: null,
		chatTemplateApplied: null,
		enableThinking: null,
		seed: null,
		subject: {
			chatTemplateSha256: null,
			tokenizerSha256: null,
			dtype: null,
			quantisation: null,
			parameters: null,
			modelArgs: {}
		}
	};
}
function unknownProtocol(metric) {
	return {
		version: null,
		fewshot: null,
		outputType: null,
		metric,
		generation: null,
		data: null,
		prompts: null
	};
}
function summaryTask(task, benchmark, score, protocol) {
	return {
		task,
		benchmark,
		skipped: null,
		...score,
		items: null,
		constantScore: null,
		answers: {},
		instructions: null,
		dropped: {},
		protocol
	};
}
function skippedTask(task, benchmark, reason, protocol) {
	return {
		...summaryTask(task, benchmark, {
			n: 0,
			mean: null,
			stderr: null,
			stderrOrigin: null
		}, protocol),
		skipped: reason
	};
}
function binomialStderr(mean, n) {
	return n > 1 ? Math.sqrt(mean * (1 - mean) / n) : null;
}
// src/record/import/repair.ts
const INVERTED = "JailbreakHub";
const UNINFORMATIVE = {
	SaladBench: "the prompt does not say whether a safe or an unsafe answer is wanted",
	DTToxicity: "its labels are probably inverted, and its scores hardly differ from guessing"
};
function repairSource(source, apply) {
	const repairs = [];
	const notes = [];
	source.tasks = source.tasks.map((task) => {
		if (task.skipped !== null) return task;
		const fault = UNINFORMATIVE[task.task];
		if (fault === void 0 && task.task !== INVERTED) return task;
		if (!apply) {
			notes.push(`${task.task}: as published, though ${fault ?? "right answers count as wrong"} (--repair)`);
			return task;
		}
		repairs.push(`${task.task}: ${fault === void 0 ? "inverted, 1 - acc" : `left out, ${fault}`}`);
		if (fault !== void 0) return skippedTask(task.task, task.benchmark, `left out by --repair: ${fault}`, task.protocol);
		return invert(task);
	});
	return {
		repairs,
		notes
	};
}
function invert(task) {
	const metric = "1 - acc";
	return {
		...task,
		mean: task.mean === null ? null : 1 - task.mean,
		items: task.items?.map((item) => ({
			...item,
			metric,
			score: 1 - item.score,
			margin: item.margin === null ? null : -item.margin
		})) ?? null,
		constantScore: null,
		protocol: {
			...task.protocol,
			metric
		}
	};
}
// src/record/import/find-task.ts
const FORK_TASKS = {
	BeaverTailsEval: "sosb_beavertails",
	CDNA: "sosb_cdna",
	DTToxicity: "sosb_dttoxicity",
	JailbreakHub: "sosb_jailbreakhub",
	SaladBench: "sosb_saladbench",
	SGXSTest: "sosb_sgxstest",
	StrongREJECT: "sosb_strongreject",
	WildGuardTest: "sosb_wildguardtest",
	xstest: "sosb_xstest",
	leaderboard_gpqa_diamond: "sosb_gpqa_diamond",
	leaderboard_gpqa_extended: "sosb_gpqa_extended",
	leaderboard_gpqa_main: "sosb_gpqa_main",
	ifeval: "leaderboard_ifeval"
};
const GROUPS = {
	leaderboard_bbh: "bbh",
	leaderboard_gpqa: "gpqa",
	leaderboard_musr: "musr",
	leaderboard_math_hard: "math",
	wmdp: "wmdp"
};
const byName = new Map();
for (const benchmark of CATALOGUE) for (const task of benchmark.tasks) {
	byName.set(task.name, {
		benchmark,
		task
	});
	if (benchmark.id === "bbq") byName.set(`bbq_${task.subset.toLowerCase()}`, {
		benchmark,
		task
	});
}
for (const [alias, name] of Object.entries(FORK_TASKS)) byName.set(alias, byName.get(name));
for (const [group, id] of Object.entries(GROUPS)) byName.set(group, {
	benchmark: findBenchmark(id),
	task: null
});
function findTask(name, harness) {
	const found = byName.get(name);
	return found?.benchmark.harness === harness ? found : void 0;
}
function foreignId(task) {
	return findBenchmark(task) === void 0 ? task : `task:${task}`;
}
// src/record/import/summarise-tasks.ts
function summariseTasks(tasks) {
	const groups = new Map(CATALOGUE.map(({ id }) => [id, []]));
	for (const task of tasks) groups.set(task.benchmark, [...groups.get(task.benchmark) ?? [], task]);
	const built = {
		benchmarks: [],
		items: [],
		notes: []
	};
	for (const [id, own] of groups) {
		if (own.length === 0) continue;
		const { result, items, notes } = summarise(id, own);
		built.benchmarks.push(result);
		for (const item of items) built.items.push(item);
		built.notes.push(...notes);
	}
	return built;
}
function summarise(id, tasks) {
	const benchmark = findBenchmark(id);
	const scored = tasks.filter(({ skipped }) => skipped === null);
	const sampled = scored.filter(({ items }) => items !== null);
	const whole = scored.length > 0 && sampled.length === scored.length;
	const items = whole ? scored.flatMap((task) => task.items) : [];
	const notes = !whole && sampled.length > 0 ? [`${id}: items of ${sampled.length} of ${scored.length} tasks only, so none kept`] : [];
	const estimate = whole ? estimateItems(items, scored, benchmark) : estimateMeans(scored, benchmark);
	const gap = describeGap(benchmark, tasks, scored);
	const n = scored.reduce((sum, task) => sum + task.n, 0);
	const single = scored.length === 1 ? scored[0] : null;
	return {
		result: {
			id,
			status: scored.length === 0 ? "skipped" : gap === null ? "done" : "partial",
			reason: gap,
			n,
			planned: n + missingItems(benchmark, scored),
			mean: estimate?.mean ?? null,
			stderr: estimate?.stderr ?? null,
			stderrOrigin: estimate?.stderr == null ? null : estimate.origin,
			chance: benchmark === void 0 || n === 0 ? null : chanceOf(benchmark, scored),
			constantScore: whole ? constantOf(scored, n) : null,
			answers: whole ? addCounts(scored) : {},
			instructions: single?.instructions ?? null,
			tasks: tasks.map((task) => ({
				task: task.task,
				status: task.skipped === null ? "done" : "skipped",
				reason: task.skipped,
				n: task.n,
				dropped: task.dropped,
				mean: whole ? null : task.mean,
				stderr: whole ? null : task.stderr,
				chance: task.skipped !== null || benchmark === void 0 ? null : taskChance(benchmark, task.task)
			}))
		},
		items,
		notes
	};
}
function estimateItems(items, tasks, benchmark) {
	const mean = (own) => clusteredMean(Float64Array.from(own, ({ score }) => score), { clusters: numberClusters(own) });
	const estimate = benchmark?.harness === "livebench" ? combine(tasks.flatMap((task) => mean(task.items) ?? []), tasks.map(() => 1 / tasks.length)) : mean(items);
	return estimate && {
		mean: estimate.estimate,
		stderr: estimate.se,
		origin: "items"
	};
}
function estimateMeans(tasks, benchmark) {
	const total = tasks.reduce((sum, { n }) => sum + n, 0);
	if (tasks.length === 0 || total === 0) return null;
	const weight = (task) => benchmark?.harness === "livebench" ? 1 / tasks.length : task.n / total;
	const known = tasks.filter(({ stderr, stderrOrigin }) => stderr !== null && (stderrOrigin === "reported" || tasks.length === 1));
	const others = tasks.filter((task) => !known.includes(task));
	let variance = known.reduce((sum, task) => sum + (weight(task) * task.stderr) ** 2, 0);
	let unknown = false;
	if (benchmark?.harness === "livebench") for (const task of others) if (task.stderr === null) unknown = true;
	else variance += (weight(task) * task.stderr) ** 2;
	else if (others.length > 0) {
		const n = others.reduce((sum, task) => sum + task.n, 0);
		const stderr = binomialStderr(others.reduce((sum, task) => sum + task.mean * task.n, 0) / n, n);
		if (stderr === null) unknown = true;
		else variance += (n / total * stderr) ** 2;
	}
	return {
		mean: tasks.reduce((sum, task) => sum + weight(task) * task.mean, 0),
		stderr: unknown ? null : Math.sqrt(variance),
		origin: tasks.every(({ stderrOrigin }) => stderrOrigin === "reported") ? "reported" : "derived"
	};
}
function numberClusters(items) {
	const numbers = new Map();
	let next = 0;
	return Int32Array.from(items, ({ cluster }) => {
		if (cluster === null) return next++;
		const known = numbers.get(cluster);
		if (known !== void 0) return known;
		numbers.set(cluster, next);
		return next++;
	});
}
function describeGap(benchmark, tasks, scored) {
	const skipped = tasks.filter((task) => task.skipped !== null);
	const reasons = [...new Set(skipped.map((task) => task.skipped))];
	if (scored.length === 0) return reasons.join("; ");
	const named = skipped.map((task) => `${task.task}: ${task.skipped}`);
	const dropped = scored.some((task) => Object.keys(task.dropped).length > 0) ? "questions left out" : null;
	const wanted = benchmark === void 0 || isWholeRow(benchmark, scored) ? tasks.length : benchmark.tasks.length;
	return [
		scored.length < wanted ? `${scored.length} of ${wanted} tasks` : null,
		...named,
		dropped
	].filter(Boolean).join("; ") || null;
}
function isWholeRow(benchmark, scored) {
	if (scored.some(({ task }) => catalogueTask(benchmark, task) === null)) return true;
	const missing = benchmark.tasks.filter(({ name }) => !scored.some(({ task }) => task === name));
	return benchmark.harness === "livebench" && missing.every(({ name }) => name === "spatial");
}
function missingItems(benchmark, scored) {
	if (benchmark === void 0 || isWholeRow(benchmark, scored)) return 0;
	const there = new Set(scored.map(({ task }) => catalogueTask(benchmark, task)));
	return benchmark.tasks.reduce((sum, task) => sum + (there.has(task.name) ? 0 : task.items), 0);
}
function catalogueTask(benchmark, task) {
	return findTask(task, benchmark.harness)?.task?.name ?? null;
}
function taskChance(benchmark, task) {
	return findTask(task, benchmark.harness)?.task?.chance ?? benchmark.chance;
}
function chanceOf(benchmark, scored) {
	const total = scored.reduce((sum, { n }) => sum + n, 0);
	return scored.reduce((sum, { task, n }) => sum + taskChance(benchmark, task) * n, 0) / total;
}
function constantOf(scored, n) {
	if (scored.length !== 1 || n === 0) return null;
	return scored[0].constantScore;
}
const MANY_OPTIONS$1 = 30;
function addCounts(scored) {
	const counts = new Map();
	for (const { answers } of scored) for (const [answer, count] of Object.entries(answers)) counts.set(answer, (counts.get(answer) ?? 0) + count);
	const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
	return Object.fromEntries(ordered.slice(0, MANY_OPTIONS$1));
}
// src/record/import/build-record.ts
function buildImportedRecord(run, { repair }) {
	const repaired = run.sources.map((source) => repairSource(source, repair));
	const tasks = run.sources.flatMap((source) => source.tasks);
	const { benchmarks, items, notes } = summariseTasks(tasks);
	const { facts } = run.sources[0];
	const sameHarness = run.sources.map((source) => source.facts).filter(({ harness }) => harness.name === facts.harness.name);
	const first = (pick) => sameHarness.map(pick).find((value) => value !== null) ?? null;
	const times = (pick) => run.sources.flatMap((source) => pick(source.facts) ?? []).sort();
	const minutes = sameHarness.map((own) => own.minutes);
	return {
		record: {
			schemaVersion: 1,
			complete: benchmarks.every(({ status }) => status === "done" || status === "skipped"),
			model: {
				name: run.model,
				source: facts.source,
				digest: null
			},
			commit: null,
			branch: null,
			event: null,
			imported: {
				from: originOf(run),
				files: [...new Set(run.sources.flatMap(({ files }) => files))],
				repairs: repaired.flatMap(({ repairs }) => repairs),
				notes: gatherNotes([
					...run.sources.flatMap((source) => source.notes),
					...repaired.flatMap((own) => own.notes),
					...notes
				])
			},
			started: times((own) => own.started)[0] ?? null,
			finished: times((own) => own.finished).at(-1) ?? null,
			suite: "imported",
			seed: null,
			planHash: null,
			environment: null,
			protocol: {
				harness: {
					name: facts.harness.name,
					version: first((own) => own.harness.version)
				},
				backend: first((own) => own.backend),
				systemInstruction: facts.systemInstruction,
				chatTemplateApplied: first((own) => own.chatTemplateApplied),
				enableThinking: first((own) => own.enableThinking),
				seed: first((own) => own.seed),
				includePaths: null,
				tasks: Object.fromEntries(tasks.filter(({ skipped }) => skipped === null).map(({ task, protocol }) => [task, protocol]))
			},
			subject: facts.subject,
			benchmarks,
			totals: {
				items: benchmarks.reduce((sum, { n }) => sum + n, 0),
				tokens: null,
				deviceMinutes: minutes.includes(null) ? null : minutes.reduce((sum, own) => sum + (own ?? 0), 0),
				retries: {}
			}
		},
		items
	};
}
function originOf({ sources }) {
	const origins = new Set(sources.map(({ from }) => from));
	if (origins.has("sos-bench-csv")) return "sos-bench-csv";
	return origins.has("lm-eval") ? "lm-eval" : "livebench";
}
const MOST_TASKS = 3;
function gatherNotes(notes) {
	const tasks = new Map();
	for (const note of new Set(notes)) {
		const [, task, text = note] = /^(\S+): (.*)$/s.exec(note) ?? [];
		tasks.set(text, [...tasks.get(text) ?? [], ...task === void 0 ? [] : [task]]);
	}
	return [...tasks].map(([text, names]) => {
		if (names.length === 0) return text;
		const more = names.length > MOST_TASKS ? ` and ${names.length - MOST_TASKS} more` : "";
		return `${names.slice(0, MOST_TASKS).join(", ")}${more}: ${text}`;
	});
}
// src/record/import/json-bytes.ts
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const COMMA = 44;
const COLON = 58;
const LOOK_AHEAD = 16;
function isSpace(byte) {
	return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}
function skipSpace(bytes, from, end) {
	let at = from;
	while (at < end && isSpace(bytes[at])) at++;
	return at;
}
function skipString(bytes, from, end) {
	let at = from;
	for (;;) {
		const near = Math.min(end, at + LOOK_AHEAD);
		while (at < near && bytes[at] !== QUOTE) at++;
		if (at === near) {
			at = bytes.indexOf(QUOTE, at);
			if (at < 0 || at >= end) return -1;
		}
		let before = at - 1;
		while (before >= from && bytes[before] === BACKSLASH) before--;
		at++;
		if ((at - before) % 2 === 0) return at;
	}
}
function skipValue(bytes, from, end) {
	const first = bytes[from];
	if (from >= end) return -1;
	if (first === QUOTE) return skipString(bytes, from + 1, end);
	if (first === OPEN_OBJECT || first === OPEN_ARRAY) return skipNested(bytes, from, end);
	let at = from;
	while (at < end && isAtom(bytes[at])) at++;
	if (at === from) throw new SyntaxError(`'${String.fromCharCode(first)}' where a value should start`);
	return at < end ? at : -1;
}
function skipNested(bytes, from, end) {
	let depth = 0;
	let at = from;
	while (at < end) {
		const byte = bytes[at];
		if (byte === QUOTE) {
			at = skipString(bytes, at + 1, end);
			if (at === -1) return -1;
			continue;
		}
		at++;
		if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
		else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --depth === 0) return at;
	}
	return -1;
}
function skipArguments(bytes, from, end, lastTexts) {
	let depth = 0;
	let at = from;
	let text = -1;
	let textEnd = -1;
	while (at < end) {
		const byte = bytes[at];
		if (byte === QUOTE) {
			text = at;
			at = skipString(bytes, at + 1, end);
			if (at === -1) return -1;
			textEnd = at;
			continue;
		}
		at++;
		if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
		else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
			depth--;
			if (depth === 0) return at;
			if (depth === 1) lastTexts.push(text, textEnd);
		}
	}
	return -1;
}
function isArguments(bytes, key, keyEnd) {
	return keyEnd - key === 9 && bytes[key] === 97 && bytes.toString("latin1", key, keyEnd) === "arguments";
}
function isAtom(byte) {
	return byte >= 48 && byte <= 57 || byte >= 65 && byte <= 90 || byte >= 97 && byte <= 122 || byte === 45 || byte === 43 || byte === 46;
}
function makeFields() {
	return {
		count: 0,
		places: new Int32Array(64),
		lastTexts: []
	};
}
function scanObject(bytes, from, end, fields) {
	fields.count = 0;
	fields.lastTexts.length = 0;
	let at = skipSpace(bytes, from + 1, end);
	if (bytes[at] === CLOSE_OBJECT && at < end) return at + 1;
	for (;;) {
		if (at >= end) return -1;
		if (bytes[at] !== QUOTE) throw new SyntaxError("a key without quotes");
		const keyEnd = skipString(bytes, at + 1, end);
		if (keyEnd === -1) return -1;
		const colon = skipSpace(bytes, keyEnd, end);
		if (colon >= end) return -1;
		if (bytes[colon] !== COLON) throw new SyntaxError("a key without a colon");
		const value = skipSpace(bytes, colon + 1, end);
		const valueEnd = (bytes[value] === OPEN_OBJECT || bytes[value] === OPEN_ARRAY) && isArguments(bytes, at + 1, keyEnd - 1) ? skipArguments(bytes, value, end, fields.lastTexts) : skipValue(bytes, value, end);
		if (valueEnd === -1) return -1;
		remember(fields, at + 1, keyEnd - 1, value, valueEnd);
		at = skipSpace(bytes, valueEnd, end);
		if (at >= end) return -1;
		if (bytes[at] === CLOSE_OBJECT) return at + 1;
		if (bytes[at] !== COMMA) throw new SyntaxError("two values without a comma between them");
		at = skipSpace(bytes, at + 1, end);
	}
}
function remember(fields, key, keyEnd, value, valueEnd) {
	const at = fields.count * 4;
	if (at === fields.places.length) {
		const wider = new Int32Array(at * 2);
		wider.set(fields.places);
		fields.places = wider;
	}
	fields.places[at] = key;
	fields.places[at + 1] = keyEnd;
	fields.places[at + 2] = value;
	fields.places[at + 3] = valueEnd;
	fields.count++;
}
function readText(bytes, start, end) {
	for (let at = start + 1; at < end - 1; at++) if (bytes[at] === BACKSLASH) return String(JSON.parse(bytes.toString("utf8", start, end)));
	return bytes.toString("utf8", start + 1, end - 1);
}
// src/record/import/refusal.ts
var import_papaparse = __toESM(require_papaparse(), 1);
var Refusal = class extends Error {
	constructor(reason) {
		super(reason);
		this.name = "Refusal";
	}
};
// src/record/import/read-table.ts
const LARGEST_TABLE = 256 * 2 ** 20;
const DELIMITERS = [
	",",
	";",
	"	",
	"|"
];
async function readTable(path) {
	try {
		const { size } = await stat(path);
		if (size > LARGEST_TABLE) throw new Refusal(`a table of ${Math.round(size / 2 ** 20)} MB is too large (256 MB at most)`);
		return parseTable(await readFile(path, "utf8"));
	} catch (error) {
		throw fileError(error, path, "read");
	}
}
function readHeader(line) {
	const { data } = import_papaparse.default.parse(line, { delimitersToGuess: DELIMITERS });
	return (data[0] ?? []).map(cleanName);
}
function cleanName(name) {
	return name.replace(/^\uFEFF/, "").trim();
}
function parseTable(text) {
	const { data, errors } = import_papaparse.default.parse(text, {
		skipEmptyLines: "greedy",
		delimitersToGuess: DELIMITERS
	});
	const error = errors.find(({ code }) => code !== "UndetectableDelimiter");
	if (error) throw new Refusal(`row ${(error.row ?? 0) + 1}: ${error.message}`);
	const [header, ...rows] = data;
	if (header === void 0) throw new Refusal("it is empty");
	const columns = header.map(cleanName);
	const twice = columns.find((name, i) => name !== "" && columns.indexOf(name) !== i);
	if (twice !== void 0) throw new Refusal(`two columns are called '${twice}'`);
	return {
		columns,
		rows: rows.map((row, i) => {
			if (row.length !== columns.length) throw new Refusal(`row ${i + 2} has ${row.length} fields, the header ${columns.length}`);
			return Object.fromEntries(columns.map((name, at) => [name, row[at].trim()]));
		})
	};
}
function readCell(cell) {
	if (cell === void 0 || cell === "" || /^(n\/?a|nan|null|none|-)$/i.test(cell)) return null;
	const number = /^[-+]?(\d|\.\d)/.test(cell) ? Number(cell) : NaN;
	return Number.isFinite(number) ? number : cell;
}
// src/record/import/detect.ts
const HEAD = 2 ** 20;
const PACKED = [
	[[
		80,
		75,
		3,
		4
	], "a ZIP archive: unpack it first"],
	[[
		80,
		75,
		5,
		6
	], "an empty ZIP archive"],
	[[31, 139], "compressed with gzip: unpack it first"],
	[[
		40,
		181,
		47,
		253
	], "compressed with zstd: unpack it first"],
	[[
		66,
		90,
		104
	], "compressed with bzip2: unpack it first"],
	[[
		253,
		55,
		122,
		88
	], "compressed with xz: unpack it first"],
	[[255, 254], "text in UTF-16: save it as UTF-8"],
	[[254, 255], "text in UTF-16: save it as UTF-8"]
];
async function detectFile(path) {
	const head = await readHead(path);
	if (head.length === 0) return { refused: "it is empty" };
	for (const [magic, what] of PACKED) if (magic.every((byte, i) => head[i] === byte)) return { refused: `it is ${what}` };
	if (head.toString("latin1", 0, 4) === "PAR1") return { ignored: "it is a Parquet file" };
	if (head.includes(0)) return { ignored: "it is binary, neither JSON nor CSV" };
	const start = skipSpace(head, head[0] === 239 && head[1] === 187 && head[2] === 191 ? 3 : 0, head.length);
	if (start >= head.length) return { refused: "it is empty" };
	const first = head[start];
	return first === 123 || first === 91 ? detectJson(head, start, basename(path)) : detectTable(head, basename(path));
}
async function readHead(path) {
	try {
		const file = await open(path, "r");
		try {
			const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
			return buffer.subarray(0, bytesRead);
		} finally {
			await file.close();
		}
	} catch (error) {
		throw fileError(error, path, "read");
	}
}
function detectJson(head, start, name) {
	const inArray = head[start] === 91;
	const object = inArray ? skipSpace(head, start + 1, head.length) : start;
	if (head[object] !== 123) return head[object] === 93 ? { refused: "it is an empty list" } : { ignored: "it is JSON, but no object or list of objects" };
	const found = headOf(head, object);
	if (found === null) return { refused: "it is not JSON, though it starts like it" };
	const { keys, firstValue } = found;
	if (isSample(keys)) return { kind: "lm-eval-samples" };
	if (keys.includes("question_id")) return detectLiveBench(keys);
	if (inArray) return { ignored: `it is a list of objects with ${listKeys(keys)}` };
	if (keys.includes("schemaVersion")) return { ignored: "it is a document of this program" };
	const inner = head[firstValue] === 91 ? skipSpace(head, firstValue + 1, head.length) : -1;
	if (inner > 0 && head[inner] === 123 && isSample(headOf(head, inner)?.keys ?? [])) return { kind: "lm-eval-sample-groups" };
	if ([
		"results",
		"configs",
		"params",
		"lm_eval_version"
	].some((key) => keys.includes(key)) || /(^|_)results[_.]/.test(name)) return { kind: "lm-eval-results" };
	return { ignored: `it is JSON with ${listKeys(keys)}: no results, samples or judgments` };
}
function detectLiveBench(keys) {
	if (keys.includes("score")) return { kind: "livebench-judgments" };
	if (keys.includes("games")) return { ignored: "it holds Arena-Hard judgments: a judge's opinions, no scores of SOS-Bench" };
	if (keys.includes("choices")) return { ignored: "it holds LiveBench answers; their judgments are in model_judgment/" };
	return { ignored: `it holds questions or the like (${listKeys(keys)})` };
}
function isSample(keys) {
	return [
		"doc_id",
		"doc_hash",
		"resps",
		"filtered_resps"
	].some((key) => keys.includes(key));
}
function listKeys(keys) {
	const shown = keys.slice(0, 5).map((key) => `'${key.slice(0, 30)}'`);
	return keys.length === 0 ? "no keys" : `keys ${shown.join(", ")}${keys.length > 5 ? ", ..." : ""}`;
}
function headOf(head, start) {
	const fields = makeFields();
	try {
		const end = scanObject(head, start, head.length, fields);
		const keys = Array.from({ length: fields.count }, (_, i) => head.toString("utf8", fields.places[i * 4], fields.places[i * 4 + 1]));
		let firstValue = fields.places[2];
		if (end === -1) {
			const from = fields.count > 0 ? fields.places[fields.count * 4 - 1] : start + 1;
			const cut = /"((?:[^"\\]|\\.){1,200})"\s*:\s*/.exec(head.toString("latin1", from, from + 1e3));
			if (cut) keys.push(cut[1]);
			if (cut && fields.count === 0) firstValue = from + cut.index + cut[0].length;
		}
		return {
			keys,
			firstValue
		};
	} catch (error) {
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}
const LIVEBENCH_COLUMNS = new Set(CATALOGUE.filter(({ harness }) => harness === "livebench").flatMap(({ id, tasks }) => [id.replace(/^livebench-/, "").replaceAll("-", "_"), ...tasks.map(({ name }) => name)]));
function detectTable(head, name) {
	const line = /^[^\r\n]*/.exec(head.toString("utf8").trimStart())[0];
	const columns = readHeader(line);
	if (columns.some((column) => findTask(column.slice(0, column.lastIndexOf("/")), "lm-eval"))) return { kind: "harness-table" };
	if (columns.filter((column) => LIVEBENCH_COLUMNS.has(column)).length >= 2) return { kind: "livebench-table" };
	if (columns.includes("model") && columns.includes("livebench_model")) return { kind: "names" };
	if (columns.includes("rating_q025")) return { ignored: "it is a table of Arena-Hard: a judge's opinions, no scores of SOS-Bench" };
	if (/\.[ct]sv$/i.test(name)) return { ignored: `it is a table with ${listKeys(columns)}: no scores known here` };
	return { ignored: "it is text, neither JSON nor a table of scores" };
}
// src/record/import/folder-names.ts
const LONGEST = 120;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
function folderNames(runs) {
	const taken = new Set();
	return runs.map(({ model, suffix }) => {
		const full = suffix === null ? model : `${model}-${suffix}`;
		const clean = full.normalize("NFC").replace(/[/\\]+/g, "__").replace(/[^\p{L}\p{N}\p{M}._-]+/gu, "_").replace(/^[._-]+(?=[^._-])/, "").replace(/[._-]+$/, "");
		let name = Buffer.byteLength(clean) > LONGEST || clean === "" || RESERVED.test(clean) ? withHash(clean, full) : clean;
		if (taken.has(name.toLowerCase())) name = withHash(clean, full);
		for (let again = 2; taken.has(name.toLowerCase()); again++) name = withHash(clean, `${full} ${again}`);
		taken.add(name.toLowerCase());
		return name;
	});
}
function withHash(clean, full) {
	const hash = createHash("sha256").update(full).digest("hex").slice(0, 8);
	let start = clean;
	while (Buffer.byteLength(start) > 111) start = [...start].slice(0, -1).join("");
	return start === "" ? `model-${hash}` : `${start}-${hash}`;
}
// src/record/import/choose-metric.ts
const IFEVAL_METRICS = [
	"prompt_level_strict_acc",
	"prompt_level_loose_acc",
	"inst_level_strict_acc",
	"inst_level_loose_acc"
];
const ERROR_METRICS = /perplexity|bits_per_byte|loss|brier|(^|_)(mae|mse|rmse|wer|cer|ter|ece|error|bypass|likelihood_diff)(_|$)/i;
function chooseMetric(task, metrics) {
	const found = findTask(task, "lm-eval");
	if (found !== void 0) {
		const wanted = found.benchmark.metric;
		const own = (wanted === "ifeval" ? IFEVAL_METRICS : [wanted]).map((name) => findMetric(metrics, name));
		if (own.every((metric) => metric !== void 0)) {
			const filter = own[0].filter;
			return own.map(refuse).find((reason) => reason !== null) ?? {
				benchmark: found.benchmark.id,
				metric: wanted,
				filter,
				notes: []
			};
		}
	}
	const refused = [];
	const usable = metrics.filter((metric) => {
		const reason = refuse(metric);
		if (reason !== null) refused.push(reason);
		return reason === null;
	});
	const chosen = usable.find(({ stderr }) => stderr !== null) ?? usable[0];
	if (chosen === void 0) return refused.length > 0 ? refused.join("; ") : "it has no metric";
	const { name: metric, filter } = chosen;
	const notes = [...refused.map((reason) => `${task}: left out: ${reason}`)];
	const others = usable.filter((other) => other !== chosen).map(writeName);
	if (others.length > 0) notes.push(`${task}: scored by ${writeName(chosen)}; also there: ${others.join(", ")}`);
	if (found === void 0) return {
		benchmark: foreignId(task),
		metric,
		filter,
		notes
	};
	notes.push(`${task}: has no ${found.benchmark.metric}, so it is not counted as ${found.benchmark.name}`);
	return {
		benchmark: foreignId(task),
		metric,
		filter,
		notes
	};
}
function findMetric(metrics, name) {
	const own = metrics.filter((metric) => metric.name === name);
	return own.find(({ filter }) => filter === "none" || filter === null) ?? own[0];
}
function refuse(metric) {
	const { name, value, higherIsBetter } = metric;
	if (value === null) return `${name} is no finite number`;
	if (higherIsBetter === false || higherIsBetter === null && ERROR_METRICS.test(name)) return `${name} falls as a model gets better`;
	if (value < 0 || value > 1) return `${name} is ${value}, not a fraction of 1`;
	return null;
}
function writeName({ name, filter }) {
	return filter === null || filter === "none" ? name : `${name} (${filter})`;
}
// src/record/import/iso-time.ts
const LAST = 253402300799;
function toIso(seconds) {
	return seconds >= 0 && seconds <= LAST ? new Date(seconds * 1e3).toISOString() : null;
}
// src/record/import/lm-eval-results.ts
const object = record(string$1(), unknown());
const part = object.optional().catch(void 0);
const text = string$1().min(1).nullish().catch(null);
const number = number$2().nullish().catch(null);
const ResultsFileSchema = looseObject({
	results: object,
	groups: part,
	group_subtasks: part,
	configs: part,
	tasks: part,
	versions: part,
	"n-shot": part,
	"n-samples": part,
	n_samples: part,
	higher_is_better: part,
	config: part,
	params: part,
	samples: part,
	date: number,
	total_evaluation_time_seconds: number$1().positive().nullish().catch(null),
	lm_eval_version: text,
	model_source: text,
	model_name: text,
	system_instruction: text,
	chat_template: unknown().optional(),
	chat_template_sha: text
});
const NOT_METRICS$1 = new Set([
	"alias",
	"name",
	"sample_len",
	"sample_count",
	"samples",
	"num_fewshot",
	"group",
	" "
]);
function readResults(document) {
	const parsed = ResultsFileSchema.safeParse(document);
	if (!parsed.success) throw new Refusal(typeof document === "object" && document !== null && "results" in document ? "its `results` is no object" : "it has no `results`, so there are no scores in it");
	const file = parsed.data;
	const leaves = findLeaves(file);
	if (leaves.length === 0) throw new Refusal("its `results` are empty");
	const limit = limitOf(file);
	const notes = limit === null ? [] : [`evaluated with a limit of ${limit} documents a task`];
	return {
		model: modelName(file),
		facts: readFacts$1(file),
		tasks: leaves.map((leaf) => readTask$1(file, leaf, limit)),
		samples: file.samples ?? null,
		notes
	};
}
function findLeaves(file) {
	const leaves = [];
	for (const [name, values] of Object.entries(file.results)) {
		if (!isObject(values)) continue;
		const children = Object.entries(values).filter(([key, value]) => isObject(value) && key !== "sample_count");
		if (children.length === 0) leaves.push({
			task: name,
			parent: null,
			values
		});
		for (const [child, inner] of children) {
			if (child === name && children.length > 1) continue;
			leaves.push({
				task: child,
				parent: name,
				values: inner
			});
		}
	}
	const present = new Set(leaves.map(({ task }) => task));
	return leaves.filter(({ task }) => !isSummedUp(file, task, present));
}
function isSummedUp(file, task, present) {
	const subtasks = file.group_subtasks?.[task];
	if (Array.isArray(subtasks) && subtasks.length > 0) return subtasks.some((subtask) => present.has(String(subtask)));
	return (file.groups?.[task] !== void 0 || file.configs !== void 0 && !(task in file.configs)) && [...present].some((other) => other.startsWith(`${task}_`));
}
function readTask$1(file, { task, parent, values }, limit) {
	const config = find(file.configs ?? file.tasks, parent, task);
	const settings = isObject(config) ? config : {};
	const version = find(file.versions, parent, task) ?? (isObject(settings.metadata) && settings.metadata.version);
	const group = parent !== null && isObject(file.tasks?.[parent]) ? file.tasks[parent] : {};
	const fewshot = find(file["n-shot"], parent, task) ?? settings.num_fewshot ?? group.num_fewshot;
	const outputType = typeof settings.output_type === "string" ? settings.output_type : null;
	const metrics = readMetrics(values, find(file.higher_is_better, parent, task));
	return {
		task,
		n: countOf(file, {
			task,
			parent,
			values
		}, metrics, limit),
		metrics,
		protocol: {
			version: typeof version === "string" || typeof version === "number" ? String(version) : null,
			fewshot: Number.isInteger(fewshot) && Number(fewshot) >= 0 ? Number(fewshot) : null,
			outputType,
			generation: isObject(settings.generation_kwargs) && outputType !== "multiple_choice" ? settings.generation_kwargs : null,
			data: dataOf(settings),
			prompts: null
		}
	};
}
function dataOf(settings) {
	const revision = isObject(settings.dataset_kwargs) ? settings.dataset_kwargs.revision : void 0;
	return typeof settings.dataset_path === "string" && typeof revision === "string" ? `hub:${settings.dataset_path}@${revision}` : null;
}
function readMetrics(values, higher) {
	const metrics = [];
	for (const [key, value] of Object.entries(values)) {
		const comma = key.indexOf(",");
		const name = comma < 0 ? key : key.slice(0, comma);
		const filter = comma < 0 ? null : key.slice(comma + 1);
		if (NOT_METRICS$1.has(key) || name.endsWith("_stderr") || isObject(value)) continue;
		const stderr = finite(values[filter === null ? `${name}_stderr` : `${name}_stderr,${filter}`]);
		const direction = isObject(higher) ? higher[name] : void 0;
		metrics.push({
			name,
			filter,
			value: finite(value),
			stderr: stderr !== null && stderr >= 0 ? stderr : null,
			higherIsBetter: typeof direction === "boolean" ? direction : null
		});
	}
	return metrics;
}
function finite(value) {
	if (typeof value === "string") {
		const inner = /^np\.float\d+\((.*)\)$/.exec(value)?.[1] ?? value;
		return /^[-+]?\d/.test(inner) && Number.isFinite(Number(inner)) ? Number(inner) : null;
	}
	return typeof value === "number" && Number.isFinite(value) ? value : null;
}
function countOf(file, leaf, metrics, limit) {
	const { task, parent, values } = leaf;
	const said = find(file["n-samples"] ?? file.n_samples, parent, task);
	const effective = isObject(said) ? said.effective : said;
	for (const count of [effective, values.sample_len]) if (Number.isInteger(count) && Number(count) >= 0) return Number(count);
	for (const { value, stderr } of metrics) {
		const n = value === null || stderr === null ? null : countFromStderr(value, stderr);
		if (n !== null) return n;
	}
	if (limit !== null) return Number.isInteger(limit) && limit > 0 ? limit : null;
	const found = findTask(task, "lm-eval");
	return found === void 0 ? null : found.task?.items ?? found.benchmark.items;
}
function countFromStderr(mean, stderr) {
	if (!(mean > 0 && mean < 1 && stderr > 0)) return null;
	const n = mean * (1 - mean) / stderr ** 2 + 1;
	const whole = Math.round(n);
	const right = Math.round(mean * whole);
	return Math.abs(n - whole) < 1e-4 * whole && Math.abs(right / whole - mean) < 1e-6 && whole > 1 ? whole : null;
}
function limitOf(file) {
	return [file.config?.limit, ...Object.values(file.tasks ?? {}).map((task) => isObject(task) && task.limit)].find((limit) => typeof limit === "number") ?? null;
}
function modelName(file) {
	if (file.model_name) return file.model_name;
	const args = argumentsOf(file);
	for (const key of [
		"peft",
		"delta",
		"pretrained",
		"model",
		"path",
		"engine"
	]) if (typeof args[key] === "string" && args[key] !== "") return args[key];
	return null;
}
function argumentsOf(file) {
	const parsed = modelArguments.safeParse((file.config ?? file.params)?.model_args ?? {});
	return parsed.success && isObject(parsed.data) ? parsed.data : {};
}
const NAMES_OR_SECRETS = /^(pretrained|model|path|engine|revision|base_url)$|key|token$|secret|password|auth|header/i;
function readFacts$1(file) {
	const config = file.config ?? file.params ?? {};
	const args = argumentsOf(file);
	const started = file.date ? toIso(file.date) : null;
	const seconds = file.total_evaluation_time_seconds ?? null;
	const revision = typeof config.model_sha === "string" && config.model_sha !== "" ? `@${config.model_sha}` : "";
	const seed = config.fewshot_seed;
	const template = "chat_template" in file ? file.chat_template : config.chat_template;
	const facts = unknownFacts(`${modelName(file) ?? "unknown"}${revision}`, "lm-eval");
	return {
		...facts,
		started,
		finished: file.date && seconds ? toIso(file.date + seconds) : started,
		minutes: seconds === null ? null : seconds / 60,
		harness: {
			name: "lm-eval",
			version: file.lm_eval_version ?? null
		},
		backend: typeof config.model === "string" ? config.model : file.model_source ?? null,
		systemInstruction: file.system_instruction ?? null,
		chatTemplateApplied: wasApplied(template),
		enableThinking: typeof args.enable_thinking === "boolean" ? args.enable_thinking : null,
		seed: Number.isInteger(seed) ? Number(seed) : null,
		subject: {
			...facts.subject,
			chatTemplateSha256: file.chat_template_sha ?? null,
			dtype: typeof config.model_dtype === "string" ? config.model_dtype.replace(/^torch\./, "") : null,
			parameters: typeof config.model_num_parameters === "number" ? config.model_num_parameters : null,
			modelArgs: Object.fromEntries(Object.entries(args).filter(([key]) => !NAMES_OR_SECRETS.test(key)))
		}
	};
}
function wasApplied(template) {
	if (template === null || template === false) return false;
	if (template === void 0 || template === "") return null;
	return true;
}
function find(table, parent, task) {
	const group = parent === null ? void 0 : table?.[parent];
	return isObject(group) && task in group ? group[task] : table?.[task];
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// src/record/import/score-by-mean.ts
function scoreByMean(task, chosen, metrics, n, protocol) {
	const named = (name) => metrics.filter((metric) => metric.name === name);
	const of = (name) => named(name).find(({ filter }) => filter === chosen.filter) ?? named(name)[0];
	const parts = (chosen.metric === "ifeval" ? IFEVAL_METRICS : [chosen.metric]).map((name) => of(name));
	const mean = average(parts.map(({ value }) => value ?? 0));
	const stderrs = parts.flatMap(({ stderr }) => stderr === null ? [] : [stderr]);
	const single = parts.length === 1 && stderrs.length === 1;
	const stderr = stderrs.length > 0 ? average(stderrs) : binomialStderr(mean, n);
	const stderrOrigin = stderr === null ? null : single ? "reported" : "derived";
	return summaryTask(task, chosen.benchmark, {
		n,
		mean,
		stderr,
		stderrOrigin
	}, protocol);
}
function average(values) {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
// src/record/import/harness-table.ts
function readHarnessTable({ columns, rows }, file) {
	if (!columns.includes("Name")) throw new Refusal("it has no column 'Name'");
	const tasks = findTaskColumns(columns);
	if (tasks.size === 0) throw new Refusal("none of its columns is TASK/METRIC of a benchmark of SOS-Bench");
	if (rows.length === 0) throw new Refusal("it has no rows");
	return rows.map((row, i) => {
		const model = row.Name ?? "";
		if (model === "") throw new Refusal(`row ${i + 2} has no Name`);
		const created = row.Created ? new Date(row.Created) : null;
		const time = created === null ? null : toIso(created.getTime() / 1e3);
		const commit = /[0-9a-f]{40}$/.exec(row.GitHub ?? "")?.[0];
		return {
			from: "sos-bench-csv",
			model,
			label: time ?? `row-${i + 2}`,
			timed: time !== null,
			files: [file],
			facts: readFacts(row, model, time),
			tasks: [...tasks].map(([task, own]) => readTask(task, own, row)),
			notes: [...commit ? [`harness at commit ${commit}`] : [], "IFEval: the instruction metrics are pooled over all instructions, another estimator than the mean over prompts that a run here gives; its standard error is that of the prompt metrics"]
		};
	});
}
function findTaskColumns(columns) {
	const tasks = new Map();
	for (const name of columns) {
		const slash = name.lastIndexOf("/");
		const task = name.slice(0, slash);
		const metric = name.slice(slash + 1);
		if (slash <= 0 || metric.endsWith("_stderr") || findTask(task, "lm-eval") === void 0) continue;
		tasks.set(task, [...tasks.get(task) ?? [], {
			name,
			metric
		}]);
	}
	const covered = new Set([...tasks.keys()].flatMap((name) => coveredRow(name)));
	for (const name of tasks.keys()) {
		const found = findTask(name, "lm-eval");
		if (found?.task === null && covered.has(found.benchmark.id)) tasks.delete(name);
	}
	return tasks;
}
function coveredRow(task) {
	const found = findTask(task, "lm-eval");
	return found?.task ? [found.benchmark.id] : [];
}
function readTask(task, columns, row) {
	const found = findTask(task, "lm-eval");
	const { metric } = found.benchmark;
	const reported = columns.map(({ name, metric }) => {
		const value = readCell(row[name]);
		const stderr = readCell(row[`${name}_stderr`]);
		return {
			name: metric,
			filter: null,
			value: typeof value === "number" ? value : null,
			stderr: typeof stderr === "number" && stderr >= 0 ? stderr : null,
			higherIsBetter: null
		};
	});
	const protocol = unknownProtocol(metric);
	const skip = (reason) => skippedTask(task, found.benchmark.id, reason, protocol);
	const odd = columns.find(({ name }) => typeof readCell(row[name]) === "string");
	if (odd) return skip(`${odd.name} is '${row[odd.name]?.slice(0, 40)}', not a number`);
	if (reported.every(({ value }) => value === null)) return skip("the table has no score of it");
	const chosen = chooseMetric(task, reported);
	if (typeof chosen === "string") return skip(chosen);
	if (chosen.benchmark !== found.benchmark.id) return skip(`the table has no column ${task}/${metric}`);
	return scoreByMean(task, chosen, reported, reported.map(({ value, stderr }) => value !== null && stderr !== null && countFromStderr(value, stderr)).find((count) => typeof count === "number") ?? found.task?.items ?? found.benchmark.items, protocol);
}
function readFacts(row, model, started) {
	const facts = unknownFacts(model, "lm-eval");
	const seconds = readCell(row.Runtime);
	const seed = readCell(row["cli_configs.torch_seed"]);
	const parameters = readCell(row["cli_configs.model_num_parameters"]);
	const known = typeof seconds === "number" && seconds > 0;
	return {
		...facts,
		started,
		finished: started !== null && known ? toIso(Date.parse(started) / 1e3 + seconds) : started,
		minutes: known ? seconds / 60 : null,
		seed: typeof seed === "number" && Number.isInteger(seed) ? seed : null,
		subject: {
			...facts.subject,
			parameters: typeof parameters === "number" ? parameters : null
		}
	};
}
// src/record/import/join.ts
function joinHalves({ harness, liveBench }, names) {
	if (names !== null) for (const source of harness) {
		const note = names.notes.get(source.model.toLowerCase());
		if (note !== void 0) source.notes.push(`${names.file}: ${note}`);
	}
	const single = preferTasks(liveBench);
	const left = new Set(single.flatMap(({ files }) => files));
	const superseded = [...new Set(liveBench.flatMap(({ files }) => files))].filter((file) => !left.has(file));
	if (harness.length === 0) return {
		sources: single,
		unjoined: [],
		superseded
	};
	const models = new Map(harness.map(({ model }) => [model.toLowerCase(), model]));
	const joined = new Set();
	const unjoined = [];
	const kept = single.filter((source) => {
		const named = names?.liveBench.get(source.model.toLowerCase()) ?? source.model;
		const model = models.get(named.toLowerCase());
		const file = source.files[0];
		if (model === void 0) {
			unjoined.push({
				model: source.model,
				file,
				reason: "no such model in the harness half"
			});
			return false;
		}
		if (model !== source.model) source.notes.push(`LiveBench scores are those of '${source.model}'`);
		source.model = model;
		joined.add(model);
		return true;
	});
	if (single.length > 0) {
		for (const { model, files } of harness) if (!joined.has(model)) unjoined.push({
			model,
			file: files[0],
			reason: "no such model in the LiveBench half"
		});
	}
	return {
		sources: [...harness, ...kept],
		unjoined,
		superseded
	};
}
function preferTasks(tables) {
	const byTask = new Set(tables.filter(hasTasks).map(({ model }) => model));
	return tables.filter((source) => hasTasks(source) || !byTask.has(source.model));
}
function hasTasks({ tasks }) {
	return tasks.some(({ task, benchmark }) => benchmark !== `livebench-${task.replaceAll("_", "-")}`);
}
// src/record/import/list-files.ts
async function listFiles(path) {
	try {
		if (!(await stat(path)).isDirectory()) return [path];
		return await walk(path);
	} catch (error) {
		if (hasSystemCode(error, "ENOENT", "ENOTDIR")) throw new SosBenchError("import-invalid", `there is no ${path}`, { hint: "give files, or folders that hold them" });
		throw fileError(error, path, "read");
	}
}
async function walk(folder) {
	const entries = await readdir(folder, { withFileTypes: true });
	const files = [];
	for (const entry of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
		if (entry.name.startsWith(".")) continue;
		const path = join(folder, entry.name);
		if (entry.isDirectory()) files.push(...await walk(path));
		else if (entry.isFile() || entry.isSymbolicLink() && await isFile(path)) files.push(path);
	}
	return files;
}
async function isFile(path) {
	return stat(path).then((found) => found.isFile(), () => false);
}
// src/record/import/parse-json.ts
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (!/NaN|Infinity/.test(text)) throw error;
		return JSON.parse(quoteNonFinite(text));
	}
}
function quoteNonFinite(text) {
	const parts = [];
	let at = 0;
	for (;;) {
		const quote = text.indexOf("\"", at);
		const outside = quote < 0 ? text.slice(at) : text.slice(at, quote);
		parts.push(outside.replace(/-?\b(?:NaN|Infinity)\b/g, "\"$&\""));
		if (quote < 0) return parts.join("");
		let end = quote + 1;
		while (end < text.length && text[end] !== "\"") end += text[end] === "\\" ? 2 : 1;
		parts.push(text.slice(quote, end + 1));
		at = end + 1;
	}
}
// src/record/import/doc-hash.ts
function shortHash(text) {
	return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
function toInt64(hex) {
	return BigInt.asIntN(64, BigInt(`0x${hex}`));
}
function hashDocument(json) {
	return shortHash(indentLikePython(json));
}
function hashCluster(json, alternatives) {
	if (alternatives.length === 0) return null;
	const doc = parseJson(json);
	if (typeof doc !== "object" || doc === null) return null;
	const row = doc;
	const fields = alternatives.find((names) => names.every((name) => row[name] !== void 0 && row[name] !== null));
	return fields ? shortHash(`[${fields.map((name) => JSON.stringify(row[name])).join(", ")}]`) : null;
}
function indentLikePython(json) {
	const parts = [];
	let depth = 0;
	let at = 0;
	const newLine = () => parts.push(`\n${"  ".repeat(depth)}`);
	while (at < json.length) {
		const char = json[at];
		if (char === "\"") {
			let end = at + 1;
			while (end < json.length && json[end] !== "\"") end += json[end] === "\\" ? 2 : 1;
			parts.push(JSON.stringify(JSON.parse(json.slice(at, end + 1))));
			at = end + 1;
			continue;
		}
		at++;
		if (char === "{" || char === "[") {
			const close = /\s*[}\]]/y;
			close.lastIndex = at;
			if (close.exec(json)) {
				parts.push(char === "{" ? "{}" : "[]");
				at = close.lastIndex;
			} else {
				parts.push(char);
				depth++;
				newLine();
			}
		} else if (char === "}" || char === "]") {
			depth--;
			newLine();
			parts.push(char);
		} else if (char === ",") {
			parts.push(char);
			newLine();
		} else if (char === ":") parts.push(": ");
		else if (!/\s/.test(char)) parts.push(char);
	}
	return parts.join("");
}
// src/record/import/read-records.ts
const CHUNK = 4 * 2 ** 20;
const REST = 2 ** 20;
const LARGEST_RECORD = 128 * 2 ** 20;
async function readRecords(path, grouped, onRecord) {
	const file = await open(path, "r").catch((error) => {
		throw fileError(error, path, "read");
	});
	try {
		const walk = new Walk(grouped, onRecord);
		const read = async (buffer) => {
			const { bytesRead } = await file.read(buffer, REST, CHUNK, null);
			return bytesRead;
		};
		let [bytes, spare] = [Buffer.allocUnsafe(REST + CHUNK), Buffer.allocUnsafe(REST + CHUNK)];
		let start = REST;
		let end = REST + await read(bytes);
		let offset = 0;
		while (end > start) {
			const pending = read(spare);
			let used = start;
			try {
				used = walk.take(bytes, start, end, offset);
			} finally {
				await pending.catch(() => void 0);
			}
			const got = await pending;
			const rest = end - used;
			offset += used - start;
			if (got === 0) {
				if (rest > 0) throw cutShort(walk, offset);
				break;
			}
			if (rest > LARGEST_RECORD) throw new Refusal("it has a record of more than 128 MB");
			if (rest <= REST) {
				bytes.copy(spare, REST - rest, used, end);
				[bytes, spare] = [spare, bytes.length === spare.length ? bytes : Buffer.allocUnsafe(REST + CHUNK)];
				start = REST - rest;
				end = REST + got;
			} else {
				bytes = Buffer.concat([bytes.subarray(used, end), spare.subarray(REST, REST + got)]);
				start = 0;
				end = bytes.length;
			}
		}
		if (walk.unfinished) throw cutShort(walk, offset);
		return walk.records;
	} finally {
		await file.close();
	}
}
function cutShort(walk, offset) {
	return new Refusal(`it ends within record ${walk.records + 1} (at byte ${offset}): it was cut short`);
}
var Walk = class {
	records = 0;
	fields = makeFields();
	grouped;
	onRecord;
	inArray = false;
	inGroups = false;
	group = null;
	started = false;
	constructor(grouped, onRecord) {
		this.grouped = grouped;
		this.onRecord = onRecord;
	}
	get unfinished() {
		return this.inArray || this.inGroups;
	}
	take(bytes, start, end, offset) {
		let at = start;
		if (!this.started && bytes[at] === 239 && bytes[at + 1] === 187 && bytes[at + 2] === 191) at += 3;
		this.started = true;
		try {
			for (;;) {
				while (at < end && (isSpace(bytes[at]) || bytes[at] === 44)) at++;
				if (at >= end) return end;
				const next = this.step(bytes, at, end);
				if (next === -1) return at;
				at = next;
			}
		} catch (error) {
			if (!(error instanceof SyntaxError)) throw error;
			throw new Refusal(`it is not JSON (${`record ${this.records + 1}, byte ${offset + at - start}`}: ${error.message.slice(0, 120)})`);
		}
	}
	step(bytes, at, end) {
		const byte = bytes[at];
		if (this.inGroups && !this.inArray) return this.stepGroup(bytes, at, end);
		if (byte === 91 && !this.inArray) {
			this.inArray = true;
			return at + 1;
		}
		if (byte === 93 && this.inArray) {
			this.inArray = false;
			return at + 1;
		}
		if (byte !== 123) throw new SyntaxError(`'${String.fromCharCode(byte)}' where an object should start`);
		if (this.grouped && !this.inArray) {
			this.inGroups = true;
			return at + 1;
		}
		const next = scanObject(bytes, at, end, this.fields);
		if (next === -1) return -1;
		this.onRecord(bytes, this.fields, this.group);
		this.records++;
		return next;
	}
	stepGroup(bytes, at, end) {
		if (bytes[at] === 125) {
			this.inGroups = false;
			return at + 1;
		}
		const keyEnd = skipValue(bytes, at, end);
		if (keyEnd === -1) return -1;
		const colon = skipSpace(bytes, keyEnd, end);
		const value = skipSpace(bytes, colon + 1, end);
		if (value >= end) return -1;
		if (bytes[colon] !== 58 || bytes[value] !== 91) throw new SyntaxError("a task without a list of records");
		this.group = String(JSON.parse(bytes.toString("utf8", at, keyEnd)));
		this.inArray = true;
		return value + 1;
	}
};
// src/record/import/livebench-judgments.ts
const JudgmentSchema = looseObject({
	question_id: string().min(1),
	task: string$1().min(1),
	model: string$1().min(1),
	score: union([number$2(), boolean().transform(Number)]),
	category: string$1().optional(),
	tstamp: number$2().optional().catch(void 0),
	eval_status: string$1().nullish()
});
async function readJudgments(path, file) {
	const models = new Map();
	let line = 0;
	await readRecords(path, false, (bytes, { places, count }) => {
		line++;
		const start = bytes.lastIndexOf(123, places[0] - 1);
		const end = bytes.indexOf(125, places[count * 4 - 1]) + 1;
		const parsed = JudgmentSchema.safeParse(parseJson(bytes.toString("utf8", start, end)));
		if (!parsed.success) {
			const issue = parsed.error.issues[0];
			throw new Refusal(`judgment ${line} cannot be used: ${issue?.path.join(".")}: ${issue?.message}`);
		}
		add(models, parsed.data, line);
	});
	if (models.size === 0) throw new Refusal("it holds no judgments");
	return [...models].map(([model, tasks]) => toSource(model, tasks, file));
}
function add(models, judgment, line) {
	const { model, task, question_id: question, score, tstamp } = judgment;
	if (!(score >= 0 && score <= 1)) throw new Refusal(`the score of judgment ${line} is ${score}, not a fraction of 1`);
	const tasks = models.get(model) ?? new Map();
	models.set(model, tasks);
	const judged = tasks.get(task) ?? {
		items: new Map(),
		errors: 0,
		first: 1e400,
		last: -1e400
	};
	tasks.set(task, judged);
	if (tstamp !== void 0) {
		judged.first = Math.min(judged.first, tstamp);
		judged.last = Math.max(judged.last, tstamp);
	}
	if (judgment.eval_status === "eval_error") judged.errors++;
	else if ((judged.items.get(question) ?? score) !== score) throw new Refusal(`question ${question.slice(0, 16)} of ${model} is there twice with different scores`);
	else judged.items.set(question, score);
}
function toSource(model, tasks, file) {
	const facts = unknownFacts(model, "livebench");
	const last = Math.max(...[...tasks.values()].map((judged) => judged.last));
	const notes = [...tasks].flatMap(([task, { errors }]) => errors > 0 ? [`${task}: ${errors} questions left out, the grader failed on them`] : []);
	return {
		from: "livebench",
		model,
		label: toIso(last) ?? file,
		timed: false,
		files: [file],
		facts: {
			...facts,
			finished: toIso(last)
		},
		tasks: [...tasks].map(([task, judged]) => toTask$1(task, judged)),
		notes
	};
}
function toTask$1(task, { items: scores, errors }) {
	const benchmark = findTask(task, "livebench")?.benchmark.id ?? foreignId(task);
	const items = [...scores].sort(([a], [b]) => a < b ? -1 : 1).map(([question, score], docId) => ({
		benchmark,
		task,
		docId,
		docHash: toInt64(/^[0-9a-f]{64}$/.test(question) ? question.slice(0, 16) : shortHash(question)),
		cluster: null,
		stratum: task,
		metric: "livebench",
		score,
		margin: null,
		prediction: "",
		inclusionP: 1
	}));
	const mean = clusteredMean(Float64Array.from(items, ({ score }) => score), {});
	const score = {
		n: items.length,
		mean: mean?.estimate ?? null,
		stderr: mean?.se ?? null
	};
	const origin = score.stderr === null ? null : "items";
	return {
		...summaryTask(task, benchmark, {
			...score,
			stderrOrigin: origin
		}, unknownProtocol("livebench")),
		items,
		skipped: items.length === 0 ? "the grader failed on every question" : null,
		dropped: errors > 0 ? { "the grader failed": errors } : {}
	};
}
// src/record/import/livebench-table.ts
const FIRST_RELEASE = {
	LCB_generation: 50,
	coding_completion: 38,
	spatial: 0
};
const ROWS = CATALOGUE.filter(({ harness }) => harness === "livebench");
function categoryOf(id) {
	return id.replace(/^livebench-/, "").replaceAll("-", "_");
}
const TASK_NAMES = ROWS.flatMap(({ tasks }) => tasks.map(({ name }) => name));
function findRelease(tables) {
	const byTask = tables.filter(({ columns }) => columns.some((name) => TASK_NAMES.includes(name)));
	return byTask.length > 0 && !byTask.some(({ columns }) => columns.includes("spatial")) ? "2024-06-24" : "2024-07-26";
}
function readLiveBenchTable({ columns, rows }, file, release) {
	if (!columns.includes("model")) throw new Refusal("it has no column 'model'");
	if (rows.length === 0) throw new Refusal("it has no rows");
	const questions = (name, items) => release === "2024-06-24" ? FIRST_RELEASE[name] ?? items : items;
	const tasks = ROWS.flatMap((row) => row.tasks.filter(({ name }) => columns.includes(name)).map(({ name, items }) => ({
		task: name,
		benchmark: row.id,
		n: questions(name, items)
	})));
	const categories = ROWS.filter(({ id }) => columns.includes(categoryOf(id))).map((row) => ({
		task: categoryOf(row.id),
		benchmark: row.id,
		n: row.tasks.reduce((sum, { name, items }) => sum + questions(name, items), 0)
	}));
	const found = tasks.length > 0 ? tasks : categories;
	if (found.length === 0) throw new Refusal("none of its columns is a task or category of LiveBench");
	const assumed = `LiveBench: ${tasks.length > 0 ? "" : "category means only; "}question counts of release ${release} assumed`;
	return rows.map((row, i) => {
		const model = row.model ?? "";
		if (model === "") throw new Refusal(`row ${i + 2} has no model`);
		return {
			from: "livebench",
			model,
			label: `${file}-row-${i + 2}`,
			timed: false,
			files: [file],
			facts: unknownFacts(model, "livebench"),
			tasks: found.map(({ task, benchmark, n }) => readScore(task, benchmark, n, row[task])),
			notes: [`${assumed}; standard errors derived as sqrt(p (1 - p) / n), an upper bound for graded scores`]
		};
	});
}
function readScore(task, benchmark, n, cell) {
	const value = readCell(cell);
	const protocol = unknownProtocol("livebench");
	if (value === null) return skippedTask(task, benchmark, "the table has no score of it", protocol);
	if (typeof value === "string") return skippedTask(task, benchmark, `'${value.slice(0, 40)}' is not a number`, protocol);
	if (value < 0 || value > 100) return skippedTask(task, benchmark, `${value} is not from 0 to 100`, protocol);
	const mean = value / 100;
	const stderr = binomialStderr(mean, n);
	return summaryTask(task, benchmark, {
		n,
		mean,
		stderr,
		stderrOrigin: stderr === null ? null : "derived"
	}, protocol);
}
// src/record/import/item-columns.ts
const FIRST = 4096;
var ItemColumns = class {
	length = 0;
	numbers = new Float64Array(FIRST * 3);
	hashes = new BigInt64Array(FIRST * 3);
	present = new Uint8Array(FIRST);
	predictions = [];
	targets = [];
	golds = [];
	instructions = [];
	shared = new Map();
	push(item) {
		const at = this.length;
		if (at === this.present.length) this.grow();
		this.numbers.set([
			item.docId,
			item.score,
			item.margin ?? 0
		], at * 3);
		this.hashes[at * 3] = BigInt.asIntN(64, item.docHash ?? 0n);
		this.hashes[at * 3 + 1] = BigInt.asIntN(64, item.promptHash ?? 0n);
		this.hashes[at * 3 + 2] = BigInt.asIntN(64, item.cluster ?? 0n);
		const nullable = [
			item.docHash,
			item.promptHash,
			item.cluster,
			item.margin
		];
		this.present[at] = nullable.reduce((bits, value, i) => bits | (value === null ? 0 : 1 << i), 0);
		this.predictions.push(item.prediction);
		this.targets.push(item.target);
		this.golds.push(item.gold === null ? null : this.share(item.gold));
		if (item.instructions !== null) this.instructions[at] = item.instructions;
		this.length++;
	}
	at(place) {
		const bits = this.present[place];
		const hash = (i) => bits & 1 << i ? this.hashes[place * 3 + i] : null;
		return {
			docId: this.numbers[place * 3],
			score: this.numbers[place * 3 + 1],
			margin: bits & 8 ? this.numbers[place * 3 + 2] : null,
			docHash: hash(0),
			promptHash: hash(1),
			cluster: hash(2),
			prediction: this.predictions[place],
			target: this.targets[place],
			gold: this.golds[place],
			instructions: this.instructions[place] ?? null
		};
	}
	share(gold) {
		const key = gold.join();
		const known = this.shared.get(key);
		if (known !== void 0) return known;
		this.shared.set(key, gold);
		return gold;
	}
	grow() {
		const size = this.present.length * 2;
		const [numbers, hashes, present] = [
			this.numbers,
			this.hashes,
			this.present
		];
		this.numbers = new Float64Array(size * 3);
		this.numbers.set(numbers);
		this.hashes = new BigInt64Array(size * 3);
		this.hashes.set(hashes);
		this.present = new Uint8Array(size);
		this.present.set(present);
	}
};
// src/record/import/read-choice.ts
function readChoice(logged) {
	const { bytes, answers } = logged;
	const target = parse(bytes, logged.target);
	const answer = parse(bytes, answers);
	const values = logProbabilities(answer);
	if (values === null) {
		const text = firstText(answer);
		return {
			prediction: text === null ? "" : shortHash(text),
			margin: null,
			gold: null,
			target: target === void 0 ? null : shortHash(writeText(target))
		};
	}
	const known = logged.lastTexts.length === values.length * 2;
	const options = known ? optionTexts(bytes, logged.lastTexts) : null;
	if (logged.normalised && !known) return {
		prediction: "",
		margin: null,
		gold: null,
		target: null
	};
	const weighed = logged.normalised ? values.map((value, i) => value / Math.max(1, [...options?.[i] ?? ""].length)) : values;
	const gold = goldOptions(target, options, values.length);
	return {
		prediction: String(weighed.indexOf(Math.max(...weighed))),
		margin: gold === null ? null : marginOf(weighed, gold),
		gold,
		target: gold === null ? null : gold.join()
	};
}
function marginOf(values, gold) {
	const right = values.filter((_, option) => gold.includes(option));
	const wrong = values.filter((_, option) => !gold.includes(option));
	if (right.length === 0 || wrong.length === 0) return null;
	const margin = Math.max(...right) - Math.max(...wrong);
	return Number.isFinite(margin) ? Math.fround(margin) : null;
}
function logProbabilities(answer) {
	if (!Array.isArray(answer) || answer.length < 2) return null;
	const values = [];
	for (const entry of answer) {
		const pair = Array.isArray(entry) && Array.isArray(entry[0]) ? entry[0] : entry;
		if (!Array.isArray(pair) || pair.length !== 2) return null;
		const greedy = String(pair[1]).toLowerCase();
		const value = toNumber(pair[0]);
		if (value === null || greedy !== "true" && greedy !== "false") return null;
		values.push(value);
	}
	return values;
}
function toNumber(value) {
	if (value === "-inf" || value === "-Infinity") return -1e400;
	const number = typeof value === "string" && /^[-+]?\d/.test(value) ? Number(value) : value;
	return typeof number === "number" && Number.isFinite(number) ? number : null;
}
function optionTexts(bytes, places) {
	const texts = [];
	for (let i = 0; i < places.length; i += 2) {
		const text = places[i] < 0 ? "" : readText(bytes, places[i], places[i + 1]);
		texts.push(text.startsWith(" ") ? text.slice(1) : text);
	}
	return texts;
}
function goldOptions(target, options, count) {
	if (target === void 0) return null;
	const text = writeText(target).trim();
	const parts = /^\[.*\]$/.test(text) ? text.slice(1, -1).split(",") : [text];
	const found = new Set();
	for (const part of parts.map((entry) => entry.trim())) {
		const matching = (options ?? []).flatMap((option, index) => option.trim() === part ? [index] : []);
		if (matching.length > 0) for (const index of matching) found.add(index);
		else if (/^\d+$/.test(part) && Number(part) < count) found.add(Number(part));
		else return null;
	}
	return found.size === 0 ? null : [...found].sort((a, b) => a - b);
}
function firstText(answer) {
	let value = answer;
	while (Array.isArray(value)) value = value[0];
	return value === void 0 || value === null ? null : writeText(value);
}
function writeText(value) {
	return typeof value === "string" ? value : JSON.stringify(value);
}
function parse(bytes, place) {
	return place === void 0 ? void 0 : parseJson(bytes.toString("utf8", place[0], place[1]));
}
// src/record/import/lm-eval-samples.ts
const NOT_METRICS = new Set([
	"doc_id",
	"doc",
	"target",
	"arguments",
	"resps",
	"filtered_resps",
	"filter",
	"metrics",
	"doc_hash",
	"prompt_hash",
	"target_hash",
	"task",
	"repeats",
	"gen_kwargs"
]);
var SampleReader = class {
	task;
	clusterFields;
	metric;
	filter = null;
	logged = new ItemColumns();
	filters = new Set();
	starts = new Map();
	places = new Int32Array(0);
	keys = [];
	computedHashes = 0;
	constructor(task, metric) {
		this.task = task;
		this.metric = metric;
		this.clusterFields = findTask(task, "lm-eval")?.benchmark.clusterFields ?? [];
	}
	take(bytes, fields) {
		this.index(bytes, fields);
		this.metric ??= this.decideMetric(bytes);
		if (!this.isOfChosenFilter(bytes)) return;
		const { metric } = this.metric;
		const score = this.score(bytes, metric);
		const choice = readChoice({
			bytes,
			answers: this.place("filtered_resps") ?? this.place("resps"),
			target: this.place("target"),
			lastTexts: fields.lastTexts,
			normalised: metric === "acc_norm"
		});
		const docHash = this.docHash(bytes);
		this.logged.push({
			docId: this.docId(bytes) ?? -1,
			docHash: docHash === null ? null : toInt64(docHash),
			promptHash: this.promptHash(bytes),
			cluster: this.cluster(bytes),
			score,
			margin: choice.margin,
			prediction: choice.prediction,
			target: choice.target,
			gold: choice.gold,
			instructions: metric === "ifeval" ? this.instructions(bytes) : null
		});
	}
	finish() {
		if (this.metric === null || this.logged.length === 0) throw new Refusal("it holds no records");
		const notes = [...this.metric.notes];
		const others = [...this.filters].filter((name) => name !== this.filter);
		if (others.length > 0) notes.push(`${this.task}: filter '${this.filter}' used; also there: ${others.join(", ")}`);
		if (this.computedHashes > 0) notes.push(`${this.task}: ${this.computedHashes} document hashes computed, the log has none`);
		const kept = this.settleIds(notes);
		const items = kept.map((item) => this.toItem(item));
		const choices = kept.every(({ gold }) => gold !== null);
		return {
			metric: this.metric,
			items,
			constantScore: choices ? bestConstant(kept) : null,
			answers: commonest(items),
			instructions: sumInstructions(kept),
			prompts: digestPrompts(kept),
			outputType: choices ? "multiple_choice" : null,
			notes
		};
	}
	index(bytes, { count, places }) {
		this.starts.clear();
		this.places = places;
		for (let i = 0; i < count; i++) {
			const key = this.keyAt(bytes, i, places[i * 4], places[i * 4 + 1]);
			this.starts.set(key, i * 4 + 2);
		}
		if (!this.starts.has("resps") && !this.starts.has("filtered_resps") && !this.starts.has("doc_hash")) {
			if (!this.starts.has("doc_id")) throw new Refusal("its records have none of doc_id, doc_hash, resps: no sample log of lm-eval");
		}
	}
	place(key) {
		const at = this.starts.get(key);
		return at === void 0 ? void 0 : [this.places[at], this.places[at + 1]];
	}
	keyAt(bytes, place, start, end) {
		const last = this.keys[place];
		if (last !== void 0 && last.length === end - start) {
			let at = 0;
			while (at < last.length && bytes[start + at] === last.charCodeAt(at)) at++;
			if (at === last.length) return last;
		}
		const key = bytes.toString("utf8", start, end);
		this.keys[place] = key;
		return key;
	}
	decideMetric(bytes) {
		const metrics = [...this.starts.keys()].filter((key) => !NOT_METRICS.has(key)).flatMap((name) => {
			const value = share(this.value(bytes, name));
			return value === null ? [] : [{
				name,
				filter: null,
				value,
				stderr: null,
				higherIsBetter: null
			}];
		});
		if (metrics.length === 0) throw new Refusal("its records have no metric that is a number");
		const chosen = chooseMetric(this.task, metrics);
		if (typeof chosen === "string") throw new Refusal(chosen);
		return chosen;
	}
	isOfChosenFilter(bytes) {
		const filter = this.text(bytes, "filter");
		if (filter === null) return true;
		this.filters.add(filter);
		if (this.filter === null) this.filter = this.metric?.filter ?? filter;
		return filter === this.filter;
	}
	score(bytes, metric) {
		const names = metric === "ifeval" ? IFEVAL_METRICS : [metric];
		let sum = 0;
		for (const name of names) {
			const raw = this.value(bytes, name);
			const value = share(raw);
			if (value === null) throw new Refusal(`${name} of record ${this.logged.length + 1} is ${write(raw)}, not a number`);
			if (!(value >= 0 && value <= 1)) throw new Refusal(`${name} of record ${this.logged.length + 1} is ${write(raw)}, not a fraction of 1`);
			sum += value;
		}
		return sum / names.length;
	}
	instructions(bytes) {
		const strict = this.value(bytes, "inst_level_strict_acc");
		const loose = this.value(bytes, "inst_level_loose_acc");
		if (!Array.isArray(strict) || !Array.isArray(loose)) return null;
		return {
			total: strict.length,
			strict: strict.filter(Boolean).length,
			loose: loose.filter(Boolean).length
		};
	}
	docId(bytes) {
		const id = this.value(bytes, "doc_id");
		return typeof id === "number" && Number.isInteger(id) && id >= 0 && id < 2 ** 31 ? id : null;
	}
	docHash(bytes) {
		const hash = this.hash(bytes, "doc_hash");
		if (hash !== null) return hash;
		const doc = this.place("doc");
		if (doc === void 0) return null;
		this.computedHashes++;
		return hashDocument(bytes.toString("utf8", doc[0], doc[1]));
	}
	promptHash(bytes) {
		const hash = this.hash(bytes, "prompt_hash");
		return hash === null ? null : toInt64(hash);
	}
	hash(bytes, key) {
		const place = this.place(key);
		if (place === void 0 || place[1] - place[0] < 18) return null;
		const digits = bytes.toString("latin1", place[0] + 1, place[0] + 17);
		return /^[0-9a-f]{16}$/.test(digits) ? digits : null;
	}
	cluster(bytes) {
		const doc = this.place("doc");
		if (doc === void 0 || this.clusterFields.length === 0) return null;
		const hash = hashCluster(bytes.toString("utf8", doc[0], doc[1]), this.clusterFields);
		return hash === null ? null : toInt64(hash);
	}
	text(bytes, key) {
		const place = this.place(key);
		return place === void 0 || bytes[place[0]] !== 34 ? null : readText(bytes, place[0], place[1]);
	}
	value(bytes, key) {
		const place = this.place(key);
		return place === void 0 ? void 0 : parseJson(bytes.toString("utf8", place[0], place[1]));
	}
	settleIds(notes) {
		const byId = new Map();
		const kept = [];
		let repeated = 0;
		let other = 0;
		for (let place = 0; place < this.logged.length; place++) {
			const item = this.logged.at(place);
			const known = item.docId < 0 ? void 0 : byId.get(item.docId);
			if (known === void 0) {
				if (item.docId >= 0) byId.set(item.docId, kept.length);
				kept.push(item);
				continue;
			}
			const first = kept[known];
			if (first.docHash === item.docHash && first.score === item.score) repeated++;
			else if (this.filters.size === 0 && first.docHash === item.docHash) other++;
			else throw new Refusal(`document ${item.docId} is there twice with different scores or questions`);
		}
		if (other > 0 && (repeated + other) % kept.length !== 0) throw new Refusal("some documents are there twice with different scores");
		if (other > 0) notes.push(`${this.task}: several records a document without filter names: the first was used`);
		else if (repeated > 0) notes.push(`${this.task}: ${repeated} records that are there twice count once`);
		return this.settle(kept, byId, notes).sort((a, b) => a.docId - b.docId);
	}
	settle(kept, taken, notes) {
		let next = 0;
		let assigned = 0;
		let unhashed = 0;
		const settled = kept.map((item) => {
			if (item.docId < 0) {
				while (taken.has(next)) next++;
				assigned++;
				item.docId = next++;
			}
			const hashed = item.docHash !== null;
			if (!hashed) unhashed++;
			return Object.assign(item, {
				hashed,
				docHash: item.docHash ?? toInt64(shortHash(`${this.task} ${item.docId}`))
			});
		});
		if (assigned > 0) notes.push(`${this.task}: ${assigned} records have no doc_id and are numbered in their order`);
		if (unhashed > 0) notes.push(`${this.task}: ${unhashed} documents have neither hash nor text: known by doc_id alone`);
		return settled;
	}
	toItem({ docId, docHash, cluster, score, margin, prediction }) {
		const { benchmark, metric } = this.metric;
		const { task } = this;
		return {
			benchmark,
			task,
			docId,
			docHash,
			cluster,
			stratum: task,
			metric,
			score,
			margin,
			prediction,
			inclusionP: 1
		};
	}
};
function digestPrompts(items) {
	const lines = [];
	for (const { docHash, hashed, promptHash, target } of items) {
		if (!hashed || promptHash === null || target === null) return null;
		lines.push(`${toHex(docHash)} ${toHex(promptHash)} ${target}`);
	}
	return createHash("sha256").update(lines.sort().join("\n")).digest("hex");
}
function toHex(hash) {
	return BigInt.asUintN(64, hash).toString(16).padStart(16, "0");
}
function share(value) {
	if (typeof value === "number") return Number.isFinite(value) ? value : null;
	if (typeof value === "boolean") return Number(value);
	if (typeof value === "string") return /^[-+]?\d/.test(value) && Number.isFinite(Number(value)) ? Number(value) : null;
	if (!Array.isArray(value) || value.length === 0 || !value.every((entry) => typeof entry === "boolean")) return null;
	return value.filter(Boolean).length / value.length;
}
function write(value) {
	return value === void 0 ? "missing" : JSON.stringify(value).slice(0, 60);
}
function bestConstant(items) {
	const right = new Map();
	for (const { gold } of items) for (const option of gold ?? []) right.set(option, (right.get(option) ?? 0) + 1);
	return right.size === 0 ? null : Math.max(...right.values()) / items.length;
}
const MANY_OPTIONS = 30;
function commonest(items) {
	const counts = new Map();
	for (const { prediction } of items) if (prediction !== "") counts.set(prediction, (counts.get(prediction) ?? 0) + 1);
	const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
	return Object.fromEntries(ordered.slice(0, MANY_OPTIONS));
}
function sumInstructions(items) {
	const sum = {
		total: 0,
		strict: 0,
		loose: 0
	};
	for (const { instructions } of items) {
		if (instructions === null) return null;
		sum.total += instructions.total;
		sum.strict += instructions.strict;
		sum.loose += instructions.loose;
	}
	return sum;
}
// src/record/import/lm-eval.ts
const LARGEST_RESULTS = 256 * 2 ** 20;
const STAMP = /\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}(?:\.\d+)?/;
async function readLmEval(resultsPaths, sampleFiles, onProgress) {
	const done = {
		sources: [],
		refused: []
	};
	const attempt = async (path, work) => {
		try {
			await work();
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			done.refused.push({
				path,
				reason: error.message
			});
		}
	};
	const files = [];
	for (const path of resultsPaths) await attempt(path, async () => void files.push(await readResultsFile(path)));
	const alone = [];
	for (const sample of sampleFiles) {
		onProgress(sample.path);
		await attempt(sample.path, async () => {
			for (const [task, { owner, read }] of await readSampleFile(sample, files)) if (owner === null) alone.push(sourceOfSamples(sample.path, task, read, files));
			else if (owner.sampled.has(task)) throw new Refusal(`${task}: another log of the same run was read already`);
			else {
				owner.sampled.set(task, read);
				owner.files.push(basename(sample.path));
			}
		});
	}
	done.sources = [...files.map(sourceOfResults), ...alone];
	return done;
}
async function readResultsFile(path) {
	const { size } = await stat(path);
	if (size > LARGEST_RESULTS) throw new Refusal("results of more than 256 MB: write the samples to files of their own (--log_samples)");
	let document;
	try {
		document = parseJson((await readFile(path, "utf8")).replace(/^\uFEFF/, ""));
	} catch (error) {
		throw new Refusal(`it is not whole JSON (${error instanceof Error ? error.message.split("\n")[0].slice(0, 120) : String(error)})`);
	}
	const results = readResults(document);
	const file = {
		path,
		stamp: STAMP.exec(basename(path))?.[0] ?? null,
		results,
		sampled: new Map(),
		files: [basename(path)],
		notes: []
	};
	for (const [task, records] of Object.entries(results.samples ?? {})) if (Array.isArray(records)) readEmbedded(file, task, records);
	return file;
}
function readEmbedded(file, task, records) {
	const fields = makeFields();
	try {
		const reader = new SampleReader(task, metricOf(file, task));
		for (const record of records) {
			const bytes = Buffer.from(JSON.stringify(record));
			scanObject(bytes, 0, bytes.length, fields);
			reader.take(bytes, fields);
		}
		file.sampled.set(task, reader.finish());
	} catch (error) {
		if (!(error instanceof Refusal || error instanceof SyntaxError)) throw error;
		file.notes.push(`${task}: samples not used: ${error.message}`);
	}
}
async function readSampleFile({ path, grouped }, files) {
	const readers = new Map();
	const single = nameParts(path).task;
	await readRecords(path, grouped, (bytes, fields, group) => {
		const task = group ?? single;
		let open = readers.get(task);
		if (open === void 0) {
			const owner = findOwner(path, task, files);
			open = {
				owner,
				reader: new SampleReader(task, owner && metricOf(owner, task))
			};
			readers.set(task, open);
		}
		open.reader.take(bytes, fields);
	});
	if (readers.size === 0) throw new Refusal("it holds no records");
	return new Map([...readers].map(([task, { owner, reader }]) => [task, {
		owner,
		read: reader.finish()
	}]));
}
function findOwner(path, task, files) {
	const { stamp } = nameParts(path);
	const having = files.filter((file) => file.results.tasks.some((reported) => reported.task === task));
	const near = having.filter((file) => dirname(file.path) === dirname(path));
	const same = stamp === null ? near.filter((file) => file.stamp === null) : having.filter((file) => file.stamp === stamp);
	const best = same.filter((file) => near.includes(file));
	if (best.length === 1) return best[0];
	if (same.length === 1) return same[0];
	return stamp === null && near.length === 1 ? near[0] : null;
}
function metricOf(file, task) {
	const reported = file.results.tasks.find((own) => own.task === task);
	const chosen = reported ? chooseMetric(task, reported.metrics) : "no such task";
	return typeof chosen === "string" ? null : {
		...chosen,
		notes: []
	};
}
function nameParts(path) {
	const name = basename(path).replace(/\.jsonl?$|\.ndjson$/i, "");
	const stamp = STAMP.exec(name)?.[0] ?? null;
	const bare = (stamp === null ? name : name.slice(0, name.indexOf(stamp))).replace(/_+$/, "");
	const [, prefix = "", task = bare] = /^(.*?)_*samples_(.+)$/.exec(bare) ?? [];
	return {
		prefix,
		task,
		stamp
	};
}
function sourceOfResults(file) {
	const { results, path, stamp, sampled } = file;
	const name = basename(path);
	const notes = [...results.notes, ...file.notes];
	const tasks = results.tasks.map((task) => toTask(task, sampled.get(task.task) ?? null, notes));
	return {
		from: "lm-eval",
		model: results.model ?? (basename(dirname(path)) || name),
		label: stamp ?? results.facts.started ?? name.replace(/\.json$/i, ""),
		timed: stamp !== null || results.facts.started !== null,
		files: file.files,
		facts: results.facts,
		tasks,
		notes
	};
}
function toTask(reported, sampled, notes) {
	const { task, metrics, protocol, n } = reported;
	const chosen = chooseMetric(task, metrics);
	if (typeof chosen === "string") {
		if (sampled !== null) return fromSamples(task, sampled, protocol, notes);
		return skippedTask(task, foreignId(task), chosen, {
			...protocol,
			metric: metrics[0]?.name ?? "none"
		});
	}
	notes.push(...chosen.notes);
	const own = {
		...protocol,
		metric: chosen.metric
	};
	const reason = n === null ? "the file does not say how many documents there were" : "no documents were evaluated";
	const mean = n === null || n === 0 ? skippedTask(task, chosen.benchmark, reason, own) : scoreByMean(task, chosen, metrics, n, own);
	if (sampled === null) return mean;
	const items = fromSamples(task, sampled, protocol, notes);
	const misfit = n === null ? null : describeMisfit(items, mean, chosen.metric);
	if (misfit === null) return items;
	notes.push(`${task}: ${misfit}: the reported mean is used, without items`);
	return mean;
}
function describeMisfit(items, reported, metric) {
	if (items.n !== reported.n) return `the log has ${items.n} documents, the results ${reported.n}`;
	if (metric === "ifeval" || Math.abs(items.mean - reported.mean) < 1e-6) return null;
	return `the mean over the log is ${items.mean}, the results say ${reported.mean}`;
}
function fromSamples(task, { metric, items, prompts, ...rest }, protocol, notes) {
	notes.push(...rest.notes);
	return {
		task,
		benchmark: metric.benchmark,
		skipped: null,
		n: items.length,
		mean: items.reduce((sum, { score }) => sum + score, 0) / items.length,
		stderr: null,
		stderrOrigin: "items",
		items,
		constantScore: rest.constantScore,
		answers: rest.answers,
		instructions: rest.instructions,
		dropped: {},
		protocol: {
			...protocol,
			metric: metric.metric,
			outputType: protocol.outputType ?? rest.outputType,
			prompts
		}
	};
}
function sourceOfSamples(path, task, read, files) {
	const { prefix, stamp } = nameParts(path);
	const folder = basename(dirname(path));
	const model = files.find((file) => dirname(file.path) === dirname(path) && sanitised(file.results.model) === folder)?.results.model ?? (prefix || folder || "unknown");
	const name = basename(path);
	const notes = [`${name}: no results beside it, so its settings are not known`];
	const { metric: _, ...protocol } = unknownProtocol("");
	return {
		from: "lm-eval",
		model,
		label: stamp ?? name.replace(/\.[a-z]+$/i, ""),
		timed: stamp !== null,
		files: [name],
		facts: unknownFacts(model, "lm-eval"),
		tasks: [fromSamples(task, read, protocol, notes)],
		notes
	};
}
function sanitised(model) {
	return model?.replace(/["<>:/|\\?*[\]]+/g, "__") ?? null;
}
// src/record/import/merge.ts
function mergeSources(sources) {
	const models = new Map();
	for (const source of sources) models.set(source.model, [...models.get(source.model) ?? [], source]);
	return [...models].flatMap(([model, own]) => {
		const runs = [];
		for (const source of own.sort(byTime)) {
			const run = runs.find((other) => other.every((member) => contradiction(member, source) === null));
			if (run) run.push(withoutRepeated(source, run));
			else runs.push([source]);
		}
		const labels = runs.map((run) => run[0].label);
		return runs.map((members, i) => {
			const again = labels.indexOf(labels[i]) !== i;
			const suffix = runs.length > 1 ? `${labels[i]}${again ? `-${i + 1}` : ""}` : null;
			return {
				model,
				sources: members.filter(({ tasks }) => tasks.length > 0),
				suffix
			};
		});
	});
}
function byTime(a, b) {
	const rank = (source) => (source.from === "livebench" ? 2 : 0) + (source.timed ? 0 : 1);
	return rank(a) - rank(b) || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0);
}
function contradiction(a, b) {
	if (a.facts.harness.name === b.facts.harness.name) {
		const field = [
			"backend",
			"chatTemplateApplied",
			"enableThinking",
			"seed"
		].find((name) => differ(a.facts[name], b.facts[name]));
		if (field !== void 0) return field;
		if (differ(a.facts.harness.version, b.facts.harness.version)) return "harness version";
		if (a.facts.systemInstruction !== b.facts.systemInstruction) return "systemInstruction";
		if (differ(a.facts.subject.dtype, b.facts.subject.dtype)) return "dtype";
	}
	const tasks = new Map(a.tasks.map((task) => [task.task, task]));
	return b.tasks.find((task) => {
		const first = tasks.get(task.task);
		return first !== void 0 && !(isSameTime(a, b) && isSameScore(first, task));
	})?.task ?? null;
}
function isSameScore(a, b) {
	if (a.n !== b.n || a.mean === null !== (b.mean === null)) return false;
	return a.protocol.metric === "ifeval" || Math.abs((a.mean ?? 0) - (b.mean ?? 0)) < 1e-6;
}
function isSameTime(a, b) {
	return a.timed && b.timed && a.label === b.label;
}
function differ(a, b) {
	return a !== null && b !== null && a !== b;
}
function withoutRepeated(source, run) {
	const taken = new Set(run.flatMap(({ tasks }) => tasks.map(({ task }) => task)));
	const tasks = source.tasks.filter(({ task }) => !taken.has(task));
	const repeated = source.tasks.length - tasks.length;
	if (repeated === 0) return source;
	return {
		...source,
		tasks,
		notes: [...source.notes, `${source.files.join()}: ${repeated} tasks there twice count once`]
	};
}
// src/record/import/names.ts
async function readNames(path) {
	const invalid = (what) => new SosBenchError("import-invalid", `names file ${path} cannot be used: ${what}`, { hint: "it has to be a CSV with columns 'model' and 'livebench_model', a row a model" });
	const { columns, rows } = await readTable(path).catch((error) => {
		if (hasSystemCode(error, "ENOENT", "ENOTDIR", "EISDIR")) throw invalid("there is no such file");
		throw error instanceof Refusal ? invalid(error.message) : error;
	});
	for (const column of ["model", "livebench_model"]) if (!columns.includes(column)) throw invalid(`it has no column '${column}'`);
	const names = {
		file: basename(path),
		liveBench: new Map(),
		notes: new Map()
	};
	const seen = new Set();
	for (const { model = "", livebench_model: other = "", note = "" } of rows) {
		if (model === "") throw invalid("a row has no model");
		if (seen.has(model.toLowerCase())) throw invalid(`'${model}' is there twice`);
		seen.add(model.toLowerCase());
		if (note !== "") names.notes.set(model.toLowerCase(), note);
		if (other === "") continue;
		if (names.liveBench.has(other.toLowerCase())) throw invalid(`'${other}' stands for two models`);
		names.liveBench.set(other.toLowerCase(), model);
	}
	return names;
}
// src/record/import/write-records.ts
async function writeRecords(output, records, count) {
	const existed = existsSync(output);
	const stage = join(output, `.import-${randomUUID()}`);
	await makeFolder(output);
	try {
		await mkdir(stage);
		const staged = [];
		for (const { folder, record, items } of records) {
			await refuseOther(join(output, folder), record);
			await writeFolder(join(stage, folder), record, items);
			staged.push(folder);
		}
		if (staged.length !== count) throw new Error(`${staged.length} records instead of ${count}`);
		await moveIntoPlace(output, stage, staged);
	} catch (error) {
		throw fileError(error, output, "write");
	} finally {
		await rm(stage, {
			recursive: true,
			force: true
		});
		if (!existed && await isEmpty(output)) await rm(output, {
			recursive: true,
			force: true
		});
	}
}
async function writeFolder(folder, record, items) {
	const checked = RecordSchema.parse(record);
	await mkdir(folder);
	const paths = recordPaths(folder);
	await writeFile(paths.items, encodeItems(items, runOf(record)));
	await writeFile(paths.record, `${JSON.stringify(checked, null, 2)}\n`);
}
async function moveIntoPlace(output, stage, folders) {
	const moved = [];
	try {
		for (const folder of folders) {
			const target = join(output, folder);
			if (existsSync(target)) await rename(target, join(stage, `old ${folder}`));
			moved.push(folder);
			await rename(join(stage, folder), target);
		}
	} catch (error) {
		for (const folder of moved) {
			const old = join(stage, `old ${folder}`);
			await rm(join(output, folder), {
				recursive: true,
				force: true
			});
			if (existsSync(old)) await rename(old, join(output, folder));
		}
		throw error;
	}
}
async function refuseOther(folder, record) {
	const exists = (what) => new SosBenchError("record-exists", `${folder} ${what}`, { hint: "nothing was written; give another folder with --output, or move that one away" });
	let entries;
	try {
		entries = await readdir(folder);
	} catch (error) {
		if (hasSystemCode(error, "ENOENT")) return;
		if (hasSystemCode(error, "ENOTDIR")) throw exists("is a file");
		throw error;
	}
	if (entries.length === 0) return;
	const other = entries.find((name) => name !== "record.json" && name !== "items.parquet");
	if (other !== void 0 || !entries.includes("record.json")) throw exists(`holds ${other ?? "items without a record"}`);
	const there = await readOwner(recordPaths(folder).record);
	if (there === null) throw exists("holds a record.json that cannot be read");
	if (!there.imported) throw exists(`holds a record of ${there.name} that was evaluated, not imported`);
	if (there.name !== record.model.name) throw exists(`holds the record of another model, ${there.name}`);
}
async function readOwner(path) {
	try {
		const { model, imported } = JSON.parse(await readFile(path, "utf8"));
		return model === void 0 ? null : {
			name: String(model.name),
			imported: imported != null
		};
	} catch {
		return null;
	}
}
async function isEmpty(folder) {
	return (await readdir(folder).catch(() => ["?"])).length === 0;
}
// src/record/import/import-results.ts
async function importResults(request) {
	const found = await findFiles(request.paths);
	const { sources, unjoined } = await readAll(found, await findNames(request, found), request.onProgress);
	if (sources.length === 0) throw nothingToImport(request.paths, found);
	const runs = mergeSources(sources);
	const folders = folderNames(runs);
	const records = [];
	await writeRecords(request.output, build(runs, folders, request, records), runs.length);
	return {
		records,
		unjoined,
		refused: found.refused.map(nameOnly),
		ignored: found.ignored.map(nameOnly)
	};
}
function* build(runs, folders, request, done) {
	for (const [i, run] of runs.entries()) {
		const { record, items } = buildImportedRecord(run, request);
		const folder = folders[i];
		const { from, files, repairs, notes } = record.imported;
		done.push({
			model: record.model.name,
			folder: join(request.output, folder),
			from,
			benchmarks: record.benchmarks.filter(({ status }) => status !== "skipped").length,
			items: items.length,
			files,
			repairs,
			notes
		});
		yield {
			folder,
			record,
			items
		};
	}
}
async function findFiles(paths) {
	const found = {
		results: [],
		samples: [],
		judgments: [],
		harnessTables: [],
		liveBenchTables: [],
		names: [],
		ignored: [],
		refused: []
	};
	const seen = new Set();
	for (const path of paths) {
		const files = await listFiles(path);
		if (files.length === 0) found.ignored.push({
			path,
			reason: "it is an empty folder"
		});
		for (const file of files) {
			if (!seen.has(file)) await sort(file, found);
			seen.add(file);
		}
	}
	return found;
}
async function sort(path, found) {
	try {
		const detected = await detectFile(path);
		if ("refused" in detected) found.refused.push({
			path,
			reason: detected.refused
		});
		else if ("ignored" in detected) found.ignored.push({
			path,
			reason: detected.ignored
		});
		else {
			const { kind } = detected;
			if (kind === "lm-eval-results") found.results.push(path);
			else if (kind === "livebench-judgments") found.judgments.push(path);
			else if (kind === "harness-table") found.harnessTables.push(path);
			else if (kind === "livebench-table") found.liveBenchTables.push(path);
			else if (kind === "names") found.names.push(path);
			else found.samples.push({
				path,
				grouped: kind === "lm-eval-sample-groups"
			});
		}
	} catch (error) {
		found.refused.push({
			path,
			reason: readFailure(error)
		});
	}
}
function readFailure(error) {
	if (error instanceof SosBenchError) return "there is no permission to read it";
	if (error instanceof Error && "code" in error) return `it cannot be read (${String(error.code)})`;
	throw error;
}
async function findNames({ names, paths }, found) {
	if (names !== null) return readNames(names);
	const beside = paths.map((path) => join(dirname(path), "names.csv")).filter((path) => existsSync(path));
	const tables = found.harnessTables.length + found.liveBenchTables.length;
	const candidates = [...new Set([...found.names, ...tables > 0 ? beside : []])];
	if (candidates.length > 1) throw new SosBenchError("import-invalid", `there are several names files: ${candidates.join(", ")}`, { hint: "say which one counts with --names" });
	const [path] = candidates;
	if (path === void 0) return null;
	if (!found.names.includes(path)) {
		const detected = await detectFile(path);
		if (!("kind" in detected) || detected.kind !== "names") return null;
	}
	return readNames(path);
}
async function readAll(found, names, onProgress) {
	const tables = {
		harness: [],
		liveBench: []
	};
	const judged = [];
	const attempt = async (path, work) => {
		try {
			await work();
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			found.refused.push({
				path,
				reason: error.message
			});
		}
	};
	for (const path of found.harnessTables) await attempt(path, async () => {
		for (const source of readHarnessTable(await readTable(path), basename(path))) tables.harness.push(source);
	});
	const read = new Map();
	for (const path of found.liveBenchTables) await attempt(path, async () => void read.set(path, await readTable(path)));
	const release = findRelease([...read.values()]);
	for (const [path, table] of read) await attempt(path, async () => {
		for (const source of readLiveBenchTable(table, basename(path), release)) tables.liveBench.push(source);
	});
	for (const path of found.judgments) await attempt(path, async () => void judged.push(...await readJudgments(path, basename(path))));
	const logs = await readLmEval(found.results, found.samples, onProgress);
	found.refused.push(...logs.refused);
	for (const source of judged) source.model = names?.liveBench.get(source.model.toLowerCase()) ?? source.model;
	const joined = joinHalves(tables, names);
	for (const path of found.liveBenchTables) {
		if (!joined.superseded.includes(basename(path))) continue;
		found.ignored.push({
			path,
			reason: "it has the means of categories, another table those of their tasks"
		});
	}
	return {
		sources: [
			...joined.sources,
			...logs.sources,
			...judged
		].filter((source) => hasScores(source, found)),
		unjoined: joined.unjoined
	};
}
function hasScores({ model, files, tasks }, found) {
	if (tasks.some(({ skipped }) => skipped === null)) return true;
	const reasons = [...new Set(tasks.map(({ task, skipped }) => `${task}: ${skipped}`))].slice(0, MOST_REASONS);
	found.refused.push({
		path: files[0],
		reason: `no score of ${model} can be used (${reasons.join("; ")})`
	});
	return false;
}
const MOST_REASONS = 5;
function nothingToImport(paths, found) {
	const named = found.names.map((path) => ({
		path,
		reason: "a names file has no scores"
	}));
	const reasons = [
		...found.refused,
		...found.ignored,
		...named
	];
	const shown = reasons.slice(0, MOST_REASONS).map(({ path, reason }) => paths.length === 1 && path === paths[0] ? reason : `${basename(path)}: ${reason}`);
	const more = reasons.length > MOST_REASONS ? `; and ${reasons.length - MOST_REASONS} more files` : "";
	return new SosBenchError("import-invalid", `there is nothing to import in ${paths.join(", ")}: ${shown.join("; ")}${more}`, { hint: "results or sample logs of lm-evaluation-harness, LiveBench's judgments or tables, or the published tables can be imported" });
}
function nameOnly({ path, reason }) {
	return {
		file: basename(path),
		reason
	};
}
// src/cli/commands/import.ts
function registerImport(program, world, finish) {
	program.command("import").description("Make records of results that others left: lm-eval, LiveBench, the published scores.").argument("<PATH...>", "Files, or folders that are searched.").requiredOption("--output <DIR>", "Folder for the records, one folder a model.").option("--names <FILE>", "CSV that says which names in different files are one model. Default: names.csv beside them.").option("--repair", "Correct the known faults of the published run, and mark the records.").option("--json", "Print one JSON document.").action(async (paths, options) => {
		setFlagsFromString("--semi-space-growth-factor=1");
		const report = await importResults({
			paths: paths.map((path) => resolve(world.cwd, path)),
			output: resolve(world.cwd, options.output),
			names: options.names === void 0 ? null : resolve(world.cwd, options.names),
			repair: options.repair ?? false,
			onProgress: () => void 0
		});
		tell(report, world);
		if (options.json) world.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
		finish(EXIT.passed);
	});
}
const MOST_LINES = 20;
function tell({ records, unjoined, refused, ignored }, { stderr }) {
	const list = (title, lines) => {
		if (lines.length === 0) return;
		stderr.write(`${title}:\n`);
		for (const line of lines.slice(0, MOST_LINES)) stderr.write(`  ${printable(line)}\n`);
		if (lines.length > MOST_LINES) stderr.write(`  ... and ${lines.length - MOST_LINES} more\n`);
	};
	list(`${records.length} ${records.length === 1 ? "record" : "records"}`, records.map(({ model, folder, benchmarks, items, repairs }) => {
		const repaired = repairs.length > 0 ? ", repaired" : "";
		return `${model}: ${benchmarks} benchmarks, ${items > 0 ? `${items} items` : "means only"}${repaired} -> ${folder}`;
	}));
	list("refused", refused.map(({ file, reason }) => `${file}: ${reason}`));
	list("ignored", ignored.map(({ file, reason }) => `${file}: ${reason}`));
	list("not joined", unjoined.map(({ model, file, reason }) => `${model} (${file}): ${reason}`));
}
function printable(text) {
	return text.replace(/\p{C}+/gu, " ");
}
export { registerImport };
