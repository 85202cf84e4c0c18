import {
  bad,
  declared,
  deep,
  edge,
  gold,
  ink,
  line,
  metals,
  onDeep,
  quiet,
  sheet,
  widgetSoft,
  widgetTint,
} from '../colours.ts';

const { light, dark } = declared({
  page: sheet,
  ink,
  quiet,
  gold,
  line,
  edge,
  soft: widgetSoft,
  deep,
  'on-deep': onDeep,
  bad,
  tint: widgetTint,
});

/** The widget's clothes. System fonts only; light or dark as the customer has it. */
export const style = `
:host{${light}position:fixed;right:24px;bottom:24px;z-index:2147483000;color-scheme:light dark;
--serif:'Iowan Old Style','Palatino Linotype',Palatino,'Book Antiqua',Georgia,serif;
--sans:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',sans-serif;
font:15px/1.55 var(--sans);color:var(--ink)}
@media (prefers-color-scheme:dark){:host{${dark}}}
*{box-sizing:border-box}
[hidden]{display:none!important}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
h2,h3,p,ul,ol,dl,dd,fieldset{margin:0;padding:0;border:0}
ul,ol{list-style:none}
h2,h3{font-family:var(--serif);font-weight:500;line-height:1.25}
h2{font-size:22px;letter-spacing:.01em}
h3{font-size:18px}
a{color:var(--gold);text-underline-offset:3px}
button,input,select,textarea{font:inherit;color:inherit}
button{cursor:pointer;border-radius:2px;min-height:44px;background:none;border:1px solid transparent}
:focus-visible{outline:2px solid var(--gold);outline-offset:2px}
.launch{background:var(--deep);color:var(--on-deep);padding:0 26px;border-radius:28px;min-height:52px;
font-family:var(--serif);font-size:17px;letter-spacing:.02em;box-shadow:0 8px 30px #0003}
dialog{position:fixed;inset:auto 24px 24px auto;margin:0;padding:0;width:420px;height:min(720px,100dvh - 48px);
max-width:none;max-height:none;border:1px solid var(--line);border-radius:6px;background:var(--page);color:var(--ink);
box-shadow:0 24px 70px #0004;overflow:hidden}
dialog[open]{display:flex;flex-direction:column}
dialog::backdrop{background:#1d181340}
.head{display:flex;align-items:center;gap:8px;padding:18px 14px 16px 26px;border-bottom:1px solid var(--line)}
.head>div{flex:1;min-width:0}
.eyebrow{font-size:11px;letter-spacing:.18em;text-transform:uppercase;color:var(--gold)}
.listed-count{padding:0 6px;font-size:14px;color:var(--gold)}
.close{width:44px;font-size:24px;line-height:1;color:var(--quiet)}
.log{flex:1;min-height:0;overflow-y:auto;overscroll-behavior:contain;position:relative;padding:24px 26px 8px}
.log:focus-visible{outline-offset:-3px}
.turn{display:flex;flex-direction:column;gap:14px;margin-bottom:20px;outline:none}
.bubble{max-width:88%;overflow-wrap:anywhere}
.ours{font-family:var(--serif);font-size:17px;line-height:1.5}
.theirs{align-self:flex-end;background:var(--soft);padding:9px 16px;border-radius:16px 16px 2px 16px}
.quiet,.hint,.optional{color:var(--quiet);font-size:14px}
.card{border:1px solid var(--line);border-radius:4px;padding:20px;display:flex;flex-direction:column;gap:10px;
background:var(--page)}
.menu{display:flex;flex-direction:column;border-top:1px solid var(--line)}
.menu button{width:100%;text-align:left;padding:0 4px;border-bottom:1px solid var(--line);border-radius:0;min-height:48px;
display:flex;align-items:center;justify-content:space-between}
.menu button::after{content:'\\203a';content:'\\203a'/'';color:var(--gold);font-size:20px}
.menu button:hover{color:var(--gold)}
.primary{background:var(--deep);color:var(--on-deep);padding:0 22px;letter-spacing:.03em}
.primary:hover{filter:brightness(1.15)}
.secondary{border-color:var(--edge);padding:0 16px}
.secondary:hover{border-color:var(--gold);color:var(--gold)}
.secondary[aria-pressed=true]{background:var(--tint);border-color:var(--gold);color:var(--gold)}
[aria-disabled=true]{cursor:default}
.plain{padding:0 6px;color:var(--gold);text-decoration:underline;text-underline-offset:3px}
.actions{display:flex;flex-wrap:wrap;gap:8px}
.pieces{display:flex;flex-direction:column;gap:12px}
.cards{display:grid;gap:14px}
.piece{padding:0 0 14px;gap:4px;overflow:hidden;position:relative}
.piece>:not(.picture,.badges){margin-left:18px;margin-right:18px}
.piece h3{margin-top:10px}
.piece .actions{margin-top:8px}
.picture{height:150px;background:var(--tint);display:grid;place-items:center}
.picture svg{height:120px;fill:none;stroke:var(--gold);stroke-width:1.4;stroke-linejoin:round;stroke-linecap:round}
.picture img{width:100%;height:100%;object-fit:cover}
${Object.entries(metals)
  .map(([metal, colour]) => `[data-metal='${metal}'] svg{stroke:${colour}}`)
  .join('')}
.badges{position:absolute;top:12px;left:12px;display:flex;gap:6px}
.badges li{background:var(--page);color:var(--gold);font-size:11px;letter-spacing:.08em;padding:3px 9px;border-radius:2px}
.price{font-variant-numeric:tabular-nums}
.facts{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;font-size:14px}
.facts dt{color:var(--quiet)}
.offer{background:var(--soft);border-color:transparent}
.offer .primary{margin-top:6px}
.timeline{margin:6px 0 4px}
.step{position:relative;padding:0 0 16px 24px;display:flex;flex-direction:column}
.step::before{content:'';position:absolute;left:0;top:7px;width:9px;height:9px;border-radius:50%;background:var(--gold)}
.step::after{content:'';position:absolute;left:4px;top:18px;bottom:-5px;width:1px;background:var(--line)}
.step:last-child{padding-bottom:2px}
.step:last-child::after{display:none}
.step.current .label{font-weight:600}
.step.current::before{outline:4px solid var(--tint)}
.notice{background:var(--tint);padding:12px 14px;border-radius:3px}
.form{gap:16px}
.field{display:flex;flex-direction:column;gap:5px;min-width:0}
.field label,legend{font-size:14px;padding:0}
legend{margin-bottom:6px}
input:not([type=radio],[type=checkbox]),select,textarea{width:100%;min-height:44px;padding:9px 12px;border:1px solid var(--edge);
border-radius:2px;background:var(--page)}
input[type=file]{padding:8px}
textarea{resize:vertical}
input[type=radio],input[type=checkbox]{width:20px;height:20px;margin:0;accent-color:var(--gold);flex:none}
[aria-invalid=true]{border-color:var(--bad)!important}
.complaint{color:var(--bad);font-size:14px}
.complaint:empty{display:none}
.check{display:grid;grid-template-columns:auto 1fr;align-items:center;gap:4px 10px;min-height:32px}
.check .complaint{grid-column:1/-1}
.choices{display:flex;flex-wrap:wrap;gap:4px 20px}
.choice{display:flex;align-items:center;gap:9px;min-height:36px}
.trouble:empty{display:none}
.problem{border-left:2px solid var(--bad);padding:4px 0 4px 14px;display:flex;flex-direction:column;gap:8px;align-items:flex-start}
.reference{font-size:12px;color:var(--quiet);overflow-wrap:anywhere}
details>summary{cursor:pointer;min-height:44px;display:flex;align-items:center;color:var(--gold);
text-decoration:underline;text-underline-offset:3px}
.listed{display:flex;align-items:center;gap:12px;border-bottom:1px solid var(--line);padding:6px 0}
.listed>span:first-child{flex:1}
.foot{display:flex;gap:8px;padding:14px 20px calc(14px + env(safe-area-inset-bottom));border-top:1px solid var(--line);
align-items:center}
.foot form{display:flex;flex:1;gap:8px;min-width:0}
.foot .primary,.foot .secondary{padding:0 14px}
.dots i{display:inline-block;width:6px;height:6px;margin-right:5px;border-radius:50%;background:var(--gold);
animation:breathe 1.2s infinite}
.dots i:nth-child(2){animation-delay:.2s}
.dots i:nth-child(3){animation-delay:.4s}
@keyframes breathe{50%{opacity:.2}}
@media (prefers-reduced-motion:no-preference){.log{scroll-behavior:smooth}dialog[open]{animation:rise .24s ease-out}}
@keyframes rise{from{opacity:0;transform:translateY(12px)}}
@media (prefers-reduced-motion:reduce){.dots i{animation:none}}
@media (max-width:520px){:host{right:16px;bottom:16px}
dialog{inset:0;width:100%;height:100dvh;border:0;border-radius:0}
.head{padding-left:20px}.log{padding:20px 20px 8px}.foot{padding:12px 14px calc(12px + env(safe-area-inset-bottom))}}
`;
