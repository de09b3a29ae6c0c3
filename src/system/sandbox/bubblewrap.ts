import { dirname } from 'node:path';
import type { Mounts } from './mounts.ts';
import { SCRATCH } from './mounts.ts';

/** In a namespace of its own a program would have every capability, and mounts without a limit. */
const OWN_USER = ['--unshare-user', '--uid', '1000', '--gid', '1000', '--disable-userns'];
/** What the runner needs to read the input and become nobody; it gives them up before it runs anything. */
const TO_BECOME_NOBODY = ['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_SETGID', 'CAP_SETUID', 'CAP_SETPCAP'];

/**
 * Arguments of `bwrap` (0.8 or newer) before the command.
 *
 * @param asNobody whether it runs as root of namespaces made for it (`as_nobody.py`), which cannot be nested.
 */
export function bubblewrapArguments(
  mounts: Mounts,
  environment: Record<string, string>,
  asNobody: boolean,
): string[] {
  const [shared, plain] = [
    mounts.writable.filter(([path]) => path.startsWith('/dev/')),
    mounts.writable.filter(([path]) => !path.startsWith('/dev/')),
  ];
  const tmpfs = ([path, size]: [string, number]) => [
    '--perms',
    '0700',
    '--size',
    String(size),
    '--tmpfs',
    path,
  ];
  return [
    ...['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--hostname', 'sandbox'],
    ...(asNobody ? [] : OWN_USER),
    // Its own first process would have our runner's stdout open, for everyone inside to write to.
    '--as-pid-1',
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--clearenv'],
    ...(asNobody ? TO_BECOME_NOBODY.flatMap((name) => ['--cap-add', name]) : []),
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...mounts.links.flatMap(([path, target]) => ['--symlink', target, path]),
    ...plain.flatMap(tmpfs),
    // It would make them for its own user only.
    ...parentsOf(mounts).flatMap((path) => ['--perms', '0755', '--dir', path]),
    // Memory mapped from /dev/zero would stay when it is mapped no more.
    ...['--proc', '/proc', '--dev', '/dev', '--ro-bind', '/dev/null', '/dev/zero'],
    ...mounts.machineFiles.readOnly.flatMap((name) => ['--ro-bind', `/proc/${name}`, `/proc/${name}`]),
    ...mounts.machineFiles.hidden.flatMap((name) => ['--ro-bind', '/dev/null', `/proc/${name}`]),
    ...shared.flatMap(tmpfs),
    ...mounts.readOnly.flatMap(([source, path]) => ['--ro-bind', source, path]),
    // The root and /dev are file systems without a limit.
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', SCRATCH, '--'],
  ];
}

/** The folders in which something is put, outer ones first. */
function parentsOf({ readOnly, links }: Mounts): string[] {
  const found = new Set<string>();
  for (const [, path] of readOnly)
    for (let parent = dirname(path); parent !== '/'; parent = dirname(parent)) found.add(parent);
  const linked = links.map(([path]) => `${path}/`);
  return [...found].filter((path) => !linked.some((link) => `${path}/`.startsWith(link))).sort();
}
