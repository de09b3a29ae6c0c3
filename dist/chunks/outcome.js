import{i as e,t}from"./rolldown-runtime.js";import{D as n,O as r,i}from"./json.js";import{c as a,o,s,u as c}from"./effective-size.js";
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
var l=t(((e,t)=>{var r=a(),i=n(),o=c();function s(e,t){var n,a,s;return i(e)||i(t)||t<=0?NaN:e===0?.5:(n=o(e,2),t>2*n?(s=n/(t+n),a=r(s,.5,t/2,!0,!0)/2):(s=t/(t+n),a=r(s,t/2,.5,!0,!1)/2),e>0?1-a:a)}t.exports=s})),u=t(((e,t)=>{
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
var r=i(),o=a(),s=n(),l=c();function u(e){return s(e)||e<=0?r(NaN):t;function t(t){var n,r,i;return s(t)?NaN:t===0?.5:(n=l(t,2),e>2*n?(i=n/(e+n),r=o(i,.5,e/2,!0,!0)/2):(i=e/(e+n),r=o(i,e/2,.5,!0,!1)/2),t>0?1-r:r)}}t.exports=u})),d=t(((e,t)=>{
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
var n=r(),i=l();n(i,`factory`,u()),t.exports=i})),f=e(d(),1);function p({estimate:e,se:t,df:n}){return t===null||n===null?null:t===0?e===0?1:null:Math.min(1,2*(0,f.default)(-Math.abs(e/t),n))}var m=e(s(),1);function h(e,t){if(![e,t].every(e=>Number.isInteger(e)&&e>=0))throw RangeError(`${e} gained and ${t} lost are not counts`);return Math.min(1,2*(0,m.default)(Math.min(e,t),e+t,.5))}var g=e(o(),1);function _({estimate:e,se:t,df:n},r){if(t===null||n===null)return null;if(t===0)return[e,e];let i=(0,g.default)((1+r)/2,n)*t;return[e-i,e+i]}function v({estimate:e,testable:t,pAdjusted:n,equivalenceCi:r},i){if(!t)return`inconclusive`;let a=n!==null&&n<=i.alpha;if(a&&e<-i.minimumEffect)return`regressed`;if(a&&e>i.minimumEffect)return`improved`;let[o,s]=r??[-1/0,1/0];return o>-i.margin&&s<i.margin?`equivalent`:`inconclusive`}function y({se:e,df:t,units:n}){return e!==null&&t!==null&&n>=10&&t>=4}export{p as a,h as i,y as n,d as o,_ as r,v as t};