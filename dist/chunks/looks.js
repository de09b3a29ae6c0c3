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
var n=u(),r=g();n(r,`factory`,b()),t.exports=r})),S=e(x(),1);const C=Math.sqrt(2*Math.PI);function w(){return{t:0,points:Float64Array.of(0),mass:Float64Array.of(1)}}function T(e,t,n,r){return D(e,t,n,r,1)}function E(e,t,n,r){return D(e,t,n,r,-1)}function D({points:e,mass:t,t:n},r,i,a,o){let s=Math.sqrt(r-n),c=(a*Math.sqrt(r)-i*(r-n))/s,l=Math.sqrt(n)/s,u=0;for(let n=0;n<e.length;n++)u+=t[n]*(0,S.default)(o*(e[n]*l-c),0,1);return u}function O(e,t,n,{low:r,high:i,next:a,grid:o=901}){let s=n*Math.sqrt(t),c=Math.max(r,s-8),l=Math.min(i,s+8);if(!(l>c))return{t,points:new Float64Array,mass:new Float64Array};let u=Math.min(a-t,e.t===0?t:t-e.t),d=Math.max(o,k(l-c,Math.sqrt(u/t))),f=new Float64Array(d),p=new Float64Array(d),m=(l-c)/(d-1),h=Math.sqrt(t-e.t),[g,_]=[Math.sqrt(t)/h,Math.sqrt(e.t)/h],v=n*h,{points:y,mass:b}=e,x=y.length>1?(y.at(-1)-y[0])/(y.length-1):0;for(let e=0;e<d;e++){let t=c+m*e,n=t*g-v,r=0,[i,a]=x*_>0?[Math.max(0,Math.floor(((n-8)/_-y[0])/x)),Math.min(y.length-1,Math.ceil(((n+8)/_-y[0])/x))]:[0,y.length-1];for(let e=i;e<=a;e++){let t=n-y[e]*_;t<8&&t>-8&&(r+=b[e]*Math.exp(-.5*t*t))}let o=e===0||e===d-1?1:e%2==1?4:2;f[e]=t,p[e]=o*m/3*r*(g/C)}return{t,points:f,mass:p}}function k(e,t){return 2*Math.ceil(e/(.8*t))+1}function A(e,t,n){let r=w(),i=0;return e.map((a,o)=>{let s=t(a)-i,c=s<=0?40:l(e=>s-T(r,a,0,e),{low:-j,high:j});i=Math.max(i,t(a));let u=e[o+1];return u!==void 0&&(r=O(r,a,0,{low:-1/0,high:c,next:u,grid:n})),c})}const j=9;function M(e,t,n,r=241){let i=e.length-1,a=a=>{let o=w(),s=0,c=[];for(let u=0;u<i;u++){let i=e[u],d=n(i)-s;s=n(i);let f=a*Math.sqrt(i),p=l(e=>E(o,i,a,e)-d,{low:f-10,high:f+10});c.push(Math.min(p,t[u])),o=O(o,i,a,{low:c[u],high:t[u],next:e[u+1],grid:r})}return{lower:c,excess:n(1)-s-E(o,e[i],a,t[i])}},o=l(e=>a(e).excess,{low:0,high:12,halvings:34});return{drift:o,bounds:[...a(o).lower,t[i]].map((t,n)=>o*Math.sqrt(e[n])-t)}}function N(e,{efficacy:t,lower:n,drift:r,grid:i=241}){let a=w(),o={crossed:[],futile:[]};return e.forEach((s,c)=>{o.crossed.push(T(a,s,r,t[c])),o.futile.push(E(a,s,r,n[c]));let l=e[c+1];l!==void 0&&(a=O(a,s,r,{low:n[c],high:t[c],next:l,grid:i}))}),o}function P(e,t,n){let r=Math.min(1,Math.max(0,n));return e*Math.expm1(-t*r)/Math.expm1(-t)}const F=[`decided`,`regressed`],I=n().gt(0).max(1),L=n().min(-40).max(40),R=s({drop:I,fractions:o(I),drift:n().min(0).max(100),efficacy:o(o(L)),futility:o(L)}),z=s({looks:n().int().min(2).max(10),alpha:I,missed:I,factors:a(i(h),R),benchmarks:r(c().max(300),o(I))});function B(e){return e>.9999?1:e}function V(e){return e.flatMap((t,n)=>t>(e[n-1]??0)+1e-4?[n]:[])}const H=new Map;function U(e,t,n=new Set,r=161){let i=JSON.stringify([e,t,[...n],r]),a=H.get(i);if(a!==void 0)return[...a];let o=W(e,t,n,r);return H.size>=1e3&&H.clear(),H.set(i,o),[...o]}function W(e,t,n,r){let i=V(t).filter(e=>!n.has(e)),a=A(i.map(e=>t[e]),t=>P(e,-2,t),r),o=t.map(()=>40);return i.forEach((e,t)=>{o[e]=a[t]}),o}const G=new Map;function K(e,t){let n=JSON.stringify([e,t.alpha,t.missed,t.familySize]),r=G.get(n)??q(e,t);return G.size>=100&&G.clear(),G.set(n,r),structuredClone(r)}function q(e,{alpha:t,missed:n,familySize:r}){let i=Array.from({length:r},(e,n)=>t/(r-n)).map(t=>U(t,e)),a=V(e),{drift:o,bounds:s}=M(a.map(t=>e[t]),a.map(e=>i[0][e]),e=>P(n,-1,e),161),c=e.map(()=>40);return a.forEach((e,t)=>{c[e]=s[t]}),{fractions:[...e],drift:o,efficacy:i,futility:c}}function J({looks:e,alpha:t,missed:n,factors:r,benchmarks:i}){let a=Object.keys(r).length;for(let[t,n]of Object.entries(i))if(!Y(n,e))return`the information fractions of ${t} do not rise to 1`;for(let[i,o]of Object.entries(r)){if(!Y(o.fractions,e))return`the information fractions of ${i} do not rise to 1`;let r=K(o.fractions,{alpha:t,missed:n,familySize:a});if(!(X(r.efficacy.flat(),o.efficacy.flat())&&X(r.futility,o.futility)&&X([r.drift],[o.drift])))return`the boundaries of ${i} are not those of its information fractions`}return null}function Y(e,t){return e.length===t&&e.at(-1)===1&&e.every((t,n)=>t>=(e[n-1]??0))}function X(e,t){return e.length===t.length&&e.every((e,n)=>Math.abs(e-t[n])<=.001)}function Z({looks:e,alpha:t,missed:n,factors:r,benchmarks:i}){let a=h.flatMap(e=>{let t=r[e];if(t===void 0)return[];let{drop:n,fractions:i,drift:a,efficacy:o,futility:s}=t;return[`${e} ${n} ${i.join()} ${a} ${o.map(e=>e.join()).join(`;`)} ${s.join()}`]}),o=Object.keys(i).sort().map(e=>`${e} ${i[e].join()}`);return`looks ${e} ${t} ${n}\n${[...a,...o].join(`
`)}\n`}export{K as a,B as c,A as d,O as f,x as h,Z as i,P as l,w as m,z as n,J as o,T as p,U as r,V as s,F as t,N as u};