import type { Mounts } from './mounts.ts';
import { SCRATCH } from './mounts.ts';

/** Arguments of `bwrap` (0.8 or newer) before the command. */
export function bubblewrapArguments(mounts: Mounts, environment: Record<string, string>): string[] {
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
    ...['--unshare-user', '--unshare-all', '--uid', '1000', '--gid', '1000', '--hostname', 'sandbox'],
    // In a namespace of its own it would have every capability, and mounts without a limit.
    '--disable-userns',
    // Its own first process would have our runner's stdout open, for everyone inside to write to.
    '--as-pid-1',
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--clearenv'],
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...mounts.links.flatMap(([path, target]) => ['--symlink', target, path]),
    ...plain.flatMap(tmpfs),
    // Memory mapped from /dev/zero would stay when it is mapped no more.
    ...['--proc', '/proc', '--dev', '/dev', '--ro-bind', '/dev/null', '/dev/zero'],
    ...shared.flatMap(tmpfs),
    ...mounts.readOnly.flatMap(([source, path]) => ['--ro-bind', source, path]),
    // The root and /dev are file systems without a limit.
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', SCRATCH, '--'],
  ];
}
