import { allCommands, type CommandSpec, flagsWithValue, innerCommands } from './describe.ts';
import { quote } from './quote.ts';

/** A script for zsh, to be sourced or to be a file `_sos-bench` of `fpath`. */
export function zshCompletion(program: CommandSpec): string {
  const steps = innerCommands(program).map(
    ({ typed, command }) => `      (${quote(typed)}) command=${quote(command.path)} ;;`,
  );
  const values = flagsWithValue(program).map(({ typed, value }) => {
    const words = value.words.map(quote).join(' ');
    const actions = [
      ...(value.isList ? ["compset -P '*,'"] : []),
      ...(words === '' ? [] : [`compadd ${value.isList ? "-S '' " : ''}-- ${words}`]),
      ...(value.isPath ? ['_files'] : []),
    ];
    return `    (${quote(typed)}) ${[...actions, 'return'].join('; ')} ;;`;
  });
  const own = allCommands(program).map(({ path, flags, commands: inner, takesPaths, words }) => {
    const names = [...inner.map(({ name, description }) => entry(name, description)), ...words.map(quote)];
    return `    (${quote(path)})
      names=(${names.join(' ')})
      flags=(${flags.map(({ flag, description }) => entry(flag, description)).join(' ')})${takesPaths ? '\n      files=1' : ''} ;;`;
  });
  return `#compdef sos-bench
# Completion of sos-bench for zsh. Load it with: source <(sos-bench completion zsh)
_sos_bench() {
  local previous=\${words[CURRENT-1]}
  local command= files= word
  local -a names flags
  if [[ \${words[CURRENT]} == --*=* ]]; then
    previous=\${words[CURRENT]%%=*}
    compset -P '*='
  fi
  for word in \${words[2,CURRENT-1]}; do
    case "$command $word" in
${steps.join('\n')}
    esac
  done
  case "$command $previous" in
${values.join('\n')}
  esac
  case "$command" in
${own.join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then _describe -o option flags; return; fi
  (( $#names )) && _describe command names
  [[ -n $files ]] && _files
}
if [[ \${funcstack[1]} == _sos-bench ]]; then _sos_bench "$@"; else compdef _sos_bench sos-bench; fi
`;
}

/** \`name:what it is\`, where a colon of the name would end it. */
function entry(name: string, description: string): string {
  return quote(`${name}:${description.replaceAll(':', ' -')}`);
}
