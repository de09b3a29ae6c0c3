import{i as __toESM,r as __require,t as __commonJSMin}from"./rolldown-runtime.js";import{n as hasSystemCode,t as SosBenchError}from"./error.js";import{E as string,O as union,m as array,p as _enum,s as fileError,v as literal}from"./schema.js";import{n as findBenchmark,r as FACTORS,t as CATALOGUE}from"./catalogue.js";import{a as modelArguments,c as points,d as wholeNumber,i as fraction,l as textList,m as PRESETS,n as clusteredMean,o as onOff,r as factorList,s as onOffAuto,t as combine,u as thresholdList}from"./combine.js";import{join}from"node:path";import{readFile}from"node:fs/promises";var require_identity=__commonJSMin((exports=>{let ALIAS=Symbol.for(`yaml.alias`),DOC=Symbol.for(`yaml.document`),MAP=Symbol.for(`yaml.map`),PAIR=Symbol.for(`yaml.pair`),SCALAR=Symbol.for(`yaml.scalar`),SEQ=Symbol.for(`yaml.seq`),NODE_TYPE=Symbol.for(`yaml.node.type`),isAlias=node=>!!node&&typeof node==`object`&&node[NODE_TYPE]===ALIAS,isDocument=node=>!!node&&typeof node==`object`&&node[NODE_TYPE]===DOC,isMap=node=>!!node&&typeof node==`object`&&node[NODE_TYPE]===MAP,isPair=node=>!!node&&typeof node==`object`&&node[NODE_TYPE]===PAIR,isScalar=node=>!!node&&typeof node==`object`&&node[NODE_TYPE]===SCALAR,isSeq=node=>!!node&&typeof node==`object`&&node[NODE_TYPE]===SEQ;function isCollection(node){if(node&&typeof node==`object`)switch(node[NODE_TYPE]){case MAP:case SEQ:return!0}return!1}function isNode(node){if(node&&typeof node==`object`)switch(node[NODE_TYPE]){case ALIAS:case MAP:case SCALAR:case SEQ:return!0}return!1}exports.ALIAS=ALIAS,exports.DOC=DOC,exports.MAP=MAP,exports.NODE_TYPE=NODE_TYPE,exports.PAIR=PAIR,exports.SCALAR=SCALAR,exports.SEQ=SEQ,exports.hasAnchor=node=>(isScalar(node)||isCollection(node))&&!!node.anchor,exports.isAlias=isAlias,exports.isCollection=isCollection,exports.isDocument=isDocument,exports.isMap=isMap,exports.isNode=isNode,exports.isPair=isPair,exports.isScalar=isScalar,exports.isSeq=isSeq})),require_visit=__commonJSMin((exports=>{var identity=require_identity();let BREAK=Symbol(`break visit`),SKIP=Symbol(`skip children`),REMOVE=Symbol(`remove node`);function visit(node,visitor){let visitor_=initVisitor(visitor);identity.isDocument(node)?visit_(null,node.contents,visitor_,Object.freeze([node]))===REMOVE&&(node.contents=null):visit_(null,node,visitor_,Object.freeze([]))}visit.BREAK=BREAK,visit.SKIP=SKIP,visit.REMOVE=REMOVE;function visit_(key,node,visitor,path){let ctrl=callVisitor(key,node,visitor,path);if(identity.isNode(ctrl)||identity.isPair(ctrl))return replaceNode(key,path,ctrl),visit_(key,ctrl,visitor,path);if(typeof ctrl!=`symbol`){if(identity.isCollection(node)){path=Object.freeze(path.concat(node));for(let i=0;i<node.items.length;++i){let ci=visit_(i,node.items[i],visitor,path);if(typeof ci==`number`)i=ci-1;else if(ci===BREAK)return BREAK;else ci===REMOVE&&(node.items.splice(i,1),--i)}}else if(identity.isPair(node)){path=Object.freeze(path.concat(node));let ck=visit_(`key`,node.key,visitor,path);if(ck===BREAK)return BREAK;ck===REMOVE&&(node.key=null);let cv=visit_(`value`,node.value,visitor,path);if(cv===BREAK)return BREAK;cv===REMOVE&&(node.value=null)}}return ctrl}async function visitAsync(node,visitor){let visitor_=initVisitor(visitor);identity.isDocument(node)?await visitAsync_(null,node.contents,visitor_,Object.freeze([node]))===REMOVE&&(node.contents=null):await visitAsync_(null,node,visitor_,Object.freeze([]))}visitAsync.BREAK=BREAK,visitAsync.SKIP=SKIP,visitAsync.REMOVE=REMOVE;async function visitAsync_(key,node,visitor,path){let ctrl=await callVisitor(key,node,visitor,path);if(identity.isNode(ctrl)||identity.isPair(ctrl))return replaceNode(key,path,ctrl),visitAsync_(key,ctrl,visitor,path);if(typeof ctrl!=`symbol`){if(identity.isCollection(node)){path=Object.freeze(path.concat(node));for(let i=0;i<node.items.length;++i){let ci=await visitAsync_(i,node.items[i],visitor,path);if(typeof ci==`number`)i=ci-1;else if(ci===BREAK)return BREAK;else ci===REMOVE&&(node.items.splice(i,1),--i)}}else if(identity.isPair(node)){path=Object.freeze(path.concat(node));let ck=await visitAsync_(`key`,node.key,visitor,path);if(ck===BREAK)return BREAK;ck===REMOVE&&(node.key=null);let cv=await visitAsync_(`value`,node.value,visitor,path);if(cv===BREAK)return BREAK;cv===REMOVE&&(node.value=null)}}return ctrl}function initVisitor(visitor){return typeof visitor==`object`&&(visitor.Collection||visitor.Node||visitor.Value)?Object.assign({Alias:visitor.Node,Map:visitor.Node,Scalar:visitor.Node,Seq:visitor.Node},visitor.Value&&{Map:visitor.Value,Scalar:visitor.Value,Seq:visitor.Value},visitor.Collection&&{Map:visitor.Collection,Seq:visitor.Collection},visitor):visitor}function callVisitor(key,node,visitor,path){if(typeof visitor==`function`)return visitor(key,node,path);if(identity.isMap(node))return visitor.Map?.(key,node,path);if(identity.isSeq(node))return visitor.Seq?.(key,node,path);if(identity.isPair(node))return visitor.Pair?.(key,node,path);if(identity.isScalar(node))return visitor.Scalar?.(key,node,path);if(identity.isAlias(node))return visitor.Alias?.(key,node,path)}function replaceNode(key,path,node){let parent=path[path.length-1];if(identity.isCollection(parent))parent.items[key]=node;else if(identity.isPair(parent))key===`key`?parent.key=node:parent.value=node;else if(identity.isDocument(parent))parent.contents=node;else{let pt=identity.isAlias(parent)?`alias`:`scalar`;throw Error(`Cannot replace node with ${pt} parent`)}}exports.visit=visit,exports.visitAsync=visitAsync})),require_directives=__commonJSMin((exports=>{var identity=require_identity(),visit=require_visit();let escapeChars={"!":`%21`,",":`%2C`,"[":`%5B`,"]":`%5D`,"{":`%7B`,"}":`%7D`},escapeTagName=tn=>tn.replace(/[!,[\]{}]/g,ch=>escapeChars[ch]);var Directives=class Directives{constructor(yaml,tags){this.docStart=null,this.docEnd=!1,this.yaml=Object.assign({},Directives.defaultYaml,yaml),this.tags=Object.assign({},Directives.defaultTags,tags)}clone(){let copy=new Directives(this.yaml,this.tags);return copy.docStart=this.docStart,copy}atDocument(){let res=new Directives(this.yaml,this.tags);switch(this.yaml.version){case`1.1`:this.atNextDocument=!0;break;case`1.2`:this.atNextDocument=!1,this.yaml={explicit:Directives.defaultYaml.explicit,version:`1.2`},this.tags=Object.assign({},Directives.defaultTags)}return res}add(line,onError){this.atNextDocument&&=(this.yaml={explicit:Directives.defaultYaml.explicit,version:`1.1`},this.tags=Object.assign({},Directives.defaultTags),!1);let parts=line.trim().split(/[ \t]+/),name=parts.shift();switch(name){case`%TAG`:{if(parts.length!==2&&(onError(0,`%TAG directive should contain exactly two parts`),parts.length<2))return!1;let[handle,prefix]=parts;return this.tags[handle]=prefix,!0}case`%YAML`:{if(this.yaml.explicit=!0,parts.length!==1)return onError(0,`%YAML directive should contain exactly one part`),!1;let[version]=parts;if(version===`1.1`||version===`1.2`)return this.yaml.version=version,!0;{let isValid=/^\d+\.\d+$/.test(version);return onError(6,`Unsupported YAML version ${version}`,isValid),!1}}default:return onError(0,`Unknown directive ${name}`,!0),!1}}tagName(source,onError){if(source===`!`)return`!`;if(source[0]!==`!`)return onError(`Not a valid tag: ${source}`),null;if(source[1]===`<`){let verbatim=source.slice(2,-1);return verbatim===`!`||verbatim===`!!`?(onError(`Verbatim tags aren't resolved, so ${source} is invalid.`),null):(source[source.length-1]!==`>`&&onError(`Verbatim tags must end with a >`),verbatim)}let[,handle,suffix]=source.match(/^(.*!)([^!]*)$/s);suffix||onError(`The ${source} tag has no suffix`);let prefix=this.tags[handle];if(prefix)try{return prefix+decodeURIComponent(suffix)}catch(error){return onError(String(error)),null}return handle===`!`?source:(onError(`Could not resolve tag: ${source}`),null)}tagString(tag){for(let[handle,prefix]of Object.entries(this.tags))if(tag.startsWith(prefix))return handle+escapeTagName(tag.substring(prefix.length));return tag[0]===`!`?tag:`!<${tag}>`}toString(doc){let lines=this.yaml.explicit?[`%YAML ${this.yaml.version||`1.2`}`]:[],tagEntries=Object.entries(this.tags),tagNames;if(doc&&tagEntries.length>0&&identity.isNode(doc.contents)){let tags={};visit.visit(doc.contents,(_key,node)=>{identity.isNode(node)&&node.tag&&(tags[node.tag]=!0)}),tagNames=Object.keys(tags)}else tagNames=[];for(let[handle,prefix]of tagEntries)handle===`!!`&&prefix===`tag:yaml.org,2002:`||doc&&!tagNames.some(tn=>tn.startsWith(prefix))||lines.push(`%TAG ${handle} ${prefix}`);return lines.join(`
`)}};Directives.defaultYaml={explicit:!1,version:`1.2`},Directives.defaultTags={"!!":`tag:yaml.org,2002:`},exports.Directives=Directives})),require_anchors=__commonJSMin((exports=>{var identity=require_identity(),visit=require_visit();function anchorIsValid(anchor){if(/[\x00-\x19\s,[\]{}]/.test(anchor)){let msg=`Anchor must not contain whitespace or control characters: ${JSON.stringify(anchor)}`;throw Error(msg)}return!0}function anchorNames(root){let anchors=new Set;return visit.visit(root,{Value(_key,node){node.anchor&&anchors.add(node.anchor)}}),anchors}function findNewAnchor(prefix,exclude){for(let i=1;;++i){let name=`${prefix}${i}`;if(!exclude.has(name))return name}}function createNodeAnchors(doc,prefix){let aliasObjects=[],sourceObjects=new Map,prevAnchors=null;return{onAnchor:source=>{aliasObjects.push(source),prevAnchors??=anchorNames(doc);let anchor=findNewAnchor(prefix,prevAnchors);return prevAnchors.add(anchor),anchor},setAnchors:()=>{for(let source of aliasObjects){let ref=sourceObjects.get(source);if(typeof ref==`object`&&ref.anchor&&(identity.isScalar(ref.node)||identity.isCollection(ref.node)))ref.node.anchor=ref.anchor;else{let error=Error(`Failed to resolve repeated object (this should not happen)`);throw error.source=source,error}}},sourceObjects}}exports.anchorIsValid=anchorIsValid,exports.anchorNames=anchorNames,exports.createNodeAnchors=createNodeAnchors,exports.findNewAnchor=findNewAnchor})),require_applyReviver=__commonJSMin((exports=>{function applyReviver(reviver,obj,key,val){if(val&&typeof val==`object`){if(Array.isArray(val))for(let i=0,len=val.length;i<len;++i){let v0=val[i],v1=applyReviver(reviver,val,String(i),v0);v1===void 0?delete val[i]:v1!==v0&&(val[i]=v1)}else if(val instanceof Map)for(let k of Array.from(val.keys())){let v0=val.get(k),v1=applyReviver(reviver,val,k,v0);v1===void 0?val.delete(k):v1!==v0&&val.set(k,v1)}else if(val instanceof Set)for(let v0 of Array.from(val)){let v1=applyReviver(reviver,val,v0,v0);v1===void 0?val.delete(v0):v1!==v0&&(val.delete(v0),val.add(v1))}else for(let[k,v0]of Object.entries(val)){let v1=applyReviver(reviver,val,k,v0);v1===void 0?delete val[k]:v1!==v0&&(val[k]=v1)}}return reviver.call(obj,key,val)}exports.applyReviver=applyReviver})),require_toJS=__commonJSMin((exports=>{var identity=require_identity();function toJS(value,arg,ctx){if(Array.isArray(value))return value.map((v,i)=>toJS(v,String(i),ctx));if(value&&typeof value.toJSON==`function`){if(!ctx||!identity.hasAnchor(value))return value.toJSON(arg,ctx);let data={aliasCount:0,count:1,res:void 0};ctx.anchors.set(value,data),ctx.onCreate=res=>{data.res=res,delete ctx.onCreate};let res=value.toJSON(arg,ctx);return ctx.onCreate&&ctx.onCreate(res),res}return typeof value==`bigint`&&!ctx?.keep?Number(value):value}exports.toJS=toJS})),require_Node=__commonJSMin((exports=>{var applyReviver=require_applyReviver(),identity=require_identity(),toJS=require_toJS();exports.NodeBase=class{constructor(type){Object.defineProperty(this,identity.NODE_TYPE,{value:type})}clone(){let copy=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return this.range&&(copy.range=this.range.slice()),copy}toJS(doc,{mapAsMap,maxAliasCount,onAnchor,reviver}={}){if(!identity.isDocument(doc))throw TypeError(`A document argument is required`);let ctx={anchors:new Map,doc,keep:!0,mapAsMap:mapAsMap===!0,mapKeyWarned:!1,maxAliasCount:typeof maxAliasCount==`number`?maxAliasCount:100},res=toJS.toJS(this,``,ctx);if(typeof onAnchor==`function`)for(let{count,res}of ctx.anchors.values())onAnchor(res,count);return typeof reviver==`function`?applyReviver.applyReviver(reviver,{"":res},``,res):res}}})),require_Alias=__commonJSMin((exports=>{var anchors=require_anchors(),visit=require_visit(),identity=require_identity(),Node=require_Node(),toJS=require_toJS(),Alias=class extends Node.NodeBase{constructor(source){super(identity.ALIAS),this.source=source,Object.defineProperty(this,"tag",{set(){throw Error(`Alias nodes cannot have tags`)}})}resolve(doc,ctx){if(ctx?.maxAliasCount===0)throw ReferenceError(`Alias resolution is disabled`);let nodes;ctx?.aliasResolveCache?nodes=ctx.aliasResolveCache:(nodes=[],visit.visit(doc,{Node:(_key,node)=>{(identity.isAlias(node)||identity.hasAnchor(node))&&nodes.push(node)}}),ctx&&(ctx.aliasResolveCache=nodes));let found;for(let node of nodes){if(node===this)break;node.anchor===this.source&&(found=node)}if(found&&ctx){let{anchors,doc,maxAliasCount}=ctx,data=anchors.get(found);if(data||=(toJS.toJS(found,null,ctx),anchors.get(found)),data?.res===void 0)throw ReferenceError(`This should not happen: Alias anchor was not resolved?`);if(maxAliasCount>=0&&(data.count+=1,data.aliasCount===0&&(data.aliasCount=getAliasCount(doc,found,anchors)),data.count*data.aliasCount>maxAliasCount))throw ReferenceError(`Excessive alias count indicates a resource exhaustion attack`)}return found}toJSON(_arg,ctx){if(!ctx)return{source:this.source};let source=this.resolve(ctx.doc,ctx);if(!source){let msg=`Unresolved alias (the anchor must be set before the alias): ${this.source}`;throw ReferenceError(msg)}return ctx.anchors.get(source).res}toString(ctx,_onComment,_onChompKeep){let src=`*${this.source}`;if(ctx){if(anchors.anchorIsValid(this.source),ctx.options.verifyAliasOrder&&!ctx.anchors.has(this.source)){let msg=`Unresolved alias (the anchor must be set before the alias): ${this.source}`;throw Error(msg)}if(ctx.implicitKey)return`${src} `}return src}};function getAliasCount(doc,node,anchors){if(identity.isAlias(node)){let source=node.resolve(doc),anchor=anchors&&source&&anchors.get(source);return anchor?anchor.count*anchor.aliasCount:0}if(identity.isCollection(node)){let count=0;for(let item of node.items){let c=getAliasCount(doc,item,anchors);c>count&&(count=c)}return count}if(identity.isPair(node)){let kc=getAliasCount(doc,node.key,anchors),vc=getAliasCount(doc,node.value,anchors);return Math.max(kc,vc)}return 1}exports.Alias=Alias})),require_Scalar=__commonJSMin((exports=>{var identity=require_identity(),Node=require_Node(),toJS=require_toJS();let isScalarValue=value=>!value||typeof value!=`function`&&typeof value!=`object`;var Scalar=class extends Node.NodeBase{constructor(value){super(identity.SCALAR),this.value=value}toJSON(arg,ctx){return ctx?.keep?this.value:toJS.toJS(this.value,arg,ctx)}toString(){return String(this.value)}};Scalar.BLOCK_FOLDED=`BLOCK_FOLDED`,Scalar.BLOCK_LITERAL=`BLOCK_LITERAL`,Scalar.PLAIN=`PLAIN`,Scalar.QUOTE_DOUBLE=`QUOTE_DOUBLE`,Scalar.QUOTE_SINGLE=`QUOTE_SINGLE`,exports.Scalar=Scalar,exports.isScalarValue=isScalarValue})),require_createNode=__commonJSMin((exports=>{var Alias=require_Alias(),identity=require_identity(),Scalar=require_Scalar();function findTagObject(value,tagName,tags){if(tagName){let match=tags.filter(t=>t.tag===tagName),tagObj=match.find(t=>!t.format)??match[0];if(!tagObj)throw Error(`Tag ${tagName} not found`);return tagObj}return tags.find(t=>t.identify?.(value)&&!t.format)}function createNode(value,tagName,ctx){if(identity.isDocument(value)&&(value=value.contents),identity.isNode(value))return value;if(identity.isPair(value)){let map=ctx.schema[identity.MAP].createNode?.(ctx.schema,null,ctx);return map.items.push(value),map}(value instanceof String||value instanceof Number||value instanceof Boolean||typeof BigInt<`u`&&value instanceof BigInt)&&(value=value.valueOf());let{aliasDuplicateObjects,onAnchor,onTagObj,schema,sourceObjects}=ctx,ref;if(aliasDuplicateObjects&&value&&typeof value==`object`){if(ref=sourceObjects.get(value),ref)return ref.anchor??(ref.anchor=onAnchor(value)),new Alias.Alias(ref.anchor);ref={anchor:null,node:null},sourceObjects.set(value,ref)}tagName?.startsWith(`!!`)&&(tagName=`tag:yaml.org,2002:`+tagName.slice(2));let tagObj=findTagObject(value,tagName,schema.tags);if(!tagObj){if(value&&typeof value.toJSON==`function`&&(value=value.toJSON()),!value||typeof value!=`object`){let node=new Scalar.Scalar(value);return ref&&(ref.node=node),node}tagObj=value instanceof Map?schema[identity.MAP]:Symbol.iterator in Object(value)?schema[identity.SEQ]:schema[identity.MAP]}onTagObj&&(onTagObj(tagObj),delete ctx.onTagObj);let node=tagObj?.createNode?tagObj.createNode(ctx.schema,value,ctx):typeof tagObj?.nodeClass?.from==`function`?tagObj.nodeClass.from(ctx.schema,value,ctx):new Scalar.Scalar(value);return tagName?node.tag=tagName:tagObj.default||(node.tag=tagObj.tag),ref&&(ref.node=node),node}exports.createNode=createNode})),require_Collection=__commonJSMin((exports=>{var createNode=require_createNode(),identity=require_identity(),Node=require_Node();function collectionFromPath(schema,path,value){let v=value;for(let i=path.length-1;i>=0;--i){let k=path[i];if(typeof k==`number`&&Number.isInteger(k)&&k>=0){let a=[];a[k]=v,v=a}else v=new Map([[k,v]])}return createNode.createNode(v,void 0,{aliasDuplicateObjects:!1,keepUndefined:!1,onAnchor:()=>{throw Error(`This should not happen, please report a bug.`)},schema,sourceObjects:new Map})}let isEmptyPath=path=>path==null||typeof path==`object`&&!!path[Symbol.iterator]().next().done;exports.Collection=class extends Node.NodeBase{constructor(type,schema){super(type),Object.defineProperty(this,"schema",{value:schema,configurable:!0,enumerable:!1,writable:!0})}clone(schema){let copy=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return schema&&(copy.schema=schema),copy.items=copy.items.map(it=>identity.isNode(it)||identity.isPair(it)?it.clone(schema):it),this.range&&(copy.range=this.range.slice()),copy}addIn(path,value){if(isEmptyPath(path))this.add(value);else{let[key,...rest]=path,node=this.get(key,!0);if(identity.isCollection(node))node.addIn(rest,value);else if(node===void 0&&this.schema)this.set(key,collectionFromPath(this.schema,rest,value));else throw Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`)}}deleteIn(path){let[key,...rest]=path;if(rest.length===0)return this.delete(key);let node=this.get(key,!0);if(identity.isCollection(node))return node.deleteIn(rest);throw Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`)}getIn(path,keepScalar){let[key,...rest]=path,node=this.get(key,!0);return rest.length===0?!keepScalar&&identity.isScalar(node)?node.value:node:identity.isCollection(node)?node.getIn(rest,keepScalar):void 0}hasAllNullValues(allowScalar){return this.items.every(node=>{if(!identity.isPair(node))return!1;let n=node.value;return n==null||allowScalar&&identity.isScalar(n)&&n.value==null&&!n.commentBefore&&!n.comment&&!n.tag})}hasIn(path){let[key,...rest]=path;if(rest.length===0)return this.has(key);let node=this.get(key,!0);return identity.isCollection(node)?node.hasIn(rest):!1}setIn(path,value){let[key,...rest]=path;if(rest.length===0)this.set(key,value);else{let node=this.get(key,!0);if(identity.isCollection(node))node.setIn(rest,value);else if(node===void 0&&this.schema)this.set(key,collectionFromPath(this.schema,rest,value));else throw Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`)}}},exports.collectionFromPath=collectionFromPath,exports.isEmptyPath=isEmptyPath})),require_stringifyComment=__commonJSMin((exports=>{let stringifyComment=str=>str.replace(/^(?!$)(?: $)?/gm,`#`);function indentComment(comment,indent){return/^\n+$/.test(comment)?comment.substring(1):indent?comment.replace(/^(?! *$)/gm,indent):comment}exports.indentComment=indentComment,exports.lineComment=(str,indent,comment)=>str.endsWith(`
`)?indentComment(comment,indent):comment.includes(`
`)?`
`+indentComment(comment,indent):(str.endsWith(` `)?``:` `)+comment,exports.stringifyComment=stringifyComment})),require_foldFlowLines=__commonJSMin((exports=>{let FOLD_BLOCK=`block`,FOLD_QUOTED=`quoted`;function foldFlowLines(text,indent,mode=`flow`,{indentAtStart,lineWidth=80,minContentWidth=20,onFold,onOverflow}={}){if(!lineWidth||lineWidth<0)return text;lineWidth<minContentWidth&&(minContentWidth=0);let endStep=Math.max(1+minContentWidth,1+lineWidth-indent.length);if(text.length<=endStep)return text;let folds=[],escapedFolds={},end=lineWidth-indent.length;typeof indentAtStart==`number`&&(indentAtStart>lineWidth-Math.max(2,minContentWidth)?folds.push(0):end=lineWidth-indentAtStart);let split,prev,overflow=!1,i=-1,escStart=-1,escEnd=-1;mode===FOLD_BLOCK&&(i=consumeMoreIndentedLines(text,i,indent.length),i!==-1&&(end=i+endStep));for(let ch;ch=text[i+=1];){if(mode===FOLD_QUOTED&&ch===`\\`){switch(escStart=i,text[i+1]){case`x`:i+=3;break;case`u`:i+=5;break;case`U`:i+=9;break;default:i+=1}escEnd=i}if(ch===`
`)mode===FOLD_BLOCK&&(i=consumeMoreIndentedLines(text,i,indent.length)),end=i+indent.length+endStep,split=void 0;else{if(ch===` `&&prev&&prev!==` `&&prev!==`
`&&prev!==`	`){let next=text[i+1];next&&next!==` `&&next!==`
`&&next!==`	`&&(split=i)}if(i>=end){if(split)folds.push(split),end=split+endStep,split=void 0;else if(mode===FOLD_QUOTED){for(;prev===` `||prev===`	`;)prev=ch,ch=text[i+=1],overflow=!0;let j=i>escEnd+1?i-2:escStart-1;if(escapedFolds[j])return text;folds.push(j),escapedFolds[j]=!0,end=j+endStep,split=void 0}else overflow=!0}}prev=ch}if(overflow&&onOverflow&&onOverflow(),folds.length===0)return text;onFold&&onFold();let res=text.slice(0,folds[0]);for(let i=0;i<folds.length;++i){let fold=folds[i],end=folds[i+1]||text.length;fold===0?res=`\n${indent}${text.slice(0,end)}`:(mode===FOLD_QUOTED&&escapedFolds[fold]&&(res+=`${text[fold]}\\`),res+=`\n${indent}${text.slice(fold+1,end)}`)}return res}function consumeMoreIndentedLines(text,i,indent){let end=i,start=i+1,ch=text[start];for(;ch===` `||ch===`	`;)if(i<start+indent)ch=text[++i];else{do ch=text[++i];while(ch&&ch!==`
`);end=i,start=i+1,ch=text[start]}return end}exports.FOLD_BLOCK=FOLD_BLOCK,exports.FOLD_FLOW=`flow`,exports.FOLD_QUOTED=FOLD_QUOTED,exports.foldFlowLines=foldFlowLines})),require_stringifyString=__commonJSMin((exports=>{var Scalar=require_Scalar(),foldFlowLines=require_foldFlowLines();let getFoldOptions=(ctx,isBlock)=>({indentAtStart:isBlock?ctx.indent.length:ctx.indentAtStart,lineWidth:ctx.options.lineWidth,minContentWidth:ctx.options.minContentWidth}),containsDocumentMarker=str=>/^(%|---|\.\.\.)/m.test(str);function lineLengthOverLimit(str,lineWidth,indentLength){if(!lineWidth||lineWidth<0)return!1;let limit=lineWidth-indentLength,strLen=str.length;if(strLen<=limit)return!1;for(let i=0,start=0;i<strLen;++i)if(str[i]===`
`){if(i-start>limit)return!0;if(start=i+1,strLen-start<=limit)return!1}return!0}function doubleQuotedString(value,ctx){let json=JSON.stringify(value);if(ctx.options.doubleQuotedAsJSON)return json;let{implicitKey}=ctx,minMultiLineLength=ctx.options.doubleQuotedMinMultiLineLength,indent=ctx.indent||(containsDocumentMarker(value)?`  `:``),str=``,start=0;for(let i=0,ch=json[i];ch;ch=json[++i])if(ch===` `&&json[i+1]===`\\`&&json[i+2]===`n`&&(str+=json.slice(start,i)+`\\ `,i+=1,start=i,ch=`\\`),ch===`\\`)switch(json[i+1]){case`u`:{str+=json.slice(start,i);let code=json.substr(i+2,4);switch(code){case`0000`:str+=`\\0`;break;case`0007`:str+=`\\a`;break;case`000b`:str+=`\\v`;break;case`001b`:str+=`\\e`;break;case`0085`:str+=`\\N`;break;case`00a0`:str+=`\\_`;break;case`2028`:str+=`\\L`;break;case`2029`:str+=`\\P`;break;default:code.substr(0,2)===`00`?str+=`\\x`+code.substr(2):str+=json.substr(i,6)}i+=5,start=i+1}break;case`n`:if(implicitKey||json[i+2]===`"`||json.length<minMultiLineLength)i+=1;else{for(str+=json.slice(start,i)+`

`;json[i+2]===`\\`&&json[i+3]===`n`&&json[i+4]!==`"`;)str+=`
`,i+=2;str+=indent,json[i+2]===` `&&(str+=`\\`),i+=1,start=i+1}break;default:i+=1}return str=start?str+json.slice(start):json,implicitKey?str:foldFlowLines.foldFlowLines(str,indent,foldFlowLines.FOLD_QUOTED,getFoldOptions(ctx,!1))}function singleQuotedString(value,ctx){if(ctx.options.singleQuote===!1||ctx.implicitKey&&value.includes(`
`)||/[ \t]\n|\n[ \t]/.test(value))return doubleQuotedString(value,ctx);let indent=ctx.indent||(containsDocumentMarker(value)?`  `:``),res=`'`+value.replace(/'/g,`''`).replace(/\n+/g,`$&\n${indent}`)+`'`;return ctx.implicitKey?res:foldFlowLines.foldFlowLines(res,indent,foldFlowLines.FOLD_FLOW,getFoldOptions(ctx,!1))}function quotedString(value,ctx){let{singleQuote}=ctx.options,qs;if(singleQuote===!1)qs=doubleQuotedString;else{let hasDouble=value.includes(`"`),hasSingle=value.includes(`'`);qs=hasDouble&&!hasSingle?singleQuotedString:hasSingle&&!hasDouble?doubleQuotedString:singleQuote?singleQuotedString:doubleQuotedString}return qs(value,ctx)}let blockEndNewlines;try{blockEndNewlines=RegExp(`(^|(?<!
))
+(?!
|$)`,`g`)}catch{blockEndNewlines=/\n+(?!\n|$)/g}function blockString({comment,type,value},ctx,onComment,onChompKeep){let{blockQuote,commentString,lineWidth}=ctx.options;if(!blockQuote||/\n[\t ]+$/.test(value))return quotedString(value,ctx);let indent=ctx.indent||(ctx.forceBlockIndent||containsDocumentMarker(value)?`  `:``),literal=blockQuote===`literal`?!0:blockQuote===`folded`||type===Scalar.Scalar.BLOCK_FOLDED?!1:type===Scalar.Scalar.BLOCK_LITERAL||!lineLengthOverLimit(value,lineWidth,indent.length);if(!value)return literal?`|
`:`>
`;let chomp,endStart;for(endStart=value.length;endStart>0;--endStart){let ch=value[endStart-1];if(ch!==`
`&&ch!==`	`&&ch!==` `)break}let end=value.substring(endStart),endNlPos=end.indexOf(`
`);endNlPos===-1?chomp=`-`:value===end||endNlPos!==end.length-1?(chomp=`+`,onChompKeep&&onChompKeep()):chomp=``,end&&=(value=value.slice(0,-end.length),end[end.length-1]===`
`&&(end=end.slice(0,-1)),end.replace(blockEndNewlines,`$&${indent}`));let startWithSpace=!1,startEnd,startNlPos=-1;for(startEnd=0;startEnd<value.length;++startEnd){let ch=value[startEnd];if(ch===` `)startWithSpace=!0;else if(ch===`
`)startNlPos=startEnd;else break}let start=value.substring(0,startNlPos<startEnd?startNlPos+1:startEnd);start&&=(value=value.substring(start.length),start.replace(/\n+/g,`$&${indent}`));let header=(startWithSpace?indent?`2`:`1`:``)+chomp;if(comment&&(header+=` `+commentString(comment.replace(/ ?[\r\n]+/g,` `)),onComment&&onComment()),!literal){let foldedValue=value.replace(/\n+/g,`
$&`).replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g,`$1$2`).replace(/\n+/g,`$&${indent}`),literalFallback=!1,foldOptions=getFoldOptions(ctx,!0);blockQuote!==`folded`&&type!==Scalar.Scalar.BLOCK_FOLDED&&(foldOptions.onOverflow=()=>{literalFallback=!0});let body=foldFlowLines.foldFlowLines(`${start}${foldedValue}${end}`,indent,foldFlowLines.FOLD_BLOCK,foldOptions);if(!literalFallback)return`>${header}\n${indent}${body}`}return value=value.replace(/\n+/g,`$&${indent}`),`|${header}\n${indent}${start}${value}${end}`}function plainString(item,ctx,onComment,onChompKeep){let{type,value}=item,{actualString,implicitKey,indent,indentStep,inFlow}=ctx;if(implicitKey&&value.includes(`
`)||inFlow&&/[[\]{},]/.test(value))return quotedString(value,ctx);if(/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.test(value))return implicitKey||inFlow||!value.includes(`
`)?quotedString(value,ctx):blockString(item,ctx,onComment,onChompKeep);if(!implicitKey&&!inFlow&&type!==Scalar.Scalar.PLAIN&&value.includes(`
`))return blockString(item,ctx,onComment,onChompKeep);if(containsDocumentMarker(value)){if(indent===``)return ctx.forceBlockIndent=!0,blockString(item,ctx,onComment,onChompKeep);if(implicitKey&&indent===indentStep)return quotedString(value,ctx)}let str=value.replace(/\n+/g,`$&\n${indent}`);if(actualString){let test=tag=>tag.default&&tag.tag!==`tag:yaml.org,2002:str`&&tag.test?.test(str),{compat,tags}=ctx.doc.schema;if(tags.some(test)||compat?.some(test))return quotedString(value,ctx)}return implicitKey?str:foldFlowLines.foldFlowLines(str,indent,foldFlowLines.FOLD_FLOW,getFoldOptions(ctx,!1))}function stringifyString(item,ctx,onComment,onChompKeep){let{implicitKey,inFlow}=ctx,ss=typeof item.value==`string`?item:Object.assign({},item,{value:String(item.value)}),{type}=item;type!==Scalar.Scalar.QUOTE_DOUBLE&&/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(ss.value)&&(type=Scalar.Scalar.QUOTE_DOUBLE);let _stringify=_type=>{switch(_type){case Scalar.Scalar.BLOCK_FOLDED:case Scalar.Scalar.BLOCK_LITERAL:return implicitKey||inFlow?quotedString(ss.value,ctx):blockString(ss,ctx,onComment,onChompKeep);case Scalar.Scalar.QUOTE_DOUBLE:return doubleQuotedString(ss.value,ctx);case Scalar.Scalar.QUOTE_SINGLE:return singleQuotedString(ss.value,ctx);case Scalar.Scalar.PLAIN:return plainString(ss,ctx,onComment,onChompKeep);default:return null}},res=_stringify(type);if(res===null){let{defaultKeyType,defaultStringType}=ctx.options,t=implicitKey&&defaultKeyType||defaultStringType;if(res=_stringify(t),res===null)throw Error(`Unsupported default string type ${t}`)}return res}exports.stringifyString=stringifyString})),require_stringify=__commonJSMin((exports=>{var anchors=require_anchors(),identity=require_identity(),stringifyComment=require_stringifyComment(),stringifyString=require_stringifyString();function createStringifyContext(doc,options){let opt=Object.assign({blockQuote:!0,commentString:stringifyComment.stringifyComment,defaultKeyType:null,defaultStringType:`PLAIN`,directives:null,doubleQuotedAsJSON:!1,doubleQuotedMinMultiLineLength:40,falseStr:`false`,flowCollectionPadding:!0,indentSeq:!0,lineWidth:80,minContentWidth:20,nullStr:`null`,simpleKeys:!1,singleQuote:null,trailingComma:!1,trueStr:`true`,verifyAliasOrder:!0},doc.schema.toStringOptions,options),inFlow;switch(opt.collectionStyle){case`block`:inFlow=!1;break;case`flow`:inFlow=!0;break;default:inFlow=null}return{anchors:new Set,doc,flowCollectionPadding:opt.flowCollectionPadding?` `:``,indent:``,indentStep:typeof opt.indent==`number`?` `.repeat(opt.indent):`  `,inFlow,options:opt}}function getTagObject(tags,item){if(item.tag){let match=tags.filter(t=>t.tag===item.tag);if(match.length>0)return match.find(t=>t.format===item.format)??match[0]}let tagObj,obj;if(identity.isScalar(item)){obj=item.value;let match=tags.filter(t=>t.identify?.(obj));if(match.length>1){let testMatch=match.filter(t=>t.test);testMatch.length>0&&(match=testMatch)}tagObj=match.find(t=>t.format===item.format)??match.find(t=>!t.format)}else obj=item,tagObj=tags.find(t=>t.nodeClass&&obj instanceof t.nodeClass);if(!tagObj){let name=obj?.constructor?.name??(obj===null?`null`:typeof obj);throw Error(`Tag not resolved for ${name} value`)}return tagObj}function stringifyProps(node,tagObj,{anchors:anchors$1,doc}){if(!doc.directives)return``;let props=[],anchor=(identity.isScalar(node)||identity.isCollection(node))&&node.anchor;anchor&&anchors.anchorIsValid(anchor)&&(anchors$1.add(anchor),props.push(`&${anchor}`));let tag=node.tag??(tagObj.default?null:tagObj.tag);return tag&&props.push(doc.directives.tagString(tag)),props.join(` `)}function stringify(item,ctx,onComment,onChompKeep){if(identity.isPair(item))return item.toString(ctx,onComment,onChompKeep);if(identity.isAlias(item)){if(ctx.doc.directives)return item.toString(ctx);if(ctx.resolvedAliases?.has(item))throw TypeError(`Cannot stringify circular structure without alias nodes`);ctx.resolvedAliases?ctx.resolvedAliases.add(item):ctx.resolvedAliases=new Set([item]),item=item.resolve(ctx.doc)}let tagObj,node=identity.isNode(item)?item:ctx.doc.createNode(item,{onTagObj:o=>tagObj=o});tagObj??=getTagObject(ctx.doc.schema.tags,node);let props=stringifyProps(node,tagObj,ctx);props.length>0&&(ctx.indentAtStart=(ctx.indentAtStart??0)+props.length+1);let str=typeof tagObj.stringify==`function`?tagObj.stringify(node,ctx,onComment,onChompKeep):identity.isScalar(node)?stringifyString.stringifyString(node,ctx,onComment,onChompKeep):node.toString(ctx,onComment,onChompKeep);return props?identity.isScalar(node)||str[0]===`{`||str[0]===`[`?`${props} ${str}`:`${props}\n${ctx.indent}${str}`:str}exports.createStringifyContext=createStringifyContext,exports.stringify=stringify})),require_stringifyPair=__commonJSMin((exports=>{var identity=require_identity(),Scalar=require_Scalar(),stringify=require_stringify(),stringifyComment=require_stringifyComment();function stringifyPair({key,value},ctx,onComment,onChompKeep){let{allNullValues,doc,indent,indentStep,options:{commentString,indentSeq,simpleKeys}}=ctx,keyComment=identity.isNode(key)&&key.comment||null;if(simpleKeys){if(keyComment)throw Error(`With simple keys, key nodes cannot have comments`);if(identity.isCollection(key)||!identity.isNode(key)&&typeof key==`object`)throw Error(`With simple keys, collection cannot be used as a key value`)}let explicitKey=!simpleKeys&&(!key||keyComment&&value==null&&!ctx.inFlow||identity.isCollection(key)||(identity.isScalar(key)?key.type===Scalar.Scalar.BLOCK_FOLDED||key.type===Scalar.Scalar.BLOCK_LITERAL:typeof key==`object`));ctx=Object.assign({},ctx,{allNullValues:!1,implicitKey:!explicitKey&&(simpleKeys||!allNullValues),indent:indent+indentStep});let keyCommentDone=!1,chompKeep=!1,str=stringify.stringify(key,ctx,()=>keyCommentDone=!0,()=>chompKeep=!0);if(!explicitKey&&!ctx.inFlow&&str.length>1024){if(simpleKeys)throw Error(`With simple keys, single line scalar must not span more than 1024 characters`);explicitKey=!0}if(ctx.inFlow){if(allNullValues||value==null)return keyCommentDone&&onComment&&onComment(),str===``?`?`:explicitKey?`? ${str}`:str}else if(allNullValues&&!simpleKeys||value==null&&explicitKey)return str=`? ${str}`,keyComment&&!keyCommentDone?str+=stringifyComment.lineComment(str,ctx.indent,commentString(keyComment)):chompKeep&&onChompKeep&&onChompKeep(),str;keyCommentDone&&(keyComment=null),explicitKey?(keyComment&&(str+=stringifyComment.lineComment(str,ctx.indent,commentString(keyComment))),str=`? ${str}\n${indent}:`):(str=`${str}:`,keyComment&&(str+=stringifyComment.lineComment(str,ctx.indent,commentString(keyComment))));let vsb,vcb,valueComment;identity.isNode(value)?(vsb=!!value.spaceBefore,vcb=value.commentBefore,valueComment=value.comment):(vsb=!1,vcb=null,valueComment=null,value&&typeof value==`object`&&(value=doc.createNode(value))),ctx.implicitKey=!1,!explicitKey&&!keyComment&&identity.isScalar(value)&&(ctx.indentAtStart=str.length+1),chompKeep=!1,!indentSeq&&indentStep.length>=2&&!ctx.inFlow&&!explicitKey&&identity.isSeq(value)&&!value.flow&&!value.tag&&!value.anchor&&(ctx.indent=ctx.indent.substring(2));let valueCommentDone=!1,valueStr=stringify.stringify(value,ctx,()=>valueCommentDone=!0,()=>chompKeep=!0),ws=` `;if(keyComment||vsb||vcb){if(ws=vsb?`
`:``,vcb){let cs=commentString(vcb);ws+=`\n${stringifyComment.indentComment(cs,ctx.indent)}`}valueStr===``&&!ctx.inFlow?ws===`
`&&valueComment&&(ws=`

`):ws+=`\n${ctx.indent}`}else if(!explicitKey&&identity.isCollection(value)){let vs0=valueStr[0],nl0=valueStr.indexOf(`
`),hasNewline=nl0!==-1,flow=ctx.inFlow??value.flow??value.items.length===0;if(hasNewline||!flow){let hasPropsLine=!1;if(hasNewline&&(vs0===`&`||vs0===`!`)){let sp0=valueStr.indexOf(` `);vs0===`&`&&sp0!==-1&&sp0<nl0&&valueStr[sp0+1]===`!`&&(sp0=valueStr.indexOf(` `,sp0+1)),(sp0===-1||nl0<sp0)&&(hasPropsLine=!0)}hasPropsLine||(ws=`\n${ctx.indent}`)}}else(valueStr===``||valueStr[0]===`
`)&&(ws=``);return str+=ws+valueStr,ctx.inFlow?valueCommentDone&&onComment&&onComment():valueComment&&!valueCommentDone?str+=stringifyComment.lineComment(str,ctx.indent,commentString(valueComment)):chompKeep&&onChompKeep&&onChompKeep(),str}exports.stringifyPair=stringifyPair})),require_log=__commonJSMin((exports=>{var node_process=__require(`process`);function debug(logLevel,...messages){logLevel===`debug`&&console.log(...messages)}function warn(logLevel,warning){(logLevel===`debug`||logLevel===`warn`)&&(typeof node_process.emitWarning==`function`?node_process.emitWarning(warning):console.warn(warning))}exports.debug=debug,exports.warn=warn})),require_merge=__commonJSMin((exports=>{var identity=require_identity(),Scalar=require_Scalar();let merge={identify:value=>value===`<<`||typeof value==`symbol`&&value.description===`<<`,default:`key`,tag:`tag:yaml.org,2002:merge`,test:/^<<$/,resolve:()=>Object.assign(new Scalar.Scalar(Symbol(`<<`)),{addToJSMap:addMergeToJSMap}),stringify:()=>`<<`},isMergeKey=(ctx,key)=>(merge.identify(key)||identity.isScalar(key)&&(!key.type||key.type===Scalar.Scalar.PLAIN)&&merge.identify(key.value))&&ctx?.doc.schema.tags.some(tag=>tag.tag===merge.tag&&tag.default);function addMergeToJSMap(ctx,map,value){let source=resolveAliasValue(ctx,value);if(identity.isSeq(source))for(let it of source.items)mergeValue(ctx,map,it);else if(Array.isArray(source))for(let it of source)mergeValue(ctx,map,it);else mergeValue(ctx,map,source)}function mergeValue(ctx,map,value){let source=resolveAliasValue(ctx,value);if(!identity.isMap(source))throw Error(`Merge sources must be maps or map aliases`);let srcMap=source.toJSON(null,ctx,Map);for(let[key,value]of srcMap)map instanceof Map?map.has(key)||map.set(key,value):map instanceof Set?map.add(key):Object.prototype.hasOwnProperty.call(map,key)||Object.defineProperty(map,key,{value,writable:!0,enumerable:!0,configurable:!0});return map}function resolveAliasValue(ctx,value){return ctx&&identity.isAlias(value)?value.resolve(ctx.doc,ctx):value}exports.addMergeToJSMap=addMergeToJSMap,exports.isMergeKey=isMergeKey,exports.merge=merge})),require_addPairToJSMap=__commonJSMin((exports=>{var log=require_log(),merge=require_merge(),stringify=require_stringify(),identity=require_identity(),toJS=require_toJS();function addPairToJSMap(ctx,map,{key,value}){if(identity.isNode(key)&&key.addToJSMap)key.addToJSMap(ctx,map,value);else if(merge.isMergeKey(ctx,key))merge.addMergeToJSMap(ctx,map,value);else{let jsKey=toJS.toJS(key,``,ctx);if(map instanceof Map)map.set(jsKey,toJS.toJS(value,jsKey,ctx));else if(map instanceof Set)map.add(jsKey);else{let stringKey=stringifyKey(key,jsKey,ctx),jsValue=toJS.toJS(value,stringKey,ctx);stringKey in map?Object.defineProperty(map,stringKey,{value:jsValue,writable:!0,enumerable:!0,configurable:!0}):map[stringKey]=jsValue}}return map}function stringifyKey(key,jsKey,ctx){if(jsKey===null)return``;if(typeof jsKey!=`object`)return String(jsKey);if(identity.isNode(key)&&ctx?.doc){let strCtx=stringify.createStringifyContext(ctx.doc,{});strCtx.anchors=new Set;for(let node of ctx.anchors.keys())strCtx.anchors.add(node.anchor);strCtx.inFlow=!0,strCtx.inStringifyKey=!0;let strKey=key.toString(strCtx);if(!ctx.mapKeyWarned){let jsonStr=JSON.stringify(strKey);jsonStr.length>40&&(jsonStr=jsonStr.substring(0,36)+`..."`),log.warn(ctx.doc.options.logLevel,`Keys with collection values will be stringified due to JS Object restrictions: ${jsonStr}. Set mapAsMap: true to use object keys.`),ctx.mapKeyWarned=!0}return strKey}return JSON.stringify(jsKey)}exports.addPairToJSMap=addPairToJSMap})),require_Pair=__commonJSMin((exports=>{var createNode=require_createNode(),stringifyPair=require_stringifyPair(),addPairToJSMap=require_addPairToJSMap(),identity=require_identity();function createPair(key,value,ctx){return new Pair(createNode.createNode(key,void 0,ctx),createNode.createNode(value,void 0,ctx))}var Pair=class Pair{constructor(key,value=null){Object.defineProperty(this,identity.NODE_TYPE,{value:identity.PAIR}),this.key=key,this.value=value}clone(schema){let{key,value}=this;return identity.isNode(key)&&(key=key.clone(schema)),identity.isNode(value)&&(value=value.clone(schema)),new Pair(key,value)}toJSON(_,ctx){let pair=ctx?.mapAsMap?new Map:{};return addPairToJSMap.addPairToJSMap(ctx,pair,this)}toString(ctx,onComment,onChompKeep){return ctx?.doc?stringifyPair.stringifyPair(this,ctx,onComment,onChompKeep):JSON.stringify(this)}};exports.Pair=Pair,exports.createPair=createPair})),require_stringifyCollection=__commonJSMin((exports=>{var identity=require_identity(),stringify=require_stringify(),stringifyComment=require_stringifyComment();function stringifyCollection(collection,ctx,options){return(ctx.inFlow??collection.flow?stringifyFlowCollection:stringifyBlockCollection)(collection,ctx,options)}function stringifyBlockCollection({comment,items},ctx,{blockItemPrefix,flowChars,itemIndent,onChompKeep,onComment}){let{indent,options:{commentString}}=ctx,itemCtx=Object.assign({},ctx,{indent:itemIndent,type:null}),chompKeep=!1,lines=[];for(let i=0;i<items.length;++i){let item=items[i],comment=null;if(identity.isNode(item))!chompKeep&&item.spaceBefore&&lines.push(``),addCommentBefore(ctx,lines,item.commentBefore,chompKeep),item.comment&&(comment=item.comment);else if(identity.isPair(item)){let ik=identity.isNode(item.key)?item.key:null;ik&&(!chompKeep&&ik.spaceBefore&&lines.push(``),addCommentBefore(ctx,lines,ik.commentBefore,chompKeep))}chompKeep=!1;let str=stringify.stringify(item,itemCtx,()=>comment=null,()=>chompKeep=!0);comment&&(str+=stringifyComment.lineComment(str,itemIndent,commentString(comment))),chompKeep&&comment&&(chompKeep=!1),lines.push(blockItemPrefix+str)}let str;if(lines.length===0)str=flowChars.start+flowChars.end;else{str=lines[0];for(let i=1;i<lines.length;++i){let line=lines[i];str+=line?`\n${indent}${line}`:`
`}}return comment?(str+=`
`+stringifyComment.indentComment(commentString(comment),indent),onComment&&onComment()):chompKeep&&onChompKeep&&onChompKeep(),str}function stringifyFlowCollection({items},ctx,{flowChars,itemIndent}){let{indent,indentStep,flowCollectionPadding:fcPadding,options:{commentString}}=ctx;itemIndent+=indentStep;let itemCtx=Object.assign({},ctx,{indent:itemIndent,inFlow:!0,type:null}),reqNewline=!1,linesAtValue=0,lines=[];for(let i=0;i<items.length;++i){let item=items[i],comment=null;if(identity.isNode(item))item.spaceBefore&&lines.push(``),addCommentBefore(ctx,lines,item.commentBefore,!1),item.comment&&(comment=item.comment);else if(identity.isPair(item)){let ik=identity.isNode(item.key)?item.key:null;ik&&(ik.spaceBefore&&lines.push(``),addCommentBefore(ctx,lines,ik.commentBefore,!1),ik.comment&&(reqNewline=!0));let iv=identity.isNode(item.value)?item.value:null;iv?(iv.comment&&(comment=iv.comment),iv.commentBefore&&(reqNewline=!0)):item.value==null&&ik?.comment&&(comment=ik.comment)}comment&&(reqNewline=!0);let str=stringify.stringify(item,itemCtx,()=>comment=null);reqNewline||=lines.length>linesAtValue||str.includes(`
`),i<items.length-1?str+=`,`:ctx.options.trailingComma&&(ctx.options.lineWidth>0&&(reqNewline||=lines.reduce((sum,line)=>sum+line.length+2,2)+(str.length+2)>ctx.options.lineWidth),reqNewline&&(str+=`,`)),comment&&(str+=stringifyComment.lineComment(str,itemIndent,commentString(comment))),lines.push(str),linesAtValue=lines.length}let{start,end}=flowChars;if(lines.length===0)return start+end;if(!reqNewline){let len=lines.reduce((sum,line)=>sum+line.length+2,2);reqNewline=ctx.options.lineWidth>0&&len>ctx.options.lineWidth}if(reqNewline){let str=start;for(let line of lines)str+=line?`\n${indentStep}${indent}${line}`:`
`;return`${str}\n${indent}${end}`}return`${start}${fcPadding}${lines.join(` `)}${fcPadding}${end}`}function addCommentBefore({indent,options:{commentString}},lines,comment,chompKeep){if(comment&&chompKeep&&(comment=comment.replace(/^\n+/,``)),comment){let ic=stringifyComment.indentComment(commentString(comment),indent);lines.push(ic.trimStart())}}exports.stringifyCollection=stringifyCollection})),require_YAMLMap=__commonJSMin((exports=>{var stringifyCollection=require_stringifyCollection(),addPairToJSMap=require_addPairToJSMap(),Collection=require_Collection(),identity=require_identity(),Pair=require_Pair(),Scalar=require_Scalar();function findPair(items,key){let k=identity.isScalar(key)?key.value:key;for(let it of items)if(identity.isPair(it)&&(it.key===key||it.key===k||identity.isScalar(it.key)&&it.key.value===k))return it}exports.YAMLMap=class extends Collection.Collection{static get tagName(){return`tag:yaml.org,2002:map`}constructor(schema){super(identity.MAP,schema),this.items=[]}static from(schema,obj,ctx){let{keepUndefined,replacer}=ctx,map=new this(schema),add=(key,value)=>{if(typeof replacer==`function`)value=replacer.call(obj,key,value);else if(Array.isArray(replacer)&&!replacer.includes(key))return;(value!==void 0||keepUndefined)&&map.items.push(Pair.createPair(key,value,ctx))};if(obj instanceof Map)for(let[key,value]of obj)add(key,value);else if(obj&&typeof obj==`object`)for(let key of Object.keys(obj))add(key,obj[key]);return typeof schema.sortMapEntries==`function`&&map.items.sort(schema.sortMapEntries),map}add(pair,overwrite){let _pair;_pair=identity.isPair(pair)?pair:!pair||typeof pair!=`object`||!(`key`in pair)?new Pair.Pair(pair,pair?.value):new Pair.Pair(pair.key,pair.value);let prev=findPair(this.items,_pair.key),sortEntries=this.schema?.sortMapEntries;if(prev){if(!overwrite)throw Error(`Key ${_pair.key} already set`);identity.isScalar(prev.value)&&Scalar.isScalarValue(_pair.value)?prev.value.value=_pair.value:prev.value=_pair.value}else if(sortEntries){let i=this.items.findIndex(item=>sortEntries(_pair,item)<0);i===-1?this.items.push(_pair):this.items.splice(i,0,_pair)}else this.items.push(_pair)}delete(key){let it=findPair(this.items,key);return it?this.items.splice(this.items.indexOf(it),1).length>0:!1}get(key,keepScalar){let node=findPair(this.items,key)?.value;return(!keepScalar&&identity.isScalar(node)?node.value:node)??void 0}has(key){return!!findPair(this.items,key)}set(key,value){this.add(new Pair.Pair(key,value),!0)}toJSON(_,ctx,Type){let map=Type?new Type:ctx?.mapAsMap?new Map:{};ctx?.onCreate&&ctx.onCreate(map);for(let item of this.items)addPairToJSMap.addPairToJSMap(ctx,map,item);return map}toString(ctx,onComment,onChompKeep){if(!ctx)return JSON.stringify(this);for(let item of this.items)if(!identity.isPair(item))throw Error(`Map items must all be pairs; found ${JSON.stringify(item)} instead`);return!ctx.allNullValues&&this.hasAllNullValues(!1)&&(ctx=Object.assign({},ctx,{allNullValues:!0})),stringifyCollection.stringifyCollection(this,ctx,{blockItemPrefix:``,flowChars:{start:`{`,end:`}`},itemIndent:ctx.indent||``,onChompKeep,onComment})}},exports.findPair=findPair})),require_map=__commonJSMin((exports=>{var identity=require_identity(),YAMLMap=require_YAMLMap();exports.map={collection:`map`,default:!0,nodeClass:YAMLMap.YAMLMap,tag:`tag:yaml.org,2002:map`,resolve(map,onError){return identity.isMap(map)||onError(`Expected a mapping for this tag`),map},createNode:(schema,obj,ctx)=>YAMLMap.YAMLMap.from(schema,obj,ctx)}})),require_YAMLSeq=__commonJSMin((exports=>{var createNode=require_createNode(),stringifyCollection=require_stringifyCollection(),Collection=require_Collection(),identity=require_identity(),Scalar=require_Scalar(),toJS=require_toJS(),YAMLSeq=class extends Collection.Collection{static get tagName(){return`tag:yaml.org,2002:seq`}constructor(schema){super(identity.SEQ,schema),this.items=[]}add(value){this.items.push(value)}delete(key){let idx=asItemIndex(key);return typeof idx==`number`&&this.items.splice(idx,1).length>0}get(key,keepScalar){let idx=asItemIndex(key);if(typeof idx!=`number`)return;let it=this.items[idx];return!keepScalar&&identity.isScalar(it)?it.value:it}has(key){let idx=asItemIndex(key);return typeof idx==`number`&&idx<this.items.length}set(key,value){let idx=asItemIndex(key);if(typeof idx!=`number`)throw Error(`Expected a valid index, not ${key}.`);let prev=this.items[idx];identity.isScalar(prev)&&Scalar.isScalarValue(value)?prev.value=value:this.items[idx]=value}toJSON(_,ctx){let seq=[];ctx?.onCreate&&ctx.onCreate(seq);let i=0;for(let item of this.items)seq.push(toJS.toJS(item,String(i++),ctx));return seq}toString(ctx,onComment,onChompKeep){return ctx?stringifyCollection.stringifyCollection(this,ctx,{blockItemPrefix:`- `,flowChars:{start:`[`,end:`]`},itemIndent:(ctx.indent||``)+`  `,onChompKeep,onComment}):JSON.stringify(this)}static from(schema,obj,ctx){let{replacer}=ctx,seq=new this(schema);if(obj&&Symbol.iterator in Object(obj)){let i=0;for(let it of obj){if(typeof replacer==`function`){let key=obj instanceof Set?it:String(i++);it=replacer.call(obj,key,it)}seq.items.push(createNode.createNode(it,void 0,ctx))}}return seq}};function asItemIndex(key){let idx=identity.isScalar(key)?key.value:key;return idx&&typeof idx==`string`&&(idx=Number(idx)),typeof idx==`number`&&Number.isInteger(idx)&&idx>=0?idx:null}exports.YAMLSeq=YAMLSeq})),require_seq=__commonJSMin((exports=>{var identity=require_identity(),YAMLSeq=require_YAMLSeq();exports.seq={collection:`seq`,default:!0,nodeClass:YAMLSeq.YAMLSeq,tag:`tag:yaml.org,2002:seq`,resolve(seq,onError){return identity.isSeq(seq)||onError(`Expected a sequence for this tag`),seq},createNode:(schema,obj,ctx)=>YAMLSeq.YAMLSeq.from(schema,obj,ctx)}})),require_string=__commonJSMin((exports=>{var stringifyString=require_stringifyString();exports.string={identify:value=>typeof value==`string`,default:!0,tag:`tag:yaml.org,2002:str`,resolve:str=>str,stringify(item,ctx,onComment,onChompKeep){return ctx=Object.assign({actualString:!0},ctx),stringifyString.stringifyString(item,ctx,onComment,onChompKeep)}}})),require_null=__commonJSMin((exports=>{var Scalar=require_Scalar();let nullTag={identify:value=>value==null,createNode:()=>new Scalar.Scalar(null),default:!0,tag:`tag:yaml.org,2002:null`,test:/^(?:~|[Nn]ull|NULL)?$/,resolve:()=>new Scalar.Scalar(null),stringify:({source},ctx)=>typeof source==`string`&&nullTag.test.test(source)?source:ctx.options.nullStr};exports.nullTag=nullTag})),require_bool$1=__commonJSMin((exports=>{var Scalar=require_Scalar();let boolTag={identify:value=>typeof value==`boolean`,default:!0,tag:`tag:yaml.org,2002:bool`,test:/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,resolve:str=>new Scalar.Scalar(str[0]===`t`||str[0]===`T`),stringify({source,value},ctx){return source&&boolTag.test.test(source)&&value===(source[0]===`t`||source[0]===`T`)?source:value?ctx.options.trueStr:ctx.options.falseStr}};exports.boolTag=boolTag})),require_stringifyNumber=__commonJSMin((exports=>{function stringifyNumber({format,minFractionDigits,tag,value}){if(typeof value==`bigint`)return String(value);let num=typeof value==`number`?value:Number(value);if(!isFinite(num))return isNaN(num)?`.nan`:num<0?`-.inf`:`.inf`;let n=Object.is(value,-0)?`-0`:JSON.stringify(value);if(!format&&minFractionDigits&&(!tag||tag===`tag:yaml.org,2002:float`)&&/^-?\d/.test(n)&&!n.includes(`e`)){let i=n.indexOf(`.`);i<0&&(i=n.length,n+=`.`);let d=minFractionDigits-(n.length-i-1);for(;d-->0;)n+=`0`}return n}exports.stringifyNumber=stringifyNumber})),require_float$1=__commonJSMin((exports=>{var Scalar=require_Scalar(),stringifyNumber=require_stringifyNumber();let floatNaN={identify:value=>typeof value==`number`,default:!0,tag:`tag:yaml.org,2002:float`,test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:str=>str.slice(-3).toLowerCase()===`nan`?NaN:str[0]===`-`?-1/0:1/0,stringify:stringifyNumber.stringifyNumber};exports.float={identify:value=>typeof value==`number`,default:!0,tag:`tag:yaml.org,2002:float`,test:/^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,resolve(str){let node=new Scalar.Scalar(parseFloat(str)),dot=str.indexOf(`.`);return dot!==-1&&str[str.length-1]===`0`&&(node.minFractionDigits=str.length-dot-1),node},stringify:stringifyNumber.stringifyNumber},exports.floatExp={identify:value=>typeof value==`number`,default:!0,tag:`tag:yaml.org,2002:float`,format:`EXP`,test:/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,resolve:str=>parseFloat(str),stringify(node){let num=Number(node.value);return isFinite(num)?num.toExponential():stringifyNumber.stringifyNumber(node)}},exports.floatNaN=floatNaN})),require_int$1=__commonJSMin((exports=>{var stringifyNumber=require_stringifyNumber();let intIdentify=value=>typeof value==`bigint`||Number.isInteger(value),intResolve=(str,offset,radix,{intAsBigInt})=>intAsBigInt?BigInt(str):parseInt(str.substring(offset),radix);function intStringify(node,radix,prefix){let{value}=node;return intIdentify(value)&&value>=0?prefix+value.toString(radix):stringifyNumber.stringifyNumber(node)}exports.int={identify:intIdentify,default:!0,tag:`tag:yaml.org,2002:int`,test:/^[-+]?[0-9]+$/,resolve:(str,_onError,opt)=>intResolve(str,0,10,opt),stringify:stringifyNumber.stringifyNumber},exports.intHex={identify:value=>intIdentify(value)&&value>=0,default:!0,tag:`tag:yaml.org,2002:int`,format:`HEX`,test:/^0x[0-9a-fA-F]+$/,resolve:(str,_onError,opt)=>intResolve(str,2,16,opt),stringify:node=>intStringify(node,16,`0x`)},exports.intOct={identify:value=>intIdentify(value)&&value>=0,default:!0,tag:`tag:yaml.org,2002:int`,format:`OCT`,test:/^0o[0-7]+$/,resolve:(str,_onError,opt)=>intResolve(str,2,8,opt),stringify:node=>intStringify(node,8,`0o`)}})),require_schema$2=__commonJSMin((exports=>{var map=require_map(),_null=require_null(),seq=require_seq(),string=require_string(),bool=require_bool$1(),float=require_float$1(),int=require_int$1();exports.schema=[map.map,seq.seq,string.string,_null.nullTag,bool.boolTag,int.intOct,int.int,int.intHex,float.floatNaN,float.floatExp,float.float]})),require_schema$1=__commonJSMin((exports=>{var Scalar=require_Scalar(),map=require_map(),seq=require_seq();function intIdentify(value){return typeof value==`bigint`||Number.isInteger(value)}let stringifyJSON=({value})=>JSON.stringify(value),jsonScalars=[{identify:value=>typeof value==`string`,default:!0,tag:`tag:yaml.org,2002:str`,resolve:str=>str,stringify:stringifyJSON},{identify:value=>value==null,createNode:()=>new Scalar.Scalar(null),default:!0,tag:`tag:yaml.org,2002:null`,test:/^null$/,resolve:()=>null,stringify:stringifyJSON},{identify:value=>typeof value==`boolean`,default:!0,tag:`tag:yaml.org,2002:bool`,test:/^true$|^false$/,resolve:str=>str===`true`,stringify:stringifyJSON},{identify:intIdentify,default:!0,tag:`tag:yaml.org,2002:int`,test:/^-?(?:0|[1-9][0-9]*)$/,resolve:(str,_onError,{intAsBigInt})=>intAsBigInt?BigInt(str):parseInt(str,10),stringify:({value})=>intIdentify(value)?value.toString():JSON.stringify(value)},{identify:value=>typeof value==`number`,default:!0,tag:`tag:yaml.org,2002:float`,test:/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,resolve:str=>parseFloat(str),stringify:stringifyJSON}];exports.schema=[map.map,seq.seq].concat(jsonScalars,{default:!0,tag:``,test:/^/,resolve(str,onError){return onError(`Unresolved plain scalar ${JSON.stringify(str)}`),str}})})),require_binary=__commonJSMin((exports=>{var node_buffer=__require(`buffer`),Scalar=require_Scalar(),stringifyString=require_stringifyString();exports.binary={identify:value=>value instanceof Uint8Array,default:!1,tag:`tag:yaml.org,2002:binary`,resolve(src,onError){if(typeof node_buffer.Buffer==`function`)return node_buffer.Buffer.from(src,`base64`);if(typeof atob==`function`){let str=atob(src.replace(/[\n\r]/g,``)),buffer=new Uint8Array(str.length);for(let i=0;i<str.length;++i)buffer[i]=str.charCodeAt(i);return buffer}return onError(`This environment does not support reading binary tags; either Buffer or atob is required`),src},stringify({comment,type,value},ctx,onComment,onChompKeep){if(!value)return``;let buf=value,str;if(typeof node_buffer.Buffer==`function`)str=buf instanceof node_buffer.Buffer?buf.toString(`base64`):node_buffer.Buffer.from(buf.buffer).toString(`base64`);else if(typeof btoa==`function`){let s=``;for(let i=0;i<buf.length;++i)s+=String.fromCharCode(buf[i]);str=btoa(s)}else throw Error(`This environment does not support writing binary tags; either Buffer or btoa is required`);if(type??=Scalar.Scalar.BLOCK_LITERAL,type!==Scalar.Scalar.QUOTE_DOUBLE){let lineWidth=Math.max(ctx.options.lineWidth-ctx.indent.length,ctx.options.minContentWidth),n=Math.ceil(str.length/lineWidth),lines=Array(n);for(let i=0,o=0;i<n;++i,o+=lineWidth)lines[i]=str.substr(o,lineWidth);str=lines.join(type===Scalar.Scalar.BLOCK_LITERAL?`
`:` `)}return stringifyString.stringifyString({comment,type,value:str},ctx,onComment,onChompKeep)}}})),require_pairs=__commonJSMin((exports=>{var identity=require_identity(),Pair=require_Pair(),Scalar=require_Scalar(),YAMLSeq=require_YAMLSeq();function resolvePairs(seq,onError){if(identity.isSeq(seq))for(let i=0;i<seq.items.length;++i){let item=seq.items[i];if(!identity.isPair(item)){if(identity.isMap(item)){item.items.length>1&&onError(`Each pair must have its own sequence indicator`);let pair=item.items[0]||new Pair.Pair(new Scalar.Scalar(null));if(item.commentBefore&&(pair.key.commentBefore=pair.key.commentBefore?`${item.commentBefore}\n${pair.key.commentBefore}`:item.commentBefore),item.comment){let cn=pair.value??pair.key;cn.comment=cn.comment?`${item.comment}\n${cn.comment}`:item.comment}item=pair}seq.items[i]=identity.isPair(item)?item:new Pair.Pair(item)}}else onError(`Expected a sequence for this tag`);return seq}function createPairs(schema,iterable,ctx){let{replacer}=ctx,pairs=new YAMLSeq.YAMLSeq(schema);pairs.tag=`tag:yaml.org,2002:pairs`;let i=0;if(iterable&&Symbol.iterator in Object(iterable))for(let it of iterable){typeof replacer==`function`&&(it=replacer.call(iterable,String(i++),it));let key,value;if(Array.isArray(it)){if(it.length===2)key=it[0],value=it[1];else throw TypeError(`Expected [key, value] tuple: ${it}`)}else if(it&&it instanceof Object){let keys=Object.keys(it);if(keys.length===1)key=keys[0],value=it[key];else throw TypeError(`Expected tuple with one key, not ${keys.length} keys`)}else key=it;pairs.items.push(Pair.createPair(key,value,ctx))}return pairs}let pairs={collection:`seq`,default:!1,tag:`tag:yaml.org,2002:pairs`,resolve:resolvePairs,createNode:createPairs};exports.createPairs=createPairs,exports.pairs=pairs,exports.resolvePairs=resolvePairs})),require_omap=__commonJSMin((exports=>{var identity=require_identity(),toJS=require_toJS(),YAMLMap=require_YAMLMap(),YAMLSeq=require_YAMLSeq(),pairs=require_pairs(),YAMLOMap=class YAMLOMap extends YAMLSeq.YAMLSeq{constructor(){super(),this.add=YAMLMap.YAMLMap.prototype.add.bind(this),this.delete=YAMLMap.YAMLMap.prototype.delete.bind(this),this.get=YAMLMap.YAMLMap.prototype.get.bind(this),this.has=YAMLMap.YAMLMap.prototype.has.bind(this),this.set=YAMLMap.YAMLMap.prototype.set.bind(this),this.tag=YAMLOMap.tag}toJSON(_,ctx){if(!ctx)return super.toJSON(_);let map=new Map;ctx?.onCreate&&ctx.onCreate(map);for(let pair of this.items){let key,value;if(identity.isPair(pair)?(key=toJS.toJS(pair.key,``,ctx),value=toJS.toJS(pair.value,key,ctx)):key=toJS.toJS(pair,``,ctx),map.has(key))throw Error(`Ordered maps must not include duplicate keys`);map.set(key,value)}return map}static from(schema,iterable,ctx){let pairs$1=pairs.createPairs(schema,iterable,ctx),omap=new this;return omap.items=pairs$1.items,omap}};YAMLOMap.tag=`tag:yaml.org,2002:omap`;let omap={collection:`seq`,identify:value=>value instanceof Map,nodeClass:YAMLOMap,default:!1,tag:`tag:yaml.org,2002:omap`,resolve(seq,onError){let pairs$1=pairs.resolvePairs(seq,onError),seenKeys=[];for(let{key}of pairs$1.items)identity.isScalar(key)&&(seenKeys.includes(key.value)?onError(`Ordered maps must not include duplicate keys: ${key.value}`):seenKeys.push(key.value));return Object.assign(new YAMLOMap,pairs$1)},createNode:(schema,iterable,ctx)=>YAMLOMap.from(schema,iterable,ctx)};exports.YAMLOMap=YAMLOMap,exports.omap=omap})),require_bool=__commonJSMin((exports=>{var Scalar=require_Scalar();function boolStringify({value,source},ctx){return source&&(value?trueTag:falseTag).test.test(source)?source:value?ctx.options.trueStr:ctx.options.falseStr}let trueTag={identify:value=>value===!0,default:!0,tag:`tag:yaml.org,2002:bool`,test:/^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,resolve:()=>new Scalar.Scalar(!0),stringify:boolStringify},falseTag={identify:value=>value===!1,default:!0,tag:`tag:yaml.org,2002:bool`,test:/^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,resolve:()=>new Scalar.Scalar(!1),stringify:boolStringify};exports.falseTag=falseTag,exports.trueTag=trueTag})),require_float=__commonJSMin((exports=>{var Scalar=require_Scalar(),stringifyNumber=require_stringifyNumber();let floatNaN={identify:value=>typeof value==`number`,default:!0,tag:`tag:yaml.org,2002:float`,test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:str=>str.slice(-3).toLowerCase()===`nan`?NaN:str[0]===`-`?-1/0:1/0,stringify:stringifyNumber.stringifyNumber};exports.float={identify:value=>typeof value==`number`,default:!0,tag:`tag:yaml.org,2002:float`,test:/^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,resolve(str){let node=new Scalar.Scalar(parseFloat(str.replace(/_/g,``))),dot=str.indexOf(`.`);if(dot!==-1){let f=str.substring(dot+1).replace(/_/g,``);f[f.length-1]===`0`&&(node.minFractionDigits=f.length)}return node},stringify:stringifyNumber.stringifyNumber},exports.floatExp={identify:value=>typeof value==`number`,default:!0,tag:`tag:yaml.org,2002:float`,format:`EXP`,test:/^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,resolve:str=>parseFloat(str.replace(/_/g,``)),stringify(node){let num=Number(node.value);return isFinite(num)?num.toExponential():stringifyNumber.stringifyNumber(node)}},exports.floatNaN=floatNaN})),require_int=__commonJSMin((exports=>{var stringifyNumber=require_stringifyNumber();let intIdentify=value=>typeof value==`bigint`||Number.isInteger(value);function intResolve(str,offset,radix,{intAsBigInt}){let sign=str[0];if((sign===`-`||sign===`+`)&&(offset+=1),str=str.substring(offset).replace(/_/g,``),intAsBigInt){switch(radix){case 2:str=`0b${str}`;break;case 8:str=`0o${str}`;break;case 16:str=`0x${str}`}let n=BigInt(str);return sign===`-`?BigInt(-1)*n:n}let n=parseInt(str,radix);return sign===`-`?-1*n:n}function intStringify(node,radix,prefix){let{value}=node;if(intIdentify(value)){let str=value.toString(radix);return value<0?`-`+prefix+str.substr(1):prefix+str}return stringifyNumber.stringifyNumber(node)}let intBin={identify:intIdentify,default:!0,tag:`tag:yaml.org,2002:int`,format:`BIN`,test:/^[-+]?0b[0-1_]+$/,resolve:(str,_onError,opt)=>intResolve(str,2,2,opt),stringify:node=>intStringify(node,2,`0b`)},intOct={identify:intIdentify,default:!0,tag:`tag:yaml.org,2002:int`,format:`OCT`,test:/^[-+]?0[0-7_]+$/,resolve:(str,_onError,opt)=>intResolve(str,1,8,opt),stringify:node=>intStringify(node,8,`0`)},int={identify:intIdentify,default:!0,tag:`tag:yaml.org,2002:int`,test:/^[-+]?[0-9][0-9_]*$/,resolve:(str,_onError,opt)=>intResolve(str,0,10,opt),stringify:stringifyNumber.stringifyNumber},intHex={identify:intIdentify,default:!0,tag:`tag:yaml.org,2002:int`,format:`HEX`,test:/^[-+]?0x[0-9a-fA-F_]+$/,resolve:(str,_onError,opt)=>intResolve(str,2,16,opt),stringify:node=>intStringify(node,16,`0x`)};exports.int=int,exports.intBin=intBin,exports.intHex=intHex,exports.intOct=intOct})),require_set=__commonJSMin((exports=>{var identity=require_identity(),Pair=require_Pair(),YAMLMap=require_YAMLMap(),YAMLSet=class YAMLSet extends YAMLMap.YAMLMap{constructor(schema){super(schema),this.tag=YAMLSet.tag}add(key){let pair;pair=identity.isPair(key)?key:key&&typeof key==`object`&&`key`in key&&`value`in key&&key.value===null?new Pair.Pair(key.key,null):new Pair.Pair(key,null),YAMLMap.findPair(this.items,pair.key)||this.items.push(pair)}get(key,keepPair){let pair=YAMLMap.findPair(this.items,key);return!keepPair&&identity.isPair(pair)?identity.isScalar(pair.key)?pair.key.value:pair.key:pair}set(key,value){if(typeof value!=`boolean`)throw Error(`Expected boolean value for set(key, value) in a YAML set, not ${typeof value}`);let prev=YAMLMap.findPair(this.items,key);prev&&!value?this.items.splice(this.items.indexOf(prev),1):!prev&&value&&this.items.push(new Pair.Pair(key))}toJSON(_,ctx){return super.toJSON(_,ctx,Set)}toString(ctx,onComment,onChompKeep){if(!ctx)return JSON.stringify(this);if(this.hasAllNullValues(!0))return super.toString(Object.assign({},ctx,{allNullValues:!0}),onComment,onChompKeep);throw Error(`Set items must all have null values`)}static from(schema,iterable,ctx){let{replacer}=ctx,set=new this(schema);if(iterable&&Symbol.iterator in Object(iterable))for(let value of iterable)typeof replacer==`function`&&(value=replacer.call(iterable,value,value)),set.items.push(Pair.createPair(value,null,ctx));return set}};YAMLSet.tag=`tag:yaml.org,2002:set`;let set={collection:`map`,identify:value=>value instanceof Set,nodeClass:YAMLSet,default:!1,tag:`tag:yaml.org,2002:set`,createNode:(schema,iterable,ctx)=>YAMLSet.from(schema,iterable,ctx),resolve(map,onError){if(identity.isMap(map)){if(map.hasAllNullValues(!0))return Object.assign(new YAMLSet,map);onError(`Set items must all have null values`)}else onError(`Expected a mapping for this tag`);return map}};exports.YAMLSet=YAMLSet,exports.set=set})),require_timestamp=__commonJSMin((exports=>{var stringifyNumber=require_stringifyNumber();function parseSexagesimal(str,asBigInt){let sign=str[0],parts=sign===`-`||sign===`+`?str.substring(1):str,num=n=>asBigInt?BigInt(n):Number(n),res=parts.replace(/_/g,``).split(`:`).reduce((res,p)=>res*num(60)+num(p),num(0));return sign===`-`?num(-1)*res:res}function stringifySexagesimal(node){let{value}=node,num=n=>n;if(typeof value==`bigint`)num=n=>BigInt(n);else if(isNaN(value)||!isFinite(value))return stringifyNumber.stringifyNumber(node);let sign=``;value<0&&(sign=`-`,value*=num(-1));let _60=num(60),parts=[value%_60];return value<60?parts.unshift(0):(value=(value-parts[0])/_60,parts.unshift(value%_60),value>=60&&(value=(value-parts[0])/_60,parts.unshift(value))),sign+parts.map(n=>String(n).padStart(2,`0`)).join(`:`).replace(/000000\d*$/,``)}let intTime={identify:value=>typeof value==`bigint`||Number.isInteger(value),default:!0,tag:`tag:yaml.org,2002:int`,format:`TIME`,test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,resolve:(str,_onError,{intAsBigInt})=>parseSexagesimal(str,intAsBigInt),stringify:stringifySexagesimal},floatTime={identify:value=>typeof value==`number`,default:!0,tag:`tag:yaml.org,2002:float`,format:`TIME`,test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,resolve:str=>parseSexagesimal(str,!1),stringify:stringifySexagesimal},timestamp={identify:value=>value instanceof Date,default:!0,tag:`tag:yaml.org,2002:timestamp`,test:RegExp(`^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$`),resolve(str){let match=str.match(timestamp.test);if(!match)throw Error(`!!timestamp expects a date, starting with yyyy-mm-dd`);let[,year,month,day,hour,minute,second]=match.map(Number),millisec=match[7]?Number((match[7]+`00`).substr(1,3)):0,date=Date.UTC(year,month-1,day,hour||0,minute||0,second||0,millisec),tz=match[8];if(tz&&tz!==`Z`){let d=parseSexagesimal(tz,!1);Math.abs(d)<30&&(d*=60),date-=6e4*d}return new Date(date)},stringify:({value})=>value?.toISOString().replace(/(T00:00:00)?\.000Z$/,``)??``};exports.floatTime=floatTime,exports.intTime=intTime,exports.timestamp=timestamp})),require_schema=__commonJSMin((exports=>{var map=require_map(),_null=require_null(),seq=require_seq(),string=require_string(),binary=require_binary(),bool=require_bool(),float=require_float(),int=require_int(),merge=require_merge(),omap=require_omap(),pairs=require_pairs(),set=require_set(),timestamp=require_timestamp();exports.schema=[map.map,seq.seq,string.string,_null.nullTag,bool.trueTag,bool.falseTag,int.intBin,int.intOct,int.int,int.intHex,float.floatNaN,float.floatExp,float.float,binary.binary,merge.merge,omap.omap,pairs.pairs,set.set,timestamp.intTime,timestamp.floatTime,timestamp.timestamp]})),require_tags=__commonJSMin((exports=>{var map=require_map(),_null=require_null(),seq=require_seq(),string=require_string(),bool=require_bool$1(),float=require_float$1(),int=require_int$1(),schema=require_schema$2(),schema$1=require_schema$1(),binary=require_binary(),merge=require_merge(),omap=require_omap(),pairs=require_pairs(),schema$2=require_schema(),set=require_set(),timestamp=require_timestamp();let schemas=new Map([[`core`,schema.schema],[`failsafe`,[map.map,seq.seq,string.string]],[`json`,schema$1.schema],[`yaml11`,schema$2.schema],[`yaml-1.1`,schema$2.schema]]),tagsByName={binary:binary.binary,bool:bool.boolTag,float:float.float,floatExp:float.floatExp,floatNaN:float.floatNaN,floatTime:timestamp.floatTime,int:int.int,intHex:int.intHex,intOct:int.intOct,intTime:timestamp.intTime,map:map.map,merge:merge.merge,null:_null.nullTag,omap:omap.omap,pairs:pairs.pairs,seq:seq.seq,set:set.set,timestamp:timestamp.timestamp},coreKnownTags={"tag:yaml.org,2002:binary":binary.binary,"tag:yaml.org,2002:merge":merge.merge,"tag:yaml.org,2002:omap":omap.omap,"tag:yaml.org,2002:pairs":pairs.pairs,"tag:yaml.org,2002:set":set.set,"tag:yaml.org,2002:timestamp":timestamp.timestamp};function getTags(customTags,schemaName,addMergeTag){let schemaTags=schemas.get(schemaName);if(schemaTags&&!customTags)return addMergeTag&&!schemaTags.includes(merge.merge)?schemaTags.concat(merge.merge):schemaTags.slice();let tags=schemaTags;if(!tags){if(Array.isArray(customTags))tags=[];else{let keys=Array.from(schemas.keys()).filter(key=>key!==`yaml11`).map(key=>JSON.stringify(key)).join(`, `);throw Error(`Unknown schema "${schemaName}"; use one of ${keys} or define customTags array`)}}if(Array.isArray(customTags))for(let tag of customTags)tags=tags.concat(tag);else typeof customTags==`function`&&(tags=customTags(tags.slice()));return addMergeTag&&(tags=tags.concat(merge.merge)),tags.reduce((tags,tag)=>{let tagObj=typeof tag==`string`?tagsByName[tag]:tag;if(!tagObj){let tagName=JSON.stringify(tag),keys=Object.keys(tagsByName).map(key=>JSON.stringify(key)).join(`, `);throw Error(`Unknown custom tag ${tagName}; use one of ${keys}`)}return tags.includes(tagObj)||tags.push(tagObj),tags},[])}exports.coreKnownTags=coreKnownTags,exports.getTags=getTags})),require_Schema=__commonJSMin((exports=>{var identity=require_identity(),map=require_map(),seq=require_seq(),string=require_string(),tags=require_tags();let sortMapEntriesByKey=(a,b)=>a.key<b.key?-1:+(a.key>b.key);exports.Schema=class Schema{constructor({compat,customTags,merge,resolveKnownTags,schema,sortMapEntries,toStringDefaults}){this.compat=Array.isArray(compat)?tags.getTags(compat,`compat`):compat?tags.getTags(null,compat):null,this.name=typeof schema==`string`&&schema||`core`,this.knownTags=resolveKnownTags?tags.coreKnownTags:{},this.tags=tags.getTags(customTags,this.name,merge),this.toStringOptions=toStringDefaults??null,Object.defineProperty(this,identity.MAP,{value:map.map}),Object.defineProperty(this,identity.SCALAR,{value:string.string}),Object.defineProperty(this,identity.SEQ,{value:seq.seq}),this.sortMapEntries=typeof sortMapEntries==`function`?sortMapEntries:sortMapEntries===!0?sortMapEntriesByKey:null}clone(){let copy=Object.create(Schema.prototype,Object.getOwnPropertyDescriptors(this));return copy.tags=this.tags.slice(),copy}}})),require_stringifyDocument=__commonJSMin((exports=>{var identity=require_identity(),stringify=require_stringify(),stringifyComment=require_stringifyComment();function stringifyDocument(doc,options){let lines=[],hasDirectives=options.directives===!0;if(options.directives!==!1&&doc.directives){let dir=doc.directives.toString(doc);dir?(lines.push(dir),hasDirectives=!0):doc.directives.docStart&&(hasDirectives=!0)}hasDirectives&&lines.push(`---`);let ctx=stringify.createStringifyContext(doc,options),{commentString}=ctx.options;if(doc.commentBefore){lines.length!==1&&lines.unshift(``);let cs=commentString(doc.commentBefore);lines.unshift(stringifyComment.indentComment(cs,``))}let chompKeep=!1,contentComment=null;if(doc.contents){if(identity.isNode(doc.contents)){if(doc.contents.spaceBefore&&hasDirectives&&lines.push(``),doc.contents.commentBefore){let cs=commentString(doc.contents.commentBefore);lines.push(stringifyComment.indentComment(cs,``))}ctx.forceBlockIndent=!!doc.comment,contentComment=doc.contents.comment}let onChompKeep=contentComment?void 0:()=>chompKeep=!0,body=stringify.stringify(doc.contents,ctx,()=>contentComment=null,onChompKeep);contentComment&&(body+=stringifyComment.lineComment(body,``,commentString(contentComment))),(body[0]===`|`||body[0]===`>`)&&lines[lines.length-1]===`---`?lines[lines.length-1]=`--- ${body}`:lines.push(body)}else lines.push(stringify.stringify(doc.contents,ctx));if(doc.directives?.docEnd){if(doc.comment){let cs=commentString(doc.comment);cs.includes(`
`)?(lines.push(`...`),lines.push(stringifyComment.indentComment(cs,``))):lines.push(`... ${cs}`)}else lines.push(`...`)}else{let dc=doc.comment;dc&&chompKeep&&(dc=dc.replace(/^\n+/,``)),dc&&((!chompKeep||contentComment)&&lines[lines.length-1]!==``&&lines.push(``),lines.push(stringifyComment.indentComment(commentString(dc),``)))}return lines.join(`
`)+`
`}exports.stringifyDocument=stringifyDocument})),require_Document=__commonJSMin((exports=>{var Alias=require_Alias(),Collection=require_Collection(),identity=require_identity(),Pair=require_Pair(),toJS=require_toJS(),Schema=require_Schema(),stringifyDocument=require_stringifyDocument(),anchors=require_anchors(),applyReviver=require_applyReviver(),createNode=require_createNode(),directives=require_directives(),Document=class Document{constructor(value,replacer,options){this.commentBefore=null,this.comment=null,this.errors=[],this.warnings=[],Object.defineProperty(this,identity.NODE_TYPE,{value:identity.DOC});let _replacer=null;typeof replacer==`function`||Array.isArray(replacer)?_replacer=replacer:options===void 0&&replacer&&(options=replacer,replacer=void 0);let opt=Object.assign({intAsBigInt:!1,keepSourceTokens:!1,logLevel:`warn`,prettyErrors:!0,strict:!0,stringKeys:!1,uniqueKeys:!0,version:`1.2`},options);this.options=opt;let{version}=opt;options?._directives?(this.directives=options._directives.atDocument(),this.directives.yaml.explicit&&(version=this.directives.yaml.version)):this.directives=new directives.Directives({version}),this.setSchema(version,options),this.contents=value===void 0?null:this.createNode(value,_replacer,options)}clone(){let copy=Object.create(Document.prototype,{[identity.NODE_TYPE]:{value:identity.DOC}});return copy.commentBefore=this.commentBefore,copy.comment=this.comment,copy.errors=this.errors.slice(),copy.warnings=this.warnings.slice(),copy.options=Object.assign({},this.options),this.directives&&(copy.directives=this.directives.clone()),copy.schema=this.schema.clone(),copy.contents=identity.isNode(this.contents)?this.contents.clone(copy.schema):this.contents,this.range&&(copy.range=this.range.slice()),copy}add(value){assertCollection(this.contents)&&this.contents.add(value)}addIn(path,value){assertCollection(this.contents)&&this.contents.addIn(path,value)}createAlias(node,name){if(!node.anchor){let prev=anchors.anchorNames(this);node.anchor=!name||prev.has(name)?anchors.findNewAnchor(name||`a`,prev):name}return new Alias.Alias(node.anchor)}createNode(value,replacer,options){let _replacer;if(typeof replacer==`function`)value=replacer.call({"":value},``,value),_replacer=replacer;else if(Array.isArray(replacer)){let asStr=replacer.filter(v=>typeof v==`number`||v instanceof String||v instanceof Number).map(String);asStr.length>0&&(replacer=replacer.concat(asStr)),_replacer=replacer}else options===void 0&&replacer&&(options=replacer,replacer=void 0);let{aliasDuplicateObjects,anchorPrefix,flow,keepUndefined,onTagObj,tag}=options??{},{onAnchor,setAnchors,sourceObjects}=anchors.createNodeAnchors(this,anchorPrefix||`a`),ctx={aliasDuplicateObjects:aliasDuplicateObjects??!0,keepUndefined:keepUndefined??!1,onAnchor,onTagObj,replacer:_replacer,schema:this.schema,sourceObjects},node=createNode.createNode(value,tag,ctx);return flow&&identity.isCollection(node)&&(node.flow=!0),setAnchors(),node}createPair(key,value,options={}){let k=this.createNode(key,null,options),v=this.createNode(value,null,options);return new Pair.Pair(k,v)}delete(key){return assertCollection(this.contents)?this.contents.delete(key):!1}deleteIn(path){return Collection.isEmptyPath(path)?this.contents!=null&&(this.contents=null,!0):assertCollection(this.contents)?this.contents.deleteIn(path):!1}get(key,keepScalar){return identity.isCollection(this.contents)?this.contents.get(key,keepScalar):void 0}getIn(path,keepScalar){return Collection.isEmptyPath(path)?!keepScalar&&identity.isScalar(this.contents)?this.contents.value:this.contents:identity.isCollection(this.contents)?this.contents.getIn(path,keepScalar):void 0}has(key){return identity.isCollection(this.contents)?this.contents.has(key):!1}hasIn(path){return Collection.isEmptyPath(path)?this.contents!==void 0:identity.isCollection(this.contents)?this.contents.hasIn(path):!1}set(key,value){this.contents==null?this.contents=Collection.collectionFromPath(this.schema,[key],value):assertCollection(this.contents)&&this.contents.set(key,value)}setIn(path,value){Collection.isEmptyPath(path)?this.contents=value:this.contents==null?this.contents=Collection.collectionFromPath(this.schema,Array.from(path),value):assertCollection(this.contents)&&this.contents.setIn(path,value)}setSchema(version,options={}){typeof version==`number`&&(version=String(version));let opt;switch(version){case`1.1`:this.directives?this.directives.yaml.version=`1.1`:this.directives=new directives.Directives({version:`1.1`}),opt={resolveKnownTags:!1,schema:`yaml-1.1`};break;case`1.2`:case`next`:this.directives?this.directives.yaml.version=version:this.directives=new directives.Directives({version}),opt={resolveKnownTags:!0,schema:`core`};break;case null:this.directives&&delete this.directives,opt=null;break;default:{let sv=JSON.stringify(version);throw Error(`Expected '1.1', '1.2' or null as first argument, but found: ${sv}`)}}if(options.schema instanceof Object)this.schema=options.schema;else if(opt)this.schema=new Schema.Schema(Object.assign(opt,options));else throw Error(`With a null YAML version, the { schema: Schema } option is required`)}toJS({json,jsonArg,mapAsMap,maxAliasCount,onAnchor,reviver}={}){let ctx={anchors:new Map,doc:this,keep:!json,mapAsMap:mapAsMap===!0,mapKeyWarned:!1,maxAliasCount:typeof maxAliasCount==`number`?maxAliasCount:100},res=toJS.toJS(this.contents,jsonArg??``,ctx);if(typeof onAnchor==`function`)for(let{count,res}of ctx.anchors.values())onAnchor(res,count);return typeof reviver==`function`?applyReviver.applyReviver(reviver,{"":res},``,res):res}toJSON(jsonArg,onAnchor){return this.toJS({json:!0,jsonArg,mapAsMap:!1,onAnchor})}toString(options={}){if(this.errors.length>0)throw Error(`Document with errors cannot be stringified`);if(`indent`in options&&(!Number.isInteger(options.indent)||Number(options.indent)<=0)){let s=JSON.stringify(options.indent);throw Error(`"indent" option must be a positive integer, not ${s}`)}return stringifyDocument.stringifyDocument(this,options)}};function assertCollection(contents){if(identity.isCollection(contents))return!0;throw Error(`Expected a YAML collection as document contents`)}exports.Document=Document})),require_errors=__commonJSMin((exports=>{var YAMLError=class extends Error{constructor(name,pos,code,message){super(),this.name=name,this.code=code,this.message=message,this.pos=pos}},YAMLParseError=class extends YAMLError{constructor(pos,code,message){super(`YAMLParseError`,pos,code,message)}},YAMLWarning=class extends YAMLError{constructor(pos,code,message){super(`YAMLWarning`,pos,code,message)}};exports.YAMLError=YAMLError,exports.YAMLParseError=YAMLParseError,exports.YAMLWarning=YAMLWarning,exports.prettifyError=(src,lc)=>error=>{if(error.pos[0]===-1)return;error.linePos=error.pos.map(pos=>lc.linePos(pos));let{line,col}=error.linePos[0];error.message+=` at line ${line}, column ${col}`;let ci=col-1,lineStr=src.substring(lc.lineStarts[line-1],lc.lineStarts[line]).replace(/[\n\r]+$/,``);if(ci>=60&&lineStr.length>80){let trimStart=Math.min(ci-39,lineStr.length-79);lineStr=`…`+lineStr.substring(trimStart),ci-=trimStart-1}if(lineStr.length>80&&(lineStr=lineStr.substring(0,79)+`…`),line>1&&/^ *$/.test(lineStr.substring(0,ci))){let prev=src.substring(lc.lineStarts[line-2],lc.lineStarts[line-1]);prev.length>80&&(prev=prev.substring(0,79)+`…
`),lineStr=prev+lineStr}if(/[^ ]/.test(lineStr)){let count=1,end=error.linePos[1];end?.line===line&&end.col>col&&(count=Math.max(1,Math.min(end.col-col,80-ci)));let pointer=` `.repeat(ci)+`^`.repeat(count);error.message+=`:\n\n${lineStr}\n${pointer}\n`}}})),require_resolve_props=__commonJSMin((exports=>{function resolveProps(tokens,{flow,indicator,next,offset,onError,parentIndent,startOnNewline}){let spaceBefore=!1,atNewline=startOnNewline,hasSpace=startOnNewline,comment=``,commentSep=``,hasNewline=!1,reqSpace=!1,tab=null,anchor=null,tag=null,newlineAfterProp=null,comma=null,found=null,start=null;for(let token of tokens)switch(reqSpace&&=(token.type!==`space`&&token.type!==`newline`&&token.type!==`comma`&&onError(token.offset,`MISSING_CHAR`,`Tags and anchors must be separated from the next token by white space`),!1),tab&&=(atNewline&&token.type!==`comment`&&token.type!==`newline`&&onError(tab,`TAB_AS_INDENT`,`Tabs are not allowed as indentation`),null),token.type){case`space`:!flow&&(indicator!==`doc-start`||next?.type!==`flow-collection`)&&token.source.includes(`	`)&&(tab=token),hasSpace=!0;break;case`comment`:{hasSpace||onError(token,`MISSING_CHAR`,`Comments must be separated from other tokens by white space characters`);let cb=token.source.substring(1)||` `;comment?comment+=commentSep+cb:comment=cb,commentSep=``,atNewline=!1;break}case`newline`:atNewline?comment?comment+=token.source:found&&indicator===`seq-item-ind`||(spaceBefore=!0):commentSep+=token.source,atNewline=!0,hasNewline=!0,(anchor||tag)&&(newlineAfterProp=token),hasSpace=!0;break;case`anchor`:anchor&&onError(token,`MULTIPLE_ANCHORS`,`A node can have at most one anchor`),token.source.endsWith(`:`)&&onError(token.offset+token.source.length-1,`BAD_ALIAS`,`Anchor ending in : is ambiguous`,!0),anchor=token,start??=token.offset,atNewline=!1,hasSpace=!1,reqSpace=!0;break;case`tag`:tag&&onError(token,`MULTIPLE_TAGS`,`A node can have at most one tag`),tag=token,start??=token.offset,atNewline=!1,hasSpace=!1,reqSpace=!0;break;case indicator:(anchor||tag)&&onError(token,`BAD_PROP_ORDER`,`Anchors and tags must be after the ${token.source} indicator`),found&&onError(token,`UNEXPECTED_TOKEN`,`Unexpected ${token.source} in ${flow??`collection`}`),found=token,atNewline=indicator===`seq-item-ind`||indicator===`explicit-key-ind`,hasSpace=!1;break;case`comma`:if(flow){comma&&onError(token,`UNEXPECTED_TOKEN`,`Unexpected , in ${flow}`),comma=token,atNewline=!1,hasSpace=!1;break}default:onError(token,`UNEXPECTED_TOKEN`,`Unexpected ${token.type} token`),atNewline=!1,hasSpace=!1}let last=tokens[tokens.length-1],end=last?last.offset+last.source.length:offset;return reqSpace&&next&&next.type!==`space`&&next.type!==`newline`&&next.type!==`comma`&&(next.type!==`scalar`||next.source!==``)&&onError(next.offset,`MISSING_CHAR`,`Tags and anchors must be separated from the next token by white space`),tab&&(atNewline&&tab.indent<=parentIndent||next?.type===`block-map`||next?.type===`block-seq`)&&onError(tab,`TAB_AS_INDENT`,`Tabs are not allowed as indentation`),{comma,found,spaceBefore,comment,hasNewline,anchor,tag,newlineAfterProp,end,start:start??end}}exports.resolveProps=resolveProps})),require_util_contains_newline=__commonJSMin((exports=>{function containsNewline(key){if(!key)return null;switch(key.type){case`alias`:case`scalar`:case`double-quoted-scalar`:case`single-quoted-scalar`:if(key.source.includes(`
`))return!0;if(key.end){for(let st of key.end)if(st.type===`newline`)return!0}return!1;case`flow-collection`:for(let it of key.items){for(let st of it.start)if(st.type===`newline`)return!0;if(it.sep){for(let st of it.sep)if(st.type===`newline`)return!0}if(containsNewline(it.key)||containsNewline(it.value))return!0}return!1;default:return!0}}exports.containsNewline=containsNewline})),require_util_flow_indent_check=__commonJSMin((exports=>{var utilContainsNewline=require_util_contains_newline();function flowIndentCheck(indent,fc,onError){if(fc?.type===`flow-collection`){let end=fc.end[0];end.indent===indent&&(end.source===`]`||end.source===`}`)&&utilContainsNewline.containsNewline(fc)&&onError(end,`BAD_INDENT`,`Flow end indicator should be more indented than parent`,!0)}}exports.flowIndentCheck=flowIndentCheck})),require_util_map_includes=__commonJSMin((exports=>{var identity=require_identity();function mapIncludes(ctx,items,search){let{uniqueKeys}=ctx.options;if(uniqueKeys===!1)return!1;let isEqual=typeof uniqueKeys==`function`?uniqueKeys:(a,b)=>a===b||identity.isScalar(a)&&identity.isScalar(b)&&a.value===b.value;return items.some(pair=>isEqual(pair.key,search))}exports.mapIncludes=mapIncludes})),require_resolve_block_map=__commonJSMin((exports=>{var Pair=require_Pair(),YAMLMap=require_YAMLMap(),resolveProps=require_resolve_props(),utilContainsNewline=require_util_contains_newline(),utilFlowIndentCheck=require_util_flow_indent_check(),utilMapIncludes=require_util_map_includes();let startColMsg=`All mapping items must start at the same column`;function resolveBlockMap({composeNode,composeEmptyNode},ctx,bm,onError,tag){let map=new((tag?.nodeClass)??YAMLMap.YAMLMap)(ctx.schema);ctx.atRoot&&=!1;let offset=bm.offset,commentEnd=null;for(let collItem of bm.items){let{start,key,sep,value}=collItem,keyProps=resolveProps.resolveProps(start,{indicator:`explicit-key-ind`,next:key??sep?.[0],offset,onError,parentIndent:bm.indent,startOnNewline:!0}),implicitKey=!keyProps.found;if(implicitKey){if(key&&(key.type===`block-seq`?onError(offset,`BLOCK_AS_IMPLICIT_KEY`,`A block sequence may not be used as an implicit map key`):`indent`in key&&key.indent!==bm.indent&&onError(offset,`BAD_INDENT`,startColMsg)),!keyProps.anchor&&!keyProps.tag&&!sep){commentEnd=keyProps.end,keyProps.comment&&(map.comment?map.comment+=`
`+keyProps.comment:map.comment=keyProps.comment);continue}(keyProps.newlineAfterProp||utilContainsNewline.containsNewline(key))&&onError(key??start[start.length-1],`MULTILINE_IMPLICIT_KEY`,`Implicit keys need to be on a single line`)}else keyProps.found?.indent!==bm.indent&&onError(offset,`BAD_INDENT`,startColMsg);ctx.atKey=!0;let keyStart=keyProps.end,keyNode=key?composeNode(ctx,key,keyProps,onError):composeEmptyNode(ctx,keyStart,start,null,keyProps,onError);ctx.schema.compat&&utilFlowIndentCheck.flowIndentCheck(bm.indent,key,onError),ctx.atKey=!1,utilMapIncludes.mapIncludes(ctx,map.items,keyNode)&&onError(keyStart,`DUPLICATE_KEY`,`Map keys must be unique`);let valueProps=resolveProps.resolveProps(sep??[],{indicator:`map-value-ind`,next:value,offset:keyNode.range[2],onError,parentIndent:bm.indent,startOnNewline:!key||key.type===`block-scalar`});if(offset=valueProps.end,valueProps.found){implicitKey&&(value?.type===`block-map`&&!valueProps.hasNewline&&onError(offset,`BLOCK_AS_IMPLICIT_KEY`,`Nested mappings are not allowed in compact mappings`),ctx.options.strict&&keyProps.start<valueProps.found.offset-1024&&onError(keyNode.range,`KEY_OVER_1024_CHARS`,`The : indicator must be at most 1024 chars after the start of an implicit block mapping key`));let valueNode=value?composeNode(ctx,value,valueProps,onError):composeEmptyNode(ctx,offset,sep,null,valueProps,onError);ctx.schema.compat&&utilFlowIndentCheck.flowIndentCheck(bm.indent,value,onError),offset=valueNode.range[2];let pair=new Pair.Pair(keyNode,valueNode);ctx.options.keepSourceTokens&&(pair.srcToken=collItem),map.items.push(pair)}else{implicitKey&&onError(keyNode.range,`MISSING_CHAR`,`Implicit map keys need to be followed by map values`),valueProps.comment&&(keyNode.comment?keyNode.comment+=`
`+valueProps.comment:keyNode.comment=valueProps.comment);let pair=new Pair.Pair(keyNode);ctx.options.keepSourceTokens&&(pair.srcToken=collItem),map.items.push(pair)}}return commentEnd&&commentEnd<offset&&onError(commentEnd,`IMPOSSIBLE`,`Map comment with trailing content`),map.range=[bm.offset,offset,commentEnd??offset],map}exports.resolveBlockMap=resolveBlockMap})),require_resolve_block_seq=__commonJSMin((exports=>{var YAMLSeq=require_YAMLSeq(),resolveProps=require_resolve_props(),utilFlowIndentCheck=require_util_flow_indent_check();function resolveBlockSeq({composeNode,composeEmptyNode},ctx,bs,onError,tag){let seq=new((tag?.nodeClass)??YAMLSeq.YAMLSeq)(ctx.schema);ctx.atRoot&&=!1,ctx.atKey&&=!1;let offset=bs.offset,commentEnd=null;for(let{start,value}of bs.items){let props=resolveProps.resolveProps(start,{indicator:`seq-item-ind`,next:value,offset,onError,parentIndent:bs.indent,startOnNewline:!0});if(!props.found){if(props.anchor||props.tag||value)value?.type===`block-seq`?onError(props.end,`BAD_INDENT`,`All sequence items must start at the same column`):onError(offset,`MISSING_CHAR`,`Sequence item without - indicator`);else{commentEnd=props.end,props.comment&&(seq.comment=props.comment);continue}}let node=value?composeNode(ctx,value,props,onError):composeEmptyNode(ctx,props.end,start,null,props,onError);ctx.schema.compat&&utilFlowIndentCheck.flowIndentCheck(bs.indent,value,onError),offset=node.range[2],seq.items.push(node)}return seq.range=[bs.offset,offset,commentEnd??offset],seq}exports.resolveBlockSeq=resolveBlockSeq})),require_resolve_end=__commonJSMin((exports=>{function resolveEnd(end,offset,reqSpace,onError){let comment=``;if(end){let hasSpace=!1,sep=``;for(let token of end){let{source,type}=token;switch(type){case`space`:hasSpace=!0;break;case`comment`:{reqSpace&&!hasSpace&&onError(token,`MISSING_CHAR`,`Comments must be separated from other tokens by white space characters`);let cb=source.substring(1)||` `;comment?comment+=sep+cb:comment=cb,sep=``;break}case`newline`:comment&&(sep+=source),hasSpace=!0;break;default:onError(token,`UNEXPECTED_TOKEN`,`Unexpected ${type} at node end`)}offset+=source.length}}return{comment,offset}}exports.resolveEnd=resolveEnd})),require_resolve_flow_collection=__commonJSMin((exports=>{var identity=require_identity(),Pair=require_Pair(),YAMLMap=require_YAMLMap(),YAMLSeq=require_YAMLSeq(),resolveEnd=require_resolve_end(),resolveProps=require_resolve_props(),utilContainsNewline=require_util_contains_newline(),utilMapIncludes=require_util_map_includes();let blockMsg=`Block collections are not allowed within flow collections`,isBlock=token=>token&&(token.type===`block-map`||token.type===`block-seq`);function resolveFlowCollection({composeNode,composeEmptyNode},ctx,fc,onError,tag){let isMap=fc.start.source===`{`,fcName=isMap?`flow map`:`flow sequence`,coll=new((tag?.nodeClass)??(isMap?YAMLMap.YAMLMap:YAMLSeq.YAMLSeq))(ctx.schema);coll.flow=!0;let atRoot=ctx.atRoot;atRoot&&(ctx.atRoot=!1),ctx.atKey&&=!1;let offset=fc.offset+fc.start.source.length;for(let i=0;i<fc.items.length;++i){let collItem=fc.items[i],{start,key,sep,value}=collItem,props=resolveProps.resolveProps(start,{flow:fcName,indicator:`explicit-key-ind`,next:key??sep?.[0],offset,onError,parentIndent:fc.indent,startOnNewline:!1});if(!props.found){if(!props.anchor&&!props.tag&&!sep&&!value){i===0&&props.comma?onError(props.comma,`UNEXPECTED_TOKEN`,`Unexpected , in ${fcName}`):i<fc.items.length-1&&onError(props.start,`UNEXPECTED_TOKEN`,`Unexpected empty item in ${fcName}`),props.comment&&(coll.comment?coll.comment+=`
`+props.comment:coll.comment=props.comment),offset=props.end;continue}!isMap&&ctx.options.strict&&utilContainsNewline.containsNewline(key)&&onError(key,`MULTILINE_IMPLICIT_KEY`,`Implicit keys of flow sequence pairs need to be on a single line`)}if(i===0)props.comma&&onError(props.comma,`UNEXPECTED_TOKEN`,`Unexpected , in ${fcName}`);else if(props.comma||onError(props.start,`MISSING_CHAR`,`Missing , between ${fcName} items`),props.comment){let prevItemComment=``;loop:for(let st of start)switch(st.type){case`comma`:case`space`:break;case`comment`:prevItemComment=st.source.substring(1);break loop;default:break loop}if(prevItemComment){let prev=coll.items[coll.items.length-1];identity.isPair(prev)&&(prev=prev.value??prev.key),prev.comment?prev.comment+=`
`+prevItemComment:prev.comment=prevItemComment,props.comment=props.comment.substring(prevItemComment.length+1)}}if(!isMap&&!sep&&!props.found){let valueNode=value?composeNode(ctx,value,props,onError):composeEmptyNode(ctx,props.end,sep,null,props,onError);coll.items.push(valueNode),offset=valueNode.range[2],isBlock(value)&&onError(valueNode.range,`BLOCK_IN_FLOW`,blockMsg)}else{ctx.atKey=!0;let keyStart=props.end,keyNode=key?composeNode(ctx,key,props,onError):composeEmptyNode(ctx,keyStart,start,null,props,onError);isBlock(key)&&onError(keyNode.range,`BLOCK_IN_FLOW`,blockMsg),ctx.atKey=!1;let valueProps=resolveProps.resolveProps(sep??[],{flow:fcName,indicator:`map-value-ind`,next:value,offset:keyNode.range[2],onError,parentIndent:fc.indent,startOnNewline:!1});if(valueProps.found){if(!isMap&&!props.found&&ctx.options.strict){if(sep)for(let st of sep){if(st===valueProps.found)break;if(st.type===`newline`){onError(st,`MULTILINE_IMPLICIT_KEY`,`Implicit keys of flow sequence pairs need to be on a single line`);break}}props.start<valueProps.found.offset-1024&&onError(valueProps.found,`KEY_OVER_1024_CHARS`,`The : indicator must be at most 1024 chars after the start of an implicit flow sequence key`)}}else value&&(`source`in value&&value.source?.[0]===`:`?onError(value,`MISSING_CHAR`,`Missing space after : in ${fcName}`):onError(valueProps.start,`MISSING_CHAR`,`Missing , or : between ${fcName} items`));let valueNode=value?composeNode(ctx,value,valueProps,onError):valueProps.found?composeEmptyNode(ctx,valueProps.end,sep,null,valueProps,onError):null;valueNode?isBlock(value)&&onError(valueNode.range,`BLOCK_IN_FLOW`,blockMsg):valueProps.comment&&(keyNode.comment?keyNode.comment+=`
`+valueProps.comment:keyNode.comment=valueProps.comment);let pair=new Pair.Pair(keyNode,valueNode);if(ctx.options.keepSourceTokens&&(pair.srcToken=collItem),isMap){let map=coll;utilMapIncludes.mapIncludes(ctx,map.items,keyNode)&&onError(keyStart,`DUPLICATE_KEY`,`Map keys must be unique`),map.items.push(pair)}else{let map=new YAMLMap.YAMLMap(ctx.schema);map.flow=!0,map.items.push(pair);let endRange=(valueNode??keyNode).range;map.range=[keyNode.range[0],endRange[1],endRange[2]],coll.items.push(map)}offset=valueNode?valueNode.range[2]:valueProps.end}}let expectedEnd=isMap?`}`:`]`,[ce,...ee]=fc.end,cePos=offset;if(ce?.source===expectedEnd)cePos=ce.offset+ce.source.length;else{let name=fcName[0].toUpperCase()+fcName.substring(1),msg=atRoot?`${name} must end with a ${expectedEnd}`:`${name} in block collection must be sufficiently indented and end with a ${expectedEnd}`;onError(offset,atRoot?`MISSING_CHAR`:`BAD_INDENT`,msg),ce&&ce.source.length!==1&&ee.unshift(ce)}if(ee.length>0){let end=resolveEnd.resolveEnd(ee,cePos,ctx.options.strict,onError);end.comment&&(coll.comment?coll.comment+=`
`+end.comment:coll.comment=end.comment),coll.range=[fc.offset,cePos,end.offset]}else coll.range=[fc.offset,cePos,cePos];return coll}exports.resolveFlowCollection=resolveFlowCollection})),require_compose_collection=__commonJSMin((exports=>{var identity=require_identity(),Scalar=require_Scalar(),YAMLMap=require_YAMLMap(),YAMLSeq=require_YAMLSeq(),resolveBlockMap=require_resolve_block_map(),resolveBlockSeq=require_resolve_block_seq(),resolveFlowCollection=require_resolve_flow_collection();function resolveCollection(CN,ctx,token,onError,tagName,tag){let coll=token.type===`block-map`?resolveBlockMap.resolveBlockMap(CN,ctx,token,onError,tag):token.type===`block-seq`?resolveBlockSeq.resolveBlockSeq(CN,ctx,token,onError,tag):resolveFlowCollection.resolveFlowCollection(CN,ctx,token,onError,tag),Coll=coll.constructor;return tagName===`!`||tagName===Coll.tagName?(coll.tag=Coll.tagName,coll):(tagName&&(coll.tag=tagName),coll)}function composeCollection(CN,ctx,token,props,onError){let tagToken=props.tag,tagName=tagToken?ctx.directives.tagName(tagToken.source,msg=>onError(tagToken,`TAG_RESOLVE_FAILED`,msg)):null;if(token.type===`block-seq`){let{anchor,newlineAfterProp:nl}=props,lastProp=anchor&&tagToken?anchor.offset>tagToken.offset?anchor:tagToken:anchor??tagToken;lastProp&&(!nl||nl.offset<lastProp.offset)&&onError(lastProp,`MISSING_CHAR`,`Missing newline after block sequence props`)}let expType=token.type===`block-map`?`map`:token.type===`block-seq`?`seq`:token.start.source===`{`?`map`:`seq`;if(!tagToken||!tagName||tagName===`!`||tagName===YAMLMap.YAMLMap.tagName&&expType===`map`||tagName===YAMLSeq.YAMLSeq.tagName&&expType===`seq`)return resolveCollection(CN,ctx,token,onError,tagName);let tag=ctx.schema.tags.find(t=>t.tag===tagName&&t.collection===expType);if(!tag){let kt=ctx.schema.knownTags[tagName];if(kt?.collection===expType)ctx.schema.tags.push(Object.assign({},kt,{default:!1})),tag=kt;else return kt?onError(tagToken,`BAD_COLLECTION_TYPE`,`${kt.tag} used for ${expType} collection, but expects ${kt.collection??`scalar`}`,!0):onError(tagToken,`TAG_RESOLVE_FAILED`,`Unresolved tag: ${tagName}`,!0),resolveCollection(CN,ctx,token,onError,tagName)}let coll=resolveCollection(CN,ctx,token,onError,tagName,tag),res=tag.resolve?.(coll,msg=>onError(tagToken,`TAG_RESOLVE_FAILED`,msg),ctx.options)??coll,node=identity.isNode(res)?res:new Scalar.Scalar(res);return node.range=coll.range,node.tag=tagName,tag?.format&&(node.format=tag.format),node}exports.composeCollection=composeCollection})),require_resolve_block_scalar=__commonJSMin((exports=>{var Scalar=require_Scalar();function resolveBlockScalar(ctx,scalar,onError){let start=scalar.offset,header=parseBlockScalarHeader(scalar,ctx.options.strict,onError);if(!header)return{value:``,type:null,comment:``,range:[start,start,start]};let type=header.mode===`>`?Scalar.Scalar.BLOCK_FOLDED:Scalar.Scalar.BLOCK_LITERAL,lines=scalar.source?splitLines(scalar.source):[],chompStart=lines.length;for(let i=lines.length-1;i>=0;--i){let content=lines[i][1];if(content===``||content===`\r`)chompStart=i;else break}if(chompStart===0){let value=header.chomp===`+`&&lines.length>0?`
`.repeat(Math.max(1,lines.length-1)):``,end=start+header.length;return scalar.source&&(end+=scalar.source.length),{value,type,comment:header.comment,range:[start,end,end]}}let trimIndent=scalar.indent+header.indent,offset=scalar.offset+header.length,contentStart=0;for(let i=0;i<chompStart;++i){let[indent,content]=lines[i];if(content===``||content===`\r`)header.indent===0&&indent.length>trimIndent&&(trimIndent=indent.length);else{indent.length<trimIndent&&onError(offset+indent.length,`MISSING_CHAR`,`Block scalars with more-indented leading empty lines must use an explicit indentation indicator`),header.indent===0&&(trimIndent=indent.length),contentStart=i,trimIndent===0&&!ctx.atRoot&&onError(offset,`BAD_INDENT`,`Block scalar values in collections must be indented`);break}offset+=indent.length+content.length+1}for(let i=lines.length-1;i>=chompStart;--i)lines[i][0].length>trimIndent&&(chompStart=i+1);let value=``,sep=``,prevMoreIndented=!1;for(let i=0;i<contentStart;++i)value+=lines[i][0].slice(trimIndent)+`
`;for(let i=contentStart;i<chompStart;++i){let[indent,content]=lines[i];offset+=indent.length+content.length+1;let crlf=content[content.length-1]===`\r`;if(crlf&&(content=content.slice(0,-1)),content&&indent.length<trimIndent){let message=`Block scalar lines must not be less indented than their ${header.indent?`explicit indentation indicator`:`first line`}`;onError(offset-content.length-(crlf?2:1),`BAD_INDENT`,message),indent=``}type===Scalar.Scalar.BLOCK_LITERAL?(value+=sep+indent.slice(trimIndent)+content,sep=`
`):indent.length>trimIndent||content[0]===`	`?(sep===` `?sep=`
`:!prevMoreIndented&&sep===`
`&&(sep=`

`),value+=sep+indent.slice(trimIndent)+content,sep=`
`,prevMoreIndented=!0):content===``?sep===`
`?value+=`
`:sep=`
`:(value+=sep+content,sep=` `,prevMoreIndented=!1)}switch(header.chomp){case`-`:break;case`+`:for(let i=chompStart;i<lines.length;++i)value+=`
`+lines[i][0].slice(trimIndent);value[value.length-1]!==`
`&&(value+=`
`);break;default:value+=`
`}let end=start+header.length+scalar.source.length;return{value,type,comment:header.comment,range:[start,end,end]}}function parseBlockScalarHeader({offset,props},strict,onError){if(props[0].type!==`block-scalar-header`)return onError(props[0],`IMPOSSIBLE`,`Block scalar header not found`),null;let{source}=props[0],mode=source[0],indent=0,chomp=``,error=-1;for(let i=1;i<source.length;++i){let ch=source[i];if(!chomp&&(ch===`-`||ch===`+`))chomp=ch;else{let n=Number(ch);!indent&&n?indent=n:error===-1&&(error=offset+i)}}error!==-1&&onError(error,`UNEXPECTED_TOKEN`,`Block scalar header includes extra characters: ${source}`);let hasSpace=!1,comment=``,length=source.length;for(let i=1;i<props.length;++i){let token=props[i];switch(token.type){case`space`:hasSpace=!0;case`newline`:length+=token.source.length;break;case`comment`:strict&&!hasSpace&&onError(token,`MISSING_CHAR`,`Comments must be separated from other tokens by white space characters`),length+=token.source.length,comment=token.source.substring(1);break;case`error`:onError(token,`UNEXPECTED_TOKEN`,token.message),length+=token.source.length;break;default:{onError(token,`UNEXPECTED_TOKEN`,`Unexpected token in block scalar header: ${token.type}`);let ts=token.source;ts&&typeof ts==`string`&&(length+=ts.length)}}}return{mode,indent,chomp,comment,length}}function splitLines(source){let split=source.split(/\n( *)/),first=split[0],m=first.match(/^( *)/),lines=[m?.[1]?[m[1],first.slice(m[1].length)]:[``,first]];for(let i=1;i<split.length;i+=2)lines.push([split[i],split[i+1]]);return lines}exports.resolveBlockScalar=resolveBlockScalar})),require_resolve_flow_scalar=__commonJSMin((exports=>{var Scalar=require_Scalar(),resolveEnd=require_resolve_end();function resolveFlowScalar(scalar,strict,onError){let{offset,type,source,end}=scalar,_type,value,_onError=(rel,code,msg)=>onError(offset+rel,code,msg);switch(type){case`scalar`:_type=Scalar.Scalar.PLAIN,value=plainValue(source,_onError);break;case`single-quoted-scalar`:_type=Scalar.Scalar.QUOTE_SINGLE,value=singleQuotedValue(source,_onError);break;case`double-quoted-scalar`:_type=Scalar.Scalar.QUOTE_DOUBLE,value=doubleQuotedValue(source,_onError);break;default:return onError(scalar,`UNEXPECTED_TOKEN`,`Expected a flow scalar value, but found: ${type}`),{value:``,type:null,comment:``,range:[offset,offset+source.length,offset+source.length]}}let valueEnd=offset+source.length,re=resolveEnd.resolveEnd(end,valueEnd,strict,onError);return{value,type:_type,comment:re.comment,range:[offset,valueEnd,re.offset]}}function plainValue(source,onError){let badChar=``;switch(source[0]){case`	`:badChar=`a tab character`;break;case`,`:badChar=`flow indicator character ,`;break;case`%`:badChar=`directive indicator character %`;break;case`|`:case`>`:badChar=`block scalar indicator ${source[0]}`;break;case`@`:case"`":badChar=`reserved character ${source[0]}`}return badChar&&onError(0,`BAD_SCALAR_START`,`Plain value cannot start with ${badChar}`),unfoldLines(source)}function singleQuotedValue(source,onError){return(source[source.length-1]!==`'`||source.length===1)&&onError(source.length,`MISSING_CHAR`,`Missing closing 'quote`),unfoldLines(source.slice(1,-1)).replace(/''/g,`'`)}function unfoldLines(source){let line=/(.*?)\r?\n/sy,match=line.exec(source);if(!match)return source;let trimEnd,trimBoth;try{trimEnd=RegExp(`(?<![ 	])[ 	]+$`),trimBoth=RegExp(`^[ 	]+|(?<![ 	])[ 	]+$`,`g`)}catch{trimEnd=/[ \t]+$/,trimBoth=/^[ \t]+|[ \t]+$/g}let res=match[1].replace(trimEnd,``),sep=` `,pos=line.lastIndex;for(;match=line.exec(source);){let lm=match[1].replace(trimBoth,``);lm===``?sep===`
`?res+=sep:sep=`
`:(res+=sep+lm,sep=` `),pos=line.lastIndex}let last=/[ \t]*(.*)/sy;return last.lastIndex=pos,match=last.exec(source),res+sep+(match?.[1]??``)}function doubleQuotedValue(source,onError){let res=``;for(let i=1;i<source.length-1;++i){let ch=source[i];if(ch!==`\r`||source[i+1]!==`
`){if(ch===`
`){let{fold,offset}=foldNewline(source,i);res+=fold,i=offset}else if(ch===`\\`){let next=source[++i],cc=escapeCodes[next];if(cc)res+=cc;else if(next===`
`)for(next=source[i+1];next===` `||next===`	`;)next=source[++i+1];else if(next===`\r`&&source[i+1]===`
`)for(next=source[++i+1];next===` `||next===`	`;)next=source[++i+1];else if(next===`x`||next===`u`||next===`U`){let length=next===`x`?2:next===`u`?4:8;res+=parseCharCode(source,i+1,length,onError),i+=length}else{let raw=source.substr(i-1,2);onError(i-1,`BAD_DQ_ESCAPE`,`Invalid escape sequence ${raw}`),res+=raw}}else if(ch===` `||ch===`	`){let wsStart=i,next=source[i+1];for(;next===` `||next===`	`;)next=source[++i+1];next!==`
`&&(next!==`\r`||source[i+2]!==`
`)&&(res+=i>wsStart?source.slice(wsStart,i+1):ch)}else res+=ch}}return(source[source.length-1]!==`"`||source.length===1)&&onError(source.length,`MISSING_CHAR`,`Missing closing "quote`),res}function foldNewline(source,offset){let fold=``,ch=source[offset+1];for(;(ch===` `||ch===`	`||ch===`
`||ch===`\r`)&&(ch!==`\r`||source[offset+2]===`
`);)ch===`
`&&(fold+=`
`),offset+=1,ch=source[offset+1];return fold||=` `,{fold,offset}}let escapeCodes={0:`\0`,a:`\x07`,b:`\b`,e:`\x1B`,f:`\f`,n:`
`,r:`\r`,t:`	`,v:`\v`,N:``,_:`\xA0`,L:`\u2028`,P:`\u2029`," ":` `,'"':`"`,"/":`/`,"\\":`\\`,"	":`	`};function parseCharCode(source,offset,length,onError){let cc=source.substr(offset,length),code=cc.length===length&&/^[0-9a-fA-F]+$/.test(cc)?parseInt(cc,16):NaN;try{return String.fromCodePoint(code)}catch{let raw=source.substr(offset-2,length+2);return onError(offset-2,`BAD_DQ_ESCAPE`,`Invalid escape sequence ${raw}`),raw}}exports.resolveFlowScalar=resolveFlowScalar})),require_compose_scalar=__commonJSMin((exports=>{var identity=require_identity(),Scalar=require_Scalar(),resolveBlockScalar=require_resolve_block_scalar(),resolveFlowScalar=require_resolve_flow_scalar();function composeScalar(ctx,token,tagToken,onError){let{value,type,comment,range}=token.type===`block-scalar`?resolveBlockScalar.resolveBlockScalar(ctx,token,onError):resolveFlowScalar.resolveFlowScalar(token,ctx.options.strict,onError),tagName=tagToken?ctx.directives.tagName(tagToken.source,msg=>onError(tagToken,`TAG_RESOLVE_FAILED`,msg)):null,tag;tag=ctx.options.stringKeys&&ctx.atKey?ctx.schema[identity.SCALAR]:tagName?findScalarTagByName(ctx.schema,value,tagName,tagToken,onError):token.type===`scalar`?findScalarTagByTest(ctx,value,token,onError):ctx.schema[identity.SCALAR];let scalar;try{let res=tag.resolve(value,msg=>onError(tagToken??token,`TAG_RESOLVE_FAILED`,msg),ctx.options);scalar=identity.isScalar(res)?res:new Scalar.Scalar(res)}catch(error){let msg=error instanceof Error?error.message:String(error);onError(tagToken??token,`TAG_RESOLVE_FAILED`,msg),scalar=new Scalar.Scalar(value)}return scalar.range=range,scalar.source=value,type&&(scalar.type=type),tagName&&(scalar.tag=tagName),tag.format&&(scalar.format=tag.format),comment&&(scalar.comment=comment),scalar}function findScalarTagByName(schema,value,tagName,tagToken,onError){if(tagName===`!`)return schema[identity.SCALAR];let matchWithTest=[];for(let tag of schema.tags)if(!tag.collection&&tag.tag===tagName){if(tag.default&&tag.test)matchWithTest.push(tag);else return tag}for(let tag of matchWithTest)if(tag.test?.test(value))return tag;let kt=schema.knownTags[tagName];return kt&&!kt.collection?(schema.tags.push(Object.assign({},kt,{default:!1,test:void 0})),kt):(onError(tagToken,`TAG_RESOLVE_FAILED`,`Unresolved tag: ${tagName}`,tagName!==`tag:yaml.org,2002:str`),schema[identity.SCALAR])}function findScalarTagByTest({atKey,directives,schema},value,token,onError){let tag=schema.tags.find(tag=>(tag.default===!0||atKey&&tag.default===`key`)&&tag.test?.test(value))||schema[identity.SCALAR];if(schema.compat){let compat=schema.compat.find(tag=>tag.default&&tag.test?.test(value))??schema[identity.SCALAR];tag.tag!==compat.tag&&onError(token,`TAG_RESOLVE_FAILED`,`Value may be parsed as either ${directives.tagString(tag.tag)} or ${directives.tagString(compat.tag)}`,!0)}return tag}exports.composeScalar=composeScalar})),require_util_empty_scalar_position=__commonJSMin((exports=>{function emptyScalarPosition(offset,before,pos){if(before){pos??=before.length;for(let i=pos-1;i>=0;--i){let st=before[i];switch(st.type){case`space`:case`comment`:case`newline`:offset-=st.source.length;continue}for(st=before[++i];st?.type===`space`;)offset+=st.source.length,st=before[++i];break}}return offset}exports.emptyScalarPosition=emptyScalarPosition})),require_compose_node=__commonJSMin((exports=>{var Alias=require_Alias(),identity=require_identity(),composeCollection=require_compose_collection(),composeScalar=require_compose_scalar(),resolveEnd=require_resolve_end(),utilEmptyScalarPosition=require_util_empty_scalar_position();let CN={composeNode,composeEmptyNode};function composeNode(ctx,token,props,onError){let atKey=ctx.atKey,{spaceBefore,comment,anchor,tag}=props,node,isSrcToken=!0;switch(token.type){case`alias`:node=composeAlias(ctx,token,onError),(anchor||tag)&&onError(token,`ALIAS_PROPS`,`An alias node must not specify any properties`);break;case`scalar`:case`single-quoted-scalar`:case`double-quoted-scalar`:case`block-scalar`:node=composeScalar.composeScalar(ctx,token,tag,onError),anchor&&(node.anchor=anchor.source.substring(1));break;case`block-map`:case`block-seq`:case`flow-collection`:try{node=composeCollection.composeCollection(CN,ctx,token,props,onError),anchor&&(node.anchor=anchor.source.substring(1))}catch(error){onError(token,`RESOURCE_EXHAUSTION`,error instanceof Error?error.message:String(error))}break;default:onError(token,`UNEXPECTED_TOKEN`,token.type===`error`?token.message:`Unsupported token (type: ${token.type})`),isSrcToken=!1}return node??=composeEmptyNode(ctx,token.offset,void 0,null,props,onError),anchor&&node.anchor===``&&onError(anchor,`BAD_ALIAS`,`Anchor cannot be an empty string`),atKey&&ctx.options.stringKeys&&(!identity.isScalar(node)||typeof node.value!=`string`||node.tag&&node.tag!==`tag:yaml.org,2002:str`)&&onError(tag??token,`NON_STRING_KEY`,`With stringKeys, all keys must be strings`),spaceBefore&&(node.spaceBefore=!0),comment&&(token.type===`scalar`&&token.source===``?node.comment=comment:node.commentBefore=comment),ctx.options.keepSourceTokens&&isSrcToken&&(node.srcToken=token),node}function composeEmptyNode(ctx,offset,before,pos,{spaceBefore,comment,anchor,tag,end},onError){let token={type:`scalar`,offset:utilEmptyScalarPosition.emptyScalarPosition(offset,before,pos),indent:-1,source:``},node=composeScalar.composeScalar(ctx,token,tag,onError);return anchor&&(node.anchor=anchor.source.substring(1),node.anchor===``&&onError(anchor,`BAD_ALIAS`,`Anchor cannot be an empty string`)),spaceBefore&&(node.spaceBefore=!0),comment&&(node.comment=comment,node.range[2]=end),node}function composeAlias({options},{offset,source,end},onError){let alias=new Alias.Alias(source.substring(1));alias.source===``&&onError(offset,`BAD_ALIAS`,`Alias cannot be an empty string`),alias.source.endsWith(`:`)&&onError(offset+source.length-1,`BAD_ALIAS`,`Alias ending in : is ambiguous`,!0);let valueEnd=offset+source.length,re=resolveEnd.resolveEnd(end,valueEnd,options.strict,onError);return alias.range=[offset,valueEnd,re.offset],re.comment&&(alias.comment=re.comment),alias}exports.composeEmptyNode=composeEmptyNode,exports.composeNode=composeNode})),require_compose_doc=__commonJSMin((exports=>{var Document=require_Document(),composeNode=require_compose_node(),resolveEnd=require_resolve_end(),resolveProps=require_resolve_props();function composeDoc(options,directives,{offset,start,value,end},onError){let opts=Object.assign({_directives:directives},options),doc=new Document.Document(void 0,opts),ctx={atKey:!1,atRoot:!0,directives:doc.directives,options:doc.options,schema:doc.schema},props=resolveProps.resolveProps(start,{indicator:`doc-start`,next:value??end?.[0],offset,onError,parentIndent:0,startOnNewline:!0});props.found&&(doc.directives.docStart=!0,value&&(value.type===`block-map`||value.type===`block-seq`)&&!props.hasNewline&&onError(props.end,`MISSING_CHAR`,`Block collection cannot start on same line with directives-end marker`)),doc.contents=value?composeNode.composeNode(ctx,value,props,onError):composeNode.composeEmptyNode(ctx,props.end,start,null,props,onError);let contentEnd=doc.contents.range[2],re=resolveEnd.resolveEnd(end,contentEnd,!1,onError);return re.comment&&(doc.comment=re.comment),doc.range=[offset,contentEnd,re.offset],doc}exports.composeDoc=composeDoc})),require_composer=__commonJSMin((exports=>{var node_process=__require(`process`),directives=require_directives(),Document=require_Document(),errors=require_errors(),identity=require_identity(),composeDoc=require_compose_doc(),resolveEnd=require_resolve_end();function getErrorPos(src){if(typeof src==`number`)return[src,src+1];if(Array.isArray(src))return src.length===2?src:[src[0],src[1]];let{offset,source}=src;return[offset,offset+(typeof source==`string`?source.length:1)]}function parsePrelude(prelude){let comment=``,atComment=!1,afterEmptyLine=!1;for(let i=0;i<prelude.length;++i){let source=prelude[i];switch(source[0]){case`#`:comment+=(comment===``?``:afterEmptyLine?`

`:`
`)+(source.substring(1)||` `),atComment=!0,afterEmptyLine=!1;break;case`%`:prelude[i+1]?.[0]!==`#`&&(i+=1),atComment=!1;break;default:atComment||(afterEmptyLine=!0),atComment=!1}}return{comment,afterEmptyLine}}exports.Composer=class{constructor(options={}){this.doc=null,this.atDirectives=!1,this.prelude=[],this.errors=[],this.warnings=[],this.onError=(source,code,message,warning)=>{let pos=getErrorPos(source);warning?this.warnings.push(new errors.YAMLWarning(pos,code,message)):this.errors.push(new errors.YAMLParseError(pos,code,message))},this.directives=new directives.Directives({version:options.version||`1.2`}),this.options=options}decorate(doc,afterDoc){let{comment,afterEmptyLine}=parsePrelude(this.prelude);if(comment){let dc=doc.contents;if(afterDoc)doc.comment=doc.comment?`${doc.comment}\n${comment}`:comment;else if(afterEmptyLine||doc.directives.docStart||!dc)doc.commentBefore=comment;else if(identity.isCollection(dc)&&!dc.flow&&dc.items.length>0){let it=dc.items[0];identity.isPair(it)&&(it=it.key);let cb=it.commentBefore;it.commentBefore=cb?`${comment}\n${cb}`:comment}else{let cb=dc.commentBefore;dc.commentBefore=cb?`${comment}\n${cb}`:comment}}if(afterDoc){for(let i=0;i<this.errors.length;++i)doc.errors.push(this.errors[i]);for(let i=0;i<this.warnings.length;++i)doc.warnings.push(this.warnings[i])}else doc.errors=this.errors,doc.warnings=this.warnings;this.prelude=[],this.errors=[],this.warnings=[]}streamInfo(){return{comment:parsePrelude(this.prelude).comment,directives:this.directives,errors:this.errors,warnings:this.warnings}}*compose(tokens,forceDoc=!1,endOffset=-1){for(let token of tokens)yield*this.next(token);yield*this.end(forceDoc,endOffset)}*next(token){switch(node_process.env.LOG_STREAM&&console.dir(token,{depth:null}),token.type){case`directive`:this.directives.add(token.source,(offset,message,warning)=>{let pos=getErrorPos(token);pos[0]+=offset,this.onError(pos,`BAD_DIRECTIVE`,message,warning)}),this.prelude.push(token.source),this.atDirectives=!0;break;case`document`:{let doc=composeDoc.composeDoc(this.options,this.directives,token,this.onError);this.atDirectives&&!doc.directives.docStart&&this.onError(token,`MISSING_CHAR`,`Missing directives-end/doc-start indicator line`),this.decorate(doc,!1),this.doc&&(yield this.doc),this.doc=doc,this.atDirectives=!1;break}case`byte-order-mark`:case`space`:break;case`comment`:case`newline`:this.prelude.push(token.source);break;case`error`:{let msg=token.source?`${token.message}: ${JSON.stringify(token.source)}`:token.message,error=new errors.YAMLParseError(getErrorPos(token),`UNEXPECTED_TOKEN`,msg);this.atDirectives||!this.doc?this.errors.push(error):this.doc.errors.push(error);break}case`doc-end`:{if(!this.doc){this.errors.push(new errors.YAMLParseError(getErrorPos(token),`UNEXPECTED_TOKEN`,`Unexpected doc-end without preceding document`));break}this.doc.directives.docEnd=!0;let end=resolveEnd.resolveEnd(token.end,token.offset+token.source.length,this.doc.options.strict,this.onError);if(this.decorate(this.doc,!0),end.comment){let dc=this.doc.comment;this.doc.comment=dc?`${dc}\n${end.comment}`:end.comment}this.doc.range[2]=end.offset;break}default:this.errors.push(new errors.YAMLParseError(getErrorPos(token),`UNEXPECTED_TOKEN`,`Unsupported token ${token.type}`))}}*end(forceDoc=!1,endOffset=-1){if(this.doc)this.decorate(this.doc,!0),yield this.doc,this.doc=null;else if(forceDoc){let opts=Object.assign({_directives:this.directives},this.options),doc=new Document.Document(void 0,opts);this.atDirectives&&this.onError(endOffset,`MISSING_CHAR`,`Missing directives-end indicator line`),doc.range=[0,endOffset,endOffset],this.decorate(doc,!1),yield doc}}}})),require_cst_scalar=__commonJSMin((exports=>{var resolveBlockScalar=require_resolve_block_scalar(),resolveFlowScalar=require_resolve_flow_scalar(),errors=require_errors(),stringifyString=require_stringifyString();function resolveAsScalar(token,strict=!0,onError){if(token){let _onError=(pos,code,message)=>{let offset=typeof pos==`number`?pos:Array.isArray(pos)?pos[0]:pos.offset;if(onError)onError(offset,code,message);else throw new errors.YAMLParseError([offset,offset+1],code,message)};switch(token.type){case`scalar`:case`single-quoted-scalar`:case`double-quoted-scalar`:return resolveFlowScalar.resolveFlowScalar(token,strict,_onError);case`block-scalar`:return resolveBlockScalar.resolveBlockScalar({options:{strict}},token,_onError)}}return null}function createScalarToken(value,context){let{implicitKey=!1,indent,inFlow=!1,offset=-1,type=`PLAIN`}=context,source=stringifyString.stringifyString({type,value},{implicitKey,indent:indent>0?` `.repeat(indent):``,inFlow,options:{blockQuote:!0,lineWidth:-1}}),end=context.end??[{type:`newline`,offset:-1,indent,source:`
`}];switch(source[0]){case`|`:case`>`:{let he=source.indexOf(`
`),head=source.substring(0,he),body=source.substring(he+1)+`
`,props=[{type:`block-scalar-header`,offset,indent,source:head}];return addEndtoBlockProps(props,end)||props.push({type:`newline`,offset:-1,indent,source:`
`}),{type:`block-scalar`,offset,indent,props,source:body}}case`"`:return{type:`double-quoted-scalar`,offset,indent,source,end};case`'`:return{type:`single-quoted-scalar`,offset,indent,source,end};default:return{type:`scalar`,offset,indent,source,end}}}function setScalarValue(token,value,context={}){let{afterKey=!1,implicitKey=!1,inFlow=!1,type}=context,indent=`indent`in token?token.indent:null;if(afterKey&&typeof indent==`number`&&(indent+=2),!type)switch(token.type){case`single-quoted-scalar`:type=`QUOTE_SINGLE`;break;case`double-quoted-scalar`:type=`QUOTE_DOUBLE`;break;case`block-scalar`:{let header=token.props[0];if(header.type!==`block-scalar-header`)throw Error(`Invalid block scalar header`);type=header.source[0]===`>`?`BLOCK_FOLDED`:`BLOCK_LITERAL`;break}default:type=`PLAIN`}let source=stringifyString.stringifyString({type,value},{implicitKey:implicitKey||indent===null,indent:indent!==null&&indent>0?` `.repeat(indent):``,inFlow,options:{blockQuote:!0,lineWidth:-1}});switch(source[0]){case`|`:case`>`:setBlockScalarValue(token,source);break;case`"`:setFlowScalarValue(token,source,`double-quoted-scalar`);break;case`'`:setFlowScalarValue(token,source,`single-quoted-scalar`);break;default:setFlowScalarValue(token,source,`scalar`)}}function setBlockScalarValue(token,source){let he=source.indexOf(`
`),head=source.substring(0,he),body=source.substring(he+1)+`
`;if(token.type===`block-scalar`){let header=token.props[0];if(header.type!==`block-scalar-header`)throw Error(`Invalid block scalar header`);header.source=head,token.source=body}else{let{offset}=token,indent=`indent`in token?token.indent:-1,props=[{type:`block-scalar-header`,offset,indent,source:head}];addEndtoBlockProps(props,`end`in token?token.end:void 0)||props.push({type:`newline`,offset:-1,indent,source:`
`});for(let key of Object.keys(token))key!==`type`&&key!==`offset`&&delete token[key];Object.assign(token,{type:`block-scalar`,indent,props,source:body})}}function addEndtoBlockProps(props,end){if(end)for(let st of end)switch(st.type){case`space`:case`comment`:props.push(st);break;case`newline`:return props.push(st),!0}return!1}function setFlowScalarValue(token,source,type){switch(token.type){case`scalar`:case`double-quoted-scalar`:case`single-quoted-scalar`:token.type=type,token.source=source;break;case`block-scalar`:{let end=token.props.slice(1),oa=source.length;token.props[0].type===`block-scalar-header`&&(oa-=token.props[0].source.length);for(let tok of end)tok.offset+=oa;delete token.props,Object.assign(token,{type,source,end});break}case`block-map`:case`block-seq`:{let nl={type:`newline`,offset:token.offset+source.length,indent:token.indent,source:`
`};delete token.items,Object.assign(token,{type,source,end:[nl]});break}default:{let indent=`indent`in token?token.indent:-1,end=`end`in token&&Array.isArray(token.end)?token.end.filter(st=>st.type===`space`||st.type===`comment`||st.type===`newline`):[];for(let key of Object.keys(token))key!==`type`&&key!==`offset`&&delete token[key];Object.assign(token,{type,indent,source,end})}}}exports.createScalarToken=createScalarToken,exports.resolveAsScalar=resolveAsScalar,exports.setScalarValue=setScalarValue})),require_cst_stringify=__commonJSMin((exports=>{let stringify=cst=>`type`in cst?stringifyToken(cst):stringifyItem(cst);function stringifyToken(token){switch(token.type){case`block-scalar`:{let res=``;for(let tok of token.props)res+=stringifyToken(tok);return res+token.source}case`block-map`:case`block-seq`:{let res=``;for(let item of token.items)res+=stringifyItem(item);return res}case`flow-collection`:{let res=token.start.source;for(let item of token.items)res+=stringifyItem(item);for(let st of token.end)res+=st.source;return res}case`document`:{let res=stringifyItem(token);if(token.end)for(let st of token.end)res+=st.source;return res}default:{let res=token.source;if(`end`in token&&token.end)for(let st of token.end)res+=st.source;return res}}}function stringifyItem({start,key,sep,value}){let res=``;for(let st of start)res+=st.source;if(key&&(res+=stringifyToken(key)),sep)for(let st of sep)res+=st.source;return value&&(res+=stringifyToken(value)),res}exports.stringify=stringify})),require_cst_visit=__commonJSMin((exports=>{let BREAK=Symbol(`break visit`),SKIP=Symbol(`skip children`),REMOVE=Symbol(`remove item`);function visit(cst,visitor){`type`in cst&&cst.type===`document`&&(cst={start:cst.start,value:cst.value}),_visit(Object.freeze([]),cst,visitor)}visit.BREAK=BREAK,visit.SKIP=SKIP,visit.REMOVE=REMOVE,visit.itemAtPath=(cst,path)=>{let item=cst;for(let[field,index]of path){let tok=item?.[field];if(tok&&`items`in tok)item=tok.items[index];else return}return item},visit.parentCollection=(cst,path)=>{let parent=visit.itemAtPath(cst,path.slice(0,-1)),field=path[path.length-1][0],coll=parent?.[field];if(coll&&`items`in coll)return coll;throw Error(`Parent collection not found`)};function _visit(path,item,visitor){let ctrl=visitor(item,path);if(typeof ctrl==`symbol`)return ctrl;for(let field of[`key`,`value`]){let token=item[field];if(token&&`items`in token){for(let i=0;i<token.items.length;++i){let ci=_visit(Object.freeze(path.concat([[field,i]])),token.items[i],visitor);if(typeof ci==`number`)i=ci-1;else if(ci===BREAK)return BREAK;else ci===REMOVE&&(token.items.splice(i,1),--i)}typeof ctrl==`function`&&field===`key`&&(ctrl=ctrl(item,path))}}return typeof ctrl==`function`?ctrl(item,path):ctrl}exports.visit=visit})),require_cst=__commonJSMin((exports=>{var cstScalar=require_cst_scalar(),cstStringify=require_cst_stringify(),cstVisit=require_cst_visit();let isCollection=token=>!!token&&`items`in token,isScalar=token=>!!token&&(token.type===`scalar`||token.type===`single-quoted-scalar`||token.type===`double-quoted-scalar`||token.type===`block-scalar`);function prettyToken(token){switch(token){case`﻿`:return`<BOM>`;case``:return`<DOC>`;case``:return`<FLOW_END>`;case``:return`<SCALAR>`;default:return JSON.stringify(token)}}function tokenType(source){switch(source){case`﻿`:return`byte-order-mark`;case``:return`doc-mode`;case``:return`flow-error-end`;case``:return`scalar`;case`---`:return`doc-start`;case`...`:return`doc-end`;case``:case`
`:case`\r
`:return`newline`;case`-`:return`seq-item-ind`;case`?`:return`explicit-key-ind`;case`:`:return`map-value-ind`;case`{`:return`flow-map-start`;case`}`:return`flow-map-end`;case`[`:return`flow-seq-start`;case`]`:return`flow-seq-end`;case`,`:return`comma`}switch(source[0]){case` `:case`	`:return`space`;case`#`:return`comment`;case`%`:return`directive-line`;case`*`:return`alias`;case`&`:return`anchor`;case`!`:return`tag`;case`'`:return`single-quoted-scalar`;case`"`:return`double-quoted-scalar`;case`|`:case`>`:return`block-scalar-header`}return null}exports.createScalarToken=cstScalar.createScalarToken,exports.resolveAsScalar=cstScalar.resolveAsScalar,exports.setScalarValue=cstScalar.setScalarValue,exports.stringify=cstStringify.stringify,exports.visit=cstVisit.visit,exports.BOM=`﻿`,exports.DOCUMENT=``,exports.FLOW_END=``,exports.SCALAR=``,exports.isCollection=isCollection,exports.isScalar=isScalar,exports.prettyToken=prettyToken,exports.tokenType=tokenType})),require_lexer=__commonJSMin((exports=>{var cst=require_cst();function isEmpty(ch){switch(ch){case void 0:case` `:case`
`:case`\r`:case`	`:return!0;default:return!1}}let hexDigits=new Set(`0123456789ABCDEFabcdef`),tagChars=new Set(`0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()`),flowIndicatorChars=new Set(`,[]{}`),invalidAnchorChars=new Set(` ,[]{}
\r	`),isNotAnchorChar=ch=>!ch||invalidAnchorChars.has(ch);exports.Lexer=class{constructor(){this.atEnd=!1,this.blockScalarIndent=-1,this.blockScalarKeep=!1,this.buffer=``,this.flowKey=!1,this.flowLevel=0,this.indentNext=0,this.indentValue=0,this.lineEndPos=null,this.next=null,this.pos=0}*lex(source,incomplete=!1){if(source){if(typeof source!=`string`)throw TypeError(`source is not a string`);this.buffer=this.buffer?this.buffer+source:source,this.lineEndPos=null}this.atEnd=!incomplete;let next=this.next??`stream`;for(;next&&(incomplete||this.hasChars(1));)next=yield*this.parseNext(next)}atLineEnd(){let i=this.pos,ch=this.buffer[i];for(;ch===` `||ch===`	`;)ch=this.buffer[++i];return!ch||ch===`#`||ch===`
`||ch===`\r`&&this.buffer[i+1]===`
`}charAt(n){return this.buffer[this.pos+n]}continueScalar(offset){let ch=this.buffer[offset];if(this.indentNext>0){let indent=0;for(;ch===` `;)ch=this.buffer[++indent+offset];if(ch===`\r`){let next=this.buffer[indent+offset+1];if(next===`
`||!next&&!this.atEnd)return offset+indent+1}return ch===`
`||indent>=this.indentNext||!ch&&!this.atEnd?offset+indent:-1}if(ch===`-`||ch===`.`){let dt=this.buffer.substr(offset,3);if((dt===`---`||dt===`...`)&&isEmpty(this.buffer[offset+3]))return-1}return offset}getLine(){let end=this.lineEndPos;return(typeof end!=`number`||end!==-1&&end<this.pos)&&(end=this.buffer.indexOf(`
`,this.pos),this.lineEndPos=end),end===-1?this.atEnd?this.buffer.substring(this.pos):null:(this.buffer[end-1]===`\r`&&--end,this.buffer.substring(this.pos,end))}hasChars(n){return this.pos+n<=this.buffer.length}setNext(state){return this.buffer=this.buffer.substring(this.pos),this.pos=0,this.lineEndPos=null,this.next=state,null}peek(n){return this.buffer.substr(this.pos,n)}*parseNext(next){switch(next){case`stream`:return yield*this.parseStream();case`line-start`:return yield*this.parseLineStart();case`block-start`:return yield*this.parseBlockStart();case`doc`:return yield*this.parseDocument();case`flow`:return yield*this.parseFlowCollection();case`quoted-scalar`:return yield*this.parseQuotedScalar();case`block-scalar`:return yield*this.parseBlockScalar();case`plain-scalar`:return yield*this.parsePlainScalar()}}*parseStream(){let line=this.getLine();if(line===null)return this.setNext(`stream`);if(line[0]===cst.BOM&&(yield*this.pushCount(1),line=line.substring(1)),line[0]===`%`){let dirEnd=line.length,cs=line.indexOf(`#`);for(;cs!==-1;){let ch=line[cs-1];if(ch===` `||ch===`	`){dirEnd=cs-1;break}cs=line.indexOf(`#`,cs+1)}for(;;){let ch=line[dirEnd-1];if(ch===` `||ch===`	`)--dirEnd;else break}let n=(yield*this.pushCount(dirEnd))+(yield*this.pushSpaces(!0));return yield*this.pushCount(line.length-n),this.pushNewline(),`stream`}if(this.atLineEnd()){let sp=yield*this.pushSpaces(!0);return yield*this.pushCount(line.length-sp),yield*this.pushNewline(),`stream`}return yield cst.DOCUMENT,yield*this.parseLineStart()}*parseLineStart(){let ch=this.charAt(0);if(!ch&&!this.atEnd)return this.setNext(`line-start`);if(ch===`-`||ch===`.`){if(!this.atEnd&&!this.hasChars(4))return this.setNext(`line-start`);let s=this.peek(3);if((s===`---`||s===`...`)&&isEmpty(this.charAt(3)))return yield*this.pushCount(3),this.indentValue=0,this.indentNext=0,s===`---`?`doc`:`stream`}return this.indentValue=yield*this.pushSpaces(!1),this.indentNext>this.indentValue&&!isEmpty(this.charAt(1))&&(this.indentNext=this.indentValue),yield*this.parseBlockStart()}*parseBlockStart(){let[ch0,ch1]=this.peek(2);if(!ch1&&!this.atEnd)return this.setNext(`block-start`);if((ch0===`-`||ch0===`?`||ch0===`:`)&&isEmpty(ch1)){let n=(yield*this.pushCount(1))+(yield*this.pushSpaces(!0));return this.indentNext=this.indentValue+1,this.indentValue+=n,`block-start`}return`doc`}*parseDocument(){yield*this.pushSpaces(!0);let line=this.getLine();if(line===null)return this.setNext(`doc`);let n=yield*this.pushIndicators();switch(line[n]){case`#`:yield*this.pushCount(line.length-n);case void 0:return yield*this.pushNewline(),yield*this.parseLineStart();case`{`:case`[`:return yield*this.pushCount(1),this.flowKey=!1,this.flowLevel=1,`flow`;case`}`:case`]`:return yield*this.pushCount(1),`doc`;case`*`:return yield*this.pushUntil(isNotAnchorChar),`doc`;case`"`:case`'`:return yield*this.parseQuotedScalar();case`|`:case`>`:return n+=yield*this.parseBlockScalarHeader(),n+=yield*this.pushSpaces(!0),yield*this.pushCount(line.length-n),yield*this.pushNewline(),yield*this.parseBlockScalar();default:return yield*this.parsePlainScalar()}}*parseFlowCollection(){let nl,sp,indent=-1;do nl=yield*this.pushNewline(),nl>0?(sp=yield*this.pushSpaces(!1),this.indentValue=indent=sp):sp=0,sp+=yield*this.pushSpaces(!0);while(nl+sp>0);let line=this.getLine();if(line===null)return this.setNext(`flow`);if((indent!==-1&&indent<this.indentNext&&line[0]!==`#`||indent===0&&(line.startsWith(`---`)||line.startsWith(`...`))&&isEmpty(line[3]))&&(indent!==this.indentNext-1||this.flowLevel!==1||line[0]!==`]`&&line[0]!==`}`))return this.flowLevel=0,yield cst.FLOW_END,yield*this.parseLineStart();let n=0;for(;line[n]===`,`;)n+=yield*this.pushCount(1),n+=yield*this.pushSpaces(!0),this.flowKey=!1;switch(n+=yield*this.pushIndicators(),line[n]){case void 0:return`flow`;case`#`:return yield*this.pushCount(line.length-n),`flow`;case`{`:case`[`:return yield*this.pushCount(1),this.flowKey=!1,this.flowLevel+=1,`flow`;case`}`:case`]`:return yield*this.pushCount(1),this.flowKey=!0,--this.flowLevel,this.flowLevel?`flow`:`doc`;case`*`:return yield*this.pushUntil(isNotAnchorChar),`flow`;case`"`:case`'`:return this.flowKey=!0,yield*this.parseQuotedScalar();case`:`:{let next=this.charAt(1);if(this.flowKey||isEmpty(next)||next===`,`)return this.flowKey=!1,yield*this.pushCount(1),yield*this.pushSpaces(!0),`flow`}default:return this.flowKey=!1,yield*this.parsePlainScalar()}}*parseQuotedScalar(){let quote=this.charAt(0),end=this.buffer.indexOf(quote,this.pos+1);if(quote===`'`)for(;end!==-1&&this.buffer[end+1]===`'`;)end=this.buffer.indexOf(`'`,end+2);else for(;end!==-1;){let n=0;for(;this.buffer[end-1-n]===`\\`;)n+=1;if(n%2==0)break;end=this.buffer.indexOf(`"`,end+1)}let qb=this.buffer.substring(0,end),nl=qb.indexOf(`
`,this.pos);if(nl!==-1){for(;nl!==-1;){let cs=this.continueScalar(nl+1);if(cs===-1)break;nl=qb.indexOf(`
`,cs)}nl!==-1&&(end=nl-(qb[nl-1]===`\r`?2:1))}if(end===-1){if(!this.atEnd)return this.setNext(`quoted-scalar`);end=this.buffer.length}return yield*this.pushToIndex(end+1,!1),this.flowLevel?`flow`:`doc`}*parseBlockScalarHeader(){this.blockScalarIndent=-1,this.blockScalarKeep=!1;let i=this.pos;for(;;){let ch=this.buffer[++i];if(ch===`+`)this.blockScalarKeep=!0;else if(ch>`0`&&ch<=`9`)this.blockScalarIndent=Number(ch)-1;else if(ch!==`-`)break}return yield*this.pushUntil(ch=>isEmpty(ch)||ch===`#`)}*parseBlockScalar(){let nl=this.pos-1,indent=0,ch;loop:for(let i=this.pos;ch=this.buffer[i];++i)switch(ch){case` `:indent+=1;break;case`
`:nl=i,indent=0;break;case`\r`:{let next=this.buffer[i+1];if(!next&&!this.atEnd)return this.setNext(`block-scalar`);if(next===`
`)break}default:break loop}if(!ch&&!this.atEnd)return this.setNext(`block-scalar`);if(indent>=this.indentNext){this.indentNext=this.blockScalarIndent===-1?indent:this.blockScalarIndent+(this.indentNext===0?1:this.indentNext);do{let cs=this.continueScalar(nl+1);if(cs===-1)break;nl=this.buffer.indexOf(`
`,cs)}while(nl!==-1);if(nl===-1){if(!this.atEnd)return this.setNext(`block-scalar`);nl=this.buffer.length}}let i=nl+1;for(ch=this.buffer[i];ch===` `;)ch=this.buffer[++i];if(ch===`	`){for(;ch===`	`||ch===` `||ch===`\r`||ch===`
`;)ch=this.buffer[++i];nl=i-1}else if(!this.blockScalarKeep)do{let i=nl-1,ch=this.buffer[i];ch===`\r`&&(ch=this.buffer[--i]);let lastChar=i;for(;ch===` `;)ch=this.buffer[--i];if(ch===`
`&&i>=this.pos&&i+1+indent>lastChar)nl=i;else break}while(1);return yield cst.SCALAR,yield*this.pushToIndex(nl+1,!0),yield*this.parseLineStart()}*parsePlainScalar(){let inFlow=this.flowLevel>0,end=this.pos-1,i=this.pos-1,ch;for(;ch=this.buffer[++i];)if(ch===`:`){let next=this.buffer[i+1];if(isEmpty(next)||inFlow&&flowIndicatorChars.has(next))break;end=i}else if(isEmpty(ch)){let next=this.buffer[i+1];if(ch===`\r`&&(next===`
`?(i+=1,ch=`
`,next=this.buffer[i+1]):end=i),next===`#`||inFlow&&flowIndicatorChars.has(next))break;if(ch===`
`){let cs=this.continueScalar(i+1);if(cs===-1)break;i=Math.max(i,cs-2)}}else{if(inFlow&&flowIndicatorChars.has(ch))break;end=i}return!ch&&!this.atEnd?this.setNext(`plain-scalar`):(yield cst.SCALAR,yield*this.pushToIndex(end+1,!0),inFlow?`flow`:`doc`)}*pushCount(n){return n>0?(yield this.buffer.substr(this.pos,n),this.pos+=n,n):0}*pushToIndex(i,allowEmpty){let s=this.buffer.slice(this.pos,i);return s?(yield s,this.pos+=s.length,s.length):(allowEmpty&&(yield``),0)}*pushIndicators(){let n=0;loop:for(;;){switch(this.charAt(0)){case`!`:n+=yield*this.pushTag(),n+=yield*this.pushSpaces(!0);continue loop;case`&`:n+=yield*this.pushUntil(isNotAnchorChar),n+=yield*this.pushSpaces(!0);continue loop;case`-`:case`?`:case`:`:{let inFlow=this.flowLevel>0,ch1=this.charAt(1);if(isEmpty(ch1)||inFlow&&flowIndicatorChars.has(ch1)){inFlow?this.flowKey&&=!1:this.indentNext=this.indentValue+1,n+=yield*this.pushCount(1),n+=yield*this.pushSpaces(!0);continue loop}}}break loop}return n}*pushTag(){if(this.charAt(1)===`<`){let i=this.pos+2,ch=this.buffer[i];for(;!isEmpty(ch)&&ch!==`>`;)ch=this.buffer[++i];return yield*this.pushToIndex(ch===`>`?i+1:i,!1)}{let i=this.pos+1,ch=this.buffer[i];for(;ch;)if(tagChars.has(ch))ch=this.buffer[++i];else if(ch===`%`&&hexDigits.has(this.buffer[i+1])&&hexDigits.has(this.buffer[i+2]))ch=this.buffer[i+=3];else break;return yield*this.pushToIndex(i,!1)}}*pushNewline(){let ch=this.buffer[this.pos];return ch===`
`?yield*this.pushCount(1):ch===`\r`&&this.charAt(1)===`
`?yield*this.pushCount(2):0}*pushSpaces(allowTabs){let i=this.pos-1,ch;do ch=this.buffer[++i];while(ch===` `||allowTabs&&ch===`	`);let n=i-this.pos;return n>0&&(yield this.buffer.substr(this.pos,n),this.pos=i),n}*pushUntil(test){let i=this.pos,ch=this.buffer[i];for(;!test(ch);)ch=this.buffer[++i];return yield*this.pushToIndex(i,!1)}}})),require_line_counter=__commonJSMin((exports=>{exports.LineCounter=class{constructor(){this.lineStarts=[],this.addNewLine=offset=>this.lineStarts.push(offset),this.linePos=offset=>{let low=0,high=this.lineStarts.length;for(;low<high;){let mid=low+high>>1;this.lineStarts[mid]<offset?low=mid+1:high=mid}if(this.lineStarts[low]===offset)return{line:low+1,col:1};if(low===0)return{line:0,col:offset};let start=this.lineStarts[low-1];return{line:low,col:offset-start+1}}}}})),require_parser=__commonJSMin((exports=>{var node_process=__require(`process`),cst=require_cst(),lexer=require_lexer();function includesToken(list,type){for(let i=0;i<list.length;++i)if(list[i].type===type)return!0;return!1}function findNonEmptyIndex(list){for(let i=0;i<list.length;++i)switch(list[i].type){case`space`:case`comment`:case`newline`:break;default:return i}return-1}function isFlowToken(token){switch(token?.type){case`alias`:case`scalar`:case`single-quoted-scalar`:case`double-quoted-scalar`:case`flow-collection`:return!0;default:return!1}}function getPrevProps(parent){switch(parent.type){case`document`:return parent.start;case`block-map`:{let it=parent.items[parent.items.length-1];return it.sep??it.start}case`block-seq`:return parent.items[parent.items.length-1].start;default:return[]}}function getFirstKeyStartProps(prev){if(prev.length===0)return[];let i=prev.length;loop:for(;--i>=0;)switch(prev[i].type){case`doc-start`:case`explicit-key-ind`:case`map-value-ind`:case`seq-item-ind`:case`newline`:break loop}for(;prev[++i]?.type===`space`;);return prev.splice(i,prev.length)}function arrayPushArray(target,source){if(source.length<1e5)Array.prototype.push.apply(target,source);else for(let i=0;i<source.length;++i)target.push(source[i])}function fixFlowSeqItems(fc){if(fc.start.type===`flow-seq-start`)for(let it of fc.items)it.sep&&!it.value&&!includesToken(it.start,`explicit-key-ind`)&&!includesToken(it.sep,`map-value-ind`)&&(it.key&&(it.value=it.key),delete it.key,isFlowToken(it.value)?it.value.end?arrayPushArray(it.value.end,it.sep):it.value.end=it.sep:arrayPushArray(it.start,it.sep),delete it.sep)}exports.Parser=class{constructor(onNewLine){this.atNewLine=!0,this.atScalar=!1,this.indent=0,this.offset=0,this.onKeyLine=!1,this.stack=[],this.source=``,this.type=``,this.lexer=new lexer.Lexer,this.onNewLine=onNewLine}*parse(source,incomplete=!1){this.onNewLine&&this.offset===0&&this.onNewLine(0);for(let lexeme of this.lexer.lex(source,incomplete))yield*this.next(lexeme);incomplete||(yield*this.end())}*next(source){if(this.source=source,node_process.env.LOG_TOKENS&&console.log(`|`,cst.prettyToken(source)),this.atScalar){this.atScalar=!1,yield*this.step(),this.offset+=source.length;return}let type=cst.tokenType(source);if(!type){let message=`Not a YAML token: ${source}`;yield*this.pop({type:`error`,offset:this.offset,message,source}),this.offset+=source.length}else if(type===`scalar`)this.atNewLine=!1,this.atScalar=!0,this.type=`scalar`;else{switch(this.type=type,yield*this.step(),type){case`newline`:this.atNewLine=!0,this.indent=0,this.onNewLine&&this.onNewLine(this.offset+source.length);break;case`space`:this.atNewLine&&source[0]===` `&&(this.indent+=source.length);break;case`explicit-key-ind`:case`map-value-ind`:case`seq-item-ind`:this.atNewLine&&(this.indent+=source.length);break;case`doc-mode`:case`flow-error-end`:return;default:this.atNewLine=!1}this.offset+=source.length}}*end(){for(;this.stack.length>0;)yield*this.pop()}get sourceToken(){return{type:this.type,offset:this.offset,indent:this.indent,source:this.source}}*step(){let top=this.peek(1);if(this.type===`doc-end`&&top?.type!==`doc-end`){for(;this.stack.length>0;)yield*this.pop();this.stack.push({type:`doc-end`,offset:this.offset,source:this.source})}else{if(!top)return yield*this.stream();switch(top.type){case`document`:return yield*this.document(top);case`alias`:case`scalar`:case`single-quoted-scalar`:case`double-quoted-scalar`:return yield*this.scalar(top);case`block-scalar`:return yield*this.blockScalar(top);case`block-map`:return yield*this.blockMap(top);case`block-seq`:return yield*this.blockSequence(top);case`flow-collection`:return yield*this.flowCollection(top);case`doc-end`:return yield*this.documentEnd(top)}yield*this.pop()}}peek(n){return this.stack[this.stack.length-n]}*pop(error){let token=error??this.stack.pop();if(!token)yield{type:`error`,offset:this.offset,source:``,message:`Tried to pop an empty stack`};else if(this.stack.length===0)yield token;else{let top=this.peek(1);switch(token.type===`block-scalar`?token.indent=`indent`in top?top.indent:0:token.type===`flow-collection`&&top.type===`document`&&(token.indent=0),token.type===`flow-collection`&&fixFlowSeqItems(token),top.type){case`document`:top.value=token;break;case`block-scalar`:top.props.push(token);break;case`block-map`:{let it=top.items[top.items.length-1];if(it.value){top.items.push({start:[],key:token,sep:[]}),this.onKeyLine=!0;return}if(it.sep)it.value=token;else{Object.assign(it,{key:token,sep:[]}),this.onKeyLine=!it.explicitKey;return}break}case`block-seq`:{let it=top.items[top.items.length-1];it.value?top.items.push({start:[],value:token}):it.value=token;break}case`flow-collection`:{let it=top.items[top.items.length-1];!it||it.value?top.items.push({start:[],key:token,sep:[]}):it.sep?it.value=token:Object.assign(it,{key:token,sep:[]});return}default:yield*this.pop(),yield*this.pop(token)}if((top.type===`document`||top.type===`block-map`||top.type===`block-seq`)&&(token.type===`block-map`||token.type===`block-seq`)){let last=token.items[token.items.length-1];last&&!last.sep&&!last.value&&last.start.length>0&&findNonEmptyIndex(last.start)===-1&&(token.indent===0||last.start.every(st=>st.type!==`comment`||st.indent<token.indent))&&(top.type===`document`?top.end=last.start:top.items.push({start:last.start}),token.items.splice(-1,1))}}}*stream(){switch(this.type){case`directive-line`:yield{type:`directive`,offset:this.offset,source:this.source};return;case`byte-order-mark`:case`space`:case`comment`:case`newline`:yield this.sourceToken;return;case`doc-mode`:case`doc-start`:{let doc={type:`document`,offset:this.offset,start:[]};this.type===`doc-start`&&doc.start.push(this.sourceToken),this.stack.push(doc);return}}yield{type:`error`,offset:this.offset,message:`Unexpected ${this.type} token in YAML stream`,source:this.source}}*document(doc){if(doc.value)return yield*this.lineEnd(doc);switch(this.type){case`doc-start`:findNonEmptyIndex(doc.start)===-1?doc.start.push(this.sourceToken):(yield*this.pop(),yield*this.step());return;case`anchor`:case`tag`:case`space`:case`comment`:case`newline`:doc.start.push(this.sourceToken);return}let bv=this.startBlockValue(doc);bv?this.stack.push(bv):yield{type:`error`,offset:this.offset,message:`Unexpected ${this.type} token in YAML document`,source:this.source}}*scalar(scalar){if(this.type===`map-value-ind`){let start=getFirstKeyStartProps(getPrevProps(this.peek(2))),sep;scalar.end?(sep=scalar.end,sep.push(this.sourceToken),delete scalar.end):sep=[this.sourceToken];let map={type:`block-map`,offset:scalar.offset,indent:scalar.indent,items:[{start,key:scalar,sep}]};this.onKeyLine=!0,this.stack[this.stack.length-1]=map}else yield*this.lineEnd(scalar)}*blockScalar(scalar){switch(this.type){case`space`:case`comment`:case`newline`:scalar.props.push(this.sourceToken);return;case`scalar`:if(scalar.source=this.source,this.atNewLine=!0,this.indent=0,this.onNewLine){let nl=this.source.indexOf(`
`)+1;for(;nl!==0;)this.onNewLine(this.offset+nl),nl=this.source.indexOf(`
`,nl)+1}yield*this.pop();break;default:yield*this.pop(),yield*this.step()}}*blockMap(map){let it=map.items[map.items.length-1];switch(this.type){case`newline`:if(this.onKeyLine=!1,it.value){let end=`end`in it.value?it.value.end:void 0;(Array.isArray(end)?end[end.length-1]:void 0)?.type===`comment`?end?.push(this.sourceToken):map.items.push({start:[this.sourceToken]})}else it.sep?it.sep.push(this.sourceToken):it.start.push(this.sourceToken);return;case`space`:case`comment`:if(it.value)map.items.push({start:[this.sourceToken]});else if(it.sep)it.sep.push(this.sourceToken);else{if(this.atIndentedComment(it.start,map.indent)){let end=map.items[map.items.length-2]?.value?.end;if(Array.isArray(end)){arrayPushArray(end,it.start),end.push(this.sourceToken),map.items.pop();return}}it.start.push(this.sourceToken)}return}if(this.indent>=map.indent){let atMapIndent=!this.onKeyLine&&this.indent===map.indent,atNextItem=atMapIndent&&(it.sep||it.explicitKey)&&this.type!==`seq-item-ind`,start=[];if(atNextItem&&it.sep&&!it.value){let nl=[];for(let i=0;i<it.sep.length;++i){let st=it.sep[i];switch(st.type){case`newline`:nl.push(i);break;case`space`:break;case`comment`:st.indent>map.indent&&(nl.length=0);break;default:nl.length=0}}nl.length>=2&&(start=it.sep.splice(nl[1]))}switch(this.type){case`anchor`:case`tag`:atNextItem||it.value?(start.push(this.sourceToken),map.items.push({start}),this.onKeyLine=!0):it.sep?it.sep.push(this.sourceToken):it.start.push(this.sourceToken);return;case`explicit-key-ind`:!it.sep&&!it.explicitKey?(it.start.push(this.sourceToken),it.explicitKey=!0):atNextItem||it.value?(start.push(this.sourceToken),map.items.push({start,explicitKey:!0})):this.stack.push({type:`block-map`,offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken],explicitKey:!0}]}),this.onKeyLine=!0;return;case`map-value-ind`:if(it.explicitKey){if(!it.sep){if(includesToken(it.start,`newline`))Object.assign(it,{key:null,sep:[this.sourceToken]});else{let start=getFirstKeyStartProps(it.start);this.stack.push({type:`block-map`,offset:this.offset,indent:this.indent,items:[{start,key:null,sep:[this.sourceToken]}]})}}else if(it.value)map.items.push({start:[],key:null,sep:[this.sourceToken]});else if(includesToken(it.sep,`map-value-ind`))this.stack.push({type:`block-map`,offset:this.offset,indent:this.indent,items:[{start,key:null,sep:[this.sourceToken]}]});else if(isFlowToken(it.key)&&!includesToken(it.sep,`newline`)){let start=getFirstKeyStartProps(it.start),key=it.key,sep=it.sep;sep.push(this.sourceToken),delete it.key,delete it.sep,this.stack.push({type:`block-map`,offset:this.offset,indent:this.indent,items:[{start,key,sep}]})}else start.length>0?it.sep=it.sep.concat(start,this.sourceToken):it.sep.push(this.sourceToken)}else it.sep?it.value||atNextItem?map.items.push({start,key:null,sep:[this.sourceToken]}):includesToken(it.sep,`map-value-ind`)?this.stack.push({type:`block-map`,offset:this.offset,indent:this.indent,items:[{start:[],key:null,sep:[this.sourceToken]}]}):it.sep.push(this.sourceToken):Object.assign(it,{key:null,sep:[this.sourceToken]});this.onKeyLine=!0;return;case`alias`:case`scalar`:case`single-quoted-scalar`:case`double-quoted-scalar`:{let fs=this.flowScalar(this.type);atNextItem||it.value?(map.items.push({start,key:fs,sep:[]}),this.onKeyLine=!0):it.sep?this.stack.push(fs):(Object.assign(it,{key:fs,sep:[]}),this.onKeyLine=!0);return}default:{let bv=this.startBlockValue(map);if(bv){if(bv.type===`block-seq`){if(!it.explicitKey&&it.sep&&!includesToken(it.sep,`newline`)){yield*this.pop({type:`error`,offset:this.offset,message:`Unexpected block-seq-ind on same line with key`,source:this.source});return}}else atMapIndent&&map.items.push({start});this.stack.push(bv);return}}}}yield*this.pop(),yield*this.step()}*blockSequence(seq){let it=seq.items[seq.items.length-1];switch(this.type){case`newline`:if(it.value){let end=`end`in it.value?it.value.end:void 0;(Array.isArray(end)?end[end.length-1]:void 0)?.type===`comment`?end?.push(this.sourceToken):seq.items.push({start:[this.sourceToken]})}else it.start.push(this.sourceToken);return;case`space`:case`comment`:if(it.value)seq.items.push({start:[this.sourceToken]});else{if(this.atIndentedComment(it.start,seq.indent)){let end=seq.items[seq.items.length-2]?.value?.end;if(Array.isArray(end)){arrayPushArray(end,it.start),end.push(this.sourceToken),seq.items.pop();return}}it.start.push(this.sourceToken)}return;case`anchor`:case`tag`:if(it.value||this.indent<=seq.indent)break;it.start.push(this.sourceToken);return;case`seq-item-ind`:if(this.indent!==seq.indent)break;it.value||includesToken(it.start,`seq-item-ind`)?seq.items.push({start:[this.sourceToken]}):it.start.push(this.sourceToken);return}if(this.indent>seq.indent){let bv=this.startBlockValue(seq);if(bv){this.stack.push(bv);return}}yield*this.pop(),yield*this.step()}*flowCollection(fc){let it=fc.items[fc.items.length-1];if(this.type===`flow-error-end`){let top;do yield*this.pop(),top=this.peek(1);while(top?.type===`flow-collection`)}else if(fc.end.length===0){switch(this.type){case`comma`:case`explicit-key-ind`:!it||it.sep?fc.items.push({start:[this.sourceToken]}):it.start.push(this.sourceToken);return;case`map-value-ind`:!it||it.value?fc.items.push({start:[],key:null,sep:[this.sourceToken]}):it.sep?it.sep.push(this.sourceToken):Object.assign(it,{key:null,sep:[this.sourceToken]});return;case`space`:case`comment`:case`newline`:case`anchor`:case`tag`:!it||it.value?fc.items.push({start:[this.sourceToken]}):it.sep?it.sep.push(this.sourceToken):it.start.push(this.sourceToken);return;case`alias`:case`scalar`:case`single-quoted-scalar`:case`double-quoted-scalar`:{let fs=this.flowScalar(this.type);!it||it.value?fc.items.push({start:[],key:fs,sep:[]}):it.sep?this.stack.push(fs):Object.assign(it,{key:fs,sep:[]});return}case`flow-map-end`:case`flow-seq-end`:fc.end.push(this.sourceToken);return}let bv=this.startBlockValue(fc);bv?this.stack.push(bv):(yield*this.pop(),yield*this.step())}else{let parent=this.peek(2);if(parent.type===`block-map`&&(this.type===`map-value-ind`&&parent.indent===fc.indent||this.type===`newline`&&!parent.items[parent.items.length-1].sep))yield*this.pop(),yield*this.step();else if(this.type===`map-value-ind`&&parent.type!==`flow-collection`){let start=getFirstKeyStartProps(getPrevProps(parent));fixFlowSeqItems(fc);let sep=fc.end.splice(1,fc.end.length);sep.push(this.sourceToken);let map={type:`block-map`,offset:fc.offset,indent:fc.indent,items:[{start,key:fc,sep}]};this.onKeyLine=!0,this.stack[this.stack.length-1]=map}else yield*this.lineEnd(fc)}}flowScalar(type){if(this.onNewLine){let nl=this.source.indexOf(`
`)+1;for(;nl!==0;)this.onNewLine(this.offset+nl),nl=this.source.indexOf(`
`,nl)+1}return{type,offset:this.offset,indent:this.indent,source:this.source}}startBlockValue(parent){switch(this.type){case`alias`:case`scalar`:case`single-quoted-scalar`:case`double-quoted-scalar`:return this.flowScalar(this.type);case`block-scalar-header`:return{type:`block-scalar`,offset:this.offset,indent:this.indent,props:[this.sourceToken],source:``};case`flow-map-start`:case`flow-seq-start`:return{type:`flow-collection`,offset:this.offset,indent:this.indent,start:this.sourceToken,items:[],end:[]};case`seq-item-ind`:return{type:`block-seq`,offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken]}]};case`explicit-key-ind`:{this.onKeyLine=!0;let start=getFirstKeyStartProps(getPrevProps(parent));return start.push(this.sourceToken),{type:`block-map`,offset:this.offset,indent:this.indent,items:[{start,explicitKey:!0}]}}case`map-value-ind`:{this.onKeyLine=!0;let start=getFirstKeyStartProps(getPrevProps(parent));return{type:`block-map`,offset:this.offset,indent:this.indent,items:[{start,key:null,sep:[this.sourceToken]}]}}}return null}atIndentedComment(start,indent){return this.type!==`comment`||this.indent<=indent?!1:start.every(st=>st.type===`newline`||st.type===`space`)}*documentEnd(docEnd){this.type!==`doc-mode`&&(docEnd.end?docEnd.end.push(this.sourceToken):docEnd.end=[this.sourceToken],this.type===`newline`&&(yield*this.pop()))}*lineEnd(token){switch(this.type){case`comma`:case`doc-start`:case`doc-end`:case`flow-seq-end`:case`flow-map-end`:case`map-value-ind`:yield*this.pop(),yield*this.step();break;case`newline`:this.onKeyLine=!1;default:token.end?token.end.push(this.sourceToken):token.end=[this.sourceToken],this.type===`newline`&&(yield*this.pop())}}}})),require_public_api=__commonJSMin((exports=>{var composer=require_composer(),Document=require_Document(),errors=require_errors(),log=require_log(),identity=require_identity(),lineCounter=require_line_counter(),parser=require_parser();function parseOptions(options){let prettyErrors=options.prettyErrors!==!1;return{lineCounter:options.lineCounter||prettyErrors&&new lineCounter.LineCounter||null,prettyErrors}}function parseAllDocuments(source,options={}){let{lineCounter,prettyErrors}=parseOptions(options),parser$1=new parser.Parser(lineCounter?.addNewLine),composer$1=new composer.Composer(options),docs=Array.from(composer$1.compose(parser$1.parse(source)));if(prettyErrors&&lineCounter)for(let doc of docs)doc.errors.forEach(errors.prettifyError(source,lineCounter)),doc.warnings.forEach(errors.prettifyError(source,lineCounter));return docs.length>0?docs:Object.assign([],{empty:!0},composer$1.streamInfo())}function parseDocument(source,options={}){let{lineCounter,prettyErrors}=parseOptions(options),parser$1=new parser.Parser(lineCounter?.addNewLine),composer$1=new composer.Composer(options),doc=null;for(let _doc of composer$1.compose(parser$1.parse(source),!0,source.length))if(!doc)doc=_doc;else if(doc.options.logLevel!==`silent`){doc.errors.push(new errors.YAMLParseError(_doc.range.slice(0,2),`MULTIPLE_DOCS`,`Source contains multiple documents; please use YAML.parseAllDocuments()`));break}return prettyErrors&&lineCounter&&(doc.errors.forEach(errors.prettifyError(source,lineCounter)),doc.warnings.forEach(errors.prettifyError(source,lineCounter))),doc}function parse(src,reviver,options){let _reviver;typeof reviver==`function`?_reviver=reviver:options===void 0&&reviver&&typeof reviver==`object`&&(options=reviver);let doc=parseDocument(src,options);if(!doc)return null;if(doc.warnings.forEach(warning=>log.warn(doc.options.logLevel,warning)),doc.errors.length>0){if(doc.options.logLevel!==`silent`)throw doc.errors[0];doc.errors=[]}return doc.toJS(Object.assign({reviver:_reviver},options))}function stringify(value,replacer,options){let _replacer=null;if(typeof replacer==`function`||Array.isArray(replacer)?_replacer=replacer:options===void 0&&replacer&&(options=replacer),typeof options==`string`&&(options=options.length),typeof options==`number`){let indent=Math.round(options);options=indent<1?void 0:indent>8?{indent:8}:{indent}}if(value===void 0){let{keepUndefined}=options??replacer??{};if(!keepUndefined)return}return identity.isDocument(value)&&!_replacer?value.toString(options):new Document.Document(value,_replacer,options).toString(options)}exports.parse=parse,exports.parseAllDocuments=parseAllDocuments,exports.parseDocument=parseDocument,exports.stringify=stringify})),require_dist=__commonJSMin((exports=>{var composer=require_composer(),Document=require_Document(),Schema=require_Schema(),errors=require_errors(),Alias=require_Alias(),identity=require_identity(),Pair=require_Pair(),Scalar=require_Scalar(),YAMLMap=require_YAMLMap(),YAMLSeq=require_YAMLSeq();require_cst();var lexer=require_lexer(),lineCounter=require_line_counter(),parser=require_parser(),publicApi=require_public_api(),visit=require_visit();exports.Composer=composer.Composer,exports.Document=Document.Document,exports.Schema=Schema.Schema,exports.YAMLError=errors.YAMLError,exports.YAMLParseError=errors.YAMLParseError,exports.YAMLWarning=errors.YAMLWarning,exports.Alias=Alias.Alias,exports.isAlias=identity.isAlias,exports.isCollection=identity.isCollection,exports.isDocument=identity.isDocument,exports.isMap=identity.isMap,exports.isNode=identity.isNode,exports.isPair=identity.isPair,exports.isScalar=identity.isScalar,exports.isSeq=identity.isSeq,exports.Pair=Pair.Pair,exports.Scalar=Scalar.Scalar,exports.YAMLMap=YAMLMap.YAMLMap,exports.YAMLSeq=YAMLSeq.YAMLSeq,exports.Lexer=lexer.Lexer,exports.LineCounter=lineCounter.LineCounter,exports.Parser=parser.Parser,exports.parse=publicApi.parse,exports.parseAllDocuments=publicApi.parseAllDocuments,exports.parseDocument=publicApi.parseDocument,exports.stringify=publicApi.stringify,exports.visit=visit.visit,exports.visitAsync=visit.visitAsync})),require_fastest_levenshtein=__commonJSMin((exports=>{exports.__esModule=!0,exports.distance=exports.closest=void 0;var peq=new Uint32Array(65536),myers_32=function(a,b){for(var n=a.length,m=b.length,lst=1<<n-1,pv=-1,mv=0,sc=n,i=n;i--;)peq[a.charCodeAt(i)]|=1<<i;for(i=0;i<m;i++){var eq=peq[b.charCodeAt(i)],xv=eq|mv;eq|=(eq&pv)+pv^pv,mv|=~(eq|pv),pv&=eq,mv&lst&&sc++,pv&lst&&sc--,mv=mv<<1|1,pv=pv<<1|~(xv|mv),mv&=xv}for(i=n;i--;)peq[a.charCodeAt(i)]=0;return sc},myers_x=function(b,a){for(var n=a.length,m=b.length,mhc=[],phc=[],hsize=Math.ceil(n/32),vsize=Math.ceil(m/32),i=0;i<hsize;i++)phc[i]=-1,mhc[i]=0;for(var j=0;j<vsize-1;j++){for(var mv_1=0,pv_1=-1,start_1=j*32,vlen_1=Math.min(32,m)+start_1,k=start_1;k<vlen_1;k++)peq[b.charCodeAt(k)]|=1<<k;for(var i=0;i<n;i++){var eq=peq[a.charCodeAt(i)],pb=phc[i/32|0]>>>i&1,mb=mhc[i/32|0]>>>i&1,xv=eq|mv_1,xh=((eq|mb)&pv_1)+pv_1^pv_1|eq|mb,ph=mv_1|~(xh|pv_1),mh=pv_1&xh;ph>>>31^pb&&(phc[i/32|0]^=1<<i),mh>>>31^mb&&(mhc[i/32|0]^=1<<i),ph=ph<<1|pb,mh=mh<<1|mb,pv_1=mh|~(xv|ph),mv_1=ph&xv}for(var k=start_1;k<vlen_1;k++)peq[b.charCodeAt(k)]=0}for(var mv=0,pv=-1,start=j*32,vlen=Math.min(32,m-start)+start,k=start;k<vlen;k++)peq[b.charCodeAt(k)]|=1<<k;for(var score=m,i=0;i<n;i++){var eq=peq[a.charCodeAt(i)],pb=phc[i/32|0]>>>i&1,mb=mhc[i/32|0]>>>i&1,xv=eq|mv,xh=((eq|mb)&pv)+pv^pv|eq|mb,ph=mv|~(xh|pv),mh=pv&xh;score+=ph>>>m-1&1,score-=mh>>>m-1&1,ph>>>31^pb&&(phc[i/32|0]^=1<<i),mh>>>31^mb&&(mhc[i/32|0]^=1<<i),ph=ph<<1|pb,mh=mh<<1|mb,pv=mh|~(xv|ph),mv=ph&xv}for(var k=start;k<vlen;k++)peq[b.charCodeAt(k)]=0;return score},distance=function(a,b){if(a.length<b.length){var tmp=b;b=a,a=tmp}return b.length===0?a.length:a.length<=32?myers_32(a,b):myers_x(a,b)};exports.distance=distance,exports.closest=function(str,arr){for(var min_distance=1/0,min_index=0,i=0;i<arr.length;i++){var dist=distance(str,arr[i]);dist<min_distance&&(min_distance=dist,min_index=i)}return arr[min_index]}})),import_dist=require_dist(),import_fastest_levenshtein=require_fastest_levenshtein();const KNOWN=[...CATALOGUE.map(benchmark=>benchmark.id),...FACTORS];function isKnown(id){return KNOWN.includes(id)}function selectBenchmarks(names){if(names.length===0)return[...CATALOGUE];for(let name of names)if(!isKnown(name))throw new SosBenchError(`benchmark-unknown`,`there is no benchmark '${name}'`,{hint:`did you mean '${nearest(name,KNOWN)}'? 'sos-bench list' shows all`});return CATALOGUE.filter(benchmark=>names.includes(benchmark.id)||names.includes(benchmark.factor))}function nearest(name,candidates){let wanted=name.toLowerCase();return candidates.map(candidate=>({candidate,far:(0,import_fastest_levenshtein.distance)(wanted,candidate.toLowerCase())})).sort((a,b)=>a.far-b.far)[0]?.candidate??``}const text=string().min(1),RUN=[`run`,`action`],SETTINGS={model:{value:`MODEL`,description:`Model to evaluate: a folder, hf:ORG/NAME@REVISION, artifact:NAME (of the workflow run), or command: and a command that prints a path.`,schema:text,users:RUN,inFile:!0},"model-name":{value:`NAME`,description:`Name in reports; the folder's or repository's own when left out.`,schema:text.optional(),users:RUN,inFile:!0},"model-args":{value:`K=V,...`,description:`Arguments for the harness's model class (dtype, peft, gguf_file, ...), as K=V,... or JSON.`,schema:modelArguments,default:{},users:RUN,inFile:!0},backend:{value:`NAME`,description:`Model class of lm-evaluation-harness: hf, vllm, sglang, local-completions.`,schema:text,default:`hf`,users:RUN,inFile:!0},suite:{value:`NAME`,description:`Which items: full (all there are) or mini (ours, shipped with this program).`,schema:_enum([`full`,`mini`]),default:`full`,users:RUN,inFile:!0},benchmarks:{value:`ID,...`,description:`Benchmarks or factors (wk, if, safety) to run; all when left out.`,schema:textList,default:[],users:RUN,inFile:!0},"datasets-dir":{value:`DIR`,description:`Read questions from DIR/<row>/<subset>.jsonl|parquet instead of the Hub.`,schema:text.optional(),users:RUN,inFile:!0},"include-path":{value:`DIR,...`,description:`Folders with lm-eval task definitions of your own; the record is marked.`,schema:textList,default:[],users:RUN,inFile:!0},output:{value:`DIR`,description:`Folder for the record; the same command on the same folder goes on where it stopped.`,schema:text,users:[`run`,`demo`,`action`],inFile:!0},python:{value:`managed|PATH`,description:`managed builds an environment from our lock; PATH uses a Python that has lm-eval.`,schema:text,default:`managed`,users:[`run`,`demo`,`action`],inFile:!0},"batch-size":{value:`N|auto`,description:`Batch size. auto measures one per chunk, which costs time and makes results depend on the device.`,schema:union([literal(`auto`),wholeNumber(1).transform(String)],{error:`neither auto nor a whole number of at least 1`}),default:`8`,users:RUN,inFile:!0},device:{value:`DEVICE`,description:`Device of the model (cpu, cuda:0, ...); a GPU where there is one when left out.`,schema:text.optional(),users:RUN,inFile:!0},"apply-chat-template":{value:`true|false|auto`,description:`Wrap prompts in the model's chat template. false as in the published run; auto: where there is one.`,schema:onOffAuto,default:!1,users:RUN,inFile:!0},"enable-thinking":{value:`true|false`,description:`Passed to backends whose templates know it.`,schema:onOff.optional(),users:RUN,inFile:!0},"system-instruction":{value:`TEXT`,description:`System message put before every prompt.`,schema:text.optional(),users:RUN,inFile:!0},"max-gen-toks":{value:`N`,description:`Upper bound of generated tokens; each task's own when left out (64 in suite mini).`,schema:wholeNumber(1).optional(),users:RUN,inFile:!0},seed:{value:`N`,description:`Seed of everything random.`,schema:wholeNumber(0),default:1234,users:RUN,inFile:!0},"stall-timeout":{value:`SECONDS`,description:`A worker that shows no sign of life for so long is killed and its chunk tried again.`,schema:wholeNumber(1),default:1800,users:RUN,inFile:!0},"trust-remote-code":{value:null,description:`Let the model folder bring Python code that is run.`,schema:onOff,default:!1,users:RUN,inFile:!0},"allow-pickle":{value:null,description:`Allow weights in pickle formats, which can run code when read.`,schema:onOff,default:!1,users:RUN,inFile:!0},fresh:{value:null,description:`Discard what an earlier run left in the output folder.`,schema:onOff,default:!1,users:[`run`],inFile:!1},preset:{value:`NAME`,description:`How benchmarks make a factor: paper (the paper's sizes as weights), chance (the same, guessing counted as 0), effective (weights by items), macro (equal weights).`,schema:_enum(PRESETS),default:`paper`,users:[`compare`,`show`,`calibrate`,`action`,`report`],inFile:!0},alpha:{value:`P`,description:`Share of unchanged models that may be called regressed (two-sided tests, spent over all of them).`,schema:fraction,default:.05,users:[`compare`,`action`,`report`],inFile:!0},"drift-alpha":{value:`P`,description:`As alpha, for the comparison with the anchor.`,schema:fraction,default:.05,users:[`compare`,`action`,`report`],inFile:!0},thresholds:{value:`ID=LEVEL,...`,description:`What single factors and benchmarks are held to: off (not tested), warn (listed only) or error; in the file also minimum-effect and margin, in points.`,schema:thresholdList,default:{},users:[`compare`,`action`,`report`],inFile:!0},"fail-on":{value:`VERDICT,...`,description:`Verdicts that fail the policy (exit code 1).`,schema:textList.pipe(array(_enum([`regressed`,`incomplete`,`inconclusive`,`not-comparable`,`no-baseline`]))),default:[`regressed`,`incomplete`],users:[`compare`,`action`,`report`],inFile:!0},"minimum-effect":{value:`POINTS`,description:`Smallest drop of a factor, in points, that can be called regressed.`,schema:points,default:.5,users:[`compare`,`action`,`report`],inFile:!0},margin:{value:`FACTOR=POINTS,...`,description:`How far a factor may move, in points, and still be called equivalent.`,schema:factorList,default:{wk:1,if:4,safety:1},users:[`compare`,`action`,`report`],inFile:!0}};function settingsOf(user){return Object.entries(SETTINGS).filter(([,setting])=>setting.users.includes(user)).map(([key])=>key)}const NO_FILE={values:{},place:()=>``};async function readConfigFile({path,required,content}){if(content!==void 0)return content===null?NO_FILE:parseConfigFile(path,content);let source;try{source=await readFile(path,`utf8`)}catch(error){if(!hasSystemCode(error,`ENOENT`,`ENOTDIR`))throw fileError(error,path,`read`);if(!required)return NO_FILE;throw new SosBenchError(`config-invalid`,`there is no configuration file ${path}`,{hint:`check --config, or leave it out`})}return parseConfigFile(path,source)}function parseConfigFile(path,source){let lines=new import_dist.LineCounter,document=(0,import_dist.parseDocument)(source,{lineCounter:lines}),at=offset=>{let{line,col}=lines.linePos(offset);return`${path}:${line}:${col}`},[broken]=document.errors;if(broken)throw invalid(`${at(broken.pos[0])}: ${broken.message.split(`
`)[0]}`,`the file has to be YAML`);let{contents}=document;if(contents===null)return NO_FILE;if(!(0,import_dist.isMap)(contents))throw invalid(`${path} is not a mapping of settings`,`write one KEY: VALUE a line`);let values={},places=new Map;for(let pair of contents.items){let key=(0,import_dist.isScalar)(pair.key)?String(pair.key.value):``,place=(0,import_dist.isScalar)(pair.key)&&pair.key.range?at(pair.key.range[0]):path;if(!SETTINGS[key]?.inFile)throw unknownKey(key,place);values[key]=(0,import_dist.isNode)(pair.value)?pair.value.toJS(document)??void 0:void 0,places.set(key,place)}return{values,place:key=>places.get(key)??path}}function unknownKey(key,place){let known=Object.entries(SETTINGS).filter(([,setting])=>setting.inFile);return invalid(`${place}: unknown key '${key}'`,`did you mean '${nearest(key,known.map(([name])=>name))}'? The README lists all keys`)}function invalid(message,hint){return new SosBenchError(`config-invalid`,message,{hint})}const DEFAULT_CONFIG_FILE=join(`.github`,`sos-bench.yml`);async function resolveSettings(keys,given,configFile,defaults={}){let config=await readConfigFile(configFile),resolved={};for(let key of keys)resolved[key]=check(key,given,config,defaults[key]);return resolved}function check(key,given,config,fallback){let setting=SETTINGS[key],fromCaller=given[key]!==void 0,fromFile=!fromCaller&&config.values[key]!==void 0,value=fromCaller?given[key]:fromFile?config.values[key]:fallback??setting.default,parsed=setting.schema.safeParse(value);if(parsed.success)return parsed.data;if(value===void 0)throw new SosBenchError(`usage`,`--${key} is missing`,{hint:setting.description});let why=parsed.error.issues[0]?.message??`not a valid value`,shown=typeof value==`string`?`'${value}'`:JSON.stringify(value);throw fromFile?new SosBenchError(`config-invalid`,`${config.place(key)}: ${key} is ${shown}: ${why}`,{hint:setting.description}):new SosBenchError(`usage`,`--${key} is ${shown}: ${why}`,{hint:setting.description})}
/**
* @license Apache-2.0
*
* Copyright (c) 2021 The Stdlib Authors.
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
var require_define_property=__commonJSMin(((exports,module)=>{module.exports=typeof Object.defineProperty==`function`?Object.defineProperty:null})),require_has_define_property_support=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2021 The Stdlib Authors.
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
var defineProperty=require_define_property();function hasDefinePropertySupport(){try{return defineProperty({},`x`,{}),!0}catch{return!1}}module.exports=hasDefinePropertySupport})),require_builtin=__commonJSMin(((exports,module)=>{
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
module.exports=Object.defineProperty})),require_is_number=__commonJSMin(((exports,module)=>{
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
function isNumber(value){return typeof value==`number`}module.exports=isNumber})),require_zero_pad=__commonJSMin(((exports,module)=>{
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
function startsWithMinus(str){return str[0]===`-`}function zeros(n){for(var out=``,i=0;i<n;i++)out+=`0`;return out}function zeroPad(str,width,right){var negative=!1,pad=width-str.length;return pad<0||(startsWithMinus(str)&&(negative=!0,str=str.substr(1)),str=right?str+zeros(pad):zeros(pad)+str,negative&&(str=`-`+str)),str}module.exports=zeroPad})),require_format_integer=__commonJSMin(((exports,module)=>{
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
var isNumber=require_is_number(),zeroPad=require_zero_pad(),lowercase=String.prototype.toLowerCase,uppercase=String.prototype.toUpperCase;function formatInteger(token){var base,out,i;switch(token.specifier){case`b`:base=2;break;case`o`:base=8;break;case`x`:case`X`:base=16;break;default:base=10}if(out=token.arg,i=parseInt(out,10),!isFinite(i)){if(!isNumber(out))throw Error(`invalid integer. Value: `+out);i=0}return i<0&&(token.specifier===`u`||base!==10)&&(i=4294967295+i+1),i<0?(out=(-i).toString(base),token.precision&&(out=zeroPad(out,token.precision,token.padRight)),out=`-`+out):(out=i.toString(base),!i&&!token.precision?out=``:token.precision&&(out=zeroPad(out,token.precision,token.padRight)),token.sign&&(out=token.sign+out)),base===16&&(token.alternate&&(out=`0x`+out),out=token.specifier===uppercase.call(token.specifier)?uppercase.call(out):lowercase.call(out)),base===8&&token.alternate&&out.charAt(0)!==`0`&&(out=`0`+out),out}module.exports=formatInteger})),require_is_string$1=__commonJSMin(((exports,module)=>{
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
function isString(value){return typeof value==`string`}module.exports=isString})),require_format_double=__commonJSMin(((exports,module)=>{
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
var abs=Math.abs,lowercase=String.prototype.toLowerCase,uppercase=String.prototype.toUpperCase,replace=String.prototype.replace,RE_EXP_POS_DIGITS=/e\+(\d)$/,RE_EXP_NEG_DIGITS=/e-(\d)$/,RE_ONLY_DIGITS=/^(\d+)$/,RE_DIGITS_BEFORE_EXP=/^(\d+)e/,RE_TRAILING_PERIOD_ZERO=/\.0$/,RE_PERIOD_ZERO_EXP=/\.0*e/,RE_ZERO_BEFORE_EXP=/(\..*[^0])0*e/;function formatDouble(f,token){var digits,out;switch(token.specifier){case`e`:case`E`:out=f.toExponential(token.precision);break;case`f`:case`F`:out=f.toFixed(token.precision);break;case`g`:case`G`:abs(f)<1e-4?(digits=token.precision,digits>0&&--digits,out=f.toExponential(digits)):out=f.toPrecision(token.precision),token.alternate||(out=replace.call(out,RE_ZERO_BEFORE_EXP,`$1e`),out=replace.call(out,RE_PERIOD_ZERO_EXP,`e`),out=replace.call(out,RE_TRAILING_PERIOD_ZERO,``));break;default:throw Error(`invalid double notation. Value: `+token.specifier)}return out=replace.call(out,RE_EXP_POS_DIGITS,`e+0$1`),out=replace.call(out,RE_EXP_NEG_DIGITS,`e-0$1`),token.alternate&&(out=replace.call(out,RE_ONLY_DIGITS,`$1.`),out=replace.call(out,RE_DIGITS_BEFORE_EXP,`$1.e`)),f>=0&&token.sign&&(out=token.sign+out),out=token.specifier===uppercase.call(token.specifier)?uppercase.call(out):lowercase.call(out),out}module.exports=formatDouble})),require_space_pad=__commonJSMin(((exports,module)=>{
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
function spaces(n){for(var out=``,i=0;i<n;i++)out+=` `;return out}function spacePad(str,width,right){var pad=width-str.length;return pad<0||(str=right?str+spaces(pad):spaces(pad)+str),str}module.exports=spacePad})),require_main$96=__commonJSMin(((exports,module)=>{
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
var formatInteger=require_format_integer(),isString=require_is_string$1(),isNumber=require_is_number(),formatDouble=require_format_double(),spacePad=require_space_pad(),zeroPad=require_zero_pad(),fromCharCode=String.fromCharCode,isArray=Array.isArray;function isnan(value){return value!==value}function initialize(token){var out={};return out.specifier=token.specifier,out.precision=token.precision===void 0?1:token.precision,out.width=token.width,out.flags=token.flags||``,out.mapping=token.mapping,out}function formatInterpolate(tokens){var hasPeriod,flags,token,flag,num,out,pos,f,i,j;if(!isArray(tokens))throw TypeError("invalid argument. First argument must be an array. Value: `"+tokens+"`.");for(out=``,pos=1,i=0;i<tokens.length;i++)if(token=tokens[i],isString(token))out+=token;else{if(hasPeriod=token.precision!==void 0,token=initialize(token),!token.specifier)throw TypeError("invalid argument. Token is missing `specifier` property. Index: `"+i+"`. Value: `"+token+"`.");for(token.mapping&&(pos=token.mapping),flags=token.flags,j=0;j<flags.length;j++)switch(flag=flags.charAt(j),flag){case` `:token.sign=` `;break;case`+`:token.sign=`+`;break;case`-`:token.padRight=!0,token.padZeros=!1;break;case`0`:token.padZeros=flags.indexOf(`-`)<0;break;case`#`:token.alternate=!0;break;default:throw Error(`invalid flag: `+flag)}if(token.width===`*`){if(token.width=parseInt(arguments[pos],10),pos+=1,isnan(token.width))throw TypeError(`the argument for * width at position `+pos+" is not a number. Value: `"+token.width+"`.");token.width<0&&(token.padRight=!0,token.width=-token.width)}if(hasPeriod&&token.precision===`*`){if(token.precision=parseInt(arguments[pos],10),pos+=1,isnan(token.precision))throw TypeError(`the argument for * precision at position `+pos+" is not a number. Value: `"+token.precision+"`.");token.precision<0&&(token.precision=1,hasPeriod=!1)}switch(token.arg=arguments[pos],token.specifier){case`b`:case`o`:case`x`:case`X`:case`d`:case`i`:case`u`:hasPeriod&&(token.padZeros=!1),token.arg=formatInteger(token);break;case`s`:token.maxWidth=hasPeriod?token.precision:-1,token.arg=String(token.arg);break;case`c`:if(!isnan(token.arg)){if(num=parseInt(token.arg,10),num<0||num>127)throw Error(`invalid character code. Value: `+token.arg);token.arg=isnan(num)?String(token.arg):fromCharCode(num)}break;case`e`:case`E`:case`f`:case`F`:case`g`:case`G`:if(hasPeriod||(token.precision=6),f=parseFloat(token.arg),!isFinite(f)){if(!isNumber(token.arg))throw Error(`invalid floating-point number. Value: `+out);f=token.arg,token.padZeros=!1}token.arg=formatDouble(f,token);break;default:throw Error(`invalid specifier: `+token.specifier)}token.maxWidth>=0&&token.arg.length>token.maxWidth&&(token.arg=token.arg.substring(0,token.maxWidth)),token.padZeros?token.arg=zeroPad(token.arg,token.width||token.precision,token.padRight):token.width&&(token.arg=spacePad(token.arg,token.width,token.padRight)),out+=token.arg||``,pos+=1}return out}module.exports=formatInterpolate})),require_lib$138=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$96()})),require_main$95=__commonJSMin(((exports,module)=>{
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
var RE=/%(?:([1-9]\d*)\$)?([0 +\-#]*)(\*|\d+)?(?:(\.)(\*|\d+)?)?[hlL]?([%A-Za-z])/g;function parse(match){var token={mapping:match[1]?parseInt(match[1],10):void 0,flags:match[2],width:match[3],precision:match[5],specifier:match[6]};return match[4]===`.`&&match[5]===void 0&&(token.precision=`1`),token}function formatTokenize(str){var content,tokens=[],match,prev=0;for(match=RE.exec(str);match;)content=str.slice(prev,RE.lastIndex-match[0].length),content.length&&tokens.push(content),match[6]===`%`?tokens.push(`%`):tokens.push(parse(match)),prev=RE.lastIndex,match=RE.exec(str);return content=str.slice(prev),content.length&&tokens.push(content),tokens}module.exports=formatTokenize})),require_lib$137=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$95()})),require_is_string=__commonJSMin(((exports,module)=>{
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
function isString(value){return typeof value==`string`}module.exports=isString})),require_main$94=__commonJSMin(((exports,module)=>{
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
var interpolate=require_lib$138(),tokenize=require_lib$137(),isString=require_is_string();function format(str){var args,i;if(!isString(str))throw TypeError(format("invalid argument. First argument must be a string. Value: `%s`.",str));for(args=[tokenize(str)],i=1;i<arguments.length;i++)args.push(arguments[i]);return interpolate.apply(null,args)}module.exports=format})),require_lib$136=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$94()})),require_polyfill$5=__commonJSMin(((exports,module)=>{
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
var format=require_lib$136(),objectProtoype=Object.prototype,toStr=objectProtoype.toString,defineGetter=objectProtoype.__defineGetter__,defineSetter=objectProtoype.__defineSetter__,lookupGetter=objectProtoype.__lookupGetter__,lookupSetter=objectProtoype.__lookupSetter__;function defineProperty(obj,prop,descriptor){var prototype,hasValue,hasGet,hasSet;if(typeof obj!=`object`||!obj||toStr.call(obj)===`[object Array]`)throw TypeError(format("invalid argument. First argument must be an object. Value: `%s`.",obj));if(typeof descriptor!=`object`||!descriptor||toStr.call(descriptor)===`[object Array]`)throw TypeError(format("invalid argument. Property descriptor must be an object. Value: `%s`.",descriptor));if(hasValue=`value`in descriptor,hasValue&&(lookupGetter.call(obj,prop)||lookupSetter.call(obj,prop)?(prototype=obj.__proto__,obj.__proto__=objectProtoype,delete obj[prop],obj[prop]=descriptor.value,obj.__proto__=prototype):obj[prop]=descriptor.value),hasGet=`get`in descriptor,hasSet=`set`in descriptor,hasValue&&(hasGet||hasSet))throw Error(`invalid argument. Cannot specify one or more accessors and a value or writable attribute in the property descriptor.`);return hasGet&&defineGetter&&defineGetter.call(obj,prop,descriptor.get),hasSet&&defineSetter&&defineSetter.call(obj,prop,descriptor.set),obj}module.exports=defineProperty})),require_lib$135=__commonJSMin(((exports,module)=>{
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
var hasDefinePropertySupport=require_has_define_property_support(),builtin=require_builtin(),polyfill=require_polyfill$5();module.exports=hasDefinePropertySupport()?builtin:polyfill})),require_main$93=__commonJSMin(((exports,module)=>{
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
var defineProperty=require_lib$135();function setNonEnumerableReadOnly(obj,prop,value){defineProperty(obj,prop,{configurable:!1,enumerable:!1,writable:!1,value})}module.exports=setNonEnumerableReadOnly})),require_lib$134=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$93()})),require_main$92=__commonJSMin(((exports,module)=>{
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
function isnan(x){return x!==x}module.exports=isnan})),require_lib$133=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$92()})),require_lib$132=__commonJSMin(((exports,module)=>{
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
module.exports=11754943508222875e-54})),require_lib$131=__commonJSMin(((exports,module)=>{
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
module.exports=1/0})),require_ms=__commonJSMin(((exports,module)=>{var s=1e3,m=s*60,h=m*60,d=h*24,y=d*365.25;module.exports=function(val,options){options||={};var type=typeof val;if(type===`string`&&val.length>0)return parse(val);if(type===`number`&&isNaN(val)===!1)return options.long?fmtLong(val):fmtShort(val);throw Error(`val is not a non-empty string or a valid number. val=`+JSON.stringify(val))};function parse(str){if(str=String(str),!(str.length>100)){var match=/^((?:\d+)?\.?\d+) *(milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|years?|yrs?|y)?$/i.exec(str);if(match){var n=parseFloat(match[1]);switch((match[2]||`ms`).toLowerCase()){case`years`:case`year`:case`yrs`:case`yr`:case`y`:return n*y;case`days`:case`day`:case`d`:return n*d;case`hours`:case`hour`:case`hrs`:case`hr`:case`h`:return n*h;case`minutes`:case`minute`:case`mins`:case`min`:case`m`:return n*m;case`seconds`:case`second`:case`secs`:case`sec`:case`s`:return n*s;case`milliseconds`:case`millisecond`:case`msecs`:case`msec`:case`ms`:return n;default:return}}}}function fmtShort(ms){return ms>=d?Math.round(ms/d)+`d`:ms>=h?Math.round(ms/h)+`h`:ms>=m?Math.round(ms/m)+`m`:ms>=s?Math.round(ms/s)+`s`:ms+`ms`}function fmtLong(ms){return plural(ms,d,`day`)||plural(ms,h,`hour`)||plural(ms,m,`minute`)||plural(ms,s,`second`)||ms+` ms`}function plural(ms,n,name){if(!(ms<n))return ms<n*1.5?Math.floor(ms/n)+` `+name:Math.ceil(ms/n)+` `+name+`s`}})),require_debug=__commonJSMin(((exports,module)=>{exports=module.exports=createDebug.debug=createDebug.default=createDebug,exports.coerce=coerce,exports.disable=disable,exports.enable=enable,exports.enabled=enabled,exports.humanize=require_ms(),exports.names=[],exports.skips=[],exports.formatters={};var prevTime;function selectColor(namespace){var hash=0,i;for(i in namespace)hash=(hash<<5)-hash+namespace.charCodeAt(i),hash|=0;return exports.colors[Math.abs(hash)%exports.colors.length]}function createDebug(namespace){function debug(){if(debug.enabled){var self=debug,curr=+new Date;self.diff=curr-(prevTime||curr),self.prev=prevTime,self.curr=curr,prevTime=curr;for(var args=Array(arguments.length),i=0;i<args.length;i++)args[i]=arguments[i];args[0]=exports.coerce(args[0]),typeof args[0]!=`string`&&args.unshift(`%O`);var index=0;args[0]=args[0].replace(/%([a-zA-Z%])/g,function(match,format){if(match===`%%`)return match;index++;var formatter=exports.formatters[format];if(typeof formatter==`function`){var val=args[index];match=formatter.call(self,val),args.splice(index,1),index--}return match}),exports.formatArgs.call(self,args),(debug.log||exports.log||console.log.bind(console)).apply(self,args)}}return debug.namespace=namespace,debug.enabled=exports.enabled(namespace),debug.useColors=exports.useColors(),debug.color=selectColor(namespace),typeof exports.init==`function`&&exports.init(debug),debug}function enable(namespaces){exports.save(namespaces),exports.names=[],exports.skips=[];for(var split=(typeof namespaces==`string`?namespaces:``).split(/[\s,]+/),len=split.length,i=0;i<len;i++)split[i]&&(namespaces=split[i].replace(/\*/g,`.*?`),namespaces[0]===`-`?exports.skips.push(RegExp(`^`+namespaces.substr(1)+`$`)):exports.names.push(RegExp(`^`+namespaces+`$`)))}function disable(){exports.enable(``)}function enabled(name){for(var i=0,len=exports.skips.length;i<len;i++)if(exports.skips[i].test(name))return!1;for(i=0,len=exports.names.length;i<len;i++)if(exports.names[i].test(name))return!0;return!1}function coerce(val){return val instanceof Error?val.stack||val.message:val}})),require_browser=__commonJSMin(((exports,module)=>{exports=module.exports=require_debug(),exports.log=log,exports.formatArgs=formatArgs,exports.save=save,exports.load=load,exports.useColors=useColors,exports.storage=typeof chrome<`u`&&chrome.storage!==void 0?chrome.storage.local:localstorage(),exports.colors=[`lightseagreen`,`forestgreen`,`goldenrod`,`dodgerblue`,`darkorchid`,`crimson`];function useColors(){return typeof window<`u`&&window.process&&window.process.type===`renderer`?!0:typeof document<`u`&&document.documentElement&&document.documentElement.style&&document.documentElement.style.WebkitAppearance||typeof window<`u`&&window.console&&(window.console.firebug||window.console.exception&&window.console.table)||typeof navigator<`u`&&navigator.userAgent&&navigator.userAgent.toLowerCase().match(/firefox\/(\d+)/)&&parseInt(RegExp.$1,10)>=31||typeof navigator<`u`&&navigator.userAgent&&navigator.userAgent.toLowerCase().match(/applewebkit\/(\d+)/)}exports.formatters.j=function(v){try{return JSON.stringify(v)}catch(err){return`[UnexpectedJSONParseError]: `+err.message}};function formatArgs(args){var useColors=this.useColors;if(args[0]=(useColors?`%c`:``)+this.namespace+(useColors?` %c`:` `)+args[0]+(useColors?`%c `:` `)+`+`+exports.humanize(this.diff),useColors){var c=`color: `+this.color;args.splice(1,0,c,`color: inherit`);var index=0,lastC=0;args[0].replace(/%[a-zA-Z%]/g,function(match){match!==`%%`&&(index++,match===`%c`&&(lastC=index))}),args.splice(lastC,0,c)}}function log(){return typeof console==`object`&&console.log&&Function.prototype.apply.call(console.log,console,arguments)}function save(namespaces){try{namespaces==null?exports.storage.removeItem(`debug`):exports.storage.debug=namespaces}catch{}}function load(){var r;try{r=exports.storage.debug}catch{}return!r&&typeof process<`u`&&`env`in process&&(r=process.env.DEBUG),r}exports.enable(load());function localstorage(){try{return window.localStorage}catch{}}})),require_node=__commonJSMin(((exports,module)=>{var tty=__require(`tty`),util=__require(`util`);exports=module.exports=require_debug(),exports.init=init,exports.log=log,exports.formatArgs=formatArgs,exports.save=save,exports.load=load,exports.useColors=useColors,exports.colors=[6,2,3,4,5,1],exports.inspectOpts=Object.keys(process.env).filter(function(key){return/^debug_/i.test(key)}).reduce(function(obj,key){var prop=key.substring(6).toLowerCase().replace(/_([a-z])/g,function(_,k){return k.toUpperCase()}),val=process.env[key];return val=/^(yes|on|true|enabled)$/i.test(val)?!0:/^(no|off|false|disabled)$/i.test(val)?!1:val===`null`?null:Number(val),obj[prop]=val,obj},{});var fd=parseInt(process.env.DEBUG_FD,10)||2;fd!==1&&fd!==2&&util.deprecate(function(){},`except for stderr(2) and stdout(1), any other usage of DEBUG_FD is deprecated. Override debug.log if you want to use a different log function (https://git.io/debug_fd)`)();var stream=fd===1?process.stdout:fd===2?process.stderr:createWritableStdioStream(fd);function useColors(){return`colors`in exports.inspectOpts?!!exports.inspectOpts.colors:tty.isatty(fd)}exports.formatters.o=function(v){return this.inspectOpts.colors=this.useColors,util.inspect(v,this.inspectOpts).split(`
`).map(function(str){return str.trim()}).join(` `)},exports.formatters.O=function(v){return this.inspectOpts.colors=this.useColors,util.inspect(v,this.inspectOpts)};function formatArgs(args){var name=this.namespace;if(this.useColors){var c=this.color,prefix=`  \x1B[3`+c+`;1m`+name+` \x1B[0m`;args[0]=prefix+args[0].split(`
`).join(`
`+prefix),args.push(`\x1B[3`+c+`m+`+exports.humanize(this.diff)+`\x1B[0m`)}else args[0]=new Date().toUTCString()+` `+name+` `+args[0]}function log(){return stream.write(util.format.apply(util,arguments)+`
`)}function save(namespaces){namespaces==null?delete process.env.DEBUG:process.env.DEBUG=namespaces}function load(){return process.env.DEBUG}function createWritableStdioStream(fd){var stream;switch(process.binding(`tty_wrap`).guessHandleType(fd)){case`TTY`:stream=new tty.WriteStream(fd),stream._type=`tty`,stream._handle&&stream._handle.unref&&stream._handle.unref();break;case`FILE`:stream=new(__require(`fs`)).SyncWriteStream(fd,{autoClose:!1}),stream._type=`fs`;break;case`PIPE`:case`TCP`:stream=new(__require(`net`)).Socket({fd,readable:!1,writable:!0}),stream.readable=!1,stream.read=null,stream._type=`pipe`,stream._handle&&stream._handle.unref&&stream._handle.unref();break;default:throw Error(`Implement me. Unknown stream file type!`)}return stream.fd=fd,stream._isStdio=!0,stream}function init(debug){debug.inspectOpts={};for(var keys=Object.keys(exports.inspectOpts),i=0;i<keys.length;i++)debug.inspectOpts[keys[i]]=exports.inspectOpts[keys[i]]}exports.enable(load())})),require_src=__commonJSMin(((exports,module)=>{module.exports=typeof process<`u`&&process.type===`renderer`?require_browser():require_node()})),require_main$91=__commonJSMin(((exports,module)=>{
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
function evalpoly(c,x){var p,i=c.length;if(i<2||x===0)return i===0?0:c[0];for(--i,p=c[i]*x+c[i-1],i-=2;i>=0;)p=p*x+c[i],--i;return p}module.exports=evalpoly})),require_main$90=__commonJSMin(((exports,module)=>{
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
module.exports=Function})),require_lib$130=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$90()})),require_factory$5=__commonJSMin(((exports,module)=>{
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
var Fcn=require_lib$130(),evalpoly=require_main$91();function factory(c){var f,n,m,i;if(c.length>500)return polyval;if(f=`return function evalpoly(x){`,n=c.length,n===0)f+=`return 0.0;`;else if(n===1)f+=`return `+c[0]+`;`;else{for(f+=`if(x===0.0){return `+c[0]+`;}`,f+=`return `+c[0],m=n-1,i=1;i<n;i++)f+=`+x*`,i<m&&(f+=`(`),f+=c[i];for(i=0;i<m-1;i++)f+=`)`;f+=`;`}return f+=`}`,f+=`//# sourceURL=evalpoly.factory.js`,new Fcn(f)();function polyval(x){return evalpoly(c,x)}}module.exports=factory})),require_lib$129=__commonJSMin(((exports,module)=>{
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
var setReadOnly=require_lib$134(),main=require_main$91();setReadOnly(main,`factory`,require_factory$5()),module.exports=main})),require_main$89=__commonJSMin(((exports,module)=>{
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
module.exports=Number})),require_lib$128=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$89()})),require_lib$127=__commonJSMin(((exports,module)=>{
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
module.exports=require_lib$128().NEGATIVE_INFINITY})),require_main$88=__commonJSMin(((exports,module)=>{
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
var PINF=require_lib$131(),NINF=require_lib$127();function isInfinite(x){return x===PINF||x===NINF}module.exports=isInfinite})),require_lib$126=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$88()})),require_main$87=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2021 The Stdlib Authors.
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
function abs(x){return Math.abs(x)}module.exports=abs})),require_lib$125=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$87()})),require_main$86=__commonJSMin(((exports,module)=>{
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
function hasSymbolSupport(){return typeof Symbol==`function`&&typeof Symbol(`foo`)==`symbol`}module.exports=hasSymbolSupport})),require_lib$124=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$86()})),require_main$85=__commonJSMin(((exports,module)=>{
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
var FLG=require_lib$124()();function hasToStringTagSupport(){return FLG&&typeof Symbol.toStringTag==`symbol`}module.exports=hasToStringTagSupport})),require_lib$123=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$85()})),require_tostring=__commonJSMin(((exports,module)=>{
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
module.exports=Object.prototype.toString})),require_main$84=__commonJSMin(((exports,module)=>{
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
var toStr=require_tostring();function nativeClass(v){return toStr.call(v)}module.exports=nativeClass})),require_main$83=__commonJSMin(((exports,module)=>{
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
var has=Object.prototype.hasOwnProperty;function hasOwnProp(value,property){return value!=null&&has.call(value,property)}module.exports=hasOwnProp})),require_lib$122=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$83()})),require_main$82=__commonJSMin(((exports,module)=>{
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
module.exports=typeof Symbol==`function`?Symbol:void 0})),require_lib$121=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$82()})),require_tostringtag=__commonJSMin(((exports,module)=>{
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
var Symbol=require_lib$121();module.exports=typeof Symbol==`function`?Symbol.toStringTag:``})),require_polyfill$4=__commonJSMin(((exports,module)=>{
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
var hasOwnProp=require_lib$122(),toStringTag=require_tostringtag(),toStr=require_tostring();function nativeClass(v){var isOwn,tag,out;if(v==null)return toStr.call(v);tag=v[toStringTag],isOwn=hasOwnProp(v,toStringTag);try{v[toStringTag]=void 0}catch{return toStr.call(v)}return out=toStr.call(v),isOwn?v[toStringTag]=tag:delete v[toStringTag],out}module.exports=nativeClass})),require_lib$120=__commonJSMin(((exports,module)=>{
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
var hasToStringTag=require_lib$123(),builtin=require_main$84(),polyfill=require_polyfill$4();module.exports=hasToStringTag()?polyfill:builtin})),require_main$81=__commonJSMin(((exports,module)=>{
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
var nativeClass=require_lib$120(),hasUint32Array=typeof Uint32Array==`function`;function isUint32Array(value){return hasUint32Array&&value instanceof Uint32Array||nativeClass(value)===`[object Uint32Array]`}module.exports=isUint32Array})),require_lib$119=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$81()})),require_lib$118=__commonJSMin(((exports,module)=>{
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
module.exports=4294967295})),require_uint32array=__commonJSMin(((exports,module)=>{
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
module.exports=typeof Uint32Array==`function`?Uint32Array:null})),require_main$80=__commonJSMin(((exports,module)=>{
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
var isUint32Array=require_lib$119(),UINT32_MAX=require_lib$118(),GlobalUint32Array=require_uint32array();function hasUint32ArraySupport(){var bool,arr;if(typeof GlobalUint32Array!=`function`)return!1;try{arr=[1,3.14,-3.14,UINT32_MAX+1,UINT32_MAX+2],arr=new GlobalUint32Array(arr),bool=isUint32Array(arr)&&arr[0]===1&&arr[1]===3&&arr[2]===UINT32_MAX-2&&arr[3]===0&&arr[4]===1}catch{bool=!1}return bool}module.exports=hasUint32ArraySupport})),require_lib$117=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$80()})),require_main$79=__commonJSMin(((exports,module)=>{
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
module.exports=typeof Uint32Array==`function`?Uint32Array:void 0})),require_polyfill$3=__commonJSMin(((exports,module)=>{
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
function polyfill(){throw Error(`not implemented`)}module.exports=polyfill})),require_lib$116=__commonJSMin(((exports,module)=>{
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
var hasUint32ArraySupport=require_lib$117(),builtin=require_main$79(),polyfill=require_polyfill$3();module.exports=hasUint32ArraySupport()?builtin:polyfill})),require_main$78=__commonJSMin(((exports,module)=>{
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
var nativeClass=require_lib$120(),hasFloat64Array=typeof Float64Array==`function`;function isFloat64Array(value){return hasFloat64Array&&value instanceof Float64Array||nativeClass(value)===`[object Float64Array]`}module.exports=isFloat64Array})),require_lib$115=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$78()})),require_float64array=__commonJSMin(((exports,module)=>{
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
module.exports=typeof Float64Array==`function`?Float64Array:null})),require_main$77=__commonJSMin(((exports,module)=>{
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
var isFloat64Array=require_lib$115(),GlobalFloat64Array=require_float64array();function hasFloat64ArraySupport(){var bool,arr;if(typeof GlobalFloat64Array!=`function`)return!1;try{arr=new GlobalFloat64Array([1,3.14,-3.14,NaN]),bool=isFloat64Array(arr)&&arr[0]===1&&arr[1]===3.14&&arr[2]===-3.14&&arr[3]!==arr[3]}catch{bool=!1}return bool}module.exports=hasFloat64ArraySupport})),require_lib$114=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$77()})),require_main$76=__commonJSMin(((exports,module)=>{
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
module.exports=typeof Float64Array==`function`?Float64Array:void 0})),require_polyfill$2=__commonJSMin(((exports,module)=>{
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
function polyfill(){throw Error(`not implemented`)}module.exports=polyfill})),require_lib$113=__commonJSMin(((exports,module)=>{
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
var hasFloat64ArraySupport=require_lib$114(),builtin=require_main$76(),polyfill=require_polyfill$2();module.exports=hasFloat64ArraySupport()?builtin:polyfill})),require_main$75=__commonJSMin(((exports,module)=>{
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
var nativeClass=require_lib$120(),hasUint8Array=typeof Uint8Array==`function`;function isUint8Array(value){return hasUint8Array&&value instanceof Uint8Array||nativeClass(value)===`[object Uint8Array]`}module.exports=isUint8Array})),require_lib$112=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$75()})),require_lib$111=__commonJSMin(((exports,module)=>{
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
module.exports=255})),require_uint8array=__commonJSMin(((exports,module)=>{
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
module.exports=typeof Uint8Array==`function`?Uint8Array:null})),require_main$74=__commonJSMin(((exports,module)=>{
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
var isUint8Array=require_lib$112(),UINT8_MAX=require_lib$111(),GlobalUint8Array=require_uint8array();function hasUint8ArraySupport(){var bool,arr;if(typeof GlobalUint8Array!=`function`)return!1;try{arr=[1,3.14,-3.14,UINT8_MAX+1,UINT8_MAX+2],arr=new GlobalUint8Array(arr),bool=isUint8Array(arr)&&arr[0]===1&&arr[1]===3&&arr[2]===UINT8_MAX-2&&arr[3]===0&&arr[4]===1}catch{bool=!1}return bool}module.exports=hasUint8ArraySupport})),require_lib$110=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$74()})),require_main$73=__commonJSMin(((exports,module)=>{
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
module.exports=typeof Uint8Array==`function`?Uint8Array:void 0})),require_polyfill$1=__commonJSMin(((exports,module)=>{
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
function polyfill(){throw Error(`not implemented`)}module.exports=polyfill})),require_lib$109=__commonJSMin(((exports,module)=>{
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
var hasUint8ArraySupport=require_lib$110(),builtin=require_main$73(),polyfill=require_polyfill$1();module.exports=hasUint8ArraySupport()?builtin:polyfill})),require_main$72=__commonJSMin(((exports,module)=>{
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
var nativeClass=require_lib$120(),hasUint16Array=typeof Uint16Array==`function`;function isUint16Array(value){return hasUint16Array&&value instanceof Uint16Array||nativeClass(value)===`[object Uint16Array]`}module.exports=isUint16Array})),require_lib$108=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$72()})),require_lib$107=__commonJSMin(((exports,module)=>{
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
module.exports=65535})),require_uint16array=__commonJSMin(((exports,module)=>{
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
module.exports=typeof Uint16Array==`function`?Uint16Array:null})),require_main$71=__commonJSMin(((exports,module)=>{
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
var isUint16Array=require_lib$108(),UINT16_MAX=require_lib$107(),GlobalUint16Array=require_uint16array();function hasUint16ArraySupport(){var bool,arr;if(typeof GlobalUint16Array!=`function`)return!1;try{arr=[1,3.14,-3.14,UINT16_MAX+1,UINT16_MAX+2],arr=new GlobalUint16Array(arr),bool=isUint16Array(arr)&&arr[0]===1&&arr[1]===3&&arr[2]===UINT16_MAX-2&&arr[3]===0&&arr[4]===1}catch{bool=!1}return bool}module.exports=hasUint16ArraySupport})),require_lib$106=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$71()})),require_main$70=__commonJSMin(((exports,module)=>{
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
module.exports=typeof Uint16Array==`function`?Uint16Array:void 0})),require_polyfill=__commonJSMin(((exports,module)=>{
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
function polyfill(){throw Error(`not implemented`)}module.exports=polyfill})),require_lib$105=__commonJSMin(((exports,module)=>{
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
var hasUint16ArraySupport=require_lib$106(),builtin=require_main$70(),polyfill=require_polyfill();module.exports=hasUint16ArraySupport()?builtin:polyfill})),require_ctors=__commonJSMin(((exports,module)=>{
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
var Uint8Array=require_lib$109();module.exports={uint16:require_lib$105(),uint8:Uint8Array}})),require_main$69=__commonJSMin(((exports,module)=>{
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
var ctors=require_ctors(),bool;function isLittleEndian(){var uint16view=new ctors.uint16(1),uint8view;return uint16view[0]=4660,uint8view=new ctors.uint8(uint16view.buffer),uint8view[0]===52}bool=isLittleEndian(),module.exports=bool})),require_lib$104=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$69()})),require_high$1=__commonJSMin(((exports,module)=>{
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
module.exports=+(require_lib$104()===!0)})),require_main$68=__commonJSMin(((exports,module)=>{
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
var Uint32Array=require_lib$116(),Float64Array=require_lib$113(),HIGH=require_high$1(),FLOAT64_VIEW=new Float64Array(1),UINT32_VIEW=new Uint32Array(FLOAT64_VIEW.buffer);function getHighWord(x){return FLOAT64_VIEW[0]=x,UINT32_VIEW[HIGH]}module.exports=getHighWord})),require_lib$103=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$68()})),require_high=__commonJSMin(((exports,module)=>{
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
module.exports=+(require_lib$104()===!0)})),require_main$67=__commonJSMin(((exports,module)=>{
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
var Uint32Array=require_lib$116(),Float64Array=require_lib$113(),HIGH=require_high(),FLOAT64_VIEW=new Float64Array(1),UINT32_VIEW=new Uint32Array(FLOAT64_VIEW.buffer);function setHighWord(x,high){return FLOAT64_VIEW[0]=x,UINT32_VIEW[HIGH]=high>>>0,FLOAT64_VIEW[0]}module.exports=setHighWord})),require_lib$102=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$67()})),require_lib$101=__commonJSMin(((exports,module)=>{
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
module.exports=1023})),require_polyval_p$2=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.3999999999940942:.3999999999940942+x*(.22222198432149784+x*.15313837699209373)}module.exports=evalpoly})),require_polyval_q$1=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.6666666666666735:.6666666666666735+x*(.2857142874366239+x*(.1818357216161805+x*.14798198605116586))}module.exports=evalpoly})),require_main$66=__commonJSMin(((exports,module)=>{
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
var getHighWord=require_lib$103(),setHighWord=require_lib$102(),isnan=require_lib$133(),BIAS=require_lib$101(),NINF=require_lib$127(),polyvalP=require_polyval_p$2(),polyvalQ=require_polyval_q$1(),LN2_HI=.6931471803691238,LN2_LO=19082149292705877e-26,TWO54=0x40000000000000,ONE_THIRD=.3333333333333333,HIGH_SIGNIFICAND_MASK=1048575,HIGH_MAX_NORMAL_EXP=2146435072,HIGH_MIN_NORMAL_EXP=1048576,HIGH_BIASED_EXP_0=1072693248;function ln(x){var hfsq,hx,t2,t1,k,R,f,i,j,s,w,z;return x===0?NINF:isnan(x)||x<0?NaN:(hx=getHighWord(x),k=0,hx<HIGH_MIN_NORMAL_EXP&&(k-=54,x*=TWO54,hx=getHighWord(x)),hx>=HIGH_MAX_NORMAL_EXP?x+x:(k+=(hx>>20)-BIAS|0,hx&=HIGH_SIGNIFICAND_MASK,i=hx+614244&1048576,x=setHighWord(x,hx|i^HIGH_BIASED_EXP_0),k+=i>>20,f=x-1,(HIGH_SIGNIFICAND_MASK&2+hx)<3?f===0?k===0?0:k*LN2_HI+k*LN2_LO:(R=f*f*(.5-ONE_THIRD*f),k===0?f-R:k*LN2_HI-(R-k*LN2_LO-f)):(s=f/(2+f),z=s*s,i=hx-398458|0,w=z*z,j=440401-hx|0,t1=w*polyvalP(w),t2=z*polyvalQ(w),i|=j,R=t2+t1,i>0?(hfsq=.5*f*f,k===0?f-(hfsq-s*(hfsq+R)):k*LN2_HI-(hfsq-(s*(hfsq+R)+k*LN2_LO)-f)):k===0?f-s*(f-R):k*LN2_HI-(s*(f-R)-k*LN2_LO-f))))}module.exports=ln})),require_lib$100=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$66()})),require_main$65=__commonJSMin(((exports,module)=>{
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
module.exports=Math.floor})),require_lib$99=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$65()})),require_main$64=__commonJSMin(((exports,module)=>{
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
module.exports=Math.ceil})),require_lib$98=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$64()})),require_main$63=__commonJSMin(((exports,module)=>{
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
var floor=require_lib$99(),ceil=require_lib$98();function trunc(x){return x<0?ceil(x):floor(x)}module.exports=trunc})),require_lib$97=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$63()})),require_polyval_c13=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.0416666666666666:.0416666666666666+x*(-.001388888888887411+x*2480158728947673e-20)}module.exports=evalpoly})),require_polyval_c46=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-2.7557314351390663e-7:-2.7557314351390663e-7+x*(2.087572321298175e-9+x*-11359647557788195e-27)}module.exports=evalpoly})),require_main$62=__commonJSMin(((exports,module)=>{
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
* The following copyright, license, and long comment were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/12.2.0/lib/msun/src/k_cos.c}. The implementation follows the original, but has been modified for JavaScript.
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
var polyval13=require_polyval_c13(),polyval46=require_polyval_c46();function kernelCos(x,y){var hz,r,w,z=x*x;return w=z*z,r=z*polyval13(z),r+=w*w*polyval46(z),hz=.5*z,w=1-hz,w+(1-w-hz+(z*r-x*y))}module.exports=kernelCos})),require_lib$96=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$62()})),require_main$61=__commonJSMin(((exports,module)=>{
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
* The following copyright, license, and long comment were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/k_sin.c}. The implementation follows the original, but has been modified for JavaScript.
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
var S1=-.16666666666666632;function kernelSin(x,y){var r,v,w,z=x*x;return w=z*z,r=.00833333333332249+z*(-.0001984126982985795+z*27557313707070068e-22)+z*w*(-2.5050760253406863e-8+z*158969099521155e-24),v=z*x,y===0?x+v*(S1+z*r):x-(z*(.5*y-v*r)-y-v*S1)}module.exports=kernelSin})),require_lib$95=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$61()})),require_lib$94=__commonJSMin(((exports,module)=>{
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
module.exports=2147483647})),require_lib$93=__commonJSMin(((exports,module)=>{
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
module.exports=2146435072})),require_lib$92=__commonJSMin(((exports,module)=>{
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
module.exports=1048575})),require_low$1=__commonJSMin(((exports,module)=>{
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
module.exports=require_lib$104()===!0?0:1})),require_main$60=__commonJSMin(((exports,module)=>{
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
var Uint32Array=require_lib$116(),Float64Array=require_lib$113(),LOW=require_low$1(),FLOAT64_VIEW=new Float64Array(1),UINT32_VIEW=new Uint32Array(FLOAT64_VIEW.buffer);function getLowWord(x){return FLOAT64_VIEW[0]=x,UINT32_VIEW[LOW]}module.exports=getLowWord})),require_lib$91=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$60()})),require_indices$1=__commonJSMin(((exports,module)=>{
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
var isLittleEndian=require_lib$104(),indices,HIGH,LOW;isLittleEndian===!0?(HIGH=1,LOW=0):(HIGH=0,LOW=1),indices={HIGH,LOW},module.exports=indices})),require_main$59=__commonJSMin(((exports,module)=>{
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
var Uint32Array=require_lib$116(),Float64Array=require_lib$113(),indices=require_indices$1(),FLOAT64_VIEW=new Float64Array(1),UINT32_VIEW=new Uint32Array(FLOAT64_VIEW.buffer),HIGH=indices.HIGH,LOW=indices.LOW;function fromWords(high,low){return UINT32_VIEW[HIGH]=high,UINT32_VIEW[LOW]=low,FLOAT64_VIEW[0]}module.exports=fromWords})),require_lib$90=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$59()})),require_lib$89=__commonJSMin(((exports,module)=>{
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
module.exports=1023})),require_lib$88=__commonJSMin(((exports,module)=>{
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
module.exports=-1023})),require_lib$87=__commonJSMin(((exports,module)=>{
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
module.exports=-1074})),require_lib$86=__commonJSMin(((exports,module)=>{
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
module.exports=2147483648})),require_indices=__commonJSMin(((exports,module)=>{
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
var isLittleEndian=require_lib$104(),indices,HIGH,LOW;isLittleEndian===!0?(HIGH=1,LOW=0):(HIGH=0,LOW=1),indices={HIGH,LOW},module.exports=indices})),require_assign$2=__commonJSMin(((exports,module)=>{
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
var Uint32Array=require_lib$116(),Float64Array=require_lib$113(),indices=require_indices(),FLOAT64_VIEW=new Float64Array(1),UINT32_VIEW=new Uint32Array(FLOAT64_VIEW.buffer),HIGH=indices.HIGH,LOW=indices.LOW;function toWords(x,out,stride,offset){return FLOAT64_VIEW[0]=x,out[offset]=UINT32_VIEW[HIGH],out[offset+stride]=UINT32_VIEW[LOW],out}module.exports=toWords})),require_main$58=__commonJSMin(((exports,module)=>{
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
var fcn=require_assign$2();function toWords(x){return fcn(x,[0,0],1,0)}module.exports=toWords})),require_lib$85=__commonJSMin(((exports,module)=>{
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
var setReadOnly=require_lib$134(),main=require_main$58();setReadOnly(main,`assign`,require_assign$2()),module.exports=main})),require_main$57=__commonJSMin(((exports,module)=>{
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
var SIGN_MASK=require_lib$86(),ABS_MASK=require_lib$94(),toWords=require_lib$85(),getHighWord=require_lib$103(),fromWords=require_lib$90(),WORDS=[0,0];function copysign(x,y){var hx,hy;return toWords.assign(x,WORDS,1,0),hx=WORDS[0],hx&=ABS_MASK,hy=getHighWord(y),hy&=SIGN_MASK,hx|=hy,fromWords(hx,WORDS[1])}module.exports=copysign})),require_lib$84=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$57()})),require_lib$83=__commonJSMin(((exports,module)=>{
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
module.exports=22250738585072014e-324})),require_assign$1=__commonJSMin(((exports,module)=>{
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
var FLOAT64_SMALLEST_NORMAL=require_lib$83(),isInfinite=require_lib$126(),isnan=require_lib$133(),abs=require_lib$125(),SCALAR=4503599627370496;function normalize(x,out,stride,offset){return isnan(x)||isInfinite(x)?(out[offset]=x,out[offset+stride]=0,out):x!==0&&abs(x)<FLOAT64_SMALLEST_NORMAL?(out[offset]=x*SCALAR,out[offset+stride]=-52,out):(out[offset]=x,out[offset+stride]=0,out)}module.exports=normalize})),require_main$56=__commonJSMin(((exports,module)=>{
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
var fcn=require_assign$1();function normalize(x){return fcn(x,[0,0],1,0)}module.exports=normalize})),require_lib$82=__commonJSMin(((exports,module)=>{
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
var setReadOnly=require_lib$134(),main=require_main$56();setReadOnly(main,`assign`,require_assign$1()),module.exports=main})),require_main$55=__commonJSMin(((exports,module)=>{
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
var getHighWord=require_lib$103(),EXP_MASK=require_lib$93(),BIAS=require_lib$101();function exponent(x){var high=getHighWord(x);return high=(high&EXP_MASK)>>>20,high-BIAS|0}module.exports=exponent})),require_lib$81=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$55()})),require_main$54=__commonJSMin(((exports,module)=>{
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
var PINF=require_lib$131(),NINF=require_lib$127(),BIAS=require_lib$101(),MAX_EXPONENT=require_lib$89(),MAX_SUBNORMAL_EXPONENT=require_lib$88(),MIN_SUBNORMAL_EXPONENT=require_lib$87(),isnan=require_lib$133(),isInfinite=require_lib$126(),copysign=require_lib$84(),normalize=require_lib$82().assign,floatExp=require_lib$81(),toWords=require_lib$85(),fromWords=require_lib$90(),TWO52_INV=2220446049250313e-31,CLEAR_EXP_MASK=2148532223,FRAC=[0,0],WORDS=[0,0];function ldexp(frac,exp){var high,m;return exp===0||frac===0||isnan(frac)||isInfinite(frac)?frac:(normalize(frac,FRAC,1,0),frac=FRAC[0],exp+=FRAC[1],exp+=floatExp(frac),exp<MIN_SUBNORMAL_EXPONENT?copysign(0,frac):exp>MAX_EXPONENT?frac<0?NINF:PINF:(exp<=MAX_SUBNORMAL_EXPONENT?(exp+=52,m=TWO52_INV):m=1,toWords.assign(frac,WORDS,1,0),high=WORDS[0],high&=CLEAR_EXP_MASK,high|=exp+BIAS<<20,m*fromWords(high,WORDS[1])))}module.exports=ldexp})),require_lib$80=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$54()})),require_main$53=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2021 The Stdlib Authors.
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
function filled(value,len){for(var arr=[],i=0;i<len;i++)arr.push(value);return arr}module.exports=filled})),require_lib$79=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2021 The Stdlib Authors.
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
module.exports=require_main$53()})),require_main$52=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2021 The Stdlib Authors.
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
var filled=require_lib$79();function zeros(len){return filled(0,len)}module.exports=zeros})),require_lib$78=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2021 The Stdlib Authors.
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
module.exports=require_main$52()})),require_kernel_rempio2=__commonJSMin(((exports,module)=>{
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
* The following copyright and license were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/k_rem_pio2.c}. The implementation follows the original, but has been modified for JavaScript.
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
var floor=require_lib$99(),ldexp=require_lib$80(),zeros=require_lib$78(),IPIO2=[10680707,7228996,1387004,2578385,16069853,12639074,9804092,4427841,16666979,11263675,12935607,2387514,4345298,14681673,3074569,13734428,16653803,1880361,10960616,8533493,3062596,8710556,7349940,6258241,3772886,3769171,3798172,8675211,12450088,3874808,9961438,366607,15675153,9132554,7151469,3571407,2607881,12013382,4155038,6285869,7677882,13102053,15825725,473591,9065106,15363067,6271263,9264392,5636912,4652155,7056368,13614112,10155062,1944035,9527646,15080200,6658437,6231200,6832269,16767104,5075751,3212806,1398474,7579849,6349435,12618859],PIO2=[1.570796251296997,7.549789415861596e-8,5390302529957765e-30,3282003415807913e-37,1270655753080676e-44,12293330898111133e-52,27337005381646456e-60,21674168387780482e-67],TWO24=16777216,TWON24=5.960464477539063e-8,F=zeros(20),Q=zeros(20),FQ=zeros(20),IQ=zeros(20);function compute(x,y,jz,q,q0,jk,jv,jx,f){var carry,fw,ih,jp=jk,i,k,n,j,z=q[jz];for(j=jz,i=0;j>0;i++)fw=TWON24*z|0,IQ[i]=z-TWO24*fw|0,z=q[j-1]+fw,--j;if(z=ldexp(z,q0),z-=8*floor(z*.125),n=z|0,z-=n,ih=0,q0>0?(i=IQ[jz-1]>>24-q0,n+=i,IQ[jz-1]-=i<<24-q0,ih=IQ[jz-1]>>23-q0):q0===0?ih=IQ[jz-1]>>23:z>=.5&&(ih=2),ih>0){for(n+=1,carry=0,i=0;i<jz;i++)j=IQ[i],carry===0?j!==0&&(carry=1,IQ[i]=16777216-j):IQ[i]=16777215-j;if(q0>0)switch(q0){case 1:IQ[jz-1]&=8388607;break;case 2:IQ[jz-1]&=4194303}ih===2&&(z=1-z,carry!==0&&(z-=ldexp(1,q0)))}if(z===0){for(j=0,i=jz-1;i>=jk;i--)j|=IQ[i];if(j===0){for(k=1;IQ[jk-k]===0;k++);for(i=jz+1;i<=jz+k;i++){for(f[jx+i]=IPIO2[jv+i],fw=0,j=0;j<=jx;j++)fw+=x[j]*f[jx+(i-j)];q[i]=fw}return jz+=k,compute(x,y,jz,q,q0,jk,jv,jx,f)}for(--jz,q0-=24;IQ[jz]===0;)--jz,q0-=24}else z=ldexp(z,-q0),z>=TWO24?(fw=TWON24*z|0,IQ[jz]=z-TWO24*fw|0,jz+=1,q0+=24,IQ[jz]=fw):IQ[jz]=z|0;for(fw=ldexp(1,q0),i=jz;i>=0;i--)q[i]=fw*IQ[i],fw*=TWON24;for(i=jz;i>=0;i--){for(fw=0,k=0;k<=jp&&k<=jz-i;k++)fw+=PIO2[k]*q[i+k];FQ[jz-i]=fw}for(fw=0,i=jz;i>=0;i--)fw+=FQ[i];for(y[0]=ih===0?fw:-fw,fw=FQ[0]-fw,i=1;i<=jz;i++)fw+=FQ[i];return y[1]=ih===0?fw:-fw,n&7}function kernelRempio2(x,y,e0,nx){var fw,jk=4,jv,jx=nx-1,jz,q0,i,j,m;for(jv=(e0-3)/24|0,jv<0&&(jv=0),q0=e0-24*(jv+1),j=jv-jx,m=jx+jk,i=0;i<=m;i++)j<0?F[i]=0:F[i]=IPIO2[j],j+=1;for(i=0;i<=jk;i++){for(fw=0,j=0;j<=jx;j++)fw+=x[j]*F[jx+(i-j)];Q[i]=fw}return jz=jk,compute(x,y,jz,Q,q0,jk,jv,jx,F)}module.exports=kernelRempio2})),require_main$51=__commonJSMin(((exports,module)=>{
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
module.exports=Math.round})),require_lib$77=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$51()})),require_rempio2_medium=__commonJSMin(((exports,module)=>{
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
* The following copyright and license were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/k_rem_pio2.c}. The implementation follows the original, but has been modified for JavaScript.
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
var round=require_lib$77(),getHighWord=require_lib$103(),INVPIO2=.6366197723675814,PIO2_1=1.5707963267341256,PIO2_1T=6077100506506192e-26,PIO2_2=6077100506303966e-26,PIO2_2T=20222662487959506e-37,PIO2_3=20222662487111665e-37,PIO2_3T=84784276603689e-45,EXPONENT_MASK=2047;function rempio2Medium(x,ix,y){var high,n=round(x*INVPIO2),t,r=x-n*PIO2_1,w=n*PIO2_1T,i,j=ix>>20;return y[0]=r-w,high=getHighWord(y[0]),i=j-(high>>20&EXPONENT_MASK),i>16&&(t=r,w=n*PIO2_2,r=t-w,w=n*PIO2_2T-(t-r-w),y[0]=r-w,high=getHighWord(y[0]),i=j-(high>>20&EXPONENT_MASK),i>49&&(t=r,w=n*PIO2_3,r=t-w,w=n*PIO2_3T-(t-r-w),y[0]=r-w)),y[1]=r-y[0]-w,n}module.exports=rempio2Medium})),require_main$50=__commonJSMin(((exports,module)=>{
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
* The following copyright and license were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/e_rem_pio2.c}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
*
* Developed at SunPro, a Sun Microsystems, Inc. business.
* Permission to use, copy, modify, and distribute this
* software is freely granted, provided that this notice
* is preserved.
*
* Optimized by Bruce D. Evans.
* ```
*/
var ABS_MASK=require_lib$94(),EXPONENT_MASK=require_lib$93(),SIGNIFICAND_MASK=require_lib$92(),getHighWord=require_lib$103(),getLowWord=require_lib$91(),fromWords=require_lib$90(),rempio2Kernel=require_kernel_rempio2(),rempio2Medium=require_rempio2_medium(),ZERO=0,TWO24=16777216,PIO2_1=1.5707963267341256,PIO2_1T=6077100506506192e-26,TWO_PIO2_1T=2*PIO2_1T,THREE_PIO2_1T=3*PIO2_1T,FOUR_PIO2_1T=4*PIO2_1T,PI_HIGH_WORD_SIGNIFICAND=598523,PIO4_HIGH_WORD=1072243195,THREE_PIO4_HIGH_WORD=1073928572,FIVE_PIO4_HIGH_WORD=1074752122,THREE_PIO2_HIGH_WORD=1074977148,SEVEN_PIO4_HIGH_WORD=1075183036,TWO_PI_HIGH_WORD=1075388923,NINE_PIO4_HIGH_WORD=1075594811,MEDIUM=1094263291,TX=[0,0,0],TY=[0,0];function rempio2(x,y){var low,e0,hx=getHighWord(x)|0,ix=hx&ABS_MASK|0,nx,i,n,z;if(ix<=PIO4_HIGH_WORD)return y[0]=x,y[1]=0,0;if(ix<=FIVE_PIO4_HIGH_WORD)return(ix&SIGNIFICAND_MASK)===PI_HIGH_WORD_SIGNIFICAND?rempio2Medium(x,ix,y):ix<=THREE_PIO4_HIGH_WORD?hx>0?(z=x-PIO2_1,y[0]=z-PIO2_1T,y[1]=z-y[0]-PIO2_1T,1):(z=x+PIO2_1,y[0]=z+PIO2_1T,y[1]=z-y[0]+PIO2_1T,-1):hx>0?(z=x-2*PIO2_1,y[0]=z-TWO_PIO2_1T,y[1]=z-y[0]-TWO_PIO2_1T,2):(z=x+2*PIO2_1,y[0]=z+TWO_PIO2_1T,y[1]=z-y[0]+TWO_PIO2_1T,-2);if(ix<=NINE_PIO4_HIGH_WORD)return ix<=SEVEN_PIO4_HIGH_WORD?ix===THREE_PIO2_HIGH_WORD?rempio2Medium(x,ix,y):hx>0?(z=x-3*PIO2_1,y[0]=z-THREE_PIO2_1T,y[1]=z-y[0]-THREE_PIO2_1T,3):(z=x+3*PIO2_1,y[0]=z+THREE_PIO2_1T,y[1]=z-y[0]+THREE_PIO2_1T,-3):ix===TWO_PI_HIGH_WORD?rempio2Medium(x,ix,y):hx>0?(z=x-4*PIO2_1,y[0]=z-FOUR_PIO2_1T,y[1]=z-y[0]-FOUR_PIO2_1T,4):(z=x+4*PIO2_1,y[0]=z+FOUR_PIO2_1T,y[1]=z-y[0]+FOUR_PIO2_1T,-4);if(ix<MEDIUM)return rempio2Medium(x,ix,y);if(ix>=EXPONENT_MASK)return y[0]=NaN,y[1]=NaN,0;for(low=getLowWord(x),e0=(ix>>20)-1046,z=fromWords(ix-(e0<<20),low),i=0;i<2;i++)TX[i]=z|0,z=(z-TX[i])*TWO24;for(TX[2]=z,nx=3;TX[nx-1]===ZERO;)--nx;return n=rempio2Kernel(TX,TY,e0,nx,1),hx<0?(y[0]=-TY[0],y[1]=-TY[1],-n):(y[0]=TY[0],y[1]=TY[1],n)}module.exports=rempio2})),require_lib$76=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$50()})),require_main$49=__commonJSMin(((exports,module)=>{
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
* The following copyright, license, and long comment were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/s_cos.c}. The implementation follows the original, but has been modified for JavaScript.
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
var getHighWord=require_lib$103(),kernelCos=require_lib$96(),kernelSin=require_lib$95(),rempio2=require_lib$76(),ABS_MASK=require_lib$94(),EXPONENT_MASK=require_lib$93(),buffer=[0,0],HIGH_WORD_PIO4=1072243195,HIGH_WORD_TWO_NEG_27=1044381696;function cos(x){var ix=getHighWord(x),n;if(ix&=ABS_MASK,ix<=HIGH_WORD_PIO4)return ix<HIGH_WORD_TWO_NEG_27?1:kernelCos(x,0);if(ix>=EXPONENT_MASK)return NaN;switch(n=rempio2(x,buffer),n&3){case 0:return kernelCos(buffer[0],buffer[1]);case 1:return-kernelSin(buffer[0],buffer[1]);case 2:return-kernelCos(buffer[0],buffer[1]);default:return kernelSin(buffer[0],buffer[1])}}module.exports=cos})),require_lib$75=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$49()})),require_main$48=__commonJSMin(((exports,module)=>{
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
* The following copyright, license, and long comment were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/s_sin.c}. The implementation follows the original, but has been modified for JavaScript.
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
var HIGH_WORD_ABS_MASK=require_lib$94(),HIGH_WORD_EXPONENT_MASK=require_lib$93(),getHighWord=require_lib$103(),kernelCos=require_lib$96(),kernelSin=require_lib$95(),rempio2=require_lib$76(),PIO4_HIGH_WORD=1072243195,SMALL_HIGH_WORD=1045430272,Y=[0,0];function sin(x){var ix=getHighWord(x),n;if(ix&=HIGH_WORD_ABS_MASK,ix<=PIO4_HIGH_WORD)return ix<SMALL_HIGH_WORD?x:kernelSin(x,0);if(ix>=HIGH_WORD_EXPONENT_MASK)return NaN;switch(n=rempio2(x,Y),n&3){case 0:return kernelSin(Y[0],Y[1]);case 1:return kernelCos(Y[0],Y[1]);case 2:return-kernelSin(Y[0],Y[1]);default:return-kernelCos(Y[0],Y[1])}}module.exports=sin})),require_lib$74=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$48()})),require_lib$73=__commonJSMin(((exports,module)=>{
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
module.exports=3.141592653589793})),require_main$47=__commonJSMin(((exports,module)=>{
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
var isnan=require_lib$133(),isInfinite=require_lib$126(),cos=require_lib$75(),sin=require_lib$74(),abs=require_lib$125(),copysign=require_lib$84(),PI=require_lib$73();function sinpi(x){var ar,r;return isnan(x)||isInfinite(x)?NaN:(r=x%2,ar=abs(r),ar===0||ar===1?copysign(0,r):ar<.25?sin(PI*r):ar<.75?(ar=.5-ar,copysign(cos(PI*ar),r)):ar<1.25?(r=copysign(1,r)-r,sin(PI*r)):ar<1.75?(ar-=1.5,-copysign(cos(PI*ar),r)):(r-=copysign(2,r),sin(PI*r)))}module.exports=sinpi})),require_lib$72=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$47()})),require_polyval_a1=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?.06735230105312927:.06735230105312927+x*(.007385550860814029+x*(.0011927076318336207+x*(.00022086279071390839+x*25214456545125733e-21)))}module.exports=evalpoly})),require_polyval_a2=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?.020580808432516733:.020580808432516733+x*(.0028905138367341563+x*(.0005100697921535113+x*(.00010801156724758394+x*44864094961891516e-21)))}module.exports=evalpoly})),require_polyval_r=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?1.3920053346762105:1.3920053346762105+x*(.7219355475671381+x*(.17193386563280308+x*(.01864591917156529+x*(.0007779424963818936+x*7326684307446256e-21))))}module.exports=evalpoly})),require_polyval_s$1=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?.21498241596060885:.21498241596060885+x*(.325778796408931+x*(.14635047265246445+x*(.02664227030336386+x*(.0018402845140733772+x*3194753265841009e-20))))}module.exports=evalpoly})),require_polyval_t1=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?-.032788541075985965:-.032788541075985965+x*(.006100538702462913+x*(-.0014034646998923284+x*.00031563207090362595))}module.exports=evalpoly})),require_polyval_t2=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?.01797067508118204:.01797067508118204+x*(-.0036845201678113826+x*(.000881081882437654+x*-.00031275416837512086))}module.exports=evalpoly})),require_polyval_t3=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?-.010314224129834144:-.010314224129834144+x*(.0022596478090061247+x*(-.0005385953053567405+x*.0003355291926355191))}module.exports=evalpoly})),require_polyval_u=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?.6328270640250934:.6328270640250934+x*(1.4549225013723477+x*(.9777175279633727+x*(.22896372806469245+x*.013381091853678766)))}module.exports=evalpoly})),require_polyval_v=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?2.4559779371304113:2.4559779371304113+x*(2.128489763798934+x*(.7692851504566728+x*(.10422264559336913+x*.003217092422824239)))}module.exports=evalpoly})),require_polyval_w$1=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?.08333333333333297:.08333333333333297+x*(-.0027777777772877554+x*(.0007936505586430196+x*(-.00059518755745034+x*(.0008363399189962821+x*-.0016309293409657527))))}module.exports=evalpoly})),require_main$46=__commonJSMin(((exports,module)=>{
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
* The following copyright, license, and long comment were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/12.2.0/lib/msun/src/e_lgamma_r.c}. The implementation follows the original, but has been modified for JavaScript.
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
var isnan=require_lib$133(),isInfinite=require_lib$126(),abs=require_lib$125(),ln=require_lib$100(),trunc=require_lib$97(),sinpi=require_lib$72(),PI=require_lib$73(),PINF=require_lib$131(),polyvalA1=require_polyval_a1(),polyvalA2=require_polyval_a2(),polyvalR=require_polyval_r(),polyvalS=require_polyval_s$1(),polyvalT1=require_polyval_t1(),polyvalT2=require_polyval_t2(),polyvalT3=require_polyval_t3(),polyvalU=require_polyval_u(),polyvalV=require_polyval_v(),polyvalW=require_polyval_w$1(),A1C=.07721566490153287,A2C=.3224670334241136,RC=1,SC=-.07721566490153287,T1C=.48383612272381005,T2C=-.1475877229945939,T3C=.06462494023913339,UC=-.07721566490153287,VC=1,WC=.4189385332046727,YMIN=1.4616321449683622,TWO52=4503599627370496,TWO56=72057594037927940,TINY=13877787807814457e-33,TC=1.4616321449683622,TF=-.12148629053584961,TT=-3638676997039505e-33;function gammaln(x){var isNegative,nadj,flg,p3,p2,p1,p,q,t,w,y,z,r;if(isnan(x)||isInfinite(x))return x;if(x===0)return PINF;if(x<0?(isNegative=!0,x=-x):isNegative=!1,x<TINY)return-ln(x);if(isNegative){if(x>=TWO52||(t=sinpi(x),t===0))return PINF;nadj=ln(PI/abs(t*x))}if(x===1||x===2)return 0;if(x<2)switch(x<=.9?(r=-ln(x),x>=YMIN-1+.27?(y=1-x,flg=0):x>=YMIN-1-.27?(y=x-(TC-1),flg=1):(y=x,flg=2)):(r=0,x>=YMIN+.27?(y=2-x,flg=0):x>=YMIN-.27?(y=x-TC,flg=1):(y=x-1,flg=2)),flg){case 0:z=y*y,p1=A1C+z*polyvalA1(z),p2=z*(A2C+z*polyvalA2(z)),p=y*p1+p2,r+=p-.5*y;break;case 1:z=y*y,w=z*y,p1=T1C+w*polyvalT1(w),p2=T2C+w*polyvalT2(w),p3=T3C+w*polyvalT3(w),p=z*p1-(TT-w*(p2+y*p3)),r+=TF+p;break;case 2:p1=y*(UC+y*polyvalU(y)),p2=VC+y*polyvalV(y),r+=-.5*y+p1/p2}else if(x<8)switch(flg=trunc(x),y=x-flg,p=y*(SC+y*polyvalS(y)),q=RC+y*polyvalR(y),r=.5*y+p/q,z=1,flg){case 7:z*=y+6;case 6:z*=y+5;case 5:z*=y+4;case 4:z*=y+3;case 3:z*=y+2,r+=ln(z)}else x<TWO56?(t=ln(x),z=1/x,y=z*z,w=WC+z*polyvalW(y),r=(x-.5)*(t-1)+w):r=x*(ln(x)-1);return isNegative&&(r=nadj-r),r}module.exports=gammaln})),require_lib$71=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$46()})),require_main$45=__commonJSMin(((exports,module)=>{
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
module.exports=Math.sqrt})),require_lib$70=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$45()})),require_rational_p1q1$2=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.0005087819496582806:(ax=x<0?-x:x,ax<=1?(s1=-.0005087819496582806+x*(-.008368748197417368+x*(.03348066254097446+x*(-.012692614766297404+x*(-.03656379714117627+x*(.02198786811111689+x*(.008226878746769157+x*(-.005387729650712429+x*(0+x*0)))))))),s2=1+x*(-.9700050433032906+x*(-1.5657455823417585+x*(1.5622155839842302+x*(.662328840472003+x*(-.7122890234154284+x*(-.05273963823400997+x*(.07952836873415717+x*(-.0023339375937419+x*.0008862163904564247))))))))):(x=1/x,s1=0+x*(0+x*(-.005387729650712429+x*(.008226878746769157+x*(.02198786811111689+x*(-.03656379714117627+x*(-.012692614766297404+x*(.03348066254097446+x*(-.008368748197417368+x*-.0005087819496582806)))))))),s2=.0008862163904564247+x*(-.0023339375937419+x*(.07952836873415717+x*(-.05273963823400997+x*(-.7122890234154284+x*(.662328840472003+x*(1.5622155839842302+x*(-1.5657455823417585+x*(-.9700050433032906+x*1))))))))),s1/s2)}module.exports=evalrational})),require_rational_p2q2$2=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.20243350835593876:(ax=x<0?-x:x,ax<=1?(s1=-.20243350835593876+x*(.10526468069939171+x*(8.3705032834312+x*(17.644729840837403+x*(-18.851064805871424+x*(-44.6382324441787+x*(17.445385985570866+x*(21.12946554483405+x*-3.6719225470772936))))))),s2=1+x*(6.242641248542475+x*(3.971343795334387+x*(-28.66081804998+x*(-20.14326346804852+x*(48.560921310873994+x*(10.826866735546016+x*(-22.643693341313973+x*1.7211476576120028)))))))):(x=1/x,s1=-3.6719225470772936+x*(21.12946554483405+x*(17.445385985570866+x*(-44.6382324441787+x*(-18.851064805871424+x*(17.644729840837403+x*(8.3705032834312+x*(.10526468069939171+x*-.20243350835593876))))))),s2=1.7211476576120028+x*(-22.643693341313973+x*(10.826866735546016+x*(48.560921310873994+x*(-20.14326346804852+x*(-28.66081804998+x*(3.971343795334387+x*(6.242641248542475+x*1)))))))),s1/s2)}module.exports=evalrational})),require_rational_p3q3$2=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.1311027816799519:(ax=x<0?-x:x,ax<=1?(s1=-.1311027816799519+x*(-.16379404719331705+x*(.11703015634199525+x*(.38707973897260434+x*(.3377855389120359+x*(.14286953440815717+x*(.029015791000532906+x*(.0021455899538880526+x*(-6.794655751811263e-7+x*(2.8522533178221704e-8+x*-681149956853777e-24))))))))),s2=1+x*(3.4662540724256723+x*(5.381683457070069+x*(4.778465929458438+x*(2.5930192162362027+x*(.848854343457902+x*(.15226433829533179+x*(.011059242293464892+x*(0+x*(0+x*0)))))))))):(x=1/x,s1=-681149956853777e-24+x*(2.8522533178221704e-8+x*(-6.794655751811263e-7+x*(.0021455899538880526+x*(.029015791000532906+x*(.14286953440815717+x*(.3377855389120359+x*(.38707973897260434+x*(.11703015634199525+x*(-.16379404719331705+x*-.1311027816799519))))))))),s2=0+x*(0+x*(0+x*(.011059242293464892+x*(.15226433829533179+x*(.848854343457902+x*(2.5930192162362027+x*(4.778465929458438+x*(5.381683457070069+x*(3.4662540724256723+x*1)))))))))),s1/s2)}module.exports=evalrational})),require_rational_p4q4$1=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.0350353787183178:(ax=x<0?-x:x,ax<=1?(s1=-.0350353787183178+x*(-.0022242652921344794+x*(.018557330651423107+x*(.009508047013259196+x*(.0018712349281955923+x*(.00015754461742496055+x*(460469890584318e-20+x*(-2304047769118826e-25+x*26633922742578204e-28))))))),s2=1+x*(1.3653349817554064+x*(.7620591645536234+x*(.22009110576413124+x*(.03415891436709477+x*(.00263861676657016+x*(7646752923027944e-20+x*(0+x*0)))))))):(x=1/x,s1=26633922742578204e-28+x*(-2304047769118826e-25+x*(460469890584318e-20+x*(.00015754461742496055+x*(.0018712349281955923+x*(.009508047013259196+x*(.018557330651423107+x*(-.0022242652921344794+x*-.0350353787183178))))))),s2=0+x*(0+x*(7646752923027944e-20+x*(.00263861676657016+x*(.03415891436709477+x*(.22009110576413124+x*(.7620591645536234+x*(1.3653349817554064+x*1)))))))),s1/s2)}module.exports=evalrational})),require_rational_p5q5$1=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.016743100507663373:(ax=x<0?-x:x,ax<=1?(s1=-.016743100507663373+x*(-.0011295143874558028+x*(.001056288621524929+x*(.00020938631748758808+x*(14962478375834237e-21+x*(4.4969678992770644e-7+x*(4.625961635228786e-9+x*(-2811287356288318e-29+x*9905570997331033e-32))))))),s2=1+x*(.5914293448864175+x*(.1381518657490833+x*(.016074608709367652+x*(.0009640118070051656+x*(27533547476472603e-21+x*(2.82243172016108e-7+x*(0+x*0)))))))):(x=1/x,s1=9905570997331033e-32+x*(-2811287356288318e-29+x*(4.625961635228786e-9+x*(4.4969678992770644e-7+x*(14962478375834237e-21+x*(.00020938631748758808+x*(.001056288621524929+x*(-.0011295143874558028+x*-.016743100507663373))))))),s2=0+x*(0+x*(2.82243172016108e-7+x*(27533547476472603e-21+x*(.0009640118070051656+x*(.016074608709367652+x*(.1381518657490833+x*(.5914293448864175+x*1)))))))),s1/s2)}module.exports=evalrational})),require_main$44=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_81_0/boost/math/special_functions/detail/erf_inv.hpp}. This implementation follows the original, but has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var isnan=require_lib$133(),sqrt=require_lib$70(),ln=require_lib$100(),PINF=require_lib$131(),NINF=require_lib$127(),rationalFcnR1=require_rational_p1q1$2(),rationalFcnR2=require_rational_p2q2$2(),rationalFcnR3=require_rational_p3q3$2(),rationalFcnR4=require_rational_p4q4$1(),rationalFcnR5=require_rational_p5q5$1(),Y1=.08913147449493408,Y2=2.249481201171875,Y3=.807220458984375,Y4=.9399557113647461,Y5=.9836282730102539;function erfcinv(x){var sign,qs,q,g,r;return isnan(x)?NaN:x===0?PINF:x===2?NINF:x===1?0:x>2||x<0?NaN:(x>1?(sign=-1,q=2-x):(sign=1,q=x),x=1-q,x<=.5?(g=x*(x+10),r=rationalFcnR1(x),sign*(g*Y1+g*r)):q>=.25?(g=sqrt(-2*ln(q)),q-=.25,r=rationalFcnR2(q),sign*(g/(Y2+r))):(q=sqrt(-ln(q)),q<3?(qs=q-1.125,r=rationalFcnR3(qs),sign*(Y3*q+r*q)):q<6?(qs=q-3,r=rationalFcnR4(qs),sign*(Y4*q+r*q)):(qs=q-6,r=rationalFcnR5(qs),sign*(Y5*q+r*q))))}module.exports=erfcinv})),require_lib$69=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$44()})),require_main$43=__commonJSMin(((exports,module)=>{
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
var floor=require_lib$99();function isInteger(x){return floor(x)===x}module.exports=isInteger})),require_lib$68=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$43()})),require_main$42=__commonJSMin(((exports,module)=>{
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
var NINF=require_lib$127();function isNegativeZero(x){return x===0&&1/x===NINF}module.exports=isNegativeZero})),require_lib$67=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$42()})),require_lib$66=__commonJSMin(((exports,module)=>{
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
module.exports=2.5066282746310007})),require_main$41=__commonJSMin(((exports,module)=>{
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
var isInteger=require_lib$68();function isEven(x){return isInteger(x/2)}module.exports=isEven})),require_lib$65=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$41()})),require_main$40=__commonJSMin(((exports,module)=>{
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
var isEven=require_lib$65();function isOdd(x){return isEven(x>0?x-1:x+1)}module.exports=isOdd})),require_lib$64=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$40()})),require_low=__commonJSMin(((exports,module)=>{
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
module.exports=require_lib$104()===!0?0:1})),require_main$39=__commonJSMin(((exports,module)=>{
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
var Uint32Array=require_lib$116(),Float64Array=require_lib$113(),LOW=require_low(),FLOAT64_VIEW=new Float64Array(1),UINT32_VIEW=new Uint32Array(FLOAT64_VIEW.buffer);function setLowWord(x,low){return FLOAT64_VIEW[0]=x,UINT32_VIEW[LOW]=low>>>0,FLOAT64_VIEW[0]}module.exports=setLowWord})),require_lib$63=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$39()})),require_main$38=__commonJSMin(((exports,module)=>{
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
function uint32ToInt32(x){return x|0}module.exports=uint32ToInt32})),require_lib$62=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$38()})),require_x_is_zero=__commonJSMin(((exports,module)=>{
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
* The following copyright and license were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/s_pow.c}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
*
* Developed at SunPro, a Sun Microsystems, Inc. business.
* Permission to use, copy, modify, and distribute this
* software is freely granted, provided that this notice
* is preserved.
* ```
*/
var isOdd=require_lib$64(),copysign=require_lib$84(),NINF=require_lib$127(),PINF=require_lib$131();function pow(x,y){return y===NINF?PINF:y===PINF?0:y>0?isOdd(y)?x:0:isOdd(y)?copysign(PINF,x):PINF}module.exports=pow})),require_y_is_huge=__commonJSMin(((exports,module)=>{
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
* The following copyright and license were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/s_pow.c}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
*
* Developed at SunPro, a Sun Microsystems, Inc. business.
* Permission to use, copy, modify, and distribute this
* software is freely granted, provided that this notice
* is preserved.
* ```
*/
var ABS_MASK=require_lib$94(),getHighWord=require_lib$103(),HIGH_MAX_NEAR_UNITY=1072693247,HUGE=1e300,TINY=1e-300;function pow(x,y){return(getHighWord(x)&ABS_MASK)<=HIGH_MAX_NEAR_UNITY?y<0?HUGE*HUGE:TINY*TINY:y>0?HUGE*HUGE:TINY*TINY}module.exports=pow})),require_y_is_infinite=__commonJSMin(((exports,module)=>{
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
var abs=require_lib$125(),PINF=require_lib$131();function pow(x,y){return x===-1?(x-x)/(x-x):x===1?1:abs(x)<1==(y===PINF)?0:PINF}module.exports=pow})),require_lib$61=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
module.exports=20})),require_polyval_l=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?.5999999999999946:.5999999999999946+x*(.4285714285785502+x*(.33333332981837743+x*(.272728123808534+x*(.23066074577556175+x*.20697501780033842))))}module.exports=evalpoly})),require_log2ax=__commonJSMin(((exports,module)=>{
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
* The following copyright and license were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/s_pow.c}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
*
* Developed at SunPro, a Sun Microsystems, Inc. business.
* Permission to use, copy, modify, and distribute this
* software is freely granted, provided that this notice
* is preserved.
* ```
*/
var getHighWord=require_lib$103(),setLowWord=require_lib$63(),setHighWord=require_lib$102(),BIAS=require_lib$101(),HIGH_NUM_SIGNIFICAND_BITS=require_lib$61(),polyvalL=require_polyval_l(),HIGH_SIGNIFICAND_MASK=1048575,HIGH_MIN_NORMAL_EXP=1048576,HIGH_BIASED_EXP_0=1072693248,HIGH_BIASED_EXP_NEG_512=536870912,HIGH_SIGNIFICAND_HALF=524288,TWO53=9007199254740992,CP=.9617966939259756,CP_HI=.9617967009544373,CP_LO=-7.028461650952758e-9,BP=[1,1.5],DP_HI=[0,.5849624872207642],DP_LO=[0,1.350039202129749e-8];function log2ax(out,ax,ahx){var tmp,ss,s2,hs,ls,ht,lt,bp,dp,hp,lp,hz,lz,t1,t2,t,r,u,v,n=0,j,k;return ahx<HIGH_MIN_NORMAL_EXP&&(ax*=TWO53,n-=53,ahx=getHighWord(ax)),n+=(ahx>>HIGH_NUM_SIGNIFICAND_BITS)-BIAS|0,j=ahx&HIGH_SIGNIFICAND_MASK|0,ahx=j|HIGH_BIASED_EXP_0|0,j<=235662?k=0:j<767610?k=1:(k=0,n+=1,ahx-=HIGH_MIN_NORMAL_EXP),ax=setHighWord(ax,ahx),bp=BP[k],u=ax-bp,v=1/(ax+bp),ss=u*v,hs=setLowWord(ss,0),tmp=(ahx>>1|HIGH_BIASED_EXP_NEG_512)+HIGH_SIGNIFICAND_HALF,tmp+=k<<18,ht=setHighWord(0,tmp),lt=ax-(ht-bp),ls=v*(u-hs*ht-hs*lt),s2=ss*ss,r=s2*s2*polyvalL(s2),r+=ls*(hs+ss),s2=hs*hs,ht=3+s2+r,ht=setLowWord(ht,0),lt=r-(ht-3-s2),u=hs*ht,v=ls*ht+lt*ss,hp=u+v,hp=setLowWord(hp,0),lp=v-(hp-u),hz=CP_HI*hp,lz=CP_LO*hp+lp*CP+DP_LO[k],dp=DP_HI[k],t=n,t1=hz+lz+dp+t,t1=setLowWord(t1,0),t2=lz-(t1-t-dp-hz),out[0]=t1,out[1]=t2,out}module.exports=log2ax})),require_polyval_w=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?.5:.5+x*(-.3333333333333333+x*.25)}module.exports=evalpoly})),require_logx=__commonJSMin(((exports,module)=>{
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
* The following copyright and license were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/s_pow.c}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
*
* Developed at SunPro, a Sun Microsystems, Inc. business.
* Permission to use, copy, modify, and distribute this
* software is freely granted, provided that this notice
* is preserved.
* ```
*/
var setLowWord=require_lib$63(),polyvalW=require_polyval_w(),INV_LN2=1.4426950408889634,INV_LN2_HI=1.4426950216293335,INV_LN2_LO=1.9259629911266175e-8;function logx(out,ax){var t2,t1,t=ax-1,w=t*t*polyvalW(t),u=INV_LN2_HI*t,v=t*INV_LN2_LO-w*INV_LN2;return t1=u+v,t1=setLowWord(t1,0),t2=v-(t1-u),out[0]=t1,out[1]=t2,out}module.exports=logx})),require_lib$60=__commonJSMin(((exports,module)=>{
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
module.exports=.6931471805599453})),require_polyval_p$1=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?.16666666666666602:.16666666666666602+x*(-.0027777777777015593+x*(6613756321437934e-20+x*(-16533902205465252e-22+x*4.1381367970572385e-8)))}module.exports=evalpoly})),require_pow2=__commonJSMin(((exports,module)=>{
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
* The following copyright and license were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/s_pow.c}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
*
* Developed at SunPro, a Sun Microsystems, Inc. business.
* Permission to use, copy, modify, and distribute this
* software is freely granted, provided that this notice
* is preserved.
* ```
*/
var getHighWord=require_lib$103(),setHighWord=require_lib$102(),setLowWord=require_lib$63(),uint32ToInt32=require_lib$62(),ldexp=require_lib$80(),LN2=require_lib$60(),BIAS=require_lib$101(),ABS_MASK=require_lib$94(),HIGH_SIGNIFICAND_MASK=require_lib$92(),HIGH_NUM_SIGNIFICAND_BITS=require_lib$61(),polyvalP=require_polyval_p$1(),HIGH_MIN_NORMAL_EXP=1048576,HIGH_BIASED_EXP_NEG_1=1071644672,LN2_HI=.6931471824645996,LN2_LO=-1.904654299957768e-9;function pow2(j,hp,lp){var tmp,t1,t,r,u,v,w,z,n,i=j&ABS_MASK|0,k=(i>>HIGH_NUM_SIGNIFICAND_BITS)-BIAS|0;return n=0,i>HIGH_BIASED_EXP_NEG_1&&(n=j+(HIGH_MIN_NORMAL_EXP>>k+1)>>>0,k=((n&ABS_MASK)>>HIGH_NUM_SIGNIFICAND_BITS)-BIAS|0,tmp=(n&~(HIGH_SIGNIFICAND_MASK>>k))>>>0,t=setHighWord(0,tmp),n=(n&HIGH_SIGNIFICAND_MASK|HIGH_MIN_NORMAL_EXP)>>HIGH_NUM_SIGNIFICAND_BITS-k>>>0,j<0&&(n=-n),hp-=t),t=lp+hp,t=setLowWord(t,0),u=t*LN2_HI,v=(lp-(t-hp))*LN2+t*LN2_LO,z=u+v,w=v-(z-u),t=z*z,t1=z-t*polyvalP(t),r=z*t1/(t1-2)-(w+z*w),z=1-(r-z),j=getHighWord(z),j=uint32ToInt32(j),j+=n<<HIGH_NUM_SIGNIFICAND_BITS>>>0,z=j>>HIGH_NUM_SIGNIFICAND_BITS<=0?ldexp(z,n):setHighWord(z,j),z}module.exports=pow2})),require_main$37=__commonJSMin(((exports,module)=>{
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
* The following copyright and license were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/s_pow.c}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
*
* Developed at SunPro, a Sun Microsystems, Inc. business.
* Permission to use, copy, modify, and distribute this
* software is freely granted, provided that this notice
* is preserved.
* ```
*/
var isnan=require_lib$133(),isOdd=require_lib$64(),isInfinite=require_lib$126(),isInteger=require_lib$68(),sqrt=require_lib$70(),abs=require_lib$125(),toWords=require_lib$85(),setLowWord=require_lib$63(),uint32ToInt32=require_lib$62(),NINF=require_lib$127(),PINF=require_lib$131(),ABS_MASK=require_lib$94(),xIsZero=require_x_is_zero(),yIsHuge=require_y_is_huge(),yIsInfinite=require_y_is_infinite(),log2ax=require_log2ax(),logx=require_logx(),pow2=require_pow2(),HIGH_MAX_NEAR_UNITY=1072693247,HIGH_BIASED_EXP_31=1105199104,HIGH_BIASED_EXP_64=1139802112,HIGH_BIASED_EXP_10=1083179008,HIGH_BIASED_EXP_0=1072693248,HIGH_1075=1083231232,HIGH_NEG_1075=3230714880,HIGH_NUM_NONSIGN_BITS=31,HUGE=1e300,TINY=1e-300,OVT=8008566259537294e-32,WORDS=[0,0],LOG_WORKSPACE=[0,0];function pow(x,y){var ahx,ahy,ax,hx,lx,hy,ly,sx,sy,y1,hp,lp,t,z,j,i;if(isnan(x)||isnan(y))return NaN;if(toWords.assign(y,WORDS,1,0),hy=WORDS[0],ly=WORDS[1],ly===0){if(y===0)return 1;if(y===1)return x;if(y===-1)return 1/x;if(y===.5)return sqrt(x);if(y===-.5)return 1/sqrt(x);if(y===2)return x*x;if(y===3)return x*x*x;if(y===4)return x*=x,x*x;if(isInfinite(y))return yIsInfinite(x,y)}if(toWords.assign(x,WORDS,1,0),hx=WORDS[0],lx=WORDS[1],lx===0){if(hx===0)return xIsZero(x,y);if(x===1)return 1;if(x===-1&&isOdd(y))return-1;if(isInfinite(x))return x===NINF?pow(-0,-y):y<0?0:PINF}if(x<0&&isInteger(y)===!1)return(x-x)/(x-x);if(ax=abs(x),ahx=hx&ABS_MASK|0,ahy=hy&ABS_MASK|0,sx=hx>>>HIGH_NUM_NONSIGN_BITS|0,sy=hy>>>HIGH_NUM_NONSIGN_BITS|0,sx=sx&&isOdd(y)?-1:1,ahy>HIGH_BIASED_EXP_31){if(ahy>HIGH_BIASED_EXP_64)return yIsHuge(x,y);if(ahx<HIGH_MAX_NEAR_UNITY)return sy===1?sx*HUGE*HUGE:sx*TINY*TINY;if(ahx>HIGH_BIASED_EXP_0)return sy===0?sx*HUGE*HUGE:sx*TINY*TINY;t=logx(LOG_WORKSPACE,ax)}else t=log2ax(LOG_WORKSPACE,ax,ahx);if(y1=setLowWord(y,0),lp=(y-y1)*t[0]+y*t[1],hp=y1*t[0],z=lp+hp,toWords.assign(z,WORDS,1,0),j=uint32ToInt32(WORDS[0]),i=uint32ToInt32(WORDS[1]),j>=HIGH_BIASED_EXP_10){if((j-HIGH_BIASED_EXP_10|i)!==0||lp+OVT>z-hp)return sx*HUGE*HUGE}else if((j&ABS_MASK)>=HIGH_1075&&((j-HIGH_NEG_1075|i)!==0||lp<=z-hp))return sx*TINY*TINY;return z=pow2(j,hp,lp),sx*z}module.exports=pow})),require_lib$59=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$37()})),require_polyval_p=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.16666666666666602:.16666666666666602+x*(-.0027777777777015593+x*(6613756321437934e-20+x*(-16533902205465252e-22+x*4.1381367970572385e-8)))}module.exports=evalpoly})),require_expmulti=__commonJSMin(((exports,module)=>{
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
* The following copyrights, licenses, and long comment were part of the original implementation available as part of [Go]{@link https://github.com/golang/go/blob/cb07765045aed5104a3df31507564ac99e6ddce8/src/math/exp.go}, which in turn was based on an implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/e_exp.c}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright (c) 2009 The Go Authors. All rights reserved.
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are
* met:
*
*    * Redistributions of source code must retain the above copyright
* notice, this list of conditions and the following disclaimer.
*    * Redistributions in binary form must reproduce the above
* copyright notice, this list of conditions and the following disclaimer
* in the documentation and/or other materials provided with the
* distribution.
*    * Neither the name of Google Inc. nor the names of its
* contributors may be used to endorse or promote products derived from
* this software without specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS
* "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT
* LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR
* A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT
* OWNER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
* SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT
* LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE,
* DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY
* THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT
* (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
* ```
*
* ```text
* Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
*
* Developed at SunPro, a Sun Microsystems, Inc. business.
* Permission to use, copy, modify, and distribute this
* software is freely granted, provided that this notice
* is preserved.
* ```
*/
var ldexp=require_lib$80(),polyvalP=require_polyval_p();function expmulti(hi,lo,k){var r=hi-lo,t=r*r,c=r-t*polyvalP(t);return ldexp(1-(lo-r*c/(2-c)-hi),k)}module.exports=expmulti})),require_main$36=__commonJSMin(((exports,module)=>{
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
* The following copyrights, licenses, and long comment were part of the original implementation available as part of [Go]{@link https://github.com/golang/go/blob/cb07765045aed5104a3df31507564ac99e6ddce8/src/math/exp.go}, which in turn was based on an implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/e_exp.c}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright (c) 2009 The Go Authors. All rights reserved.
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are
* met:
*
*    * Redistributions of source code must retain the above copyright
* notice, this list of conditions and the following disclaimer.
*    * Redistributions in binary form must reproduce the above
* copyright notice, this list of conditions and the following disclaimer
* in the documentation and/or other materials provided with the
* distribution.
*    * Neither the name of Google Inc. nor the names of its
* contributors may be used to endorse or promote products derived from
* this software without specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS
* "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT
* LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR
* A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT
* OWNER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
* SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT
* LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE,
* DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY
* THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT
* (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
* ```
*
* ```text
* Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
*
* Developed at SunPro, a Sun Microsystems, Inc. business.
* Permission to use, copy, modify, and distribute this
* software is freely granted, provided that this notice
* is preserved.
* ```
*/
var isnan=require_lib$133(),trunc=require_lib$97(),NINF=require_lib$127(),PINF=require_lib$131(),expmulti=require_expmulti(),LN2_HI=.6931471803691238,LN2_LO=19082149292705877e-26,LOG2_E=1.4426950408889634,OVERFLOW=709.782712893384,UNDERFLOW=-745.1332191019411,NEARZERO=1/(1<<28),NEG_NEARZERO=-NEARZERO;function exp(x){var hi,lo,k;return isnan(x)||x===PINF?x:x===NINF?0:x>OVERFLOW?PINF:x<UNDERFLOW?0:x>NEG_NEARZERO&&x<NEARZERO?1+x:(k=trunc(x<0?LOG2_E*x-.5:LOG2_E*x+.5),hi=x-k*LN2_HI,lo=k*LN2_LO,expmulti(hi,lo,k))}module.exports=exp})),require_lib$58=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$36()})),require_polyval_s=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalpoly(x){return x===0?.08333333333334822:.08333333333334822+x*(.0034722222160545866+x*(-.0026813261780578124+x*(-.00022954996161337813+x*.0007873113957930937)))}module.exports=evalpoly})),require_stirling_approximation=__commonJSMin(((exports,module)=>{
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
* The original C code, copyright, license, and constants are from [Cephes]{@link http://www.netlib.org/cephes}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright 1984, 1987, 1989, 1992, 2000 by Stephen L. Moshier
*
* Some software in this archive may be from the book _Methods and Programs for Mathematical Functions_ (Prentice-Hall or Simon & Schuster International, 1989) or from the Cephes Mathematical Library, a commercial product. In either event, it is copyrighted by the author. What you see here may be used freely but it comes with no support or guarantee.
*
* Stephen L. Moshier
* moshier@na-net.ornl.gov
* ```
*/
var SQRT_TWO_PI=require_lib$66(),pow=require_lib$59(),exp=require_lib$58(),polyval=require_polyval_s(),MAX_STIRLING=143.01608;function gamma(x){var w=1/x,y,v;return w=1+w*polyval(w),y=exp(x),x>MAX_STIRLING?(v=pow(x,.5*x-.25),y=v/y*v):y=pow(x,x-.5)/y,SQRT_TWO_PI*y*w}module.exports=gamma})),require_lib$57=__commonJSMin(((exports,module)=>{
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
module.exports=.5772156649015329})),require_small_approximation=__commonJSMin(((exports,module)=>{
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
* The original C code, copyright, license, and constants are from [Cephes]{@link http://www.netlib.org/cephes}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright 1984, 1987, 1989, 1992, 2000 by Stephen L. Moshier
*
* Some software in this archive may be from the book _Methods and Programs for Mathematical Functions_ (Prentice-Hall or Simon & Schuster International, 1989) or from the Cephes Mathematical Library, a commercial product. In either event, it is copyrighted by the author. What you see here may be used freely but it comes with no support or guarantee.
*
* Stephen L. Moshier
* moshier@na-net.ornl.gov
* ```
*/
var EULER=require_lib$57();function gamma(x,z){return z/((1+EULER*x)*x)}module.exports=gamma})),require_rational_pq$3=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalrational(x){var ax,s1,s2;return x===0?1:(ax=x<0?-x:x,ax<=1?(s1=1+x*(.4942148268014971+x*(.20744822764843598+x*(.04763678004571372+x*(.010421379756176158+x*(.0011913514700658638+x*(.00016011952247675185+x*0)))))),s2=1+x*(.0714304917030273+x*(-.23459179571824335+x*(.035823639860549865+x*(.011813978522206043+x*(-.004456419138517973+x*(.0005396055804933034+x*-23158187332412014e-21))))))):(x=1/x,s1=0+x*(.00016011952247675185+x*(.0011913514700658638+x*(.010421379756176158+x*(.04763678004571372+x*(.20744822764843598+x*(.4942148268014971+x*1)))))),s2=-23158187332412014e-21+x*(.0005396055804933034+x*(-.004456419138517973+x*(.011813978522206043+x*(.035823639860549865+x*(-.23459179571824335+x*(.0714304917030273+x*1))))))),s1/s2)}module.exports=evalrational})),require_main$35=__commonJSMin(((exports,module)=>{
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
* The original C code, long comment, copyright, license, and constants are from [Cephes]{@link http://www.netlib.org/cephes}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright 1984, 1987, 1989, 1992, 2000 by Stephen L. Moshier
*
* Some software in this archive may be from the book _Methods and Programs for Mathematical Functions_ (Prentice-Hall or Simon & Schuster International, 1989) or from the Cephes Mathematical Library, a commercial product. In either event, it is copyrighted by the author. What you see here may be used freely but it comes with no support or guarantee.
*
* Stephen L. Moshier
* moshier@na-net.ornl.gov
* ```
*/
var isnan=require_lib$133(),isInteger=require_lib$68(),isNegativeZero=require_lib$67(),abs=require_lib$125(),floor=require_lib$99(),sin=require_lib$74(),PINF=require_lib$131(),NINF=require_lib$127(),PI=require_lib$73(),stirlingApprox=require_stirling_approximation(),smallApprox=require_small_approximation(),rateval=require_rational_pq$3();function gamma(x){var sign,q,p,z;if(isInteger(x)&&x<0||x===NINF||isnan(x))return NaN;if(x===0)return isNegativeZero(x)?NINF:PINF;if(x>171.61447887182297)return PINF;if(x<-170.5674972726612)return 0;if(q=abs(x),q>33)return x>=0?stirlingApprox(x):(p=floor(q),sign=p&1?1:-1,z=q-p,z>.5&&(p+=1,z=q-p),z=q*sin(PI*z),sign*PI/(abs(z)*stirlingApprox(q)));for(z=1;x>=3;)--x,z*=x;for(;x<0;){if(x>-1e-9)return smallApprox(x,z);z/=x,x+=1}for(;x<2;){if(x<1e-9)return smallApprox(x,z);z/=x,x+=1}return x===2?z:(x-=2,z*rateval(x))}module.exports=gamma})),require_lib$56=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$35()})),require_main$34=__commonJSMin(((exports,module)=>{
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
var isNegativeZero=require_lib$67(),isnan=require_lib$133(),NINF=require_lib$127();function min(x,y){return isnan(x)||isnan(y)?NaN:x===NINF||y===NINF?NINF:x===y&&x===0?isNegativeZero(x)?x:y:x<y?x:y}module.exports=min})),require_lib$55=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$34()})),require_lib$54=__commonJSMin(((exports,module)=>{
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
module.exports=34028234663852886e22})),require_lib$53=__commonJSMin(((exports,module)=>{
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
module.exports=6.283185307179586})),require_lib$52=__commonJSMin(((exports,module)=>{
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
module.exports=709.782712893384})),require_lib$51=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2025 The Stdlib Authors.
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
module.exports=170})),require_lib$50=__commonJSMin(((exports,module)=>{
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
module.exports=1.4901161193847656e-8})),require_lib$49=__commonJSMin(((exports,module)=>{
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
module.exports=17976931348623157e292})),require_lib$48=__commonJSMin(((exports,module)=>{
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
module.exports=eval})),require_main$33=__commonJSMin(((exports,module)=>{
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
var evil=require_lib$48();function hasGeneratorSupport(){var bool;try{evil(`"use strict"; (function* () {})`),bool=!0}catch{bool=!1}return bool}module.exports=hasGeneratorSupport})),require_lib$47=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$33()})),require_lib$46=__commonJSMin(((exports,module)=>{
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
module.exports=2220446049250313e-31})),require_generators$1=__commonJSMin(((exports,module)=>{
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
var abs=require_lib$125(),EPS=require_lib$46(),MAX_TERMS=1e6;function sumSeries(generator,options){var isgenerator,tolerance,nextTerm,counter,result,opts={};if(arguments.length>1&&(opts=options),tolerance=opts.tolerance||EPS,counter=opts.maxTerms||MAX_TERMS,result=opts.initialValue||0,isgenerator=typeof generator.next==`function`,isgenerator===!0){for(nextTerm of generator)if(result+=nextTerm,abs(tolerance*result)>=abs(nextTerm)||--counter===0)break}else do nextTerm=generator(),result+=nextTerm;while(abs(tolerance*result)<abs(nextTerm)&&--counter);return result}module.exports=sumSeries})),require_basic$1=__commonJSMin(((exports,module)=>{
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
var abs=require_lib$125(),EPS=require_lib$46(),MAX_TERMS=1e6;function sumSeries(generator,options){var tolerance,nextTerm,counter,result,opts={};arguments.length>1&&(opts=options),tolerance=opts.tolerance||EPS,counter=opts.maxTerms||MAX_TERMS,result=opts.initialValue||0;do nextTerm=generator(),result+=nextTerm;while(abs(tolerance*result)<abs(nextTerm)&&--counter);return result}module.exports=sumSeries})),require_lib$45=__commonJSMin(((exports,module)=>{
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
var hasGeneratorSupport=require_lib$47(),generator=require_generators$1(),basic=require_basic$1();module.exports=hasGeneratorSupport()?generator:basic})),require_tgamma_i_large_x_series=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2025 The Stdlib Authors.
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
function tgammaILargeXSeries(a1,x1){var result=1,a=a1,x=x1;return next;function next(){var r=result;return result*=a/x,--a,r}}module.exports=tgammaILargeXSeries})),require_tgamma_i_large_x=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2025 The Stdlib Authors.
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var sumSeries=require_lib$45(),tgammaILargeXSeries=require_tgamma_i_large_x_series();function tgammaILargeX(a,x){return sumSeries(tgammaILargeXSeries(a,x))}module.exports=tgammaILargeX})),require_finite_gamma_q=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var exp=require_lib$58();function finiteGammaQ(a,x){var term,sum,e=exp(-x),n;if(sum=e,sum!==0)for(term=sum,n=1;n<a;++n)term/=n,term*=x,sum+=term;return sum}module.exports=finiteGammaQ})),require_polyval_pp=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-.3250421072470015:-.3250421072470015+x*(-.02848174957559851+x*(-.005770270296489442+x*-23763016656650163e-21))}module.exports=evalpoly})),require_polyval_qq=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.39791722395915535:.39791722395915535+x*(.0650222499887673+x*(.005081306281875766+x*(.00013249473800432164+x*-3960228278775368e-21)))}module.exports=evalpoly})),require_polyval_pa=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.41485611868374833:.41485611868374833+x*(-.3722078760357013+x*(.31834661990116175+x*(-.11089469428239668+x*(.035478304325618236+x*-.002166375594868791))))}module.exports=evalpoly})),require_polyval_qa=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.10642088040084423:.10642088040084423+x*(.540397917702171+x*(.07182865441419627+x*(.12617121980876164+x*(.01363708391202905+x*.011984499846799107))))}module.exports=evalpoly})),require_polyval_ra=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-.6938585727071818:-.6938585727071818+x*(-10.558626225323291+x*(-62.375332450326006+x*(-162.39666946257347+x*(-184.60509290671104+x*(-81.2874355063066+x*-9.814329344169145)))))}module.exports=evalpoly})),require_polyval_sa=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?19.651271667439257:19.651271667439257+x*(137.65775414351904+x*(434.56587747522923+x*(645.3872717332679+x*(429.00814002756783+x*(108.63500554177944+x*(6.570249770319282+x*-.0604244152148581))))))}module.exports=evalpoly})),require_polyval_rb=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-.799283237680523:-.799283237680523+x*(-17.757954917754752+x*(-160.63638485582192+x*(-637.5664433683896+x*(-1025.0951316110772+x*-483.5191916086514))))}module.exports=evalpoly})),require_polyval_sb=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?30.33806074348246:30.33806074348246+x*(325.7925129965739+x*(1536.729586084437+x*(3199.8582195085955+x*(2553.0504064331644+x*(474.52854120695537+x*-22.44095244658582)))))}module.exports=evalpoly})),require_main$32=__commonJSMin(((exports,module)=>{
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
* The following copyright, license, and long comment were part of the original implementation available as part of [FreeBSD]{@link https://svnweb.freebsd.org/base/release/9.3.0/lib/msun/src/s_erf.c}. The implementation follows the original, but has been modified for JavaScript.
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
var isnan=require_lib$133(),exp=require_lib$58(),setLowWord=require_lib$63(),PINF=require_lib$131(),NINF=require_lib$127(),polyvalPP=require_polyval_pp(),polyvalQQ=require_polyval_qq(),polyvalPA=require_polyval_pa(),polyvalQA=require_polyval_qa(),polyvalRA=require_polyval_ra(),polyvalSA=require_polyval_sa(),polyvalRB=require_polyval_rb(),polyvalSB=require_polyval_sb(),TINY=1e-300,SMALL=13877787807814457e-33,ERX=.8450629115104675,PPC=.12837916709551256,QQC=1,PAC=-.0023621185607526594,QAC=1,RAC=-.009864944034847148,SAC=1,RBC=-.0098649429247001,SBC=1;function erfc(x){var sign,ax,z,r,s,y,p,q;if(isnan(x))return NaN;if(x===PINF)return 0;if(x===NINF)return 2;if(x===0)return 1;if(x<0?(sign=!0,ax=-x):(sign=!1,ax=x),ax<.84375)return ax<SMALL?1-x:(z=x*x,r=PPC+z*polyvalPP(z),s=QQC+z*polyvalQQ(z),y=r/s,x<.25?1-(x+x*y):(r=x*y,r+=x-.5,.5-r));if(ax<1.25)return s=ax-1,p=PAC+s*polyvalPA(s),q=QAC+s*polyvalQA(s),sign?1+ERX+p/q:1-ERX-p/q;if(ax<28){if(s=1/(ax*ax),ax<2.857142857142857)r=RAC+s*polyvalRA(s),s=SAC+s*polyvalSA(s);else{if(x<-6)return 2-TINY;r=RBC+s*polyvalRB(s),s=SBC+s*polyvalSB(s)}return z=setLowWord(ax,0),r=exp(-(z*z)-.5625)*exp((z-ax)*(z+ax)+r/s),sign?2-r/ax:r/ax}return sign?2-TINY:TINY*TINY}module.exports=erfc})),require_lib$44=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$32()})),require_finite_half_gamma_q=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var erfc=require_lib$44(),sqrt=require_lib$70(),exp=require_lib$58(),PI=require_lib$73();function finiteHalfGammaQ(a,x){var half,term,sum,e=erfc(sqrt(x)),n;if(e!==0&&a>1){for(term=exp(-x)/sqrt(PI*x),term*=x,half=.5,term/=half,sum=term,n=2;n<a;++n)term/=n-half,term*=x,sum+=term;e+=sum}return e}module.exports=finiteHalfGammaQ})),require_lib$43=__commonJSMin(((exports,module)=>{
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
module.exports=-708.3964185322641})),require_full_igamma_prefix$1=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var exp=require_lib$58(),pow=require_lib$59(),ln=require_lib$100(),MAX_LN=require_lib$52(),MIN_LN=require_lib$43();function fullIGammaPrefix(a,z){var prefix,alz=a*ln(z);return prefix=z>=1?alz<MAX_LN&&-z>MIN_LN?pow(z,a)*exp(-z):a>=1?pow(z/exp(z/a),a):exp(alz-z):alz>MIN_LN?pow(z,a)*exp(-z):z/a<MAX_LN?pow(z/exp(z/a),a):exp(alz-z),prefix}module.exports=fullIGammaPrefix})),require_log1p_series=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2023 The Stdlib Authors.
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_83_0/boost/math/special_functions/log1p.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2005-2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
*/
function log1pSeries(x){var mMult=-x,mProd=-1,k=0;return next;function next(){return mProd*=mMult,k+=1,mProd/k}}module.exports=log1pSeries})),require_main$31=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2023 The Stdlib Authors.
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_83_0/boost/math/special_functions/log1p.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2005-2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var abs=require_lib$125(),ln=require_lib$100(),FLOAT_EPS=require_lib$46(),sumSeries=require_lib$45(),log1pSeries=require_log1p_series();function log1pmx(x){var opts,ax;return x<=-1?NaN:(ax=abs(x),ax>.95?ln(1+x)-x:ax<FLOAT_EPS?-x*x/2:(opts={initialValue:-x},sumSeries(log1pSeries(x),opts)))}module.exports=log1pmx})),require_lib$42=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2023 The Stdlib Authors.
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
module.exports=require_main$31()})),require_polyval_c0=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-.3333333333333333:-.3333333333333333+x*(.08333333333333333+x*(-.014814814814814815+x*(.0011574074074074073+x*(.0003527336860670194+x*(-.0001787551440329218+x*(3919263178522438e-20+x*(-21854485106799924e-22+x*(-185406221071516e-20+x*(8.296711340953087e-7+x*(-1.7665952736826078e-7+x*(6.707853543401498e-9+x*(1.0261809784240309e-8+x*(-4.382036018453353e-9+x*914769958223679e-24)))))))))))))}module.exports=evalpoly})),require_polyval_c1=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-.001851851851851852:-.001851851851851852+x*(-.003472222222222222+x*(.0026455026455026454+x*(-.0009902263374485596+x*(.00020576131687242798+x*(-4.018775720164609e-7+x*(-18098550334489977e-21+x*(764916091608111e-20+x*(-16120900894563446e-22+x*(4.647127802807434e-9+x*(1.378633446915721e-7+x*(-5.752545603517705e-8+x*1.1951628599778148e-8)))))))))))}module.exports=evalpoly})),require_polyval_c2=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.004133597883597883:.004133597883597883+x*(-.0026813271604938273+x*(.0007716049382716049+x*(20093878600823047e-22+x*(-.00010736653226365161+x*(52923448829120125e-21+x*(-12760635188618728e-21+x*(3.423578734096138e-8+x*(13721957309062932e-22+x*(-6.298992138380055e-7+x*1.4280614206064242e-7)))))))))}module.exports=evalpoly})),require_polyval_c3=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.0006494341563786008:.0006494341563786008+x*(.00022947209362139917+x*(-.0004691894943952557+x*(.00026772063206283885+x*(-7561801671883977e-20+x*(-2.396505113867297e-7+x*(11082654115347302e-21+x*(-56749528269915965e-22+x*14230900732435883e-22)))))))}module.exports=evalpoly})),require_polyval_c4=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-.0008618882909167117:-.0008618882909167117+x*(.0007840392217200666+x*(-.0002990724803031902+x*(-14638452578843418e-22+x*(6641498215465122e-20+x*(-3968365047179435e-20+x*11375726970678419e-21)))))}module.exports=evalpoly})),require_polyval_c5=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-.00033679855336635813:-.00033679855336635813+x*(-6972813758365858e-20+x*(.0002772753244959392+x*(-.00019932570516188847+x*(6797780477937208e-20+x*(1.419062920643967e-7+x*(-13594048189768693e-21+x*(8018470256334202e-21+x*-2291481176508095e-21)))))))}module.exports=evalpoly})),require_polyval_c6=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.0005313079364639922:.0005313079364639922+x*(-.0005921664373536939+x*(.0002708782096718045+x*(7.902353232660328e-7+x*(-8153969367561969e-20+x*(561168275310625e-19+x*-18329116582843375e-21)))))}module.exports=evalpoly})),require_polyval_c7=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.00034436760689237765:.00034436760689237765+x*(5171790908260592e-20+x*(-.00033493161081142234+x*(.0002812695154763237+x*-.00010976582244684731)))}module.exports=evalpoly})),require_polyval_c8=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-.0006526239185953094:-.0006526239185953094+x*(.0008394987206720873+x*-.000438297098541721)}module.exports=evalpoly})),require_igamma_temme_large=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var evalpoly=require_lib$129(),log1pmx=require_lib$42(),erfc=require_lib$44(),sqrt=require_lib$70(),exp=require_lib$58(),TWO_PI=require_lib$53(),polyvalC0=require_polyval_c0(),polyvalC1=require_polyval_c1(),polyvalC2=require_polyval_c2(),polyvalC3=require_polyval_c3(),polyvalC4=require_polyval_c4(),polyvalC5=require_polyval_c5(),polyvalC6=require_polyval_c6(),polyvalC7=require_polyval_c7(),polyvalC8=require_polyval_c8(),workspace=[0,0,0,0,0,0,0,0,0,0];function igammaTemmeLarge(a,x){var result,phi=-log1pmx((x-a)/a),y=a*phi,z=sqrt(2*phi);return x<a&&(z=-z),workspace[0]=polyvalC0(z),workspace[1]=polyvalC1(z),workspace[2]=polyvalC2(z),workspace[3]=polyvalC3(z),workspace[4]=polyvalC4(z),workspace[5]=polyvalC5(z),workspace[6]=polyvalC6(z),workspace[7]=polyvalC7(z),workspace[8]=polyvalC8(z),workspace[9]=-.0005967612901927463,result=evalpoly(workspace,1/a),result*=exp(-y)/sqrt(TWO_PI*a),x<a&&(result=-result),result+=erfc(sqrt(y))/2,result}module.exports=igammaTemmeLarge})),require_lower_incomplete_gamma_series=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
function lowerIncompleteGammaSeries(a1,z1){var result=1,a=a1,z=z1;return next;function next(){var r=result;return a+=1,result*=z/a,r}}module.exports=lowerIncompleteGammaSeries})),require_lower_gamma_series=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var sumSeries=require_lib$45(),lowerIncompleteGammaSeries=require_lower_incomplete_gamma_series();function lowerGammaSeries(a,z,initialValue){var result,s;return initialValue||=0,s=lowerIncompleteGammaSeries(a,z),result=sumSeries(s,{initialValue}),result}module.exports=lowerGammaSeries})),require_rational_pq$2=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?1/0:(ax=x<0?-x:x,ax<=1?(s1=709811.662581658+x*(679979.8474157227+x*(293136.7857211597+x*(74887.54032914672+x*(12555.290582413863+x*(1443.4299244417066+x*(115.24194596137347+x*(6.309239205732627+x*(.22668404630224365+x*(.004826466289237662+x*4624429436045379e-20))))))))),s2=0+x*(362880+x*(1026576+x*(1172700+x*(723680+x*(269325+x*(63273+x*(9450+x*(870+x*(45+x*1)))))))))):(x=1/x,s1=4624429436045379e-20+x*(.004826466289237662+x*(.22668404630224365+x*(6.309239205732627+x*(115.24194596137347+x*(1443.4299244417066+x*(12555.290582413863+x*(74887.54032914672+x*(293136.7857211597+x*(679979.8474157227+x*709811.662581658))))))))),s2=1+x*(45+x*(870+x*(9450+x*(63273+x*(269325+x*(723680+x*(1172700+x*(1026576+x*(362880+x*0)))))))))),s1/s2)}module.exports=evalrational})),require_main$30=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_64_0/boost/math/special_functions/lanczos.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
module.exports=require_rational_pq$2()})),require_lib$41=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$30()})),require_main$29=__commonJSMin(((exports,module)=>{
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
var PINF=require_lib$131();function isPositiveZero(x){return x===0&&1/x===PINF}module.exports=isPositiveZero})),require_lib$40=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$29()})),require_main$28=__commonJSMin(((exports,module)=>{
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
var isPositiveZero=require_lib$40(),isnan=require_lib$133(),PINF=require_lib$131();function max(x,y){return isnan(x)||isnan(y)?NaN:x===PINF||y===PINF?PINF:x===y&&x===0?isPositiveZero(x)?x:y:x>y?x:y}module.exports=max})),require_lib$39=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$28()})),require_lib$38=__commonJSMin(((exports,module)=>{
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
module.exports=10.900511})),require_lib$37=__commonJSMin(((exports,module)=>{
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
module.exports=2.718281828459045})),require_regularised_gamma_prefix=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_64_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006-7, 2013-14.
* Copyright Paul A. Bristow 2007, 2013-14.
* Copyright Nikhar Agrawal 2013-14.
* Copyright Christopher Kormanyos 2013-14.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var lanczosSumExpGScaled=require_lib$41(),gammaln=require_lib$71(),gamma=require_lib$56(),log1pmx=require_lib$42(),sqrt=require_lib$70(),abs=require_lib$125(),exp=require_lib$58(),pow=require_lib$59(),max=require_lib$39(),min=require_lib$55(),ln=require_lib$100(),FLOAT64_MAX=require_lib$49(),MAX_LN=require_lib$52(),MIN_LN=require_lib$43(),G=require_lib$38(),E=require_lib$37();function regularisedGammaPrefix(a,z){var prefix,amza,agh=a+G-.5,alz,amz,sq,d=(z-a-G+.5)/agh;return a<1?z<=MIN_LN||a<1/FLOAT64_MAX?exp(a*ln(z)-z-gammaln(a)):pow(z,a)*exp(-z)/gamma(a):(abs(d*d*a)<=100&&a>150?(prefix=a*log1pmx(d)+z*(.5-G)/agh,prefix=exp(prefix)):(alz=a*ln(z/agh),amz=a-z,min(alz,amz)<=MIN_LN||max(alz,amz)>=MAX_LN?(amza=amz/a,min(alz,amz)/2>MIN_LN&&max(alz,amz)/2<MAX_LN?(sq=pow(z/agh,a/2)*exp(amz/2),prefix=sq*sq):min(alz,amz)/4>MIN_LN&&max(alz,amz)/4<MAX_LN&&z>a?(sq=pow(z/agh,a/4)*exp(amz/4),prefix=sq*sq,prefix*=prefix):prefix=amza>MIN_LN&&amza<MAX_LN?pow(z*exp(amza)/agh,a):exp(alz+amz)):prefix=pow(z/agh,a)*exp(amz)),prefix*=sqrt(agh/E)/lanczosSumExpGScaled(a),prefix)}module.exports=regularisedGammaPrefix})),require_lib$36=__commonJSMin(((exports,module)=>{
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
module.exports=.34657359027997264})),require_polyval_q=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-.03333333333333313:-.03333333333333313+x*(.0015873015872548146+x*(-793650757867488e-19+x*(4008217827329362e-21+x*-2.0109921818362437e-7)))}module.exports=evalpoly})),require_main$27=__commonJSMin(((exports,module)=>{
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
* The following copyright, license, and long comment were part of the original implementation available as part of [FDLIBM]{@link http://www.netlib.org/fdlibm/s_expm1.c} and [FreeBSD]{@link https://svnweb.freebsd.org/base/release/12.2.0/lib/msun/src/s_expm1.c}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
*
* Developed at SunPro, a Sun Microsystems, Inc. business.
* Permission to use, copy, modify, and distribute this
* software is freely granted, provided that this notice
* is preserved.
* ```
*/
var isnan=require_lib$133(),getHighWord=require_lib$103(),setHighWord=require_lib$102(),fromWords=require_lib$90(),PINF=require_lib$131(),NINF=require_lib$127(),FLOAT64_EXPONENT_BIAS=require_lib$101(),HALF_LN2=require_lib$36(),polyval=require_polyval_q(),OVERFLOW_THRESHOLD=709.782712893384,LN2_HI=.6931471803691238,LN2_LO=19082149292705877e-26,LN2_INV=1.4426950408889634,LN2x56=38.816242111356935,LN2_HALFX3=1.0397207708399179;function expm1(x){var halfX,twopk,sign,hi,lo,hx,r1,y,z,c,t,e,k;if(x===PINF||isnan(x))return x;if(x===NINF)return-1;if(x===0)return x;if(x<0?(sign=!0,y=-x):(sign=!1,y=x),y>=LN2x56){if(sign)return-1;if(y>=OVERFLOW_THRESHOLD)return PINF}if(hx=getHighWord(y)|0,y>HALF_LN2)y<LN2_HALFX3?sign?(hi=x+LN2_HI,lo=-LN2_LO,k=-1):(hi=x-LN2_HI,lo=LN2_LO,k=1):(k=sign?LN2_INV*x-.5:LN2_INV*x+.5,k|=0,t=k,hi=x-t*LN2_HI,lo=t*LN2_LO),x=hi-lo,c=hi-x-lo;else if(hx<1016070144)return x;else k=0;return halfX=.5*x,z=x*halfX,r1=1+z*polyval(z),t=3-r1*halfX,e=z*((r1-t)/(6-x*t)),k===0?x-(x*e-z):(twopk=fromWords(FLOAT64_EXPONENT_BIAS+k<<20,0),e=x*(e-c)-c,e-=z,k===-1?.5*(x-e)-.5:k===1?x<-.25?-2*(e-(x+.5)):1+2*(x-e):k<=-2||k>56?(y=1-(e-x),k===1024?(hi=getHighWord(y)+(k<<20)|0,y=setHighWord(y,hi)):y*=twopk,y-1):(t=1,k<20?(hi=1072693248-(2097152>>k)|0,t=setHighWord(t,hi),y=t-(e-x)):(hi=FLOAT64_EXPONENT_BIAS-k<<20,t=setHighWord(t,hi),y=x-(e+t),y+=1),y*=twopk,y))}module.exports=expm1})),require_lib$35=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$27()})),require_main$26=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_85_0/boost/math/special_functions/powm1.hpp}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var isnan=require_lib$133(),isinfinite=require_lib$126(),abs=require_lib$125(),expm1=require_lib$35(),ln=require_lib$100(),pow=require_lib$59(),trunc=require_lib$97();function powm1(b,x){var result,y;if(isnan(b)||isnan(x))return NaN;if(x===0)return 0;if(b===0)return-1;if(b<0&&x%2==0&&(b=-b),b>0){if((abs(x*(b-1))<.5||abs(x)<.2)&&(y=ln(b)*x,y<.5))return expm1(y)}else if(trunc(x)!==x)return NaN;return result=pow(b,x)-1,isinfinite(result)||isnan(result)?NaN:result}module.exports=powm1})),require_lib$34=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$26()})),require_polyval_lp=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.6666666666666735:.6666666666666735+x*(.3999999999940942+x*(.2857142874366239+x*(.22222198432149784+x*(.1818357216161805+x*(.15313837699209373+x*.14798198605116586)))))}module.exports=evalpoly})),require_main$25=__commonJSMin(((exports,module)=>{
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
* The following copyright, license, and long comment were part of the original implementation available as part of [FDLIBM]{@link http://www.netlib.org/fdlibm/s_log1p.c}. The implementation follows the original, but has been modified for JavaScript.
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
var isnan=require_lib$133(),getHighWord=require_lib$103(),setHighWord=require_lib$102(),PINF=require_lib$131(),NINF=require_lib$127(),FLOAT64_EXPONENT_BIAS=require_lib$101(),polyval=require_polyval_lp(),LN2_HI=.6931471803691238,LN2_LO=19082149292705877e-26,SQRT2M1=.41421356237309503,SQRT2HALFM1=-.2928932188134525,SMALL=1.862645149230957e-9,TINY=5551115123125783e-32,TWO53=9007199254740992,TWO_THIRDS=.6666666666666666;function log1p(x){var hfsq,hu,y,f,c,s,z,R,u,k;if(x<-1||isnan(x))return NaN;if(x===-1)return NINF;if(x===PINF||x===0)return x;if(y=x<0?-x:x,k=1,y<SQRT2M1){if(y<SMALL)return y<TINY?x:x-x*x*.5;x>SQRT2HALFM1&&(k=0,f=x,hu=1)}return k!==0&&(y<TWO53?(u=1+x,hu=getHighWord(u),k=(hu>>20)-FLOAT64_EXPONENT_BIAS,c=k>0?1-(u-x):x-(u-1),c/=u):(u=x,hu=getHighWord(u),k=(hu>>20)-FLOAT64_EXPONENT_BIAS,c=0),hu&=1048575,hu<434334?u=setHighWord(u,hu|1072693248):(k+=1,u=setHighWord(u,hu|1071644672),hu=1048576-hu>>2),f=u-1),hfsq=.5*f*f,hu===0?f===0?(c+=k*LN2_LO,k*LN2_HI+c):(R=hfsq*(1-TWO_THIRDS*f),k*LN2_HI-(R-(k*LN2_LO+c)-f)):(s=f/(2+f),z=s*s,R=z*polyval(z),k===0?f-(hfsq-s*(hfsq+R)):k*LN2_HI-(hfsq-(s*(hfsq+R)+(k*LN2_LO+c))-f))}module.exports=log1p})),require_lib$33=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$25()})),require_rational_p1q1$1=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalrational(x){var ax,s1,s2;return x===0?-.01803556856784494:(ax=x<0?-x:x,ax<=1?(s1=-.01803556856784494+x*(.02512664961998968+x*(.049410315156753225+x*(.0172491608709614+x*(-.0002594535632054381+x*(-.0005410098692152044+x*(-3245886498259485e-20+x*0)))))),s2=1+x*(1.962029871977952+x*(1.4801966942423133+x*(.5413914320717209+x*(.09885042511280101+x*(.008213096746488934+x*(.00022493629192211576+x*-2.2335276320861708e-7))))))):(x=1/x,s1=0+x*(-3245886498259485e-20+x*(-.0005410098692152044+x*(-.0002594535632054381+x*(.0172491608709614+x*(.049410315156753225+x*(.02512664961998968+x*-.01803556856784494)))))),s2=-2.2335276320861708e-7+x*(.00022493629192211576+x*(.008213096746488934+x*(.09885042511280101+x*(.5413914320717209+x*(1.4801966942423133+x*(1.962029871977952+x*1))))))),s1/s2)}module.exports=evalrational})),require_rational_p2q2$1=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalrational(x){var ax,s1,s2;return x===0?.04906224540690395:(ax=x<0?-x:x,ax<=1?(s1=.04906224540690395+x*(-.09691175301595212+x*(-.4149833583594954+x*(-.4065671242119384+x*(-.1584135863906922+x*(-.024014982064857155+x*-.0010034668769627955))))),s2=1+x*(3.0234982984646304+x*(3.4873958536072385+x*(1.9141558827442668+x*(.5071377386143635+x*(.05770397226904519+x*.001957681026011072)))))):(x=1/x,s1=-.0010034668769627955+x*(-.024014982064857155+x*(-.1584135863906922+x*(-.4065671242119384+x*(-.4149833583594954+x*(-.09691175301595212+x*.04906224540690395))))),s2=.001957681026011072+x*(.05770397226904519+x*(.5071377386143635+x*(1.9141558827442668+x*(3.4873958536072385+x*(3.0234982984646304+x*1)))))),s1/s2)}module.exports=evalrational})),require_rational_p3q3$1=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalrational(x){var ax,s1,s2;return x===0?-.029232972183027003:(ax=x<0?-x:x,ax<=1?(s1=-.029232972183027003+x*(.14421626775719232+x*(-.14244039073863127+x*(.05428096940550536+x*(-.008505359768683364+x*(.0004311713426792973+x*0))))),s2=1+x*(-1.5016935605448505+x*(.846973248876495+x*(-.22009515181499575+x*(.02558279715597587+x*(-.0010066679553914337+x*-8.271935218912905e-7)))))):(x=1/x,s1=0+x*(.0004311713426792973+x*(-.008505359768683364+x*(.05428096940550536+x*(-.14244039073863127+x*(.14421626775719232+x*-.029232972183027003))))),s2=-8.271935218912905e-7+x*(-.0010066679553914337+x*(.02558279715597587+x*(-.22009515181499575+x*(.846973248876495+x*(-1.5016935605448505+x*1)))))),s1/s2)}module.exports=evalrational})),require_lgamma_small_imp=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_85_0/boost/math/special_functions/detail/lgamma_small.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006-7, 2013-14.
* (C) Copyright Paul A. Bristow 2007, 2013-14.
* (C) Copyright Nikhar Agrawal 2013-14.
* (C) Copyright Christopher Kormanyos 2013-14.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var ln=require_lib$100(),EPS=require_lib$46(),rateval1=require_rational_p1q1$1(),rateval2=require_rational_p2q2$1(),rateval3=require_rational_p3q3$1(),Y1=.15896368026733398,Y2=.5281534194946289,Y3=.45201730728149414;function lgammaSmallImp(z,zm1,zm2){var prefix,result,r,R;if(z<EPS)return-ln(z);if(zm1===0||zm2===0)return 0;if(result=0,z>2){if(z>=3){do--z,--zm2,result+=ln(z);while(z>=3);zm2=z-2}return r=zm2*(z+1),R=rateval1(zm2),result+=r*Y1+r*R,result}return z<1&&(result+=-ln(z),zm2=zm1,zm1=z,z+=1),z<=1.5?(r=rateval2(zm1),prefix=zm1*zm2,result+=prefix*Y2+prefix*r,result):(r=zm2*zm1,R=rateval3(-zm2),result+=r*Y3+r*R,result)}module.exports=lgammaSmallImp})),require_main$24=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_85_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006-7, 2013-14.
* (C) Copyright Paul A. Bristow 2007, 2013-14.
* (C) Copyright Nikhar Agrawal 2013-14.
* (C) Copyright Christopher Kormanyos 2013-14.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var gamma=require_lib$56(),expm1=require_lib$35(),log1p=require_lib$33(),isnan=require_lib$133(),lgammaSmallImp=require_lgamma_small_imp();function gamma1pm1(x){return isnan(x)?NaN:x<0?x<-.5?gamma(1+x)-1:expm1(-log1p(x)+lgammaSmallImp(x+2,x+1,x)):x<2?expm1(lgammaSmallImp(x+1,x,x-1)):gamma(1+x)-1}module.exports=gamma1pm1})),require_lib$32=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$24()})),require_small_gamma2_series=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
function smallGamma2Series(a,x){var result=-x,apn,n,r;return x=-x,apn=a+1,n=1,next;function next(){return r=result/apn,result*=x,n+=1,result/=n,apn+=1,r}}module.exports=smallGamma2Series})),require_tgamma_small_upper_part=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var powm1=require_lib$34(),sumSeries=require_lib$45(),gamma1pm1=require_lib$32(),smallGamma2Series=require_small_gamma2_series();function tgammaSmallUpperPart(a,x,invert){var initialValue,result=gamma1pm1(a),pgam=(result+1)/a,p=powm1(x,a),s;return result-=p,result/=a,s=smallGamma2Series(a,x),p+=1,initialValue=invert?pgam:0,result=-p*sumSeries(s,{initialValue:(initialValue-result)/p}),invert&&(result=-result),[result,pgam]}module.exports=tgammaSmallUpperPart})),require_generators=__commonJSMin(((exports,module)=>{
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
var abs=require_lib$125(),FLOAT32_SMALLEST_NORMAL=require_lib$132(),EPS=require_lib$46(),MAX_ITER=1e6;function continuedFractionA(gen,factor,maxIter){var isgenerator=typeof gen.next==`function`,delta,a0,f,C,D,v=isgenerator?gen.next().value:gen();if(f=v[1],a0=v[0],f===0&&(f=FLOAT32_SMALLEST_NORMAL),C=f,D=0,isgenerator===!0)do v=gen.next().value,v&&(D=v[1]+v[0]*D,D===0&&(D=FLOAT32_SMALLEST_NORMAL),C=v[1]+v[0]/C,C===0&&(C=FLOAT32_SMALLEST_NORMAL),D=1/D,delta=C*D,f*=delta);while(abs(delta-1)>factor&&--maxIter);else do v=gen(),v&&(D=v[1]+v[0]*D,D===0&&(D=FLOAT32_SMALLEST_NORMAL),C=v[1]+v[0]/C,C===0&&(C=FLOAT32_SMALLEST_NORMAL),D=1/D,delta=C*D,f*=delta);while(v&&abs(delta-1)>factor&&--maxIter);return a0/f}function continuedFractionB(gen,factor,maxIter){var isgenerator=typeof gen.next==`function`,delta,f,C,D,v=isgenerator?gen.next().value:gen();if(f=v[1],f===0&&(f=FLOAT32_SMALLEST_NORMAL),C=f,D=0,isgenerator===!0)do v=gen.next().value,v&&(D=v[1]+v[0]*D,D===0&&(D=FLOAT32_SMALLEST_NORMAL),C=v[1]+v[0]/C,C===0&&(C=FLOAT32_SMALLEST_NORMAL),D=1/D,delta=C*D,f*=delta);while(v&&abs(delta-1)>factor&&--maxIter);else do v=gen(),v&&(D=v[1]+v[0]*D,D===0&&(D=FLOAT32_SMALLEST_NORMAL),C=v[1]+v[0]/C,C===0&&(C=FLOAT32_SMALLEST_NORMAL),D=1/D,delta=C*D,f*=delta);while(v&&abs(delta-1)>factor&&--maxIter);return f}function continuedFraction(generator,options){var maxIter,opts={},eps;return arguments.length>1&&(opts=options),maxIter=opts.maxIter||MAX_ITER,eps=opts.tolerance||EPS,opts.keep?continuedFractionB(generator,eps,maxIter):continuedFractionA(generator,eps,maxIter)}module.exports=continuedFraction})),require_basic=__commonJSMin(((exports,module)=>{
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
var abs=require_lib$125(),EPS=require_lib$46(),FLOAT32_SMALLEST_NORMAL=require_lib$132(),MAX_ITER=1e6;function continuedFractionA(gen,factor,maxIter){var delta,a0,C,D,f,v=gen();f=v[1],a0=v[0],f===0&&(f=FLOAT32_SMALLEST_NORMAL),C=f,D=0;do v=gen(),v&&(D=v[1]+v[0]*D,D===0&&(D=FLOAT32_SMALLEST_NORMAL),C=v[1]+v[0]/C,C===0&&(C=FLOAT32_SMALLEST_NORMAL),D=1/D,delta=C*D,f*=delta);while(v&&abs(delta-1)>factor&&--maxIter);return a0/f}function continuedFractionB(gen,factor,maxIter){var delta,C,D,f,v=gen();f=v[1],f===0&&(f=FLOAT32_SMALLEST_NORMAL),C=f,D=0;do v=gen(),v&&(D=v[1]+v[0]*D,D===0&&(D=FLOAT32_SMALLEST_NORMAL),C=v[1]+v[0]/C,C===0&&(C=FLOAT32_SMALLEST_NORMAL),D=1/D,delta=C*D,f*=delta);while(v&&abs(delta-1)>factor&&--maxIter);return f}function continuedFraction(generator,options){var maxIter,opts={},eps;return arguments.length>1&&(opts=options),eps=opts.tolerance||EPS,maxIter=opts.maxIter||MAX_ITER,opts.keep?continuedFractionB(generator,eps,maxIter):continuedFractionA(generator,eps,maxIter)}module.exports=continuedFraction})),require_lib$31=__commonJSMin(((exports,module)=>{
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
var hasGeneratorSupport=require_lib$47(),generator=require_generators(),basic=require_basic();module.exports=hasGeneratorSupport()?generator:basic})),require_upper_incomplete_gamma_fract=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
function upperIncompleteGammaFract(a1,z1){var z=z1-a1+1,a=a1,k=0;return next;function next(){return k+=1,z+=2,[k*(a-k),z]}}module.exports=upperIncompleteGammaFract})),require_upper_gamma_fraction=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var continuedFraction=require_lib$31(),upperIncompleteGammaFract=require_upper_incomplete_gamma_fract();function upperGammaFraction(a,z){var f=upperIncompleteGammaFract(a,z);return 1/(z-a+1+continuedFraction(f))}module.exports=upperGammaFraction})),require_igamma_final=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2025 The Stdlib Authors.
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var floor=require_lib$99(),gamma=require_lib$56(),abs=require_lib$125(),pow=require_lib$59(),ln=require_lib$100(),SQRT_EPSILON=require_lib$50(),FLOAT64_MAX=require_lib$49(),MAX_LN=require_lib$52(),tgammaILargeX=require_tgamma_i_large_x(),finiteGammaQ=require_finite_gamma_q(),finiteHalfGammaQ=require_finite_half_gamma_q(),fullIGammaPrefix=require_full_igamma_prefix$1(),igammaTemmeLarge=require_igamma_temme_large(),lowerGammaSeries=require_lower_gamma_series(),regularisedGammaPrefix=require_regularised_gamma_prefix(),tgammaSmallUpperPart=require_tgamma_small_upper_part(),upperGammaFraction=require_upper_gamma_fraction();function igammaFinal(x,a,regularized,upper){var optimisedInvert,evalMethod,isHalfInt,initValue,useTemme,isSmallA,result=0,invert=upper,isInt,sigma,res,gam,fa,g;switch(isSmallA=a<30&&a<=x+1&&x<MAX_LN,isSmallA?(fa=floor(a),isInt=fa===a,isHalfInt=!isInt&&abs(fa-a)===.5):(isInt=!1,isHalfInt=!1),isInt&&x>.6?(invert=!invert,evalMethod=0):isHalfInt&&x>.2?(invert=!invert,evalMethod=1):x<SQRT_EPSILON&&a>1?evalMethod=6:x>1e3&&(a<x||abs(a-50)/x<1)?(invert=!invert,evalMethod=7):x<.5?evalMethod=-.4/ln(x)<a?2:3:x<1.1?evalMethod=x*.75<a?2:3:(useTemme=!1,regularized&&a>20&&(sigma=abs((x-a)/a),a>200?20/a>sigma*sigma&&(useTemme=!0):sigma<.4&&(useTemme=!0)),useTemme?evalMethod=5:x-1/(3*x)<a?evalMethod=2:(evalMethod=4,invert=!invert)),evalMethod){case 0:result=finiteGammaQ(a,x),regularized===!1&&(result*=gamma(a));break;case 1:result=finiteHalfGammaQ(a,x),regularized===!1&&(result*=gamma(a));break;case 2:result=regularized?regularisedGammaPrefix(a,x):fullIGammaPrefix(a,x),result!==0&&(initValue=0,optimisedInvert=!1,invert&&(initValue=regularized?1:gamma(a),regularized||result>=1||FLOAT64_MAX*result>initValue?(initValue/=result,regularized||a<1||FLOAT64_MAX/a>initValue?(initValue*=-a,optimisedInvert=!0):initValue=0):initValue=0),result*=lowerGammaSeries(a,x,initValue)/a,optimisedInvert&&(invert=!1,result=-result));break;case 3:invert=!invert,res=tgammaSmallUpperPart(a,x,invert),result=res[0],g=res[1],invert=!1,regularized&&(result/=g);break;case 4:result=regularized?regularisedGammaPrefix(a,x):fullIGammaPrefix(a,x),result!==0&&(result*=upperGammaFraction(a,x));break;case 5:result=igammaTemmeLarge(a,x),x>=a&&(invert=!invert);break;case 6:result=regularized?pow(x,a)/gamma(a+1):pow(x,a)/a,result*=1-a*x/(a+1);break;case 7:result=regularized?regularisedGammaPrefix(a,x):fullIGammaPrefix(a,x),result/=x,result!==0&&(result*=tgammaILargeX(a,x))}return regularized&&result>1&&(result=1),invert&&(gam=regularized?1:gamma(a),result=gam-result),result}module.exports=igammaFinal})),require_main$23=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link https://www.boost.org/doc/libs/1_88_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006-7, 2013-14.
* (C) Copyright Paul A. Bristow 2007, 2013-14.
* (C) Copyright Nikhar Agrawal 2013-14.
* (C) Christopher Kormanyos 2013-14.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var gammaln=require_lib$71(),exp=require_lib$58(),ln=require_lib$100(),SQRT_TWO_PI=require_lib$66(),MAX_LN=require_lib$52(),PINF=require_lib$131(),FLOAT64_MAX_NTH_FACTORIAL=require_lib$51(),igammaFinal=require_igamma_final(),lowerGammaSeries=require_lower_gamma_series(),upperGammaFraction=require_upper_gamma_fraction();function gammainc(x,a,regularized,upper){var normalized,initValue,invert,result;return x<0||a<=0?NaN:(normalized=regularized===void 0||regularized,invert=upper,a>=FLOAT64_MAX_NTH_FACTORIAL&&!normalized?(invert&&a*4<x?(result=a*ln(x)-x,result+=ln(upperGammaFraction(a,x))):!invert&&a>4*x?(result=a*ln(x)-x,initValue=0,result+=ln(lowerGammaSeries(a,x,initValue)/a)):(result=igammaFinal(x,a,!0,invert),result===0?invert?(result=1+1/(12*a)+1/(288*a*a),result=ln(result)-a+(a-.5)*ln(a),result+=ln(SQRT_TWO_PI)):(result=a*ln(x)-x,initValue=0,result+=ln(lowerGammaSeries(a,x,initValue)/a)):result=ln(result)+gammaln(a)),result>MAX_LN?PINF:exp(result)):igammaFinal(x,a,normalized,invert))}module.exports=gammainc})),require_lib$30=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$23()})),require_higher_newton=__commonJSMin(((exports,module)=>{
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
var logger=require_src(),gammainc=require_lib$30(),abs=require_lib$125(),exp=require_lib$58(),ln=require_lib$100(),MAX_FLOAT32=require_lib$54(),debug=logger(`gammaincinv:higher_newton`);function higherNewton(x0,a,m,p,q,lgama,invfp,pcase){var dlnr,xini,ck0,ck1,ck2,a2,x2,px,qx,xr,t,n,r,x=x0;t=1,n=1,a2=a*a,xini=x0;do{if(x=x0,x2=x*x,m===0){if(dlnr=(1-a)*ln(x)+x+lgama,dlnr>ln(MAX_FLOAT32))return debug(`Warning: overflow problems in one or more steps of the computation. The initial approximation to the root is returned.`),xini;r=exp(dlnr)}else r=-invfp*x;pcase?(px=gammainc(x,a,!0,!1),ck0=-r*(px-p)):(qx=gammainc(x,a,!0,!0),ck0=r*(qx-q)),r=ck0,p>1e-120||n>1?(ck1=.5*(x-a+1)/x,ck2=(2*x2-4*x*a+4*x+2*a2-3*a+1)/x2,ck2/=6,x0=x+r*(1+r*(ck1+r*ck2))):x0=x+r,t=abs(x/x0-1),n+=1,x=x0,x<0&&(x=xini,n=100)}while(t>2e-14&&n<35);return(t>2e-14||n>99)&&debug(`Warning: the number of iterations in the Newton method reached the upper limit N=35. The last value obtained for the root is given as output.`),xr=x||0,xr}module.exports=higherNewton})),require_polyval_ak1=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?0:0+x*(1+x*(1+x*(1.5+x*(2.6666666666666665+x*(5.208333333333333+x*10.8)))))}module.exports=evalpoly})),require_polyval_ak2=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?1:1+x*(1+x*(.3333333333333333+x*(.027777777777777776+x*(-.003703703703703704+x*(.0002314814814814815+x*5878894767783657e-20)))))}module.exports=evalpoly})),require_lambdaeta=__commonJSMin(((exports,module)=>{
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
var abs=require_lib$125(),exp=require_lib$58(),ln=require_lib$100(),evalpoly=require_lib$129(),polyvalAK1=require_polyval_ak1(),polyvalAK2=require_polyval_ak2(),THRESHOLD=1e-8,ONEO12=.08333333333333333,ONEO120=.008333333333333333,AK=[1,0,0,0,0,0];function lambdaeta(eta){var L2,L3,L4,L5,la,L,q,r,s=eta*eta*.5;if(eta===0?la=0:eta<-1?(r=exp(-1-s),la=polyvalAK1(r)):eta<1?(r=eta,la=polyvalAK2(r)):(r=11+s,L=ln(r),la=r+L,r=1/r,L2=L*L,L3=L2*L,L4=L3*L,L5=L4*L,AK[1]=(2-L)*.5,AK[2]=(-9*L+6+2*L2)/6,AK[3]=-(3*L3+36*L-22*L2-12)*ONEO12,AK[4]=(60+350*L2-300*L-125*L3+12*L4)/60,AK[5]=-(-120-274*L4+900*L-1700*L2+1125*L3+20*L5)*ONEO120,la+=L*r*evalpoly(AK,r)),r=1,eta>-3.5&&eta<-.03||eta>.03&&eta<40){r=1,q=la;do la=q*(s+ln(q))/(q-1),r=abs(q/la-1),q=la;while(r>THRESHOLD)}return la}module.exports=lambdaeta})),require_lib$29=__commonJSMin(((exports,module)=>{
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
module.exports=.9189385332046728})),require_chepolsum=__commonJSMin(((exports,module)=>{
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
var A=[1.9963790515900766,-.0017971032528832887,13129285796384672e-21,-2.340875228178749e-7,7.2291210671127e-9,-3280997607821e-22,19875070901e-21,-1509214183e-21,1375340084e-22,-145728923e-22,17532367e-22,-2351465e-22,346551e-22,-55471e-22,9548e-22,-1748e-22,332e-22,-58e-22];function chepolsum(n,t){var tt,u0=0,u1=0,u2,k;tt=t+t,k=n;do u2=u1,u1=u0,u0=tt*u1-u2+A[k],--k;while(k>=0);return(u0-u2)/2}module.exports=chepolsum})),require_polyval_c=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.025721014990011306:.025721014990011306+x*(.08247596616699963+x*(-.0025328157302663564+x*(.0006099292666946337+x*(-.00033543297638406+x*.000250505279903))))}module.exports=evalpoly})),require_polyval_d=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.08333333333333333:.08333333333333333+x*(-.002777777777777778+x*(.0007936507936507937+x*-.0005952380952380953))}module.exports=evalpoly})),require_stirling=__commonJSMin(((exports,module)=>{
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
var gammaln=require_lib$71(),ln=require_lib$100(),LN_SQRT_TWO_PI=require_lib$29(),SMALLEST_FLOAT32=require_lib$132(),MAX_FLOAT32=require_lib$54(),chepolsum=require_chepolsum(),polyvalC=require_polyval_c(),polyvalD=require_polyval_d(),C6=.30865217988013566;function stirling(x){var z;return x<SMALLEST_FLOAT32?MAX_FLOAT32:x<1?gammaln(x+1)-(x+.5)*ln(x)+x-LN_SQRT_TWO_PI:x<2?gammaln(x)-(x-.5)*ln(x)+x-LN_SQRT_TWO_PI:x<3?gammaln(x-1)-(x-.5)*ln(x)+x-LN_SQRT_TWO_PI+ln(x-1):x<12?(z=18/(x*x)-1,chepolsum(17,z)/(12*x)):(z=1/(x*x),x<1e3?polyvalC(z)/(C6+z)/x:polyvalD(z)/x)}module.exports=stirling})),require_gamstar=__commonJSMin(((exports,module)=>{
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
var exp=require_lib$58(),gamma=require_lib$56(),ln=require_lib$100(),FLOAT32_MAX=require_lib$54(),SQRT_TWO_PI=require_lib$66(),stirling=require_stirling();function gamstar(x){return x>=3?exp(stirling(x)):x>0?gamma(x)/(exp(-x+(x-.5)*ln(x))*SQRT_TWO_PI):FLOAT32_MAX}module.exports=gamstar})),require_rational_ak0bk0=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.3333333333438:(ax=x<0?-x:x,ax<=1?(s1=-.3333333333438+x*(-.2070740359969+x*(-.05041806657154+x*(-.004923635739372+x*-4293658292782e-17))),s2=1+x*(.7045554412463+x*(.2118190062224+x*(.03048648397436+x*.001605037988091)))):(x=1/x,s1=-4293658292782e-17+x*(-.004923635739372+x*(-.05041806657154+x*(-.2070740359969+x*-.3333333333438))),s2=.001605037988091+x*(.03048648397436+x*(.2118190062224+x*(.7045554412463+x*1)))),s1/s2)}module.exports=evalrational})),require_eps1=__commonJSMin(((exports,module)=>{
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
var abs=require_lib$125(),ln=require_lib$100(),lambdaeta=require_lambdaeta(),rateval=require_rational_ak0bk0();function eps1(eta){var la;return abs(eta)<1?rateval(eta):(la=lambdaeta(eta),ln(eta/(la-1))/eta)}module.exports=eps1})),require_rational_ak1bk1=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.0172847633523:(ax=x<0?-x:x,ax<=1?(s1=-.0172847633523+x*(-.0159372646475+x*(-.00464910887221+x*(-.00060683488776+x*-614830384279e-17))),s2=1+x*(.764050615669+x*(.297143406325+x*(.0579490176079+x*.00574558524851)))):(x=1/x,s1=-614830384279e-17+x*(-.00060683488776+x*(-.00464910887221+x*(-.0159372646475+x*-.0172847633523))),s2=.00574558524851+x*(.0579490176079+x*(.297143406325+x*(.764050615669+x*1)))),s1/s2)}module.exports=evalrational})),require_rational_ak2bk2=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.0172839517431:(ax=x<0?-x:x,ax<=1?(s1=-.0172839517431+x*(-.0146362417966+x*(-.00357406772616+x*(-.000391032032692+x*249634036069e-17))),s2=1+x*(.690560400696+x*(.249962384741+x*(.0443843438769+x*.00424073217211)))):(x=1/x,s1=249634036069e-17+x*(-.000391032032692+x*(-.00357406772616+x*(-.0146362417966+x*-.0172839517431))),s2=.00424073217211+x*(.0443843438769+x*(.249962384741+x*(.690560400696+x*1)))),s1/s2)}module.exports=evalrational})),require_rational_ak3bk3=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?.99994466948:(ax=x<0?-x:x,ax<=1?(s1=.99994466948+x*(104.649839762+x*(857.204033806+x*(731.901559577+x*45.5174411671))),s2=1+x*(104.526456943+x*(823.313447808+x*(3119.93802124+x*3970.03311219)))):(x=1/x,s1=45.5174411671+x*(731.901559577+x*(857.204033806+x*(104.649839762+x*.99994466948))),s2=3970.03311219+x*(3119.93802124+x*(823.313447808+x*(104.526456943+x*1)))),s1/s2)}module.exports=evalrational})),require_eps2=__commonJSMin(((exports,module)=>{
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
var ln=require_lib$100(),rateval1=require_rational_ak1bk1(),rateval2=require_rational_ak2bk2(),rateval3=require_rational_ak3bk3();function eps2(eta){var lnmeta,x;return eta<-5?(x=eta*eta,lnmeta=ln(-eta),(12-x-lnmeta*lnmeta*6)/(12*x*eta)):eta<-2?rateval1(eta):eta<2?rateval2(eta):eta<1e3?(x=1/eta,rateval3(eta)/(-12*eta)):-1/(12*eta)}module.exports=eps2})),require_rational_ak4bk4=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?.0495346498136:(ax=x<0?-x:x,ax<=1?(s1=.0495346498136+x*(.0299521337141+x*(.00688296911516+x*(.000512634846317+x*-201411722031e-16))),s2=1+x*(.759803615283+x*(.261547111595+x*(.0464854522477+x*.00403751193496)))):(x=1/x,s1=-201411722031e-16+x*(.000512634846317+x*(.00688296911516+x*(.0299521337141+x*.0495346498136))),s2=.00403751193496+x*(.0464854522477+x*(.261547111595+x*(.759803615283+x*1)))),s1/s2)}module.exports=evalrational})),require_rational_ak5bk5=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?.00452313583942:(ax=x<0?-x:x,ax<=1?(s1=.00452313583942+x*(.00120744920113+x*(-789724156582e-16+x*(-504476066942e-16+x*-535770949796e-17))),s2=1+x*(.912203410349+x*(.405368773071+x*(.0901638932349+x*.00948935714996)))):(x=1/x,s1=-535770949796e-17+x*(-504476066942e-16+x*(-789724156582e-16+x*(.00120744920113+x*.00452313583942))),s2=.00948935714996+x*(.0901638932349+x*(.405368773071+x*(.912203410349+x*1)))),s1/s2)}module.exports=evalrational})),require_rational_ak6bk6=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?.00439937562904:(ax=x<0?-x:x,ax<=1?(s1=.00439937562904+x*(.000487225670639+x*(-.000128470657374+x*(529110969589e-17+x*1.5716677175e-7))),s2=1+x*(.794435257415+x*(.333094721709+x*(.0703527806143+x*.00806110846078)))):(x=1/x,s1=1.5716677175e-7+x*(529110969589e-17+x*(-.000128470657374+x*(.000487225670639+x*.00439937562904))),s2=.00806110846078+x*(.0703527806143+x*(.333094721709+x*(.794435257415+x*1)))),s1/s2)}module.exports=evalrational})),require_rational_ak7bk7=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.0011481191232:(ax=x<0?-x:x,ax<=1?(s1=-.0011481191232+x*(-.112850923276+x*(1.51623048511+x*(-.218472031183+x*.0730002451555))),s2=1+x*(14.2482206905+x*(69.7360396285+x*(218.938950816+x*277.067027185)))):(x=1/x,s1=.0730002451555+x*(-.218472031183+x*(1.51623048511+x*(-.112850923276+x*-.0011481191232))),s2=277.067027185+x*(218.938950816+x*(69.7360396285+x*(14.2482206905+x*1)))),s1/s2)}module.exports=evalrational})),require_rational_ak8bk8=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.000145727889667:(ax=x<0?-x:x,ax<=1?(s1=-.000145727889667+x*(-.290806748131+x*(-13.308504545+x*(199.722374056+x*-11.4311378756))),s2=1+x*(139.612587808+x*(2189.01116348+x*(7115.24019009+x*45574.6081453)))):(x=1/x,s1=-11.4311378756+x*(199.722374056+x*(-13.308504545+x*(-.290806748131+x*-.000145727889667))),s2=45574.6081453+x*(7115.24019009+x*(2189.01116348+x*(139.612587808+x*1)))),s1/s2)}module.exports=evalrational})),require_eps3=__commonJSMin(((exports,module)=>{
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
var ln=require_lib$100(),rational1=require_rational_ak4bk4(),rational2=require_rational_ak5bk5(),rational3=require_rational_ak6bk6(),rational4=require_rational_ak7bk7(),rational5=require_rational_ak8bk8();function eps3(eta){var x,y;return eta<-8?(x=eta*eta,y=ln(-eta)/eta,(-30+eta*y*(6*x*y*y-12+x))/(12*eta*x*x)):eta<-4?rational1(eta)/(eta*eta):eta<-2?rational2(eta):eta<2?rational3(eta):eta<10?(x=1/eta,rational4(x)/(eta*eta)):eta<100?(x=1/eta,rational5(x)/(eta*eta)):-ln(eta)/(12*eta*eta*eta)}module.exports=eps3})),require_compute=__commonJSMin(((exports,module)=>{
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
var logger=require_src(),evalpoly=require_lib$129(),gammaln=require_lib$71(),erfcinv=require_lib$69(),gamma=require_lib$56(),sqrt=require_lib$70(),abs=require_lib$125(),exp=require_lib$58(),min=require_lib$55(),pow=require_lib$59(),ln=require_lib$100(),SQRT_TWO_PI=require_lib$66(),MAX_FLOAT32=require_lib$54(),TWO_PI=require_lib$53(),higherNewton=require_higher_newton(),lambdaeta=require_lambdaeta(),gamstar=require_gamstar(),eps1=require_eps1(),eps2=require_eps2(),eps3=require_eps3(),debug=logger(`gammaincinv:compute`),HALF=.5,ONEO3=.3333333333333333,ONEO4=.25,ONEO5=.2,ONEO6=.16666666666666666,ONEO12=.08333333333333333,ONEO24=.041666666666666664,CK=[0,0,0,0,0];function compute(a,p,q){var ap1inv,invfp,lgama,pcase,porq,ainv,logr,ap22,ap14,ap13,ap12,vgam,vmin,xini,ap1,ap2,ap3,eta,p6,p5,x0,a2,L2,L3,L4,b2,b3,p3,a4,fp,p4,p2,a3,xr,ck,b,L,i,k,m,r,s,t,y;if(p<HALF?(pcase=!0,porq=p,s=-1):(pcase=!1,porq=q,s=1),k=0,abs(a-1)<1e-4&&(m=0,pcase?p<.001?(p2=p*p,p3=p2*p,p4=p3*p,p5=p4*p,p6=p5*p,x0=p+p2*HALF+p3*ONEO3+p4*ONEO4+p5*ONEO5+p6*ONEO6):x0=-ln(1-p):x0=-ln(q),a===1?(k=2,xr=x0):(lgama=gammaln(a),k=1)),q<1e-30&&a<HALF&&(m=0,x0=-ln(q*gamma(a))+(a-1)*ln(-ln(q*gamma(a))),k=1,lgama=gammaln(a)),a>1&&a<500&&p<1e-80){for(m=0,ainv=1/a,ap1inv=1/(a+1),x0=(gammaln(a+1)+ln(p))*ainv,x0=exp(x0),xini=x0,i=0;i<10;i++)x0=xini*exp(x0*ainv)*pow(1-x0*ap1inv,ainv);k=1,lgama=gammaln(a)}if(logr=1/a*(ln(p)+gammaln(a+1)),logr<ln(ONEO5*(1+a))&&k===0&&(r=exp(logr),m=0,a2=a*a,a3=a2*a,a4=a3*a,ap1=a+1,ap12=ap1*ap1,ap13=ap1*ap12,ap14=ap12*ap12,ap2=a+2,ap22=ap2*ap2,ap3=a+3,CK[0]=1,CK[1]=1/ap1,CK[2]=HALF*(3*a+5)/(ap12*ap2),CK[3]=ONEO3*(31+8*a2+33*a)/(ap13*ap2*ap3),CK[4]=ONEO24*(2888+1179*a3+125*a4+3971*a2+5661*a)/(ap14*ap22*ap3*(a+4)),x0=r*evalpoly(CK,r),lgama=gammaln(a),k=1),a<10&&k===0&&(vgam=sqrt(a)/(gamstar(a)*SQRT_TWO_PI),vmin=min(.02,vgam),q<vmin&&(m=0,b=1-a,b2=b*b,b3=b2*b,eta=sqrt(-2/a*ln(q/vgam)),x0=a*lambdaeta(eta),L=ln(x0),x0>5?(L2=L*L,L3=L2*L,L4=L3*L,r=1/x0,CK[0]=L-1,CK[1]=(3*b-2*b*L+L2-2*L+2)*HALF,CK[2]=(24*b*L-11*b2-24*b-6*L2+12*L-12-9*b*L2+6*b2*L+2*L3)*ONEO6,CK[3]=(-12*b3*L+8.04*b*L2-114*b2*L+(72+36*L2)+(3*L4-72*L+162)*(b-168*b*L)-(12*L3+25*b3)-(22*b*L3+36*b2*L2+120*b2))*ONEO12,CK[4]=0,x0=x0-L+b*r*evalpoly(CK,r)):(r=1/x0,L2=L*L,ck=L-1,t=L-b*r*ck,t<x0&&(x0-=t)),lgama=gammaln(a),k=1)),abs(porq-HALF)<1e-5&&k===0&&(m=0,ainv=1/a,x0=a-ONEO3+(.019753086419753086+.007211444248481286*ainv)*ainv,lgama=gammaln(a),k=1),a<1&&k===0&&(m=0,x0=exp(pcase?1/a*(ln(porq)+gammaln(a+1)):1/a*(ln(1-porq)+gammaln(a+1))),lgama=gammaln(a),k=1),k===0){if(m=1,ainv=1/a,r=erfcinv(2*porq),eta=s*r/sqrt(a*HALF),r<MAX_FLOAT32)eta+=(eps1(eta)+(eps2(eta)+eps3(eta)*ainv)*ainv)*ainv,x0=a*lambdaeta(eta),y=eta,fp=-sqrt(a/TWO_PI)*exp(-HALF*a*y*y)/gamstar(a),invfp=1/fp;else return debug(`Warning: Overflow problems in one or more steps of the computation.`),NaN}return k<2&&(xr=higherNewton(x0,a,m,p,q,lgama,invfp,pcase)),xr}module.exports=compute})),require_main$22=__commonJSMin(((exports,module)=>{
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
var isnan=require_lib$133(),FLOAT32_SMALLEST=require_lib$132(),PINF=require_lib$131(),compute=require_compute();function gammaincinv(p,a,upper){return isnan(p)||isnan(a)||a<FLOAT32_SMALLEST||p>1||p<0?NaN:upper===!0?p===0?PINF:p===1?0:compute(a,1-p,p):p===0?0:p===1?PINF:compute(a,p,1-p)}module.exports=gammaincinv})),require_lib$28=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$22()})),require_main$21=__commonJSMin(((exports,module)=>{
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
function wrap(value){return constantFunction;function constantFunction(){return value}}module.exports=wrap})),require_lib$27=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$21()})),require_main$20=__commonJSMin(((exports,module)=>{
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
var isnan=require_lib$133();function quantile(p,mu){return isnan(p)||p<0||p>1?NaN:mu}module.exports=quantile})),require_factory$4=__commonJSMin(((exports,module)=>{
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
var constantFunction=require_lib$27(),isnan=require_lib$133();function factory(mu){return isnan(mu)?constantFunction(NaN):quantile;function quantile(p){return isnan(p)||p<0||p>1?NaN:mu}}module.exports=factory})),require_lib$26=__commonJSMin(((exports,module)=>{
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
var setReadOnly=require_lib$134(),main=require_main$20();setReadOnly(main,`factory`,require_factory$4()),module.exports=main})),require_main$19=__commonJSMin(((exports,module)=>{
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
var floor=require_lib$99();function isNonNegativeInteger(x){return floor(x)===x&&x>=0}module.exports=isNonNegativeInteger})),require_lib$25=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$19()})),require_lib$24=__commonJSMin(((exports,module)=>{
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
module.exports=.7853981633974483})),require_rational_pq$1=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?.16666666666666713:(ax=x<0?-x:x,ax<=1?(s1=-8.198089802484825+x*(19.562619833175948+x*(-16.262479672107002+x*(5.444622390564711+x*(-.6019598008014124+x*.004253011369004428)))),s2=-49.18853881490881+x*(139.51056146574857+x*(-147.1791292232726+x*(70.49610280856842+x*(-14.740913729888538+x*1))))):(x=1/x,s1=.004253011369004428+x*(-.6019598008014124+x*(5.444622390564711+x*(-16.262479672107002+x*(19.562619833175948+x*-8.198089802484825)))),s2=1+x*(-14.740913729888538+x*(70.49610280856842+x*(-147.1791292232726+x*(139.51056146574857+x*-49.18853881490881))))),s1/s2)}module.exports=evalrational})),require_rational_rs=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?.08333333333333809:(ax=x<0?-x:x,ax<=1?(s1=28.536655482610616+x*(-25.56901049652825+x*(6.968710824104713+x*(-.5634242780008963+x*.002967721961301243))),s2=342.43986579130785+x*(-383.8770957603691+x*(147.0656354026815+x*(-21.947795316429207+x*1)))):(x=1/x,s1=.002967721961301243+x*(-.5634242780008963+x*(6.968710824104713+x*(-25.56901049652825+x*28.536655482610616))),s2=1+x*(-21.947795316429207+x*(147.0656354026815+x*(-383.8770957603691+x*342.43986579130785)))),s1/s2)}module.exports=evalrational})),require_main$18=__commonJSMin(((exports,module)=>{
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
* The original C code, long comment, copyright, license, and constants are from [Cephes]{@link http://www.netlib.org/cephes}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright 1984, 1995, 2000 by Stephen L. Moshier
*
* Some software in this archive may be from the book _Methods and Programs for Mathematical Functions_ (Prentice-Hall or Simon & Schuster International, 1989) or from the Cephes Mathematical Library, a commercial product. In either event, it is copyrighted by the author. What you see here may be used freely but it comes with no support or guarantee.
*
* Stephen L. Moshier
* moshier@na-net.ornl.gov
* ```
*/
var isnan=require_lib$133(),sqrt=require_lib$70(),PIO4=require_lib$24(),ratevalPQ=require_rational_pq$1(),ratevalRS=require_rational_rs(),MOREBITS=6123233995736766e-32;function asin(x){var sgn,zz,a,p,z;if(isnan(x)||(x>0?a=x:(sgn=!0,a=-x),a>1))return NaN;if(a>.625)zz=1-a,p=zz*ratevalRS(zz),zz=sqrt(zz+zz),z=PIO4-zz,zz=zz*p-MOREBITS,z-=zz,z+=PIO4;else{if(a<1e-8)return x;zz=a*a,z=zz*ratevalPQ(zz),z=a*z+a}return sgn?-z:z}module.exports=asin})),require_lib$23=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$18()})),require_lanczos_sum_expg_scaled=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalrational(x){var ax,s1,s2;return x===0?1/0:(ax=x<0?-x:x,ax<=1?(s1=709811.662581658+x*(679979.8474157227+x*(293136.7857211597+x*(74887.54032914672+x*(12555.290582413863+x*(1443.4299244417066+x*(115.24194596137347+x*(6.309239205732627+x*(.22668404630224365+x*(.004826466289237662+x*4624429436045379e-20))))))))),s2=0+x*(362880+x*(1026576+x*(1172700+x*(723680+x*(269325+x*(63273+x*(9450+x*(870+x*(45+x*1)))))))))):(x=1/x,s1=4624429436045379e-20+x*(.004826466289237662+x*(.22668404630224365+x*(6.309239205732627+x*(115.24194596137347+x*(1443.4299244417066+x*(12555.290582413863+x*(74887.54032914672+x*(293136.7857211597+x*(679979.8474157227+x*709811.662581658))))))))),s2=1+x*(45+x*(870+x*(9450+x*(63273+x*(269325+x*(723680+x*(1172700+x*(1026576+x*(362880+x*0)))))))))),s1/s2)}module.exports=evalrational})),require_main$17=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{http://www.boost.org/doc/libs/1_85_0/boost/math/special_functions/beta.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var isnan=require_lib$133(),log1p=require_lib$33(),sqrt=require_lib$70(),abs=require_lib$125(),exp=require_lib$58(),pow=require_lib$59(),E=require_lib$37(),EPSILON=require_lib$46(),lanczosSumExpGScaled=require_lanczos_sum_expg_scaled(),G=10.900511;function beta(a,b){var ambh,agh,bgh,cgh,res,tmp,c;return isnan(a)||isnan(b)||a<0||b<0?NaN:b===1?1/a:a===1?1/b:(c=a+b,c<EPSILON?(res=c/a,res/=b,res):c===a&&b<EPSILON?1/b:c===b&&a<EPSILON?1/a:(a<b&&(tmp=b,b=a,a=tmp),agh=a+G-.5,bgh=b+G-.5,cgh=c+G-.5,res=lanczosSumExpGScaled(a)*(lanczosSumExpGScaled(b)/lanczosSumExpGScaled(c)),ambh=a-.5-b,abs(b*ambh)<cgh*100&&a>100?res*=exp(ambh*log1p(-b/cgh)):res*=pow(agh/cgh,ambh),res*=pow(cgh>1e10?agh/cgh*(bgh/cgh):agh*bgh/(cgh*cgh),b),res*=sqrt(E/bgh),res))}module.exports=beta})),require_lib$22=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$17()})),require_lib$21=__commonJSMin(((exports,module)=>{
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
module.exports=2147483647})),require_lib$20=__commonJSMin(((exports,module)=>{
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
module.exports=1.5707963267948966})),require_factorials=__commonJSMin(((exports,module)=>{module.exports=[1,1,2,6,24,120,720,5040,40320,362880,3628800,39916800,479001600,6227020800,87178291200,1307674368e3,20922789888e3,355687428096e3,6402373705728e3,0x1b02b9306890000,0x21c3677c82b40000,0x2c5077d36b8c40000,0x3ceea4c2b3e0d80000,2585201673888498e7,6204484017332394e8,15511210043330986e9,40329146112660565e10,10888869450418352e12,30488834461171387e13,8841761993739702e15,26525285981219107e16,8222838654177922e18,2631308369336935e20,8683317618811886e21,29523279903960416e22,10333147966386145e24,37199332678990125e25,13763753091226346e27,5230226174666011e29,20397882081197444e30,8159152832478977e32,3345252661316381e34,140500611775288e37,6041526306337383e37,2658271574788449e39,11962222086548019e40,5502622159812089e42,25862324151116818e43,12413915592536073e45,6082818640342675e47,30414093201713376e48,15511187532873822e50,8065817517094388e52,42748832840600255e53,2308436973392414e56,12696403353658276e57,7109985878048635e59,40526919504877214e60,23505613312828785e62,13868311854568984e64,832098711274139e67,5075802138772248e68,3146997326038794e70,198260831540444e73,12688693218588417e73,8247650592082472e75,5443449390774431e77,3647111091818868e79,24800355424368305e80,1711224524281413e83,11978571669969892e84,8504785885678623e86,61234458376886085e87,44701154615126844e89,3307885441519386e92,248091408113954e95,18854947016660504e95,14518309202828587e97,11324281178206297e99,8946182130782976e101,7156945704626381e103,5797126020747368e105,4753643337012842e107,3945523969720659e109,3314240134565353e111,281710411438055e114,24227095383672734e114,2107757298379528e117,18548264225739844e118,1650795516090846e121,14857159644817615e122,1352001527678403e125,12438414054641308e126,11567725070816416e128,1087366156656743e131,1032997848823906e133,9916779348709496e134,9619275968248212e136,9426890448883248e138,9332621544394415e140,9332621544394415e142,942594775983836e145,9614466715035127e146,990290071648618e149,10299016745145628e150,1081396758240291e153,11462805637347084e154,1226520203196138e157,1324641819451829e159,14438595832024937e160,1588245541522743e163,17629525510902446e164,1974506857221074e167,22311927486598138e168,25435597334721877e170,2925093693493016e173,3393108684451898e175,3969937160808721e177,4684525849754291e179,5574585761207606e181,6689502913449127e183,8094298525273444e185,9875044200833601e187,1214630436702533e190,1506141741511141e192,1882677176888926e194,2372173242880047e196,30126600184576594e197,3856204823625804e200,4974504222477287e202,6466855489220474e204,847158069087882e207,11182486511960043e208,14872707060906857e210,19929427461615188e212,26904727073180504e214,3659042881952549e217,5012888748274992e219,6917786472619489e221,9615723196941089e223,13462012475717526e225,1898143759076171e228,2695364137888163e230,3854370717180073e232,55502938327393044e233,8047926057471992e236,11749972043909107e238,1727245890454639e241,25563239178728654e242,380892263763057e246,5713383956445855e247,862720977423324e250,13113358856834524e251,20063439050956823e253,30897696138473508e255,4789142901463394e258,7471062926282894e260,11729568794264145e262,1853271869493735e265,29467022724950384e266,47147236359920616e268,7590705053947219e271,12296942187394494e273,20044015765453026e275,3287218585534296e278,5423910666131589e280,9003691705778438e282,1503616514864999e285,25260757449731984e286,4269068009004705e289,7257415615307999e291]})),require_main$16=__commonJSMin(((exports,module)=>{
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
var isnan=require_lib$133(),isInteger=require_lib$68(),gamma=require_lib$56(),PINF=require_lib$131(),FLOAT64_MAX_NTH_FACTORIAL=require_lib$51(),FACTORIALS=require_factorials();function factorial(x){return isnan(x)?NaN:isInteger(x)?x<0?NaN:x<=FLOAT64_MAX_NTH_FACTORIAL?FACTORIALS[x]:PINF:gamma(x+1)}module.exports=factorial})),require_lib$19=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$16()})),require_rational_pq=__commonJSMin(((exports,module)=>{
/**
* @license Apache-2.0
*
* Copyright (c) 2024 The Stdlib Authors.
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
function evalrational(x){var ax,s1,s2;return x===0?1/0:(ax=x<0?-x:x,ax<=1?(s1=38474670393.31777+x*(36857665043.51951+x*(15889202453.72942+x*(4059208354.298835+x*(680547661.1834733+x*(78239755.00312005+x*(6246580.776401795+x*(341986.3488721347+x*(12287.194511824551+x*(261.61404416416684+x*2.5066282746310007))))))))),s2=0+x*(362880+x*(1026576+x*(1172700+x*(723680+x*(269325+x*(63273+x*(9450+x*(870+x*(45+x*1)))))))))):(x=1/x,s1=2.5066282746310007+x*(261.61404416416684+x*(12287.194511824551+x*(341986.3488721347+x*(6246580.776401795+x*(78239755.00312005+x*(680547661.1834733+x*(4059208354.298835+x*(15889202453.72942+x*(36857665043.51951+x*38474670393.31777))))))))),s2=1+x*(45+x*(870+x*(9450+x*(63273+x*(269325+x*(723680+x*(1172700+x*(1026576+x*(362880+x*0)))))))))),s1/s2)}module.exports=evalrational})),require_main$15=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_64_0/boost/math/special_functions/lanczos.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
module.exports=require_rational_pq()})),require_lib$18=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$15()})),require_gamma_delta_ratio_lanczos=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_85_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006-7, 2013-14.
* Copyright Paul A. Bristow 2007, 2013-14.
* Copyright Nikhar Agrawal 2013-14.
* Copyright Christopher Kormanyos 2013-14.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var lanczosSum=require_lib$18(),gamma=require_lib$56(),log1p=require_lib$33(),abs=require_lib$125(),exp=require_lib$58(),pow=require_lib$59(),EPSILON=require_lib$46(),E=require_lib$37(),G=require_lib$38(),FLOAT64_MAX_NTH_FACTORIAL=require_lib$51(),FACTORIAL_169=4269068009004705e289;function gammaDeltaRatioLanczos(z,delta){var result,ratio,zgh;return z<EPSILON?delta>=FLOAT64_MAX_NTH_FACTORIAL?(ratio=gammaDeltaRatioLanczos(delta,FLOAT64_MAX_NTH_FACTORIAL-delta),ratio*=z,ratio*=FACTORIAL_169,1/ratio):1/(z*gamma(z+delta)):(zgh=z+G-.5,z+delta===z?result=abs(delta/zgh)<EPSILON?exp(-delta):1:(result=abs(delta)<10?exp((.5-z)*log1p(delta/zgh)):pow(zgh/(zgh+delta),z-.5),result*=lanczosSum(z)/lanczosSum(z+delta)),result*=pow(E/(zgh+delta),delta),result)}module.exports=gammaDeltaRatioLanczos})),require_main$14=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_85_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006-7, 2013-14.
* Copyright Paul A. Bristow 2007, 2013-14.
* Copyright Nikhar Agrawal 2013-14.
* Copyright Christopher Kormanyos 2013-14.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var abs=require_lib$125(),floor=require_lib$99(),gamma=require_lib$56(),factorial=require_lib$19(),FLOAT64_MAX_NTH_FACTORIAL=require_lib$51(),gammaDeltaRatioLanczos=require_gamma_delta_ratio_lanczos();function gammaDeltaRatio(z,delta){var result,idelta,iz;if(z<=0||z+delta<=0)return gamma(z)/gamma(z+delta);if(idelta=floor(delta),idelta===delta){if(iz=floor(z),iz===z&&z<=FLOAT64_MAX_NTH_FACTORIAL&&z+delta<=FLOAT64_MAX_NTH_FACTORIAL)return factorial(iz-1)/factorial(idelta+iz-1);if(abs(delta)<20){if(delta===0)return 1;if(delta<0){for(--z,result=z,delta+=1;delta!==0;)--z,result*=z,delta+=1;return result}for(result=1/z,--delta;delta!==0;)z+=1,result/=z,--delta;return result}}return gammaDeltaRatioLanczos(z,delta)}module.exports=gammaDeltaRatio})),require_lib$17=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$14()})),require_full_igamma_prefix=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_37_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var exp=require_lib$58(),pow=require_lib$59(),ln=require_lib$100(),MAX_LN=require_lib$52(),MIN_LN=require_lib$43();function fullIGammaPrefix(a,z){var prefix,alz=a*ln(z);return prefix=z>=1?alz<MAX_LN&&-z>MIN_LN?pow(z,a)*exp(-z):a>=1?pow(z/exp(z/a),a):exp(alz-z):alz>MIN_LN?pow(z,a)*exp(-z):z/a<MAX_LN?pow(z/exp(z/a),a):exp(alz-z),prefix}module.exports=fullIGammaPrefix})),require_regularized_gamma_prefix=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_64_0/boost/math/special_functions/gamma.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006-7, 2013-14.
* Copyright Paul A. Bristow 2007, 2013-14.
* Copyright Nikhar Agrawal 2013-14.
* Copyright Christopher Kormanyos 2013-14.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var lanczosSumExpGScaled=require_lib$41(),gammaln=require_lib$71(),gamma=require_lib$56(),log1p=require_lib$33(),sqrt=require_lib$70(),abs=require_lib$125(),exp=require_lib$58(),pow=require_lib$59(),max=require_lib$39(),min=require_lib$55(),ln=require_lib$100(),MAX_LN=require_lib$52(),MIN_LN=require_lib$43(),G=require_lib$38(),E=require_lib$37();function regularizedGammaPrefix(a,z){var prefix,amza,agh=a+G-.5,alz,amz,sq,d=(z-a-G+.5)/agh;return a<1?z<=MIN_LN?exp(a*ln(z)-z-gammaln(a)):pow(z,a)*exp(-z)/gamma(a):(abs(d*d*a)<=100&&a>150?(prefix=a*(log1p(d)-d)+z*(.5-G)/agh,prefix=exp(prefix)):(alz=a*ln(z/agh),amz=a-z,min(alz,amz)<=MIN_LN||max(alz,amz)>=MAX_LN?(amza=amz/a,min(alz,amz)/2>MIN_LN&&max(alz,amz)/2<MAX_LN?(sq=pow(z/agh,a/2)*exp(amz/2),prefix=sq*sq):min(alz,amz)/4>MIN_LN&&max(alz,amz)/4<MAX_LN&&z>a?(sq=pow(z/agh,a/4)*exp(amz/4),prefix=sq*sq,prefix*=prefix):prefix=amza>MIN_LN&&amza<MAX_LN?pow(z*exp(amza)/agh,a):exp(alz+amz)):prefix=pow(z/agh,a)*exp(amz)),prefix*=sqrt(agh/E)/lanczosSumExpGScaled(a),prefix)}module.exports=regularizedGammaPrefix})),require_beta_small_b_large_a_series=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_61_0/boost/math/special_functions/beta.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var gammaDeltaRatio=require_lib$17(),factorial=require_lib$19(),gammainc=require_lib$30(),log1p=require_lib$33(),abs=require_lib$125(),pow=require_lib$59(),ln=require_lib$100(),MIN_VALUE=require_lib$83(),EPSILON=require_lib$46(),fullIGammaPrefix=require_full_igamma_prefix(),regularizedGammaPrefix=require_regularized_gamma_prefix(),p=Array(30);function betaSmallBLargeASeries(a,b,x,y,s0,mult,normalized){var prefix,tmp1,tnp1,sum,b2n,bm1=b-1,lx2,lxp,mbn,lx,t4,h,j,m,n,r,t=a+bm1/2,u;if(lx=y<.35?log1p(-y):ln(x),u=-t*lx,h=regularizedGammaPrefix(b,u),h<=MIN_VALUE)return s0;for(normalized?(prefix=h/gammaDeltaRatio(a,b),prefix/=pow(t,b)):prefix=fullIGammaPrefix(b,u)/pow(t,b),prefix*=mult,p[0]=1,j=gammainc(u,b,!0,!0),j/=h,sum=s0+prefix*j,tnp1=1,lx2=lx/2,lx2*=lx2,lxp=1,t4=4*t*t,b2n=b,n=1;n<p.length;++n){for(tnp1+=2,p[n]=0,mbn=b-n,tmp1=3,m=1;m<n;++m)mbn=m*b-n,p[n]+=mbn*p[n-m]/factorial(tmp1),tmp1+=2;if(p[n]/=n,p[n]+=bm1/factorial(tnp1),j=(b2n*(b2n+1)*j+(u+b2n+1)*lxp)/t4,lxp*=lx2,b2n+=2,r=prefix*p[n]*j,sum+=r,r>1){if(abs(r)<abs(EPSILON*sum))break}else if(abs(r/EPSILON)<abs(sum))break}return sum}module.exports=betaSmallBLargeASeries})),require_rising_factorial_ratio=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_37_0/boost/math/special_functions/beta.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
function risingFactorialRatio(a,b,k){var result,i;if(k===0)return 1;for(result=1,i=0;i<k;i++)result*=(a+i)/(b+i);return result}module.exports=risingFactorialRatio})),require_main$13=__commonJSMin(((exports,module)=>{
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
var abs=require_lib$125(),max=require_lib$39();function maxabs(x,y){return max(abs(x),abs(y))}module.exports=maxabs})),require_lib$16=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$13()})),require_main$12=__commonJSMin(((exports,module)=>{
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
var abs=require_lib$125(),min=require_lib$55();function minabs(x,y){return min(abs(x),abs(y))}module.exports=minabs})),require_lib$15=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$12()})),require_ibeta_power_terms=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_62_0/boost/math/special_functions/beta.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var lanczosSumExpGScaled=require_lib$41(),maxabs=require_lib$16(),minabs=require_lib$15(),expm1=require_lib$35(),log1p=require_lib$33(),sqrt=require_lib$70(),abs=require_lib$125(),exp=require_lib$58(),pow=require_lib$59(),min=require_lib$55(),ln=require_lib$100(),MAX_LN=require_lib$52(),MIN_LN=require_lib$43(),G=require_lib$38(),E=require_lib$37();function ibetaPowerTerms(a,b,x,y,normalized){var result,smallA,ratio,agh,bgh,cgh,l1,l2,l3,p1,b1,b2,c,l;if(!normalized)return pow(x,a)*pow(y,b);if(c=a+b,agh=a+G-.5,bgh=b+G-.5,cgh=c+G-.5,result=lanczosSumExpGScaled(c),result/=lanczosSumExpGScaled(a)*lanczosSumExpGScaled(b),result*=sqrt(bgh/E),result*=sqrt(agh/cgh),l1=(x*b-y*agh)/agh,l2=(y*a-x*bgh)/bgh,minabs(l1,l2)<.2){if(l1*l2>0||min(a,b)<1)abs(l1)<.1?result*=exp(a*log1p(l1)):result*=pow(x*cgh/agh,a),abs(l2)<.1?result*=exp(b*log1p(l2)):result*=pow(y*cgh/bgh,b);else if(maxabs(l1,l2)<.5)smallA=a<b,ratio=b/a,smallA&&ratio*l2<.1||!smallA&&l1/ratio>.1?(l3=expm1(ratio*log1p(l2)),l3=l1+l3+l3*l1,l3=a*log1p(l3),result*=exp(l3)):(l3=expm1(log1p(l1)/ratio),l3=l2+l3+l3*l2,l3=b*log1p(l3),result*=exp(l3));else if(abs(l1)<abs(l2)){if(l=a*log1p(l1)+b*ln(y*cgh/bgh),l<=MIN_LN||l>=MAX_LN){if(l+=ln(result),l>=MAX_LN)return NaN;result=exp(l)}else result*=exp(l)}else if(l=b*log1p(l2)+a*ln(x*cgh/agh),l<=MIN_LN||l>=MAX_LN){if(l+=ln(result),l>=MAX_LN)return NaN;result=exp(l)}else result*=exp(l)}else if(b1=x*cgh/agh,b2=y*cgh/bgh,l1=a*ln(b1),l2=b*ln(b2),l1>=MAX_LN||l1<=MIN_LN||l2>=MAX_LN||l2<=MIN_LN){if(a<b){if(p1=pow(b2,b/a),l3=a*(ln(b1)+ln(p1)),l3<MAX_LN&&l3>MIN_LN)result*=pow(p1*b1,a);else{if(l2+=l1+ln(result),l2>=MAX_LN)return NaN;result=exp(l2)}}else if(p1=pow(b1,a/b),l3=(ln(p1)+ln(b2))*b,l3<MAX_LN&&l3>MIN_LN)result*=pow(p1*b2,b);else{if(l2+=l1+ln(result),l2>=MAX_LN)return NaN;result=exp(l2)}}else result*=pow(b1,a)*pow(b2,b);return result}module.exports=ibetaPowerTerms})),require_ibeta_fraction2=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_61_0/boost/math/special_functions/beta.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var continuedFraction=require_lib$31(),ibetaPowerTerms=require_ibeta_power_terms(),OPTS={keep:!0,maxIter:1e3};function ibetaFraction2t(a,b,x,y){var m=0;return next;function next(){var denom,aN=(a+m-1)*(a+b+m-1)*m*(b-m)*x*x,bN;return denom=a+2*m-1,aN/=denom*denom,bN=m,bN+=m*(b-m)*x/(a+2*m-1),bN+=(a+m)*(a*y-b*x+1+m*(2-x))/(a+2*m+1),m+=1,[aN,bN]}}function ibetaFraction2(a,b,x,y,normalized,out){var result=ibetaPowerTerms(a,b,x,y,normalized),fract,f;return out&&(out[1]=result),result===0?result:(f=ibetaFraction2t(a,b,x,y),fract=continuedFraction(f,OPTS),result/fract)}module.exports=ibetaFraction2})),require_lib$14=__commonJSMin(((exports,module)=>{
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
module.exports=9007199254740991})),require_bitwise_binary_gcd=__commonJSMin(((exports,module)=>{
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
function gcd(a,b){var k=0,t;if(a===0)return b;if(b===0)return a;for(;!(a&1)&&!(b&1);)a>>>=1,b>>>=1,k+=1;for(;!(a&1);)a>>>=1;for(;b;){for(;!(b&1);)b>>>=1;a>b&&(t=b,b=a,a=t),b-=a}return a<<k}module.exports=gcd})),require_binary_gcd=__commonJSMin(((exports,module)=>{
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
function gcd(a,b){var k=1,t;if(a===0)return b;if(b===0)return a;for(;a%2==0&&b%2==0;)a/=2,b/=2,k*=2;for(;a%2==0;)a/=2;for(;b;){for(;b%2==0;)b/=2;a>b&&(t=b,b=a,a=t),b-=a}return k*a}module.exports=gcd})),require_main$11=__commonJSMin(((exports,module)=>{
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
var isnan=require_lib$133(),isInteger=require_lib$68(),PINF=require_lib$131(),NINF=require_lib$127(),INT32_MAX=require_lib$21(),bitwise=require_bitwise_binary_gcd(),largeIntegers=require_binary_gcd();function gcd(a,b){return isnan(a)||isnan(b)||a===PINF||b===PINF||a===NINF||b===NINF||!(isInteger(a)&&isInteger(b))?NaN:(a<0&&(a=-a),b<0&&(b=-b),a<=INT32_MAX&&b<=INT32_MAX?bitwise(a,b):largeIntegers(a,b))}module.exports=gcd})),require_lib$13=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$11()})),require_main$10=__commonJSMin(((exports,module)=>{
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
var MAX_SAFE_INTEGER=require_lib$14(),PINF=require_lib$131(),isInteger=require_lib$68(),isnan=require_lib$133(),isOdd=require_lib$64(),floor=require_lib$99(),gcd=require_lib$13();function binomcoef(n,k){var res,sgn,b,c,d,g,s;if(isnan(n)||isnan(k)||!isInteger(n)||!isInteger(k))return NaN;if(k<0||(sgn=1,n<0&&(n=-n+k-1,isOdd(k)&&(sgn*=-1)),k>n))return 0;if(k===0||k===n)return sgn;if(k===1||k===n-1)return sgn*n;for(n-k<k&&(k=n-k),s=floor(MAX_SAFE_INTEGER/n),res=1,d=1;d<=k&&!(res>s);d++)res*=n,res/=d,--n;return d>k?sgn*res:(b=binomcoef(n,k-d+1),b===PINF?sgn*b:(c=binomcoef(k,k-d+1),g=gcd(b,c),b/=g,c/=g,res/=c,sgn*res*b))}module.exports=binomcoef})),require_lib$12=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$10()})),require_binomial_ccdf=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_61_0/boost/math/special_functions/beta.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var binomcoef=require_lib$12(),floor=require_lib$99(),pow=require_lib$59(),MIN_VALUE=require_lib$83();function binomialCCDF(n,k,x,y){var startTerm,result=pow(x,n),start,term,i;if(result>MIN_VALUE)for(term=result,i=floor(n-1);i>k;i--)term*=(i+1)*y/((n-i)*x),result+=term;else if(start=floor(n*x),start<=k+1&&(start=floor(k+2)),result=pow(x,start)*pow(y,n-start),result*=binomcoef(floor(n),floor(start)),result===0)for(i=start-1;i>k;i--)result+=pow(x,i)*pow(y,n-i),result*=binomcoef(floor(n),floor(i));else{for(term=result,startTerm=result,i=start-1;i>k;i--)term*=(i+1)*y/((n-i)*x),result+=term;for(term=startTerm,i=start+1;i<=n;i++)term*=(n-i+1)*x/(i*y),result+=term}return result}module.exports=binomialCCDF})),require_ibeta_a_step=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_61_0/boost/math/special_functions/beta.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var ibetaPowerTerms=require_ibeta_power_terms();function ibetaAStep(a,b,x,y,k,normalized,out){var prefix=ibetaPowerTerms(a,b,x,y,normalized),term,sum,i;if(out&&(out[1]=prefix),prefix/=a,prefix===0)return prefix;for(sum=1,term=1,i=0;i<k-1;++i)term*=(a+b+i)*x/(a+i+1),sum+=term;return prefix*=sum,prefix}module.exports=ibetaAStep})),require_ibeta_series=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_64_0/boost/math/special_functions/beta.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var lanczosSumExpGScaled=require_lib$41(),sumSeries=require_lib$45(),log1p=require_lib$33(),sqrt=require_lib$70(),exp=require_lib$58(),pow=require_lib$59(),ln=require_lib$100(),MIN_VALUE=require_lib$83(),MAX_LN=require_lib$52(),MIN_LN=require_lib$43(),G=require_lib$38(),E=require_lib$37(),opts={maxTerms:100};function ibetaSeriesT(a,b,x,result){var poch=1-b,n=1;return next;function next(){var r=result/a;return a+=1,result*=poch*x/n,n+=1,poch+=1,r}}function ibetaSeries(a,b,x,s0,normalized,out,y){var result,agh,bgh,cgh,l1,l2,c,s;return normalized?(c=a+b,agh=a+G-.5,bgh=b+G-.5,cgh=c+G-.5,result=lanczosSumExpGScaled(c)/(lanczosSumExpGScaled(a)*lanczosSumExpGScaled(b)),l1=ln(cgh/bgh)*(b-.5),l2=ln(x*cgh/agh)*a,l1>MIN_LN&&l1<MAX_LN&&l2>MIN_LN&&l2<MAX_LN?(a*b<bgh*10?result*=exp((b-.5)*log1p(a/bgh)):result*=pow(cgh/bgh,b-.5),result*=pow(x*cgh/agh,a),result*=sqrt(agh/E),out&&(out[1]=result*pow(y,b))):(result=ln(result)+l1+l2+(ln(agh)-1)/2,out&&(out[1]=exp(result+b*ln(y))),result=exp(result))):result=pow(x,a),result<MIN_VALUE?s0:(s=ibetaSeriesT(a,b,x,result),opts.initialValue=s0,sumSeries(s,opts))}module.exports=ibetaSeries})),require_assign=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_61_0/boost/math/special_functions/beta.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* (C) Copyright John Maddock 2006.
* (C) Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var isnan=require_lib$133(),expm1=require_lib$35(),floor=require_lib$99(),log1p=require_lib$33(),asin=require_lib$23(),beta=require_lib$22(),sqrt=require_lib$70(),exp=require_lib$58(),pow=require_lib$59(),max=require_lib$39(),min=require_lib$55(),MAX_FLOAT64=require_lib$49(),MIN_FLOAT64=require_lib$83(),MAX_INT32=require_lib$21(),HALF_PI=require_lib$20(),PI=require_lib$73(),betaSmallBLargeASeries=require_beta_small_b_large_a_series(),risingFactorialRatio=require_rising_factorial_ratio(),ibetaPowerTerms=require_ibeta_power_terms(),ibetaFraction2=require_ibeta_fraction2(),binomialCCDF=require_binomial_ccdf(),ibetaAStep=require_ibeta_a_step(),ibetaSeries=require_ibeta_series(),ONE_OVER_PI=1/PI;function ibetaImp(x,a,b,regularized,upper,out,stride,offset){var lambda,prefix,fract,bbar,div,tmp,i0,i1,k,n,p,y=1-x;if(i0=offset,i1=offset+stride,out[i1]=-1,isnan(x)||x<0||x>1)return out[i0]=NaN,out[i1]=NaN,out;if(regularized){if(a<0||b<0)return out[i0]=NaN,out[i1]=NaN,out;if(a===0){if(b===0)return out[i0]=NaN,out[i1]=NaN,out;if(b>0)return out[i0]=+!upper,out}else if(b===0&&a>0)return out[i0]=+!!upper,out}else if(a<=0||b<=0)return out[i0]=NaN,out[i1]=NaN,out;return x===0?(a===1?out[i1]=1:out[i1]=a<1?MAX_FLOAT64/2:MIN_FLOAT64*2,upper?(out[i0]=regularized?1:beta(a,b),out):(out[i0]=0,out)):x===1?(b===1?out[i1]=1:out[i1]=b<1?MAX_FLOAT64/2:MIN_FLOAT64*2,upper?out[i0]=0:out[i0]=regularized?1:beta(a,b),out):a===.5&&b===.5?(out[i1]=ONE_OVER_PI*sqrt(y*x),p=asin(sqrt(upper?y:x)),p/=HALF_PI,regularized||(p*=PI),out[i0]=p,out):(a===1&&(tmp=b,b=a,a=tmp,tmp=y,y=x,x=tmp,upper=!upper),b===1?a===1?(out[i0]=upper?y:x,out[i1]=1,out):(out[i1]=a*pow(x,a-1),p=y<.5?upper?-expm1(a*log1p(-y)):exp(a*log1p(-y)):upper?-(pow(x,a)-1):pow(x,a),regularized||(p/=a),out[i0]=p,out):(min(a,b)<=1?(x>.5&&(tmp=b,b=a,a=tmp,tmp=y,y=x,x=tmp,upper=!upper),max(a,b)<=1?a>=min(.2,b)||pow(x,a)<=.9?upper?(fract=-(regularized?1:beta(a,b)),upper=!1,fract=-ibetaSeries(a,b,x,fract,regularized,out,y)):fract=ibetaSeries(a,b,x,0,regularized,out,y):(tmp=b,b=a,a=tmp,tmp=y,y=x,x=tmp,upper=!upper,y>=.3?upper?(fract=-(regularized?1:beta(a,b)),upper=!1,fract=-ibetaSeries(a,b,x,fract,regularized,out,y)):fract=ibetaSeries(a,b,x,0,regularized,out,y):(prefix=regularized?1:risingFactorialRatio(a+b,a,20),fract=ibetaAStep(a,b,x,y,20,regularized,out),upper?(fract-=regularized?1:beta(a,b),upper=!1,fract=-betaSmallBLargeASeries(a+20,b,x,y,fract,prefix,regularized)):fract=betaSmallBLargeASeries(a+20,b,x,y,fract,prefix,regularized))):b<=1||x<.1&&pow(b*x,a)<=.7?upper?(fract=-(regularized?1:beta(a,b)),upper=!1,fract=-ibetaSeries(a,b,x,fract,regularized,out,y)):fract=ibetaSeries(a,b,x,0,regularized,out,y):(tmp=b,b=a,a=tmp,tmp=y,y=x,x=tmp,upper=!upper,y>=.3?upper?(fract=-(regularized?1:beta(a,b)),upper=!1,fract=-ibetaSeries(a,b,x,fract,regularized,out,y)):fract=ibetaSeries(a,b,x,0,regularized,out,y):a>=15?upper?(fract=-(regularized?1:beta(a,b)),upper=!1,fract=-betaSmallBLargeASeries(a,b,x,y,fract,1,regularized)):fract=betaSmallBLargeASeries(a,b,x,y,0,1,regularized):(prefix=regularized?1:risingFactorialRatio(a+b,a,20),fract=ibetaAStep(a,b,x,y,20,regularized,out),upper?(fract-=regularized?1:beta(a,b),upper=!1,fract=-betaSmallBLargeASeries(a+20,b,x,y,fract,prefix,regularized)):fract=betaSmallBLargeASeries(a+20,b,x,y,fract,prefix,regularized)))):(lambda=a<b?a-(a+b)*x:(a+b)*y-b,lambda<0&&(tmp=b,b=a,a=tmp,tmp=y,y=x,x=tmp,upper=!upper),b<40?floor(a)===a&&floor(b)===b&&a<MAX_INT32-100?(k=a-1,n=b+k,fract=binomialCCDF(n,k,x,y),regularized||(fract*=beta(a,b))):b*x<=.7?upper?(fract=-(regularized?1:beta(a,b)),upper=!1,fract=-ibetaSeries(a,b,x,fract,regularized,out,y)):fract=ibetaSeries(a,b,x,0,regularized,out,y):a>15?(n=floor(b),n===b&&--n,bbar=b-n,prefix=regularized?1:risingFactorialRatio(a+bbar,bbar,n),fract=ibetaAStep(bbar,a,y,x,n,regularized),fract=betaSmallBLargeASeries(a,bbar,x,y,fract,1,regularized),fract/=prefix):regularized?(n=floor(b),bbar=b-n,bbar<=0&&(--n,bbar+=1),fract=ibetaAStep(bbar,a,y,x,n,regularized),fract+=ibetaAStep(a,bbar,x,y,20,regularized),upper&&--fract,fract=betaSmallBLargeASeries(a+20,bbar,x,y,fract,1,regularized),upper&&=(fract=-fract,!1)):fract=ibetaFraction2(a,b,x,y,regularized,out):fract=ibetaFraction2(a,b,x,y,regularized,out)),out[i1]<0&&(out[i1]=ibetaPowerTerms(a,b,x,y,!0)),div=y*x,out[i1]!==0&&(MAX_FLOAT64*div<out[i1]?out[i1]=MAX_FLOAT64/2:out[i1]/=div),out[i0]=upper?(regularized?1:beta(a,b))-fract:fract,out))}module.exports=ibetaImp})),require_main$9=__commonJSMin(((exports,module)=>{
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
var compute=require_assign();function kernelBetainc(x,a,b,regularized,upper){return compute(x,a,b,regularized,upper,[0,0],1,0)}module.exports=kernelBetainc})),require_lib$11=__commonJSMin(((exports,module)=>{
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
var setReadOnly=require_lib$134(),main=require_main$9();setReadOnly(main,`assign`,require_assign()),module.exports=main})),require_main$8=__commonJSMin(((exports,module)=>{
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
var kernelBetainc=require_lib$11().assign;function betainc(x,a,b,regularized,upper){var out=[0,0];return regularized=regularized!==!1,upper=upper===!0,kernelBetainc(x,a,b,regularized,upper,out,1,0),out[0]}module.exports=betainc})),require_lib$10=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$8()})),require_main$7=__commonJSMin(((exports,module)=>{
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
var isNonNegativeInteger=require_lib$25(),betainc=require_lib$10(),isnan=require_lib$133(),floor=require_lib$99(),PINF=require_lib$131();function cdf(x,n,p){return isnan(x)||isnan(n)||isnan(p)||p<0||p>1||!isNonNegativeInteger(n)||n===PINF?NaN:x<0?0:x>=n?1:(x=floor(x+1e-7),betainc(p,x+1,n-x,!0,!0))}module.exports=cdf})),require_factory$3=__commonJSMin(((exports,module)=>{
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
var isNonNegativeInteger=require_lib$25(),constantFunction=require_lib$27(),betainc=require_lib$10(),isnan=require_lib$133(),floor=require_lib$99(),PINF=require_lib$131();function factory(n,p){return isnan(n)||isnan(p)||p<0||p>1||!isNonNegativeInteger(n)||n===PINF?constantFunction(NaN):cdf;function cdf(x){return isnan(x)?NaN:x<0?0:x>=n?1:(x=floor(x+1e-7),betainc(p,x+1,n-x,!0,!0))}}module.exports=factory})),import_lib$3=__toESM(__commonJSMin(((exports,module)=>{
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
var setReadOnly=require_lib$134(),main=require_main$7();setReadOnly(main,`factory`,require_factory$3()),module.exports=main}))(),1);function mcnemar(gained,lost){if(![gained,lost].every(count=>Number.isInteger(count)&&count>=0))throw RangeError(`${gained} gained and ${lost} lost are no counts`);return Math.min(1,2*(0,import_lib$3.default)(Math.min(gained,lost),gained+lost,.5))}
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
* The original C code, long comment, copyright, license, and constants are from [Cephes]{@link http://www.netlib.org/cephes}. The implementation follows the original, but has been modified for JavaScript.
*
* ```text
* Copyright 1984, 1995, 2000 by Stephen L. Moshier
*
* Some software in this archive may be from the book _Methods and Programs for Mathematical Functions_ (Prentice-Hall or Simon & Schuster International, 1989) or from the Cephes Mathematical Library, a commercial product. In either event, it is copyrighted by the author. What you see here may be used freely but it comes with no support or guarantee.
*
* Stephen L. Moshier
* moshier@na-net.ornl.gov
* ```
*/
var require_main$6=__commonJSMin(((exports,module)=>{var isnan=require_lib$133(),asin=require_lib$23(),sqrt=require_lib$70(),PIO4=require_lib$24(),MOREBITS=6123233995736766e-32;function acos(x){var z;return isnan(x)||x<-1||x>1?NaN:x>.5?2*asin(sqrt(.5-.5*x)):(z=PIO4-asin(x),z+=MOREBITS,z+=PIO4,z)}module.exports=acos})),require_lib$8=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$6()})),require_lib$7=__commonJSMin(((exports,module)=>{
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
module.exports=1.4142135623730951})),require_polyval_co14=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.16666666666666666:.16666666666666666+x*.16666666666666666}module.exports=evalpoly})),require_polyval_co15=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.058333333333333334:.058333333333333334+x*(.06666666666666667+x*.008333333333333333)}module.exports=evalpoly})),require_polyval_co16=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.0251984126984127:.0251984126984127+x*(.026785714285714284+x*(.0017857142857142857+x*.0001984126984126984))}module.exports=evalpoly})),require_polyval_co17=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.012039792768959435:.012039792768959435+x*(.010559964726631394+x*(-.0011078042328042327+x*(.0003747795414462081+x*27557319223985893e-22)))}module.exports=evalpoly})),require_polyval_co18=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.003837005972422639:.003837005972422639+x*(.00610392115600449+x*(-.0016095979637646305+x*(.0005945867404200738+x*(-6270542728876062e-20+x*2.505210838544172e-8))))}module.exports=evalpoly})),require_polyval_co19=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.0032177478835464946:.0032177478835464946+x*(.0010898206731540065+x*(-.0012579159844784845+x*(.0006908420797309686+x*(-.00016376804137220805+x*(154012654012654e-19+x*16059043836821613e-26)))))}module.exports=evalpoly})),require_polyval_co20=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.001743826229834001:.001743826229834001+x*(3353097688001788e-20+x*(-.0007624513544032393+x*(.0006451304695145635+x*(-.000249472580470431+x*(49255746366361444e-21+x*(-39851014346715405e-22+x*7647163731819816e-28))))))}module.exports=evalpoly})),require_polyval_co21=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.0009647274732138864:.0009647274732138864+x*(-.0003110108632631878+x*(-.00036307660358786886+x*(.0005140660578834113+x*(-.00029133414466938067+x*(9086710793521991e-20+x*(-15303004486655377e-21+x*(10914179173496788e-22+x*28114572543455206e-31)))))))}module.exports=evalpoly})),require_polyval_co22=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?.0005422926281312969:.0005422926281312969+x*(-.0003694266780000966+x*(-.00010230378073700413+x*(.00035764655430568635+x*(-.00028690924218514614+x*(.00012645437628698076+x*(-33202652391372056e-21+x*(4890304529197534e-21+x*(-3.123956959982987e-7+x*822063524662433e-32))))))))}module.exports=evalpoly})),require_inverse_students_t_body_series=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_62_0/boost/math/special_functions/detail/t_distribution_inv.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
* Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var gammaDeltaRatio=require_lib$17(),evalpoly=require_lib$129(),sqrt=require_lib$70(),PI=require_lib$73(),polyval1=require_polyval_co14(),polyval2=require_polyval_co15(),polyval3=require_polyval_co16(),polyval4=require_polyval_co17(),polyval5=require_polyval_co18(),polyval6=require_polyval_co19(),polyval7=require_polyval_co20(),polyval8=require_polyval_co21(),polyval9=require_polyval_co22(),c0=0,c=[1,0,0,0,0,0,0,0,0,0];function inverseStudentsTBodySeries(df,u){var idf,v=gammaDeltaRatio(df/2,.5)*sqrt(df*PI)*(u-.5);return idf=1/df,c[1]=polyval1(idf),c[2]=polyval2(idf),c[3]=polyval3(idf),c[4]=polyval4(idf),c[5]=polyval5(idf),c[6]=polyval6(idf),c[7]=polyval7(idf),c[8]=polyval8(idf),c[9]=polyval9(idf),c0+v*evalpoly(c,v*v)}module.exports=inverseStudentsTBodySeries})),require_inverse_students_t_tail_series=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_61_0/boost/math/special_functions/detail/t_distribution_inv.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
* Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var gammaDeltaRatio=require_lib$17(),evalpoly=require_lib$129(),sqrt=require_lib$70(),pow=require_lib$59(),PI=require_lib$73(),d=[0,0,0,0,0,0,0];function inverseStudentsTTailSeries(df,v){var result,power,div,np2,np4,np6,rn,w=gammaDeltaRatio(df/2,.5)*sqrt(df*PI)*v;return np2=df+2,np4=df+4,np6=df+6,d[0]=1,d[1]=-(df+1)/(2*np2),np2*=df+2,d[2]=-df*(df+1)*(df+3)/(8*np2*np4),np2*=df+2,d[3]=-df*(df+1)*(df+5)*((3*df+7)*df-2)/(48*np2*np4*np6),np2*=df+2,np4*=df+4,d[4]=-df*(df+1)*(df+7)*(((((15*df+154)*df+465)*df+286)*df-336)*df+64)/(384*np2*np4*np6*(df+8)),np2*=df+2,d[5]=-df*(df+1)*(df+3)*(df+9)*((((((35*df+452)*df+1573)*df+600)*df-2020)*df+928)*df-128)/(1280*np2*np4*np6*(df+8)*(df+10)),np2*=df+2,np4*=df+4,np6*=df+6,d[6]=-df*(df+1)*(df+11)*(((((((((((945*df+31506)*df+425858)*df+2980236)*df+11266745)*df+20675018)*df+7747124)*df-22574632)*df-8565600)*df+18108416)*df-7099392)*df+884736)/(46080*np2*np4*np6*(df+8)*(df+10)*(df+12)),rn=sqrt(df),div=pow(rn*w,1/df),power=div*div,result=evalpoly(d,power),result*=rn,result/=div,-result}module.exports=inverseStudentsTTailSeries})),require_inverse_students_t_hill=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_61_0/boost/math/special_functions/detail/t_distribution_inv.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
* Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var erfcinv=require_lib$69(),expm1=require_lib$35(),sqrt=require_lib$70(),pow=require_lib$59(),HALF_PI=require_lib$20(),SQRT2=require_lib$7();function inverseStudentsTHill(ndf,u){var a,b,c,d,q,x,y;return ndf>0x56bc75e2d63100000?-erfcinv(2*u)*SQRT2:(a=1/(ndf-.5),b=48/(a*a),c=((20700*a/b-98)*a-16)*a+96.36,d=((94.5/(b+c)-3)/b+1)*sqrt(a*HALF_PI)*ndf,y=pow(d*2*u,2/ndf),y>.05+a?(x=-erfcinv(2*u)*SQRT2,y=x*x,ndf<5&&(c+=.3*(ndf-4.5)*(x+.6)),c+=(((.05*d*x-5)*x-7)*x-2)*x+b,y=(((((.4*y+6.3)*y+36)*y+94.5)/c-y-3)/b+1)*x,y=expm1(a*y*y)):y=((1/(((ndf+6)/(ndf*y)-.089*d-.822)*(ndf+2)*3)+.5/(ndf+4))*y-1)*(ndf+1)/(ndf+2)+1/y,q=sqrt(ndf*y),-q)}module.exports=inverseStudentsTHill})),require_inverse_students_t=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_62_0/boost/math/special_functions/detail/t_distribution_inv.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
* Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var erfcinv=require_lib$69(),floor=require_lib$99(),ldexp=require_lib$80(),round=require_lib$77(),acos=require_lib$8(),sqrt=require_lib$70(),abs=require_lib$125(),cos=require_lib$75(),pow=require_lib$59(),sin=require_lib$74(),SQRT2=require_lib$7(),PI=require_lib$73(),inverseStudentsTBodySeries=require_inverse_students_t_body_series(),inverseStudentsTTailSeries=require_inverse_students_t_tail_series(),inverseStudentsTHill=require_inverse_students_t_hill(),DF_THRESHOLD=268435456,ONE_THIRD=1/3,EXP=106/3,C=.8549879733383485;function inverseStudentsT(df,u,v){var crossover,tolerance,rootAlpha,invert,result=0,alpha,tmp,p0,p2,p4,p5,p,r,x,a,b;if(u>v?(tmp=v,v=u,u=tmp,invert=!0):invert=!1,floor(df)===df&&df<20)switch(tolerance=ldexp(1,EXP),floor(df)){case 1:result=u===.5?0:-cos(PI*u)/sin(PI*u);break;case 2:result=(2*u-1)/sqrt(2*u*v);break;case 4:alpha=4*u*v,rootAlpha=sqrt(alpha),r=4*cos(acos(rootAlpha)/3)/rootAlpha,x=sqrt(r-4),result=u-.5<0?-x:x;break;case 6:if(u<1e-150)return(invert?-1:1)*inverseStudentsTHill(df,u);a=4*(u-u*u),b=pow(a,ONE_THIRD),p=6*(1+C*(1/b-1));do p2=p*p,p4=p2*p2,p5=p*p4,p0=p,p=2*(8*a*p5-270*p2+2187)/(5*(4*a*p4-216*p-243));while(abs((p-p0)/p)>tolerance);p=sqrt(p-df),result=u-.5<0?-p:p;break;default:df>DF_THRESHOLD?result=erfcinv(2*u)*SQRT2:df<3?(crossover=.2742-df*.0242143,result=u>crossover?inverseStudentsTBodySeries(df,u):inverseStudentsTTailSeries(df,u)):(crossover=ldexp(1,round(df/-.654)),result=u>crossover?inverseStudentsTHill(df,u):inverseStudentsTTailSeries(df,u))}else df>DF_THRESHOLD?result=-erfcinv(2*u)*SQRT2:df<3?(crossover=.2742-df*.0242143,result=u>crossover?inverseStudentsTBodySeries(df,u):inverseStudentsTTailSeries(df,u)):(crossover=ldexp(1,round(df/-.654)),result=u>crossover?inverseStudentsTHill(df,u):inverseStudentsTTailSeries(df,u));return invert?-result:result}module.exports=inverseStudentsT})),require_find_ibeta_inv_from_t_dist=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_62_0/boost/math/special_functions/detail/t_distribution_inv.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
* Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var inverseStudentsT=require_inverse_students_t();function findIBetaInvFromTDist(a,p,py){var df,u=p/2,v=1-u,t;return df=a*2,t=inverseStudentsT(df,u,v),py&&(py.value=t*t/(df+t*t)),df/(df+t*t)}module.exports=findIBetaInvFromTDist})),require_temme1=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_64_0/boost/math/special_functions/detail/ibeta_inverse.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
* Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var evalpoly=require_lib$129(),erfcinv=require_lib$69(),sqrt=require_lib$70(),exp=require_lib$58(),SQRT2=require_lib$7(),workspace=[0,0,0,0,0,0,0],terms=[0,0,0,0];function temme1(a,b,z){var eta0=erfcinv(2*z),eta2,eta,B2,B3,B,c;return eta0/=-sqrt(a/2),terms[0]=eta0,B=b-a,B2=B*B,B3=B2*B,workspace[0]=-B*SQRT2/2,workspace[1]=(1-2*B)/8,workspace[2]=-(B*SQRT2/48),workspace[3]=-1/192,workspace[4]=-B*SQRT2/3840,workspace[5]=0,workspace[6]=0,terms[1]=evalpoly(workspace,eta0),workspace[0]=B*SQRT2*(3*B-2)/12,workspace[1]=(20*B2-12*B+1)/128,workspace[2]=B*SQRT2*(20*B-1)/960,workspace[3]=(16*B2+30*B-15)/4608,workspace[4]=B*SQRT2*(21*B+32)/53760,workspace[5]=(-(32*B2)+63)/368640,workspace[6]=-B*SQRT2*(120*B+17)/25804480,terms[2]=evalpoly(workspace,eta0),workspace[0]=B*SQRT2*(-75*B2+80*B-16)/480,workspace[1]=(-1080*B3+868*B2-90*B-45)/9216,workspace[2]=B*SQRT2*(-1190*B2+84*B+373)/53760,workspace[3]=(-2240*B3-2508*B2+2100*B-165)/368640,workspace[4]=0,workspace[5]=0,workspace[6]=0,terms[3]=evalpoly(workspace,eta0),eta=evalpoly(terms,1/a),eta2=eta*eta,c=-exp(-eta2/2),eta2===0?.5:(1+eta*sqrt((1+c)/eta2))/2}module.exports=temme1})),require_root_finder=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_62_0/boost/math/special_functions/detail/ibeta_inverse.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
* Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var ln=require_lib$100(),BIG=require_lib$49()/4;function temmeRootFinder(t,a){return roots;function roots(x){var f1,f,y=1-x;return y===0||x===0?[-BIG,-BIG]:(f=ln(x)+a*ln(y)+t,f1=1/x-a/y,[f,f1])}}module.exports=temmeRootFinder})),require_main$5=__commonJSMin(((exports,module)=>{
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
var isnan=require_lib$133();function signum(x){return x===0||isnan(x)?x:x<0?-1:1}module.exports=signum})),require_lib$6=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$5()})),require_newton_raphson=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_62_0/boost/math/tools/roots.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var sign=require_lib$6(),abs=require_lib$125(),ldexp=require_lib$80(),MAX_VALUE=require_lib$49();function newtonRaphsonIterate(fun,guess,min,max,digits,maxIter){var f0last,delta1,delta2,factor,result,count,delta,res,f0=0,f1;f0last=0,result=guess,factor=ldexp(1,1-digits),delta=MAX_VALUE,delta1=MAX_VALUE,delta2=MAX_VALUE,count=maxIter;do{if(f0last=f0,delta2=delta1,delta1=delta,res=fun(result),f0=res[0],f1=res[1],--count,f0===0)break;if(f1===0?(f0last===0&&(guess=result===min?max:min,f0last=fun(guess),delta=guess-result),delta=sign(f0last)*sign(f0)<0?delta<0?(result-min)/2:(result-max)/2:delta<0?(result-max)/2:(result-min)/2):delta=f0/f1,abs(delta*2)>abs(delta2)&&(delta=delta>0?(result-min)/2:(result-max)/2),guess=result,result-=delta,result<=min){if(delta=.5*(guess-min),result=guess-delta,result===min||result===max)break}else if(result>=max&&(delta=.5*(guess-max),result=guess-delta,result===min||result===max))break;delta>0?max=guess:min=guess}while(count&&abs(result*factor)<abs(delta));return result}module.exports=newtonRaphsonIterate})),require_polyval_co1=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-1:-1+x*(-5+x*5)}module.exports=evalpoly})),require_polyval_co2=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?1:1+x*(21+x*(-69+x*46))}module.exports=evalpoly})),require_polyval_co3=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?7:7+x*(-2+x*(33+x*(-62+x*31)))}module.exports=evalpoly})),require_polyval_co4=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?25:25+x*(-52+x*(-17+x*(88+x*(-115+x*46))))}module.exports=evalpoly})),require_polyval_co5=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?7:7+x*(12+x*(-78+x*52))}module.exports=evalpoly})),require_polyval_co6=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-7:-7+x*(2+x*(183+x*(-370+x*185)))}module.exports=evalpoly})),require_polyval_co7=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-533:-533+x*(776+x*(-1835+x*(10240+x*(-13525+x*5410))))}module.exports=evalpoly})),require_polyval_co8=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?-1579:-1579+x*(3747+x*(-3372+x*(-15821+x*(45588+x*(-45213+x*15071)))))}module.exports=evalpoly})),require_polyval_co9=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?449:449+x*(-1259+x*(-769+x*(6686+x*(-9260+x*3704))))}module.exports=evalpoly})),require_polyval_co10=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?63149:63149+x*(-151557+x*(140052+x*(-727469+x*(2239932+x*(-2251437+x*750479)))))}module.exports=evalpoly})),require_polyval_co11=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?29233:29233+x*(-78755+x*(105222+x*(146879+x*(-1602610+x*(3195183+x*(-2554139+x*729754))))))}module.exports=evalpoly})),require_polyval_co12=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?1:1+x*(-13+x*13)}module.exports=evalpoly})),require_polyval_co13=__commonJSMin(((exports,module)=>{
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
function evalpoly(x){return x===0?1:1+x*(21+x*(-69+x*46))}module.exports=evalpoly})),require_temme2=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_64_0/boost/math/special_functions/detail/ibeta_inverse.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
* Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var evalpoly=require_lib$129(),erfcinv=require_lib$69(),abs=require_lib$125(),exp=require_lib$58(),ln=require_lib$100(),sqrt=require_lib$70(),sin=require_lib$74(),cos=require_lib$75(),temmeRootFinder=require_root_finder(),newtonRaphsonIterate=require_newton_raphson(),polyval1=require_polyval_co1(),polyval2=require_polyval_co2(),polyval3=require_polyval_co3(),polyval4=require_polyval_co4(),polyval5=require_polyval_co5(),polyval6=require_polyval_co6(),polyval7=require_polyval_co7(),polyval8=require_polyval_co8(),polyval9=require_polyval_co9(),polyval10=require_polyval_co10(),polyval11=require_polyval_co11(),polyval12=require_polyval_co12(),polyval13=require_polyval_co13(),workspace=[0,0,0,0,0,0],terms=[0,0,0,0];function temme2(z,r,theta){var upper,lower,alpha,roots,eta0=erfcinv(2*z)/-sqrt(r/2),eta,sc7,sc6,sc5,sc4,sc3,sc2,sc,lu,s2,c2,c,s=sin(theta),u,x;return c=cos(theta),terms[0]=eta0,s2=s*s,c2=c*c,sc=s*c,sc2=sc*sc,sc3=sc2*sc,sc4=sc2*sc2,sc5=sc2*sc3,sc6=sc3*sc3,sc7=sc4*sc3,workspace[0]=(2*s2-1)/(3*sc),workspace[1]=-polyval1(s2)/(36*sc2),workspace[2]=polyval2(s2)/(1620*sc3),workspace[3]=polyval3(s2)/(6480*sc4),workspace[4]=polyval4(s2)/(90720*sc5),workspace[5]=0,terms[1]=evalpoly(workspace,eta0),workspace[0]=-polyval5(s2)/(405*sc3),workspace[1]=polyval6(s2)/(2592*sc4),workspace[2]=-polyval7(s2)/(204120*sc5),workspace[3]=-polyval8(s2)/(2099520*sc6),workspace[4]=0,workspace[5]=0,terms[2]=evalpoly(workspace,eta0),workspace[0]=polyval9(s2)/(102060*sc5),workspace[1]=-polyval10(s2)/(20995200*sc6),workspace[2]=polyval11(s2)/(36741600*sc7),workspace[3]=0,workspace[4]=0,workspace[5]=0,terms[3]=evalpoly(workspace,eta0),eta=evalpoly(terms,1/r),alpha=c/s,alpha*=alpha,lu=-(eta*eta)/(2*s2)+ln(s2)+c2*ln(c2)/s2,abs(eta)<.7?(workspace[0]=s2,workspace[1]=sc,workspace[2]=(1-2*s2)/3,workspace[3]=polyval12(s2)/(36*sc),workspace[4]=polyval13(s2)/(270*sc2),workspace[5]=0,x=evalpoly(workspace,eta)):(u=exp(lu),workspace[0]=u,workspace[1]=alpha,workspace[2]=0,workspace[3]=3*alpha*(3*alpha+1)/6,workspace[4]=4*alpha*(4*alpha+1)*(4*alpha+2)/24,workspace[5]=5*alpha*(5*alpha+1)*(5*alpha+2)*(5*alpha+3)/120,x=evalpoly(workspace,u),(x-s2)*eta<0&&(x=1-x)),eta<0?(lower=0,upper=s2):(lower=s2,upper=1),(x<lower||x>upper)&&(x=(lower+upper)/2),roots=temmeRootFinder(-lu,alpha),x=newtonRaphsonIterate(roots,x,lower,upper,32,100),x}module.exports=temme2})),require_lib$5=__commonJSMin(((exports,module)=>{
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
module.exports=5e-324})),require_temme3=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_64_0/boost/math/special_functions/detail/ibeta_inverse.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
* Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var gammaincinv=require_lib$28(),ln=require_lib$100(),sqrt=require_lib$70(),SMALLEST_SUBNORMAL=require_lib$5(),temmeRootFinder=require_root_finder(),newtonRaphsonIterate=require_newton_raphson();function temme3(a,b,p,q){var cross,roots,lower,upper,eta0=p<q?gammaincinv(p,b,!0):gammaincinv(q,b,!1),eta,w10,w12,w13,w14,e1,e2,e3,mu,d2,d3,d4,w2,w3,w4,w5,w6,w7,w8,w9,w1,d,w,u,x;return eta0/=a,mu=b/a,w=sqrt(1+mu),w2=w*w,w3=w2*w,w4=w2*w2,w5=w3*w2,w6=w3*w3,w7=w4*w3,w8=w4*w4,w9=w5*w4,w10=w5*w5,d=eta0-mu,d2=d*d,d3=d2*d,d4=d2*d2,w1=w+1,w12=w1*w1,w13=w1*w12,w14=w12*w12,e1=(w+2)*(w-1)/(3*w),e1+=(w3+9*w2+21*w+5)*d/(36*w2*w1),e1-=(w4-13*w3+69*w2+167*w+46)*d2/(1620*w12*w3),e1-=(7*w5+21*w4+70*w3+26*w2-93*w-31)*d3/(6480*w13*w4),e1-=(75*w6+202*w5+188*w4-888*w3-1345*w2+118*w+138)*d4/(272160*w14*w5),e2=(28*w4+131*w3+402*w2+581*w+208)*(w-1)/(1620*w1*w3),e2-=(35*w6-154*w5-623*w4-1636*w3-3983*w2-3514*w-925)*d/(12960*w12*w4),e2-=(2132*w7+7915*w6+16821*w5+35066*w4+87490*w3+141183*w2+95993*w+21640)*d2/(816480*w5*w13),e2-=(11053*w8+53308*w7+117010*w6+163924*w5+116188*w4-258428*w3-677042*w2-481940*w-105497)*d3/(14696640*w14*w6),e3=-((3592*w7+8375*w6-1323*w5-29198*w4-89578*w3-154413*w2-116063*w-29632)*(w-1))/(816480*w5*w12),e3-=(442043*w9+2054169*w8+3803094*w7+3470754*w6+2141568*w5-2393568*w4-19904934*w3-34714674*w2-23128299*w-5253353)*d/(146966400*w6*w13),e3-=(116932*w10+819281*w9+2378172*w8+4341330*w7+6806004*w6+10622748*w5+18739500*w4+30651894*w3+30869976*w2+15431867*w+2919016)*d2/(146966400*w14*w7),eta=eta0+e1/a+e2/(a*a)+e3/(a*a*a),eta<=0&&(eta=SMALLEST_SUBNORMAL),u=eta-mu*ln(eta)+(1+mu)*ln(1+mu)-mu,cross=1/(1+mu),lower=eta<mu?cross:0,upper=eta<mu?1:cross,x=(lower+upper)/2,roots=temmeRootFinder(u,mu),newtonRaphsonIterate(roots,x,lower,upper,32,100)}module.exports=temme3})),require_halley_iterate=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_62_0/boost/math/tools/roots.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var abs=require_lib$125(),ldexp=require_lib$80(),sign=require_lib$6(),max=require_lib$39(),MAX_VALUE=require_lib$49();function halleyIterate(fun,guess,minimum,maximum,digits,maxIter){var convergence,outOfBounds,delta1,delta2,factor,result,f0Last,count,delta,denom,diff,num,res,f0=0,f1,f2;outOfBounds=!1,result=guess,factor=ldexp(1,1-digits),delta=max(1e7*guess,1e7),f0Last=0,delta1=delta,delta2=delta,count=maxIter;do{if(f0Last=f0,delta2=delta1,delta1=delta,res=fun(result),f0=res[0],f1=res[1],f2=res[2],--count,f0===0)break;if(f1===0?(f0Last===0&&(guess=result===minimum?maximum:minimum,f0Last=fun(guess),delta=guess-result),delta=sign(f0Last)*sign(f0)<0?delta<0?(result-minimum)/2:(result-maximum)/2:delta<0?(result-maximum)/2:(result-minimum)/2):f2===0?delta=f0/f1:(denom=2*f0,num=2*f1-f2/f1*f0,delta=abs(num)<1&&abs(denom)>=abs(num)*MAX_VALUE?f0/f1:denom/num,delta*f1/f0<0&&(delta=f0/f1,abs(delta)>2*abs(guess)&&(delta=(delta<0?-1:1)*2*abs(guess)))),convergence=abs(delta/delta2),convergence>.8&&convergence<2&&(delta=delta>0?(result-minimum)/2:(result-maximum)/2,abs(delta)>result&&(delta=sign(delta)*result),delta2=delta*3),guess=result,result-=delta,result<minimum){if(diff=abs(minimum)<1&&abs(result)>1&&MAX_VALUE/abs(result)<abs(minimum)?1e3:result/minimum,abs(diff)<1&&(diff=1/diff),!outOfBounds&&diff>0&&diff<3)delta=.99*(guess-minimum),result=guess-delta,outOfBounds=!0;else if(delta=(guess-minimum)/2,result=guess-delta,result===minimum||result===maximum)break}else if(result>maximum){if(diff=abs(maximum)<1&&abs(result)>1&&MAX_VALUE/abs(result)<abs(maximum)?1e3:result/maximum,abs(diff)<1&&(diff=1/diff),!outOfBounds&&diff>0&&diff<3)delta=.99*(guess-maximum),result=guess-delta,outOfBounds=!0;else if(delta=(guess-maximum)/2,result=guess-delta,result===minimum||result===maximum)break}delta>0?maximum=guess:minimum=guess}while(count&&abs(result*factor)<abs(delta));return result}module.exports=halleyIterate})),require_ibeta_roots=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_64_0/boost/math/special_functions/detail/ibeta_inverse.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
* Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var kernelBetainc=require_lib$11().assign,abs=require_lib$125(),FLOAT64_MAX=require_lib$49(),FLOAT64_MIN_NORM=require_lib$83();function ibetaRoots(a,b,target,invert){return roots;function roots(x){var buf,f1,f2,f,y=1-x;return buf=[0,0],kernelBetainc(x,a,b,!0,invert,buf,1,0),f=buf[0]-target,f1=buf[1],invert&&(f1=-f1),y===0&&(y=FLOAT64_MIN_NORM*64),x===0&&(x=FLOAT64_MIN_NORM*64),f2=f1*(-(y*a)+(b-2)*x+1),abs(f2)<y*x*FLOAT64_MAX&&(f2/=y*x),invert&&(f2=-f2),f1===0&&(f1=(invert?-1:1)*FLOAT64_MIN_NORM*64),[f,f1,f2]}}module.exports=ibetaRoots})),require_main$4=__commonJSMin(((exports,module)=>{
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
* The original C++ code and copyright notice are from the [Boost library]{@link http://www.boost.org/doc/libs/1_62_0/boost/math/special_functions/detail/ibeta_inverse.hpp}. The implementation has been modified for JavaScript.
*
* ```text
* Copyright John Maddock 2006.
* Copyright Paul A. Bristow 2007.
*
* Use, modification and distribution are subject to the
* Boost Software License, Version 1.0. (See accompanying file
* LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
* ```
*/
var evalpoly=require_lib$129(),betainc=require_lib$10(),expm1=require_lib$35(),log1p=require_lib$33(),asin=require_lib$23(),beta=require_lib$22(),sqrt=require_lib$70(),abs=require_lib$125(),exp=require_lib$58(),pow=require_lib$59(),sin=require_lib$74(),max=require_lib$39(),min=require_lib$55(),ln=require_lib$100(),FLOAT64_MIN_NORM=require_lib$83(),HALF_PI=require_lib$20(),EPSILON=require_lib$46(),findIBetaInvFromTDist=require_find_ibeta_inv_from_t_dist(),temme1=require_temme1(),temme2=require_temme2(),temme3=require_temme3(),halleyIterate=require_halley_iterate(),ibetaRoots=require_ibeta_roots(),DIGITS=32,MAX_ITERATIONS=1e3,terms=[0,0,0,0,0];function ibetaInvImp(a,b,p,q){var digits,invert=!1,lambda,lower,theta,upper,roots,maxv,minv,bet,ppa,tmp,xs2,ap1,bm1,fs,lx,ps,xg,xs,yp,a2,a3,b2,r,l,u,x,y;if(q===0)return[1,0];if(p===0)return[0,1];if(a===1){if(b===1)return[p,1-p];tmp=b,b=a,a=tmp,tmp=q,q=p,p=tmp,invert=!0}if(x=0,lower=0,upper=1,a===.5){if(b===.5)return x=sin(p*HALF_PI),x*=x,y=sin(q*HALF_PI),y*=y,[x,y];b>.5&&(tmp=b,b=a,a=tmp,tmp=q,q=p,p=tmp,invert=!invert)}if(b===.5&&a>=.5&&p!==1)yp={},x=findIBetaInvFromTDist(a,p,yp),y=yp.value;else if(b===1)return p<q?a>1?(x=pow(p,1/a),y=-expm1(ln(p)/a)):(x=pow(p,1/a),y=1-x):(x=exp(log1p(-q)/a),y=-expm1(log1p(-q)/a)),invert&&(tmp=y,y=x,x=tmp),[x,y];else if(a+b>5)p>.5&&(tmp=b,b=a,a=tmp,tmp=q,q=p,p=tmp,invert=!invert),minv=min(a,b),maxv=max(a,b),sqrt(minv)>maxv-minv&&minv>5?(x=temme1(a,b,p),y=1-x):(r=a+b,theta=asin(sqrt(a/r)),lambda=minv/r,lambda>=.2&&lambda<=.8&&r>=10?(ppa=pow(p,1/a),x=ppa<.0025&&a+b<200?ppa*pow(a*beta(a,b),1/a):temme2(p,r,theta),y=1-x):(a<b&&(tmp=b,b=a,a=tmp,tmp=q,q=p,p=tmp,invert=!invert),bet=0,b<2&&(bet=beta(a,b)),bet===0?y=1:(y=pow(b*q*bet,1/b),x=1-y)),y>1e-5&&(x=temme3(a,b,p,q),y=1-x));else if(a<1&&b<1){if(xs=(1-a)/(2-a-b),fs=betainc(xs,a,b)-p,abs(fs)/p<EPSILON*3)return invert?[1-xs,xs]:[xs,1-xs];fs<0&&(tmp=b,b=a,a=tmp,tmp=q,q=p,p=tmp,invert=!invert,xs=1-xs),xg=pow(a*p*beta(a,b),1/a),x=xg/(1+xg),y=1/(1+xg),x>xs&&(x=xs),upper=xs}else a>1&&b>1?(xs=(a-1)/(a+b-2),xs2=(b-1)/(a+b-2),ps=betainc(xs,a,b)-p,ps<0&&(tmp=b,b=a,a=tmp,tmp=q,q=p,p=tmp,tmp=xs2,xs2=xs,xs=tmp,invert=!invert),lx=ln(p*a*beta(a,b))/a,x=exp(lx),y=x<.9?1-x:-expm1(lx),b<a&&x<.2&&(ap1=a-1,bm1=b-1,a2=a*a,a3=a*a2,b2=b*b,terms[0]=0,terms[1]=1,terms[2]=bm1/ap1,ap1*=ap1,terms[3]=bm1*(3*a*b+5*b+a2-a-4)/(2*(a+2)*ap1),ap1*=a+1,terms[4]=bm1*(33*a*b2+31*b2+8*a2*b2-30*a*b-47*b+11*a2*b+6*a3*b+18+4*a-a3+a2*a2-10*a2),terms[4]/=3*(a+3)*(a+2)*ap1,x=evalpoly(terms,x)),x>xs&&(x=xs),upper=xs):(b<a&&(tmp=b,b=a,a=tmp,tmp=q,q=p,p=tmp,invert=!invert),pow(p,1/a)<.5?(x=pow(p*a*beta(a,b),1/a),x===0&&(x=FLOAT64_MIN_NORM),y=1-x):(y=pow(1-pow(p,b*beta(a,b)),1/b),y===0&&(y=FLOAT64_MIN_NORM),x=1-y));return x>.5&&(tmp=b,b=a,a=tmp,tmp=q,q=p,p=tmp,tmp=y,y=x,x=tmp,invert=!invert,l=1-upper,u=1-lower,lower=l,upper=u),lower===0&&(invert?(lower=EPSILON,x<lower&&(x=lower)):lower=FLOAT64_MIN_NORM,x<lower&&(x=lower)),digits=DIGITS,x<1e-50&&(a<1||b<1)&&(digits*=3,digits/=2),roots=ibetaRoots(a,b,p<q?p:q,p>=q),x=halleyIterate(roots,x,lower,upper,digits,MAX_ITERATIONS),x===lower&&(x=0),invert?[1-x,x]:[x,1-x]}module.exports=ibetaInvImp})),require_lib$4=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$4()})),require_main$3=__commonJSMin(((exports,module)=>{
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
var kernelBetaincinv=require_lib$4(),isnan=require_lib$133(),sign=require_lib$6(),sqrt=require_lib$70();function quantile(p,v){var prob,xs;return isnan(v)||isnan(p)||v<=0||p<0||p>1?NaN:(prob=p>.5?1-p:p,xs=kernelBetaincinv(v/2,.5,2*prob,1-2*prob),sign(p-.5)*sqrt(v*xs[1]/xs[0]))}module.exports=quantile})),require_factory$2=__commonJSMin(((exports,module)=>{
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
var constantFunction=require_lib$27(),kernelBetaincinv=require_lib$4(),isnan=require_lib$133(),sign=require_lib$6(),sqrt=require_lib$70();function factory(v){return isnan(v)||v<=0?constantFunction(NaN):quantile;function quantile(p){var prob,xs;return isnan(p)||p<0||p>1?NaN:(prob=p>.5?1-p:p,xs=kernelBetaincinv(v/2,.5,2*prob,1-2*prob),sign(p-.5)*sqrt(v*xs[1]/xs[0]))}}module.exports=factory})),import_lib$2=__toESM(__commonJSMin(((exports,module)=>{
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
var setReadOnly=require_lib$134(),main=require_main$3();setReadOnly(main,`factory`,require_factory$2()),module.exports=main}))(),1);function tInterval({estimate,se,df},level){if(se===null||df===null)return null;if(se===0)return[estimate,estimate];let reach=(0,import_lib$2.default)((1+level)/2,df)*se;return[estimate-reach,estimate+reach]}
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
var require_main$2=__commonJSMin(((exports,module)=>{var betainc=require_lib$10(),isnan=require_lib$133(),pow=require_lib$59();function cdf(x,v){var x2,p,z;return isnan(x)||isnan(v)||v<=0?NaN:x===0?.5:(x2=pow(x,2),v>2*x2?(z=x2/(v+x2),p=betainc(z,.5,v/2,!0,!0)/2):(z=v/(v+x2),p=betainc(z,v/2,.5,!0,!1)/2),x>0?1-p:p)}module.exports=cdf})),require_factory$1=__commonJSMin(((exports,module)=>{
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
var constantFunction=require_lib$27(),betainc=require_lib$10(),isnan=require_lib$133(),pow=require_lib$59();function factory(v){return isnan(v)||v<=0?constantFunction(NaN):cdf;function cdf(x){var x2,p,z;return isnan(x)?NaN:x===0?.5:(x2=pow(x,2),v>2*x2?(z=x2/(v+x2),p=betainc(z,.5,v/2,!0,!0)/2):(z=v/(v+x2),p=betainc(z,v/2,.5,!0,!1)/2),x>0?1-p:p)}}module.exports=factory})),import_lib$1=__toESM(__commonJSMin(((exports,module)=>{
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
var setReadOnly=require_lib$134(),main=require_main$2();setReadOnly(main,`factory`,require_factory$1()),module.exports=main}))(),1);function tTest({estimate,se,df}){return se===null||df===null?null:se===0?estimate===0?1:null:Math.min(1,2*(0,import_lib$1.default)(-Math.abs(estimate/se),df))}
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
var require_rational_p1q1=__commonJSMin(((exports,module)=>{function evalrational(x){var ax,s1,s2;return x===0?-.0005087819496582806:(ax=x<0?-x:x,ax<=1?(s1=-.0005087819496582806+x*(-.008368748197417368+x*(.03348066254097446+x*(-.012692614766297404+x*(-.03656379714117627+x*(.02198786811111689+x*(.008226878746769157+x*(-.005387729650712429+x*(0+x*0)))))))),s2=1+x*(-.9700050433032906+x*(-1.5657455823417585+x*(1.5622155839842302+x*(.662328840472003+x*(-.7122890234154284+x*(-.05273963823400997+x*(.07952836873415717+x*(-.0023339375937419+x*.0008862163904564247))))))))):(x=1/x,s1=0+x*(0+x*(-.005387729650712429+x*(.008226878746769157+x*(.02198786811111689+x*(-.03656379714117627+x*(-.012692614766297404+x*(.03348066254097446+x*(-.008368748197417368+x*-.0005087819496582806)))))))),s2=.0008862163904564247+x*(-.0023339375937419+x*(.07952836873415717+x*(-.05273963823400997+x*(-.7122890234154284+x*(.662328840472003+x*(1.5622155839842302+x*(-1.5657455823417585+x*(-.9700050433032906+x*1))))))))),s1/s2)}module.exports=evalrational})),require_rational_p2q2=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.20243350835593876:(ax=x<0?-x:x,ax<=1?(s1=-.20243350835593876+x*(.10526468069939171+x*(8.3705032834312+x*(17.644729840837403+x*(-18.851064805871424+x*(-44.6382324441787+x*(17.445385985570866+x*(21.12946554483405+x*-3.6719225470772936))))))),s2=1+x*(6.242641248542475+x*(3.971343795334387+x*(-28.66081804998+x*(-20.14326346804852+x*(48.560921310873994+x*(10.826866735546016+x*(-22.643693341313973+x*1.7211476576120028)))))))):(x=1/x,s1=-3.6719225470772936+x*(21.12946554483405+x*(17.445385985570866+x*(-44.6382324441787+x*(-18.851064805871424+x*(17.644729840837403+x*(8.3705032834312+x*(.10526468069939171+x*-.20243350835593876))))))),s2=1.7211476576120028+x*(-22.643693341313973+x*(10.826866735546016+x*(48.560921310873994+x*(-20.14326346804852+x*(-28.66081804998+x*(3.971343795334387+x*(6.242641248542475+x*1)))))))),s1/s2)}module.exports=evalrational})),require_rational_p3q3=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.1311027816799519:(ax=x<0?-x:x,ax<=1?(s1=-.1311027816799519+x*(-.16379404719331705+x*(.11703015634199525+x*(.38707973897260434+x*(.3377855389120359+x*(.14286953440815717+x*(.029015791000532906+x*(.0021455899538880526+x*(-6.794655751811263e-7+x*(2.8522533178221704e-8+x*-681149956853777e-24))))))))),s2=1+x*(3.4662540724256723+x*(5.381683457070069+x*(4.778465929458438+x*(2.5930192162362027+x*(.848854343457902+x*(.15226433829533179+x*(.011059242293464892+x*(0+x*(0+x*0)))))))))):(x=1/x,s1=-681149956853777e-24+x*(2.8522533178221704e-8+x*(-6.794655751811263e-7+x*(.0021455899538880526+x*(.029015791000532906+x*(.14286953440815717+x*(.3377855389120359+x*(.38707973897260434+x*(.11703015634199525+x*(-.16379404719331705+x*-.1311027816799519))))))))),s2=0+x*(0+x*(0+x*(.011059242293464892+x*(.15226433829533179+x*(.848854343457902+x*(2.5930192162362027+x*(4.778465929458438+x*(5.381683457070069+x*(3.4662540724256723+x*1)))))))))),s1/s2)}module.exports=evalrational})),require_rational_p4q4=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.0350353787183178:(ax=x<0?-x:x,ax<=1?(s1=-.0350353787183178+x*(-.0022242652921344794+x*(.018557330651423107+x*(.009508047013259196+x*(.0018712349281955923+x*(.00015754461742496055+x*(460469890584318e-20+x*(-2304047769118826e-25+x*26633922742578204e-28))))))),s2=1+x*(1.3653349817554064+x*(.7620591645536234+x*(.22009110576413124+x*(.03415891436709477+x*(.00263861676657016+x*(7646752923027944e-20+x*(0+x*0)))))))):(x=1/x,s1=26633922742578204e-28+x*(-2304047769118826e-25+x*(460469890584318e-20+x*(.00015754461742496055+x*(.0018712349281955923+x*(.009508047013259196+x*(.018557330651423107+x*(-.0022242652921344794+x*-.0350353787183178))))))),s2=0+x*(0+x*(7646752923027944e-20+x*(.00263861676657016+x*(.03415891436709477+x*(.22009110576413124+x*(.7620591645536234+x*(1.3653349817554064+x*1)))))))),s1/s2)}module.exports=evalrational})),require_rational_p5q5=__commonJSMin(((exports,module)=>{
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
function evalrational(x){var ax,s1,s2;return x===0?-.016743100507663373:(ax=x<0?-x:x,ax<=1?(s1=-.016743100507663373+x*(-.0011295143874558028+x*(.001056288621524929+x*(.00020938631748758808+x*(14962478375834237e-21+x*(4.4969678992770644e-7+x*(4.625961635228786e-9+x*(-2811287356288318e-29+x*9905570997331033e-32))))))),s2=1+x*(.5914293448864175+x*(.1381518657490833+x*(.016074608709367652+x*(.0009640118070051656+x*(27533547476472603e-21+x*(2.82243172016108e-7+x*(0+x*0)))))))):(x=1/x,s1=9905570997331033e-32+x*(-2811287356288318e-29+x*(4.625961635228786e-9+x*(4.4969678992770644e-7+x*(14962478375834237e-21+x*(.00020938631748758808+x*(.001056288621524929+x*(-.0011295143874558028+x*-.016743100507663373))))))),s2=0+x*(0+x*(2.82243172016108e-7+x*(27533547476472603e-21+x*(.0009640118070051656+x*(.016074608709367652+x*(.1381518657490833+x*(.5914293448864175+x*1)))))))),s1/s2)}module.exports=evalrational})),require_main$1=__commonJSMin(((exports,module)=>{
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
var isnan=require_lib$133(),sqrt=require_lib$70(),ln=require_lib$100(),PINF=require_lib$131(),NINF=require_lib$127(),rationalFcnR1=require_rational_p1q1(),rationalFcnR2=require_rational_p2q2(),rationalFcnR3=require_rational_p3q3(),rationalFcnR4=require_rational_p4q4(),rationalFcnR5=require_rational_p5q5(),Y1=.08913147449493408,Y2=2.249481201171875,Y3=.807220458984375,Y4=.9399557113647461,Y5=.9836282730102539;function erfinv(x){var sign,ax,qs,q,g,r;return isnan(x)?NaN:x===1?PINF:x===-1?NINF:x===0?x:x>1||x<-1?NaN:(x<0?(sign=-1,ax=-x):(sign=1,ax=x),q=1-ax,ax<=.5?(g=ax*(ax+10),r=rationalFcnR1(ax),sign*(g*Y1+g*r)):q>=.25?(g=sqrt(-2*ln(q)),q-=.25,r=rationalFcnR2(q),sign*(g/(Y2+r))):(q=sqrt(-ln(q)),q<3?(qs=q-1.125,r=rationalFcnR3(qs),sign*(Y3*q+r*q)):q<6?(qs=q-3,r=rationalFcnR4(qs),sign*(Y4*q+r*q)):(qs=q-6,r=rationalFcnR5(qs),sign*(Y5*q+r*q))))}module.exports=erfinv})),require_lib$1=__commonJSMin(((exports,module)=>{
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
module.exports=require_main$1()})),require_main=__commonJSMin(((exports,module)=>{
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
var erfinv=require_lib$1(),isnan=require_lib$133(),sqrt=require_lib$70();function quantile(p,mu,sigma){var A,B;return isnan(mu)||isnan(sigma)||isnan(p)||sigma<0||p<0||p>1?NaN:sigma===0?mu:(A=mu,B=sigma*sqrt(2),A+B*erfinv(2*p-1))}module.exports=quantile})),require_factory=__commonJSMin(((exports,module)=>{
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
var constantFunction=require_lib$27(),degenerate=require_lib$26().factory,erfinv=require_lib$1(),isnan=require_lib$133(),sqrt=require_lib$70();function factory(mu,sigma){var A,B;return isnan(mu)||isnan(sigma)||sigma<0?constantFunction(NaN):(sigma===0&&degenerate(mu),A=mu,B=sigma*sqrt(2),quantile);function quantile(p){return isnan(p)||p<0||p>1?NaN:A+B*erfinv(2*p-1)}}module.exports=factory})),require_lib=__commonJSMin(((exports,module)=>{
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
var setReadOnly=require_lib$134(),main=require_main();setReadOnly(main,`factory`,require_factory()),module.exports=main})),import_lib=__toESM(require_lib(),1);function tangoInterval(gained,lost,n,level){if(![gained,lost,n-gained-lost].every(count=>Number.isInteger(count)&&count>=0))throw RangeError(`${gained} gained and ${lost} lost are no counts of ${n} pairs`);if(n===0)return[-1,1];let z=(0,import_lib.default)((1+level)/2,0,1);return[-upperEnd(lost,gained,n,z),upperEnd(gained,lost,n,z)]}function upperEnd(gained,lost,n,z){let low=(gained-lost)/n,high=1;for(;;){let middle=(low+high)/2;if(middle<=low||middle>=high)return high;let distance=n*middle-(gained-lost),variance=n*(2*likelyLost(middle,gained,lost,n)+middle*(1-middle));distance*distance<=z*z*variance?low=middle:high=middle}}function likelyLost(difference,gained,lost,n){let a=2*n,b=(2*n-gained+lost)*difference-gained-lost,c=-lost*difference*(1-difference);return(Math.sqrt(Math.max(0,b*b-4*a*c))-b)/(2*a)}function wilsonInterval(share,n,level,df){if(n===0)return[0,1];let tail=(1+level)/2,z=df===void 0?(0,import_lib.default)(tail,0,1):(0,import_lib$2.default)(tail,df),shrink=1+z*z/n,center=(share+z*z/(2*n))/shrink,reach=z/shrink*Math.sqrt(share*(1-share)/n+z*z/(4*n*n));return[share===0?0:Math.max(0,center-reach),share===1?1:Math.min(1,center+reach)]}const PRESUMED_EVENTS=.5;function wilsonDesignInterval({estimate,se,df},{items,clusters},level){if(se===null||df===null)return null;let share=Math.min(1,Math.max(0,estimate)),rarer=Math.min(share,1-share),events=clusters*rarer,deff=(clusters*items*se*se/(1-rarer)+PRESUMED_EVENTS*Math.sqrt(items/clusters))/(events+PRESUMED_EVENTS),unsure=(1-clusters/items)*(events/(events+PRESUMED_EVENTS)),few=Math.min(df,2*(events+PRESUMED_EVENTS));return wilsonInterval(share,items/deff,level,1/((1-unsure)/df+unsure/few))}function effectiveSize(n,{weights,clusters}={}){let total=0,squares=0,byCluster=new Map;for(let i=0;i<n;i++){let weight=weights?weights[i]:1;total+=weight,squares+=weight*weight,clusters&&byCluster.set(clusters[i],(byCluster.get(clusters[i])??0)+weight)}if(total===0)return{items:0,clusters:0};let items=total**2/squares;if(!clusters)return{items,clusters:items};let clusterSquares=0;for(let weight of byCluster.values())clusterSquares+=weight*weight;return{items,clusters:total**2/clusterSquares}}function splitStrata(values,stratification){let{strata,weights,clusters,stratumWeights}=stratification;if(strata.length!==values.length)throw RangeError(`${values.length} values, but ${strata.length} strata`);let places=new Map;strata.forEach((stratum,place)=>{let own=places.get(stratum);own?own.push(place):places.set(stratum,[place])});let weigh=stratum=>{let weight=stratumWeights?stratumWeights[stratum]:1;if(weight===void 0||!(weight>0))throw RangeError(`stratum ${stratum} weighs ${weight}`);return weight},total=[...places.keys()].reduce((sum,stratum)=>sum+weigh(stratum),0);return[...places].map(([stratum,own])=>({share:weigh(stratum)/total,values:Float64Array.from(own,place=>values[place]),weights:weights&&Float64Array.from(own,place=>weights[place]),clusters:clusters&&Int32Array.from(own,place=>clusters[place])}))}function stratifiedMean(values,stratification){if(values.length===0)return null;let strata=splitStrata(values,stratification).map(stratum=>{let mean=clusteredMean(stratum.values,stratum);if(mean===null)throw RangeError(`a stratum without any weight`);return{...stratum,mean,clusters:effectiveSize(stratum.values.length,stratum).clusters}}),estimate=strata.reduce((sum,{share,mean})=>sum+share*mean.estimate,0),units=strata.reduce((sum,{mean})=>sum+mean.units,0),spread=strata.filter(({mean})=>mean.se!==null);if(spread.length===0){let means=Float64Array.from(strata,({mean})=>mean.estimate);return clusteredMean(means,{weights:Float64Array.from(strata,({share})=>share)})}let borrowed=strata.reduce((sum,{share,mean})=>sum+(mean.se===null?share**2:0),0),freedom=spread.reduce((sum,{mean})=>sum+mean.df,0),error=combine(spread.map(({mean})=>mean),spread.map(({share,mean,clusters})=>Math.sqrt(share**2+borrowed*mean.df*clusters/freedom)));return{estimate,se:error.se,df:error.df,units}}function designOf(items,benchmark){let equal=items.every(({inclusionP})=>inclusionP===items[0].inclusionP);return{items:items.length,weights:equal?void 0:Float64Array.from(items,({inclusionP})=>1/inclusionP),clusters:numberClusters(items),strata:benchmark?.harness===`livebench`?numberTasks(items):void 0}}function estimateMean(values,{strata,...sampling}){return strata?stratifiedMean(values,{...sampling,strata}):clusteredMean(values,sampling)}function isSimple({weights,clusters,strata}){return!weights&&!clusters&&!strata}function sizeOf({items,weights,clusters,strata}){if(!strata)return effectiveSize(items,{weights,clusters});let totals=new Float64Array(items),weigh=place=>weights?.[place]??1;return strata.forEach((task,place)=>{totals[task]+=weigh(place)}),effectiveSize(items,{weights:Float64Array.from(strata,(task,place)=>weigh(place)/totals[task]),clusters})}function numberClusters(items){if(items.every(({cluster})=>cluster===null))return;let known=new Map,count=0,numbers=Int32Array.from(items,({cluster})=>{if(cluster===null)return count++;let number=known.get(cluster);return number===void 0&&(number=count++,known.set(cluster,number)),number});return count<items.length?numbers:void 0}function numberTasks(items){let numbers=new Map;return Int32Array.from(items,({task})=>{let known=numbers.get(task);return known===void 0?(numbers.set(task,numbers.size),numbers.size-1):known})}function scaleOf(benchmark,task,preset){let known=benchmark?.tasks.find(({name})=>name===task)?.chance;return scaleFor(benchmark,known??benchmark?.chance??null,preset)}function scaleFor(benchmark,chance,preset){let inverted=benchmark?.direction===`lower`,counted=inverted?{slope:-1,offset:1}:{slope:1,offset:0};if(preset!==`chance`||chance===null||chance>=1||chance<=0)return counted;let guess=inverted?1-chance:chance;return{slope:counted.slope/(1-guess),offset:(counted.offset-guess)/(1-guess)}}function countedScores(items,benchmark,preset){let counted=new Float64Array(items.length),scales=new Map;return items.forEach(({task,score},place)=>{let scale=scales.get(task);scale===void 0&&(scale=scaleOf(benchmark,task,preset),scales.set(task,scale)),counted[place]=scale.offset+scale.slope*score}),counted}function commonScale(tasks,benchmark,preset){let common=null,last=null;for(let task of tasks){if(task===last)continue;last=task;let own=scaleOf(benchmark,task,preset);if(common!==null&&(own.slope!==common.slope||own.offset!==common.offset))return null;common=own}return common}function countedScore(raw,benchmark){return benchmark?.direction===`lower`?1-raw:raw}function countedSummary(result,benchmark,preset){if(result.mean===null)return null;let tasks=result.tasks.filter(({n})=>n>0),scale=commonScale(tasks.map(({task})=>task),benchmark,preset);if(scale===null&&tasks.every(({mean})=>mean!==null)){let total=tasks.reduce((sum,{n})=>sum+n,0),mean=0,variance=0;for(let task of tasks){let own=scaleOf(benchmark,task.task,preset),share=task.n/total;mean+=share*(own.offset+own.slope*task.mean),variance=variance===null||task.stderr===null?null:variance+(share*own.slope*task.stderr)**2}return{mean,stderr:variance===null?null:Math.sqrt(variance)}}let whole=scale??scaleFor(benchmark,result.chance??benchmark?.chance??null,preset);return{mean:whole.offset+whole.slope*result.mean,stderr:result.stderr===null?null:Math.abs(whole.slope)*result.stderr}}const SCORE_LEVEL=.95,NO_SCORE={estimate:null,score:null,ci:null,n:0};function scoreItems(items,benchmark,preset,design=designOf(items,benchmark)){let estimate=estimateMean(countedScores(items,benchmark,preset),design);if(estimate===null)return NO_SCORE;let scale=commonScale(items.map(({task})=>task),benchmark,preset),ci=scale===null?scoreInterval(estimate,preset):boundedInterval(items,estimate,design,scale);return{estimate,score:estimate.estimate,ci,n:items.length}}function boundedInterval(items,estimate,design,{slope,offset}){let raw={...estimate,estimate:(estimate.estimate-offset)/slope,se:estimate.se===null?null:estimate.se/Math.abs(slope)},ci=items.every(({score})=>score===0||score===1)&&isSimple(design)?wilsonInterval(raw.estimate,items.length,SCORE_LEVEL):wilsonDesignInterval(raw,sizeOf(design),SCORE_LEVEL);return ci&&onScale(ci,{slope,offset})}function onScale(ci,{slope,offset}){let ends=ci.map(end=>offset+slope*end).sort((a,b)=>a-b);return[ends[0],ends[1]]}function scoreSummary(result,benchmark,preset){let counted=countedSummary(result,benchmark,preset);if(counted===null)return NO_SCORE;let known=counted.stderr!==null&&result.n>1,estimate={estimate:counted.mean,se:known?counted.stderr:null,df:known?result.n-1:null,units:result.n},scale=estimate.se===0?commonScale(result.tasks.map(({task})=>task),benchmark,preset):null,ci=scale&&result.mean!==null?onScale(wilsonInterval(result.mean,result.n,SCORE_LEVEL),scale):scoreInterval(estimate,preset);return{estimate,score:estimate.estimate,ci,n:result.n}}function scoreInterval(estimate,preset){let ci=tInterval(estimate,SCORE_LEVEL);return ci&&[preset===`chance`?ci[0]:Math.max(0,ci[0]),Math.min(1,ci[1])]}function decideOutcome({estimate,testable,pAdjusted,equivalenceCi},bounds){if(!testable)return`inconclusive`;let rejected=pAdjusted!==null&&pAdjusted<=bounds.alpha;if(rejected&&estimate<-bounds.minimumEffect)return`regressed`;if(rejected&&estimate>bounds.minimumEffect)return`improved`;let[low,high]=equivalenceCi??[-1/0,1/0];return low>-bounds.margin&&high<bounds.margin?`equivalent`:`inconclusive`}function isTestable({se,df,units}){return se!==null&&df!==null&&units>=10&&df>=4}function pairItems(baseline,candidate){let before=inOrder(baseline),after=inOrder(candidate),pairs=haveSameItems(before,after)?{baseline:before,candidate:after}:match(before,after),smaller=Math.min(baseline.length,candidate.length);return{...pairs,share:smaller===0?0:pairs.baseline.length/smaller}}function haveSameItems(before,after){return before.length===after.length&&before.every(({docHash,task},place)=>{let other=after[place];return docHash===other.docHash&&task===other.task})}function match(before,after){let waiting=new Map;for(let item of after){let task=waiting.get(item.task)??new Map;waiting.set(item.task,task);let queue=task.get(item.docHash);queue?queue.items.push(item):task.set(item.docHash,{items:[item],taken:0})}let pairs={baseline:[],candidate:[]};for(let item of before){let queue=waiting.get(item.task)?.get(item.docHash),other=queue?.items[queue.taken];queue!==void 0&&other!==void 0&&(queue.taken++,pairs.baseline.push(item),pairs.candidate.push(other))}return pairs}function inOrder(items){let sorted=[...items];return sorted.every((item,place)=>place===0||compareItems(sorted[place-1],item)<=0)?sorted:sorted.sort(compareItems)}function compareItems(a,b){return compareText(a.task,b.task)||a.docId-b.docId}function compareText(a,b){return a<b?-1:+(a>b)}function measureDifference(score,given){let pairing=pairItems(given.baseline.items,given.candidate.items);if(pairing.share>=.8)return pairedDifference(pairing,given);let scores=score(),apart=unpairedDifference(scores,pairing,given);if(pairing.baseline.length===0)return apart;let together=pairedDifference(pairing,given);if(!(together.delta!==null&&isTestable(together.delta)&&isFiner(together.delta,apart.delta)))return apart;let smaller=Math.min(scores.baseline.n,scores.candidate.n),note=`only ${pairing.baseline.length} of ${smaller} items in common`;return{...together,reason:[note,together.reason].filter(Boolean).join(`; `)}}function differenceInterval({delta,pairs},level){if(delta===null)return null;if(pairs===null)return tInterval(delta,level);let[low,high]=tangoInterval(pairs.gained,pairs.lost,pairs.n,level);return[low*pairs.unit,high*pairs.unit]}function pairedDifference(pairing,{benchmark,preset,sameModel}){let{baseline,candidate}=withCommonInclusion(pairing),before=countedScores(baseline,benchmark,preset),differences=countedScores(candidate,benchmark,preset).map((score,i)=>score-before[i]),design=designOf(baseline,benchmark),measured=estimateMean(differences,design),flips={gained:0,lost:0};for(let difference of differences)difference>0?flips.gained++:difference<0&&flips.lost++;let pairs=measured&&!sameModel&&isBinary(pairing)&&isSimple(design)?discordant(baseline,flips,benchmark,preset):null,tested=measured&&testPaired(measured,pairs,sameModel),sameClusters=candidate.every(({cluster},i)=>cluster===baseline[i].cluster);return{baseline:scoreItems(baseline,benchmark,preset,design),candidate:scoreItems(candidate,benchmark,preset,sameClusters?design:void 0),...tested??NOT_TESTED,paired:!0,n:differences.length,flips,reason:measured&&tooFew(measured)}}function withCommonInclusion({baseline,candidate}){if(baseline.every(({inclusionP},i)=>inclusionP===candidate[i].inclusionP))return{baseline,candidate};let inclusion=baseline.map(({inclusionP},i)=>Math.min(inclusionP,candidate[i].inclusionP)),reweigh=items=>items.map((item,i)=>({...item,inclusionP:inclusion[i]}));return{baseline:reweigh(baseline),candidate:reweigh(candidate)}}const NOT_TESTED={delta:null,se:null,pairs:null,p:null,method:null};function testPaired(measured,pairs,sameModel){let tested={delta:withSpread(measured,sameModel),se:measured.se,pairs};if(!isTestable(measured))return{...tested,p:null,method:null};if(pairs)return{...tested,p:mcnemar(pairs.gained,pairs.lost),method:`mcnemar`};let p=tTest(measured);return p===null?{...tested,p:mcnemar(0,measured.units),method:`sign`}:{...tested,p,method:`t`}}function unpairedDifference(scores,pairing,{baseline,candidate,sameModel}){let before=scores.baseline.estimate,after=scores.candidate.estimate,measured=before&&after&&combine([before,after],[-1,1]),delta=measured&&withSpread(measured,sameModel),n=Math.min(scores.baseline.n,scores.candidate.n),why=baseline.items.length===0||candidate.items.length===0?`unpaired, weak: a side has no single items`:`unpaired, weak: only ${pairing.baseline.length} of ${n} items in common`,p=delta&&isTestable(delta)?tTest(delta):null;return{...scores,delta,se:measured?.se??null,pairs:null,p,method:p===null?null:`welch`,paired:!1,n,flips:null,reason:[why,delta&&tooFew(delta)].filter(Boolean).join(`; `)}}function withSpread(delta,sameModel){return delta.se!==0||sameModel&&delta.estimate===0?delta:{...delta,se:Math.SQRT2/(delta.units+2)}}function discordant(items,{gained,lost},benchmark,preset){let scale=commonScale(items.map(({task})=>task),benchmark,preset);return scale&&{gained,lost,n:items.length,unit:Math.abs(scale.slope)}}function isBinary({baseline,candidate}){let binary=({score})=>score===0||score===1;return baseline.every(binary)&&candidate.every(binary)}function isFiner(a,b){return b===null||b.se===null||a.se!==null&&a.se<b.se}function tooFew(delta){return isTestable(delta)?null:`${delta.units} independent items are too few for a test`}function indexRecord({record,items}){let results=new Map(record.benchmarks.map(result=>[result.id,result])),grouped=new Map;for(let item of items){let group=grouped.get(item.benchmark);group?group.push(item):grouped.set(item.benchmark,[item])}return id=>{let result=results.get(id)??null,gap=describeGap(result,record.suite);return{result,items:grouped.get(id)??[],measured:isMeasured(result),gap}}}function rowIds(...records){let ids=CATALOGUE.map(benchmark=>benchmark.id),others=records.flatMap(({record})=>record.benchmarks.map(({id})=>id)).sort();return[...new Set([...ids,...others])]}function nameOf(id){return findBenchmark(id)?.name??id}function isMeasured(result){return result!==null&&(result.status===`done`||result.status===`partial`)&&result.n>0}function describeGap(result,suite){if(result===null)return`not in suite ${suite}`;if(result.status===`done`&&result.n>0)return null;let fallback={done:`no item was evaluated`,partial:`only ${result.n} of ${result.planned} planned items were evaluated`,skipped:`skipped, no reason recorded`,failed:`failed, no reason recorded`}[result.status];return result.reason??fallback}function compareRow(id,sides,protocol,{preset,sameModel,force}){let benchmark=findBenchmark(id),{baseline,candidate}=sides,blockedBy=findBlocks(sides,protocol),score=()=>({baseline:scoreSide(baseline,benchmark,preset),candidate:scoreSide(candidate,benchmark,preset)}),row={id,name:nameOf(id),factor:benchmark?.factor??null,delta:null,se:null,pairs:null,p:null,method:null,paired:!1,n:0,flips:null,outcome:null,reason:null,incomplete:baseline.measured&&candidate.gap!==null,blockedBy,status:{baseline:baseline.result?.status??null,candidate:candidate.result?.status??null}};if(!baseline.measured||!candidate.measured)return{...row,...score(),blockedBy:[],...explainAbsence(baseline,candidate)};if(blockedBy.length>0&&!force)return{...row,...score(),outcome:`not-comparable`,reason:`evaluated in different ways`};let measured=measureDifference(score,{baseline,candidate,benchmark,preset,sameModel}),notes=[blockedBy.length>0&&`evaluated in different ways, compared by force`,measured.reason,baseline.gap&&`baseline: ${baseline.gap}`,candidate.gap];return{...row,...measured,reason:notes.filter(Boolean).join(`; `)||null}}function scoreSide(side,benchmark,preset){return!side.measured||side.result===null?{estimate:null,score:null,ci:null,n:0}:side.items.length===0?scoreSummary(side.result,benchmark,preset):scoreItems(side.items,benchmark,preset)}function findBlocks({baseline,candidate},protocol){let tasks=[baseline,candidate].flatMap(({result})=>result?.tasks.map(({task})=>task)??[]);return[...protocol.run,...[...new Set(tasks)].flatMap(task=>protocol.tasks.get(task)??[])]}function explainAbsence(baseline,candidate){return candidate.measured?{outcome:`no-baseline`,reason:`the baseline lacks it: ${baseline.gap}`}:{outcome:candidate.result?.status===`failed`?`failed`:`skipped`,reason:candidate.gap}}function weigh({id,n},preset){switch(preset){case`paper`:case`chance`:return findBenchmark(id)?.size??0;case`effective`:return n;case`macro`:return 1}}function compareFactors(rows,preset){return FACTORS.map(id=>compareFactor(id,rows,preset))}function factorMean(parts,preset){let present=parts.flatMap(({id,n,estimate})=>estimate?[{estimate,weight:weigh({id,n},preset)}]:[]),total=present.reduce((sum,{weight})=>sum+weight,0);return total===0?null:combine(present.map(({estimate})=>estimate),present.map(({weight})=>weight/total))}function factorShares(rows,preset){let shares=new Map;for(let factor of FACTORS){let own=rows.filter(row=>row.factor===factor&&row.delta!==null),total=own.reduce((sum,row)=>sum+weigh(row,preset),0);for(let row of own)shares.set(row.id,total===0?0:weigh(row,preset)/total)}return shares}function describeCoverage(rows){return FACTORS.map(factor=>{let own=rows.filter(row=>row.factor===factor),compared=own.filter(row=>row.delta!==null),size=list=>list.reduce((sum,{id})=>sum+weigh({id,n:0},`paper`),0);return{factor,compared:compared.length,of:own.length,weight:size(compared)/size(CATALOGUE.filter(benchmark=>benchmark.factor===factor)),missing:own.filter(row=>row.delta===null).map(({id,name,reason})=>({id,name,reason:reason??`not compared`}))}})}function compareFactor(id,rows,preset){let own=rows.filter(row=>row.factor===id),compared=own.filter(row=>row.delta!==null);if(compared.length===0)return withoutComparison(id,own,preset);let delta=factorMean(compared.map(row=>({id:row.id,n:row.n,estimate:row.delta})),preset),weak=compared.filter(row=>!row.paired).map(row=>row.name),notes=[weak.length>0?`unpaired, weak: ${weak.join(`, `)}`:null,delta&&!isTestable(delta)?`too few independent items for a test`:null],p=delta&&isTestable(delta)?tTest(delta):null;return{id,...scoreBoth(compared,preset),delta,se:delta?.se??null,pairs:null,p,method:p===null?null:`t`,paired:weak.length===0,n:compared.reduce((sum,row)=>sum+row.n,0),outcome:null,reason:notes.filter(Boolean).join(`; `)||null}}function withoutComparison(id,own,preset){let blocked=own.filter(row=>row.outcome===`not-comparable`);return{id,...scoreBoth(blocked.length>0?blocked:own,preset),delta:null,se:null,pairs:null,p:null,method:null,paired:!1,n:0,outcome:blocked.length>0?`not-comparable`:`skipped`,reason:blocked.length>0?`evaluated in different ways`:`no benchmark that both sides have`}}function scoreBoth(rows,preset){let score=side=>{let mean=factorMean(rows.map(row=>({id:row.id,n:row.n||row[side].n,estimate:row[side].estimate})),preset);return{score:mean?.estimate??null,ci:mean&&scoreInterval(mean,preset)}};return{baseline:score(`baseline`),candidate:score(`candidate`)}}export{resolveSettings as C,selectBenchmarks as D,isKnown as E,DEFAULT_CONFIG_FILE as S,settingsOf as T,require_lib$26 as _,compareRow as a,require_lib$133 as b,nameOf as c,decideOutcome as d,isTestable as f,tTest as g,require_lib as h,factorShares as i,rowIds as l,countedScore as m,describeCoverage as n,scoreSide as o,scoreInterval as p,factorMean as r,indexRecord as s,compareFactors as t,differenceInterval as u,require_lib$27 as v,SETTINGS as w,require_lib$134 as x,require_lib$28 as y};