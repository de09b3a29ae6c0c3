// src/report/layout.ts
function layOut(rows, alignment, paint) {
	const widths = [...alignment].map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]?.text ?? ""))));
	return rows.map((row) => row.map(({ text, colour }, column) => {
		const padding = " ".repeat((widths[column] ?? 0) - widthOf(text));
		const painted = paint(text, colour);
		const last = column === row.length - 1;
		return alignment[column] === "r" ? padding + painted : painted + (last ? "" : padding);
	}).join("  "));
}
function widthOf(text) {
	return [...text].length;
}
export { layOut as t };
