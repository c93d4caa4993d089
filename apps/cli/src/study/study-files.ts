/** The files of a finished study: the summary, a drawing of each figure, and the report. */
import {
  hashSpec,
  htmlReport,
  type JsonObject,
  type Provenance,
  type StudyDefinition,
  type StudySpec,
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
  const figures = study.figures(summary).map((figure) => ({ ...figure, svg: svgText(figure, document) }));
  for (const { name, svg } of figures) await directory.writeText(`${name}.svg`, svg);
  const plainSpec: StudySpec = spec;
  const data = study.dataset(spec);
  const more = data === null ? [] : [['data', `${data.name}, SHA-256 ${data.digest}`] as const];
  const report = htmlReport({
    name: study.name,
    title: study.title,
    question: study.question,
    findings: study.findings(summary),
    figures,
    sections: study.sections(summary),
    tables: study.tables(summary),
    command,
    spec: { ...plainSpec },
    provenance: { specHash: hashSpec(spec), ...provenance, more },
  });
  return await directory.writeText('report.html', report);
}
