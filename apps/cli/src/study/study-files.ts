/** The files of a finished study: the summary, a drawing of each figure, and the report. */
import {
  hashSpec,
  type JsonObject,
  type Provenance,
  type StudyDefinition,
  type StudySpec,
  studyReport,
  svgText,
} from '@kindling/studies';
import type { StudyDirectory } from '@kindling/studies/node';
import { parseHTML } from 'linkedom';

/** A finished study and how it came about. */
export interface FinishedStudy<Spec extends StudySpec, Summary extends JsonObject> {
  readonly study: StudyDefinition<Spec, Summary>;
  readonly spec: Spec;
  readonly summary: Summary;
  readonly provenance: Provenance;
  /** The command that makes this study again. */
  readonly command: string;
}

/**
 * Writes every file into `directory`; gives the report's path.
 *
 * @throws StudyDirectoryError when one cannot be written
 */
export async function writeStudyFiles<Spec extends StudySpec, Summary extends JsonObject>(
  directory: StudyDirectory,
  { study, spec, summary, provenance, command }: FinishedStudy<Spec, Summary>,
): Promise<string> {
  await directory.writeSummary(summary);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  for (const figure of study.figures(summary)) {
    await directory.writeText(`${figure.name}.svg`, svgText(figure, document));
  }
  const data = study.dataset(spec);
  const more = data === null ? [] : [['data', `${data.name}, SHA-256 ${data.digest}`] as const];
  const report = studyReport({
    study,
    // Every spec is plain JSON; an interface cannot say so.
    spec: spec as Spec & JsonObject,
    summary,
    command,
    provenance: { specHash: hashSpec(spec), ...provenance, more },
    document,
  });
  return await directory.writeText('report.html', report);
}
