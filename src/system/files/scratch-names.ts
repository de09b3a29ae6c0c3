/** How the temporary folders of ours begin. */
export const SCRATCH_PREFIX = 'sos-bench-';
/** A lock in such a folder: whose it is. */
export const OWNER_FILE = '.sos-bench-owner';
