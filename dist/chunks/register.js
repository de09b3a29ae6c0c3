import{t as e}from"./esm.js";import{w as t}from"./schemas.js";import{t as n}from"./exit-code.js";import{N as r}from"./value-types.js";import{t as i}from"./table.js";function a(e){let{schema:n}=i[e];if(e===`benchmarks`)return{words:r,isList:!0};let[a,s]=[`input`,`output`].map(e=>t(n,{io:e,unrepresentable:`any`})),c=o(a);if(c.length>0)return{words:c,isList:!1};let l=s.items;return{words:l===void 0?[]:o(l),isList:l!==void 0}}function o({type:e,enum:t=[],anyOf:n=[]}){let r=e===`boolean`?[`true`,`false`]:t.map(String);return[...new Set([...r,...n.flatMap(o)])]}const s=/\b(DIR|FILE|PATH|RECORD|MODEL)\b/,c={benchmark:`benchmarks`};function l(e,t=[]){let n=t.length===0&&e.parent===null?``:e.name(),r=[...t,n].filter(e=>e!==``),i={flag:`--help`,description:`Show help`,value:null};return{path:r.join(` `),name:n,description:m(e.description()),flags:[...e.options.filter(({hidden:e})=>!e).flatMap(e=>p(e)??[]),i],takesPaths:e.registeredArguments.some(e=>s.test(e.name().toUpperCase())),words:e.registeredArguments.flatMap(({argChoices:e})=>e??[]),commands:e.commands.map(e=>l(e,r))}}function u(e){return[e,...e.commands.flatMap(u)]}function d(e){return u(e).flatMap(({path:e,commands:t})=>t.map(t=>({typed:`${e} ${t.name}`,command:t})))}function f(e){return u(e).flatMap(({path:e,flags:t})=>t.flatMap(({flag:t,value:n})=>n===null?[]:[{typed:`${e} ${t}`,value:n}]))}function p(e){if(e.long==null)return null;let t=m(e.description);if(!e.required&&!e.optional)return{flag:e.long,description:t,value:null};let n=e.long.slice(2),r=c[n]??n,o=Object.hasOwn(i,r)?a(r):{words:[],isList:!1},l=/<(.*)>/.exec(e.flags)?.[1]??``;return{flag:e.long,description:t,value:{words:e.argChoices??o.words,isList:e.argChoices===void 0&&o.isList,isPath:s.test(l)}}}function m(e){return(/^.*?(?=[.:;](\s|$))/.exec(e)?.[0]??e).replaceAll(/\s+/g,` `)}function h(e){return`'${e.replaceAll(`\\`,``).replaceAll(`'`,`'"'"'`)}'`}function g(e){let t=f(e).map(({typed:e,value:{words:t,isList:n,isPath:r}})=>{let i=[`value=1`,...t.length>0?[`words=${h(t.join(` `))}`]:[],...n?[`list=1`]:[],...r?[`files=1`]:[]];return`    ${h(e)}) ${i.join(`; `)} ;;`}),n=u(e).map(({path:e,flags:t,commands:n,takesPaths:r,words:i})=>{let a=[...n.map(({name:e})=>e),...i];return`      ${h(e)}) flags=${h(t.map(({flag:e})=>e).join(` `))}; names=${h(a.join(` `))}${r?`; files=1`:``} ;;`});return`# Completion of sos-bench for bash. Load it with: source <(sos-bench completion bash)
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
${d(e).map(({typed:e,command:t})=>`      ${h(e)}) command=${h(t.path)} ;;`).join(`
`)}
    esac
  done
  case "$command $prev" in
${t.join(`
`)}
  esac
  if [[ -z "$value" ]]; then
    case "$command" in
${n.join(`
`)}
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
`}function _(e){let t=d(e).flatMap(({typed:e,command:t})=>[`      case ${v(e)}`,`        set command ${v(t.path)}`]),n=u(e).flatMap(({path:e,flags:t,commands:n,takesPaths:r,words:i})=>{let a=`complete -c sos-bench -n ${v(`__sos_bench_at ${v(e)}`)}`;return[...n.map(({name:e,description:t})=>`${a} -a ${v(e)} -d ${v(t)}`),...i.length>0?[`${a} -a ${v(i.join(` `))}`]:[],...r?[`${a} -F`]:[],...t.map(({flag:e,description:t,value:n})=>{let r=`${a} -l ${e.slice(2)} -d ${v(t)}`;if(n===null)return r;let i=n.words.length>0?` -a ${v(n.words.join(` `))}`:``;return`${r} ${n.isPath?`-r -F`:`-x`}${i}`})]});return`# Completion of sos-bench for fish, for ~/.config/fish/completions/sos-bench.fish
function __sos_bench_at
  set -l command ''
  for word in (commandline -opc)
    switch "$command $word"
${t.join(`
`)}
    end
  end
  test "$command" = "$argv[1]"
end
complete -c sos-bench -f
${n.join(`
`)}
`}function v(e){return h(e).replaceAll(`'"'"'`,`\\'`)}function y(e){let t=d(e).map(({typed:e,command:t})=>`      (${h(e)}) command=${h(t.path)} ;;`),n=f(e).map(({typed:e,value:t})=>{let n=t.words.map(h).join(` `),r=[...t.isList?[`compset -P '*,'`]:[],...n===``?[]:[`compadd ${t.isList?`-S '' `:``}-- ${n}`],...t.isPath?[`_files`]:[]];return`    (${h(e)}) ${[...r,`return`].join(`; `)} ;;`}),r=u(e).map(({path:e,flags:t,commands:n,takesPaths:r,words:i})=>{let a=[...n.map(({name:e,description:t})=>b(e,t)),...i.map(h)];return`    (${h(e)})
      names=(${a.join(` `)})
      flags=(${t.map(({flag:e,description:t})=>b(e,t)).join(` `)})${r?`
      files=1`:``} ;;`});return`#compdef sos-bench
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
${t.join(`
`)}
    esac
  done
  case "$command $previous" in
${n.join(`
`)}
  esac
  case "$command" in
${r.join(`
`)}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then _describe -o option flags; return; fi
  (( $#names )) && _describe command names
  [[ -n $files ]] && _files
}
if [[ \${funcstack[1]} == _sos-bench ]]; then _sos_bench "$@"; else compdef _sos_bench sos-bench; fi
`}function b(e,t){return h(`${e}:${t.replaceAll(`:`,` -`)}`)}const x={bash:g,zsh:y,fish:_};function S(t,r,i,a){t.command(`completion`).description(`Print a script with which a shell completes commands, flags and their values.`).addArgument(new e(`<SHELL>`,`The shell.`).choices(Object.keys(x))).action(async e=>{r.stdout.write(x[e](l(await a()))),i(n.passed)})}export{S as registerCompletion};