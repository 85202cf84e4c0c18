import {
  bad,
  badTint,
  bar,
  declared,
  deep,
  edge,
  gold,
  good,
  ground,
  ink,
  line,
  onDeep,
  pale,
  quiet,
  sheet,
  tint,
} from '../colours.ts';

const { light, dark } = declared({
  page: ground,
  sheet,
  ink,
  quiet,
  gold,
  line,
  edge,
  tint,
  deep,
  'on-deep': onDeep,
  bad,
  'bad-tint': badTint,
  good,
  bar,
  pale,
});

/** The clothes of the dashboards: the widget's and the shop's colours, system fonts, light or dark. */
export const dashboardStyle = `
:root{color-scheme:light dark;${light}
--side:max(clamp(16px,4vw,48px),calc(50% - 572px));--serif:'Iowan Old Style','Palatino Linotype',Palatino,'Book Antiqua',Georgia,serif;
--sans:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',sans-serif}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box;margin:0}
body{background:var(--page);color:var(--ink);font:15px/1.55 var(--sans);min-height:100vh;display:flex;flex-direction:column}
h1,h2,h3,.mark{font-family:var(--serif);font-weight:500;line-height:1.2}
h1{font-size:30px;letter-spacing:-.005em}
h2{font-size:20px;margin-bottom:14px}
ul,dl,ol{list-style:none;padding:0}dd{margin:0}
a{color:var(--gold);text-underline-offset:3px}
button,input{font:inherit;color:inherit}
:focus-visible{outline:2px solid var(--gold);outline-offset:2px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px;top:8px;background:var(--deep);color:var(--on-deep);padding:8px 16px;z-index:1}
.skip:focus{left:8px}
.top{display:flex;flex-wrap:wrap;gap:8px 32px;align-items:center;padding:16px var(--side);
border-bottom:1px solid var(--line);background:var(--sheet)}
.mark{font-size:18px;letter-spacing:.14em;text-transform:uppercase}
.mark span{font:italic 16px var(--serif);letter-spacing:0;text-transform:none;color:var(--quiet)}
.top nav{flex:1}
.top nav ul{display:flex;flex-wrap:wrap;gap:4px}
.top nav a{display:block;padding:8px 12px;color:var(--ink);text-decoration:none;border-radius:2px}
.top nav a:hover{color:var(--gold)}
.top nav [aria-current]{color:var(--gold);box-shadow:inset 0 -2px var(--gold);border-radius:0}
.who{display:flex;align-items:center;gap:12px;color:var(--quiet);font-size:14px}
.who button{background:none;border:1px solid var(--edge);border-radius:2px;padding:6px 12px;min-height:36px;cursor:pointer;
color:var(--ink)}
.who button:hover{border-color:var(--gold);color:var(--gold)}
main{flex:1;width:100%;padding:36px var(--side) 64px}
main.narrow{max-width:472px;margin:0 auto;padding:56px 16px 64px}
.title{display:flex;flex-wrap:wrap;gap:12px 32px;justify-content:space-between;align-items:flex-end;margin-bottom:24px}
.lede{color:var(--quiet);margin-top:6px;max-width:84ch}
.refresh{display:flex;gap:8px;align-items:center;color:var(--quiet);font-size:14px;cursor:pointer;min-height:36px}
.refresh[hidden]{display:none}
input[type=checkbox]{width:18px;height:18px;accent-color:var(--gold);margin:0}
.filter{margin-bottom:16px}
.filters{display:flex;flex-wrap:wrap;gap:0 28px}
.filter ul,.pager ul{display:flex;flex-wrap:wrap;gap:8px}
.filter a,.pager a,.back a{display:inline-block;padding:6px 14px;border:1px solid var(--line);border-radius:2px;
background:var(--sheet);color:var(--ink);text-decoration:none;font-size:14px;min-height:36px}
.filter a:hover,.pager a:hover,.back a:hover{border-color:var(--gold);color:var(--gold)}
.filter [aria-current]{border-color:var(--gold);background:var(--tint);color:var(--gold)}
.sheet,.card{background:var(--sheet);border:1px solid var(--line);border-radius:4px}
.sheet{overflow-x:auto}
.card{padding:24px;min-width:0}
table{width:100%;border-collapse:collapse}
thead th{font-weight:400;font-size:13px;color:var(--quiet);text-align:left;white-space:nowrap;padding:12px 18px;
border-bottom:1px solid var(--line)}
tbody td,tbody th{padding:13px 18px;text-align:left;vertical-align:top;font-weight:400;border-top:1px solid var(--line)}
tbody tr:first-child>*{border-top:0}
tbody tr:hover{background:var(--tint)}
th.lead{white-space:nowrap}
.number{text-align:right!important;font-variant-numeric:tabular-nums;white-space:nowrap}
.urgent>*:first-child{box-shadow:inset 3px 0 var(--bad)}
.soon>*:first-child{box-shadow:inset 3px 0 var(--gold)}
td .label,th .label{display:none}
time{white-space:nowrap;font-variant-numeric:tabular-nums}
.exact{display:block;color:var(--quiet);font-size:13px}
.quiet,.none,.count{color:var(--quiet)}
.count{font-size:14px}
.under{display:block;color:var(--quiet);font-size:13px}
.wide{min-width:18ch;max-width:52ch;overflow-wrap:anywhere;display:block}
.pill{display:inline-block;font-size:13px;line-height:1.5;padding:1px 9px;border-radius:10px;border:1px solid var(--line);
white-space:nowrap;background:var(--tint)}
.pill.good{color:var(--good)}
.pill.bad{color:var(--bad);background:var(--bad-tint);border-color:transparent}
.pill.warn{color:var(--gold);border-color:var(--gold);background:none}
.pager,main>.count{margin-top:18px}
.pager{display:flex;flex-wrap:wrap;gap:10px 24px;align-items:center;justify-content:space-between}
.back{margin-bottom:20px}
.empty{background:var(--sheet);border:1px dashed var(--line);border-radius:4px;padding:56px 24px;text-align:center}
.empty h2{margin-bottom:6px}
.empty p{color:var(--quiet);max-width:52ch;margin:0 auto}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:20px}
.grid.two{grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr))}
.grid .full{grid-column:1/-1}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,200px),1fr));gap:16px 24px}
.facts dt{color:var(--quiet);font-size:13px}
.facts dd{overflow-wrap:anywhere}
.words{white-space:pre-wrap;overflow-wrap:anywhere;max-width:72ch}
.talk li{padding:12px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
.talk li:first-child{border-top:0;padding-top:0}
.talk .who-said{color:var(--quiet);font-size:13px}
.way li{display:flex;flex-wrap:wrap;justify-content:space-between;gap:2px 24px;padding:10px 0;border-top:1px solid var(--line)}
.way li:first-child{border-top:0;padding-top:0}
.sums{display:grid;grid-template-columns:repeat(auto-fill,minmax(max(150px,18%),1fr));gap:1px;background:var(--sheet);
border:1px solid var(--line);border-radius:4px;overflow:hidden;margin-bottom:20px}
.sums>div{background:var(--sheet);padding:16px 18px;box-shadow:0 0 0 1px var(--line)}
.sums dt{color:var(--quiet);font-size:13px}
.sums dd{font:500 26px/1.3 var(--serif);font-variant-numeric:tabular-nums lining-nums}
.sums small{display:block;font:13px/1.4 var(--sans);color:var(--quiet)}
.chart svg{display:block;width:100%;height:auto;overflow:visible}
.chart .bar{fill:var(--pale)}
.chart .line{fill:none;stroke:var(--ink);stroke-width:1.5;stroke-linejoin:round;vector-effect:non-scaling-stroke}
.chart .axis{stroke:var(--line);vector-effect:non-scaling-stroke}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;color:var(--quiet);font-size:13px;margin-bottom:12px}
.legend i{display:inline-block;width:14px;height:10px;margin-right:7px;background:var(--pale)}
.legend .stroke{height:2px;background:var(--ink);vertical-align:4px}
.ends{display:flex;justify-content:space-between;color:var(--quiet);font-size:13px;margin-top:8px;font-variant-numeric:tabular-nums}
.bars{display:grid;gap:12px}
.bars li{display:grid;grid-template-columns:1fr auto;gap:4px 16px}
.bars .value{font-variant-numeric:tabular-nums;text-align:right}
.bars svg{grid-column:1/-1;display:block;width:100%;height:8px;background:var(--tint);border-radius:1px}
.bars rect{fill:var(--bar)}
.bars .value small{color:var(--quiet);font-size:13px;margin-left:8px}
details{margin-top:16px}
summary{cursor:pointer;color:var(--gold);min-height:32px}
.login{display:grid;gap:16px}
.login label{display:grid;gap:6px;font-size:14px}
.login input{min-height:44px;padding:9px 12px;border:1px solid var(--edge);border-radius:2px;background:var(--page);width:100%}
.login button{min-height:44px;border:0;border-radius:2px;background:var(--deep);color:var(--on-deep);letter-spacing:.03em;
cursor:pointer}
.complaint{color:var(--bad)}
code{font:13px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{background:var(--tint);padding:14px 16px;border-radius:3px;white-space:pre-wrap;overflow-wrap:anywhere}
footer{border-top:1px solid var(--line);padding:20px var(--side);color:var(--quiet);font-size:13px}
footer dl{display:flex;flex-wrap:wrap;gap:4px 28px}
footer div{display:flex;gap:8px;min-width:0}
footer dt::after{content:':'}
footer dd{overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
@media (max-width:720px){
.filter ul{flex-wrap:nowrap;overflow-x:auto;padding:3px;margin:0 -3px}
.filter a{white-space:nowrap}
h1{font-size:26px}
main{padding-top:24px}
.top{gap:8px 12px;justify-content:space-between;flex-wrap:wrap}
.mark{font-size:17px}.mark span{display:none}
.top nav{order:3;flex:0 0 100%;margin:0 -5px;width:calc(100% + 10px)}
.top nav ul{gap:0;justify-content:space-between}
.top nav a{padding:10px 5px;font-size:14px}
.who span{display:none}
.sheet{background:none;border:0;overflow:visible}
table,tbody,tr,td,tbody th{display:block;width:100%}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{background:var(--sheet);border:1px solid var(--line);border-radius:4px;padding:8px 0;margin-bottom:12px}
tbody td,tbody th,tbody tr:first-child>*{display:flex;justify-content:space-between;gap:20px;padding:5px 16px;border:0}
th.lead{font-size:17px;font-family:var(--serif)}
th.lead .label{display:none}
td .label{display:block;color:var(--quiet);font-size:14px;flex:none}
td .cell{text-align:right;min-width:0;overflow-wrap:anywhere}
td .wide{text-align:left;min-width:0}
.urgent>*:first-child,.soon>*:first-child{box-shadow:none}
tr.urgent{border-left:3px solid var(--bad)}tr.soon{border-left:3px solid var(--gold)}
.card{padding:18px}
}
@media print{
main,.top,footer{padding-left:0;padding-right:0}
:root{--page:#fff;--sheet:#fff;--ink:#000;--quiet:#444;--gold:#000;--line:#bbb;--tint:#fff;--bar:#777;color-scheme:light}
.top nav,.who,.filter,.pager ul,.refresh,.skip,.back{display:none}
tr,.card,.sums>div{break-inside:avoid}
body{font-size:11pt}
}
`;
