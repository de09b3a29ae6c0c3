import{i as e,t}from"./rolldown-runtime.js";import{f as n,g as r,i,m as a,o,p as s,v as c}from"./schemas.js";import{i as l}from"./count.js";import{D as u,O as d,a as f,i as p,k as m,n as h,o as g}from"./judge-criteria.js";import{n as _}from"./json.js";
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
var v=t(((e,t)=>{var n=g(),r=f(),i=u();function a(e,t,a){var o,s;return i(e)||i(t)||i(a)||a<0?NaN:a===0?e<t?0:1:(o=a*r(2),s=e-t,.5*n(-s/o))}t.exports=a})),y=t(((e,t)=>{
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
var n=u();function r(e,t){return n(e)||n(t)?NaN:e<t?0:1}t.exports=r})),b=t(((e,t)=>{
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
var n=p(),r=u();function i(e){return r(e)?n(NaN):t;function t(t){return r(t)?NaN:t<e?0:1}}t.exports=i})),ee=t(((e,t)=>{
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
var n=d(),r=y();n(r,`factory`,b()),t.exports=r})),x=t(((e,t)=>{
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
var n=p(),r=ee().factory,i=u(),a=f(),o=g();function s(e,t){var s;return i(e)||i(t)||t<0?n(NaN):t===0?r(e):(s=t*a(2),c);function c(t){var n;return i(t)?NaN:(n=t-e,.5*o(-n/s))}}t.exports=s})),S=t(((e,t)=>{
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
var n=d(),r=v();n(r,`factory`,x()),t.exports=r})),C=e(S(),1);const w=Math.sqrt(2*Math.PI);function T(){return{t:0,points:Float64Array.of(0),mass:Float64Array.of(1)}}function E(e,t,n,r){return O(e,t,n,r,1)}function D(e,t,n,r){return O(e,t,n,r,-1)}function O({points:e,mass:t,t:n},r,i,a,o){let s=Math.sqrt(r-n),c=(a*Math.sqrt(r)-i*(r-n))/s,l=Math.sqrt(n)/s,u=0;for(let n=0;n<e.length;n++)u+=t[n]*(0,C.default)(o*(e[n]*l-c),0,1);return u}function k(e,t,n,{low:r,high:i,grid:a=901}){let o=n*Math.sqrt(t),s=Math.max(r,o-8),c=Math.min(i,o+8);if(!(c>s))return{t,points:new Float64Array,mass:new Float64Array};let l=new Float64Array(a),u=new Float64Array(a),d=(c-s)/(a-1),f=Math.sqrt(t-e.t),[p,m]=[Math.sqrt(t)/f,Math.sqrt(e.t)/f],h=n*f,{points:g,mass:_}=e;for(let e=0;e<a;e++){let t=s+d*e,n=t*p-h,r=0;for(let e=0;e<g.length;e++){let t=n-g[e]*m;t<8&&t>-8&&(r+=_[e]*Math.exp(-.5*t*t))}let i=e===0||e===a-1?1:e%2==1?4:2;l[e]=t,u[e]=i*d/3*r*(p/w)}return{t,points:l,mass:u}}function A(e,t,n){let r=T(),i=0;return e.map((a,o)=>{let s=t(a)-i,c=s<=0?40:m(e=>s-E(r,a,0,e),{low:-j,high:j});return i=Math.max(i,t(a)),o<e.length-1&&(r=k(r,a,0,{low:-1/0,high:c,grid:n})),c})}const j=9;function M(e,t,n,r=241){let i=e.length-1,a=a=>{let o=T(),s=0,c=[];for(let l=0;l<i;l++){let i=e[l],u=n(i)-s;s=n(i);let d=a*Math.sqrt(i),f=m(e=>D(o,i,a,e)-u,{low:d-10,high:d+10});c.push(Math.min(f,t[l])),o=k(o,i,a,{low:c[l],high:t[l],grid:r})}return{lower:c,excess:n(1)-s-D(o,e[i],a,t[i])}},o=m(e=>a(e).excess,{low:0,high:12,halvings:34});return{drift:o,bounds:[...a(o).lower,t[i]].map((t,n)=>o*Math.sqrt(e[n])-t)}}function N(e,{efficacy:t,lower:n,drift:r,grid:i=241}){let a=T(),o={crossed:[],futile:[]};return e.forEach((s,c)=>{o.crossed.push(E(a,s,r,t[c])),o.futile.push(D(a,s,r,n[c])),c<e.length-1&&(a=k(a,s,r,{low:n[c],high:t[c],grid:i}))}),o}function P(e,t,n){let r=Math.min(1,Math.max(0,n));return e*Math.expm1(-t*r)/Math.expm1(-t)}const F=[`decided`,`regressed`],I=n().gt(0).max(1),L=n().min(-40).max(40),R=s({drop:I,fractions:o(I),drift:n().min(0).max(100),efficacy:o(o(L)),futility:o(L)}),z=s({looks:n().int().min(2).max(10),alpha:I,missed:I,factors:a(i(l),R),benchmarks:r(c().max(300),o(I))});function B(e){return e.flatMap((t,n)=>t>(e[n-1]??0)+1e-6?[n]:[])}function V(e,t,n=new Set,r=161){let i=B(t).filter(e=>!n.has(e)),a=A(i.map(e=>t[e]),t=>P(e,-2,t),r),o=t.map(()=>40);return i.forEach((e,t)=>{o[e]=a[t]}),o}const H=new Map;function U(e,t){let n=JSON.stringify([e,t.alpha,t.missed,t.familySize]),r=H.get(n)??W(e,t);return H.size>=100&&H.clear(),H.set(n,r),structuredClone(r)}function W(e,{alpha:t,missed:n,familySize:r}){let i=Array.from({length:r},(e,n)=>t/(r-n)).map(t=>V(t,e)),a=B(e),{drift:o,bounds:s}=M(a.map(t=>e[t]),a.map(e=>i[0][e]),e=>P(n,-1,e),161),c=e.map(()=>40);return a.forEach((e,t)=>{c[e]=s[t]}),{fractions:[...e],drift:o,efficacy:i,futility:c}}function G({looks:e,alpha:t,missed:n,factors:r,benchmarks:i}){let a=Object.keys(r).length;for(let[t,n]of Object.entries(i))if(!K(n,e))return`the information fractions of ${t} do not rise to 1`;for(let[i,o]of Object.entries(r)){if(!K(o.fractions,e))return`the information fractions of ${i} do not rise to 1`;let r=U(o.fractions,{alpha:t,missed:n,familySize:a});if(!(q(r.efficacy.flat(),o.efficacy.flat())&&q(r.futility,o.futility)&&q([r.drift],[o.drift])))return`the boundaries of ${i} are not those of its information fractions`}return null}function K(e,t){return e.length===t&&e.at(-1)===1&&e.every((t,n)=>t>=(e[n-1]??0))}function q(e,t){return e.length===t.length&&e.every((e,n)=>Math.abs(e-t[n])<=.001)}function J({looks:e,alpha:t,missed:n,factors:r,benchmarks:i}){let a=l.flatMap(e=>{let t=r[e];if(t===void 0)return[];let{drop:n,fractions:i,drift:a,efficacy:o,futility:s}=t;return[`${e} ${n} ${i.join()} ${a} ${o.map(e=>e.join()).join(`;`)} ${s.join()}`]}),o=Object.keys(i).sort().map(e=>`${e} ${i[e].join()}`);return`looks ${e} ${t} ${n}\n${[...a,...o].join(`
`)}\n`}const Y=[`paper`,`chance`,`effective`,`macro`],X=[`off`,`warn`,`error`],Z={preset:`paper`,alpha:.05,driftAlpha:.05,minimumEffect:{factor:.005,benchmark:.01},margins:{wk:.01,if:.04,safety:.01},otherMargin:.01,gains:{wk:.02,if:.02,safety:.02},judgeLimits:h,judgeWeights:{},failOn:[`regressed`,`incomplete`],thresholds:{}},Q=.8;function te(e,{minimumEffect:t,margins:n,thresholds:r}){let i=r[e];return{level:i?.level??`error`,minimumEffect:i?.minimumEffect??t.factor,margin:i?.margin??n[e]}}function $(e,t,n){let r=_(n.thresholds,e);return{level:r?.level??`error`,minimumEffect:r?.minimumEffect??n.minimumEffect.benchmark,margin:r?.margin??(t?n.margins[t]:n.otherMargin)}}function ne(e,t,n,r){let i=$(e,t,r),a=n.some(e=>$(e,t,r).level===`warn`),o=_(r.thresholds,e)?.level??(a?`warn`:`error`);return{...i,level:o}}export{A as _,$ as a,T as b,F as c,J as d,U as f,N as g,P as h,Y as i,z as l,B as m,X as n,te as o,G as p,Q as r,ne as s,Z as t,V as u,k as v,S as x,E as y};