import{i as __toESM,t as __commonJSMin}from"./rolldown-runtime.js";import{t as SosBenchError}from"./error.js";import{D as tuple,E as string,b as number,m as array,p as _enum,v as literal,x as object}from"./schema.js";import{_ as require_lib$5,a as compareRow,b as require_lib$2,l as rowIds,s as indexRecord,t as compareFactors,v as require_lib$4,x as require_lib$6,y as require_lib$3}from"./factors.js";import{r as FACTORS}from"./catalogue.js";import{m as PRESETS}from"./combine.js";
/**
* @license Apache-2.0
*
* Copyright (c) 2018 The Stdlib Authors.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
*    http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
var require_main$1=__commonJSMin(((exports,module)=>{var isnan=require_lib$2(),gammaincinv=require_lib$3();function quantile(p,alpha,beta){return isnan(alpha)||isnan(beta)||isnan(p)||alpha<0||beta<=0||p<0||p>1?NaN:alpha===0?0:1/beta*gammaincinv(p,alpha)}module.exports=quantile})),require_factory$1=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2018 The Stdlib Authors.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
*    http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
var constantFunction=require_lib$4(),gammaincinv=require_lib$3(),degenerate=require_lib$5().factory,isnan=require_lib$2();function factory(alpha,beta){return isnan(alpha)||isnan(beta)||alpha<0||beta<=0?constantFunction(NaN):alpha===0?degenerate(0):quantile;function quantile(p){return isnan(p)||p<0||p>1?NaN:1/beta*gammaincinv(p,alpha)}}module.exports=factory})),require_lib$1=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2018 The Stdlib Authors.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
*    http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
var setReadOnly=require_lib$6(),main=require_main$1();setReadOnly(main,`factory`,require_factory$1()),module.exports=main})),require_main=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2018 The Stdlib Authors.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
*    http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
var gammaQuantile=require_lib$1();function quantile(p,k){return gammaQuantile(p,k/2,.5)}module.exports=quantile})),require_factory=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2018 The Stdlib Authors.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
*    http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
var gammaFactory=require_lib$1().factory;function factory(k){return gammaFactory(k/2,.5)}module.exports=factory})),import_lib=__toESM(__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2018 The Stdlib Authors.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
*    http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
var setReadOnly=require_lib$6(),main=require_main();setReadOnly(main,`factory`,require_factory()),module.exports=main}))(),1);function runSpread(scores,errors,level){let count=scores.length;if(count<3)throw RangeError(`the spread between runs needs 3 models, not ${count}`);if(errors.length!==count*(count-1)/2)throw RangeError(`${errors.length} standard errors for the pairs of ${count} models`);if(![...scores,...errors].every(Number.isFinite))throw RangeError(`scores or errors not finite`);let mean=scores.reduce((sum,score)=>sum+score,0)/count,squares=scores.reduce((sum,score)=>sum+(score-mean)**2,0),noise=errors.reduce((sum,se)=>sum+se**2,0)/errors.length/2,df=count-1,root=variance=>Math.sqrt(Math.max(0,variance-noise));return{sd:root(squares/df),ci:[root(squares/(0,import_lib.default)((1+level)/2,df)),root(squares/(0,import_lib.default)((1-level)/2,df))],variance:squares/df,noise,df}}function widen(difference,{sd,variance,df}){if(difference.se===null||difference.df===null)return difference;let own=difference.se**2,total=own+2*sd**2;return total===0?difference:{...difference,se:Math.sqrt(total),df:Math.max(1,total**2/(own**2/difference.df+(2*variance)**2/df))}}function findDifferences(baseline,candidate,path=``){if(isObject(baseline)&&isObject(candidate))return[...new Set([...Object.keys(baseline),...Object.keys(candidate)])].sort().flatMap(key=>findDifferences(baseline[key],candidate[key],path?`${path}.${key}`:key));let difference={path,baseline:asText(baseline),candidate:asText(candidate)};return difference.baseline===difference.candidate?[]:[difference]}function isObject(value){return typeof value==`object`&&!!value&&!Array.isArray(value)}function asText(value){return value==null?null:typeof value==`string`?value:canonical(value)}function canonical(value){return JSON.stringify(value,(_key,inner)=>isObject(inner)?Object.fromEntries(Object.entries(inner).sort(([a],[b])=>a<b?-1:1)):inner)}const RUN_FIELDS=[`backend`,`chatTemplateApplied`,`seed`,`includePaths`],TASK_FIELDS=[`version`,`fewshot`,`outputType`,`data`];function isUnknown(record,path){if(record.imported===null)return!1;let value=record.protocol;for(let key of splitPath(record,path)){if(value===null)return!0;if(value===void 0||typeof value!=`object`)return!1;value=value[key]}return value===null}function describeUnknown(...records){let fields=new Set;for(let{imported,protocol}of records)if(imported!==null){protocol.harness.version===null&&fields.add(`harness.version`);for(let field of RUN_FIELDS)protocol[field]===null&&fields.add(field);for(let task of Object.values(protocol.tasks))for(let field of unknownOf(task))fields.add(`tasks.${field}`)}return fields.size===0?[]:[`Imported results do not say everything about how they were made. Not checked: ${[...fields].join(`, `)}.`]}function unknownOf(task){return TASK_FIELDS.filter(field=>task[field]===null)}function splitPath({protocol},path){let task=Object.keys(protocol.tasks).find(name=>path.startsWith(`tasks.${name}.`));return task===void 0?path.split(`.`):[`tasks`,task,...path.slice(`tasks.${task}.`.length).split(`.`)]}function compareProtocols(baseline,candidate){let{tasks:baselineTasks,...baselineRun}=baseline.record.protocol,{tasks:candidateTasks,...candidateRun}=candidate.record.protocol,own=documentsByTask(baseline.items),documents={baseline:own,candidate:haveSameDocuments(baseline.items,candidate.items)?own:documentsByTask(candidate.items)},templateFixed=!baselineRun.chatTemplateApplied||baseline.record.subject.chatTemplateSha256===candidate.record.subject.chatTemplateSha256,{planHash}=baseline.record,samePlan=planHash!==null&&planHash===candidate.record.planHash,known=path=>!isUnknown(baseline.record,path)&&!isUnknown(candidate.record,path),tasks=new Map;for(let[task,ours]of Object.entries(baselineTasks)){let theirs=candidateTasks[task];if(theirs===void 0)continue;let before=documents.baseline.get(task),after=documents.candidate.get(task),sameItems=before&&after?haveSameHashes(before,after):samePlan,certain=[...compareTask(task,ours,theirs,{prompts:templateFixed&&sameItems}),...compareDocuments(task,before,after)].filter(({path})=>known(path));certain.length>0&&tasks.set(task,certain)}for(let[task,difference]of disjointBenchmarks(baseline,candidate))tasks.set(task,[difference]);return{run:findDifferences(baselineRun,candidateRun).filter(({path})=>known(path)),tasks,subject:findDifferences(baseline.record.subject,candidate.record.subject),warnings:[...describeUnknown(baseline.record,candidate.record),...environmentWarnings(baseline,candidate)]}}function compareTask(task,baseline,candidate,check){let known=check.prompts&&baseline.prompts!==null&&candidate.prompts!==null,shown=({prompts,...rest})=>known?{...rest,prompts}:rest,whole=version=>version?.replace(/^(\d+)\.0$/,`$1`),sameVersion=whole(baseline.version)===whole(candidate.version);return findDifferences(shown(baseline),shown(candidate),`tasks.${task}`).filter(({path})=>!(sameVersion&&path===`tasks.${task}.version`))}function disjointBenchmarks(baseline,candidate){if(baseline.record.imported===null&&candidate.record.imported===null)return[];let measured=(record,id)=>(record.benchmarks.find(result=>result.id===id)?.tasks??[]).filter(({n})=>n>0).map(({task})=>task);return baseline.record.benchmarks.flatMap(({id})=>{let before=measured(baseline.record,id),after=measured(candidate.record,id);if(before.length===0||after.length===0||after.some(task=>before.includes(task)))return[];let path=`benchmarks.${id}.tasks`;return[[before[0],{path,baseline:before.join(`, `),candidate:after.join(`, `)}]]})}function compareDocuments(task,baseline,candidate){if(!baseline||!candidate||baseline.hashes[0]===candidate.hashes[0])return[];let hashes=new Set(baseline.hashes);for(let hash of candidate.hashes)if(hashes.has(hash))return[];let ids=new Set(baseline.ids);if(!candidate.ids.some(id=>ids.has(id)))return[];let text=({ids})=>`${ids.length} documents, none in common`;return[{path:`tasks.${task}.documents`,baseline:text(baseline),candidate:text(candidate)}]}function documentsByTask(items){let tasks=new Map;for(let{task,docId,docHash}of items){let documents=tasks.get(task);documents===void 0&&(documents={ids:[],hashes:[]},tasks.set(task,documents)),documents.ids.push(docId),documents.hashes.push(docHash)}return tasks}function haveSameDocuments(a,b){return a.length===b.length&&a.every(({task,docId,docHash},place)=>{let other=b[place];return docHash===other.docHash&&docId===other.docId&&task===other.task})}function haveSameHashes({hashes:a},{hashes:b}){if(a===b)return!0;if(a.length!==b.length)return!1;if(a.every((hash,place)=>hash===b[place]))return!0;let sorted=BigInt64Array.from(b).sort();return BigInt64Array.from(a).sort().every((hash,place)=>hash===sorted[place])}function environmentWarnings(baseline,candidate){let before=baseline.record.environment,after=candidate.record.environment,warnings=[],device=side=>`${side.device.name} (${side.device.type})`;before&&after&&device(before)!==device(after)&&warnings.push(`The two ran on different devices: ${device(before)} and ${device(after)}.`);let versions=before&&after?findDifferences(before.versions,after.versions):[];if(versions.length>0){let list=versions.slice(0,8).map(v=>`${v.path} ${v.baseline??`absent`} and ${v.candidate??`absent`}`),more=versions.length-list.length,rest=more>0?`, and ${more} more`:``;warnings.push(`The two ran with different software versions: ${list.join(`, `)}${rest}.`)}let plans=[baseline.record.planHash,candidate.record.planHash];return!plans.includes(null)&&plans[0]!==plans[1]&&warnings.push(`The two ran different plans: only questions that both answered are compared, and prompts are checked only where both answered the same ones.`),warnings}const spread={sd:number().min(0),ci:tuple([number().min(0),number().min(0)]),variance:number().min(0),noise:number().min(0),df:number().int().min(2),mean:number()},CalibrationSchema=object({schemaVersion:literal(1),preset:_enum(PRESETS),models:array(string()).min(3),factors:array(object({id:_enum(FACTORS),...spread})),benchmarks:array(object({id:string(),...spread}))});function calibrate(records,preset){requireRuns(records);let pairs=[];for(let i=0;i<records.length;i++)for(let j=i+1;j<records.length;j++)pairs.push(comparePair(records[i],records[j],preset));let estimate=part=>[...pairs[0][part].keys()].filter(id=>pairs.every(pair=>pair[part].has(id))).map(id=>{let measured=pairs.map(pair=>pair[part].get(id)),first=measured.slice(0,records.length-1),scores=[first[0].baseline,...first.map(({candidate})=>candidate)],{sd,ci,variance,noise,df}=runSpread(scores,measured.map(({se})=>se),.95);return{id,sd,ci,variance,noise,df,mean:scores.reduce((a,b)=>a+b,0)/scores.length}});return{schemaVersion:1,preset,models:records.map(({record})=>record.model.name),factors:estimate(`factors`),benchmarks:estimate(`benchmarks`)}}function spreadsOf({preset,factors,benchmarks},wanted){if(preset!==wanted)throw new SosBenchError(`usage`,`the calibration was made with preset ${preset}, not ${wanted}`,{hint:`calibrate again with --preset ${wanted}, or compare with --preset ${preset}`});return new Map([...factors,...benchmarks].map(entry=>[entry.id,entry]))}function comparePair(a,b,preset){let protocol=compareProtocols(a,b),sides={a:indexRecord(a),b:indexRecord(b)},rows=rowIds(a,b).map(id=>compareRow(id,{baseline:sides.a(id),candidate:sides.b(id)},protocol,{preset,sameModel:!1,force:!1}));return requireComparable(rows,a,b),{factors:collect(compareFactors(rows,preset)),benchmarks:collect(rows)}}function collect(rows){return new Map(rows.flatMap(({id,delta,baseline,candidate})=>{let se=delta?.se??null;return se===null||baseline.score===null||candidate.score===null?[]:[[id,{baseline:baseline.score,candidate:candidate.score,se}]]}))}function requireRuns(records){if(records.length<3)throw new SosBenchError(`usage`,`the spread between runs needs 3 or more records, not ${records.length}`,{hint:`give the records of three models that one recipe made with different seeds`});let seen=new Map;for(let{path,record}of records){let{digest}=record.model;if(digest===null)continue;let other=seen.get(digest);if(other!==void 0)throw new SosBenchError(`usage`,`${path} and ${other} are records of one and the same model`,{hint:`each record has to come from a training run of its own`});seen.set(digest,path)}}function requireComparable(rows,a,b){let blocked=rows.find(row=>row.blockedBy.length>0);if(blocked===void 0)return;let fields=blocked.blockedBy.map(({path})=>path).slice(0,3);throw new SosBenchError(`usage`,`${a.path} and ${b.path} were evaluated in different ways (${fields.join(`, `)})`,{hint:`evaluate all models with the same settings`})}export{widen as a,compareProtocols as i,calibrate as n,spreadsOf as r,CalibrationSchema as t};