import{i as e,t}from"./rolldown-runtime.js";import{f as n,g as r,i,m as a,o,p as s,v as c}from"./schemas.js";import{E as l,T as u,n as d,r as f,t as p,w as m}from"./lib.js";import{t as h}from"./benchmark.js";
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
var g=t(((e,t)=>{var n=f(),r=d(),i=m();function a(e,t,a){var o,s;return i(e)||i(t)||i(a)||a<0?NaN:a===0?e<t?0:1:(o=a*r(2),s=e-t,.5*n(-s/o))}t.exports=a})),_=t(((e,t)=>{
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
var n=m();function r(e,t){return n(e)||n(t)?NaN:e<t?0:1}t.exports=r})),v=t(((e,t)=>{
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
var n=p(),r=m();function i(e){return r(e)?n(NaN):t;function t(t){return r(t)?NaN:t<e?0:1}}t.exports=i})),y=t(((e,t)=>{
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
var n=u(),r=_();n(r,`factory`,v()),t.exports=r})),b=t(((e,t)=>{
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
var n=p(),r=y().factory,i=m(),a=d(),o=f();function s(e,t){var s;return i(e)||i(t)||t<0?n(NaN):t===0?r(e):(s=t*a(2),c);function c(t){var n;return i(t)?NaN:(n=t-e,.5*o(-n/s))}}t.exports=s})),x=t(((e,t)=>{
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
var n=u(),r=g();n(r,`factory`,b()),t.exports=r})),S=e(x(),1);const C=Math.sqrt(2*Math.PI);function w(){return{t:0,points:Float64Array.of(0),mass:Float64Array.of(1)}}function T(e,t,n,r){return D(e,t,n,r,1)}function E(e,t,n,r){return D(e,t,n,r,-1)}function D({points:e,mass:t,t:n},r,i,a,o){let s=Math.sqrt(r-n),c=(a*Math.sqrt(r)-i*(r-n))/s,l=Math.sqrt(n)/s,u=0;for(let n=0;n<e.length;n++)u+=t[n]*(0,S.default)(o*(e[n]*l-c),0,1);return u}function O(e,t,n,{low:r,high:i,grid:a=901}){let o=n*Math.sqrt(t),s=Math.max(r,o-8),c=Math.min(i,o+8);if(!(c>s))return{t,points:new Float64Array,mass:new Float64Array};let l=new Float64Array(a),u=new Float64Array(a),d=(c-s)/(a-1),f=Math.sqrt(t-e.t),[p,m]=[Math.sqrt(t)/f,Math.sqrt(e.t)/f],h=n*f,{points:g,mass:_}=e;for(let e=0;e<a;e++){let t=s+d*e,n=t*p-h,r=0;for(let e=0;e<g.length;e++){let t=n-g[e]*m;t<8&&t>-8&&(r+=_[e]*Math.exp(-.5*t*t))}let i=e===0||e===a-1?1:e%2==1?4:2;l[e]=t,u[e]=i*d/3*r*(p/C)}return{t,points:l,mass:u}}function k(e,t,n){let r=w(),i=0;return e.map((a,o)=>{let s=t(a)-i,c=s<=0?40:l(e=>s-T(r,a,0,e),{low:-A,high:A});return i=Math.max(i,t(a)),o<e.length-1&&(r=O(r,a,0,{low:-1/0,high:c,grid:n})),c})}const A=9;function j(e,t,n,r=241){let i=e.length-1,a=a=>{let o=w(),s=0,c=[];for(let u=0;u<i;u++){let i=e[u],d=n(i)-s;s=n(i);let f=a*Math.sqrt(i),p=l(e=>E(o,i,a,e)-d,{low:f-10,high:f+10});c.push(Math.min(p,t[u])),o=O(o,i,a,{low:c[u],high:t[u],grid:r})}return{lower:c,excess:n(1)-s-E(o,e[i],a,t[i])}},o=l(e=>a(e).excess,{low:0,high:12,halvings:34});return{drift:o,bounds:[...a(o).lower,t[i]].map((t,n)=>o*Math.sqrt(e[n])-t)}}function M(e,{efficacy:t,lower:n,drift:r,grid:i=241}){let a=w(),o={crossed:[],futile:[]};return e.forEach((s,c)=>{o.crossed.push(T(a,s,r,t[c])),o.futile.push(E(a,s,r,n[c])),c<e.length-1&&(a=O(a,s,r,{low:n[c],high:t[c],grid:i}))}),o}function N(e,t,n){let r=Math.min(1,Math.max(0,n));return e*Math.expm1(-t*r)/Math.expm1(-t)}const P=[`decided`,`regressed`],F=n().gt(0).max(1),I=n().min(-40).max(40),L=s({drop:F,fractions:o(F),drift:n().min(0).max(100),efficacy:o(o(I)),futility:o(I)}),R=s({looks:n().int().min(2).max(10),alpha:F,missed:F,factors:a(i(h),L),benchmarks:r(c().max(300),o(F))});function z(e){return e.flatMap((t,n)=>t>(e[n-1]??0)+1e-6?[n]:[])}function B(e,t,n=new Set,r=161){let i=z(t).filter(e=>!n.has(e)),a=k(i.map(e=>t[e]),t=>N(e,-2,t),r),o=t.map(()=>40);return i.forEach((e,t)=>{o[e]=a[t]}),o}const V=new Map;function H(e,t){let n=JSON.stringify([e,t.alpha,t.missed,t.familySize]),r=V.get(n)??U(e,t);return V.size>=100&&V.clear(),V.set(n,r),structuredClone(r)}function U(e,{alpha:t,missed:n,familySize:r}){let i=Array.from({length:r},(e,n)=>t/(r-n)).map(t=>B(t,e)),a=z(e),{drift:o,bounds:s}=j(a.map(t=>e[t]),a.map(e=>i[0][e]),e=>N(n,-1,e),161),c=e.map(()=>40);return a.forEach((e,t)=>{c[e]=s[t]}),{fractions:[...e],drift:o,efficacy:i,futility:c}}function W({looks:e,alpha:t,missed:n,factors:r,benchmarks:i}){let a=Object.keys(r).length;for(let[t,n]of Object.entries(i))if(!G(n,e))return`the information fractions of ${t} do not rise to 1`;for(let[i,o]of Object.entries(r)){if(!G(o.fractions,e))return`the information fractions of ${i} do not rise to 1`;let r=H(o.fractions,{alpha:t,missed:n,familySize:a});if(!(K(r.efficacy.flat(),o.efficacy.flat())&&K(r.futility,o.futility)&&K([r.drift],[o.drift])))return`the boundaries of ${i} are not those of its information fractions`}return null}function G(e,t){return e.length===t&&e.at(-1)===1&&e.every((t,n)=>t>=(e[n-1]??0))}function K(e,t){return e.length===t.length&&e.every((e,n)=>Math.abs(e-t[n])<=.001)}function q({looks:e,alpha:t,missed:n,factors:r,benchmarks:i}){let a=h.flatMap(e=>{let t=r[e];if(t===void 0)return[];let{drop:n,fractions:i,drift:a,efficacy:o,futility:s}=t;return[`${e} ${n} ${i.join()} ${a} ${o.map(e=>e.join()).join(`;`)} ${s.join()}`]}),o=Object.keys(i).sort().map(e=>`${e} ${i[e].join()}`);return`looks ${e} ${t} ${n}\n${[...a,...o].join(`
`)}\n`}export{H as a,N as c,O as d,T as f,q as i,M as l,x as m,R as n,W as o,w as p,B as r,z as s,P as t,k as u};