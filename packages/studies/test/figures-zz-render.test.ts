import { writeFileSync } from 'node:fs';
import { emptyDocument } from './figures-document.js';
import { it } from 'vitest';
import { figure1a, figure1b, figures } from '../src/catalog/figure-1/figures.js';
import { findings } from '../src/catalog/figure-1/findings.js';
import { tables } from '../src/catalog/figure-1/tables.js';
import { theorySection } from '../src/catalog/figure-1/theory-section.js';
import { htmlReport } from '../src/report/html-report.js';
import { svgText } from '../src/report/svg-text.js';
import { fixtureSummary } from './figures-fixture.js';

it('renders', () => {
  const document = emptyDocument();
  const s = fixtureSummary();
  writeFileSync('/tmp/fig-1a.svg', svgText(figure1a(s), document));
  writeFileSync('/tmp/fig-1b.svg', svgText(figure1b(s), document));
  const q = fixtureSummary({
    trials: 60,
    lengthDepths: [5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
    trainingDepths: [10, 20, 30],
  });
  writeFileSync('/tmp/fig-1aq.svg', svgText(figure1a(q), document));
  writeFileSync('/tmp/fig-1bq.svg', svgText(figure1b(q), document));
  const o = fixtureSummary({
    lengthDepths: [10],
    trainingDepths: [10],
    initializers: ['he-normal', 'weird one', 'lecun-normal'],
  });
  writeFileSync('/tmp/fig-1ao.svg', svgText(figure1a(o), document));
  writeFileSync(
    '/tmp/fig-1bo.svg',
    svgText(
      figure1b(fixtureSummary({ trainingDepths: [5, 10, 15, 20, 25, 30, 35, 40, 45, 50], runs: 20 })),
      document,
    ),
  );
  console.log(findings(s).join('\n'), '\n\n', findings(q).join('\n'), '\n\n', findings(o).join('\n'));
  writeFileSync(
    '/tmp/report.html',
    htmlReport({
      name: 'figure-1',
      title: 'Which initializations let a deep ReLU network start training?',
      question:
        'Fully connected ReLU networks, as wide as they are deep: which random weights keep the length of the activations, and which of the networks start to learn?',
      findings: findings(s),
      figures: figures(s).map((f) => ({ ...f, svg: svgText(f, document) })),
      sections: [theorySection(s)],
      tables: tables(s),
      command: 'pnpm kindling study figure-1 --data mnist --seed 1 --depths 5,10,20,30,50',
      spec: s.spec,
      provenance: s,
    }),
  );
});
