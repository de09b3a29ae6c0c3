import{i as e,t}from"./rolldown-runtime.js";import{T as n,t as r,w as i}from"./lib.js";import{f as a,u as o}from"./wilson-design-interval.js";
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
var s=t(((e,t)=>{var n=i(),r=o();function a(e,t,i){return n(t)||n(i)||n(e)||t<0||i<=0||e<0||e>1?NaN:t===0?0:1/i*r(e,t)}t.exports=a})),c=t(((e,t)=>{
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
var n=r(),s=o(),c=a().factory,l=i();function u(e,t){return l(e)||l(t)||e<0||t<=0?n(NaN):e===0?c(0):r;function r(n){return l(n)||n<0||n>1?NaN:1/t*s(n,e)}}t.exports=u})),l=t(((e,t)=>{
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
var r=n(),i=s();r(i,`factory`,c()),t.exports=i})),u=t(((e,t)=>{
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
var n=l();function r(e,t){return n(e,t/2,.5)}t.exports=r})),d=t(((e,t)=>{
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
var n=l().factory;function r(e){return n(e/2,.5)}t.exports=r})),f=e(t(((e,t)=>{
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
var r=n(),i=u();r(i,`factory`,d()),t.exports=i}))(),1);function p(e,t,n){let r=e.length;if(r<3)throw RangeError(`the spread between runs needs 3 models, not ${r}`);if(t.length!==r*(r-1)/2)throw RangeError(`${t.length} standard errors for the pairs of ${r} models`);if(![...e,...t].every(Number.isFinite))throw RangeError(`scores or errors not finite`);let i=e.reduce((e,t)=>e+t,0)/r,a=e.reduce((e,t)=>e+(t-i)**2,0),o=t.reduce((e,t)=>e+t**2,0)/t.length/2,s=r-1,c=e=>Math.sqrt(Math.max(0,e-o));return{sd:c(a/s),ci:[c(a/(0,f.default)((1+n)/2,s)),c(a/(0,f.default)((1-n)/2,s))],variance:a/s,noise:o,df:s}}function m(e,{sd:t,variance:n,df:r}){if(e.se===null||e.df===null)return e;let i=e.se**2,a=i+2*t**2;return a===0?e:{...e,se:Math.sqrt(a),df:Math.max(1,a**2/(i**2/e.df+(2*n)**2/r))}}export{m as n,p as t};