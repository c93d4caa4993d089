/** What the last fix has changed, number by number, and the way back. */
import type { ExploreVerdictResult } from '@kindling/studies';
import { exploreConfigurationText } from '@kindling/studies';
import type { PanelProps } from '../../panels.js';
import { badgeOf, measuresOf } from './verdict-words.js';

/** The strip; nothing where nothing was fixed. */
export function BeforeAndAfter(props: {
  readonly state: PanelProps['state'];
  readonly now: ExploreVerdictResult;
  readonly onUndo: () => void;
}) {
  const { state, now, onUndo } = props;
  const before = state.before.value;
  const old = before?.known.verdict ?? null;
  const index = state.selected.value;
  const configuration = state.question.value.configurations[index];
  if (before === null || before.index !== index || configuration === undefined) return null;
  const [was, is] = [old === null ? [] : measuresOf(old.numbers), measuresOf(now.numbers)];
  return (
    <div class="before-after">
      <table>
        <caption>Before and after the fix</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">network</th>
            <td>
              <code>{exploreConfigurationText(before.configuration)}</code>
            </td>
            <td>
              <code>{exploreConfigurationText(configuration)}</code>
            </td>
          </tr>
          {old !== null && (
            <tr>
              <th scope="row">verdict</th>
              <td class={badgeOf(old.verdict).tone}>{badgeOf(old.verdict).title}</td>
              <td class={badgeOf(now.verdict).tone}>{badgeOf(now.verdict).title}</td>
            </tr>
          )}
          {is.map(({ name, text }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{was.find((each) => each.name === name)?.text ?? '–'}</td>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" onClick={onUndo}>
        Undo the fix
      </button>
    </div>
  );
}
