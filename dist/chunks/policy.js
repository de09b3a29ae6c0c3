import{i as e,t}from"./rolldown-runtime.js";import{_ as n,g as r,h as i,l as a,s as o,x as s,y as c}from"./files.js";import{o as l}from"./count.js";import{A as u,O as d,a as f,k as p,n as m,o as h,s as g}from"./json.js";
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
var _=t(((e,t)=>{var n=g(),r=h(),i=d();function a(e,t,a){var o,s;return i(e)||i(t)||i(a)||a<0?NaN:a===0?e<t?0:1:(o=a*r(2),s=e-t,.5*n(-s/o))}t.exports=a})),v=t(((e,t)=>{
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
var n=d();function r(e,t){return n(e)||n(t)?NaN:e<t?0:1}t.exports=r})),ee=t(((e,t)=>{
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
var n=f(),r=d();function i(e){return r(e)?n(NaN):t;function t(t){return r(t)?NaN:t<e?0:1}}t.exports=i})),y=t(((e,t)=>{
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
var n=p(),r=v();n(r,`factory`,ee()),t.exports=r})),b=t(((e,t)=>{
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
var n=f(),r=y().factory,i=d(),a=h(),o=g();function s(e,t){var s;return i(e)||i(t)||t<0?n(NaN):t===0?r(e):(s=t*a(2),c);function c(t){var n;return i(t)?NaN:(n=t-e,.5*o(-n/s))}}t.exports=s})),x=t(((e,t)=>{
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
var n=p(),r=_();n(r,`factory`,b()),t.exports=r})),S=e(x(),1);const C=Math.sqrt(2*Math.PI);function w(){return{t:0,points:Float64Array.of(0),mass:Float64Array.of(1)}}function T(e,t,n,r){return D(e,t,n,r,1)}function E(e,t,n,r){return D(e,t,n,r,-1)}function D({points:e,mass:t,t:n},r,i,a,o){let s=Math.sqrt(r-n),c=(a*Math.sqrt(r)-i*(r-n))/s,l=Math.sqrt(n)/s,u=0;for(let n=0;n<e.length;n++)u+=t[n]*(0,S.default)(o*(e[n]*l-c),0,1);return u}function O(e,t,n,{low:r,high:i,grid:a=901}){let o=n*Math.sqrt(t),s=Math.max(r,o-8),c=Math.min(i,o+8);if(!(c>s))return{t,points:new Float64Array,mass:new Float64Array};let l=new Float64Array(a),u=new Float64Array(a),d=(c-s)/(a-1),f=Math.sqrt(t-e.t),[p,m]=[Math.sqrt(t)/f,Math.sqrt(e.t)/f],h=n*f,{points:g,mass:_}=e;for(let e=0;e<a;e++){let t=s+d*e,n=t*p-h,r=0;for(let e=0;e<g.length;e++){let t=n-g[e]*m;t<8&&t>-8&&(r+=_[e]*Math.exp(-.5*t*t))}let i=e===0||e===a-1?1:e%2==1?4:2;l[e]=t,u[e]=i*d/3*r*(p/C)}return{t,points:l,mass:u}}function k(e,t,n){let r=w(),i=0;return e.map((a,o)=>{let s=t(a)-i,c=s<=0?40:u(e=>s-T(r,a,0,e),{low:-A,high:A});return i=Math.max(i,t(a)),o<e.length-1&&(r=O(r,a,0,{low:-1/0,high:c,grid:n})),c})}const A=9;function j(e,t,n,r=241){let i=e.length-1,a=a=>{let o=w(),s=0,c=[];for(let l=0;l<i;l++){let i=e[l],d=n(i)-s;s=n(i);let f=a*Math.sqrt(i),p=u(e=>E(o,i,a,e)-d,{low:f-10,high:f+10});c.push(Math.min(p,t[l])),o=O(o,i,a,{low:c[l],high:t[l],grid:r})}return{lower:c,excess:n(1)-s-E(o,e[i],a,t[i])}},o=u(e=>a(e).excess,{low:0,high:12,halvings:34});return{drift:o,bounds:[...a(o).lower,t[i]].map((t,n)=>o*Math.sqrt(e[n])-t)}}function M(e,{efficacy:t,lower:n,drift:r,grid:i=241}){let a=w(),o={crossed:[],futile:[]};return e.forEach((s,c)=>{o.crossed.push(T(a,s,r,t[c])),o.futile.push(E(a,s,r,n[c])),c<e.length-1&&(a=O(a,s,r,{low:n[c],high:t[c],grid:i}))}),o}function N(e,t,n){let r=Math.min(1,Math.max(0,n));return e*Math.expm1(-t*r)/Math.expm1(-t)}const P=[`decided`,`regressed`],F=i().gt(0).max(1),I=i().min(-40).max(40),L=r({drop:F,fractions:a(F),drift:i().min(0).max(100),efficacy:a(a(I)),futility:a(I)}),R=r({looks:i().int().min(2).max(10),alpha:F,missed:F,factors:n(o(l),L),benchmarks:c(s().max(300),a(F))});function z(e){return e.flatMap((t,n)=>t>(e[n-1]??0)+1e-6?[n]:[])}function B(e,t,n=new Set,r=161){let i=z(t).filter(e=>!n.has(e)),a=k(i.map(e=>t[e]),t=>N(e,-2,t),r),o=t.map(()=>40);return i.forEach((e,t)=>{o[e]=a[t]}),o}const V=new Map;function H(e,t){let n=JSON.stringify([e,t.alpha,t.missed,t.familySize]),r=V.get(n)??U(e,t);return V.size>=100&&V.clear(),V.set(n,r),structuredClone(r)}function U(e,{alpha:t,missed:n,familySize:r}){let i=Array.from({length:r},(e,n)=>t/(r-n)).map(t=>B(t,e)),a=z(e),{drift:o,bounds:s}=j(a.map(t=>e[t]),a.map(e=>i[0][e]),e=>N(n,-1,e),161),c=e.map(()=>40);return a.forEach((e,t)=>{c[e]=s[t]}),{fractions:[...e],drift:o,efficacy:i,futility:c}}function W({looks:e,alpha:t,missed:n,factors:r,benchmarks:i}){let a=Object.keys(r).length;for(let[t,n]of Object.entries(i))if(!G(n,e))return`the information fractions of ${t} do not rise to 1`;for(let[i,o]of Object.entries(r)){if(!G(o.fractions,e))return`the information fractions of ${i} do not rise to 1`;let r=H(o.fractions,{alpha:t,missed:n,familySize:a});if(!(K(r.efficacy.flat(),o.efficacy.flat())&&K(r.futility,o.futility)&&K([r.drift],[o.drift])))return`the boundaries of ${i} are not those of its information fractions`}return null}function G(e,t){return e.length===t&&e.at(-1)===1&&e.every((t,n)=>t>=(e[n-1]??0))}function K(e,t){return e.length===t.length&&e.every((e,n)=>Math.abs(e-t[n])<=.001)}function q({looks:e,alpha:t,missed:n,factors:r,benchmarks:i}){let a=l.flatMap(e=>{let t=r[e];if(t===void 0)return[];let{drop:n,fractions:i,drift:a,efficacy:o,futility:s}=t;return[`${e} ${n} ${i.join()} ${a} ${o.map(e=>e.join()).join(`;`)} ${s.join()}`]}),o=Object.keys(i).sort().map(e=>`${e} ${i[e].join()}`);return`looks ${e} ${t} ${n}\n${[...a,...o].join(`
`)}\n`}const J=[`paper`,`chance`,`effective`,`macro`],Y=[`off`,`warn`,`error`],X={preset:`paper`,alpha:.05,driftAlpha:.05,minimumEffect:{factor:.005,benchmark:.01},margins:{wk:.01,if:.04,safety:.01},otherMargin:.01,gains:{wk:.02,if:.02,safety:.02},failOn:[`regressed`,`incomplete`],thresholds:{}},Z=.8;function Q(e,{minimumEffect:t,margins:n,thresholds:r}){let i=r[e];return{level:i?.level??`error`,minimumEffect:i?.minimumEffect??t.factor,margin:i?.margin??n[e]}}function $(e,t,n){let r=m(n.thresholds,e);return{level:r?.level??`error`,minimumEffect:r?.minimumEffect??n.minimumEffect.benchmark,margin:r?.margin??(t?n.margins[t]:n.otherMargin)}}function te(e,t,n,r){let i=$(e,t,r),a=n.some(e=>$(e,t,r).level===`warn`),o=m(r.thresholds,e)?.level??(a?`warn`:`error`);return{...i,level:o}}export{k as _,$ as a,w as b,P as c,q as d,H as f,M as g,N as h,J as i,R as l,z as m,Y as n,Q as o,W as p,Z as r,te as s,X as t,B as u,O as v,x,T as y};