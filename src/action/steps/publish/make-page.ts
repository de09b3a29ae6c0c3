import * as core from '@actions/core';

/**
 * Makes a report's page. A fault of the page is a warning: the verdict, the comment and the check do without it.
 *
 * @returns the HTML; null where it could not be made.
 */
export function makePage(render: () => string): string | null {
  try {
    return render();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    core.warning(
      `The report's page could not be made: ${reason}. The verdict is not affected; please report this as a fault of sos-bench.`,
    );
    return null;
  }
}
