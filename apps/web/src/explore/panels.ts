/**
 * The panels of the page, in the order in which they stand. A panel is a folder of `panels/` whose view takes the state and
 * the jobs; a new one is an entry here.
 */
import type { ComponentType } from 'preact';
import type { ExploreState } from './explore-state.js';
import type { ExploreJobs } from './jobs/explore-jobs.js';
import { FilePanel } from './panels/file/file-panel.js';
import { LengthsPanel } from './panels/lengths/lengths-panel.js';
import { NeuronsPanel } from './panels/neurons/neurons-panel.js';
import { TakeAwayPanel } from './panels/take-away/take-away-panel.js';
import { TrainingPanel } from './panels/training/training-panel.js';
import type { TrainingSession } from './panels/training/training-session.js';
import { VerdictPanel } from './panels/verdict/verdict-panel.js';

/** What every panel is given. */
export interface PanelProps {
  readonly state: ExploreState;
  readonly jobs: ExploreJobs;
  /** The trainings of the question, which several panels show. */
  readonly trainings: TrainingSession;
}

/** A card of the page. */
export interface Panel {
  /** Names its element, `#lengths`, and its heading, `#lengths-heading`. */
  readonly id: string;
  readonly title: string;
  /** What it asks, in a few words beside the title; null where the view has its own heading line and the title is for screen readers. */
  readonly question: string | null;
  readonly View: ComponentType<PanelProps>;
}

/** All panels. */
export const panels: readonly Panel[] = [
  { id: 'verdict', title: 'Will it start?', question: null, View: VerdictPanel },
  {
    id: 'lengths',
    title: 'Length by layer',
    question: 'how long the signal is on its way through random nets, relative to the input',
    View: LengthsPanel,
  },
  {
    id: 'training',
    title: 'Training',
    question: 'what becomes of these nets, on your own processor',
    View: TrainingPanel,
  },
  {
    id: 'neurons',
    title: 'Neurons',
    question: 'which of them are zero for every input, and which of those for good',
    View: NeuronsPanel,
  },
  {
    id: 'take-away',
    title: 'Take it away',
    question: 'the same numbers, to the last bit, on your own machine',
    View: TakeAwayPanel,
  },
  {
    id: 'file',
    title: 'A file of yours',
    question: 'a model to look at, or images to train on: it stays on your machine',
    View: FilePanel,
  },
];
