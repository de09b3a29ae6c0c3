import{i as e,t}from"./rolldown-runtime.js";import{t as n}from"./error.js";import{S as r,g as i,h as a,l as o,p as s,s as c,x as l}from"./files.js";import{C as u,S as d,d as f,r as p,t as m,u as h}from"./sides.js";import{a as g,p as _,t as v}from"./factors.js";import{t as y}from"./benchmark.js";import{i as b}from"./policy.js";
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
var x=t(((e,t)=>{var n=d(),r=_();function i(e,t,i){return n(t)||n(i)||n(e)||t<0||i<=0||e<0||e>1?NaN:t===0?0:1/i*r(e,t)}t.exports=i})),S=t(((e,t)=>{
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
var n=f(),r=_(),i=h().factory,a=d();function o(e,t){return a(e)||a(t)||e<0||t<=0?n(NaN):e===0?i(0):o;function o(n){return a(n)||n<0||n>1?NaN:1/t*r(n,e)}}t.exports=o})),C=t(((e,t)=>{
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
var n=u(),r=x();n(r,`factory`,S()),t.exports=r})),w=t(((e,t)=>{
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
var n=C();function r(e,t){return n(e,t/2,.5)}t.exports=r})),T=t(((e,t)=>{
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
var n=C().factory;function r(e){return n(e/2,.5)}t.exports=r})),E=e(t(((e,t)=>{
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
var n=u(),r=w();n(r,`factory`,T()),t.exports=r}))(),1);function D(e,t,n){let r=e.length;if(r<3)throw RangeError(`the spread between runs needs 3 models, not ${r}`);if(t.length!==r*(r-1)/2)throw RangeError(`${t.length} standard errors for the pairs of ${r} models`);if(![...e,...t].every(Number.isFinite))throw RangeError(`scores or errors not finite`);let i=e.reduce((e,t)=>e+t,0)/r,a=e.reduce((e,t)=>e+(t-i)**2,0),o=t.reduce((e,t)=>e+t**2,0)/t.length/2,s=r-1,c=e=>Math.sqrt(Math.max(0,e-o));return{sd:c(a/s),ci:[c(a/(0,E.default)((1+n)/2,s)),c(a/(0,E.default)((1-n)/2,s))],variance:a/s,noise:o,df:s}}function O(e,{sd:t,variance:n,df:r}){if(e.se===null||e.df===null)return e;let i=e.se**2,a=i+2*t**2;return a===0?e:{...e,se:Math.sqrt(a),df:Math.max(1,a**2/(i**2/e.df+(2*n)**2/r))}}function k(e,t,n=``){if(A(e)&&A(t))return[...new Set([...Object.keys(e),...Object.keys(t)])].sort().flatMap(r=>k(e[r],t[r],n?`${n}.${r}`:r));let r={path:n,baseline:j(e),candidate:j(t)};return r.baseline===r.candidate?[]:[r]}function A(e){return typeof e==`object`&&!!e&&!Array.isArray(e)}function j(e){return e==null?null:typeof e==`string`?e:M(e)}function M(e){return JSON.stringify(e,(e,t)=>A(t)?Object.fromEntries(Object.entries(t).sort(([e],[t])=>e<t?-1:1)):t)}const N=[`backend`,`chatTemplateApplied`,`seed`,`includePaths`],P=[`version`,`fewshot`,`outputType`,`data`];function F(e,t){if(e.imported===null)return!1;let n=e.protocol;for(let r of R(e,t)){if(n===null)return!0;if(n===void 0||typeof n!=`object`)return!1;n=n[r]}return n===null}function I(...e){let t=new Set;for(let{imported:n,protocol:r}of e)if(n!==null){r.harness.version===null&&t.add(`harness.version`);for(let e of N)r[e]===null&&t.add(e);for(let e of Object.values(r.tasks))for(let n of L(e))t.add(`tasks.${n}`)}return t.size===0?[]:[`Imported results do not say everything about how they were made. Not checked: ${[...t].join(`, `)}.`]}function L(e){return P.filter(t=>e[t]===null)}function R({protocol:e},t){let n=Object.keys(e.tasks).find(e=>t.startsWith(`tasks.${e}.`));return n===void 0?t.split(`.`):[`tasks`,n,...t.slice(`tasks.${n}.`.length).split(`.`)]}function z(e,t){let{tasks:n,...r}=e.record.protocol,{tasks:i,...a}=t.record.protocol,o=U(e.items),s={baseline:o,candidate:W(e.items,t.items)?o:U(t.items)},c=!r.chatTemplateApplied||e.record.subject.chatTemplateSha256===t.record.subject.chatTemplateSha256,{planHash:l}=e.record,u=l!==null&&l===t.record.planHash,d=n=>!F(e.record,n)&&!F(t.record,n),f=new Map;for(let[e,t]of Object.entries(n)){let n=i[e];if(n===void 0)continue;let r=s.baseline.get(e),a=s.candidate.get(e),o=r&&a?G(r,a):u,l=[...B(e,t,n,{prompts:c&&o}),...H(e,r,a)].filter(({path:e})=>d(e));l.length>0&&f.set(e,l)}for(let[n,r]of V(e,t))f.set(n,[r]);return{run:k(r,a).filter(({path:e})=>d(e)),tasks:f,subject:k(e.record.subject,t.record.subject),warnings:[...I(e.record,t.record),...K(e,t)]}}function B(e,t,n,r){let i=r.prompts&&t.prompts!==null&&n.prompts!==null,a=({prompts:e,...t})=>i?{...t,prompts:e}:t,o=e=>e?.replace(/^(\d+)\.0$/,`$1`),s=o(t.version)===o(n.version);return k(a(t),a(n),`tasks.${e}`).filter(({path:t})=>!(s&&t===`tasks.${e}.version`))}function V(e,t){if(e.record.imported===null&&t.record.imported===null)return[];let n=(e,t)=>(e.benchmarks.find(e=>e.id===t)?.tasks??[]).filter(({n:e})=>e>0).map(({task:e})=>e);return e.record.benchmarks.flatMap(({id:r})=>{let i=n(e.record,r),a=n(t.record,r);if(i.length===0||a.length===0||a.some(e=>i.includes(e)))return[];let o=`benchmarks.${r}.tasks`;return[[i[0],{path:o,baseline:i.join(`, `),candidate:a.join(`, `)}]]})}function H(e,t,n){if(!t||!n||t.hashes[0]===n.hashes[0])return[];let r=new Set(t.hashes);for(let e of n.hashes)if(r.has(e))return[];let i=new Set(t.ids);if(!n.ids.some(e=>i.has(e)))return[];let a=({ids:e})=>`${e.length} documents, none in common`;return[{path:`tasks.${e}.documents`,baseline:a(t),candidate:a(n)}]}function U(e){let t=new Map;for(let{task:n,docId:r,docHash:i}of e){let e=t.get(n);e===void 0&&(e={ids:[],hashes:[]},t.set(n,e)),e.ids.push(r),e.hashes.push(i)}return t}function W(e,t){return e.length===t.length&&e.every(({task:e,docId:n,docHash:r},i)=>{let a=t[i];return r===a.docHash&&n===a.docId&&e===a.task})}function G({hashes:e},{hashes:t}){if(e===t)return!0;if(e.length!==t.length)return!1;if(e.every((e,n)=>e===t[n]))return!0;let n=BigInt64Array.from(t).sort();return BigInt64Array.from(e).sort().every((e,t)=>e===n[t])}function K(e,t){let n=e.record.environment,r=t.record.environment,i=[],a=e=>`${e.device.name} (${e.device.type})`;n&&r&&a(n)!==a(r)&&i.push(`The two ran on different devices: ${a(n)} and ${a(r)}.`);let o=n&&r?k(n.versions,r.versions):[];if(o.length>0){let e=o.slice(0,8).map(e=>`${e.path} ${e.baseline??`absent`} and ${e.candidate??`absent`}`),t=o.length-e.length,n=t>0?`, and ${t} more`:``;i.push(`The two ran with different software versions: ${e.join(`, `)}${n}.`)}let s=[e.record.planHash,t.record.planHash];return!s.includes(null)&&s[0]!==s[1]&&i.push(`The two ran different plans: only questions that both answered are compared, and prompts are checked only where both answered the same ones.`),i}const q={sd:a().min(0),ci:r([a().min(0),a().min(0)]),variance:a().min(0),noise:a().min(0),df:a().int().min(2),mean:a()},J=i({schemaVersion:s(1),preset:c(b),models:o(l()).min(3),factors:o(i({id:c(y),...q})),benchmarks:o(i({id:l(),...q}))});function Y(e,t){$(e);let n=[];for(let r=0;r<e.length;r++)for(let i=r+1;i<e.length;i++)n.push(Z(e[r],e[i],t));let r=t=>[...n[0][t].keys()].filter(e=>n.every(n=>n[t].has(e))).map(r=>{let i=n.map(e=>e[t].get(r)),a=i.slice(0,e.length-1),o=[a[0].baseline,...a.map(({candidate:e})=>e)],{sd:s,ci:c,variance:l,noise:u,df:d}=D(o,i.map(({se:e})=>e),.95);return{id:r,sd:s,ci:c,variance:l,noise:u,df:d,mean:o.reduce((e,t)=>e+t,0)/o.length}});return{schemaVersion:1,preset:t,models:e.map(({record:e})=>e.model.name),factors:r(`factors`),benchmarks:r(`benchmarks`)}}function X({preset:e,factors:t,benchmarks:r},i){if(e!==i)throw new n(`usage`,`the calibration was made with preset ${e}, not ${i}`,{hint:`calibrate again with --preset ${i}, or compare with --preset ${e}`});return new Map([...t,...r].map(e=>[e.id,e]))}function Z(e,t,n){let r=z(e,t),i={a:m(e),b:m(t)},a=p(e,t).map(e=>g(e,{baseline:i.a(e),candidate:i.b(e)},r,{preset:n,sameModel:!1,force:!1}));return ee(a,e,t),{factors:Q(v(a,n)),benchmarks:Q(a)}}function Q(e){return new Map(e.flatMap(({id:e,delta:t,baseline:n,candidate:r})=>{let i=t?.se??null;return i===null||n.score===null||r.score===null?[]:[[e,{baseline:n.score,candidate:r.score,se:i}]]}))}function $(e){if(e.length<3)throw new n(`usage`,`the spread between runs needs 3 or more records, not ${e.length}`,{hint:`give the records of three models that one recipe made with different seeds`});let t=new Map;for(let{path:r,record:i}of e){let{digest:e}=i.model;if(e===null)continue;let a=t.get(e);if(a!==void 0)throw new n(`usage`,`${r} and ${a} are records of one and the same model`,{hint:`each record has to come from a training run of its own`});t.set(e,r)}}function ee(e,t,r){let i=e.find(e=>e.blockedBy.length>0);if(i===void 0)return;let a=i.blockedBy.map(({path:e})=>e).slice(0,3);throw new n(`usage`,`${t.path} and ${r.path} were evaluated in different ways (${a.join(`, `)})`,{hint:`evaluate all models with the same settings`})}export{O as a,z as i,Y as n,X as r,J as t};