import { _ as evaluatedCommit, x as group } from "./start.js";
import { n as interruptible, r as evaluate, t as createProgress } from "./progress.js";
import { n as evaluationRequest, t as gitOrigin } from "./git.js";
// src/action/steps/evaluate.ts
async function evaluateModel(title, settings, hubToken, world, { event }) {
	const { environment } = world;
	await group(title, async () => {
		const git = await gitOrigin(world.cwd, environment);
		await interruptible(world, (signal) => evaluate(evaluationRequest(settings), {
			cwd: world.cwd,
			environment: {
				...withoutTokens(environment),
				HF_TOKEN: hubToken ?? environment.HF_TOKEN
			},
			progress: createProgress({ write: (text) => process.stdout.write(text) }),
			signal,
			now: world.now,
			origin: {
				commit: evaluatedCommit(event) ?? environment.GITHUB_SHA ?? git.commit,
				branch: environment.GITHUB_HEAD_REF || environment.GITHUB_REF_NAME || git.branch,
				event: environment.GITHUB_EVENT_NAME ?? null
			}
		}));
	});
}
function withoutTokens(environment) {
	const kept = Object.entries(environment).filter(([name]) => !/^(INPUT_|ACTIONS_|GITHUB_TOKEN$)/.test(name));
	return Object.fromEntries(kept);
}
export { evaluateModel as t };
