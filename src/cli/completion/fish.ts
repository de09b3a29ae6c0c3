import { allCommands, type CommandSpec, innerCommands } from './describe.ts';
import { quote } from './quote.ts';

/** A script for fish, for `~/.config/fish/completions/sos-bench.fish`. */
export function fishCompletion(program: CommandSpec): string {
  const steps = innerCommands(program).flatMap(({ typed, command }) => [
    `      case ${word(typed)}`,
    `        set command ${word(command.path)}`,
  ]);
  const lines = allCommands(program).flatMap(({ path, flags, commands: inner, takesPaths, words }) => {
    const at = `complete -c sos-bench -n ${word(`__sos_bench_at ${word(path)}`)}`;
    return [
      ...inner.map(({ name, description }) => `${at} -a ${word(name)} -d ${word(description)}`),
      ...(words.length > 0 ? [`${at} -a ${word(words.join(' '))}`] : []),
      ...(takesPaths ? [`${at} -F`] : []),
      ...flags.map(({ flag, description, value }) => {
        const long = `${at} -l ${flag.slice(2)} -d ${word(description)}`;
        if (value === null) return long;
        const offered = value.words.length > 0 ? ` -a ${word(value.words.join(' '))}` : '';
        return `${long} ${value.isPath ? '-r -F' : '-x'}${offered}`;
      }),
    ];
  });
  return `# Completion of sos-bench for fish, for ~/.config/fish/completions/sos-bench.fish
function __sos_bench_at
  set -l command ''
  for word in (commandline -opc)
    switch "$command $word"
${steps.join('\n')}
    end
  end
  test "$command" = "$argv[1]"
end
complete -c sos-bench -f
${lines.join('\n')}
`;
}

/** A text as one word of fish, where a quote within quotes is written in another way than in bash. */
function word(text: string): string {
  return quote(text).replaceAll(`'"'"'`, "\\'");
}
