import{i as e,t}from"./rolldown-runtime.js";import{_ as n,g as r,h as i,l as a,s as o,x as s,y as c}from"./files.js";import{o as l}from"./count.js";import{D as u,O as d,a as f,i as p,n as m,o as h}from"./json.js";function g(e,{low:t,high:n,halvings:r=60}){let{below:i,above:a}=v(e,t,n),[o,s]=[t,n];for(let t=0;t<r;t++){let t=(o+s)/2;t>i&&t<a&&(e(t)<0?i=t:a=t),t<=i?o=t:s=t}return(o+s)/2}const _=1e-11;function v(e,t,n){let[r,i]=[n,t],[a,o]=[e(r),e(i)];if(!(o<0))return{below:-1/0,above:t};if(a<0)return{below:n,above:1/0};let s=.5;for(let t=0;t<40;t++){let t=r+s*(i-r),n=e(t),c=n<0==a<0,[l,u]=c?[r,a]:[i,o];c||([i,o]=[r,a]),[r,a]=[t,n];let d=_/Math.abs(i-r);if(d>.5)break;let f=(r-i)/(l-i),p=(a-o)/(u-o),m=p**2<f&&(1-p)**2<1-f?a/(o-a)*(u/(o-u))+(l-r)/(i-r)*a*o/((u-a)*(u-o)):.5;s=Math.min(1-d,Math.max(d,m))}let[c,l]=a<0?[r,i]:[i,r];return{below:c-_,above:l+_}}
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
var y=t(((e,t)=>{var n=h(),r=f(),i=u();function a(e,t,a){var o,s;return i(e)||i(t)||i(a)||a<0?NaN:a===0?e<t?0:1:(o=a*r(2),s=e-t,.5*n(-s/o))}t.exports=a})),b=t(((e,t)=>{
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
var n=u();function r(e,t){return n(e)||n(t)?NaN:e<t?0:1}t.exports=r})),x=t(((e,t)=>{
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
var n=p(),r=u();function i(e){return r(e)?n(NaN):t;function t(t){return r(t)?NaN:t<e?0:1}}t.exports=i})),S=t(((e,t)=>{
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
var n=d(),r=b();n(r,`factory`,x()),t.exports=r})),C=t(((e,t)=>{
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
var n=p(),r=S().factory,i=u(),a=f(),o=h();function s(e,t){var s;return i(e)||i(t)||t<0?n(NaN):t===0?r(e):(s=t*a(2),c);function c(t){var n;return i(t)?NaN:(n=t-e,.5*o(-n/s))}}t.exports=s})),w=t(((e,t)=>{
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
var n=d(),r=y();n(r,`factory`,C()),t.exports=r})),T=e(w(),1);const E=Math.sqrt(2*Math.PI);function D(){return{t:0,points:Float64Array.of(0),mass:Float64Array.of(1)}}function O(e,t,n,r){return A(e,t,n,r,1)}function k(e,t,n,r){return A(e,t,n,r,-1)}function A({points:e,mass:t,t:n},r,i,a,o){let s=Math.sqrt(r-n),c=(a*Math.sqrt(r)-i*(r-n))/s,l=Math.sqrt(n)/s,u=0;for(let n=0;n<e.length;n++)u+=t[n]*(0,T.default)(o*(e[n]*l-c),0,1);return u}function j(e,t,n,{low:r,high:i,grid:a=901}){let o=n*Math.sqrt(t),s=Math.max(r,o-8),c=Math.min(i,o+8);if(!(c>s))return{t,points:new Float64Array,mass:new Float64Array};let l=new Float64Array(a),u=new Float64Array(a),d=(c-s)/(a-1),f=Math.sqrt(t-e.t),[p,m]=[Math.sqrt(t)/f,Math.sqrt(e.t)/f],h=n*f,{points:g,mass:_}=e;for(let e=0;e<a;e++){let t=s+d*e,n=t*p-h,r=0;for(let e=0;e<g.length;e++){let t=n-g[e]*m;t<8&&t>-8&&(r+=_[e]*Math.exp(-.5*t*t))}let i=e===0||e===a-1?1:e%2==1?4:2;l[e]=t,u[e]=i*d/3*r*(p/E)}return{t,points:l,mass:u}}function M(e,t,n){let r=D(),i=0;return e.map((a,o)=>{let s=t(a)-i,c=s<=0?40:g(e=>s-O(r,a,0,e),{low:-N,high:N});return i=Math.max(i,t(a)),o<e.length-1&&(r=j(r,a,0,{low:-1/0,high:c,grid:n})),c})}const N=9;function P(e,t,n,r=241){let i=e.length-1,a=a=>{let o=D(),s=0,c=[];for(let l=0;l<i;l++){let i=e[l],u=n(i)-s;s=n(i);let d=a*Math.sqrt(i),f=g(e=>k(o,i,a,e)-u,{low:d-10,high:d+10});c.push(Math.min(f,t[l])),o=j(o,i,a,{low:c[l],high:t[l],grid:r})}return{lower:c,excess:n(1)-s-k(o,e[i],a,t[i])}},o=g(e=>a(e).excess,{low:0,high:12,halvings:34});return{drift:o,bounds:[...a(o).lower,t[i]].map((t,n)=>o*Math.sqrt(e[n])-t)}}function F(e,{efficacy:t,lower:n,drift:r,grid:i=241}){let a=D(),o={crossed:[],futile:[]};return e.forEach((s,c)=>{o.crossed.push(O(a,s,r,t[c])),o.futile.push(k(a,s,r,n[c])),c<e.length-1&&(a=j(a,s,r,{low:n[c],high:t[c],grid:i}))}),o}function I(e,t,n){let r=Math.min(1,Math.max(0,n));return e*Math.expm1(-t*r)/Math.expm1(-t)}const ee=[`decided`,`regressed`],L=i().gt(0).max(1),R=i().min(-40).max(40),z=r({drop:L,fractions:a(L),drift:i().min(0).max(100),efficacy:a(a(R)),futility:a(R)}),B=r({looks:i().int().min(2).max(10),alpha:L,missed:L,factors:n(o(l),z),benchmarks:c(s().max(300),a(L))});function V(e){return e.flatMap((t,n)=>t>(e[n-1]??0)+1e-6?[n]:[])}function H(e,t,n=new Set,r=161){let i=V(t).filter(e=>!n.has(e)),a=M(i.map(e=>t[e]),t=>I(e,-2,t),r),o=t.map(()=>40);return i.forEach((e,t)=>{o[e]=a[t]}),o}const U=new Map;function W(e,t){let n=JSON.stringify([e,t.alpha,t.missed,t.familySize]),r=U.get(n)??G(e,t);return U.size>=100&&U.clear(),U.set(n,r),structuredClone(r)}function G(e,{alpha:t,missed:n,familySize:r}){let i=Array.from({length:r},(e,n)=>t/(r-n)).map(t=>H(t,e)),a=V(e),{drift:o,bounds:s}=P(a.map(t=>e[t]),a.map(e=>i[0][e]),e=>I(n,-1,e),161),c=e.map(()=>40);return a.forEach((e,t)=>{c[e]=s[t]}),{fractions:[...e],drift:o,efficacy:i,futility:c}}function K({looks:e,alpha:t,missed:n,factors:r,benchmarks:i}){let a=Object.keys(r).length;for(let[t,n]of Object.entries(i))if(!q(n,e))return`the information fractions of ${t} do not rise to 1`;for(let[i,o]of Object.entries(r)){if(!q(o.fractions,e))return`the information fractions of ${i} do not rise to 1`;let r=W(o.fractions,{alpha:t,missed:n,familySize:a});if(!(J(r.efficacy.flat(),o.efficacy.flat())&&J(r.futility,o.futility)&&J([r.drift],[o.drift])))return`the boundaries of ${i} are not those of its information fractions`}return null}function q(e,t){return e.length===t&&e.at(-1)===1&&e.every((t,n)=>t>=(e[n-1]??0))}function J(e,t){return e.length===t.length&&e.every((e,n)=>Math.abs(e-t[n])<=.001)}function Y({looks:e,alpha:t,missed:n,factors:r,benchmarks:i}){let a=l.flatMap(e=>{let t=r[e];if(t===void 0)return[];let{drop:n,fractions:i,drift:a,efficacy:o,futility:s}=t;return[`${e} ${n} ${i.join()} ${a} ${o.map(e=>e.join()).join(`;`)} ${s.join()}`]}),o=Object.keys(i).sort().map(e=>`${e} ${i[e].join()}`);return`looks ${e} ${t} ${n}\n${[...a,...o].join(`
`)}\n`}const X=[`paper`,`chance`,`effective`,`macro`],Z=[`off`,`warn`,`error`],Q={preset:`paper`,alpha:.05,driftAlpha:.05,minimumEffect:{factor:.005,benchmark:.01},margins:{wk:.01,if:.04,safety:.01},otherMargin:.01,failOn:[`regressed`,`incomplete`],thresholds:{}},te=.8;function ne(e,{minimumEffect:t,margins:n,thresholds:r}){let i=r[e];return{level:i?.level??`error`,minimumEffect:i?.minimumEffect??t.factor,margin:i?.margin??n[e]}}function $(e,t,n){let r=m(n.thresholds,e);return{level:r?.level??`error`,minimumEffect:r?.minimumEffect??n.minimumEffect.benchmark,margin:r?.margin??(t?n.margins[t]:n.otherMargin)}}function re(e,t,n,r){let i=$(e,t,r),a=n.some(e=>$(e,t,r).level===`warn`),o=m(r.thresholds,e)?.level??(a?`warn`:`error`);return{...i,level:o}}export{g as S,M as _,$ as a,D as b,ee as c,Y as d,W as f,F as g,I as h,X as i,B as l,V as m,Z as n,ne as o,K as p,te as r,re as s,Q as t,H as u,j as v,w as x,O as y};