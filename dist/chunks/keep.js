import { t as SosBenchError } from "./error.js";
import { t as VERSION } from "./version.js";
import { c as error, d as info, h as warning, p as setOutput } from "./dist-bundle.js";
import { T as writeFileAtomic, b as recordPaths, w as makeFolder } from "./combine.js";
import { O as formatPoints, V as readRecord, j as plural } from "./factors.js";
import { b as configPath, d as admit, f as EntrySchema, g as hasStatus, h as ask, m as entryPaths, o as renderScores, p as ShaSchema, v as describeFailure, x as localConfig } from "./start.js";
import { i as FACTOR_NAMES, r as FACTORS } from "./catalogue.js";
import { n as renderComment } from "./comment.js";
import { t as policyOf } from "./policy.js";
import { t as compare } from "./compare.js";
import { n as summarise, t as scoreFactors } from "./summary.js";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
// src/action/outputs.ts
function setOutputs({ summary, verdict, recordPath, reportPath, commentUrl }) {
	setOutput("verdict", verdict?.verdict ?? "no-baseline");
	setOutput("passed", String(verdict?.passed ?? true));
	setOutput("record-path", recordPath);
	setOutput("report-path", reportPath);
	setOutput("comment-url", commentUrl ?? "");
	for (const factor of FACTORS) {
		setOutput(`${factor}-score`, text(summary.factors.find(({ id }) => id === factor)?.score));
		setOutput(`${factor}-delta`, text(verdict?.factors.find(({ id }) => id === factor)?.delta.estimate));
	}
}
function text(value) {
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
// src/baseline/make-entry.ts
const MOST_TEXT = 500;
function makeEntry(loaded, facts) {
	const { record, items } = loaded;
	const { sha, parents, repository, branch, event, run, created, verdict } = facts;
	const baseline = ShaSchema.safeParse(verdict?.records.baseline.commit);
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
export { setOutputs as a, findConfig as i, judge as n, writeReport as r, keepRecord as t };
