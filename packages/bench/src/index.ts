/**
 * @kindling/bench — how fast Kindling is beside its peers: the same work on the same numbers, interleaved in one run. For
 * Node only.
 */
export { groupNames } from './groups/catalog.js';
export type { Machine } from './machine.js';
export { type MissingPeer, type PeerName, peerNames } from './peers/open-peers.js';
export { groupTable, type ReportTable } from './report/group-table.js';
export { howToRead, markdownReport, notesOf, surroundingsLines } from './report/markdown-report.js';
export { type BudgetName, budgets } from './run/budget.js';
export { DisagreementError } from './run/disagreement-error.js';
export type { GroupResult, Measurement, Omission } from './run/measurement.js';
export { type BenchmarkOptions, type BenchmarkReport, runBenchmarks } from './run/run-benchmarks.js';
