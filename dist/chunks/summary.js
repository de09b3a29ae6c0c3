import { A as array, B as tuple, I as number, L as object, k as _enum, v as StatusSchema, z as string } from "./combine.js";
import { n as findBenchmark, r as FACTORS } from "./catalogue.js";
import { l as rowIds, o as scoreSide, p as scoreInterval, r as factorMean, s as indexRecord } from "./factors.js";
// src/verdict/summary.ts
const scored = {
	score: number().nullable(),
	ci: tuple([number(), number()]).nullable(),
	n: number().int().min(0)
};
object({
	model: string(),
	preset: string(),
	factors: array(object({
		id: _enum(FACTORS),
		...scored
	})),
	benchmarks: array(object({
		id: string(),
		...scored,
		status: StatusSchema
	}))
});
function summarise(loaded, preset = "paper") {
	const rows = scoreRows(loaded, preset);
	return {
		model: loaded.record.model.name,
		preset,
		factors: combineRows(rows, preset).map(({ id, score, ci, n }) => ({
			id,
			...shown({
				score,
				ci
			}),
			n
		})),
		benchmarks: rows.map(({ id, score, ci, n, status }) => ({
			id,
			...shown({
				score,
				ci
			}),
			n,
			status
		}))
	};
}
function scoreFactors(loaded, preset) {
	return combineRows(scoreRows(loaded, preset), preset);
}
function scoreRows(loaded, preset) {
	const side = indexRecord(loaded);
	return rowIds(loaded).flatMap((id) => {
		const { result } = side(id);
		if (result === null) return [];
		const benchmark = findBenchmark(id);
		return [{
			id,
			benchmark,
			status: result.status,
			...scoreSide(side(id), benchmark, preset)
		}];
	});
}
function combineRows(rows, preset) {
	return FACTORS.map((id) => {
		const own = rows.filter((row) => row.benchmark?.factor === id && row.estimate !== null);
		const estimate = factorMean(own, preset);
		return {
			id,
			estimate,
			score: estimate?.estimate ?? null,
			ci: estimate && scoreInterval(estimate, preset),
			n: own.reduce((sum, row) => sum + row.n, 0)
		};
	});
}
function shown({ score, ci }) {
	return {
		score: score && Math.max(0, score),
		ci: ci && [Math.max(0, ci[0]), Math.max(0, ci[1])]
	};
}
export { summarise as n, scoreFactors as t };
