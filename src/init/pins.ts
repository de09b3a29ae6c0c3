/** Actions of others that our workflows use, each by the commit of its version. */
const PINS = {
  'actions/checkout': { sha: '3d3c42e5aac5ba805825da76410c181273ba90b1', version: 'v7.0.1' },
  'actions/upload-artifact': { sha: 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f', version: 'v7.0.0' },
  'actions/download-artifact': { sha: '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c', version: 'v8.0.1' },
} as const;

/** What `uses:` says of an action of others. */
export function pinned(name: keyof typeof PINS): string {
  const { sha, version } = PINS[name];
  return `${name}@${sha} # ${version}`;
}
