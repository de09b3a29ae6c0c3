import { z } from 'zod';
import type { Client } from '../../github/client.ts';
import { askUnless } from '../../github/post.ts';
import { contentsNeed } from '../backends/git-data.ts';
import { isBareName, oneMeaning } from '../store/one-meaning.ts';
import { type CommitHistory, type CommitRef, type FoundCommit, MAX_COMMITS } from './commit-history.ts';

const PAGE = 100;
/** Pages asked for: where many branches were merged, fewer than `MAX_COMMITS` first parents are in them. */
const MAX_PAGES = 13;
const PAGES_AT_A_TIME = 4;

const CommitSchema = z.object({
  sha: z.string(),
  commit: z.object({ committer: z.object({ date: z.string() }).nullable() }),
  parents: z.array(z.object({ sha: z.string() })),
});
type Commit = z.infer<typeof CommitSchema>;
const CompareSchema = z.object({ merge_base_commit: z.object({ sha: z.string() }) });
const ReleaseSchema = z
  .object({
    tag_name: z.string(),
    draft: z.boolean().nullish(),
    prerelease: z.boolean().nullish(),
    published_at: z.string().nullish(),
    created_at: z.string().nullish(),
  })
  .transform(({ tag_name: tag, draft, prerelease, published_at, created_at }) => ({
    tag,
    /** What GitHub may call the latest. */
    counts: !draft && !prerelease,
    published: Date.parse(published_at ?? created_at ?? '') || 0,
  }));

/** A repository's commits through GitHub's API: no clone, so it works in shallow checkouts and without any. */
export function gitHubHistory({ rest, repository }: Client): CommitHistory {
  const { owner, repo } = repository;
  const need = contentsNeed(`the commits of ${owner}/${repo}`, repository);
  /** Null where GitHub knows no such thing. */
  const request = async <T>(
    schema: z.ZodType<T>,
    send: () => Promise<{ data: unknown }>,
  ): Promise<T | null> =>
    // 409: an empty repository. 422: a ref that can be none.
    askUnless(need, [404, 409, 422], async () => schema.parse((await send()).data));
  let isCutOff = false;
  /** Pages of the commits that can be reached from one, newest first. */
  const list = async (sha: string, pages: number): Promise<Map<string, Commit>> => {
    const numbers = Array.from({ length: pages }, (_, index) => index + 1);
    const answers = await Promise.all(
      numbers.map((page) =>
        request(z.array(CommitSchema), () =>
          rest.repos.listCommits({ ...repository, sha, per_page: PAGE, page }),
        ),
      ),
    );
    return new Map(answers.flatMap((commits) => (commits ?? []).map((commit) => [commit.sha, commit])));
  };
  const findCommit = async (ref: string): Promise<string | null> => {
    const commit = await request(z.object({ sha: z.string() }), () =>
      rest.repos.getCommit({ ...repository, ref, per_page: 1 }),
    );
    return commit?.sha ?? null;
  };
  const resolve = async (ref: string): Promise<FoundCommit> => {
    const named = isBareName(ref) ? ['refs/heads', 'refs/tags'] : [];
    const [branch = null, tag = null] = await Promise.all(
      named.map((space) => findCommit(`${space}/${ref}`)),
    );
    // Older servers take only the bare name.
    const sha = oneMeaning(ref, branch, tag) ?? (await findCommit(ref));
    return sha === null ? unknown(`GitHub knows no '${ref}' in ${owner}/${repo}`) : { sha, problem: null };
  };
  const resolveTag = async (tag: string): Promise<FoundCommit> => {
    const found = await resolve(`refs/tags/${tag}`);
    // Older servers take a tag only by its bare name.
    return found.sha === null ? await resolve(tag) : found;
  };
  /** The newest first. */
  const listReleases = async () => {
    const listed = await request(z.array(ReleaseSchema), () =>
      rest.repos.listReleases({ ...repository, per_page: PAGE }),
    );
    return (listed ?? []).filter(({ counts }) => counts).sort((a, b) => b.published - a.published);
  };
  return {
    resolve,
    async mergeBase(from, head) {
      // Changed files, which may be many, come with the first page only.
      const range = { basehead: `${from}...${head}`, per_page: 1, page: 2 };
      const compared = await request(CompareSchema, () =>
        rest.repos.compareCommitsWithBasehead({ ...repository, ...range }),
      );
      if (compared !== null) return { sha: compared.merge_base_commit.sha, problem: null };
      return unknown(
        `GitHub knows no common commit of '${from}' and '${head}': one of them was deleted or force-pushed, is in a fork that is gone, or they share no history`,
      );
    },
    async latestRelease(except = new Set()) {
      const latest = await request(ReleaseSchema, () => rest.repos.getLatestRelease({ ...repository }));
      if (latest === null) return { ...unknown(`${owner}/${repo} has no release`), tag: null };
      const found = await resolveTag(latest.tag);
      if (found.sha === null || !except.has(found.sha)) return { ...found, tag: latest.tag };
      for (const { tag, published } of await listReleases()) {
        if (tag === latest.tag || published > latest.published) continue;
        const { sha } = await resolveTag(tag);
        if (sha !== null && !except.has(sha)) return { sha, problem: null, tag };
      }
      const problem = `${owner}/${repo} has no release before ${latest.tag}, which is of this very commit`;
      return { ...unknown(problem), tag: null };
    },
    async releases(most, known = new Map()) {
      const newest = (await listReleases()).slice(0, most);
      const found = await Promise.all(
        newest.map(async ({ tag }) => ({ tag, sha: known.get(tag) ?? (await resolveTag(tag)).sha })),
      );
      return found.flatMap(({ tag, sha }) => (sha === null ? [] : [{ tag, sha }]));
    },
    async *firstParents(start) {
      let next: string | undefined = start;
      let seen = 0;
      let pages = 1;
      for (let asked = 0; asked < MAX_PAGES && next !== undefined && seen < MAX_COMMITS; ) {
        asked += pages;
        const known: Map<string, Commit> = await list(next, pages);
        // Most often the first page has it.
        pages = Math.min(PAGES_AT_A_TIME, MAX_PAGES - asked);
        const chain: CommitRef[] = [];
        // Where the next first parent is not among these, pages that begin with it are asked for.
        while (next !== undefined && seen < MAX_COMMITS) {
          const at: Commit | undefined = known.get(next);
          if (at === undefined) break;
          chain.push({ sha: at.sha, date: new Date(at.commit.committer?.date ?? 0) });
          seen++;
          next = at.parents[0]?.sha;
        }
        if (chain.length === 0) break;
        yield chain;
      }
      isCutOff = next !== undefined;
    },
    limits: async () => (isCutOff ? 'older commits are not looked at' : null),
  };
}

function unknown(problem: string): { sha: null; problem: string } {
  return { sha: null, problem };
}
