import{i as e,t}from"./rolldown-runtime.js";import{t as n}from"./error.js";import{a as r,n as i,o as a,s as o}from"./count.js";import{B as s,C as c,F as l,G as u,H as d,I as f,K as p,L as m,N as h,S as g,V as _,f as v,h as y}from"./policy.js";import{a as b,s as x}from"./plan.js";import{hash as S}from"node:crypto";
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
var C=t(((e,t)=>{t.exports=+(l()===!0)})),w=t(((e,t)=>{
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
var n=m(),r=f(),i=C(),a=new r(1),o=new n(a.buffer);function s(e,t){return a[0]=e,o[i]=t>>>0,a[0]}t.exports=s})),T=t(((e,t)=>{
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
t.exports=w()})),E=t(((e,t)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2022 The Stdlib Authors.
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
function n(e){return e===0?.3999999999940942:.3999999999940942+e*(.22222198432149784+e*.15313837699209373)}t.exports=n})),D=t(((e,t)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2022 The Stdlib Authors.
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
function n(e){return e===0?.6666666666666735:.6666666666666735+e*(.2857142874366239+e*(.1818357216161805+e*.14798198605116586))}t.exports=n})),ee=t(((e,t)=>{
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
*
*
* ## Notice
*
* The following copyright and license were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/e_log.c}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
*
* Developed at SunPro, a Sun Microsystems, Inc. business.
* Permission to use, copy, modify, and distribute this
* software is freely granted, provided that this notice
* is preserved.
* ```
*/
var n=h(),r=T(),i=u(),a=s(),o=d(),c=E(),l=D(),f=.6931471803691238,p=19082149292705877e-26,m=0x40000000000000,g=.3333333333333333,_=1048575,v=2146435072,y=1048576,b=1072693248;function x(e){var t,s,u,d,h,x,S,C,w,T,E,D;return e===0?o:i(e)||e<0?NaN:(s=n(e),h=0,s<y&&(h-=54,e*=m,s=n(e)),s>=v?e+e:(h+=(s>>20)-a|0,s&=_,C=s+614244&1048576,e=r(e,s|C^b),h+=C>>20,S=e-1,(_&2+s)<3?S===0?h===0?0:h*f+h*p:(x=S*S*(.5-g*S),h===0?S-x:h*f-(x-h*p-S)):(T=S/(2+S),D=T*T,C=s-398458|0,E=D*D,w=440401-s|0,d=E*c(E),u=D*l(E),C|=w,x=u+d,C>0?(t=.5*S*S,h===0?S-(t-T*(t+x)):h*f-(t-(T*(t+x)+h*p)-S)):h===0?S-T*(S-x):h*f-(T*(S-x)-h*p-S))))}t.exports=x})),O=t(((e,t)=>{
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
t.exports=ee()})),te=t(((e,t)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2022 The Stdlib Authors.
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
function n(e){var t,n,r;return e===0?-.0005087819496582806:(t=e<0?-e:e,t<=1?(n=-.0005087819496582806+e*(-.008368748197417368+e*(.03348066254097446+e*(-.012692614766297404+e*(-.03656379714117627+e*(.02198786811111689+e*(.008226878746769157+e*(-.005387729650712429+e*(0+e*0)))))))),r=1+e*(-.9700050433032906+e*(-1.5657455823417585+e*(1.5622155839842302+e*(.662328840472003+e*(-.7122890234154284+e*(-.05273963823400997+e*(.07952836873415717+e*(-.0023339375937419+e*.0008862163904564247))))))))):(e=1/e,n=0+e*(0+e*(-.005387729650712429+e*(.008226878746769157+e*(.02198786811111689+e*(-.03656379714117627+e*(-.012692614766297404+e*(.03348066254097446+e*(-.008368748197417368+e*-.0005087819496582806)))))))),r=.0008862163904564247+e*(-.0023339375937419+e*(.07952836873415717+e*(-.05273963823400997+e*(-.7122890234154284+e*(.662328840472003+e*(1.5622155839842302+e*(-1.5657455823417585+e*(-.9700050433032906+e*1))))))))),n/r)}t.exports=n})),ne=t(((e,t)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2022 The Stdlib Authors.
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
function n(e){var t,n,r;return e===0?-.20243350835593876:(t=e<0?-e:e,t<=1?(n=-.20243350835593876+e*(.10526468069939171+e*(8.3705032834312+e*(17.644729840837403+e*(-18.851064805871424+e*(-44.6382324441787+e*(17.445385985570866+e*(21.12946554483405+e*-3.6719225470772936))))))),r=1+e*(6.242641248542475+e*(3.971343795334387+e*(-28.66081804998+e*(-20.14326346804852+e*(48.560921310873994+e*(10.826866735546016+e*(-22.643693341313973+e*1.7211476576120028)))))))):(e=1/e,n=-3.6719225470772936+e*(21.12946554483405+e*(17.445385985570866+e*(-44.6382324441787+e*(-18.851064805871424+e*(17.644729840837403+e*(8.3705032834312+e*(.10526468069939171+e*-.20243350835593876))))))),r=1.7211476576120028+e*(-22.643693341313973+e*(10.826866735546016+e*(48.560921310873994+e*(-20.14326346804852+e*(-28.66081804998+e*(3.971343795334387+e*(6.242641248542475+e*1)))))))),n/r)}t.exports=n})),re=t(((e,t)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2022 The Stdlib Authors.
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
function n(e){var t,n,r;return e===0?-.1311027816799519:(t=e<0?-e:e,t<=1?(n=-.1311027816799519+e*(-.16379404719331705+e*(.11703015634199525+e*(.38707973897260434+e*(.3377855389120359+e*(.14286953440815717+e*(.029015791000532906+e*(.0021455899538880526+e*(-6.794655751811263e-7+e*(2.8522533178221704e-8+e*-681149956853777e-24))))))))),r=1+e*(3.4662540724256723+e*(5.381683457070069+e*(4.778465929458438+e*(2.5930192162362027+e*(.848854343457902+e*(.15226433829533179+e*(.011059242293464892+e*(0+e*(0+e*0)))))))))):(e=1/e,n=-681149956853777e-24+e*(2.8522533178221704e-8+e*(-6.794655751811263e-7+e*(.0021455899538880526+e*(.029015791000532906+e*(.14286953440815717+e*(.3377855389120359+e*(.38707973897260434+e*(.11703015634199525+e*(-.16379404719331705+e*-.1311027816799519))))))))),r=0+e*(0+e*(0+e*(.011059242293464892+e*(.15226433829533179+e*(.848854343457902+e*(2.5930192162362027+e*(4.778465929458438+e*(5.381683457070069+e*(3.4662540724256723+e*1)))))))))),n/r)}t.exports=n})),ie=t(((e,t)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2022 The Stdlib Authors.
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
function n(e){var t,n,r;return e===0?-.0350353787183178:(t=e<0?-e:e,t<=1?(n=-.0350353787183178+e*(-.0022242652921344794+e*(.018557330651423107+e*(.009508047013259196+e*(.0018712349281955923+e*(.00015754461742496055+e*(460469890584318e-20+e*(-2304047769118826e-25+e*26633922742578204e-28))))))),r=1+e*(1.3653349817554064+e*(.7620591645536234+e*(.22009110576413124+e*(.03415891436709477+e*(.00263861676657016+e*(7646752923027944e-20+e*(0+e*0)))))))):(e=1/e,n=26633922742578204e-28+e*(-2304047769118826e-25+e*(460469890584318e-20+e*(.00015754461742496055+e*(.0018712349281955923+e*(.009508047013259196+e*(.018557330651423107+e*(-.0022242652921344794+e*-.0350353787183178))))))),r=0+e*(0+e*(7646752923027944e-20+e*(.00263861676657016+e*(.03415891436709477+e*(.22009110576413124+e*(.7620591645536234+e*(1.3653349817554064+e*1)))))))),n/r)}t.exports=n})),ae=t(((e,t)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2022 The Stdlib Authors.
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
function n(e){var t,n,r;return e===0?-.016743100507663373:(t=e<0?-e:e,t<=1?(n=-.016743100507663373+e*(-.0011295143874558028+e*(.001056288621524929+e*(.00020938631748758808+e*(14962478375834237e-21+e*(4.4969678992770644e-7+e*(4.625961635228786e-9+e*(-2811287356288318e-29+e*9905570997331033e-32))))))),r=1+e*(.5914293448864175+e*(.1381518657490833+e*(.016074608709367652+e*(.0009640118070051656+e*(27533547476472603e-21+e*(2.82243172016108e-7+e*(0+e*0)))))))):(e=1/e,n=9905570997331033e-32+e*(-2811287356288318e-29+e*(4.625961635228786e-9+e*(4.4969678992770644e-7+e*(14962478375834237e-21+e*(.00020938631748758808+e*(.001056288621524929+e*(-.0011295143874558028+e*-.016743100507663373))))))),r=0+e*(0+e*(2.82243172016108e-7+e*(27533547476472603e-21+e*(.0009640118070051656+e*(.016074608709367652+e*(.1381518657490833+e*(.5914293448864175+e*1)))))))),n/r)}t.exports=n})),oe=t(((e,t)=>{
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
*
*
* ## Notice
*
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_48_0/boost/math/special_functions/detail/erf_inv.hpp}. This implementation follows the original, but has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var n=u(),r=c(),i=O(),a=_(),o=d(),s=te(),l=ne(),f=re(),p=ie(),m=ae(),h=.08913147449493408,g=2.249481201171875,v=.807220458984375,y=.9399557113647461,b=.9836282730102539;function x(e){var t,c,u,d,_,x;return n(e)?NaN:e===1?a:e===-1?o:e===0?e:e>1||e<-1?NaN:(e<0?(t=-1,c=-e):(t=1,c=e),d=1-c,c<=.5?(_=c*(c+10),x=s(c),t*(_*h+_*x)):d>=.25?(_=r(-2*i(d)),d-=.25,x=l(d),t*(_/(g+x))):(d=r(-i(d)),d<3?(u=d-1.125,x=f(u),t*(v*d+x*d)):d<6?(u=d-3,x=p(u),t*(y*d+x*d)):(u=d-6,x=m(u),t*(b*d+x*d))))}t.exports=x})),se=t(((e,t)=>{
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
t.exports=oe()})),ce=t(((e,t)=>{
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
var n=se(),r=u(),i=c();function a(e,t,a){var o,s;return r(t)||r(a)||r(e)||a<0||e<0||e>1?NaN:a===0?t:(o=t,s=a*i(2),o+s*n(2*e-1))}t.exports=a})),le=t(((e,t)=>{
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
var n=u();function r(e,t){return n(e)||e<0||e>1?NaN:t}t.exports=r})),ue=t(((e,t)=>{
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
var n=g(),r=u();function i(e){return r(e)?n(NaN):t;function t(t){return r(t)||t<0||t>1?NaN:e}}t.exports=i})),k=t(((e,t)=>{
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
var n=p(),r=le();n(r,`factory`,ue()),t.exports=r})),de=t(((e,t)=>{
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
var n=g(),r=k().factory,i=se(),a=u(),o=c();function s(e,t){var s,c;return a(e)||a(t)||t<0?n(NaN):(t===0&&r(e),s=e,c=t*o(2),l);function l(e){return a(e)||e<0||e>1?NaN:s+c*i(2*e-1)}}t.exports=s})),A=t(((e,t)=>{
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
var n=p(),r=ce();n(r,`factory`,de()),t.exports=r}));function j(e,t,n){let r=e?.tasks.find(({name:e})=>e===t)?.chance;return M(e,r??e?.chance??null,n)}function M(e,t,n){let r=e?.direction===`lower`,i=r?{slope:-1,offset:1}:{slope:1,offset:0};if(n!==`chance`||t===null||t>=1||t<=0)return i;let a=1/(1-t);return r?{slope:-a,offset:a}:{slope:a,offset:-t*a}}function fe({slope:e,offset:t}){return e<0?[t+e,t]:[t,t+e]}function N(e,t,n){let r=e.reduce((e,{weight:t})=>e+t,0),i=0,a=0;for(let{task:o,weight:s}of e){let e=j(t,o,n);i+=s/r*e.slope,a+=s/r*e.offset}return{slope:i,offset:a}}function P(e,t,n){let r=e.tasks.filter(({n:e})=>e>0),i=F(r.map(({task:e})=>e),t,n);return i===null?r.length>0&&r.every(({mean:e})=>e!==null)?N(r.map(({task:e,n:t})=>({task:e,weight:t})),t,n):M(t,e.chance??t?.chance??null,n):i}function pe(e,t,n){let r=new Float64Array(e.length),i=new Map;return e.forEach(({task:e,score:a},o)=>{let s=i.get(e);s===void 0&&(s=j(t,e,n),i.set(e,s)),r[o]=s.offset+s.slope*a}),r}function F(e,t,n){let r=null,i=null;for(let a of e){if(a===i)continue;i=a;let e=j(t,a,n);if(r!==null&&(e.slope!==r.slope||e.offset!==r.offset))return null;r=e}return r}function me(e,t){return t?.direction===`lower`?1-e:e}function he(e,t,n){if(e.mean===null)return null;let r=e.tasks.filter(({n:e})=>e>0);if(F(r.map(({task:e})=>e),t,n)===null&&r.length>0&&r.every(({mean:e})=>e!==null)){let e=r.reduce((e,{n:t})=>e+t,0),i=0,a=0;for(let o of r){let r=j(t,o.task,n),s=o.n/e;i+=s*(r.offset+r.slope*o.mean),a=a===null||o.stderr===null?null:a+(s*r.slope*o.stderr)**2}return{mean:i,stderr:a===null?null:Math.sqrt(a)}}let i=P(e,t,n);return{mean:i.offset+i.slope*e.mean,stderr:e.stderr===null?null:Math.abs(i.slope)*e.stderr}}function ge(e,t){let n=L(e),r=L(t),i=ve(n,r)?{baseline:n,candidate:r}:ye(n,r),a=Math.min(e.length,t.length);return{...i,share:a===0?0:i.baseline.length/a}}function _e({baseline:e,candidate:t},n){if(e.every(({inclusionP:e},n)=>e===t[n].inclusionP))return e.map(({inclusionP:e})=>e);let[r,i]=[I(n),I(e)];return e.map(({task:e,inclusionP:n},a)=>{let o=n*(i.get(e)/r.get(e)),s=Math.min(n,t[a].inclusionP);return Math.abs(s-o)<=1e-9*o?s:o})}function I(e){let t=new Map;for(let{task:n,inclusionP:r}of e)t.set(n,(t.get(n)??0)+1/r);return t}function ve(e,t){return e.length===t.length&&e.every(({docHash:e,task:n},r)=>{let i=t[r];return e===i.docHash&&n===i.task})}function ye(e,t){let n=new Map;for(let e of t){let t=n.get(e.task)??new Map;n.set(e.task,t);let r=t.get(e.docHash);r?r.items.push(e):t.set(e.docHash,{items:[e],taken:0})}let r={baseline:[],candidate:[]};for(let t of e){let e=n.get(t.task)?.get(t.docHash),i=e?.items[e.taken];e!==void 0&&i!==void 0&&(e.taken++,r.baseline.push(t),r.candidate.push(i))}return r}function L(e){let t=[...e];return t.every((e,n)=>n===0||R(t[n-1],e)<=0)?t:t.sort(R)}function R(e,t){return be(e.task,t.task)||e.docId-t.docId}function be(e,t){return e<t?-1:+(e>t)}var z=e(A(),1);function xe(e,{alpha:t,familySize:n,minimumEffect:r,power:i=.8}){if(!(e>Math.max(0,r)))return null;let a=e=>(0,z.default)(e,0,1),o=t/2/Math.max(1,n);return Math.min(e/(a(1-o)+a(i)),(e-r)/a(i))}function B(e,t){return e.reduce((e,{id:n,items:r,cost:i})=>{let a=V(n,t);return e+(a===null?r*(t.perItem??0):i*a)},t.load)}function V(e,{perCost:t}){return t.get(e)??t.get(null)??null}function H(e,t,n){let r=new Map(e.map(e=>[e,n===void 0||e.factor===null?Se(e):q(U(e),t=>K(e,W(e,t))<=n(e))])),i=(e,t)=>W(e,Math.max(r.get(e),t*e.share)),o=new Map,s=new Map,c=new Map,l=(e,t)=>{let n=i(e,t);e.strata.forEach(({task:e},t)=>void o.set(e,n[t]));let r=K(e,n);return s.set(e.id,r),r};for(let n of a){let r=e.filter(e=>e.factor===n&&e.strata.length>0);if(r.length===0)continue;let a=t[n]??1/0,o=q(Math.max(...r.map(e=>U(e)/e.share)),e=>r.reduce((t,n)=>t+n.share**2*K(n,i(n,e)),0)<=a);c.set(n,r.reduce((e,t)=>e+t.share**2*l(t,o),0))}for(let t of e)t.factor===null&&l(t,0);return{sizes:o,benchmarks:s,factors:c}}function Se(e){let t=e.strata.reduce((e,t)=>e+t.documents,0),n=U(e);return t<=500||e.factor===`if`?n:q(n,t=>W(e,t).reduce((e,t)=>e+t,0)>=200)}function U({strata:e,rate:t}){return Math.max(...e.map(e=>e.documents/G(e,t)))}function W({strata:e,rate:t},n){return e.map(e=>Math.min(e.documents,Math.max(2,Math.ceil(n*G(e,t)))))}function G({reducible:e,cost:t},n){return Math.sqrt(e/(t*n))}function K({strata:e,irreducible:t},n){return e.reduce((e,{reducible:t},r)=>e+t/n[r],t)}function q(e,t){let n=0,r=e;for(let e=0;e<60;e++){let e=(n+r)/2;t(e)?r=e:n=e}return r}function J(e,t,{alpha:n,familySize:r,power:i},a=1){let o=y(n/Math.max(1,r),-2,a),s=e=>(0,z.default)(e,0,1),c=e/(s(1-o)+s(i)),l=Math.max(t,we);return c**2*l/(l+e*(1-e))}function Ce(e,t,n,r){let i=J(e,t,n);for(let a=0;a<20;a++)i=Math.max(r,J(e,t,n,Math.min(1,r/i)));return i}const we=1e-4;function Y(e){return Array.from({length:e},(t,n)=>(n+1)/e)}function Te(e,t,n,r,i,a){let o=e=>n(e,t.benchmarks.get(e.id)),s=Y(i).map((n,r)=>r===i-1?t:H(e,Ee(t.factors,1/n),o)),c=e=>{let n=e(t),r=s.map(t=>n===0?1:Math.min(1,n/e(t)));return r[i-1]=1,r},l={};for(let[e,n]of Object.entries(r)){let r=c(t=>t.factors.get(e)),i=v(r,a),o=i.drift*Math.sqrt(t.factors.get(e));l[e]={drop:Math.min(1,o>1.02*n?o:n),...i}}let u=e.map(({id:e})=>[e,c(t=>t.benchmarks.get(e))]),{alpha:d,missed:f}=a;return{steps:s,sequential:{looks:i,alpha:d,missed:f,factors:l,benchmarks:Object.fromEntries(u)}}}function Ee(e,t){return Object.fromEntries([...e].map(([e,n])=>[e,n*t]))}const De={flips:.1,dependence:.1};function Oe(e){let{flips:t,dependence:n}=r(e)?.assumed??De;return{variance:t,dependence:n,source:`assumed`}}function ke(e,{variance:t,dependence:n}){let r=e.reduce((e,{documents:t})=>e+t.hashes.length,0),i=new Map,a=0,o=0,s=e.map(({task:e,documents:s,cost:c})=>{let l=s.hashes.length,u=new Map;for(let e of s.clusters)e!==null&&u.set(e,(u.get(e)??0)+1);let d=0;for(let[e,t]of u)d+=t*(t-1),a+=t**2,i.set(e,(i.get(e)??0)+t);let f=l<2?0:d/(l*(l-1)),p=(l/r)**2*t;return o+=p*n*f,{task:e,documents:l,reducible:p*Math.max(1-n*f,1e-6),cost:c}}),c=-a;for(let e of i.values())c+=e**2;return o+=t*n*c/r**2,{strata:s,irreducible:o}}function Ae(e,{variance:t,dependence:n}){let r=0,i=0,a=0,o=new Map;for(let{inclusionP:t,clusters:n}of e)t.forEach((e,t)=>{let s=1/e,c=n[t]??null;r+=s,i+=s**2,c===null?a+=s**2:o.set(c,(o.get(c)??0)+s)});if(r===0)return 0;for(let e of o.values())a+=e**2;return t*((1-n)*i+n*a)/r**2}function je(e,t,n){let{sizes:r,benchmarks:i,detect:a,looks:o}=Me(t,n),{power:s,alpha:c}=n.test,l={detect:a,power:s,alpha:c,spreads:Object.fromEntries([...i.keys()].map(e=>[e,X(e,n)]))},u=({task:t,documents:n})=>Ue(n?.hashes??[],r.get(t)??0,e);if(o===void 0)return b({suite:`pr`,seed:e,sample:l},t,u);let{steps:d,sequential:f}=o;return b({suite:`pr`,seed:e,sample:l,sequential:f},t,u,({task:t,documents:n})=>{let r=d.map(({sizes:e})=>e.get(t)??0),i=new Map;return We(n?.hashes??[],e).forEach((e,t)=>{let n=r.findIndex(e=>t<e);n>=0&&i.set(e,n+1)}),e=>i.get(e)})}function Me(e,t){let n=Fe(e,t);Le(n,t);let{looks:r=null,limit:i}=t,a=Ne(n,t.test),o=r&&v(Y(r.count),a).drift,s=r&&Pe(n,r,t),c=e=>{let r=Ie(n,t,e,o),i=H(n,r.variance,s?.last);return{...i,detect:r.detect,work:Re(n,i)}},l=i===null?c(1):Be(c,ze(n,t),t);return r===null||s===null?l:{...l,looks:Te(n,l,s.first,l.detect,r.count,a)}}function Ne(e,t){let n=Math.max(1,Z(e,t).length);return{alpha:t.alpha/2,missed:1-t.power,familySize:n}}function Pe(e,{collapse:t},n){let{alpha:r,power:i}=n.test,a={alpha:r/2,familySize:e.length,power:i},o=({id:e})=>X(e,n).variance;return{last:e=>J(t,o(e),a),first:(e,n)=>Ce(t,o(e),a,n)}}function Fe(e,t){let n=e.flatMap(({id:e,reason:t,tasks:n})=>{let r=n.flatMap(({task:e,documents:t})=>{if(t===null||t.hashes.length===0)return[];let n=t.hashes.reduce((e,n,r)=>e+x(t,r),0);return[{task:e,documents:t,cost:Math.max(1,n/t.hashes.length)}]});return t!==null||r.length===0?[]:[{id:e,tasks:r}]}),i=e=>r(e)?.size??0,a=e=>r(e)?.factor??null;return n.map(({id:e,tasks:r})=>{let o=a(e),s=n.reduce((e,t)=>e+(a(t.id)===o?i(t.id):0),0);return{id:e,factor:o,share:o===null?0:i(e)/s,rate:(t.pace&&V(e,t.pace))??1,...ke(r,X(e,t))}})}function X(e,{spreads:t}){return t.get(e)??Oe(e)}function Ie(e,{detect:t,test:n},r,i){let a=Z(e,n),o={},s={};for(let e of a){let c=Math.min(1,t[e]*r),l=xe(c,{alpha:n.alpha,familySize:a.length,minimumEffect:n.minimumEffect(e,`factor`),power:n.power}),u=l===null||i===null?l:Math.min(l,c/i);s[e]=c,o[e]=u===null?0:.98*u**2}return{variance:o,detect:s}}function Z(e,{untested:t}){return a.filter(n=>!t.includes(n)&&e.some(({factor:e})=>e===n))}function Le(e,{detect:t,test:r}){for(let i of Z(e,r)){let e=r.minimumEffect(i,`factor`);if(!(t[i]>e))throw new n(`usage`,`no sample shows a drop of ${He(t[i])} points in ${o[i]}: up to the minimum effect of ${He(e)} points nothing is called regressed`,{hint:`give a larger --detect, or a smaller --minimum-effect here and in the comparison`})}}function Re(e,{sizes:t}){return e.map(({id:e,strata:n})=>({id:e,items:n.reduce((e,{task:n})=>e+t.get(n),0),cost:n.reduce((e,{task:n,cost:r})=>e+t.get(n)*r,0)}))}const Q=1e3;function ze(e,{detect:t,test:n}){let r=Z(e,n).map(e=>n.minimumEffect(e,`factor`)/t[e]);return Math.max(1e-6,...r)}function Be(e,t,{limit:n,pace:r}){let i=({work:e})=>{if(n!==null&&`items`in n)return e.reduce((e,{items:t})=>e+t,0);if(r===null)throw Error(`a limit in seconds needs a pace`);return B(e,r)},a=n===null?1/0:`items`in n?n.items:n.seconds,o=Math.log(t),s=Math.log(Q),c=e(t);if(i(c)<=a)return c;let l=e(Q);if(i(l)>a)throw Ve(i(l),n);for(let t=0;t<50;t++){let t=(o+s)/2,n=e(Math.exp(t));i(n)<=a?(l=n,s=t):o=t}return l}function Ve(e,t){let[r,a]=`items`in t?[`${t.items} ${i(t.items,`item`)}`,`${e} ${i(e,`item`)}`]:[`${(t.seconds/60).toFixed(1)} minutes`,`${(e/60).toFixed(1)} minutes`];return new n(`usage`,`${r} are too few: showing that a benchmark collapsed takes at least ${a}`,{hint:`allow more, or plan for fewer --benchmarks`})}function He(e){return String(Number((100*e).toFixed(2)))}function Ue(e,t,n){return t>=e.length?e.map((e,t)=>t):We(e,n).slice(0,t).sort((e,t)=>e-t)}function We(e,t){let n=new Map,r=Float64Array.from(e,e=>{let r=n.get(e)??0;return n.set(e,r+1),$(t,e,r)});return e.map((e,t)=>t).sort((e,t)=>r[e]-r[t]||e-t)}function $(e,t,n){let r=S(`sha256`,`${e} ${t} ${n}`,`hex`);return Number.parseInt(r.slice(0,13),16)/2**52}export{P as _,Ae as a,O as b,_e as c,me as d,pe as f,j as g,fe as h,Z as i,ge as l,N as m,je as n,Oe as o,he as p,Me as r,B as s,$ as t,F as u,A as v,T as x,k as y};