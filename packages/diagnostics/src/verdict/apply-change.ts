/** A setting after a change. */
import type { Change } from './diagnosis.js';
import type { Setting } from './setting.js';

/** The setting after the change: scales belong to the initializer and to the layers that are left. */
export function applyChange(setting: Setting, change: Change): Setting {
  const { initializer, widths, architecture } = change;
  const drawn =
    initializer === undefined ? {} : { initializer, initializerName: change.initializerName ?? null };
  if (setting.kind === 'network') {
    return { ...setting, ...drawn, ...(architecture === undefined ? {} : { architecture }) };
  }
  const changed = widths ?? setting.widths;
  const scales =
    change.weightScales ??
    (initializer === undefined ? setting.weightScales : null)?.slice(0, changed.length - 1);
  return { ...setting, ...drawn, widths: changed, weightScales: scales ?? null };
}
