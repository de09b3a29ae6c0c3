/**
 * The fields of a `/proc/PID/stat` from the third on: state, parent, group and so on (proc(5)). The program's name before
 * them, in parentheses, may hold spaces and parentheses itself.
 */
export function fieldsOfStat(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
