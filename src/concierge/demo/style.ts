import { declared, gold, ground, ink, metals, quiet, shopLine, shopTint } from '../colours.ts';

const { light, dark } = declared({
  page: ground,
  ink,
  quiet,
  gold,
  line: shopLine,
  tint: shopTint,
});

/** The demo shop's clothes: the widget's colours, system fonts, light or dark. */
export const demoStyle = `
:root{color-scheme:light dark;${light}
--serif:'Iowan Old Style','Palatino Linotype',Palatino,'Book Antiqua',Georgia,serif}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box;margin:0}
body{background:var(--page);color:var(--ink);font:16px/1.6 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
h1,h2,h3,.mark{font-family:var(--serif);font-weight:500;line-height:1.2}
h1{font-size:clamp(38px,6vw,68px);letter-spacing:-.01em;margin-bottom:20px}
h2{font-size:26px;margin-bottom:24px}
h3{font-size:18px;margin-top:14px}
.top{display:flex;flex-wrap:wrap;gap:4px 24px;align-items:baseline;justify-content:space-between;
padding:24px clamp(20px,5vw,72px);border-bottom:1px solid var(--line)}
.mark{font-size:22px;letter-spacing:.14em;text-transform:uppercase}
.aside,.quiet{color:var(--quiet);font-size:14px}
main{padding:0 clamp(20px,5vw,72px)}
.hero{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:40px;align-items:center;padding:72px 0}
.hero p{max-width:46ch;color:var(--quiet);font-size:18px}
svg{display:block;width:100%;background:var(--tint);fill:none;stroke:var(--gold);stroke-width:1.1;stroke-linejoin:round;
stroke-linecap:round;padding:12%}
.hero svg{stroke-width:.7;padding:8%}
${Object.entries(metals)
  // Yellow gold is the shop's own, and follows day and night.
  .filter(([metal]) => metal !== '14k_yellow')
  .map(([metal, colour]) => `[data-metal='${metal}']{stroke:${colour}}`)
  .join('')}
.pieces{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:40px 28px}
.facts{margin-top:96px;padding:40px clamp(20px,5vw,72px) 120px;background:var(--tint);font-size:14px}
.facts h2{font-size:18px;margin-bottom:14px}
.facts dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:16px;margin-bottom:16px}
.facts dt{color:var(--quiet)}
.facts dd{margin:0;overflow-wrap:anywhere}
a{color:var(--gold);text-underline-offset:3px}
:focus-visible{outline:2px solid var(--gold);outline-offset:2px}
@media (max-width:640px){.hero{grid-template-columns:1fr;padding:40px 0;gap:28px}.hero svg{order:-1}
.pieces{grid-template-columns:1fr 1fr;gap:28px 16px}}
`;
