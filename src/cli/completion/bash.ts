import { allCommands, type CommandSpec, flagsWithValue, innerCommands } from './describe.ts';
import { quote } from './quote.ts';

/** A script for bash (3.2 or newer) that completes the program's commands, flags and their values. */
export function bashCompletion(program: CommandSpec): string {
  const values = flagsWithValue(program).map(({ typed, value: { words, isList, isPath } }) => {
    const steps = [
      'value=1',
      ...(words.length > 0 ? [`words=${quote(words.join(' '))}`] : []),
      ...(isList ? ['list=1'] : []),
      ...(isPath ? ['files=1'] : []),
    ];
    return `    ${quote(typed)}) ${steps.join('; ')} ;;`;
  });
  const own = allCommands(program).map(({ path, flags, commands: inner, takesPaths, words }) => {
    const names = [...inner.map(({ name }) => name), ...words];
    return `      ${quote(path)}) flags=${quote(flags.map(({ flag }) => flag).join(' '))}; names=${quote(names.join(' '))}${takesPaths ? '; files=1' : ''} ;;`;
  });
  const steps = innerCommands(program).map(
    ({ typed, command }) => `      ${quote(typed)}) command=${quote(command.path)} ;;`,
  );
  return `# Completion of sos-bench for bash. Load it with: source <(sos-bench completion bash)
_sos_bench() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  local command= value= words= list= files= flags= names= before= i
  COMPREPLY=()
  # bash takes --suite=mini for three words.
  if [[ "$cur" == '=' ]]; then cur=
  elif [[ "$prev" == '=' ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command \${COMP_WORDS[i]}" in
${steps.join('\n')}
    esac
  done
  case "$command $prev" in
${values.join('\n')}
  esac
  if [[ -z "$value" ]]; then
    case "$command" in
${own.join('\n')}
    esac
    words="$names"
    if [[ "$cur" == -* ]]; then words="$flags"; files=; fi
  elif [[ -n "$list" && "$cur" == *,* ]]; then
    before="\${cur%,*},"
    cur="\${cur##*,}"
  fi
  COMPREPLY=($(compgen -P "$before" -W "$words" -- "$cur"))
  if [[ -n "$files" ]]; then
    local IFS=$'\\n'
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}
complete -F _sos_bench sos-bench
`;
}
