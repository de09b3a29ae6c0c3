import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A fake Python with the packages given: asked for them it says so, and its servers (vLLM's,
 * `sosbench_worker.serve`) are the fake program. All else is the machine's own Python.
 */
export function makeFakePython(folder: string, packages: Record<string, string>, mode = 'good'): string {
  const path = join(folder, `fake-python-${Object.keys(packages).join('-')}-${mode}`);
  const program = join(import.meta.dirname, 'fake-server-program.ts');
  const script = `#!/bin/sh
module=; for word in "$@"; do case "$previous" in */launch.py) module=$word ;; esac; previous=$word; done
case "$3 $module" in
  "-c "*) echo '${JSON.stringify(packages)}' ;;
  *" vllm.entrypoints.openai.api_server" | *" sosbench_worker.serve")
    port=; previous=
    for word in "$@"; do [ "$previous" = --port ] && port=$word; previous=$word; done
    exec '${process.execPath}' '${program}' ${mode} "$port" "$@" ;;
  *) exec python3 "$@" ;;
esac
`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}
