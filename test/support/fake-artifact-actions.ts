import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedAction } from './pinned-actions.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/**
 * Stand-ins for actions/upload-artifact and actions/download-artifact, by name and ref: fakes of what these do around the
 * client that they and we share.
 */
export function writeArtifactActions(folder: string): Record<string, string> {
  const client = JSON.stringify(join(ROOT, 'node_modules', '@actions', 'artifact', 'lib', 'artifact.js'));
  const head = `import { appendFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DefaultArtifactClient } from ${client};
const input = (name) => process.env['INPUT_' + name.toUpperCase()] ?? '';
const client = new DefaultArtifactClient();\n`;
  // As there, the root of the archive is the folder that all the paths share, whether they exist or not; a single folder itself.
  const upload = `${head}const paths = input('path').split('\\n').map((path) => path.trim()).filter(Boolean).map((path) => resolve(path));
const isFolder = (path) => existsSync(path) && statSync(path).isDirectory();
const within = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
const files = paths.filter((path) => existsSync(path)).flatMap((path) => isFolder(path) ? within(path) : [path]);
let root = paths.length === 1 && isFolder(paths[0]) ? paths[0] : dirname(paths[0]);
while (!paths.every((path) => (path + '/').startsWith(root + '/'))) root = dirname(root);
if (files.length > 0 && input('overwrite') === 'true') await client.deleteArtifact(input('name')).catch(() => undefined);
if (files.length > 0) {
  const { id } = await client.uploadArtifact(input('name'), files, root, {});
  appendFileSync(process.env.GITHUB_OUTPUT, 'artifact-id=' + id + '\\n');
}
else if (input('if-no-files-found') !== 'ignore') throw new Error('no files');\n`;
  const download = `${head}const id = input('artifact-ids') || (await client.getArtifact(input('name'))).artifact.id;
await client.downloadArtifact(Number(id), { path: resolve(input('path')) });\n`;
  const actions = {
    [pinnedAction('actions/upload-artifact')]: upload,
    [pinnedAction('actions/download-artifact')]: download,
  };
  return Object.fromEntries(
    Object.entries(actions).map(([name, script]) => {
      const path = join(folder, name.replaceAll(/\W/g, '-'));
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'index.mjs'), script);
      const names = ['name', 'artifact-ids', 'path', 'overwrite', 'if-no-files-found', 'retention-days'];
      const inputs = Object.fromEntries(names.map((input) => [input, {}]));
      const runs = { using: 'node24', main: 'index.mjs' };
      writeFileSync(
        join(path, 'action.yml'),
        JSON.stringify({ name: 'fake', description: 'fake', inputs, runs }),
      );
      return [name, path];
    }),
  );
}
