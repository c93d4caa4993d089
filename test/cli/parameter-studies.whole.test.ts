/** The studies of parameters as a user runs them. */
import { describeStudy, type StudyCase } from './study-case.js';

/** A second of work each, on every function and every kind of flag. */
const studies: readonly StudyCase[] = [
  {
    name: 'quine',
    flags: ['--methods', 'pair,adamax', '--width', '16', '--runs', '2', '--epochs', '5'],
    reproduction: 'kindling study quine --seed 1 --methods adamax,pair --width 16 --runs 2 --epochs 5',
    trials: 2 * 2,
    figures: ['quine-loss.svg', 'quine-ratio.svg'],
  },
  {
    name: 'synthesis',
    flags: [
      ...['--quick', '--data', 'embedded', '--targets', 'absolute', '--image-widths', '20'],
      ...['--runs', '1', '--width-runs', '4'],
    ],
    reproduction:
      'kindling study synthesis --quick --seed 1 --data embedded --targets absolute --image-widths 20 --runs 1 --width-runs 4',
    trials: 7 + 2 + 2 * 6 * 4,
    figures: ['synthesis-absolute.svg', 'synthesis-images.svg', 'synthesis-widths.svg'],
  },
  {
    name: 'iid',
    flags: ['--data', 'embedded', '--nets', 'dense', '--epochs', '1,0', '--images', '200', '--runs', '3'],
    reproduction:
      'kindling study iid --seed 1 --data embedded --nets dense --epochs 0,1 --images 200 --runs 3',
    trials: 3 + 1,
    figures: ['iid-by-unit.svg', 'iid-stored.svg'],
  },
  {
    name: 'pretraining',
    flags: [
      ...['--quick', '--data', 'embedded', '--starts', 'pretext,he', '--labels', '10', '--images', '100'],
      ...['--runs', '3', '--max-epochs', '1', '--pretext-epochs', '1'],
    ],
    reproduction:
      'kindling study pretraining --quick --seed 1 --data embedded --starts he,pretext --labels 10 --images 100 --runs 3 --max-epochs 1 --pretext-epochs 1',
    trials: 3,
    figures: ['pretraining-accuracy.svg', 'pretraining-gain.svg'],
  },
  {
    name: 'generate',
    flags: [
      ...['--data', 'embedded', '--families', 'seeds', '--hidden', '16', '--checkpoints', '3'],
      ...['--draws', '2', '--images', '200', '--runs', '3', '--max-epochs', '2'],
    ],
    reproduction:
      'kindling study generate --seed 1 --data embedded --families seeds --hidden 16 --checkpoints 3 --draws 2 --images 200 --runs 3 --max-epochs 2',
    trials: 3,
    figures: ['generate-seeds-16.svg'],
  },
  {
    name: 'trained-or-not',
    flags: ['--quick', '--nets', 'conv-8-16,dense-64', '--images', '300', '--max-epochs', '1'],
    reproduction:
      'kindling study trained-or-not --quick --seed 1 --data embedded --nets dense-64,conv-8-16 --images 300 --max-epochs 1',
    trials: 2 * 4 * 2,
    figures: ['trained-or-not.svg'],
  },
  {
    name: 'weight-law',
    flags: [
      ...['--quick', '--data', 'embedded', '--architectures', 'conv-8-16', '--nets', '2', '--epochs', '1'],
      ...['--images', '100'],
    ],
    reproduction:
      'kindling study weight-law --quick --seed 1 --data embedded --architectures conv-8-16 --nets 2 --epochs 1 --images 100',
    trials: 3 * 2,
    figures: ['weight-law-architectures.svg', 'weight-law-data.svg', 'weight-law-distances.svg'],
  },
  {
    name: 'law-init',
    flags: [
      ...['--quick', '--data', 'embedded', '--families', 'conv', '--depths', '2', '--draws', 'matrix-normal'],
      ...['--runs', '2', '--epochs', '1', '--images', '100'],
    ],
    reproduction:
      'kindling study law-init --quick --seed 1 --data embedded --families conv --depths 2 --draws matrix-normal --runs 2 --epochs 1 --images 100',
    trials: 3 * 2,
    figures: ['law-init-conv-goal.svg', 'law-init-conv-start.svg', 'law-init-speed.svg'],
  },
  {
    name: 'law-arrival',
    flags: [
      ...[
        '--quick',
        '--data',
        'embedded',
        '--architectures',
        'conv-8-16',
        '--inits',
        'glorot-normal,he-normal',
      ],
      ...['--nets', '2', '--epochs', '1', '--images', '100'],
    ],
    reproduction:
      'kindling study law-arrival --quick --seed 1 --data embedded --architectures conv-8-16 --inits he-normal,glorot-normal --nets 2 --epochs 1 --images 100',
    trials: 2 * 2,
    figures: ['law-arrival-conv-8-16.svg'],
  },
];

for (const study of studies) describeStudy(study);
