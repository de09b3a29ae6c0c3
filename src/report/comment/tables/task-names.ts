/**
 * A task's name without what all tasks of its benchmark begin with: `leaderboard_bbh_object_counting` is `object counting`. The name as it is
 * where the benchmark has no other tasks, or this is none of them. Not escaped.
 *
 * @param tasks names of the benchmark's tasks.
 */
export function shortTask(name: string, tasks: readonly string[]): string {
  if (!tasks.includes(name) || tasks.length < 2) return name;
  const words = name.split('_');
  const others = tasks.map((task) => task.split('_'));
  let shared = 0;
  while (shared < words.length - 1 && others.every((other) => other[shared] === words[shared])) shared++;
  return words.slice(shared).join(' ');
}
