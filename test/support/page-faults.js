/**
 * Runs in a page that shows comments: what a reader would trip over, in words. Of tables with outcomes every number and outcome has to stand on
 * one line; at full width nothing may be cut, and on a telephone the outcome has to be on the screen.
 *
 * @param {{ isPhone: boolean }} options
 * @returns {string[]}
 */
globalThis.findFaults = ({ isPhone }) => {
  const faults = [];
  const view = document.documentElement;
  if (view.scrollWidth > view.clientWidth)
    faults.push(`the page is ${view.scrollWidth - view.clientWidth} px too wide`);
  for (const table of document.querySelectorAll('table')) {
    const heads = [...table.querySelectorAll('th')].map((cell) => cell.textContent.trim());
    const hasOutcomes = heads[0] === 'Outcome';
    const isOfNumbers = hasOutcomes && heads.some((head) => head.startsWith('Difference'));
    for (const row of table.querySelectorAll('tbody tr')) {
      for (const [index, cell] of [...row.querySelectorAll('td')].entries()) {
        const text = cell.textContent.trim();
        const isFixed = (hasOutcomes && index === 0) || (isOfNumbers && cell.align === 'right');
        if (isFixed && linesOf(cell) > 1) faults.push(`'${text}' takes more than one line (${heads[index]})`);
      }
      if (!hasOutcomes || !isPhone) continue;
      const { left, right } = row.cells[0].getBoundingClientRect();
      if (left < 0 || right > view.clientWidth)
        faults.push(`the outcome '${row.cells[0].textContent}' is off the screen`);
    }
    if (isOfNumbers && !isPhone && table.scrollWidth > table.clientWidth + 1)
      faults.push(`the table of ${heads[1]} is ${table.scrollWidth - table.clientWidth} px too wide`);
  }
  return faults;
};

/** Lines of text in an element: boxes that lie wholly below another begin a new one. */
function linesOf(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const boxes = [...range.getClientRects()].filter(({ width }) => width > 0).sort((a, b) => a.top - b.top);
  let lines = 0;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const box of boxes) {
    if (box.top >= bottom - 1) {
      lines++;
      bottom = box.bottom;
    }
  }
  return lines;
}
