import { i as workerEnvironment, t as execa } from "./execa.js";
// src/settings/evaluation.ts
function evaluationRequest(settings) {
	return {
		model: settings.model,
		modelName: settings["model-name"] ?? null,
		backend: settings.backend,
		modelArgs: settings["model-args"],
		suite: settings.suite,
		benchmarks: settings.benchmarks,
		datasetsDir: settings["datasets-dir"] ?? null,
		includePaths: settings["include-path"],
		output: settings.output,
		python: settings.python,
		batchSize: settings["batch-size"],
		device: settings.device ?? null,
		applyChatTemplate: settings["apply-chat-template"],
		enableThinking: settings["enable-thinking"] ?? null,
		maxGenToks: settings["max-gen-toks"] ?? null,
		systemInstruction: settings["system-instruction"] ?? null,
		seed: settings.seed,
		stallTimeout: settings["stall-timeout"],
		fresh: settings.fresh,
		trustRemoteCode: settings["trust-remote-code"],
		allowPickle: settings["allow-pickle"]
	};
}
// src/system/git.ts
async function gitOrigin(cwd, environment) {
	const ask = async (...args) => {
		const result = await execa("git", args, {
			cwd,
			env: workerEnvironment(environment),
			extendEnv: false,
			reject: false,
			timeout: 1e4
		});
		return result.exitCode === 0 ? result.stdout.trim() || null : null;
	};
	const [commit, branch] = await Promise.all([ask("rev-parse", "--verify", "HEAD"), ask("symbolic-ref", "--short", "HEAD")]);
	return {
		commit,
		branch
	};
}
export { evaluationRequest as n, gitOrigin as t };
