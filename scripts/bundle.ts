import { chmod, rm, writeFile } from 'node:fs/promises';
import { build as rolldown } from 'rolldown';

/**
 * Bundles the command line and the actions into a folder, split so that each loads only what it needs.
 *
 * @returns The paths of all modules that are in the bundles.
 */
export async function build(folder: string): Promise<Set<string>> {
  await rm(folder, { recursive: true, force: true });
  const { output } = await rolldown({
    input: {
      cli: 'src/cli/bin.ts',
      action: 'src/action/bin.ts',
      'open-check': 'src/action/open-check/bin.ts',
      plan: 'src/action/plan/bin.ts',
      run: 'src/action/run/bin.ts',
      report: 'src/action/report/bin.ts',
      gate: 'src/action/gate/bin.ts',
      bot: 'src/action/bot/bin.ts',
      'conclude-check': 'src/action/conclude-check/bin.ts',
      'kept-thread': 'src/system/kept/kept-thread.ts',
    },
    platform: 'node',
    output: {
      dir: folder,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name].js',
      // A runner fetches it for every job.
      minify: true,
      // Licences of what is bundled stay with it.
      comments: { legal: true, annotation: false, jsdoc: false },
    },
  });
  // The bundle is ESM wherever it is copied to.
  await writeFile(`${folder}/package.json`, '{ "type": "module" }\n');
  // npm makes it a program where it installs it; where the package is only unpacked, or checked out, nobody else does.
  await chmod(`${folder}/cli.js`, 0o755);
  return new Set(output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])));
}
