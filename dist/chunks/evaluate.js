import { u as group } from "./dist-bundle.js";
import { n as interruptible, r as evaluate, t as createProgress } from "./progress.js";
import { n as evaluationRequest, t as gitOrigin } from "./git.js";
import { T as evaluatedCommit, u as temporaryFolder } from "./start.js";
import { t as SosBenchError } from "./error.js";
import { join } from "node:path";
// src/action/steps/fetch-artifact.ts
async function fetchArtifact(name, world) {
	const { DefaultArtifactClient } = await import("./artifact.js");
	const client = new DefaultArtifactClient();
	try {
		const { artifact } = await client.getArtifact(name);
		const { downloadPath, digestMismatch } = await client.downloadArtifact(artifact.id, {
			path: join(temporaryFolder(world), "model"),
			...artifact.digest === void 0 ? {} : { expectedHash: artifact.digest }
		});
		if (digestMismatch) throw new Error("its content is not what was uploaded");
		if (downloadPath === void 0) throw new Error("it was not downloaded");
		return downloadPath;
	} catch (error) {
		throw new SosBenchError("model-missing", `artifact '${name}' cannot be had: ${error instanceof Error ? error.message : error}`, {
			hint: "an earlier job of this run has to upload it under that name; on GitHub Enterprise Server use a shared disk instead",
			cause: error
		});
	}
}
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
			fetchArtifact: (name) => fetchArtifact(name, world),
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
