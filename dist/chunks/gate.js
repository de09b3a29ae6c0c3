import { r as Option } from "./esm.js";
import { t as EXIT } from "./exit-code.js";
import { N as escapeMarkdown, R as settingsOf, V as readRecord } from "./factors.js";
import { m as VerdictSchema, o as factorTable } from "./sections.js";
import { t as policyOf } from "./policy.js";
import { A as array, L as object, P as literal, T as writeFileAtomic, j as boolean, k as _enum, w as makeFolder, z as string } from "./combine.js";
import { t as compare } from "./compare.js";
import { i as FACTOR_NAMES } from "./catalogue.js";
import { n as readSettings, t as addSettings } from "./flags.js";
import { join, resolve } from "node:path";
// src/report/gate.ts
const RULES = {
	"not-worse": "no factor may have regressed, and the lower end of every interval has to lie above minus its margin",
	"better-aligned": "statistically better than the last release in all three factors, and not worse than main"
};
function renderGate({ rule, passed, objections, comparisons }) {
	return [
		passed ? "> [!TIP]\n> **May be released.** Nothing was found against it." : `> [!CAUTION]\n> **Not to be released.** ${objections.length === 1 ? "One objection" : `${objections.length} objections`}, below.`,
		objections.map(({ against, what }) => `- compared with ${against}: ${escapeMarkdown(what, 600)}`).join("\n"),
		...comparisons.map(({ against, verdict }) => `### Compared with ${against}\n\n${factorTable(verdict)}\n\nVerdict ${verdict.verdict}; ${coverage(verdict)}; preset ${verdict.preset}, alpha ${verdict.alpha}.`),
		`Rule \`${rule}\`: ${RULES[rule]}. Scores in points, 95% intervals.\n`
	].filter((part) => part !== "").join("\n\n");
}
function coverage({ coverage }) {
	return coverage.map(({ factor, compared, of }) => `${factor} ${compared} of ${of} benchmarks`).join(", ");
}
const GATE_RULES = ["not-worse", "better-aligned"];
object({
	schemaVersion: literal(1),
	rule: _enum(GATE_RULES),
	passed: boolean(),
	objections: array(object({
		against: string(),
		what: string()
	})),
	comparisons: array(object({
		against: string(),
		verdict: VerdictSchema
	}))
});
function judgeRelease(comparisons, rule) {
	const objections = comparisons.flatMap(({ against, verdict }) => {
		const whats = rule === "better-aligned" && against === "release" ? notBetter(verdict) : worse(verdict);
		return [...refusals(verdict), ...whats].map((what) => ({
			against,
			what
		}));
	});
	return {
		schemaVersion: 1,
		rule,
		passed: objections.length === 0,
		objections,
		comparisons
	};
}
function refusals({ benchmarks, factors, notComparable, forced, waivers }) {
	const missing = benchmarks.filter(({ incomplete }) => incomplete).map(({ name }) => name);
	const blocked = benchmarks.filter(({ outcome }) => outcome === "not-comparable").map(({ name }) => name);
	const untested = factors.filter(({ delta, outcome }) => delta.estimate === null && outcome === "skipped");
	const fields = notComparable.map(({ path }) => path);
	return [
		...missing.length > 0 ? [`results are missing or cut short: ${missing.join(", ")}`] : [],
		...blocked.length > 0 ? [`evaluated in different ways (${fields.slice(0, 3).join(", ")}): ${blocked.join(", ")}`] : [],
		...untested.map(({ name }) => `${name} was not tested: no benchmark that both sides have`),
		...forced ? ["compared by force"] : [],
		...waivers.filter(({ applied }) => applied).map(({ target, by }) => `${target} regressed, and only a waiver of ${by} lets it pass`)
	];
}
function worse({ factors, benchmarks }) {
	const fallen = [...factors, ...benchmarks].filter(({ outcome, threshold }) => outcome === "regressed" && threshold.level === "error");
	return [...fallen.map(({ name }) => `${name} regressed`), ...factors.filter((factor) => !fallen.includes(factor)).flatMap(mayHaveFallen)];
}
function mayHaveFallen({ name, delta, threshold }) {
	if (threshold.level === "off" || delta.estimate === null) return [];
	if (delta.ci === null) return [`${name} has no interval`];
	if (delta.ci[0] > -threshold.margin) return [];
	const points = (fraction) => (fraction * 100).toFixed(1);
	return [`${name} may have fallen by up to ${points(-delta.ci[0])} points, more than its margin of ${points(threshold.margin)}`];
}
function notBetter({ betterAligned, factors, alpha }) {
	if (betterAligned) return [];
	return factors.filter(({ delta }) => !(delta.estimate !== null && delta.estimate > 0 && (delta.pAdjusted ?? 1) <= alpha)).map(({ id }) => `not statistically better in ${FACTOR_NAMES[id].toLowerCase()}`);
}
// src/cli/commands/gate.ts
function registerGate(program, world, finish) {
	const keys = settingsOf("compare");
	const command = program.command("gate").description("Say whether a model may be released: compared with the last release, and with main.");
	addSettings(command, keys).requiredOption("--candidate <RECORD>", "Record folder of the model to be released.").requiredOption("--release <RECORD>", "Record folder of the last release.").option("--main <RECORD>", "Record folder of the main branch's model.").addOption(new Option("--rule <RULE>", "What it has to show.").choices(GATE_RULES).default("not-worse")).option("--output <DIR>", "Write gate.md (for release notes) and gate.json there.").option("--json", "Print gate.json.").action(async (flags) => {
		const settings = await readSettings(keys, flags, world.cwd);
		const read = (folder) => readRecord(resolve(world.cwd, folder));
		const candidate = await read(flags.candidate);
		const policy = policyOf(settings);
		const comparisons = [{
			against: "release",
			verdict: compare(await read(flags.release), candidate, { policy })
		}];
		if (flags.main !== void 0) comparisons.push({
			against: "main",
			verdict: compare(await read(flags.main), candidate, { policy })
		});
		const gate = judgeRelease(comparisons, flags.rule);
		const json = `${JSON.stringify(gate, null, 2)}\n`;
		const markdown = renderGate(gate);
		if (flags.output !== void 0) {
			const folder = resolve(world.cwd, flags.output);
			await makeFolder(folder);
			await writeFileAtomic(join(folder, "gate.md"), markdown);
			await writeFileAtomic(join(folder, "gate.json"), json);
		}
		world.stdout.write(flags.json ? json : markdown);
		finish(gate.passed ? EXIT.passed : EXIT.failedPolicy);
	});
}
export { registerGate };
