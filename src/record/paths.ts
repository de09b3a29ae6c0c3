import { join } from 'node:path';

/** The files of a run folder: the record (`record.json`, `items.parquet`, `games.parquet`) and what made it. */
export function recordPaths(folder: string) {
  return {
    record: join(folder, 'record.json'),
    items: join(folder, 'items.parquet'),
    /** What judges said, game by game; only where answers were judged. */
    games: join(folder, 'games.parquet'),
    /** The judge's verdicts on main's answers against these, which belong to a comparison: what is said of them, and the games. */
    headToHead: join(folder, 'head-to-head.json'),
    headToHeadGames: join(folder, 'head-to-head.parquet'),
    plan: join(folder, 'plan.json'),
    journal: join(folder, 'journal.ndjson'),
    logs: join(folder, 'logs'),
    /** Answers to LiveBench's questions, as texts: not to leave this machine. */
    livebench: join(folder, 'livebench'),
    lock: join(folder, '.lock'),
  };
}

/** Where each part of a record is. */
export type RecordPaths = ReturnType<typeof recordPaths>;
