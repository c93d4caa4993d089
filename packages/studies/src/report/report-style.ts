/** The report's style sheet: one column for reading, light and dark, narrow screens and paper. No outside fonts. */
export const reportStyle = `
:root{color-scheme:light dark;--ink:#1c2229;--quiet:#5b6672;--ground:#ffffff;--page:#f4f6f8;--rule:#dde2e7;--accent:#0b6aa8;--soft:#eef5fa}
@media (prefers-color-scheme:dark){:root{--ink:#e8ebee;--quiet:#9aa5b1;--ground:#14181d;--page:#0d1013;--rule:#2b323a;--accent:#6fc0f0;--soft:#16222c}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:17px/1.6 system-ui,-apple-system,'Segoe UI','Helvetica Neue','DejaVu Sans',sans-serif}
main,header,footer{max-width:800px;margin:0 auto;padding:0 20px}
header{padding-top:56px;padding-bottom:8px}
.kicker{margin:0 0 10px;color:var(--quiet);font-size:14px;letter-spacing:.02em}
h1{margin:0;font-size:clamp(27px,5vw,38px);line-height:1.15;letter-spacing:-.015em;text-wrap:balance}
.question{margin:14px 0 0;font-size:19px;line-height:1.5;color:var(--quiet);text-wrap:pretty}
h2{margin:56px 0 14px;font-size:23px;line-height:1.25;letter-spacing:-.01em}
h3{margin:32px 0 10px;font-size:16px;line-height:1.35}
p{margin:0 0 14px;text-wrap:pretty}
.found{margin-top:34px;padding:26px 30px 20px;background:var(--ground);border:1px solid var(--rule);border-radius:10px}
.found h2{margin:0 0 10px;font-size:16px;letter-spacing:0;color:var(--accent)}
.found .verdict{font-size:20px;line-height:1.5;margin-bottom:16px}
.found ul{margin:0;padding:0;list-style:none;border-top:1px solid var(--rule)}
.found li{padding:9px 0;border-bottom:1px solid var(--rule);font-size:16px;line-height:1.5;text-wrap:pretty}
.found li:last-child{border-bottom:0}
figure{margin:22px 0 40px;background:var(--ground);border:1px solid var(--rule);border-radius:10px;overflow:hidden}
figure .drawing{overflow-x:auto;padding:14px 10px 0}
figure .drawing svg{margin:0 auto;min-width:560px}
figcaption{padding:12px 30px 22px;font-size:14.5px;line-height:1.55;color:var(--quiet)}
figcaption strong{display:block;color:var(--ink);font-size:16px;margin-bottom:3px}
.formula{margin:18px 0;padding:12px 20px;border-left:3px solid var(--accent);background:var(--soft);font:italic 20px/1.4 Georgia,'Times New Roman','DejaVu Serif',serif}
.scroll{overflow-x:auto;margin:0 0 20px;background:var(--ground);border:1px solid var(--rule);border-radius:8px}
.scroll:focus-visible,figure .drawing:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:14.5px;line-height:1.4;font-variant-numeric:tabular-nums}
th,td{padding:8px 14px;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
thead th{font-weight:600;color:var(--quiet);font-size:13px;vertical-align:bottom}
tbody th{font-weight:500;min-width:11em}
tbody tr:last-child>*{border-bottom:0}
tbody tr.first>*{border-top:1px solid var(--quiet)}
tbody tr.first:first-child>*{border-top:0}
td.short{white-space:nowrap}
.number{text-align:right}
td.number{white-space:nowrap}
sub,sup{font-size:.72em;line-height:0}
pre{margin:0 0 16px;padding:14px 18px;overflow-x:auto;background:var(--ground);border:1px solid var(--rule);border-radius:8px;font:14px/1.55 ui-monospace,'SF Mono',Menlo,'DejaVu Sans Mono',monospace}
details{margin:0 0 16px}
summary{cursor:pointer;padding:6px 0;color:var(--accent);font-weight:500}
dl{display:grid;grid-template-columns:max-content 1fr;gap:6px 22px;margin:0;font-size:15px}
dt{color:var(--quiet)}
dd{margin:0;overflow-wrap:anywhere;font-family:ui-monospace,'SF Mono',Menlo,'DejaVu Sans Mono',monospace;font-size:13.5px;line-height:1.7}
footer{padding-top:44px;padding-bottom:56px;color:var(--quiet);font-size:14px}
@media (max-width:600px){body{font-size:16px}header{padding-top:34px}main,header,footer{padding-left:14px;padding-right:14px}.found{padding:18px 18px 10px}.found .verdict{font-size:18px}figcaption{padding:10px 18px 18px}h2{margin-top:44px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:10px}th,td{padding:7px 10px}tbody th{min-width:8.5em}}
@media print{body{background:#fff;font-size:11pt}figure,.found,.scroll,pre{break-inside:avoid}h2,h3{break-after:avoid}}
`;
