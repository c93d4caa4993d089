/** What a command or program says of the data: a name that it knows, or the folder where a visitor's files lie. */
import { type ExploreQuestion, exploreFunctionNames } from '@kindling/studies';

/** Names that `--data` finds by itself. */
const known: readonly string[] = ['embedded', 'mnist', 'fashion-mnist', ...exploreFunctionNames];

/** The argument; a folder has to be put in its place by who knows where it is. */
export function dataArgument({ data }: Pick<ExploreQuestion, 'data'>): string {
  return known.includes(data) ? data : `path/to/${data}`;
}

/** Whether the reader has to put a folder in its place. */
export function isFolder({ data }: Pick<ExploreQuestion, 'data'>): boolean {
  return !known.includes(data);
}
