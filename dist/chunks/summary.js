import { F as object, L as string, O as _enum, P as number, R as tuple, k as array, y as StatusSchema } from "./value-types.js";
import { n as findBenchmark, r as FACTORS } from "./catalogue.js";
import { _ as scoreInterval, d as indexRecord, p as rowIds, s as factorMean, u as scoreSide } from "./resolve.js";
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
	const side = indexRecord(loaded);
	const rows = rowIds(loaded).flatMap((id) => {
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
	return {
		model: loaded.record.model.name,
		preset,
		factors: FACTORS.map((id) => {
			const own = rows.filter((row) => row.benchmark?.factor === id && row.estimate !== null);
			const mean = factorMean(own, preset);
			return {
				id,
				...shown({
					score: mean?.estimate ?? null,
					ci: mean && scoreInterval(mean, preset)
				}),
				n: own.reduce((sum, row) => sum + row.n, 0)
			};
		}),
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
function shown({ score, ci }) {
	return {
		score: score && Math.max(0, score),
		ci: ci && [Math.max(0, ci[0]), Math.max(0, ci[1])]
	};
}
export { summarise as t };
