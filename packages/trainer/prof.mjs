import * as core from '@kindling/core';
import * as tr from '@kindling/trainer';
const [d, batch] = process.argv.slice(2).map(Number);
const engine = core.createEngine();
const widths=[784,...Array(d).fill(d)];
const net = core.allocateDenseNetwork(engine,{widths,outputs:10});
let seed=1; const rnd=()=>{seed=(Math.imul(seed,1664525)+1013904223)>>>0;return seed/2**32;};
for(const {weights,biases} of net.layers){const w=new Float32Array(weights.rows*weights.columns);for(let i=0;i<w.length;i++)w[i]=(rnd()-.5)*Math.sqrt(24/weights.rows);core.writeMatrix(engine,weights,w);core.writeMatrix(engine,biases,new Float32Array(biases.columns));}
const ws=tr.allocateTraining(engine,net,batch);
const sp=core.allocateSparseRows(engine,batch,784);
const {loadDataset}=await import('@kindling/trainer/node');const {dataset}=await loadDataset('mnist',{env:process.env,cwd:process.cwd(),resolveFrom:[new URL('../../apps/cli/package.json',import.meta.url).href]});
const px=dataset.train.images?.data??dataset.train.pixels??dataset.train.images;const im=new Float32Array(batch*784);for(let i=0;i<im.length;i++)im[i]=px[i]/255;
console.log('share nonzero',im.reduce((a,b)=>a+(b!==0),0)/im.length);
core.writeSparseRows(engine,sp,im);
const labels=engine.arena.allocate(batch);for(let i=0;i<batch;i++)engine.arena.bytes(labels,batch)[i]=i%10;
const loss=(core.softmaxCrossEntropy??tr.softmaxCrossEntropy)(labels);
const opt=tr.openOptimizer(engine,net,{kind:'sgd',learningRate:.001});
const step=()=>tr.trainStep(engine,net,sp,loss,ws,opt);
for(let i=0;i<2000;i++)step();
let best=1e9;for(let r=0;r<30;r++){const n=Math.max(5,Math.round(20/ (d*d*d/1e4+.2)));const t=performance.now();for(let i=0;i<n;i++)step();best=Math.min(best,(performance.now()-t)/n);}
console.log('step ms',best.toFixed(4));
if(process.argv[4]){
const k=engine.kernels;const t={},c={};
const wrapped=new Proxy({},{get(o,p){const f=k[p];if(typeof f!=='function')return f;return (...a)=>{const s=process.hrtime.bigint();const r=f(...a);t[p]=(t[p]??0)+Number(process.hrtime.bigint()-s);c[p]=(c[p]??0)+1;return r;};}});
const e2=Object.create(engine,{kernels:{value:wrapped}});
const N=500;for(let i=0;i<N;i++)tr.trainStep(e2,net,sp,loss,ws,opt);
for(const p in t)console.log(p,c[p]/N,(t[p]/N/1000).toFixed(2),'µs');}
