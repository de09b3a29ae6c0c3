import { n as hasSystemCode, t as SosBenchError } from "./error.js";
import { t as VERSION } from "./version.js";
import { S as info, T as warning, c as hasStatus, f as configPath, o as renderScores, p as localConfig, s as ask, u as describeFailure, w as setOutput, y as error } from "./start.js";
import { A as array, B as tuple, C as fileError, E as datetime, H as unknown$2, I as number, L as object, M as discriminatedUnion, P as literal, T as writeFileAtomic, b as recordPaths, j as boolean, k as _enum, w as makeFolder, z as string } from "./combine.js";
import { O as formatPoints, V as readRecord, j as plural } from "./factors.js";
import { i as FACTOR_NAMES, r as FACTORS } from "./catalogue.js";
import { i as workerEnvironment, n as takeLock, t as execa } from "./execa.js";
import { n as renderComment } from "./comment.js";
import { t as policyOf } from "./policy.js";
import { r as WholeVerdictSchema, t as compare } from "./compare.js";
import { n as summarise, t as scoreFactors } from "./summary.js";
import { t as readCalibration } from "./calibration-file.js";
import { dirname, join, resolve } from "node:path";
import { existsSync } from "node:fs";
import { createHash, randomUUID } from "node:crypto";
import { readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
// src/action/outputs.ts
function setOutputs({ summary, verdict, recordPath, reportPath, commentUrl }) {
	setOutput("verdict", verdict?.verdict ?? "no-baseline");
	setOutput("passed", String(verdict?.passed ?? true));
	setOutput("record-path", recordPath);
	setOutput("report-path", reportPath);
	setOutput("comment-url", commentUrl ?? "");
	for (const factor of FACTORS) {
		setOutput(`${factor}-score`, text$2(summary.factors.find(({ id }) => id === factor)?.score));
		setOutput(`${factor}-delta`, text$2(verdict?.factors.find(({ id }) => id === factor)?.delta.estimate));
	}
}
function text$2(value) {
	return value === null || value === void 0 ? "" : String(value);
}
// src/action/steps/config.ts
async function findConfig(inputs, workspace, { event, client }, baseSha) {
	const local = localConfig(inputs, workspace);
	if (baseSha === null) return {
		source: local,
		notes: []
	};
	const path = configPath(inputs);
	if (client === null || path.startsWith("/")) {
		const notes = [`The policy (${path}) was read from the pull request's own checkout: there is no github-token.`];
		return {
			source: local,
			notes: event?.kind === "pull" ? notes : []
		};
	}
	const content = await fetchFile(client, path, baseSha);
	const proposed = await readFile(join(workspace, path), "utf8").catch(() => null);
	const edited = event?.kind === "pull" && proposed !== null && proposed !== content;
	return {
		source: {
			path: `${path} (at ${baseSha.slice(0, 12)})`,
			required: inputs.config !== null,
			content
		},
		notes: edited ? [`This pull request edits ${path}. It was judged by the version of its base; the edit counts once it is merged.`] : []
	};
}
async function fetchFile(client, path, ref) {
	const need = {
		doing: `read ${path} at ${ref.slice(0, 12)}`,
		permission: { contents: "read" }
	};
	return await ask(need, async () => {
		try {
			const { data } = await client.rest.repos.getContent({
				...client.repository,
				path,
				ref
			});
			if (Array.isArray(data) || data.type !== "file" || !("content" in data)) return null;
			return Buffer.from(data.content, "base64").toString("utf8");
		} catch (error) {
			if (hasStatus(error, 404)) return null;
			throw error;
		}
	});
}
// src/report/trend.ts
const LEAST_RANGE = 4;
function renderTrend(history, candidate) {
	const charts = FACTORS.map((factor) => {
		const points = [...history.slice(-11), candidate].filter(({ scores }) => scores[factor] !== null);
		return points.length < 2 || candidate.scores[factor] === null ? null : renderChart(factor, points);
	}).filter((chart) => chart !== null);
	if (charts.length === 0) return null;
	return `<details><summary>Trend: the last ${plural(Math.min(history.length, 11), "record")} of the main branch, and this model</summary>\n\n${charts.join("\n\n")}\n\n</details>`;
}
function renderChart(factor, points) {
	const values = points.map(({ scores }) => (scores[factor] ?? 0) * 100);
	const middle = (Math.max(...values) + Math.min(...values)) / 2;
	const half = Math.max(LEAST_RANGE, Math.max(...values) - Math.min(...values)) / 2 + 1;
	const last = points.at(-1).scores[factor];
	return [
		"```mermaid",
		"xychart-beta",
		`  title "${FACTOR_NAMES[factor]}, points (now ${formatPoints(last).replace("−", "-")})"`,
		`  x-axis [${points.map(({ label }) => `"${label.replace(/[^\w.-]/g, "").slice(0, 10)}"`).join(", ")}]`,
		`  y-axis ${Math.max(0, Math.floor(middle - half))} --> ${Math.min(100, Math.ceil(middle + half))}`,
		`  line [${values.map((value) => value.toFixed(1)).join(", ")}]`,
		"```"
	].join("\n");
}
// src/action/steps/judge.ts
function judge(candidate, references, settings, { now, notes, label }) {
	const { baseline, anchor, calibration, waivers, distance } = references;
	const summary = summarise(candidate, settings.preset);
	const scores = Object.fromEntries(summary.factors.map(({ id, score }) => [id, score]));
	const trend = settings.preset === "paper" ? renderTrend(references.trend, {
		label,
		scores: {
			wk: null,
			if: null,
			safety: null,
			...scores
		}
	}) : null;
	const all = [...references.notes, ...notes];
	if (baseline === null) {
		const text = renderScores(summary, {
			notes: all,
			trend
		});
		return {
			summary,
			verdict: null,
			render: () => text
		};
	}
	const verdict = compare(baseline, candidate, {
		policy: policyOf(settings),
		anchor,
		calibration,
		waivers: {
			list: waivers,
			now
		}
	});
	return {
		summary,
		verdict,
		render: (budget) => renderComment(verdict, {
			now,
			reproduce: null,
			distance,
			trend,
			notes: all,
			...budget === void 0 ? {} : { budget }
		})
	};
}
async function writeReport(folder, { render, verdict }) {
	const path = join(folder, "report");
	await makeFolder(path);
	await writeFileAtomic(join(path, "comment.md"), render());
	if (verdict) await writeFileAtomic(join(path, "verdict.json"), `${JSON.stringify(verdict, null, 2)}\n`);
	return path;
}
// src/baseline/admit.ts
const BASELINE_EVENTS = ["push", "schedule"];
function admit(entry, recordCommit, context) {
	const { repository, headRepository, defaultBranch, branch, event, headSha } = context;
	const failed = [
		[BASELINE_EVENTS.includes(event), `the run was started by '${event}'; baselines come from push and schedule`],
		[headRepository === repository, `the commit is from ${headRepository ?? "a deleted repository"}, not from ${repository}`],
		[branch === defaultBranch, `the run was on '${branch ?? "no branch"}', not on '${defaultBranch}'`],
		[entry.sha === headSha, `the entry is of ${entry.sha}, the run of ${headSha}`],
		[recordCommit === headSha, `the record is of ${recordCommit ?? "no known commit"}, the run of ${headSha}`],
		[entry.event === event, `the entry says event '${entry.event}', the run '${event}'`],
		[entry.branch === branch, `the entry says branch '${entry.branch}', the run '${branch}'`],
		[entry.repository === repository, `the entry says repository '${entry.repository}', the run '${repository}'`],
		[entry.complete, "its evaluation is incomplete"]
	].find(([holds]) => !holds);
	return failed ? {
		admitted: false,
		reason: failed[1]
	} : {
		admitted: true,
		reason: null
	};
}
// src/baseline/layout.ts
const INDEX_FOLDER = "index";
const RUNS_FOLDER = "runs";
const WAIVERS_FILE = "waivers.json";
function entryFolder(sha) {
	return `${RUNS_FOLDER}/${sha.slice(0, 2)}/${sha}`;
}
function entryPaths(sha) {
	const folder = entryFolder(sha);
	return {
		entry: `${folder}/entry.json`,
		record: `${folder}/record.json`,
		items: `${folder}/items.parquet`,
		verdict: `${folder}/verdict.json`
	};
}
function indexPath(month) {
	return `${INDEX_FOLDER}/${month}.json`;
}
function monthOf(time) {
	return new Date(time).toISOString().slice(0, 7);
}
function monthOfPath(name) {
	return /^(\d{4}-\d{2})\.json$/.exec(name)?.[1] ?? null;
}
function shaOfEntryPath(path) {
	const sha = /^runs\/[0-9a-f]{2}\/([0-9a-f]+)\/entry\.json$/.exec(path)?.[1];
	return sha !== void 0 && path === entryPaths(sha).entry ? sha : null;
}
const ShaSchema$1 = string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, "is no full commit id");
const text$1 = string().max(500);
const count = number().int().min(0);
const score = number().min(-1).max(1).nullable();
const FactorScoreSchema = object({
	id: _enum(FACTORS),
	score,
	ci: tuple([number().min(-1).max(1), number().min(-1).max(1)]).nullable(),
	se: number().min(0).nullable(),
	n: count
});
const EntrySchema = object({
	schemaVersion: literal(1),
	sha: ShaSchema$1,
	parents: array(ShaSchema$1).nullable(),
	repository: text$1.nullable(),
	branch: text$1.nullable(),
	event: text$1.nullable(),
	run: object({
		id: count,
		attempt: number().int().min(1)
	}).nullable(),
	created: datetime(),
	version: text$1,
	suite: text$1,
	planHash: text$1.nullable(),
	complete: boolean(),
	model: object({
		name: text$1,
		digest: text$1.nullable()
	}),
	harness: object({
		name: text$1,
		version: text$1.nullable()
	}),
	preset: literal("paper"),
	factors: array(FactorScoreSchema).max(FACTORS.length),
	verdict: object({
		verdict: WholeVerdictSchema,
		passed: boolean(),
		baseline: ShaSchema$1.nullable()
	}).nullable(),
	items: count,
	itemsKept: boolean(),
	record: text$1
});
const IndexLineSchema = EntrySchema.pick({
	sha: true,
	created: true,
	branch: true,
	event: true,
	suite: true,
	planHash: true,
	itemsKept: true
}).extend({ factors: array(FactorScoreSchema.pick({
	id: true,
	score: true,
	ci: true
})) });
const IndexFileSchema = object({
	schemaVersion: literal(1),
	entries: array(IndexLineSchema)
});
function indexLine(entry) {
	const { sha, created, branch, event, suite, planHash, itemsKept, factors } = entry;
	return {
		sha,
		created,
		branch,
		event,
		suite,
		planHash,
		itemsKept,
		factors: factors.map(({ id, score, ci }) => ({
			id,
			score,
			ci
		}))
	};
}
function parseEntry(sha, content) {
	const document = parseJson(content);
	if (document === void 0) return {
		entry: null,
		problem: "entry.json is not whole JSON"
	};
	const parsed = EntrySchema.safeParse(document);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		return {
			entry: null,
			problem: `entry.json: ${issue?.path.join(".") || "the document"}: ${issue?.message}`
		};
	}
	const entry = parsed.data;
	if (entry.sha !== sha) return {
		entry: null,
		problem: `entry.json claims to be of ${entry.sha}`
	};
	if (entry.record !== entryPaths(sha).record) return {
		entry: null,
		problem: "entry.json points to a record elsewhere"
	};
	return {
		entry,
		problem: null
	};
}
function encodeIndex(lines) {
	return `{"schemaVersion":1,"entries":[\n${[...lines].sort(byTime).map((line) => JSON.stringify(line)).join(",\n")}\n]}\n`;
}
function byTime(a, b) {
	return Date.parse(a.created) - Date.parse(b.created) || (a.sha < b.sha ? -1 : a.sha > b.sha ? 1 : 0);
}
function parseJson(content) {
	try {
		return JSON.parse(Buffer.from(content).toString("utf8"));
	} catch {
		return;
	}
}
// src/baseline/make-entry.ts
const MOST_TEXT = 500;
function makeEntry(loaded, facts) {
	const { record, items } = loaded;
	const { sha, parents, repository, branch, event, run, created, verdict } = facts;
	const baseline = ShaSchema$1.safeParse(verdict?.records.baseline.commit);
	return EntrySchema.parse({
		schemaVersion: 1,
		sha,
		parents,
		repository,
		branch,
		event,
		run,
		created: created.toISOString(),
		version: VERSION,
		suite: record.suite,
		planHash: record.planHash,
		complete: record.complete,
		model: {
			name: record.model.name.slice(0, MOST_TEXT),
			digest: record.model.digest
		},
		harness: record.protocol.harness,
		preset: "paper",
		factors: scoreFactors(loaded, "paper").map(({ id, score, ci, estimate, n }) => ({
			id,
			score,
			ci,
			n,
			se: estimate?.se ?? null
		})),
		verdict: verdict && {
			verdict: verdict.verdict,
			passed: verdict.passed,
			baseline: baseline.success ? baseline.data : null
		},
		items: record.totals.items,
		itemsKept: items.length > 0,
		record: entryPaths(sha).record
	});
}
// src/baseline/record-baseline.ts
async function recordBaseline(store, folder, facts, context) {
	const loaded = await readRecord(folder);
	const entry = makeEntry(loaded, facts);
	const admission = context === null ? admitLocal(loaded.record, facts.sha) : admit(entry, loaded.record.commit, context);
	if (!admission.admitted) return {
		admission,
		stored: null
	};
	const paths = recordPaths(folder);
	const files = {
		record: await readFile(paths.record),
		items: loaded.items.length > 0 ? await readFile(paths.items) : null,
		verdict: facts.verdict && Buffer.from(`${JSON.stringify(facts.verdict, null, 2)}\n`)
	};
	return {
		admission,
		stored: await store.put(entry, files)
	};
}
function admitLocal({ commit, complete }, sha) {
	if (commit !== sha) return {
		admitted: false,
		reason: `the record is of ${commit ?? "no known commit"}, not of ${sha}`
	};
	return complete ? {
		admitted: true,
		reason: null
	} : {
		admitted: false,
		reason: "its evaluation is incomplete"
	};
}
// src/action/steps/keep.ts
async function keepRecord(store, folder, verdict, { event }, world) {
	if (store === null || event?.kind !== "commit" || !event.isDefaultBranch) return true;
	if (!["push", "schedule"].includes(event.event)) return true;
	const facts = {
		sha: event.sha,
		parents: null,
		repository: event.repository,
		branch: event.branch,
		event: event.event,
		run: event.runId > 0 ? {
			id: event.runId,
			attempt: event.attempt
		} : null,
		created: world.now(),
		verdict
	};
	try {
		const { admission, stored } = await recordBaseline(store, folder, facts, {
			repository: event.repository,
			headRepository: event.repository,
			defaultBranch: event.defaultBranch ?? "",
			branch: event.branch,
			event: event.event,
			headSha: event.sha
		});
		for (const note of stored?.notes ?? []) warning(note);
		info(admission.admitted ? `Record of ${event.sha.slice(0, 12)} kept in ${store.place} (${stored?.outcome}).` : `This record is not kept as a baseline: ${admission.reason}.`);
		return true;
	} catch (error$1) {
		if (!(error$1 instanceof SosBenchError)) throw error$1;
		error(`the record could not be kept: ${describeFailure(error$1)}`, { title: "SOS-Bench: no baseline kept" });
		return false;
	}
}
// src/baseline/api-error.ts
function statusOf(error) {
	const status = error instanceof Error && "status" in error ? error.status : 0;
	return typeof status === "number" ? status : 0;
}
function apiError(error, { place, route, needs }) {
	if (error instanceof SosBenchError) return error;
	const status = statusOf(error);
	const told = oneLine(error);
	const doing = route.startsWith("GET") ? "read" : "write";
	const wrong = `cannot ${doing} ${place}: ${told}`;
	if (status === 429 || status === 403 && /rate limit/i.test(told)) return new SosBenchError("github-failed", wrong, {
		hint: "GitHub's rate limit is used up: wait an hour, or use a token of your own",
		cause: error
	});
	if (status === 401) return new SosBenchError("permission-denied", wrong, {
		hint: "the token is not valid (any more): a job of 24 hours outlives its GITHUB_TOKEN",
		cause: error
	});
	if (status === 403) return new SosBenchError("permission-denied", wrong, {
		hint: `the token lacks '${needs}: ${doing}'; add to the job:\n\npermissions:\n  ${needs}: ${doing}\n`,
		cause: error
	});
	if (status === 404) return new SosBenchError("github-failed", wrong, {
		hint: `the repository does not exist, or the token may not see it ('${needs}: ${doing}')`,
		cause: error
	});
	return new SosBenchError("github-failed", wrong, {
		hint: "nothing was changed; run it again",
		cause: error
	});
}
function oneLine(error) {
	const status = statusOf(error);
	const text = (error instanceof Error ? error.message : String(error)).split("\n")[0].slice(0, 200);
	return status === 0 ? text : `${status} ${text}`;
}
// src/baseline/back-off.ts
const FIRST_MS = 100;
const MOST_MS = 5e3;
async function backOff(attempt, { random = Math.random, sleep = setTimeout }) {
	await sleep(random() * Math.min(MOST_MS, FIRST_MS * 2 ** attempt));
}
// src/baseline/git-data.ts
const sha = string().regex(/^[0-9a-f]{40,64}$/);
const RefSchema = object({
	ref: string(),
	object: object({
		sha,
		type: string()
	})
});
const CommitSchema$1 = object({
	sha,
	tree: object({ sha }),
	parents: array(object({ sha }))
});
const TreeSchema = object({
	truncated: boolean().default(false),
	tree: array(object({
		path: string(),
		type: string(),
		sha: string()
	}))
});
const BlobSchema = object({
	content: string(),
	encoding: string()
});
const ShaSchema = object({ sha });
function gitData(client, { owner, repo }, place) {
	const base = `/repos/${owner}/${repo}/git`;
	const ask = async (schema, route, parameters = {}) => {
		try {
			return schema.parse((await client.request(route, parameters)).data);
		} catch (error) {
			throw apiError(error, {
				place,
				route,
				needs: "contents"
			});
		}
	};
	return {
		async readRef(ref) {
			try {
				return RefSchema.parse((await client.request(`GET ${base}/ref/${escapePath(ref)}`)).data).object.sha;
			} catch (error) {
				if (statusOf(error) !== 404) throw apiError(error, {
					place,
					route: `GET ${base}/ref`,
					needs: "contents"
				});
			}
			await ask(unknown$2(), `GET /repos/${owner}/${repo}`);
			return null;
		},
		async listRefs(prefix) {
			const route = `GET ${base}/matching-refs/${escapePath(prefix)}`;
			return (await ask(array(RefSchema), route, { per_page: 100 })).map(({ ref, object }) => ({
				ref: ref.replace(/^refs\//, ""),
				sha: object.sha
			}));
		},
		async createRef(ref, sha) {
			await client.request(`POST ${base}/refs`, {
				ref: `refs/${ref}`,
				sha
			});
		},
		async updateRef(ref, sha, { force }) {
			await client.request(`PATCH ${base}/refs/${escapePath(ref)}`, {
				sha,
				force
			});
		},
		async deleteRef(ref) {
			await client.request(`DELETE ${base}/refs/${escapePath(ref)}`);
		},
		async readCommit(sha) {
			const { tree, parents } = await ask(CommitSchema$1, `GET ${base}/commits/${sha}`);
			return {
				tree: tree.sha,
				parents: parents.map((parent) => parent.sha)
			};
		},
		async readTree(sha, { recursive } = { recursive: false }) {
			const parameters = recursive ? { recursive: "1" } : {};
			const { tree, truncated } = await ask(TreeSchema, `GET ${base}/trees/${sha}`, parameters);
			return {
				entries: tree.flatMap(({ path, type, sha }) => type === "blob" || type === "tree" ? [{
					path,
					type,
					sha
				}] : []),
				truncated
			};
		},
		async readBlob(sha) {
			const { content, encoding } = await ask(BlobSchema, `GET ${base}/blobs/${sha}`);
			return Buffer.from(content, encoding === "base64" ? "base64" : "utf8");
		},
		async writeBlob(content) {
			const body = {
				content: Buffer.from(content).toString("base64"),
				encoding: "base64"
			};
			return (await ask(ShaSchema, `POST ${base}/blobs`, body)).sha;
		},
		async writeTree(changes, base_tree) {
			const tree = changes.map((change) => ({
				mode: "100644",
				type: "blob",
				...change
			}));
			const body = base_tree === null ? { tree } : {
				tree,
				base_tree
			};
			return (await ask(ShaSchema, `POST ${base}/trees`, body)).sha;
		},
		async writeCommit(commit) {
			return (await ask(ShaSchema, `POST ${base}/commits`, commit)).sha;
		}
	};
}
function blobSha(content) {
	return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}
function escapePath(path) {
	return path.split("/").map(encodeURIComponent).join("/");
}
// src/baseline/in-parallel.ts
async function inParallel(inputs, limit, work) {
	const outputs = new Array(inputs.length);
	let next = 0;
	const worker = async () => {
		while (next < inputs.length) {
			const place = next++;
			outputs[place] = await work(inputs[place]);
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, inputs.length) }, worker));
	return outputs;
}
// src/baseline/branch-files.ts
const DEFAULT_BRANCH = "sos-bench";
const MOST_ATTEMPTS = 60;
const MOST_UNCLEAR = 5;
const PRUNED_REFS = "sos-bench/pruned/";
const PRUNING_FILE = "pruning.json";
const PRUNING_MS = 6e5;
const DAY_MS$2 = 864e5;
const PATHS_AT_A_TIME = 1e3;
const MOST_CACHED_BYTES = 1e6;
const WRITES_AT_A_TIME = 4;
const README = `# History of SOS-Bench

One folder per evaluated commit (\`runs/\`), an index by month (\`index/\`), waivers (\`waivers.json\`). Written by
sos-bench; do not merge this branch into another. \`sos-bench history list\` shows it.
`;
const PruningSchema = object({ until: datetime() });
function branchFiles(client, repository, { branch = DEFAULT_BRANCH, now = () => new Date(), ...backoff } = {}) {
	const place = `branch '${branch}' of ${repository.owner}/${repository.repo}`;
	const ref = `heads/${branch}`;
	const git = gitData(client, repository, place);
	const read = reader(git, place);
	const written = new Set();
	const readTip = async () => {
		const commit = await git.readRef(ref);
		return commit === null ? null : {
			commit,
			tree: (await git.readCommit(commit)).tree
		};
	};
	const move = async (tip, commit) => {
		try {
			if (tip === null) await git.createRef(ref, commit);
			else await git.updateRef(ref, commit, { force: false });
			return "moved";
		} catch (error) {
			const status = statusOf(error);
			const text = error instanceof Error ? error.message : "";
			if (status === 409 || status === 404) return "lost";
			if (status === 422 && /fast.?forward|already exists|cannot be updated|does not exist|expected/i.test(text)) return "lost";
			if (status >= 500 || status === 0) return "unclear";
			throw apiError(error, {
				place,
				route: "PATCH",
				needs: "contents"
			});
		}
	};
	const writeChanges = async (tip, changes) => {
		const tree = await inParallel([...tip === null ? new Map([["README.md", README], ...changes]) : changes], WRITES_AT_A_TIME, async ([path, content]) => {
			if (content === null) return {
				path,
				sha: null
			};
			if (typeof content === "string") return {
				path,
				content
			};
			const sha = blobSha(content);
			if (written.has(sha)) return {
				path,
				sha
			};
			const stored = await git.writeBlob(content);
			written.add(stored);
			return {
				path,
				sha: stored
			};
		});
		return git.writeTree(tree, tip?.tree ?? null);
	};
	const untilMoved = async (attempt, { ownPruning } = {}) => {
		let unclear = 0;
		for (let tries = 0; tries < MOST_ATTEMPTS; tries++) {
			if (tries > 0) await backOff(tries - 1, backoff);
			const tip = await readTip();
			const files = await read(tip);
			if (ownPruning === void 0 && await isBeingPruned(files, now())) continue;
			const { commit, result } = await attempt(tip, files);
			if (commit === null) return {
				result,
				commit
			};
			const outcome = await move(tip, commit);
			if (outcome === "moved") return {
				result,
				commit
			};
			unclear = outcome === "unclear" ? unclear + 1 : 0;
			if (unclear >= MOST_UNCLEAR) throw new SosBenchError("github-failed", `cannot write ${place}: GitHub fails again and again`, { hint: "nothing is lost: the record is where it was written; store it again later" });
		}
		throw new SosBenchError("store-conflict", `${place} changed under us ${MOST_ATTEMPTS} times in a row`, { hint: "let fewer jobs write at a time (concurrency: with queue: max), then store it again" });
	};
	return {
		place,
		open: async () => read(await readTip()),
		async change(message, edit) {
			await untilMoved(async (tip, files) => {
				const changes = await edit(files);
				if (changes.size === 0) return {
					commit: null,
					result: null
				};
				const tree = await writeChanges(tip, changes);
				const parents = tip === null ? [] : [tip.commit];
				return {
					commit: await git.writeCommit({
						message,
						tree,
						parents
					}),
					result: null
				};
			});
		},
		async prune(edit) {
			const { commit: marked } = await untilMoved(async (tip) => {
				if (tip === null) return {
					commit: null,
					result: null
				};
				const until = new Date(now().getTime() + PRUNING_MS).toISOString();
				const tree = await writeChanges(tip, new Map([[PRUNING_FILE, JSON.stringify({ until })]]));
				return {
					commit: await git.writeCommit({
						message: "Prune: no writers, please",
						tree,
						parents: [tip.commit]
					}),
					result: null
				};
			});
			if (marked === null) throw missing(place);
			try {
				const kept = await replaceHistory(git, {
					ref,
					marked,
					read,
					edit,
					now: now(),
					writeChanges
				});
				if (kept === null) throw new SosBenchError("store-conflict", `${place} was changed while it was pruned`, { hint: "nothing was changed by the pruning; run it again" });
				return {
					kept,
					removed: await removeOldPrunings$1(git, now(), place)
				};
			} catch (error) {
				await unmark().catch(() => void 0);
				throw error instanceof SosBenchError ? error : apiError(error, {
					place,
					route: "PATCH",
					needs: "contents"
				});
			}
		}
	};
	async function unmark() {
		await untilMoved(async (tip, files) => {
			if (tip === null || await files.read(PRUNING_FILE) === null) return {
				commit: null,
				result: null
			};
			const tree = await writeChanges(tip, new Map([[PRUNING_FILE, null]]));
			return {
				commit: await git.writeCommit({
					message: "Pruning ended",
					tree,
					parents: [tip.commit]
				}),
				result: null
			};
		}, { ownPruning: PRUNING_FILE });
	}
}
function missing(place) {
	return new SosBenchError("store-missing", `there is no history: ${place} does not exist`, { hint: "it is made when the first baseline is recorded, by a push to the default branch" });
}
async function isBeingPruned(files, now) {
	const content = await files.read(PRUNING_FILE);
	if (content === null) return false;
	const marker = PruningSchema.safeParse(parseJson(content));
	return marker.success && Date.parse(marker.data.until) > now.getTime();
}
async function replaceHistory(git, replacing) {
	const { ref, marked, read, edit, now, writeChanges } = replacing;
	const tip = {
		commit: marked,
		tree: (await git.readCommit(marked)).tree
	};
	const { drop, write } = await edit(await read(tip));
	const { entries, truncated } = await git.readTree(tip.tree, { recursive: true });
	if (truncated) throw new SosBenchError("github-failed", "the branch has too many files for GitHub's API to list", { hint: "clone the branch and use --store folder:DIR on the clone (docs/history.md)" });
	const dropped = new Set(drop);
	const kept = entries.filter(({ type, path }) => type === "blob" && path !== PRUNING_FILE && !dropped.has(path.split("/").slice(0, 3).join("/")));
	let tree = null;
	for (let from = 0; from < kept.length; from += PATHS_AT_A_TIME) {
		const part = kept.slice(from, from + PATHS_AT_A_TIME);
		tree = await git.writeTree(part.map(({ path, sha }) => ({
			path,
			sha
		})), tree);
	}
	if (tree === null) throw new Error("a store has a README at least");
	if (write.size > 0) tree = await writeChanges({
		commit: marked,
		tree
	}, write);
	const message = `Prune: history before ${now.toISOString().slice(0, 10)} dropped`;
	const root = await git.writeCommit({
		message,
		tree,
		parents: []
	});
	const keptRef = `${PRUNED_REFS}${now.toISOString().slice(0, 10)}-${marked.slice(0, 12)}`;
	await git.createRef(keptRef, marked);
	if (await git.readRef(ref) !== marked) {
		await git.deleteRef(keptRef);
		return null;
	}
	await git.updateRef(ref, root, { force: true });
	return `refs/${keptRef}`;
}
async function removeOldPrunings$1(git, now, place) {
	const removed = [];
	for (const { ref } of await git.listRefs(PRUNED_REFS)) {
		const date = /^(\d{4}-\d{2}-\d{2})-/.exec(ref.slice(17))?.[1];
		if (date === void 0 || now.getTime() - Date.parse(date) <= 30 * DAY_MS$2) continue;
		try {
			await git.deleteRef(ref);
		} catch (error) {
			throw apiError(error, {
				place,
				route: "DELETE",
				needs: "contents"
			});
		}
		removed.push(`refs/${ref}`);
	}
	return removed;
}
function reader(git, place) {
	const trees = new Map();
	const blobs = new Map();
	const tree = async (sha) => {
		const known = trees.get(sha) ?? (await git.readTree(sha)).entries;
		trees.set(sha, known);
		return known;
	};
	const blob = async (sha) => {
		const content = blobs.get(sha) ?? await git.readBlob(sha);
		if (content.length <= MOST_CACHED_BYTES) blobs.set(sha, content);
		return content;
	};
	return async (tip) => {
		const find = async (path) => {
			if (tip === null) return null;
			let at = {
				path: "",
				type: "tree",
				sha: tip.tree
			};
			for (const name of path.split("/")) {
				if (at.type !== "tree") return null;
				const next = (await tree(at.sha)).find((entry) => entry.path === name);
				if (next === void 0) return null;
				at = next;
			}
			return at;
		};
		return {
			version: tip?.commit ?? null,
			exists: tip !== null,
			async list(folder) {
				const found = await find(folder);
				return found?.type === "tree" ? (await tree(found.sha)).map(({ path }) => path) : [];
			},
			async walk(folder) {
				const found = await find(folder);
				if (found?.type !== "tree") return [];
				const { entries, truncated } = await git.readTree(found.sha, { recursive: true });
				if (truncated) throw new SosBenchError("github-failed", `${place} has too many files for GitHub's API to list`, { hint: "clone the branch and use --store folder:DIR on the clone (docs/history.md)" });
				return entries.filter(({ type }) => type === "blob").map(({ path }) => `${folder}/${path}`);
			},
			async read(path) {
				const found = await find(path);
				return found?.type === "blob" ? blob(found.sha) : null;
			}
		};
	};
}
// src/baseline/find-baseline.ts
async function findBaseline(question) {
	const { history, mode, head, baseRef } = question;
	return walkBack(mode.kind === "merge-base" ? await history.mergeBase(baseRef, head) : await history.resolve(mode.kind === "base-tip" ? baseRef : mode.ref), question);
}
async function findAnchor(question) {
	const { history, ref } = question;
	if (ref !== null) return {
		...await walkBack(await history.resolve(ref), question),
		tag: null
	};
	const release = await history.latestRelease();
	return {
		...await walkBack(release, question),
		tag: release.tag
	};
}
async function walkBack(start, { history, store, isComparable, now }) {
	const lookup = {
		found: null,
		start: start.sha,
		looked: 0,
		skipped: [],
		reason: null,
		notes: []
	};
	if (start.sha === null) return {
		...lookup,
		reason: start.problem
	};
	const index = await store.openIndex();
	if (!index.exists) return {
		...lookup,
		reason: `there is no history yet: ${store.place} does not exist`
	};
	for await (const commits of history.firstParents(start.sha)) for (const { sha, date } of commits) {
		const distance = lookup.looked++;
		await index.reach(new Date(date.getTime() - DAY_MS$1));
		const line = index.find(sha);
		if (line === null) continue;
		const used = await useEntry(line);
		if (typeof used === "string") {
			lookup.skipped.push({
				sha,
				reason: used
			});
			continue;
		}
		const age = now.getTime() - Date.parse(used.created);
		return {
			...lookup,
			found: {
				entry: used,
				sha,
				distance,
				age
			},
			notes: index.notes
		};
	}
	const reason = [
		`none of the ${lookup.looked} commits back from ${start.sha.slice(0, 12)} has a usable entry in ${store.place}`,
		await history.limits(),
		...lookup.skipped.slice(0, 3).map(({ sha, reason }) => `${sha.slice(0, 12)}: ${reason}`)
	];
	return {
		...lookup,
		reason: reason.filter(Boolean).join("; "),
		notes: index.notes
	};
	async function useEntry(line) {
		if (!isComparable(line)) return `of another plan (suite '${line.suite}')`;
		const read = await index.entry(line.sha);
		if (read === null) return "the index lists it, but there is no entry";
		if (read.entry === null) return read.problem;
		const { entry } = read;
		if (entry.repository !== null && !BASELINE_EVENTS.includes(entry.event ?? "")) return `recorded by '${entry.event}'`;
		if (!entry.complete) return "its evaluation is incomplete";
		return isComparable(entry) ? entry : `of another plan (suite '${entry.suite}')`;
	}
}
const DAY_MS$1 = 864e5;
// src/baseline/folder-files.ts
const LOCK_FILE = ".lock";
const STAGE_FOLDER = ".change";
const MOVES_FILE = "moves.json";
const PRUNED_FOLDER = "pruned";
const LOCK_TRIES = 150;
const DAY_MS = 864e5;
const MovesSchema = object({
	moves: array(object({
		from: string(),
		to: string()
	})),
	remove: array(string())
});
function folderFiles(root, { now = () => new Date(), ...backoff } = {}) {
	const place = `folder ${root}`;
	const locked = async (work) => {
		const lock = await takeLockPatiently(join(root, LOCK_FILE), place, backoff);
		try {
			await finishChange(root);
			return await work();
		} finally {
			await lock.release();
		}
	};
	return {
		place,
		open: () => snapshot(root),
		change: (_message, edit) => locked(async () => {
			await applyChanges(root, await edit(await snapshot(root)));
		}),
		prune: (edit) => locked(async () => {
			const { drop, write } = await edit(await snapshot(root));
			const folder = join(PRUNED_FOLDER, now().toISOString().slice(0, 10));
			await applyChanges(root, write, drop.map((from) => ({
				from,
				to: join(folder, from)
			})));
			return {
				kept: join(root, folder),
				removed: await removeOldPrunings(root, now())
			};
		})
	};
}
async function takeLockPatiently(path, place, backoff) {
	for (let attempt = 0;; attempt++) try {
		return await takeLock(path, place);
	} catch (error) {
		if (!(error instanceof SosBenchError) || error.code !== "run-locked") throw error;
		if (attempt >= LOCK_TRIES) throw new SosBenchError("store-conflict", `${place} could not be changed: ${error.message}`, {
			hint: `wait for the other writer; if there is none, delete ${path}`,
			cause: error
		});
		await backOff(Math.min(attempt, 4), backoff);
	}
}
async function applyChanges(root, changes, moves = []) {
	if (changes.size === 0 && moves.length === 0) return;
	const staged = {
		moves: [...moves],
		remove: []
	};
	for (const [path, content] of changes) {
		if (content === null) {
			staged.remove.push(path);
			continue;
		}
		const from = join(STAGE_FOLDER, randomUUID());
		await makeFolder(join(root, STAGE_FOLDER));
		await writeFileAtomic(join(root, from), content);
		staged.moves.push({
			from,
			to: path
		});
	}
	await makeFolder(join(root, STAGE_FOLDER));
	await writeFileAtomic(join(root, STAGE_FOLDER, MOVES_FILE), JSON.stringify(staged));
	await finishChange(root);
}
async function finishChange(root) {
	const list = join(root, STAGE_FOLDER, MOVES_FILE);
	const content = await readOptional(list);
	if (content !== null) {
		const { moves, remove } = MovesSchema.parse(JSON.parse(content.toString("utf8")));
		for (const { from, to } of moves) await move(root, from, to);
		for (const path of remove) await rm(join(root, path), {
			force: true,
			recursive: true
		});
		await rm(list, { force: true });
	}
	await rm(join(root, STAGE_FOLDER), {
		force: true,
		recursive: true
	});
}
async function move(root, from, to) {
	const target = join(root, to);
	await makeFolder(dirname(target));
	try {
		await rename(join(root, from), target);
	} catch (error) {
		if (hasSystemCode(error, "ENOENT") && await exists(target)) return;
		if (hasSystemCode(error, "ENOTEMPTY", "EEXIST")) {
			await rm(target, { recursive: true });
			return move(root, from, to);
		}
		throw fileError(error, target, "write");
	}
}
async function removeOldPrunings(root, now) {
	const old = (await readFolder(join(root, PRUNED_FOLDER))).filter((name) => now.getTime() - Date.parse(name) > 30 * DAY_MS);
	for (const name of old) await rm(join(root, PRUNED_FOLDER, name), {
		recursive: true,
		force: true
	});
	return old.map((name) => join(root, PRUNED_FOLDER, name));
}
async function snapshot(root) {
	const walk = async (folder) => {
		const found = [];
		for (const name of await readFolder(join(root, folder))) {
			const path = `${folder}/${name}`;
			if (await isFolder(join(root, path))) found.push(...await walk(path));
			else found.push(path);
		}
		return found;
	};
	return {
		version: null,
		exists: await exists(root),
		list: (folder) => readFolder(join(root, folder)),
		walk,
		read: (path) => readOptional(join(root, path))
	};
}
async function readFolder(path) {
	try {
		return (await readdir(path)).filter((name) => !name.startsWith(".")).sort();
	} catch (error) {
		if (hasSystemCode(error, "ENOENT")) return [];
		throw fileError(error, path, "read");
	}
}
async function isFolder(path) {
	return (await stat(path)).isDirectory();
}
async function exists(path) {
	try {
		await stat(path);
		return true;
	} catch (error) {
		if (hasSystemCode(error, "ENOENT")) return false;
		throw fileError(error, path, "read");
	}
}
async function readOptional(path) {
	try {
		return await readFile(path);
	} catch (error) {
		if (hasSystemCode(error, "ENOENT")) return null;
		throw fileError(error, path, "read");
	}
}
// src/baseline/commit-history.ts
const MOST_COMMITS = 1e3;
// src/baseline/git-history.ts
const PAGE$1 = 100;
function gitHistory(cwd, environment) {
	const ask = async (...args) => {
		const result = await execa("git", args, {
			cwd,
			env: workerEnvironment(environment),
			extendEnv: false,
			reject: false,
			timeout: 3e4
		});
		return result.exitCode === 0 ? result.stdout.trim() : null;
	};
	const isShallow = async () => await ask("rev-parse", "--is-shallow-repository") === "true";
	let isCutOff = false;
	const resolve = async (ref) => {
		const sha = await ask("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
		if (sha) return {
			sha,
			problem: null
		};
		if (await ask("rev-parse", "--git-dir") === null) return unknown$1(`${cwd} is no git repository`);
		return unknown$1(`there is no commit '${ref}' in ${cwd}`);
	};
	return {
		resolve,
		async mergeBase(base, head) {
			for (const ref of [base, head]) {
				const found = await resolve(ref);
				if (found.sha === null) return found;
			}
			const sha = await ask("merge-base", "--end-of-options", base, head);
			if (sha) return {
				sha: sha.split("\n")[0],
				problem: null
			};
			return unknown$1(await isShallow() ? `'${base}' and '${head}' have no common commit in this shallow clone: check out with fetch-depth: 0` : `'${base}' and '${head}' share no history`);
		},
		async latestRelease() {
			return {
				...unknown$1("a local clone knows no releases: name the tag as anchor"),
				tag: null
			};
		},
		async *firstParents(sha) {
			const commits = (await ask(...[
				"rev-list",
				"--first-parent",
				`--max-count=1000`,
				"--no-commit-header",
				"--format=%H %cI"
			], ...["--end-of-options", sha]) ?? "").split("\n").flatMap((line) => {
				const [id, date] = line.split(" ");
				return id && date ? [{
					sha: id,
					date: new Date(date)
				}] : [];
			});
			isCutOff = commits.length === MOST_COMMITS;
			for (let from = 0; from < commits.length; from += PAGE$1) yield commits.slice(from, from + PAGE$1);
		},
		async limits() {
			if (isCutOff) return "older commits are not looked at";
			return await isShallow() ? "the clone is shallow: check out with fetch-depth: 0" : null;
		}
	};
}
function unknown$1(problem) {
	return {
		sha: null,
		problem
	};
}
// src/baseline/github-history.ts
const PAGE = 100;
const MOST_PAGES = 14;
const CommitSchema = object({
	sha: string(),
	commit: object({ committer: object({ date: string() }).nullable() }),
	parents: array(object({ sha: string() }))
});
const CompareSchema = object({ merge_base_commit: object({ sha: string() }) });
const ReleaseSchema = object({ tag_name: string() });
function gitHubHistory(client, { owner, repo }) {
	const base = `/repos/${owner}/${repo}`;
	const place = `the commits of ${owner}/${repo}`;
	const ask = async (schema, path, parameters = {}) => {
		const route = `GET ${base}${path}`;
		try {
			return schema.parse((await client.request(route, parameters)).data);
		} catch (error) {
			if ([
				404,
				409,
				422
			].includes(statusOf(error))) return null;
			throw apiError(error, {
				place,
				route,
				needs: "contents"
			});
		}
	};
	let isCutOff = false;
	const page = async (sha) => {
		const commits = await ask(array(CommitSchema), "/commits", {
			sha,
			per_page: PAGE
		});
		return new Map((commits ?? []).map((commit) => [commit.sha, commit]));
	};
	const resolve = async (ref) => {
		const commit = await ask(object({ sha: string() }), `/commits/${escapePath(ref)}`, { per_page: 1 });
		return commit === null ? unknown(`GitHub knows no '${ref}' in ${owner}/${repo}`) : {
			sha: commit.sha,
			problem: null
		};
	};
	return {
		resolve,
		async mergeBase(from, head) {
			const range = `${escapePath(from)}...${escapePath(head)}`;
			const compared = await ask(CompareSchema, `/compare/${range}`, {
				per_page: 1,
				page: 2
			});
			if (compared !== null) return {
				sha: compared.merge_base_commit.sha,
				problem: null
			};
			return unknown(`GitHub knows no common commit of '${from}' and '${head}': one of them was deleted or force-pushed, is in a fork that is gone, or they share no history`);
		},
		async latestRelease() {
			const release = await ask(ReleaseSchema, "/releases/latest");
			if (release === null) return {
				...unknown(`${owner}/${repo} has no release`),
				tag: null
			};
			const tag = release.tag_name;
			const found = await resolve(`refs/tags/${tag}`);
			return {
				...found.sha === null ? await resolve(tag) : found,
				tag
			};
		},
		async *firstParents(start) {
			let next = start;
			let seen = 0;
			for (let asked = 0; asked < MOST_PAGES && next !== void 0 && seen < 1e3; asked++) {
				const known = await page(next);
				const chain = [];
				while (next !== void 0 && seen < 1e3) {
					const at = known.get(next);
					if (at === void 0) break;
					chain.push({
						sha: at.sha,
						date: new Date(at.commit.committer?.date ?? 0)
					});
					seen++;
					next = at.parents[0]?.sha;
				}
				if (chain.length === 0) break;
				yield chain;
			}
			isCutOff = next !== void 0;
		},
		limits: async () => isCutOff ? "older commits are not looked at" : null
	};
}
function unknown(problem) {
	return {
		sha: null,
		problem
	};
}
// src/baseline/retention.ts
async function overdueItems(months, linesOf, keep) {
	const overdue = [];
	let kept = 0;
	for (const month of months) {
		const own = (await linesOf(month)).filter(({ itemsKept }) => itemsKept).sort(byTime).reverse();
		if (own.length === 0 && kept >= keep) break;
		for (const line of own) if (kept < keep) kept++;
		else overdue.push(line);
	}
	return overdue;
}
// src/baseline/store-index.ts
const READS_AT_A_TIME = 8;
async function listMonths(files) {
	return (await files.list(INDEX_FOLDER)).map(monthOfPath).filter((month) => month !== null).sort().reverse();
}
async function readMonth(files, month) {
	const content = await files.read(indexPath(month));
	if (content === null) return {
		month,
		lines: [],
		rebuilt: null
	};
	const lines = parseIndex(month, content);
	return lines === null ? rebuildMonth(files, month, content) : {
		month,
		lines,
		rebuilt: null
	};
}
function parseIndex(month, content) {
	const parsed = IndexFileSchema.safeParse(parseJson(content));
	if (!parsed.success) return null;
	const { entries } = parsed.data;
	return new Set(entries.map(({ sha }) => sha)).size === entries.length && entries.every(({ created }) => monthOf(created) === month) ? entries : null;
}
async function rebuildMonth(files, month, broken) {
	const others = (await listMonths(files)).filter((other) => other !== month);
	const listed = new Set();
	const contents = await inParallel(others, READS_AT_A_TIME, (other) => files.read(indexPath(other)));
	for (const [place, content] of contents.entries()) for (const { sha } of (content && parseIndex(others[place], content)) ?? []) listed.add(sha);
	const shas = (await listEntries(files)).filter((sha) => !listed.has(sha));
	const { lines, dropped } = await readLines(files, shas);
	const own = lines.filter(({ created }) => monthOf(created) === month);
	const known = new Set([
		...own.map(({ sha }) => sha),
		...listed,
		...shas
	]);
	const gone = [...new Set(Buffer.from(broken).toString("latin1").match(/\b[0-9a-f]{40}\b/g) ?? [])].filter((sha) => !known.has(sha)).map((sha) => ({
		sha,
		reason: "there is no entry"
	}));
	return {
		month,
		lines: own,
		rebuilt: { dropped: [...dropped, ...gone] }
	};
}
async function rebuildIndex(files) {
	const before = new Map();
	const months = await listMonths(files);
	const contents = await inParallel(months, READS_AT_A_TIME, (month) => files.read(indexPath(month)));
	const old = new Map(months.map((month, place) => [month, contents[place] ?? null]));
	for (const [month, content] of old) for (const { sha } of (content && parseIndex(month, content)) ?? []) before.set(sha, month);
	const { lines, dropped } = await readLines(files, await listEntries(files));
	const byMonth = new Map();
	for (const line of lines) {
		const month = monthOf(line.created);
		byMonth.set(month, [...byMonth.get(month) ?? [], line]);
	}
	const changes = new Map();
	for (const month of old.keys()) if (!byMonth.has(month)) changes.set(indexPath(month), null);
	for (const [month, own] of byMonth) {
		const content = encodeIndex(own);
		const was = old.get(month);
		if (!was || Buffer.from(was).toString("utf8") !== content) changes.set(indexPath(month), content);
	}
	const now = new Set(lines.map(({ sha }) => sha));
	const broken = new Set(dropped.map(({ sha }) => sha));
	for (const sha of before.keys()) if (!now.has(sha) && !broken.has(sha)) dropped.push({
		sha,
		reason: "there is no entry"
	});
	const added = [...now].filter((sha) => !before.has(sha));
	return {
		changes,
		entries: lines.length,
		added,
		dropped
	};
}
async function listEntries(files) {
	return (await files.walk(RUNS_FOLDER)).map(shaOfEntryPath).filter((sha) => sha !== null);
}
async function readLines(files, shas) {
	const lines = [];
	const dropped = [];
	await inParallel(shas, READS_AT_A_TIME, async (sha) => {
		const content = await files.read(entryPaths(sha).entry);
		if (content === null) return void dropped.push({
			sha,
			reason: "there is no entry"
		});
		const { entry, problem } = parseEntry(sha, content);
		if (entry === null) dropped.push({
			sha,
			reason: problem
		});
		else lines.push(indexLine(entry));
	});
	return {
		lines,
		dropped
	};
}
// src/baseline/waivers.ts
const text = string().min(1).max(500);
const WaiverSchema = object({
	id: text,
	target: discriminatedUnion("kind", [object({
		kind: literal("benchmark"),
		id: text
	}), object({
		kind: literal("factor"),
		id: _enum(FACTORS)
	})]),
	reason: text,
	by: text,
	created: datetime(),
	expires: datetime(),
	commit: ShaSchema$1
});
const WaiversSchema = object({
	schemaVersion: literal(1),
	waivers: array(WaiverSchema)
});
async function readWaivers(files, place) {
	const content = await files.read(WAIVERS_FILE);
	if (content === null) return [];
	const parsed = WaiversSchema.safeParse(parseJson(content));
	if (parsed.success) return parsed.data.waivers;
	const issue = parsed.error.issues[0];
	throw new SosBenchError("store-invalid", `${WAIVERS_FILE} in ${place} cannot be used: ${issue?.path.join(".") || "the document"}: ${issue?.message}`, { hint: "restore it from the branch's history; nothing was changed" });
}
async function editWaivers(files, place, edit) {
	const before = await readWaivers(files, place);
	const waivers = edit(before);
	if (JSON.stringify(waivers) === JSON.stringify(before)) return new Map();
	const content = WaiversSchema.parse({
		schemaVersion: 1,
		waivers
	});
	return new Map([[WAIVERS_FILE, `${JSON.stringify(content, null, 2)}\n`]]);
}
function createStore(files, { keepItems = 20 } = {}) {
	const { place } = files;
	return {
		place,
		openIndex: async () => indexReader(await files.open()),
		get: async (sha) => readEntry(await files.open(), sha),
		async put(entry, contents) {
			let stored = {
				outcome: "already-there",
				notes: []
			};
			await files.change(`Record ${entry.sha.slice(0, 12)}`, async (snapshot) => {
				const put = await putChanges(snapshot, entry, contents, keepItems);
				stored = put.stored;
				return put.changes;
			});
			return stored;
		},
		async load(entry, folder) {
			const snapshot = await files.open();
			const paths = entryPaths(entry.sha);
			const [record, items] = await Promise.all([snapshot.read(paths.record), entry.itemsKept ? snapshot.read(paths.items) : null]);
			if (record === null) throw broken(place, entry.sha, "its record.json is gone");
			if (entry.itemsKept && items === null) throw broken(place, entry.sha, "its items.parquet is gone");
			await makeFolder(folder);
			const local = recordPaths(folder);
			if (items !== null) await writeFileAtomic(local.items, items);
			await writeFileAtomic(local.record, record);
			const loaded = await readRecord(folder, { items: items === null ? "dropped" : "required" });
			if (loaded.record.commit !== null && loaded.record.commit !== entry.sha) throw broken(place, entry.sha, `its record claims to be of ${loaded.record.commit}`);
			return loaded;
		},
		async rebuild() {
			let outcome = {
				entries: 0,
				added: [],
				dropped: []
			};
			await files.change("Rebuild the index", async (snapshot) => {
				const { changes, ...rest } = await rebuildIndex(snapshot);
				outcome = rest;
				return changes;
			});
			return outcome;
		},
		async prune(keep) {
			let entries = 0;
			let dropped = [];
			return {
				...await files.prune(async (snapshot) => {
					const lines = (await readAll(snapshot)).sort(byTime);
					const gone = keep === null ? [] : lines.slice(0, Math.max(0, lines.length - keep));
					const goneShas = new Set(gone.map(({ sha }) => sha));
					entries = lines.length - gone.length;
					dropped = [...goneShas];
					const write = new Map();
					for (const month of new Set(gone.map(({ created }) => monthOf(created)))) {
						const left = lines.filter(({ sha, created }) => monthOf(created) === month && !goneShas.has(sha));
						write.set(indexPath(month), left.length === 0 ? null : encodeIndex(left));
					}
					return {
						drop: dropped.map(entryFolder),
						write
					};
				}),
				entries,
				dropped
			};
		},
		waivers: async () => readWaivers(await files.open(), place),
		changeWaivers: (message, edit) => files.change(message, (snapshot) => editWaivers(snapshot, place, edit))
	};
}
async function readEntry(snapshot, sha) {
	const content = await snapshot.read(entryPaths(sha).entry);
	return content === null ? null : parseEntry(sha, content);
}
async function readAll(snapshot) {
	const lines = [];
	for (const month of await listMonths(snapshot)) lines.push(...(await readMonth(snapshot, month)).lines);
	return lines;
}
function indexReader(snapshot) {
	const lines = new Map();
	const notes = [];
	let left = null;
	const readWhile = async (wanted) => {
		left ??= await listMonths(snapshot);
		const next = left.filter(wanted);
		left = left.filter((month) => !wanted(month));
		for (const read of await Promise.all(next.map((month) => readMonth(snapshot, month)))) {
			for (const line of read.lines) lines.set(line.sha, line);
			notes.push(...describeRebuild(read));
		}
	};
	return {
		version: snapshot.version,
		exists: snapshot.exists,
		reach: (time) => readWhile((month) => month >= monthOf(time)),
		find: (sha) => lines.get(sha) ?? null,
		async all() {
			await readWhile(() => true);
			return [...lines.values()].sort(byTime);
		},
		entry: (sha) => readEntry(snapshot, sha),
		notes
	};
}
async function putChanges(snapshot, given, contents, keepItems) {
	const entry = {
		...given,
		itemsKept: contents.items !== null
	};
	const { sha } = entry;
	const changes = new Map();
	const notes = [];
	const before = await readEntry(snapshot, sha);
	if (before?.entry) {
		const same = {
			...before.entry,
			itemsKept: entry.itemsKept
		};
		if (JSON.stringify(same) === JSON.stringify(entry)) return {
			stored: {
				outcome: "already-there",
				notes
			},
			changes
		};
		if (Date.parse(before.entry.created) > Date.parse(entry.created)) return {
			stored: {
				outcome: "older",
				notes
			},
			changes
		};
	}
	if (before?.problem) notes.push(`the entry of ${sha} was replaced: ${before.problem}`);
	const month = monthOf(entry.created);
	const months = new Map();
	const linesOf = async (name) => {
		const known = months.get(name);
		if (known !== void 0) return known;
		const read = await readMonth(snapshot, name);
		notes.push(...describeRebuild(read));
		months.set(name, read.lines);
		return read.lines;
	};
	const setLines = (name, lines) => {
		months.set(name, lines);
		changes.set(indexPath(name), lines.length === 0 ? null : encodeIndex(lines));
	};
	if (before?.entry && monthOf(before.entry.created) !== month) {
		const old = monthOf(before.entry.created);
		setLines(old, (await linesOf(old)).filter((line) => line.sha !== sha));
	}
	setLines(month, [...(await linesOf(month)).filter((line) => line.sha !== sha), indexLine(entry)]);
	const paths = entryPaths(sha);
	changes.set(paths.record, contents.record);
	await setOrRemove(snapshot, changes, paths.items, contents.items);
	await setOrRemove(snapshot, changes, paths.verdict, contents.verdict);
	changes.set(paths.entry, encodeEntry(entry));
	const allMonths = [...new Set([month, ...await listMonths(snapshot)])].sort().reverse();
	for (const line of await overdueItems(allMonths, linesOf, keepItems)) {
		await dropItems(snapshot, changes, line.sha, entry);
		const own = monthOf(line.created);
		setLines(own, (await linesOf(own)).map((other) => other.sha === line.sha ? {
			...other,
			itemsKept: false
		} : other));
	}
	return {
		stored: {
			outcome: "stored",
			notes
		},
		changes
	};
}
async function dropItems(snapshot, changes, sha, current) {
	const paths = entryPaths(sha);
	if (sha === current.sha) {
		changes.delete(paths.items);
		await setOrRemove(snapshot, changes, paths.items, null);
		changes.set(paths.entry, encodeEntry({
			...current,
			itemsKept: false
		}));
		return;
	}
	await setOrRemove(snapshot, changes, paths.items, null);
	const read = await readEntry(snapshot, sha);
	if (read?.entry) changes.set(paths.entry, encodeEntry({
		...read.entry,
		itemsKept: false
	}));
}
async function setOrRemove(snapshot, changes, path, content) {
	if (content !== null) {
		changes.set(path, content);
		return;
	}
	const folder = path.slice(0, path.lastIndexOf("/"));
	if ((await snapshot.list(folder)).includes(path.slice(folder.length + 1))) changes.set(path, null);
}
function encodeEntry(entry) {
	return `${JSON.stringify(entry, null, 2)}\n`;
}
function describeRebuild({ month, lines, rebuilt }) {
	if (rebuilt === null) return [];
	return [`the index of ${month} was broken; it was made anew from ${lines.length} entries`, ...rebuilt.dropped.map(({ sha, reason }) => `${sha} is dropped from the index: ${reason}`)];
}
function broken(place, sha, what) {
	return new SosBenchError("store-invalid", `the entry of ${sha} in ${place} cannot be used: ${what}`, { hint: "evaluate that commit again on the default branch" });
}
// src/action/steps/references.ts
function subjectOf(event) {
	if (event?.kind === "pull") return {
		sha: event.pull.headSha,
		base: {
			sha: event.pull.baseSha,
			branch: event.pull.baseRef
		}
	};
	if (event?.kind === "commit") return {
		sha: event.sha,
		base: event.base
	};
	return {
		sha: null,
		base: null
	};
}
function openStore(inputs, world, { client }) {
	const [kind, rest = ""] = inputs.store.split(/:(.*)/s);
	if (kind === "none") return null;
	if (kind === "folder" && rest !== "") return createStore(folderFiles(resolve(world.cwd, rest)));
	if (kind === "branch") {
		if (client === null) return null;
		return createStore(branchFiles(client, client.repository, rest === "" ? {} : { branch: rest }));
	}
	throw new SosBenchError("usage", `store is '${inputs.store}'`, { hint: "it is branch, branch:NAME, folder:DIR or none" });
}
async function findReferences(inputs, world, connection, store, subject, suite) {
	const references = {
		baseline: null,
		distance: null,
		rerun: inputs.baseline === "rerun",
		anchor: null,
		calibration: inputs.runSpread === null ? null : await readCalibration(resolve(world.cwd, inputs.runSpread)),
		waivers: store === null ? [] : (await store.waivers()).map(toWaiver),
		trend: store === null ? [] : await readTrend(store, suite),
		notes: []
	};
	const lookup = lookups(inputs, world, connection, store, subject, suite);
	if (!references.rerun) {
		const found = await lookup.baseline();
		Object.assign(references, {
			baseline: found.record,
			distance: found.distance
		});
		references.notes.push(...found.notes);
	}
	if (inputs.anchor !== null) {
		const found = await lookup.anchor(inputs.anchor);
		references.anchor = found.record;
		references.notes.push(...found.notes);
	}
	return references;
}
function lookups(inputs, world, connection, store, subject, suite) {
	const now = world.now();
	const isComparable = (line) => line.suite === suite;
	const load = async (what, found) => {
		const notes = [...found.notes];
		if (found.found === null) return {
			record: null,
			distance: null,
			notes: [...notes, `No ${what}: ${found.reason}.`]
		};
		const folder = join(temporaryFolder(world), `${what}-${found.found.sha.slice(0, 12)}`);
		return {
			record: await store.load(found.found.entry, folder),
			distance: found.found.distance,
			notes
		};
	};
	const given = async (folder) => ({
		record: await readRecord(folder),
		distance: null,
		notes: []
	});
	return {
		async baseline() {
			const path = inputs.baseline === null ? null : pathOf(inputs.baseline, world.cwd);
			if (path !== null) return await given(path);
			if (store === null || subject.sha === null) {
				if (inputs.baseline === null) return {
					record: null,
					distance: null,
					notes: []
				};
				throw new SosBenchError("usage", `baseline: ${inputs.baseline} needs a store and an event to look from`, { hint: "set `store` (and `github-token` for a branch), or give a record folder" });
			}
			const history = historyOf(connection, world);
			const mode = await modeOf(inputs.baseline ?? "merge-base", subject, history);
			if (mode === null) return {
				record: null,
				distance: null,
				notes: ["No baseline: this is the first commit."]
			};
			const found = await findBaseline({
				history,
				store,
				mode,
				head: subject.sha,
				baseRef: subject.base?.branch ?? subject.sha,
				isComparable,
				now
			});
			return await load("baseline", found);
		},
		async anchor(anchor) {
			const path = pathOf(anchor, world.cwd);
			if (path !== null) return await given(path);
			if (store === null) throw new SosBenchError("usage", `anchor: ${anchor} needs a store to look in`, { hint: "set `store` (and `github-token` for a branch), or give a record folder" });
			const ref = anchor === "release" ? null : anchor;
			return await load("anchor", await findAnchor({
				history: historyOf(connection, world),
				store,
				isComparable,
				now,
				ref
			}));
		}
	};
}
async function modeOf(mode, subject, history) {
	if (subject.base !== null && (mode === "merge-base" || mode === "base-tip")) return { kind: mode };
	if (mode !== "merge-base" && mode !== "base-tip") return {
		kind: "ref",
		ref: mode
	};
	let place = 0;
	for await (const commits of history.firstParents(subject.sha)) for (const { sha } of commits) if (place++ === 1) return {
		kind: "ref",
		ref: sha
	};
	return null;
}
function historyOf({ client }, world) {
	return client === null ? gitHistory(world.cwd, world.environment) : gitHubHistory(client, client.repository);
}
function pathOf(text, cwd) {
	const path = resolve(cwd, text);
	return /^\.{0,2}\//.test(text) || existsSync(join(path, "record.json")) ? path : null;
}
function temporaryFolder({ environment, cwd }) {
	return join(environment.RUNNER_TEMP || join(cwd, ".sos-bench"), "sos-bench");
}
function toWaiver({ target, reason, by, created, expires }) {
	return {
		target: target.id,
		reason,
		by,
		created,
		expires
	};
}
async function readTrend(store, suite) {
	const index = await store.openIndex();
	if (!index.exists) return [];
	return (await index.all()).filter((line) => line.suite === suite).slice(-12).map(({ sha, factors }) => {
		const score = (id) => factors.find((factor) => factor.id === id)?.score ?? null;
		return {
			label: sha.slice(0, 7),
			scores: {
				wk: score("wk"),
				if: score("if"),
				safety: score("safety")
			}
		};
	});
}
export { keepRecord as a, findConfig as c, temporaryFolder as i, setOutputs as l, openStore as n, judge as o, subjectOf as r, writeReport as s, findReferences as t };
