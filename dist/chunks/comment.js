import { M as escapeCode, N as escapeMarkdown, S as formatAge, j as plural } from "./factors.js";
import { t as writeHeadline } from "./headline.js";
import { n as describeSubject } from "./preset.js";
import { a as differingFields, c as regressedBenchmarks, d as trendSection, f as warningList, i as coverageLine, l as skippedBenchmarks, n as allBenchmarks, o as factorTable, r as collapsedBenchmarks, s as howToRead, t as acceptedRegressions, u as subjectDifferences } from "./sections.js";
// src/report/comment.ts
const COMMENT_BUDGET = 6e4;
const LONGEST_COMMAND = 1e3;
const ALERTS = {
	regressed: "CAUTION",
	incomplete: "WARNING",
	"not-comparable": "WARNING",
	"no-baseline": "NOTE",
	inconclusive: "NOTE",
	equivalent: "TIP",
	improved: "TIP"
};
function renderComment(verdict, context) {
	const budget = context.budget ?? 6e4;
	const sections = [
		regressedBenchmarks(verdict),
		acceptedRegressions(verdict),
		collapsedBenchmarks(verdict),
		differingFields(verdict),
		warningList(verdict),
		allBenchmarks(verdict),
		skippedBenchmarks(verdict),
		subjectDifferences(verdict),
		trendSection(context.trend ?? null),
		howToRead(verdict)
	].filter((section) => section !== null);
	const dropped = [];
	for (;;) {
		const text = assemble(verdict, context, sections, dropped);
		const next = sections.filter(({ keep }) => keep < 1e400).toSorted((a, b) => a.keep - b.keep)[0];
		if (next === void 0 || Buffer.byteLength(text) <= budget) return text;
		sections.splice(sections.indexOf(next), 1);
		dropped.push(next);
	}
}
function assemble(verdict, context, sections, dropped) {
	const { title, text } = writeHeadline(verdict, escapeMarkdown);
	const titles = dropped.map((section) => section.title.toLowerCase());
	return `${[
		`> [!${ALERTS[verdict.verdict]}]\n> **${title}.** ${text}`,
		factorTable(verdict),
		coverageLine(verdict),
		...sections.map((section) => section.text),
		...(context.notes ?? []).map((note) => escapeMarkdown(note, 1e3)),
		titles.length > 0 ? `Left out for length: ${titles.join(", ")}.` : null,
		`${describeSubject(verdict.runSpread)} Preset ${escapeCode(verdict.preset)}, alpha ${verdict.alpha}.`,
		lastLine(verdict, context)
	].filter(Boolean).join("\n\n")}\n`;
}
function lastLine({ records: { baseline, candidate } }, { now, reproduce, distance = null }) {
	const kind = candidate.device?.type === "cpu" ? "CPU" : "GPU";
	const commit = baseline.commit ? escapeCode(baseline.commit.slice(0, 12)) : escapeMarkdown(baseline.name, 60);
	const command = reproduce !== null && reproduce.length <= LONGEST_COMMAND ? reproduce : null;
	return [
		candidate.deviceMinutes !== null && `${candidate.deviceMinutes.toFixed(1)} ${kind} minutes`,
		`baseline ${commit}${distance ? ` (${plural(distance, "commit")} back)` : ""}, ${baseline.finished === null ? "of unknown age" : `${formatAge(baseline.finished, now)} old`}`,
		command && `reproduce: ${escapeCode(command, LONGEST_COMMAND)}`
	].filter(Boolean).join(" · ");
}
export { renderComment as n, COMMENT_BUDGET as t };
