import { digestOf, listFolder, nullWhereGone } from './listing.ts';
import { startThread } from './start-thread.ts';

export interface ListingRequest {
  root: string;
  /** Relative to the root; '' is the root itself. */
  folders: readonly string[];
  /** Names in the root that are left out. */
  except: readonly string[];
  /** Files changed after this time are named: milliseconds. */
  after: number;
}

export interface Listing {
  /** Of each folder; null where it cannot be read. */
  digests: (string | null)[];
  /** Paths of files that were touched, relative to the root. */
  touched: string[];
}

/** Lists folders one after the other. */
export function listFolders({ root, folders, except, after }: ListingRequest): Listing {
  const touched: string[] = [];
  const digests = folders.map((folder) => {
    try {
      const all = listFolder(folder === '' ? root : `${root}/${folder}`);
      const entries = folder === '' ? all.filter(({ name }) => !except.includes(name)) : all;
      for (const { name, kind, changed } of entries)
        if (kind === 'file' && changed > after) touched.push(folder === '' ? name : `${folder}/${name}`);
      return digestOf(entries);
    } catch (error) {
      return nullWhereGone(error);
    }
  });
  return { digests, touched };
}

/** Below this many folders starting threads costs more than it saves. */
const MIN_FOLDERS = 1000;
const THREADS = 2;

/** The same in threads of their own where there are many: a Python environment has 60,000 files. */
export async function listInThreads(request: ListingRequest): Promise<Listing> {
  const { folders } = request;
  if (folders.length < MIN_FOLDERS) return listFolders(request);
  // In turns: neighbours are alike in size.
  const parts = Array.from({ length: THREADS }, (_, turn) =>
    folders.filter((_, index) => index % THREADS === turn),
  );
  const listings = await Promise.all(
    parts.map((part) => {
      const list = { ...request, folders: part };
      return startThread<Listing>({ list }) ?? listFolders(list);
    }),
  );
  return {
    digests: folders.map((_, index) => listings[index % THREADS]!.digests[Math.floor(index / THREADS)]!),
    touched: listings.flatMap(({ touched }) => touched),
  };
}
