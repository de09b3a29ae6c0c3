import { i as __toESM } from "./rolldown-runtime.js";
import { n as hasSystemCode, t as SosBenchError } from "./error.js";
import { t as EXIT } from "./exit-code.js";
import { t as VERSION$1 } from "./version.js";
import { c as error, d as info, f as notice, g as summary, h as warning, i as defaults, l as getInput, m as setSecret, n as require_light, r as GitHub, t as retry } from "./dist-bundle.js";
import { A as array, B as tuple, C as fileError, E as datetime, H as unknown$2, I as number, L as object, M as discriminatedUnion, N as int, P as literal, T as writeFileAtomic, b as recordPaths, j as boolean, k as _enum, w as makeFolder, z as string } from "./combine.js";
import { F as DEFAULT_CONFIG_FILE, I as resolveSettings, N as escapeMarkdown, P as escapeTerminal, R as settingsOf, V as readRecord, k as formatScore } from "./factors.js";
import { i as FACTOR_NAMES, n as findBenchmark, r as FACTORS } from "./catalogue.js";
import { t as writeHeadline } from "./headline.js";
import { i as workerEnvironment, n as takeLock, t as execa } from "./execa.js";
import { g as WholeVerdictSchema } from "./sections.js";
import { t as readCalibration } from "./calibration-file.js";
import { t as markdownTable } from "./markdown-table.js";
import { t as COMMENT_BUDGET } from "./comment.js";
import { dirname, join, resolve } from "node:path";
import { existsSync } from "node:fs";
import { createHash, randomUUID } from "node:crypto";
import { readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
// node_modules/@octokit/plugin-throttling/dist-bundle/index.js
var import_light = __toESM(require_light(), 1);
var VERSION = "0.0.0-development";
var noop = () => Promise.resolve();
function wrapRequest(state, request, options) {
	return state.retryLimiter.schedule(doRequest, state, request, options);
}
async function doRequest(state, request, options) {
	const { pathname } = new URL(options.url, "http://github.test");
	const isAuth = isAuthRequest(options.method, pathname);
	const isWrite = !isAuth && options.method !== "GET" && options.method !== "HEAD";
	const isSearch = options.method === "GET" && pathname.startsWith("/search/");
	const isGraphQL = pathname.startsWith("/graphql");
	const jobOptions = ~~request.retryCount > 0 ? {
		priority: 0,
		weight: 0
	} : {};
	if (state.clustering) jobOptions.expiration = 6e4;
	if (isWrite || isGraphQL) await state.write.key(state.id).schedule(jobOptions, noop);
	if (isWrite && state.triggersNotification(pathname)) await state.notifications.key(state.id).schedule(jobOptions, noop);
	if (isSearch) await state.search.key(state.id).schedule(jobOptions, noop);
	const req = (isAuth ? state.auth : state.global).key(state.id).schedule(jobOptions, request, options);
	if (isGraphQL) {
		const res = await req;
		if (res.data.errors != null && res.data.errors.some((error) => error.type === "RATE_LIMITED")) throw Object.assign(new Error("GraphQL Rate Limit Exceeded"), {
			response: res,
			data: res.data
		});
	}
	return req;
}
function isAuthRequest(method, pathname) {
	return method === "PATCH" && /^\/applications\/[^/]+\/token\/scoped$/.test(pathname) || method === "POST" && (/^\/applications\/[^/]+\/token$/.test(pathname) || /^\/app\/installations\/[^/]+\/access_tokens$/.test(pathname) || pathname === "/login/oauth/access_token");
}
var triggers_notification_paths_default = [
	"/orgs/{org}/invitations",
	"/orgs/{org}/invitations/{invitation_id}",
	"/orgs/{org}/teams/{team_slug}/discussions",
	"/orgs/{org}/teams/{team_slug}/discussions/{discussion_number}/comments",
	"/repos/{owner}/{repo}/collaborators/{username}",
	"/repos/{owner}/{repo}/commits/{commit_sha}/comments",
	"/repos/{owner}/{repo}/issues",
	"/repos/{owner}/{repo}/issues/{issue_number}/comments",
	"/repos/{owner}/{repo}/issues/{issue_number}/sub_issue",
	"/repos/{owner}/{repo}/issues/{issue_number}/sub_issues/priority",
	"/repos/{owner}/{repo}/pulls",
	"/repos/{owner}/{repo}/pulls/{pull_number}/comments",
	"/repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies",
	"/repos/{owner}/{repo}/pulls/{pull_number}/merge",
	"/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers",
	"/repos/{owner}/{repo}/pulls/{pull_number}/reviews",
	"/repos/{owner}/{repo}/releases",
	"/teams/{team_id}/discussions",
	"/teams/{team_id}/discussions/{discussion_number}/comments"
];
function routeMatcher(paths) {
	const regex2 = `^(?:${paths.map((path) => path.split("/").map((c) => c.startsWith("{") ? "(?:.+?)" : c).join("/")).map((r) => `(?:${r})`).join("|")})[^/]*$`;
	return new RegExp(regex2, "i");
}
var regex = routeMatcher(triggers_notification_paths_default);
var triggersNotification = regex.test.bind(regex);
var groups = {};
var createGroups = function(Bottleneck, common) {
	groups.global = new Bottleneck.Group({
		id: "octokit-global",
		maxConcurrent: 10,
		...common
	});
	groups.auth = new Bottleneck.Group({
		id: "octokit-auth",
		maxConcurrent: 1,
		...common
	});
	groups.search = new Bottleneck.Group({
		id: "octokit-search",
		maxConcurrent: 1,
		minTime: 2e3,
		...common
	});
	groups.write = new Bottleneck.Group({
		id: "octokit-write",
		maxConcurrent: 1,
		minTime: 1e3,
		...common
	});
	groups.notifications = new Bottleneck.Group({
		id: "octokit-notifications",
		maxConcurrent: 1,
		minTime: 3e3,
		...common
	});
};
function throttling(octokit, octokitOptions) {
	const { enabled = true, Bottleneck = import_light.default, id = "no-id", timeout = 12e4, connection } = octokitOptions.throttle || {};
	if (!enabled) return {};
	const common = { timeout };
	if (typeof connection !== "undefined") common.connection = connection;
	const state = Object.assign({
		clustering: connection != null,
		triggersNotification,
		fallbackSecondaryRateRetryAfter: 60,
		retryAfterBaseValue: 1e3,
		id
	}, octokitOptions.throttle);
	if (typeof state.onSecondaryRateLimit !== "function" || typeof state.onRateLimit !== "function") throw new Error(`octokit/plugin-throttling error:
        You must pass the onSecondaryRateLimit and onRateLimit error handlers.
        See https://octokit.github.io/rest.js/#throttling

        const octokit = new Octokit({
          throttle: {
            onSecondaryRateLimit: (retryAfter, options) => {/* ... */},
            onRateLimit: (retryAfter, options) => {/* ... */}
          }
        })
    `);
	let initialized = false;
	const initializeBottleneck = () => {
		if (initialized) return;
		initialized = true;
		if (groups.global == null) createGroups(Bottleneck, common);
		state.global = state.global ?? groups.global;
		state.auth = state.auth ?? groups.auth;
		state.search = state.search ?? groups.search;
		state.write = state.write ?? groups.write;
		state.notifications = state.notifications ?? groups.notifications;
		state.retryLimiter = state.retryLimiter ?? new Bottleneck();
		const events = {};
		const emitter = new Bottleneck.Events(events);
		events.on("secondary-limit", state.onSecondaryRateLimit);
		events.on("rate-limit", state.onRateLimit);
		events.on("error", (e) => octokit.log.warn("Error in throttling-plugin limit handler", e));
		state.retryLimiter.on("failed", async function(error, info) {
			const [state2, request, options] = info.args;
			const { pathname } = new URL(options.url, "http://github.test");
			if (!(pathname.startsWith("/graphql") && error.status !== 401 || error.status === 403 || error.status === 429)) return;
			const retryCount = ~~request.retryCount;
			request.retryCount = retryCount;
			options.request.retryCount = retryCount;
			const { wantRetry, retryAfter = 0 } = await (async function() {
				if (/\bsecondary rate\b/i.test(error.message)) {
					const retryAfter2 = Number(error.response.headers["retry-after"]) || state2.fallbackSecondaryRateRetryAfter;
					return {
						wantRetry: await emitter.trigger("secondary-limit", retryAfter2, options, octokit, retryCount),
						retryAfter: retryAfter2
					};
				}
				if (error.response.headers != null && error.response.headers["x-ratelimit-remaining"] === "0" || (error.response.data?.errors ?? []).some((error2) => error2.type === "RATE_LIMITED")) {
					const rateLimitReset = new Date(~~error.response.headers["x-ratelimit-reset"] * 1e3).getTime();
					const retryAfter2 = Math.max(Math.ceil((rateLimitReset - Date.now()) / 1e3) + 1, 0);
					return {
						wantRetry: await emitter.trigger("rate-limit", retryAfter2, options, octokit, retryCount),
						retryAfter: retryAfter2
					};
				}
				return {};
			})();
			if (wantRetry) {
				request.retryCount++;
				return retryAfter * state2.retryAfterBaseValue;
			}
		});
	};
	octokit.hook.wrap("request", (request, options) => {
		initializeBottleneck();
		return wrapRequest(state, request, options);
	});
	return {};
}
throttling.VERSION = VERSION;
throttling.triggersNotification = triggersNotification;
// src/github/client.ts
const ACTIONS_BOT = "github-actions[bot]";
const RETRIES = 3;
const LIMIT_WAITS = 2;
const Octokit = GitHub.plugin(onceForPosts, tellTooManyRequests, retry, throttling);
function createClient(options) {
	const { timeout = 3e4, longestWait = 120, second = 1e3, log = () => {} } = options;
	const repository = readRepository(options.repository);
	const token = readToken(options.token);
	const send = countedFetch(options.fetch ?? defaults.request?.fetch, timeout);
	const logger = {
		debug: () => {},
		info: () => {},
		warn: log,
		error: log
	};
	const waitFor = (kind) => (retryAfter, _options, _octokit, tried) => {
		const waits = retryAfter <= longestWait && tried < LIMIT_WAITS;
		log(`GitHub's ${kind} asks for a wait of ${retryAfter} s: ${waits ? "waiting" : "giving up"}`);
		return waits;
	};
	const octokit = new Octokit({
		auth: token,
		baseUrl: readApiUrl(options.apiUrl),
		userAgent: `sos-bench/${VERSION$1}`,
		log: logger,
		request: {
			fetch: send.fetch,
			log: logger
		},
		retry: {
			retries: RETRIES,
			retryAfterBaseValue: second,
			doNotRetry: [
				400,
				401,
				403,
				404,
				410,
				422,
				429,
				451
			]
		},
		throttle: {
			onRateLimit: waitFor("rate limit"),
			onSecondaryRateLimit: waitFor("secondary rate limit"),
			retryAfterBaseValue: second,
			...second === 1e3 ? {} : {
				write: unpaced,
				notifications: unpaced
			}
		}
	});
	let login = options.login === void 0 ? null : Promise.resolve(options.login);
	return {
		repository,
		rest: octokit.rest,
		paginate: octokit.paginate,
		request: octokit.request,
		requests: send.count,
		pause: (seconds, atLeast = 0) => setTimeout(Math.max(seconds * second, atLeast)),
		authorLogin() {
			login ??= findLogin(octokit, token);
			login.catch(() => {
				login = null;
			});
			return login;
		},
		async learnLogin(seen) {
			const known = await login;
			login = Promise.resolve(seen);
			return known !== null && known.toLowerCase() !== seen.toLowerCase();
		}
	};
}
async function findLogin(octokit, token) {
	if (/^(ghs_|v1\.)/.test(token)) return ACTIONS_BOT;
	try {
		return (await octokit.rest.users.getAuthenticated()).data.login;
	} catch (error) {
		if (error instanceof Error && "status" in error && error.status === 403) return ACTIONS_BOT;
		throw error;
	}
}
function countedFetch(fetch, timeout) {
	let count = 0;
	return {
		count: () => count,
		async fetch(input, init) {
			count++;
			const late = AbortSignal.timeout(timeout);
			const signal = init?.signal ? AbortSignal.any([init.signal, late]) : late;
			try {
				const response = await fetch(input, {
					...init,
					signal
				});
				const { status, statusText, headers, url } = response;
				const body = status === 204 || status === 205 || status === 304 ? null : await response.arrayBuffer();
				const read = new Response(body, {
					status,
					statusText,
					headers: Object.fromEntries(headers)
				});
				return Object.defineProperty(read, "url", { value: url });
			} catch (error) {
				if (late.aborted) throw new Error(`no answer within ${timeout / 1e3} s`, { cause: error });
				throw error;
			}
		}
	};
}
function onceForPosts(octokit) {
	octokit.hook.before("request", (options) => {
		if (options.method === "POST" && !options.request?.repeat) options.request = {
			...options.request,
			retries: 0
		};
	});
	return {};
}
function tellTooManyRequests(octokit) {
	octokit.hook.error("request", (error) => {
		const refused = error;
		const used = (refused.response?.headers)?.["x-ratelimit-remaining"];
		if (refused.status === 429 && used !== "0" && !/secondary rate/i.test(refused.message)) refused.message += " (secondary rate limit)";
		throw error;
	});
	return {};
}
const unpaced = { key: () => ({ schedule: (_job, work, ...given) => work(...given) }) };
function readRepository(text) {
	const [, owner, repo] = /^([A-Za-z0-9_.-]+)\/([A-Za-z0-9_.-]+)$/.exec(text) ?? [];
	if (owner === void 0 || repo === void 0) throw new SosBenchError("usage", `'${text}' is not a repository`, { hint: "it has the form OWNER/NAME" });
	return {
		owner,
		repo
	};
}
function readToken(text) {
	const token = text.trim();
	if (/^[\x21-\x7e]+$/.test(token)) return token;
	throw new SosBenchError("usage", token === "" ? "there is no GitHub token" : "the GitHub token has spaces or line breaks within", { hint: "give `github-token: ${{ github.token }}`, or set GITHUB_TOKEN" });
}
function readApiUrl(text) {
	if (/^https?:/.test(text) && URL.canParse(text)) return text.replace(/\/+$/, "");
	throw new SosBenchError("usage", `'${text}' is not the address of an API`, { hint: "GITHUB_API_URL is https://api.github.com or https://HOST/api/v3" });
}
// src/github/event.ts
const DEPENDABOT = "dependabot[bot]";
const sha$1 = string().regex(/^[0-9a-f]{40}$/, "is not a commit sha");
const user = object({
	login: string(),
	type: string().optional()
}).nullable();
const repository = object({
	full_name: string(),
	default_branch: string().optional()
});
const apiPull = object({
	number: int().positive(),
	state: _enum(["open", "closed"]),
	locked: boolean().default(false),
	user: user.optional(),
	head: object({
		sha: sha$1,
		ref: string(),
		repo: repository.nullish()
	}),
	base: object({
		sha: sha$1,
		ref: string(),
		repo: repository
	})
});
const payloads = {
	pull: object({
		pull_request: apiPull,
		repository,
		sender: user.optional()
	}),
	push: object({
		after: sha$1,
		ref: string(),
		deleted: boolean().default(false),
		repository
	}),
	mergeGroup: object({
		merge_group: object({
			head_sha: sha$1,
			head_ref: string(),
			base_sha: sha$1,
			base_ref: string()
		}),
		repository
	}),
	workflowRun: object({
		workflow_run: object({
			id: int().positive(),
			run_attempt: int().positive().default(1),
			event: string(),
			conclusion: string().nullable(),
			head_sha: sha$1,
			head_branch: string().nullable(),
			head_repository: repository.nullish(),
			actor: user.optional(),
			pull_requests: array(object({ number: int().positive() })).default([])
		}),
		repository
	}),
	comment: object({
		action: string(),
		issue: object({
			number: int().positive(),
			pull_request: unknown$2().optional()
		}),
		comment: object({
			id: int().positive(),
			body: string(),
			user,
			created_at: string()
		}),
		repository
	}),
	other: object({ repository: repository.optional() })
};
async function readPayload(path) {
	try {
		return JSON.parse(await readFile(path, "utf8"));
	} catch (error) {
		throw new SosBenchError("event-unusable", `the event file ${path} cannot be read`, {
			hint: "GITHUB_EVENT_PATH names it; the runner writes it",
			cause: error
		});
	}
}
function readEvent(facts, payload) {
	const { name } = facts;
	if (name.startsWith("pull_request")) return readPullEvent(facts, parse(name, payloads.pull, payload));
	if (name === "push") return readPush(facts, parse(name, payloads.push, payload));
	if (name === "merge_group") return readMergeGroup(facts, parse(name, payloads.mergeGroup, payload));
	if (name === "workflow_run") return readWorkflowRun(facts, parse(name, payloads.workflowRun, payload));
	if (name === "issue_comment") return readComment(facts, parse(name, payloads.comment, payload));
	const { repository: from } = parse(name, payloads.other, payload);
	return commitContext(common(facts, from?.default_branch), facts.sha, facts.ref, null);
}
function readPull(data) {
	return toPull(parse("pull request", apiPull, data));
}
function readPullEvent(facts, payload) {
	const pull = toPull(payload.pull_request);
	const isDependabot = pull.isDependabot || payload.sender?.login === DEPENDABOT || facts.actor === DEPENDABOT;
	return {
		kind: "pull",
		...common(facts, payload.repository.default_branch),
		pull: {
			...pull,
			isDependabot
		}
	};
}
function toPull({ number, state, locked, user: author, head, base }) {
	const headRepository = head.repo?.full_name ?? null;
	return {
		number,
		state,
		locked,
		author: author?.login ?? null,
		headSha: head.sha,
		headRef: head.ref,
		headRepository,
		baseSha: base.sha,
		baseRef: base.ref,
		isFork: headRepository !== base.repo.full_name,
		isDependabot: author?.login === DEPENDABOT
	};
}
function readPush(facts, payload) {
	if (payload.deleted || /^0+$/.test(payload.after)) throw new SosBenchError("event-unusable", `the push deleted ${payload.ref}: there is no commit to evaluate`, { hint: "add `if: github.event.deleted == false` to the job" });
	return commitContext(common(facts, payload.repository.default_branch), payload.after, payload.ref, null);
}
function readMergeGroup(facts, payload) {
	const group = payload.merge_group;
	const base = {
		sha: group.base_sha,
		branch: branchOf(group.base_ref) ?? group.base_ref
	};
	return commitContext(common(facts, payload.repository.default_branch), group.head_sha, group.head_ref, base);
}
function readWorkflowRun(facts, payload) {
	const run = payload.workflow_run;
	const headRepository = run.head_repository?.full_name ?? null;
	return {
		kind: "workflow-run",
		...common(facts, payload.repository.default_branch),
		source: {
			runId: run.id,
			attempt: run.run_attempt,
			event: run.event,
			conclusion: run.conclusion,
			headSha: run.head_sha,
			headBranch: run.head_branch,
			headRepository,
			isFork: headRepository !== payload.repository.full_name,
			isDependabot: run.actor?.login === DEPENDABOT,
			pulls: run.pull_requests.map(({ number }) => number)
		}
	};
}
function readComment(facts, payload) {
	const { issue, comment } = payload;
	return {
		kind: "comment",
		...common(facts, payload.repository.default_branch),
		action: payload.action,
		number: issue.number,
		isPull: issue.pull_request !== void 0 && issue.pull_request !== null,
		comment: {
			id: comment.id,
			body: comment.body,
			author: comment.user?.login ?? null,
			isBot: comment.user?.type === "Bot",
			createdAt: comment.created_at
		}
	};
}
function commitContext(shared, commit, ref, base) {
	if (!sha$1.safeParse(commit).success) throw new SosBenchError("event-unusable", `the event ${shared.event} names no commit`, { hint: "GITHUB_SHA names it" });
	const branch = branchOf(ref);
	const isDefaultBranch = branch !== null && branch === shared.defaultBranch;
	return {
		kind: "commit",
		...shared,
		sha: commit,
		branch,
		isDefaultBranch,
		base
	};
}
function common(facts, defaultBranch) {
	const { name, repository: of, runId, attempt, workflow } = facts;
	return {
		event: name,
		repository: of,
		defaultBranch: defaultBranch ?? null,
		runId,
		attempt,
		workflow
	};
}
function branchOf(ref) {
	return ref.startsWith("refs/heads/") ? ref.slice(11) : null;
}
function parse(name, schema, given) {
	const parsed = schema.safeParse(given);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	throw new SosBenchError("event-unusable", `the ${name} payload is not as expected: ${issue?.path.join(".") || "it"}: ${issue?.message}`, { hint: "is GITHUB_EVENT_PATH the file of GITHUB_EVENT_NAME?" });
}
// src/action/connection.ts
async function connect({ environment: env }, { token, log }) {
	const repository = env.GITHUB_REPOSITORY || null;
	const name = env.GITHUB_EVENT_NAME;
	const payload = env.GITHUB_EVENT_PATH ? await readPayload(env.GITHUB_EVENT_PATH) : null;
	const event = name && repository && payload !== null ? readEvent({
		name,
		repository,
		sha: env.GITHUB_SHA ?? "",
		ref: env.GITHUB_REF ?? "",
		runId: Number(env.GITHUB_RUN_ID) || 0,
		attempt: Number(env.GITHUB_RUN_ATTEMPT) || 1,
		workflow: env.GITHUB_WORKFLOW ?? "",
		actor: env.GITHUB_ACTOR || null
	}, payload) : null;
	const apiUrl = env.GITHUB_API_URL || "https://api.github.com";
	return {
		event,
		client: token !== null && repository !== null ? createClient({
			token,
			repository,
			apiUrl,
			log
		}) : null,
		repository,
		runUrl: repository && env.GITHUB_RUN_ID ? `${env.GITHUB_SERVER_URL ?? "https://github.com"}/${repository}/actions/runs/${env.GITHUB_RUN_ID}` : null
	};
}
function evaluatedCommit(event) {
	switch (event?.kind) {
		case "pull": return event.pull.headSha;
		case "commit": return event.sha;
		case "workflow-run": return event.source.headSha;
		default: return null;
	}
}
function stampOf(event, report, sha) {
	return {
		report,
		sha,
		run: event.runId,
		attempt: event.attempt
	};
}
function originOf({ pull }) {
	return {
		isFork: pull.isFork,
		isDependabot: pull.isDependabot
	};
}
// src/action/inputs.ts
const DEFAULT_OUTPUT = "sos-bench-record";
function readDoorInputs() {
	const text = (name) => getInput(name) || null;
	const secret = (name) => {
		const value = text(name);
		if (value !== null) setSecret(value);
		return value;
	};
	return {
		baseline: text("baseline"),
		anchor: text("anchor"),
		store: text("store") ?? "branch",
		baselineModel: text("baseline-model"),
		runSpread: text("run-spread"),
		reportId: text("report-id") ?? "sos-bench",
		comment: flag("comment"),
		check: flag("check"),
		checkName: text("check-name") ?? "SOS-Bench",
		config: text("config"),
		githubToken: secret("github-token"),
		hubToken: secret("hf-token")
	};
}
function flag(name) {
	const value = getInput(name);
	if (value === "" || value === "true") return true;
	if (value === "false") return false;
	throw new SosBenchError("usage", `${name} is '${value}'`, { hint: "it is true or false" });
}
async function readSettings(user, config) {
	const keys = settingsOf(user);
	const given = {};
	for (const key of keys) {
		const value = getInput(key);
		if (value !== "") given[key] = value;
	}
	return {
		...await resolveSettings(keys, given, config, { output: DEFAULT_OUTPUT }),
		fresh: false
	};
}
function configPath({ config }) {
	return config ?? DEFAULT_CONFIG_FILE;
}
function localConfig(inputs, workspace) {
	return {
		path: join(workspace, configPath(inputs)),
		required: inputs.config !== null
	};
}
// src/action/steps/conclude.ts
function conclude(verdict) {
	if (verdict === null) {
		notice("There is no baseline to compare with; the scores are in the job summary.");
		return EXIT.passed;
	}
	const { title, text } = writeHeadline(verdict, escapeTerminal);
	if (verdict.passed) {
		info(`${title}. ${text}`);
		return EXIT.passed;
	}
	error(`${verdict.verdict}: ${title}. ${text}`, { title: `SOS-Bench: ${verdict.verdict}` });
	return EXIT.failedPolicy;
}
function reportFailure(error$1) {
	error(describeFailure(error$1), { title: error$1 instanceof SosBenchError ? "SOS-Bench could not run" : "SOS-Bench: this should not happen" });
	return EXIT.notDone;
}
function describeFailure(error) {
	if (error instanceof SosBenchError) return `${error.message} [${error.code}]${error.hint ? `. Hint: ${error.hint}` : ""}`;
	return error instanceof Error ? error.stack ?? error.message : String(error);
}
// src/github/permission.ts
function permissionYaml(permission) {
	return ["permissions:", ...Object.entries(permission).map(([scope, level]) => `  ${scope}: ${level}`)].join("\n");
}
function permissionHint({ permission, origin }) {
	const split = "there GitHub makes the token read-only whatever the workflow says. Let one workflow evaluate without a token, and another one, on workflow_run, report: docs/permissions.md has both";
	if (origin?.isFork) return `this pull request comes from a fork: ${split}`;
	if (origin?.isDependabot) return `this pull request comes from Dependabot: ${split}`;
	const checks = permission.checks === "write" ? "\nPersonal access tokens cannot write check runs; GITHUB_TOKEN can." : "";
	return `give the job this permission (scopes it does not name become none):\n\n${permissionYaml(permission)}\n${checks}`;
}
// src/github/failure.ts
function asRefusal(error) {
	return error instanceof Error && "status" in error && typeof error.status === "number" ? error : null;
}
function hasStatus(error, ...statuses) {
	const refusal = asRefusal(error);
	return refusal !== null && statuses.includes(refusal.status);
}
function isUncertain(error) {
	const status = asRefusal(error)?.status;
	return status !== void 0 && (status >= 500 || status === 409 || status === 408);
}
function isTooLong(error) {
	const refusal = asRefusal(error);
	return refusal?.status === 422 && /too long|too large|at most \d+ characters/i.test(refusal.message);
}
function isLocked({ status, message }) {
	return status === 403 && /locked/i.test(message);
}
function explainFailure(error, need) {
	const refusal = asRefusal(error);
	if (refusal === null) return error;
	const { status } = refusal;
	const said = oneLine$1(refusal.message);
	const fail = (...[code, message, hint]) => new SosBenchError(code, `could not ${need.doing}: ${message}`, {
		hint,
		cause: error
	});
	if (refusal.response === void 0 || status >= 500) return fail("github-unreachable", refusal.response === void 0 ? said : `GitHub answered ${status}: ${said}`, "see https://www.githubstatus.com; running the job again is safe");
	if (status === 401) return fail("token-refused", `GitHub refused the token (${said})`, "it is wrong, revoked or expired: GITHUB_TOKEN ends with its job, and after 24 hours at the latest");
	if (isRateLimit(refusal)) return fail("rate-limited", limitText(refusal), "run the job again later");
	if (isLocked(refusal)) return fail("github-refused", "the conversation is locked", "unlock it; the job summary has the report");
	if (status === 403) return fail("permission-missing", said, permissionHint(need));
	if (status === 404) return fail("permission-missing", `GitHub shows this token nothing there (${said}): ${need.target ?? "it"} is gone, or a permission is missing`, permissionHint(need));
	if (status === 410) return fail("github-refused", `${need.target ?? "it"} was deleted`, "nothing to do");
	if (isTooLong(error)) return fail("github-refused", "the text is too long", "the job summary has the report");
	return fail("github-refused", `GitHub answered ${status}: ${said}`, status === 409 ? "someone else was writing; run the job again" : "this should not happen: please report it");
}
function isRateLimit({ status, message, response }) {
	if (status === 429) return true;
	const left = response?.headers["x-ratelimit-remaining"];
	return status === 403 && (/rate limit/i.test(message) || left === "0");
}
function limitText({ message, response }) {
	const { "retry-after": after, "x-ratelimit-reset": reset } = response?.headers ?? {};
	if (/secondary rate/i.test(message)) return `GitHub asks for fewer requests${after === void 0 ? "" : ` and a wait of ${after} s`}`;
	const until = Number(reset);
	return `the token's rate limit is used up${until > 0 ? ` until ${new Date(until * 1e3).toISOString()}` : ""}`;
}
function oneLine$1(text) {
	return text.replace(/[\p{Cc}\s]+/gu, " ").trim().slice(0, 300);
}
// src/github/post.ts
async function post(need, work) {
	try {
		return await work();
	} catch (error) {
		const explained = explainFailure(error, need);
		if (!(explained instanceof SosBenchError) || explained.code === "usage") throw explained;
		const { code, message, hint } = explained;
		return {
			posted: false,
			code,
			warning: hint === void 0 ? message : `${message}. ${hint}`
		};
	}
}
async function ask(need, work) {
	try {
		return await work();
	} catch (error) {
		throw explainFailure(error, need);
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
const PAGE$2 = 100;
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
			for (let from = 0; from < commits.length; from += PAGE$2) yield commits.slice(from, from + PAGE$2);
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
const PAGE$1 = 100;
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
			per_page: PAGE$1
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
// src/report/scores.ts
function renderScores({ model, preset, factors, benchmarks }, { title = "No baseline", text = "There is nothing to compare this model with yet; its scores are below.", notes = [], trend = null } = {}) {
	const factorRows = factors.map((factor) => [
		FACTOR_NAMES[factor.id],
		formatScore(factor),
		String(factor.n)
	]);
	const rows = benchmarks.map((row) => [
		escapeMarkdown(findBenchmark(row.id)?.name ?? row.id),
		row.status === "done" ? formatScore(row) : row.status,
		String(row.n)
	]);
	return [
		`> [!NOTE]\n> **${title}.** ${text}`,
		`Model: ${escapeMarkdown(model)}`,
		markdownTable([[
			"Factor",
			"Score (points)",
			"Items"
		], ...factorRows], { align: [
			"l",
			"r",
			"r"
		] }),
		"<details><summary>Benchmarks</summary>",
		markdownTable([[
			"Benchmark",
			"Score (points)",
			"Items"
		], ...rows], { align: [
			"l",
			"r",
			"r"
		] }),
		"</details>",
		...trend === null ? [] : [trend],
		...notes.map((note) => escapeMarkdown(note, 1e3)),
		`Preset \`${preset}\`. Higher is better (WMDP inverted); intervals at 95%.\n`
	].join("\n\n");
}
// src/github/create-once.ts
const WAITS = [
	1,
	4,
	9
];
async function createOnce(client, { create, find }) {
	for (const wait of WAITS) try {
		return await create();
	} catch (error) {
		if (!isUncertain(error)) throw error;
		await client.pause(wait);
		const found = await find();
		if (found !== null) return found;
	}
	return create();
}
// src/github/marker.ts
const MARKER = /^<!-- sos-bench:report=(\S+) sha=([0-9a-f]{40}) run=(\d{1,15}) attempt=(\d{1,6}) -->(?:\r?\n|$)/;
const SHORT_ID = string().trim().min(1).max(100);
function writeMarker({ report, sha, run, attempt }) {
	return `<!-- sos-bench:report=${encodeReport(report)} sha=${checkSha(sha)} run=${run} attempt=${attempt} -->`;
}
function readMarker(body) {
	const [, report, sha, run, attempt] = MARKER.exec(body) ?? [];
	if (report === void 0 || sha === void 0) return null;
	const id = decodeReport(report);
	return id === null ? null : {
		report: id,
		sha,
		run: Number(run),
		attempt: Number(attempt)
	};
}
function writeExternalId({ report, run, attempt }) {
	return `sos-bench:report=${encodeReport(report)} run=${run} attempt=${attempt}`;
}
function readExternalId(text) {
	const [, report, run, attempt] = /^sos-bench:report=(\S+) run=(\d{1,15}) attempt=(\d{1,6})$/.exec(text ?? "") ?? [];
	const id = report === void 0 ? null : decodeReport(report);
	return id === null ? null : {
		report: id,
		run: Number(run),
		attempt: Number(attempt)
	};
}
function compareRuns(a, b) {
	return a.run - b.run || a.attempt - b.attempt;
}
function encodeReport(report) {
	const parsed = SHORT_ID.safeParse(report);
	if (parsed.success && !/\p{Cs}/u.test(parsed.data)) return encodeURIComponent(parsed.data).replace(/-(?=-)|-$/g, "%2D");
	throw new SosBenchError("usage", `'${report.slice(0, 120)}' cannot be a report id`, { hint: "it has 1 to 100 characters" });
}
function decodeReport(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return null;
	}
}
function checkSha(sha) {
	if (/^[0-9a-f]{40}$/.test(sha)) return sha;
	throw new SosBenchError("usage", `'${sha.slice(0, 60)}' is not a whole commit sha`, { hint: "it has 40 hexadecimal digits" });
}
// src/github/check-run.ts
const SUMMARY_BUDGET = 65535;
const CUT = "\n\nCut here for length; the job summary has the whole report.";
const NEUTRAL = "Neutral means that nothing was decided. A neutral check satisfies a required check: this can be merged.";
async function openCheck(client, subject, output) {
	return post(needFor(subject, `open the check '${subject.name}'`), async () => {
		const run = await findOwn(client, subject) ?? await createCheck(client, subject, output, null);
		return {
			posted: true,
			id: run.id,
			url: run.url
		};
	});
}
async function concludeCheck(client, subject, { conclusion, output, id }) {
	return post(needFor(subject, `conclude the check '${subject.name}'`), async () => {
		const open = id ?? (await findOwn(client, subject))?.id;
		let run = open === void 0 ? await createCheck(client, subject, output, conclusion) : null;
		if (run?.status !== "completed") run = await updateCheck(client, run?.id ?? open, output, conclusion);
		return {
			posted: true,
			id: run.id,
			url: run.url
		};
	});
}
async function sweepChecks(client, subject) {
	return post(needFor(subject, `conclude old checks '${subject.name}'`), async () => {
		const { report, run, attempt } = subject.stamp;
		const stale = (await listOwn(client, subject)).filter(({ status, stamp }) => status !== "completed" && stamp?.report === report && compareRuns(stamp, subject.stamp) < 0);
		const output = {
			title: "Cancelled",
			summary: () => `This run ended without a verdict. Run ${run}, attempt ${attempt}, took its place.`
		};
		for (const { id } of stale) await updateCheck(client, id, output, "cancelled");
		return {
			posted: true,
			url: null,
			swept: stale.length
		};
	});
}
function needFor({ stamp, origin }, doing) {
	checkSha(stamp.sha);
	return {
		doing,
		permission: { checks: "write" },
		target: `commit ${stamp.sha.slice(0, 12)}`,
		...origin && { origin }
	};
}
async function createCheck(client, subject, output, conclusion) {
	return createOnce(client, {
		find: () => findOwn(client, subject),
		create: async () => {
			const { data } = await client.rest.checks.create({
				...client.repository,
				name: subject.name,
				head_sha: subject.stamp.sha,
				external_id: writeExternalId(subject.stamp),
				...subject.detailsUrl === void 0 ? {} : { details_url: subject.detailsUrl },
				...conclusion === null ? { status: "in_progress" } : {
					status: "completed",
					conclusion
				},
				output: composeOutput(output, conclusion)
			});
			return readCheck(data);
		}
	});
}
async function updateCheck(client, id, output, conclusion) {
	const { data } = await client.rest.checks.update({
		...client.repository,
		check_run_id: id,
		status: "completed",
		conclusion,
		output: composeOutput(output, conclusion)
	});
	return readCheck(data);
}
async function findOwn(client, subject) {
	const wanted = writeExternalId(subject.stamp);
	return (await listOwn(client, subject)).find(({ stamp }) => stamp !== null && writeExternalId({
		...subject.stamp,
		...stamp
	}) === wanted) ?? null;
}
async function listOwn(client, { name, stamp }) {
	return (await client.paginate(client.rest.checks.listForRef, {
		...client.repository,
		ref: stamp.sha,
		check_name: name,
		filter: "all",
		per_page: 100
	})).map(readCheck).sort((a, b) => a.id - b.id);
}
function readCheck(data) {
	return {
		id: data.id,
		url: data.html_url,
		status: data.status,
		stamp: readExternalId(data.external_id)
	};
}
function composeOutput({ title, summary }, conclusion) {
	const tail = conclusion === "neutral" ? `\n\n${NEUTRAL}` : "";
	const budget = SUMMARY_BUDGET - Buffer.byteLength(tail);
	return {
		title: title.slice(0, 200),
		summary: cut(summary(budget), budget) + tail
	};
}
function cut(text, budget) {
	const bytes = Buffer.from(text);
	if (bytes.length <= budget) return text;
	const end = budget - Buffer.byteLength(CUT);
	const line = bytes.lastIndexOf("\n", end);
	return (line > 0 ? bytes.subarray(0, line).toString() : bytes.subarray(0, end).toString().replace(/\ufffd+$/, "")) + CUT;
}
// src/github/comment.ts
const PAGE = 100;
const ROUNDS = 6;
const SETTLE = 2;
async function postComment(client, request) {
	const need = {
		doing: `post the report on pull request #${request.pull}`,
		permission: { "pull-requests": "write" },
		target: `pull request #${request.pull}`,
		...request.origin && { origin: request.origin }
	};
	const marker = writeMarker(request.stamp);
	return post(need, async () => {
		const compose = (budget) => `${marker}\n${request.render(budget - Buffer.byteLength(marker) - 1).trimEnd()}`;
		try {
			return await converge(client, request, compose(COMMENT_BUDGET));
		} catch (error) {
			if (!isTooLong(error)) throw error;
			return converge(client, request, compose(COMMENT_BUDGET / 2));
		}
	});
}
async function converge(client, request, body) {
	const { pull, stamp } = request;
	let how = "unchanged";
	let look = { at: "all" };
	let created = null;
	const stored = {
		text: "",
		as: ""
	};
	let tail = 1;
	let slowest = 0;
	for (let round = 1;; round++) {
		const started = performance.now();
		const { found, nextPage } = await find(client, request, look);
		slowest = Math.max(slowest, performance.now() - started);
		if (look.at !== "one") tail = nextPage;
		if (created !== null && !found.some(({ id }) => id === created?.id)) found.push(created);
		found.sort((a, b) => a.id - b.id);
		const [kept, ...duplicates] = found;
		if (kept === void 0 && look.at === "one" && round < ROUNDS) {
			look = { at: "all" };
			continue;
		}
		const newest = found.toSorted((a, b) => compareRuns(b.stamp, a.stamp))[0];
		const superseded = newest !== void 0 && compareRuns(newest.stamp, stamp) > 0;
		const wanted = superseded ? newest.body : body;
		const isRight = kept !== void 0 && (kept.body === wanted || stored.text === wanted && kept.body === stored.as);
		if (isRight && duplicates.length === 0) return superseded ? supersededBy(newest) : {
			posted: true,
			url: kept.url,
			how
		};
		if (round > ROUNDS) throw new SosBenchError("github-refused", `others keep changing the comment on pull request #${pull}`, { hint: "let reports of one pull request run one after the other, in a concurrency group" });
		try {
			if (kept === void 0) {
				how = "created";
				const { comment, author } = await create(client, pull, body, stamp);
				created = comment;
				Object.assign(stored, {
					text: body,
					as: comment.body
				});
				look = author !== null && await client.learnLogin(author) ? { at: "all" } : {
					at: "tail",
					page: tail
				};
			} else {
				if (!isRight) {
					if (!superseded && how === "unchanged") how = "updated";
					Object.assign(stored, {
						text: wanted,
						as: await update(client, kept.id, wanted)
					});
				}
				for (const { id } of duplicates) await remove(client, id);
				created = null;
				look = {
					at: "one",
					id: kept.id
				};
			}
			await client.pause(SETTLE, 2 * slowest);
		} catch (error) {
			const isGone = kept !== void 0 && hasStatus(error, 404);
			if (round === ROUNDS || !(isGone || isUncertain(error))) throw error;
			look = kept === void 0 ? {
				at: "tail",
				page: tail
			} : { at: "all" };
			created = null;
			await client.pause(SETTLE * round, 2 * slowest);
		}
	}
}
async function find(client, { pull, stamp }, look) {
	const repository = client.repository;
	if (look.at === "one") try {
		const { data } = await client.rest.issues.getComment({
			...repository,
			comment_id: look.id
		});
		return {
			found: await pick(client, [data], stamp),
			nextPage: 1
		};
	} catch (error) {
		if (hasStatus(error, 404)) return {
			found: [],
			nextPage: 1
		};
		throw error;
	}
	const page = look.at === "tail" ? look.page : 1;
	const comments = await client.paginate(client.rest.issues.listComments, {
		...repository,
		issue_number: pull,
		per_page: PAGE,
		page
	});
	return {
		found: await pick(client, comments, stamp),
		nextPage: page + Math.floor(comments.length / PAGE)
	};
}
async function pick(client, comments, { report }) {
	const found = [];
	for (const { id, html_url: url, body = "", user } of comments) {
		const stamp = readMarker(body);
		if (stamp?.report !== report || user === null) continue;
		if (sameLogin(user.login, await client.authorLogin())) found.push({
			id,
			url,
			stamp,
			body
		});
	}
	return found;
}
async function create(client, pull, body, stamp) {
	const { data } = await client.rest.issues.createComment({
		...client.repository,
		issue_number: pull,
		body
	});
	return {
		comment: {
			id: data.id,
			url: data.html_url,
			stamp,
			body: data.body ?? body
		},
		author: data.user?.login ?? null
	};
}
async function update(client, id, body) {
	const { data } = await client.rest.issues.updateComment({
		...client.repository,
		comment_id: id,
		body,
		request: { retries: 0 }
	});
	return data.body ?? body;
}
async function remove(client, id) {
	try {
		await client.rest.issues.deleteComment({
			...client.repository,
			comment_id: id,
			request: { retries: 0 }
		});
	} catch (error) {
		if (!hasStatus(error, 404)) throw error;
	}
}
function sameLogin(a, b) {
	return a.toLowerCase() === b.toLowerCase();
}
function supersededBy({ url, stamp }) {
	return {
		posted: false,
		code: "superseded",
		warning: `a newer run (${stamp.run}, attempt ${stamp.attempt}) has reported already: ${url}`
	};
}
// src/action/steps/publish.ts
const NO_CHECK = { conclude: async () => void 0 };
async function beginCheck(inputs, { event, client, runUrl }, place) {
	if (!inputs.check || client === null || event === null || place === null) return NO_CHECK;
	const subject = {
		name: inputs.checkName,
		stamp: stampOf(event, inputs.reportId, place.sha),
		...runUrl === null ? {} : { detailsUrl: runUrl },
		...place.pull === null ? {} : { origin: originOf({ pull: place.pull }) }
	};
	const opened = await openCheck(client, subject, {
		title: "Evaluating",
		summary: () => "The model is being evaluated."
	});
	warnUnlessPosted(opened);
	if (!opened.posted) return NO_CHECK;
	warnUnlessPosted(await sweepChecks(client, subject));
	return { async conclude(conclusion, title, summary) {
		warnUnlessPosted(await concludeCheck(client, subject, {
			conclusion,
			output: {
				title,
				summary
			},
			id: opened.id
		}));
	} };
}
async function postReport(inputs, { event, client }, place, report) {
	if (!inputs.comment || client === null || event === null || place === null || place.pull === null) return null;
	const posted = await postComment(client, {
		pull: place.pull.number,
		stamp: stampOf(event, inputs.reportId, place.sha),
		render: report.render,
		origin: originOf({ pull: place.pull })
	});
	warnUnlessPosted(posted);
	return posted.posted ? posted.url : null;
}
function conclusionOf({ verdict }) {
	if (verdict === null) return {
		conclusion: "neutral",
		title: "No baseline"
	};
	const { title } = writeHeadline(verdict, (text) => text);
	if (!verdict.passed) return {
		conclusion: "failure",
		title
	};
	return {
		conclusion: verdict.verdict === "no-baseline" || verdict.verdict === "not-comparable" ? "neutral" : "success",
		title
	};
}
async function writeJobSummary(markdown, { environment }) {
	if (!environment.GITHUB_STEP_SUMMARY) return;
	try {
		await summary.addRaw(markdown, true).write();
	} catch (error) {
		warning(`the job summary could not be written: ${error instanceof Error ? error.message : error}`);
	}
}
function warnUnlessPosted(posted) {
	if (!posted.posted) warning(posted.warning, { title: "SOS-Bench: not posted" });
}
// src/action/start.ts
async function start(main) {
	process.exitCode = await main({
		environment: process.env,
		cwd: process.env.GITHUB_WORKSPACE ?? process.cwd(),
		now: () => new Date(),
		onInterrupt(stop) {
			process.on("SIGINT", stop);
			process.on("SIGTERM", stop);
			return () => {
				process.off("SIGINT", stop);
				process.off("SIGTERM", stop);
			};
		}
	});
}
export { readSettings as C, readPull as E, readDoorInputs as S, evaluatedCommit as T, conclude as _, writeJobSummary as a, configPath as b, openStore as c, admit as d, EntrySchema as f, hasStatus as g, ask as h, postReport as i, subjectOf as l, entryPaths as m, beginCheck as n, renderScores as o, ShaSchema$1 as p, conclusionOf as r, findReferences as s, start as t, temporaryFolder as u, describeFailure as v, connect as w, localConfig as x, reportFailure as y };
